"""Which reports there are, for whom, and what of the shop each is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol, TypeVar

from colmado_insights import text
from colmado_insights.analytics.results import (
    Basket,
    CareBoard,
    DayView,
    Forecast,
    LiveInsight,
    NotEnough,
    PriceBoard,
    SegmentPerformance,
    Segments,
    why_refused,
)
from colmado_insights.config import Settings
from colmado_insights.domain import Target, Topic
from colmado_insights.errors import EmptyFile
from colmado_insights.insights import HORIZON_DAYS, Advice, CustomerBook, LedgerEntry, SpanSales, Summary
from colmado_insights.personas import Persona
from colmado_insights.progress import Progress
from colmado_insights.reports.report import Report
from colmado_insights.reports.sections import (
    actions_report,
    baskets_report,
    customers_report,
    day_report,
    prices_report,
    products_report,
    segments_report,
    span_report,
)
from colmado_insights.text import _

T = TypeVar("T")
END_OF_DAY = time(23, 59, 59)
RANGE_DAYS = 30


class ReportedShop(Protocol):
    """What reports read of a shop."""

    settings: Settings

    def read_summary(self, as_of: date | None = None) -> Summary:
        """The shop at a glance."""
        ...

    def read_day(self, now: datetime) -> DayView | NotEnough:
        """A day against what is usual."""
        ...

    def read_live(self, now: datetime, *, is_replay: bool = False) -> tuple[LiveInsight, ...]:
        """The live insights of a moment."""
        ...

    def compute_segments(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> Segments | NotEnough:
        """The rule segments."""
        ...

    def read_whole_day(self, now: datetime) -> date | None:
        """The last day with sales that is over."""
        ...

    def compute_span(
        self, first: date, last: date, progress: Progress | None = None
    ) -> SpanSales | NotEnough:
        """What a stretch of days sold."""
        ...

    def read_words(
        self,
        topic: Topic,
        subject: str = "",
        as_of: date | None = None,
        now: datetime | None = None,
        progress: Progress | None = None,
    ) -> Persona | NotEnough:
        """A segment, a customer or the week in words, without asking anybody."""
        ...

    def compute_performance(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> tuple[SegmentPerformance, ...]:
        """How every segment has done."""
        ...

    def compute_forecast(
        self,
        subject: Target,
        horizon: int = HORIZON_DAYS,
        as_of: date | None = None,
        progress: Progress | None = None,
    ) -> Forecast | NotEnough:
        """The days ahead."""
        ...

    def compute_customers(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> CustomerBook | NotEnough:
        """All known customers."""
        ...

    def compute_care(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> CareBoard | NotEnough:
        """The care of products."""
        ...

    def compute_prices(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> PriceBoard | NotEnough:
        """What to charge."""
        ...

    def compute_baskets(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> Basket | NotEnough:
        """What goes together."""
        ...

    def compute_actions(
        self, now: datetime, progress: Progress | None = None, *, is_replay: bool = False
    ) -> tuple[Advice, ...]:
        """What is worth doing."""
        ...

    def read_ledger(self, now: datetime) -> tuple[LedgerEntry, ...]:
        """All advice with what came of it."""
        ...

    def read_product_names(self) -> dict[int, str]:
        """Names of products."""
        ...

    def read_suppliers(self) -> dict[int, str]:
        """Who supplies each product."""
        ...


@dataclass(frozen=True)
class _Request:
    """One report asked for."""

    shop: ReportedShop
    now: datetime
    progress: Progress
    days: tuple[date, date] | None

    @property
    def shop_name(self) -> str:
        return self.shop.settings.shop_name

    @property
    def as_of(self) -> date | None:
        """The day whose end stands for the whole of it; None for what is known now."""
        is_end = self.now.replace(microsecond=0) == datetime.combine(self.now.date(), END_OF_DAY)
        return self.now.date() if is_end else None


def make_report(
    kind: str,
    shop: ReportedShop,
    now: datetime,
    progress: Progress | None = None,
    days: tuple[date, date] | None = None,
) -> Report:
    """A report of `kind` (one of REPORTS) as of a moment; `days` are the first and last of a range.

    Raises
    ------
    EmptyFile
        There is nothing to report on yet.
    """
    if not shop.read_summary(now.date()).receipts:
        raise EmptyFile(_("No hay ventas para hacer un reporte."), _("Importa un archivo de ventas primero."))
    return _MAKERS[kind](_Request(shop, now, progress or Progress(), days))


def _required(found: T | NotEnough) -> T:
    """What was found, or the sentence that says what is missing."""
    if not isinstance(found, NotEnough):
        return found
    raise EmptyFile(
        _("Todavía no hay con qué hacer este reporte."),
        _("Hace falta: {needed}. Hay {have}.").format(
            needed=text.data_amount(found.needed, found.unit), have=text.number(found.have)
        ),
    )


def _day(ask: _Request) -> Report:
    shop, now = ask.shop, ask.now
    segments = _required(shop.compute_segments(now.date(), ask.progress))
    day = _required(shop.read_day(now))
    whole = ask.as_of or now.date() - timedelta(days=1)
    forecast = shop.compute_forecast(Target.REVENUE, as_of=whole, progress=ask.progress)
    known = forecast if isinstance(forecast, Forecast) else None
    live = shop.read_live(day.until, is_replay=True)
    return day_report(day, live, segments, known, ask.shop_name, now)


def _segments(ask: _Request) -> Report:
    segments = _required(ask.shop.compute_segments(ask.now.date(), ask.progress))
    day = ask.now.date()
    words = {
        each.segment_id: ask.shop.read_words(Topic.SEGMENT, each.segment_id, day, ask.now, ask.progress)
        for each in segments.segments
        if each.transaction_count
    }
    known = {name: each for name, each in words.items() if not isinstance(each, NotEnough)}
    return segments_report(segments, ask.shop_name, ask.now, known)


def _week(ask: _Request) -> Report:
    """The last week, Monday to Sunday, that is over."""
    over = ask.now.date() if ask.as_of else ask.shop.read_whole_day(ask.now) or ask.now.date()
    sunday = over - timedelta(days=(over.weekday() + 1) % 7)
    return _of_days(ask, sunday - timedelta(days=6), sunday)


def _range(ask: _Request) -> Report:
    """The days asked for, the last 30 when none were."""
    over = ask.now.date() if ask.as_of else ask.shop.read_whole_day(ask.now) or ask.now.date()
    first, last = ask.days or (over - timedelta(days=RANGE_DAYS - 1), over)
    return _of_days(ask, first, last)


def _of_days(ask: _Request, first: date, last: date) -> Report:
    found = ask.shop.compute_span(first, last, ask.progress)
    if isinstance(found, NotEnough):
        raise EmptyFile(
            _("No hay ventas del {first} al {last}.").format(
                first=text.long_date(first), last=text.long_date(last)
            ),
            _("Escoge otros días."),
        )
    performance = ask.shop.compute_performance(last, ask.progress)
    return span_report(found, performance, ask.shop.read_product_names(), ask.shop_name, ask.now)


def _customers(ask: _Request) -> Report:
    if not ask.shop.read_summary(ask.now.date()).customers:
        raise EmptyFile(
            _("No hay compras de clientes conocidos."),
            _("Escribe en la caja de quién es cada fiado o pedido y vuelve a traer las ventas."),
        )
    book = _required(ask.shop.compute_customers(ask.as_of, ask.progress))
    return customers_report(book, ask.shop_name, ask.now)


def _products(ask: _Request) -> Report:
    board = _required(ask.shop.compute_care(ask.as_of, ask.progress))
    names, suppliers = ask.shop.read_product_names(), ask.shop.read_suppliers()
    return products_report(board, names, suppliers, ask.shop_name, ask.now)


def _prices(ask: _Request) -> Report:
    board = ask.shop.compute_prices(ask.as_of, ask.progress)
    if isinstance(board, NotEnough):
        raise EmptyFile(_("Todavía no hay con qué hacer este reporte."), text.sentence(why_refused(board)))
    return prices_report(board, ask.shop.read_product_names(), ask.shop_name, ask.now)


def _baskets(ask: _Request) -> Report:
    found = _required(ask.shop.compute_baskets(ask.as_of, ask.progress))
    return baskets_report(found, ask.shop.read_product_names(), ask.shop_name, ask.now)


def _actions(ask: _Request) -> Report:
    is_replay = ask.as_of is not None
    advices = ask.shop.compute_actions(ask.now, ask.progress, is_replay=is_replay)
    return actions_report(advices, ask.shop.read_ledger(ask.now), ask.shop_name, ask.now)


_MAKERS: Mapping[str, Callable[[_Request], Report]] = {
    "day": _day,
    "week": _week,
    "range": _range,
    "segments": _segments,
    "baskets": _baskets,
    "customers": _customers,
    "products": _products,
    "prices": _prices,
    "actions": _actions,
}
REPORTS: tuple[str, ...] = tuple(_MAKERS)
"""All kinds of reports."""
