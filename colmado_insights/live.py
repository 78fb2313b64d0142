"""Today as it happens: sums and a bounded stretch of receipts become the insights of this moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest

import msgspec
import pandas as pd

from colmado_insights import insights
from colmado_insights.analytics.alcohol import AlcoholHours
from colmado_insights.analytics.day import DayNormals, compute_day, fit_day_normals
from colmado_insights.analytics.notices import choose_notices
from colmado_insights.analytics.results import (
    DayView,
    LiveInsight,
    LiveType,
    NotEnough,
    Segments,
    SegmentType,
    Usual,
)
from colmado_insights.analytics.segments import SEGMENT_TYPES
from colmado_insights.analytics.today import (
    LONGEST_LIFE,
    Today,
    find_clock_jump,
    merge_live,
    pushes_alcohol,
    today_of,
)
from colmado_insights.analytics.usual import get_receipts
from colmado_insights.config import Settings
from colmado_insights.domain import (
    Category,
    Notice,
    Reason,
    Target,
    day_number,
    day_of,
    moment_of,
)
from colmado_insights.insights import calendar
from colmado_insights.insights.assigning import read_model
from colmado_insights.insights.keeping import read_kept
from colmado_insights.storage import notices, results, sales
from colmado_insights.storage.database import Database

STALE_DAYS = 7
"""After so many days without a sale nobody knows any more what will be asked for at this hour."""
HISTORY_DAYS = 60
"""Days with data behind "usual": twice the thirty that count, as some weekdays may be closed."""
FRESH_FORECAST_DAYS = 7
"""A replay takes a forecast of the week before as the program that ran then would have; else it makes one."""
OFFER_LASTS = timedelta(minutes=15)
"""So long after a sale what goes with it is offered; then what goes with what this hour asks for."""
MINUTE = timedelta(minutes=1)
SLEEPS = ("1h", "today", "week")
"""How long an insight may be put to sleep."""
LONGEST_SLEEP = timedelta(days=7)


def sleep_until(how_long: str, now: datetime) -> datetime:
    """When an insight put to sleep now for one of SLEEPS wakes; a day ends at midnight."""
    if how_long == "1h":
        return now.replace(microsecond=0) + timedelta(hours=1)
    days = LONGEST_SLEEP.days if how_long == "week" else 1
    return datetime.combine(now.date() + timedelta(days=days), time())


@dataclass(frozen=True)
class CashierView:
    """What the cashier's panel shows: no money, no margins."""

    state: str  # busy | normal | slow | unknown | clock
    now_count: int
    usual: Usual | None
    expected: tuple[Category, ...]
    suggestion: Reason | None
    last_sale: datetime | None
    last_segment: Reason | None = None  # who the last sale looks like


@dataclass(frozen=True)
class LiveMoment:
    """A moment of a replay: what held then, and what stood, created then or before and not yet expired."""

    at: datetime
    found: tuple[LiveInsight, ...]
    standing: tuple[LiveInsight, ...]


