"""What a report is made of: cards, tables, charts and sentences, without saying how they are written.

A report is declared once (`sections/`); `excel.py` and `pdf.py` write the same one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from colmado_insights import text
from colmado_insights.charts import Chart, ChartStyle
from colmado_insights.text import _

Cell = int | float | str | date | datetime | None
"""A value as the analysis gave it; its column's kind says what it is."""

NOTHING = "–"


class Kind(StrEnum):
    """What a value is, which decides its type in Excel and its words on paper."""

    MONEY = "money"  # cents
    ESTIMATE = "estimate"  # cents that nobody knows to the cent: shown in whole pesos
    COUNT = "count"
    DECIMAL = "decimal"
    EXACT = "exact"  # a number to three decimals
    SHARE = "share"  # 0-1
    CHANGE = "change"  # 0.04 = 4 % more
    TEXT = "text"
    DATE = "date"
    HOUR = "hour"  # 0-23
    CLOCK = "clock"  # a moment of the day, as a datetime


NUMBERS = frozenset(
    {Kind.MONEY, Kind.ESTIMATE, Kind.COUNT, Kind.DECIMAL, Kind.EXACT, Kind.SHARE, Kind.CHANGE}
)


class Audience(StrEnum):
    """Who may read a report; what not everybody may is said on each of its pages."""

    EVERYBODY = "everybody"
    OWNER = "owner"  # costs and profits
    PEOPLE = "people"  # customers' names


class Trend(StrEnum):
    """How a number stands against what is normal; always shown with a sign and a word too."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Card:
    """A label, one number, a chip with the comparison, the comparison in words."""

    label: str
    value: Cell
    kind: Kind
    chip: str = ""
    trend: Trend = Trend.NONE
    comparison: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A row of cards."""

    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title and what stands in it; `on_paper` is False for details that only Excel has."""

    title: str
    kind: Kind
    weight: float = 1.0  # its share of the width
    on_paper: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of typed cells; `totals`, where given, has a cell for each column.

    Paper has the first `paper_rows` and says how many more there are; `empty` is said there where there are none.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] | None = None
    note: str = ""
    on_paper: bool = True
    paper_rows: int | None = None
    empty: str = ""

    def __post_init__(self) -> None:
        wrong = [
            row for row in (*self.rows, self.totals) if row is not None and len(row) != len(self.columns)
        ]
        if wrong:
            raise ValueError(f"table {self.key}: {len(self.columns)} columns, but a row of {len(wrong[0])}")


class Shape(StrEnum):
    """The native Excel charts in use."""

    COLUMN = "column"
    BAR = "bar"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a native chart: a column of the table and how strong it is drawn."""

    column: int
    strong: bool = True
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class NativeChart:
    """A chart that Excel draws itself from a table of the same report."""

    shape: Shape
    table: str
    categories: int
    lines: tuple[Line, ...]
    rows: int | None = None  # only the first ones


@dataclass(frozen=True, slots=True)
class ChartSection:
    """A picture for paper and the same as a native chart for Excel."""

    title: str
    draw: Callable[[ChartStyle, float, float], Chart]
    native: NativeChart
    height_px: float = 280.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or two."""

    words: str


Section = Numbers | Table | ChartSection | Paragraph


@dataclass(frozen=True, slots=True)
class Report:
    """A title and its sections in order; `made_at` comes from the caller."""

    title: str
    subtitle: str
    shop_name: str
    made_at: datetime
    sections: tuple[Section, ...]
    audience: Audience = Audience.EVERYBODY

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables in order."""
        return tuple(section for section in self.sections if isinstance(section, Table))

    def table(self, key: str) -> Table:
        """The table of a key."""
        return next(table for table in self.tables if table.key == key)


def audience_words(audience: Audience) -> str:
    """Who a report is for; nothing where everybody may read it."""
    return {
        Audience.EVERYBODY: "",
        Audience.OWNER: _("Solo para el dueño: tiene costos y ganancias"),
        Audience.PEOPLE: _("Contiene datos de clientes: no lo compartas"),
    }[audience]


def cell_words(value: Cell, kind: Kind, *, exact: bool = True) -> str:
    """A value as a person reads it; money to the cent in tables, in whole pesos on cards."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        return text.clock(value)
    if isinstance(value, date):
        return text.short_date(value)
    if isinstance(value, str):
        return value
    match kind:
        case Kind.MONEY:
            return text.money_exact(round(value)) if exact else text.money(value)
        case Kind.ESTIMATE:
            return text.money(value)
        case Kind.COUNT:
            return text.number(value)
        case Kind.DECIMAL:
            return text.number(value, 1)
        case Kind.EXACT:
            return text.number(value, 3)
        case Kind.SHARE:
            return text.percent(value, decimals=1 if exact else 0)
        case Kind.CHANGE:
            return change_words(value)
        case Kind.HOUR:
            return text.hour_label(int(value))
        case _:
            return str(value)


def change_words(change: float) -> str:
    """▲ 4 %, ▼ 6 % or = : never a colour alone."""
    if not round(change, 2):
        return "="
    return f"{'▲' if change > 0 else '▼'} {text.percent(abs(change))}"
