"""Live insights replayed over the last 60 whole days of a till's file, each checked by an independent recomputation.

python -m bench.live_replay FILE [--days 60] [--every 15]

FILE is the restaurant's export (.csv or .csv.gz: invoice, Order Date, description, Quantity, Product Price). The split:
the file's last day may be cut off in the middle and is left out; the 60 days with sales before it are replayed, each
with the sales up to the moment and with segments and forecasts as of days before. `--every 0` walks each minute and
each sale as the program does.

What should be said is worked out here from the written rules with pandas alone: usual days, the last hour, mean basket,
the rest of the day, the twelve segments' peak hours, expiry and replacement. Taken as given are the products'
categories and the forecast of each day, which have benches of their own. Every insight found is looked up there with
its numbers, and every one that should be there is looked up among those found.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import pandas as pd
from holidays import country_holidays

from bench.figure import Figure, show
from colmado_insights.analytics.results import Forecast, LiveInsight
from colmado_insights.domain import Target
from colmado_insights.live import LiveMoment
from colmado_insights.shop import Shop

HOUR = pd.Timedelta(hours=1)
NIGHT_ENDS = pd.Timedelta(hours=4)
SHOWN_MISTAKES = 10
FORECAST_EVERY = timedelta(days=7)
LIVES = {
    "busy": timedelta(minutes=30), "slow": timedelta(minutes=60), "rest_of_day": timedelta(hours=4),
    "basket": timedelta(hours=2),
}  # fmt: skip
SEGMENT_LIFE = timedelta(hours=2)
BASES = {"busy": 0.9, "slow": 0.8, "rest_of_day": 0.8, "basket": 0.7}
Key = tuple[str, str]


@dataclass(frozen=True)
class Due:
    """An insight that should be said: the number now, the usual one beside it, and how sure it is."""

    now: float
    usual: float
    confidence: float
    expires: datetime


class Till:
    """The file's receipts as pandas reads them, and what the rules say of any moment."""

    def __init__(self, path: Path, categories: dict[str, str]) -> None:
        lines = pd.read_csv(path)
        lines["at"] = pd.to_datetime(lines["Order Date"], format="%d/%m/%y %H:%M")
        lines["amount"] = lines["Quantity"] * lines["Product Price"]
        lines["category"] = lines["description"].str.strip().map(categories).fillna("other")
        by_receipt = lines.groupby("invoice")
        receipts = by_receipt.agg(at=("at", "first"), total=("amount", "sum"), lines=("amount", "size"))
        values = lines.pivot_table(
            index="invoice", columns="category", values="amount", aggfunc="sum", fill_value=0.0
        )
        self.receipts = receipts.join(values.div(receipts["total"], axis=0).add_prefix("in_")).sort_values(
            "at"
        )
        self.receipts["day"] = self.receipts["at"].dt.date
        self.days: list[date] = sorted(self.receipts["day"].unique())
        self.free = set(country_holidays("DO", years=range(self.days[0].year, self.days[-1].year + 1)))

    @cached_property
    def open_spans(self) -> pd.DataFrame:
        """First and last sale of each day, from four to four, as time since four."""
        sold = self.receipts["at"] - NIGHT_ENDS
        night = sold.dt.normalize()
        days = (sold - night).groupby(night)
        spans = pd.DataFrame({"first": days.min(), "last": days.max()})
        return spans.assign(weekday=pd.DatetimeIndex(spans.index).day_of_week)

    def day(self, day: date, forecast: float | None) -> TillDay:
        """What the rules need to know of one day."""
        return TillDay(self, day, forecast)