class LiveFeed:
    """Answers about this moment; keeps the days before today in memory while they do not change."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._days = calendar(settings)
        self._alcohol_hours = AlcoholHours(
            settings.alcohol_from_hour,
            settings.alcohol_until_hour,
            settings.alcohol_until_hour_late,
            settings.alcohol_on_good_friday,
        )
        self._past: tuple[tuple[int, ...], pd.DataFrame] | None = None
        self._normal: tuple[tuple[int, ...], DayNormals] | None = None
        self._last: tuple[tuple[int, int], Reason | None] | None = None  # the last sale and who it looks like
        self._offers: insights.OfferBook | None = None

    def read_day(self, now: datetime) -> DayView | NotEnough:
        """The day of `now` against what is usual; the last day with sales when today has none yet."""
        last = sales.read_last_day(self._database, now.date())
        if last is None:
            return NotEnough(needed=1, have=0, unit="receipts")
        if day_of(last) != now.date():
            now = datetime.combine(day_of(last), time(23, 59, 59))
        return compute_day(self._history(now), now, self._days, self._normals(now.date()))

    def read_live(self, now: datetime, *, is_replay: bool = False) -> tuple[LiveInsight, ...]:
        """The insights that stand at `now` and do not sleep: replaced, never repeated, gone when they expire.

        A replay of a past moment shows what stood then: no later sale is in it, nothing that is kept changes,
        and what was put to sleep since is shown.
        """
        if is_replay:
            return self.read_past(now)
        standing, _today = self._stand(now)
        return self._awake(standing, now)

    def read_past(self, now: datetime) -> tuple[LiveInsight, ...]:
        """What stood at a past moment."""
        standing: tuple[LiveInsight, ...] = ()
        for moment in self.replay_day(now.date(), until=now):
            standing = moment.standing
        return standing

    def replay_day(
        self, day: date, step: timedelta | None = None, *, until: datetime | None = None
    ) -> Iterator[LiveMoment]:
        """Walk a past day as the live program did, each minute and after each sale, or by a `step`.

        Each moment sees the sales up to it, and segments and forecast as of the day before. What the evening
        before left standing is there at midnight.

        Parameters
        ----------
        day
            The day to walk.
        step
            Walk by this step only, from midnight on.
        until
            The last moment, which is always walked; the end of the day if not said.
        """
        midnight, second = datetime.combine(day, time()), timedelta(seconds=1)
        self._past_forecast(
            day_number(day)
        )  # before the evening's, which is an older one and would do for both
        standing: tuple[LiveInsight, ...] = ()
        for moment in self._walk(midnight - LONGEST_LIFE, midnight - second, step, standing):
            standing = moment.standing
        yield from self._walk(midnight, until or midnight + timedelta(days=1) - second, step, standing)

    def take_notices(self, now: datetime) -> tuple[LiveInsight, ...]:
        """What is to be pushed to the owner now: at most three a day, whatever was started anew meanwhile."""
        if not self._settings.push_notices:
            return ()
        standing, today = self._stand(now)
        if today is None or not today.is_open(now):
            return ()
        taken: tuple[LiveInsight, ...] = ()

        def choose(sent: Sequence[Notice]) -> list[tuple[str, str]]:
            nonlocal taken
            taken = choose_notices(self._awake(standing, now), sent, now)
            return [(insight.type, insight.subject) for insight in taken]

        notices.take_notices(self._database, now, choose)
        return taken

    def read_cashier(self, now: datetime) -> CashierView:
        """What the cashier needs to know now; what the owner put to sleep is not asked for, a crowd is a fact."""
        standing, today = self._stand(now)
        subjects = {insight.type: insight for insight in reversed(standing)}
        traffic = None if today is None else today.traffic(now)
        if traffic is None:
            state = "clock"
        elif LiveType.TRAFFIC in subjects:
            state = subjects[LiveType.TRAFFIC].subject
        else:
            state = "normal" if traffic.usual else "unknown"
        demand = [
            insight for insight in self._awake(standing, now) if insight.type is LiveType.PRODUCT_DEMAND
        ]
        last = sales.read_last_moment(self._database)
        return CashierView(
            state=state,
            now_count=traffic.count if traffic else 0,
            usual=traffic.usual if traffic else None,
            expected=_expected(demand),
            suggestion=self._offer(last, now) or _suggestion(demand),
            last_sale=None if last is None else moment_of(last),
            last_segment=self._last_segment(),
        )

    def _offer(self, last: int | None, now: datetime) -> Reason | None:
        """What goes with the last sale's products, while its customer is still there."""
        if last is None or not timedelta(0) <= now - moment_of(last) <= OFFER_LASTS:
            return None
        sale = sales.read_last_sale(self._database)
        self._offers = insights.read_offers(self._database, now, self._offers)
        if sale is None or self._offers is None:
            return None
        is_alcohol_sold = self._alcohol_hours.close_of(now, self._days) is not None
        return insights.find_offer(self._database, self._offers, sale, is_alcohol_sold=is_alcohol_sold)

    def _stand(self, now: datetime) -> tuple[tuple[LiveInsight, ...], Today | None]:
        """Bring the kept insights up to date; they, and the rules of today unless the clock cannot be trusted."""
        now = now.replace(microsecond=0)
        history = self._history(now)
        jump = find_clock_jump(history, now)
        today = None if jump else self._today(history, now)
        found = (jump,) if jump else today.find(now) if today else ()
        before = tuple(msgspec.convert(body, LiveInsight) for body in results.read_insights(self._database))
        if self._alcohol_hours.close_of(now, self._days) is None:  # the hours may have been changed meanwhile
            before = tuple(live for live in before if not pushes_alcohol(live))
        standing = merge_live(before, found, now)
        if standing != before:
            results.write_insights(
                self._database,
                (
                    (live.type, live.subject, live.created_at, live.expires_at, msgspec.to_builtins(live))
                    for live in standing
                ),
            )
        return standing, today

    def _last_segment(self) -> Reason | None:
        """Who the last sale looks like: what the shop learned says most, then what was bought."""
        sale = sales.read_last_sale(self._database)
        if sale is None:
            return None
        mark = sale, sales.read_data_version(self._database)  # a corrected category may name it otherwise
        kept = self._last
        if kept is None or kept[0] != mark:
            kept = self._last = mark, self._name_sale(sale)
        return kept[1]

    def _name_sale(self, sale: int) -> Reason | None:
        found = insights.find_sale_segments(self._database, self._settings, sale)
        learned = read_model(self._database)
        names = {segment.segment_id: segment.name for segment in learned.segments} if learned else {}
        for segment in reversed(found):
            if segment in names:
                return names[segment]
            if SEGMENT_TYPES.get(segment) is SegmentType.PRODUCT_PREFERENCE:
                return Reason.of("segment_named", segment=segment)
        return None

    def _awake(self, standing: tuple[LiveInsight, ...], now: datetime) -> tuple[LiveInsight, ...]:
        """Those that the owner did not put to sleep."""
        sleeping = notices.read_snoozes(self._database, now)
        return tuple(
            insight
            for insight in standing
            if not any(snooze.silences(insight.type, insight.subject, now) for snooze in sleeping)
        )

    def _walk(
        self,
        first: datetime,
        last: datetime,
        step: timedelta | None,
        standing: tuple[LiveInsight, ...],
    ) -> Iterator[LiveMoment]:
        """The moments of a stretch of one day, each with what it left standing."""
        number = day_number(first.date())
        _everything, timed = get_receipts(self._history(first, has_future=False))
        today = Today(
            timed,
            number,
            self._days,
            segments=self._segments(number),
            day_forecast_cents=self._past_forecast(number),
            alcohol_hours=self._alcohol_hours,
        )
        for now in _moments(first, last, step, timed.sold_at[timed.day == number].tolist()):
            found = today.find(now)
            standing = merge_live(standing, found, now)
            yield LiveMoment(now, found, standing)

    def _today(self, history: pd.DataFrame, now: datetime) -> Today:
        number = day_number(now.date())
        return today_of(
            history,
            now,
            self._days,
            segments=self._segments(number),
            day_forecast_cents=results.read_forecast_mean(self._database, Target.REVENUE, number),
            alcohol_hours=self._alcohol_hours,
        )

    def _history(self, now: datetime, *, has_future: bool = True) -> pd.DataFrame:
        """Receipts of the last days with data, and everything from today on, or today's alone.

        The daily sums, kept with every write, tell whether the days read before still stand.
        """
        today = day_number(now.date())
        end = 2**31 if has_future else today
        daily = sales.read_daily(self._database, last=today - 1).tail(HISTORY_DAYS)
        if daily.empty:
            return sales.read_receipts(self._database, today, end)
        first, last = int(daily["day"].iloc[0]), int(daily["day"].iloc[-1])
        mark = (first, last, *(int(daily[name].sum()) for name in ("receipts", "lines", "revenue_cents")))
        kept = self._past  # once: another thread may be asking about another day
        if kept is None or kept[0] != mark:
            kept = self._past = (mark, sales.read_receipts(self._database, first, last))
        current = sales.read_receipts(self._database, last + 1, end)
        return pd.concat([kept[1], current], ignore_index=True) if len(current) else kept[1]

    def _normals(self, day: date) -> DayNormals:
        """What is normal for a day, learnt once from all days before it while these stand."""
        today = day_number(day)
        daily = sales.read_daily(self._database, last=today - 1)
        mark = (today, len(daily), *(int(daily[name].sum()) for name in daily.columns))
        kept = self._normal
        if kept is None or kept[0] != mark:
            kept = self._normal = (mark, fit_day_normals(daily, day, self._days))
        return kept[1]

    def _segments(self, today: int) -> Segments | NotEnough | None:
        """The segments of the days before today: the kept ones, made anew when a day was added to them."""
        whole = day_of(today - 1)
        last = sales.read_last_day(self._database, whole)
        if last is not None and today - last > STALE_DAYS:
            return None
        kept = read_kept(self._database, "segments", today - 1, Segments)
        if kept is not None and (last is None or day_number(kept.until) >= last):
            return kept
        return insights.find_segments(self._database, self._settings, whole)

    def _past_forecast(self, today: int) -> float | None:
        """The revenue of a past day as it was forecast in the week before; made now where it was not."""
        until = results.read_forecast_until(self._database, Target.REVENUE, today)
        if until is None or today - until > FRESH_FORECAST_DAYS:
            insights.find_forecast(self._database, self._settings, Target.REVENUE, as_of=day_of(today - 1))
        return results.read_forecast_mean(self._database, Target.REVENUE, today)


def _moments(first: datetime, last: datetime, step: timedelta | None, sold_at: list[int]) -> list[datetime]:
    """The moments to walk, `last` included: by a step, or each minute and each sale."""
    pace = step or MINUTE
    regular = {first + pace * place for place in range((last - first) // pace + 1)}
    if step is None:
        regular |= {moment_of(second) for second in sold_at}
    return sorted(moment for moment in regular | {last} if first <= moment <= last)


def _expected(demand: list[LiveInsight]) -> tuple[Category, ...]:
    """The families most asked for at this hour, at most three, each once: what each segment wants most goes first."""
    by_place = zip_longest(*(insight.message["categories"] for insight in demand))
    wanted = (name for place in by_place for name in place if name is not None)
    return tuple(Category(name) for name in dict.fromkeys(wanted) if name != Category.OTHER)[:3]


def _suggestion(demand: list[LiveInsight]) -> Reason | None:
    """What goes with what people buy at this hour."""
    return next((why for insight in demand for why in insight.why if why.code == "usual_pair"), None)
