"""How kept forecasts turned out, and whether the methods should be chosen anew."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from colmado_insights.analytics.results import Forecast, ModelTrack, NotEnough
from colmado_insights.analytics.tracking import compute_track, has_drifted
from colmado_insights.config import Settings
from colmado_insights.domain import SHOP_TARGETS, Subject, Target, day_number
from colmado_insights.insights.forecasts import find_forecast
from colmado_insights.insights.keeping import read_until, yesterday
from colmado_insights.progress import Progress
from colmado_insights.storage import results, sales, series
from colmado_insights.storage.database import Database


def find_track(
    database: Database,
    settings: Settings,
    subject: Subject | Target,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> ModelTrack | NotEnough:
    """How the forecasts of a subject turned out up to the last whole day: `as_of`, or else yesterday."""
    subject = subject if isinstance(subject, Subject) else Subject(subject)
    until = read_until(database, as_of or yesterday(datetime.now()))
    if until is None:
        return NotEnough(needed=1, have=0, unit="weeks")
    newest = find_forecast(database, settings, subject, as_of=until, progress=progress)
    last = day_number(until)
    return compute_track(
        results.read_forecasts(database, subject.key, last),
        _read_actual(database, subject, last),
        newest if isinstance(newest, Forecast) else None,
        subject.target,
        until=until,
    )


def find_drifted(
    database: Database, settings: Settings, as_of: date | None = None, progress: Progress | None = None
) -> tuple[Subject, ...]:
    """The shop's forecasts whose errors have changed beyond chance: time to choose their methods anew."""
    subjects = [Subject(target) for target in SHOP_TARGETS]
    tracks = [(subject, find_track(database, settings, subject, as_of, progress)) for subject in subjects]
    return tuple(subject for subject, track in tracks if isinstance(track, ModelTrack) and has_drifted(track))


def _read_actual(database: Database, subject: Subject, last: int) -> pd.Series[float]:
    """What came on each day the shop was open, in the target's unit."""
    daily = sales.read_daily(database, last=last).set_index("day")
    open_days = daily[daily["receipts"] > 0]
    if subject.category is None and subject.product_id is None:
        name = "revenue_cents" if subject.target is Target.REVENUE else "receipts"
        whole = open_days[name].astype("float64")
        return whole[whole > 0]
    first = int(daily.index.min()) if len(daily) else last
    if subject.product_id is not None:
        sold = series.read_product_series(database, subject.product_id, first, last)
    else:
        assert subject.category is not None
        sold = series.read_category_series(database, subject.category, first, last)
    is_money = subject.target is Target.REVENUE
    sums = sold.set_index("day")["revenue_cents" if is_money else "units_milli"].astype("float64")
    # A day on which the shop sold and this did not is a day without demand.
    return sums.reindex(open_days.index, fill_value=0.0).clip(lower=0.0) / (1.0 if is_money else 1000.0)
