"""What the quick list offers: the pages, the segments found, the actions, the customers and the products.

To add one: a `Jump` in the function of its kind.
"""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING

from colmado_insights import text
from colmado_insights.analytics.results import Segment
from colmado_insights.text import _
from colmado_insights.ui.dialogs.quick_open import Jump
from colmado_insights.ui.icons import CATEGORY_ICONS, segment_icon
from colmado_insights.ui.pages import PAGES
from colmado_insights.ui.pages.customer import CustomerPage
from colmado_insights.ui.pages.product import ProductPage
from colmado_insights.ui.pages.products import ProductsPage
from colmado_insights.ui.pages.segment import SegmentPage
from colmado_insights.ui.pages.segments import SegmentsPage

if TYPE_CHECKING:
    from colmado_insights.ui.main_window import MainWindow


def jumps_of(window: MainWindow) -> list[Jump]:
    """Everything one can jump to from this window."""
    return [
        *_page_jumps(window),
        *_segment_jumps(window),
        *_action_jumps(window),
        *_customer_jumps(window),
        *_product_jumps(window),
    ]


def _page_jumps(window: MainWindow) -> list[Jump]:
    kind = _("página")
    return [Jump(_(page.TITLE), kind, page.ICON, partial(window.open_page, page.NAME)) for page in PAGES]


def _segment_jumps(window: MainWindow) -> list[Jump]:
    """The segments that the pages have seen, each leading to its profile."""
    seen = (window.pages.get(page.NAME) for page in (SegmentsPage, SegmentPage))
    books = [page.book for page in seen if isinstance(page, SegmentsPage | SegmentPage)]
    found = {segment.segment_id: segment for book in books for segment in book.all()}

    def show(segment: Segment) -> None:
        page = window.open_page(SegmentPage.NAME)
        assert isinstance(page, SegmentPage)
        page.show_segment(segment.segment_id)

    return [
        Jump(text.segment_title(segment), _("segmento"), segment_icon(segment), partial(show, segment))
        for segment in found.values()
        if segment.transaction_count
    ]


def _customer_jumps(window: MainWindow) -> list[Jump]:
    """The known customers, each leading to their page."""

    def show(customer_id: int) -> None:
        page = window.open_page(CustomerPage.NAME)
        assert isinstance(page, CustomerPage)
        page.show_customer(customer_id)

    kind = _("cliente")
    return [
        Jump(each.shown_name, kind, CustomerPage.ICON, partial(show, each.customer_id))
        for each in window.customers
    ]


def _product_jumps(window: MainWindow) -> list[Jump]:
    """The products that the page of them has seen, each leading to its own."""
    seen = window.pages.get(ProductsPage.NAME)

    def show(product_id: int) -> None:
        page = window.open_page(ProductPage.NAME)
        assert isinstance(page, ProductPage)
        page.show_product(product_id)

    kind = _("producto")
    return [
        Jump(each.name, kind, CATEGORY_ICONS[each.category], partial(show, each.product_id))
        for each in (seen.known() if isinstance(seen, ProductsPage) else ())
    ]


def _action_jumps(window: MainWindow) -> list[Jump]:
    kind = _("acción")

    def change_theme(theme: str) -> None:
        window.change_settings(dataclasses.replace(window.settings, theme=theme))

    is_dark = window.context.look.palette.is_dark
    theme_words = _("Usar colores claros") if is_dark else _("Usar colores oscuros")
    return [
        Jump(_("Traer archivos"), kind, "file-input", window.bring_file),
        Jump(_("Abrir el panel de caja"), kind, "monitor", window.open_panel),
        Jump(
            _("Reporte del día en Excel"),
            kind,
            "file-spreadsheet",
            partial(window.write_report, "day", ".xlsx"),
        ),
        Jump(_("Reporte del día en PDF"), kind, "printer", partial(window.write_report, "day", ".pdf")),
        Jump(
            _("Reporte de segmentos en Excel"),
            kind,
            "file-spreadsheet",
            partial(window.write_report, "segments", ".xlsx"),
        ),
        Jump(
            _("Reporte de segmentos en PDF"),
            kind,
            "printer",
            partial(window.write_report, "segments", ".pdf"),
        ),
        Jump(theme_words, kind, "palette", partial(change_theme, "light" if is_dark else "dark")),
        Jump(_("Ayuda"), kind, "circle-question-mark", window.open_help),
    ]
