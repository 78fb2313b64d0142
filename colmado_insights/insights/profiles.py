"""The profile of one known customer, held against what everybody does."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
import pandas as pd

from colmado_insights.analytics.brands import read_brand_words
from colmado_insights.analytics.crowd import Crowd, compute_crowd
from colmado_insights.analytics.customer_profile import compute_profile
from colmado_insights.analytics.results import CustomerProfile, NotEnough
from colmado_insights.config import Settings, resource
from colmado_insights.domain import day_number
from colmado_insights.insights.keeping import calendar, read_kept
from colmado_insights.progress import Progress
from colmado_insights.storage import catalog, quality, results, sales
from colmado_insights.storage.database import Database

CROWD = "crowd"
"""Kind of the kept answer."""
CROWD_DAYS = 365


def make_profile(
    database: Database, settings: Settings, frames: sales.SalesFrames, customer_id: int, until: date
) -> CustomerProfile | NotEnough:
    """What the purchases of one customer up to a day say about them."""
    return compute_profile(
        frames.receipts,
        frames.lines,
        _read_named_products(database),
        customer_id=customer_id,
        until=until,
        crowd=_read_crowd(database, until) or make_crowd(database, until),
        days=calendar(settings),
    )


def _read_named_products(database: Database) -> pd.DataFrame:
    """The catalogue without VARIOS and its like: nobody has the habit of them."""
    products = catalog.read_products(database)
    return products[[not quality.is_catch_all(name) for name in products["name"]]]


# ── what everybody does ──


def _read_crowd(database: Database, until: date) -> Crowd | None:
    """The newest kept crowd: what everybody does changes slowly, and the batch makes it anew."""
    return read_kept(database, CROWD, day_number(until), Crowd)


def make_crowd(database: Database, until: date, progress: Progress | None = None) -> Crowd:
    """Sum up what all customers do in the year up to a day, and keep it: every profile is held against it."""
    progress = progress or Progress()
    version, last = sales.read_data_version(database), day_number(until)
    frames = sales.read_sales(database, last - CROWD_DAYS + 1, last)
    progress.step()
    crowd = compute_crowd(
        frames.receipts,
        frames.lines,
        _read_named_products(database),
        until=until,
        words=read_brand_words(resource("vocabulary/categories.toml")),
    )
    results.write_result(
        database, CROWD, last, "", msgspec.to_builtins(crowd, str_keys=True),
        made_at=datetime.now(), version=version,
    )  # fmt: skip
    return crowd