@dataclass
class TillDay:
    """One day: the days behind its usual, the segments as of the day before, its forecast revenue."""

    till: Till
    day: date
    forecast: float | None
    _before: list[date] = field(init=False)

    def __post_init__(self) -> None:
        self._before = [day for day in self.till.days if day < self.day][-30:]
        if self.day not in self.till.free:
            self._before = [day for day in self._before if day not in self.till.free]
        first = (self._before or [self.day])[0] - timedelta(days=1)
        wanted = self.till.receipts["day"].between(first, self.day)
        self._sales = self.till.receipts[wanted]

    @cached_property
    def _usual(self) -> list[date]:
        return self._pick(self._before)

    def _pick(self, days: list[date]) -> list[date]:
        """The same weekday when it came three times, else all days, else none."""
        same = [day for day in days if day.weekday() == self.day.weekday()]
        return same if len(same) >= 3 else days if len(days) >= 3 else []

    def _window(self, day: date, now: datetime) -> pd.Series[float]:
        """Totals of the sales in the hour that ends at the clock of `now` on a day."""
        end = pd.Timestamp(datetime.combine(day, now.time()))
        at = self._sales["at"]
        return self._sales["total"][(at > end - HOUR) & (at <= end)]

    def _confidence(self, subject: str, days: list[date]) -> float:
        """The rule's own with four same weekdays or more; less in proportion, other weekdays counting half."""
        is_same = all(day.weekday() == self.day.weekday() for day in days)
        return BASES[subject] * min(1.0, len(days) * (1.0 if is_same else 0.5) / 4)

    def due(self, now: datetime) -> dict[Key, Due]:
        """All that should be said at a moment."""
        return dict([*self._traffic(now), *self._basket(now), *self._revenue(now), *self._demand(now)])

    def _due(
        self, kind: str, subject: str, days: list[date], numbers: tuple[float, float], now: datetime
    ) -> tuple[Key, Due]:
        found = Due(*numbers, self._confidence(subject, days), now + LIVES[subject])
        return (kind, subject), found

    def _traffic(self, now: datetime) -> Iterator[tuple[Key, Due]]:
        if not self._usual:
            return
        came = len(self._window(self.day, now))
        usual = sum(len(self._window(day, now)) for day in self._usual) / len(self._usual)
        if came > 1.5 * usual > 0:
            yield self._due("traffic", "busy", self._usual, (came, usual), now)
        if came < 0.5 * usual and self.is_open(now):
            yield self._due("traffic", "slow", self._usual, (came, usual), now)

    def is_open(self, now: datetime) -> bool:
        """Sold something since four o'clock, and half of such days were between their first and last sale."""
        moment = pd.Timestamp(now) - NIGHT_ENDS
        today = moment.normalize()
        sold = self._sales["at"] - NIGHT_ENDS
        if not ((sold >= today) & (sold <= moment)).any():
            return False
        spans = self.till.open_spans
        before = spans[spans.index < today].tail(30)
        same = before[before["weekday"] == today.day_of_week]
        chosen = same if len(same) >= 3 else before
        was_open = (chosen["first"] <= moment - today) & (moment - today <= chosen["last"])
        return len(chosen) >= 3 and bool(was_open.mean() >= 0.5)

    def _basket(self, now: datetime) -> Iterator[tuple[Key, Due]]:
        window = self._window(self.day, now)
        baskets = {day: self._window(day, now).mean() for day in self._before}
        days = self._pick([day for day, mean in baskets.items() if pd.notna(mean)])
        if window.empty or not days:
            return
        usual = sum(baskets[day] for day in days) / len(days)
        if window.mean() > 1.3 * usual:
            yield self._due("operational", "basket", days, (window.mean(), usual), now)

    def _revenue(self, now: datetime) -> Iterator[tuple[Key, Due]]:
        if not self._usual or self.forecast is None:
            return
        sales = self._sales[self._sales["day"].isin(self._usual)]
        later = sales[sales["at"].dt.time > now.time()]["total"].sum()
        expected = self.forecast * later / sales["total"].sum()
        usual = later / len(self._usual)
        if expected > 1.2 * usual > 0:
            yield self._due("revenue", "rest_of_day", self._usual, (expected, usual), now)

    def _demand(self, now: datetime) -> Iterator[tuple[Key, Due]]:
        for name, (hours, confidence) in self.segments.items():
            if now.hour in hours:
                yield ("product_demand", name), Due(0.0, 0.0, confidence, now + SEGMENT_LIFE)

    @cached_property
    def segments(self) -> dict[str, tuple[set[int], float]]:
        """Peak hours (at most four, no less than three quarters of the busiest) and confidence of each segment."""
        last = max(day for day in self.till.days if day < self.day)
        receipts = self.till.receipts
        window = receipts[receipts["day"].between(last - timedelta(days=29), last)]
        found = {}
        for name, rows in _rule_segments(window):
            hours = rows["at"].dt.hour.value_counts()
            ranked = sorted(hours.items(), key=lambda pair: (-pair[1], pair[0]))[:4]
            peaks = {int(hour) for hour, count in ranked if count >= 0.75 * hours.max()}
            size = len(rows)
            found[name] = peaks, 0.3 if size < 10 else 0.6 if size < 50 else 0.8 if size < 100 else 0.9
        return found


