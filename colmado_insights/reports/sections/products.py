"""The care of products, for the owner: what each weighs and leaves, what sleeps, what runs out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from colmado_insights import text
from colmado_insights.analytics.results import CareBoard, MarginPart, ProductCare
from colmado_insights.charts import abc_curve, margin_bars
from colmado_insights.reports.report import (
    Audience,
    Card,
    Cell,
    ChartSection,
    Column,
    Kind,
    Line,
    NativeChart,
    Numbers,
    Paragraph,
    Report,
    Section,
    Shape,
    Table,
)
from colmado_insights.reports.sections.first_rows import bars_px
from colmado_insights.text import _, ngettext

SOON_DAYS = 7
PAPER_PRODUCTS = 40
CURVE_PX = 230.0
MOST_PARTS = 12


def products_report(
    board: CareBoard,
    names: Mapping[int, str],
    suppliers: Mapping[int, str],
    shop_name: str,
    made_at: datetime,
) -> Report:
    """What the goods bring; without any cost, what they sell."""
    sections: list[Section] = [
        Numbers(_cards(board)),
        *(Paragraph(text.sentence(reason)) for reason in board.reasons),
        _curve(board),
        *_margin_sections(_("Ganancia por categoría"), "categories", board.by_category, text.category_name),
        *_margin_sections(_("Ganancia por suplidor"), "suppliers", board.by_supplier, str),
        _dead_table(board, names),
        _soon_table(board, names),
        _products_table(board, names, suppliers),
    ]
    return Report(
        title=_("Productos"),
        subtitle=_("Ventas del {first} al {last}").format(
            first=text.long_date(board.first_day), last=text.long_date(board.until)
        ),
        shop_name=shop_name,
        made_at=made_at,
        sections=tuple(sections),
        audience=Audience.OWNER,
    )


def _cards(board: CareBoard) -> tuple[Card, ...]:
    best = sum(product.abc == "A" and product.revenue_cents > 0 for product in board.products)
    sold = sum(product.revenue_cents > 0 for product in board.products)
    costed = round(board.revenue_cents * board.costed_share)
    margin = _("{share} de lo que tiene costo").format(
        share=text.percent((board.margin_cents or 0) / costed if costed else 0.0)
    )
    return (
        Card(
            _("Vendido"),
            board.revenue_cents,
            Kind.MONEY,
            comparison=ngettext("en {n} día", "en {n} días", board.window_days).format(
                n=text.number(board.window_days)
            ),
        ),
        Card(
            _("Ganancia"),
            board.margin_cents,
            Kind.MONEY,
            comparison=_("no se sabe ningún costo") if board.margin_cents is None else margin,
        ),
        Card(
            _("Dinero dormido"),
            board.asleep_cents,
            Kind.MONEY,
            comparison=ngettext("{n} producto no se mueve", "{n} productos no se mueven", board.dead).format(
                n=text.number(board.dead)
            ),
        ),
        Card(
            _("Productos A"),
            best,
            Kind.COUNT,
            comparison=_("de {n} hacen el 80 % de la venta").format(n=text.number(sold)),
        ),
    )


def _curve(board: CareBoard) -> ChartSection:
    return ChartSection(
        title=_("Pocos productos hacen casi toda la venta"),
        draw=partial(abc_curve, board),
        native=NativeChart(
            Shape.LINE, "products", 0, (Line(5),), rows=sum(p.revenue_cents > 0 for p in board.products)
        ),
        height_px=CURVE_PX,
        note=_("A: los que hacen el 80 % de lo vendido. B: el 15 % que sigue. C: los demás."),
    )


# -- what each family leaves --


def _margin_sections(
    title: str, key: str, parts: Sequence[MarginPart], name: Callable[[str], str]
) -> Iterator[Section]:
    """A bar each with what of a peso stays, and the numbers; only these where no cost is known."""
    if not parts:
        return
    parts = sorted(parts, key=lambda part: (part.margin_share is None, -part.margin_cents))
    known = sum(part.margin_share is not None for part in parts)
    if known:
        shown = min(known, MOST_PARTS)
        yield ChartSection(
            title=title,
            draw=partial(margin_bars, parts, name=name),
            native=NativeChart(Shape.BAR, key, 0, (Line(4),), rows=shown),
            height_px=bars_px(shown),
        )
    whole = sum(part.revenue_cents for part in parts)
    yield Table(
        key=key,
        title=title,
        columns=(
            Column(_("Suplidor") if key == "suppliers" else _("Categoría"), Kind.TEXT, 2.0),
            Column(_("Productos"), Kind.COUNT, 0.8),
            Column(_("Vendido"), Kind.MONEY, 1.4),
            Column(_("Ganancia"), Kind.MONEY, 1.3),
            Column(_("Margen"), Kind.SHARE, 0.8),
            Column(_("Venta sin costo"), Kind.SHARE, 0.9),
        ),
        rows=tuple(
            (
                name(part.key),
                part.products,
                part.revenue_cents,
                None if part.margin_share is None else part.margin_cents,
                part.margin_share,
                1 - part.costed_share,
            )
            for part in parts
        ),
        totals=(
            _("Total"),
            sum(part.products for part in parts),
            whole,
            sum(part.margin_cents for part in parts) if known else None,
            None,
            1 - sum(part.costed_share * part.revenue_cents for part in parts) / whole if whole else None,
        ),
        note=_("Margen: lo que queda de cada peso vendido de lo que tiene costo."),
    )


# -- what sleeps and what runs out --


def _dead_table(board: CareBoard, names: Mapping[int, str]) -> Table:
    dead = sorted(
        (product for product in board.products if product.is_dead),
        key=lambda product: (-(product.asleep_cents or 0), -(product.quiet_days or 0)),
    )
    return Table(
        key="dead",
        title=_("Lo que dejó de venderse"),
        columns=(
            Column(_("Producto"), Kind.TEXT, 2.4),
            Column(_("Última venta"), Kind.DATE, 1.0),
            Column(_("Días sin venderse"), Kind.COUNT, 0.9),
            Column(_("Existencia"), Kind.DECIMAL, 0.9),
            Column(_("Dinero dormido"), Kind.MONEY, 1.1),
            Column(_("Por qué"), Kind.TEXT, 2.6),
        ),
        rows=tuple(
            (
                names.get(product.product_id, ""),
                product.last_sold,
                product.quiet_days,
                _units(product.stock_milli),
                product.asleep_cents,
                _why(product),
            )
            for product in dead
        ),
        totals=(_("Total"), None, None, None, board.asleep_cents, None) if dead else None,
        paper_rows=PAPER_PRODUCTS,
        empty=_("Nada dejó de venderse."),
    )


def _soon_table(board: CareBoard, names: Mapping[int, str]) -> Table:
    soon = sorted(
        (product for product in board.products if product.days_left and product.days_left.mean <= SOON_DAYS),
        key=lambda product: (product.days_left.mean if product.days_left else 0.0, -product.revenue_cents),
    )
    has_stock = any(product.stock_milli is not None for product in board.products)
    return Table(
        key="soon",
        title=_("Lo que se acaba en una semana"),
        columns=(
            Column(_("Producto"), Kind.TEXT, 2.6),
            Column(_("Existencia"), Kind.DECIMAL, 0.9),
            Column(_("Días que quedan"), Kind.DECIMAL, 0.9),
            Column(_("Desde"), Kind.DECIMAL, 0.8),
            Column(_("Hasta"), Kind.DECIMAL, 0.8),
            Column(_("Contado hace (días)"), Kind.COUNT, 1.0),
            Column(_("Ojo"), Kind.TEXT, 2.2),
        ),
        rows=tuple(
            (
                names.get(product.product_id, ""),
                _units(product.stock_milli),
                left.mean,
                left.lo,
                left.hi,
                product.stock_age_days,
                _why(product),
            )
            for product in soon
            if (left := product.days_left) is not None
        ),
        paper_rows=PAPER_PRODUCTS,
        empty=_("Nada de lo contado se acaba en una semana.")
        if has_stock
        else _("No hay existencias contadas: no se sabe qué se acaba."),
    )


# -- all of them --


def _products_table(board: CareBoard, names: Mapping[int, str], suppliers: Mapping[int, str]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    upto = 0
    for place, product in enumerate(board.products, start=1):
        upto += product.revenue_cents
        left = product.days_left
        rows.append(
            (
                place,
                names.get(product.product_id, ""),
                product.abc,
                product.revenue_cents,
                product.revenue_share,
                upto / board.revenue_cents if board.revenue_cents else None,
                product.margin_cents,
                product.margin_share,
                text.category_name(product.category),
                suppliers.get(product.product_id, ""),
                _units(product.units_milli),
                product.last_sold,
                _units(product.stock_milli),
                left.mean if left else None,
                _why(product),
            )
        )
    return Table(
        key="products",
        title=_("Todos los productos"),
        columns=(
            Column(_("Lugar"), Kind.COUNT, 0.6),
            Column(_("Producto"), Kind.TEXT, 2.8),
            Column(_("ABC"), Kind.TEXT, 0.5),
            Column(_("Vendido"), Kind.MONEY, 1.3),
            Column(_("% de la venta"), Kind.SHARE, 0.8),
            Column(_("Acumulado"), Kind.SHARE, 0.95),
            Column(_("Ganancia"), Kind.MONEY, 1.2),
            Column(_("Margen"), Kind.SHARE, 0.75),
            Column(_("Categoría"), Kind.TEXT, on_paper=False),
            Column(_("Suplidor"), Kind.TEXT, on_paper=False),
            Column(_("Unidades"), Kind.DECIMAL, on_paper=False),
            Column(_("Última venta"), Kind.DATE, on_paper=False),
            Column(_("Existencia"), Kind.DECIMAL, on_paper=False),
            Column(_("Días que quedan"), Kind.DECIMAL, on_paper=False),
            Column(_("Ojo"), Kind.TEXT, 3.0, on_paper=False),
        ),
        rows=tuple(rows),
        paper_rows=PAPER_PRODUCTS,
    )


def _units(milli: int | None) -> float | None:
    return None if milli is None else milli / 1000


def _why(product: ProductCare) -> str:
    return " ".join(text.sentence(reason) for reason in product.reasons)
