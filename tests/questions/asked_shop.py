"""The sample shop that questions are asked of, and the sales as plain views for SQL that knows nothing of our code."""

from __future__ import annotations

import sqlite3
import tomllib
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.domain import Consent
from colmado_insights.questions.intents import Clock
from colmado_insights.shop import Shop

FIRST_DAY, LAST_DAY = date(2026, 7, 23), date(2026, 11, 19)  # a Thursday both
NOW = datetime(2026, 11, 19, 22, 30)
CLOCK = Clock(LAST_DAY, FIRST_DAY, LAST_DAY, DominicanDays())
DAYS, SEED = 120, 7
REFUSED = "Altagracia la modista"
"""Who spent most lately, and does not want to be looked at."""

_VIEWS = """
CREATE TEMP VIEW receipt AS SELECT sale.id, date(sold_at, 'unixepoch') AS day,
    CAST(strftime('%w', sold_at, 'unixepoch') AS INTEGER) AS weekday,
    CAST(strftime('%H', sold_at, 'unixepoch') AS INTEGER) AS hour, kind, total_cents AS cents, payment,
    cashier.name AS cashier, customer.name AS customer, customer.consent
    FROM sale LEFT JOIN cashier ON cashier.id = cashier_id LEFT JOIN customer ON customer.id = customer_id;
CREATE TEMP VIEW line AS SELECT receipt.id AS receipt, day, weekday, hour, kind, product.name AS product,
    category.name AS category, quantity_milli AS milli, amount_cents AS cents, payment, customer
    FROM receipt JOIN sale_line ON sale_id = receipt.id JOIN product ON product.id = product_id
    JOIN category ON category.id = category_id;
"""


@dataclass(frozen=True)
class Asked:
    """One question of a data file: how its answer shows the value, and the SQL that has it."""

    question: str
    kind: str
    sql: str = ""
    half: str = ""  # of what was written blind: A to learn from, B held out


def read_asked(name: str) -> list[Asked]:
    """The questions of a file."""
    path = Path(__file__).parent.parent / "data" / "questions" / name
    return [Asked(**row) for row in tomllib.loads(path.read_text(encoding="utf-8"))["questions"]]


def make_asked_shop(folder: Path) -> Path:
    """The shop's file, made once for all tests; what is expected of its customers is kept."""
    path = folder / "asked.db"
    with Shop(path) as shop:
        shop.make_sample(days=DAYS, seed=SEED, last_day=LAST_DAY)
        known = next(each for each in shop.read_customers() if each.name == REFUSED)
        shop.write_customer(replace(known, consent=Consent.NO))
        shop.compute_customers()
    return path


def open_views(path: Path) -> sqlite3.Connection:
    """The raw tables under plain names."""
    connection = sqlite3.connect(path)
    connection.executescript(_VIEWS)
    return connection