def _rule_segments(window: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The twelve segments by their written rules; of two preferences that hold, the first."""
    hour, total = window["at"].dt.hour, window["total"]

    def part(*names: str) -> pd.Series[float]:
        kept = [f"in_{name}" for name in names if f"in_{name}" in window]
        return window[kept].sum(axis=1)

    alcohol = part("alcohol")
    largest = window[[name for name in window if str(name).startswith("in_")]].max(axis=1)
    beer = (alcohol > 0) & (
        (alcohol >= largest - 1e-6) | (part("alcohol", "snacks", "beverages") >= 0.6 - 1e-6)
    )
    household = ~beer & (part("household", "personal_care") >= 0.5 - 1e-6)
    fresh = ~beer & ~household & (part("fresh", "meat", "bakery") >= 0.5 - 1e-6)
    convenience = ~beer & ~household & ~fresh & (window["lines"] <= 2) & (total < 200)
    rules = {
        "morning_commute": hour.between(6, 9), "lunch_rush": hour.between(11, 14),
        "after_work": hour.between(17, 20), "late_night": hour.isin([21, 22, 23, 0, 1]),
        "quick_picks": total < 200, "regular_shoppers": total.between(200, 500, inclusive="left"),
        "big_shoppers": total.between(500, 1000, inclusive="left"), "bulk_buyers": total >= 1000,
        "beer_and_snacks": beer, "household": household, "fresh": fresh, "convenience": convenience,
    }  # fmt: skip
    for name, rule in rules.items():
        yield name, window[rule]


def alcohol_ends(now: datetime) -> datetime | None:
    """Until when alcohol may be sold: midnight, two o'clock on Friday and Saturday night; None when not now."""
    midnight = datetime.combine(now.date(), clock())
    if now.hour < 2 and now.weekday() in (5, 6):
        return midnight + timedelta(hours=2)
    if now.hour < 8:
        return None
    return midnight + timedelta(hours=26 if now.weekday() in (4, 5) else 24)


@dataclass
class Tally:
    """What came of the check."""

    created: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    repeats: Counter[str] = field(default_factory=Counter)
    standing_wrong: int = 0
    moments: int = 0
    mistakes: list[str] = field(default_factory=list)

    def note(self, what: str, now: datetime, key: Key, detail: object = "") -> None:
        """Remember a mistake for the eye."""
        if len(self.mistakes) < SHOWN_MISTAKES:
            self.mistakes.append(f"{what}: {now} {key} {detail}")


class Check:
    """Walks beside the replay and keeps its own account of what stands."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._standing: dict[Key, tuple[datetime, datetime]] = {}  # created, expires
        self._shown: dict[Key, datetime] = {}  # expires

    def start(self) -> None:
        """Forget what stood: a new stretch begins."""
        self._standing, self._shown = {}, {}

    def take(self, moment: LiveMoment, due: dict[Key, Due], *, is_counted: bool) -> None:
        """Check one moment."""
        tally, now = self.tally, moment.at
        found = {(str(live.type), live.subject): live for live in moment.found}
        if is_counted:
            tally.moments += 1
            self._check_found(found, due, now, len(moment.found))
        self._step(found, due, now)
        shown = {(str(live.type), live.subject): live for live in moment.standing}
        if is_counted:
            self._check_repeats(shown, len(moment.standing), now)
            mine = set(self._standing)
            if mine != set(shown):
                tally.standing_wrong += 1
                tally.note("stands wrongly", now, ("", ""), mine ^ set(shown))
        self._shown = {key: live.expires_at for key, live in shown.items()}

    def _check_found(
        self, found: dict[Key, LiveInsight], due: dict[Key, Due], now: datetime, count: int
    ) -> None:
        tally = self.tally
        if count != len(found):
            tally.repeats["same moment"] += count - len(found)
        for key, live in found.items():
            tally.checked[key[0]] += 1
            if key in due and _agrees(live, due[key], now):
                tally.true[key[0]] += 1
            else:
                tally.note("not true", now, key, (live.message, due.get(key)))
        for key in due.keys() - found.keys():
            tally.missed[key[0]] += 1
            tally.note("missed", now, key, due[key])

    def _step(self, found: dict[Key, LiveInsight], due: dict[Key, Due], now: datetime) -> None:
        """What stands by the words of the rule: replaced, not repeated, gone on expiry, busy or slow."""
        still = {key: span for key, span in self._standing.items() if now < span[1]}
        if any(kind == "traffic" for kind, _subject in due):
            still = {key: span for key, span in still.items() if key[0] != "traffic" or key in due}
        for key, one in due.items():
            created = still[key][0] if key in still else now
            expires = _capped(found[key], one, now) if key in found else one.expires
            still[key] = created, expires
        self._standing = still

    def _check_repeats(self, shown: dict[Key, LiveInsight], count: int, now: datetime) -> None:
        tally = self.tally
        tally.repeats["twice"] += count - len(shown)
        for key, live in shown.items():
            if live.created_at == now:
                tally.created[key[0]] += 1
                if self._shown.get(key, now) > now:
                    tally.repeats[key[0]] += 1
                    tally.note("repeated", now, key)


def _capped(live: LiveInsight, due: Due, now: datetime) -> datetime:
    """When it expires: what pushes alcohol not later than its sale ends."""
    if not _pushes_alcohol(live):
        return due.expires
    ends = alcohol_ends(now)
    return now if ends is None else min(due.expires, ends)


def _pushes_alcohol(live: LiveInsight) -> bool:
    said = [value for reason in (live.message, *live.why) for _name, value in reason.values]
    named = {word for value in said for word in (value if isinstance(value, (tuple, list)) else [value])}
    return live.type == "product_demand" and (live.subject == "beer_and_snacks" or "alcohol" in named)


def _agrees(live: LiveInsight, due: Due, now: datetime) -> bool:
    """The same numbers, confidence and expiry; money may be rounded to the cent."""
    numbers = [value for _name, value in live.message.values]
    if live.type == "traffic":
        is_same = numbers[0] == due.now and abs(numbers[1] - due.usual) < 1e-9
    elif live.type == "product_demand":
        is_same = live.message["hour"] == now.hour
    else:
        is_same = abs(numbers[0] - due.now * 100) <= 1 and abs(numbers[1] - due.usual * 100) <= 1
    return (
        is_same
        and abs(live.confidence - due.confidence) < 1e-3
        and live.expires_at == _capped(live, due, now)
        and live.expires_at > now
    )


def forecasts_of(shop: Shop, days: list[date]) -> dict[date, float]:
    """Each day's revenue as forecast within the week before it, in currency units."""
    known: dict[date, float] = {}
    until: date | None = None
    means: dict[date, float] = {}
    for day in days:
        if until is None or day - until > FORECAST_EVERY:
            found = shop.compute_forecast(Target.REVENUE, as_of=day - timedelta(days=1))
            if not isinstance(found, Forecast):
                continue
            until, means = found.until, {point.day: point.mean / 100 for point in found.points}
        if day in means:
            known[day] = means[day]
    return known


def check_days(shop: Shop, till: Till, days: list[date], step: timedelta | None) -> Tally:
    """Replay all days but the first, which only says what its evening left standing."""
    forecasts = forecasts_of(shop, days)
    check = Check()
    evening = LIVES["rest_of_day"]
    for before, day in pairwise(days):
        check.start()
        midnight = datetime.combine(day, clock())
        if before == day - timedelta(days=1):
            eve = till.day(before, forecasts.get(before))
            for moment in shop.replay_live(before, step):
                if moment.at >= midnight - evening:
                    check.take(moment, eve.due(moment.at), is_counted=False)
        today = till.day(day, forecasts.get(day))
        for moment in shop.replay_live(day, step):
            check.take(moment, today.due(moment.at), is_counted=True)
    return check.tally


def report(tally: Tally, seconds: float) -> bool:
    """Print what came of it; True when every insight is true, none is missing and none is repeated."""
    print(f"{tally.moments} moments, {seconds:.0f} s")
    head = ("type", "created", "checked", "true", "missed", "repeated")
    print(" ".join(f"{word:>14}" for word in head))
    for kind in ("traffic", "product_demand", "revenue", "operational"):
        counts = (
            tally.created,
            tally.checked,
            tally.true,
            tally.missed,
            tally.repeats,
        )
        print(" ".join([f"{kind:>14}", *(f"{count[kind]:>14}" for count in counts)]))
    for line in tally.mistakes:
        print(line)
    checked, true = tally.checked.total(), tally.true.total()
    missed, repeats = tally.missed.total(), tally.repeats.total()
    is_good = checked == true and not missed and not repeats and not tally.standing_wrong
    show(
        Figure(
            what="live insights of the replayed days by an independent recomputation",
            ours=f"{true} of {checked} true, {missed} missed, {repeats} repeated, "
            f"{tally.standing_wrong} moments where something else stands",
            target="all true, 0 missed, 0 repeated",
            met=is_good,
        )
    )
    return is_good


def main() -> int:
    """Replay, check and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--every", type=int, default=15, metavar="MINUTES")
    options = parser.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, Shop(Path(folder) / "shop.db") as shop:
        shop.import_files([options.file])
        categories = {product.name: str(product.category) for product in shop.read_catalog()}
        till = Till(options.file, categories)
        days = till.days[-options.days - 2 : -1]
        print(f"replayed: {days[1]} to {days[-1]}, {len(days) - 1} whole days with sales")
        step = timedelta(minutes=options.every) if options.every else None
        tally = check_days(shop, till, days, step)
    return 0 if report(tally, time.perf_counter() - started) else 1


if __name__ == "__main__":
    sys.exit(main())
