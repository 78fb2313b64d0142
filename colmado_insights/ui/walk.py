"""Walk through every page and wait for each: the smoke test and the pictures of the documentation."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QWidget

from colmado_insights.analytics.results import SegmentType
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages import PAGES
from colmado_insights.ui.pages.actions import DISMISSED, OPEN, TAKEN, ActionsPage
from colmado_insights.ui.pages.baskets import BUNDLES, PAIRS, SEASONS, TRENDS, TRIAL, BasketsPage
from colmado_insights.ui.pages.customers import ALL, BACK, DUE, RISK, SEGMENTS, CustomersPage
from colmado_insights.ui.pages.prices import ALARMS, REFUSED, PricesPage
from colmado_insights.ui.pages.products import ASLEEP, ENDING, LIST, MARGINS, WEIGHT, ProductsPage
from colmado_insights.ui.pages.segment import SegmentPage
from colmado_insights.ui.pages.segments import SegmentsPage
from colmado_insights.ui.tasks import Tasks

CALM_SECONDS = 0.25
PATIENCE_SECONDS = 120.0


class TooSlow(Exception):
    """A page did not come to rest."""


def wait_until_calm(tasks: Tasks, patience: float = PATIENCE_SECONDS) -> None:
    """Let the window live until no task runs and none was started for a moment."""
    end, calm_since = time.monotonic() + patience, time.monotonic()
    while time.monotonic() - calm_since < CALM_SECONDS:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.005)
        if tasks.is_busy:
            calm_since = time.monotonic()
        if time.monotonic() > end:
            raise TooSlow


def _see_segments(window: MainWindow, tasks: Tasks, see: Callable[[str, QWidget], None]) -> None:
    """The learned group, and one segment beside another."""
    page = window.open_page(SegmentsPage.NAME)
    assert isinstance(page, SegmentsPage)
    page.show_kind(SegmentType.LEARNED)
    wait_until_calm(tasks)
    see("segments-learned", window)
    page.show_kind(SegmentType.TEMPORAL)
    profile = window.open_page(SegmentPage.NAME)
    assert isinstance(profile, SegmentPage)
    first, *others = profile.book.all()
    profile.show_segment(first.segment_id)
    profile.compare_with(others[-1].segment_id)
    wait_until_calm(tasks)
    see("segment-compared", window)
    profile.compare_with("")


def _see_customers(window: MainWindow, tasks: Tasks, see: Callable[[str, QWidget], None]) -> None:
    """The other lists of customers."""
    page = window.open_page(CustomersPage.NAME)
    assert isinstance(page, CustomersPage)
    for tab, name in ((RISK, "risk"), (DUE, "due"), (BACK, "back"), (SEGMENTS, "segments")):
        page.show_tab(tab)
        wait_until_calm(tasks)
        see(f"customers-{name}", window)
    page.show_tab(ALL)


def _see_products(window: MainWindow, tasks: Tasks, see: Callable[[str, QWidget], None]) -> None:
    """The other lists of products."""
    page = window.open_page(ProductsPage.NAME)
    assert isinstance(page, ProductsPage)
    for view, name in ((WEIGHT, "weight"), (MARGINS, "margins"), (ASLEEP, "asleep"), (ENDING, "ending")):
        page.show_view(view)
        wait_until_calm(tasks)
        see(f"products-{name}", window)
    page.show_view(LIST)


def _see_prices(window: MainWindow, tasks: Tasks, see: Callable[[str, QWidget], None]) -> None:
    """The costs that rose, and what could not be judged."""
    page = window.open_page(PricesPage.NAME)
    assert isinstance(page, PricesPage)
    first, *_others = page.kinds
    for kind, name in ((ALARMS, "alarms"), (REFUSED, "refused")):
        page.show_kind(kind)
        wait_until_calm(tasks)
        see(f"prices-{name}", window)
    page.show_kind(first)


def _see_actions(window: MainWindow, tasks: Tasks, see: Callable[[str, QWidget], None]) -> None:
    """What was done and what was put off."""
    page = window.open_page(ActionsPage.NAME)
    assert isinstance(page, ActionsPage)
    for tab, name in ((TAKEN, "taken"), (DISMISSED, "dismissed")):
        page.show_tab(tab)
        wait_until_calm(tasks)
        see(f"actions-{name}", window)
    page.show_tab(OPEN)


def _see_baskets(window: MainWindow, tasks: Tasks, see: Callable[[str, QWidget], None]) -> None:
    """The other parts of the baskets, and what goes with a product."""
    page = window.open_page(BasketsPage.NAME)
    assert isinstance(page, BasketsPage)
    for tab, name in ((BUNDLES, "bundles"), (TRENDS, "trends"), (SEASONS, "seasons"), (TRIAL, "trial")):
        page.show_tab(tab)
        if tab == TRIAL and page.pairs.rows.shown:
            page.trial.pick(page.pairs.rows.shown[0].product_id)
        wait_until_calm(tasks)
        see(f"baskets-{name}", window)
    page.show_tab(PAIRS)


def walk(window: MainWindow, tasks: Tasks, see: Callable[[str, QWidget], None]) -> list[str]:
    """Open every page and the cashier panel; `see` gets each when it stands. Returns what stood in trouble."""
    troubled = []
    for kind in PAGES:
        page = window.open_page(kind.NAME)
        wait_until_calm(tasks)
        if page.state.state != "result":
            troubled.append(kind.NAME)
        see(kind.NAME, window)
        if kind is SegmentPage and page.state.state == "result":
            _see_segments(window, tasks, see)
        if kind is CustomersPage and page.state.state == "result":
            _see_customers(window, tasks, see)
        if kind is ProductsPage and page.state.state == "result":
            _see_products(window, tasks, see)
        if kind is PricesPage and page.state.state == "result":
            _see_prices(window, tasks, see)
        if kind is ActionsPage and page.state.state == "result":
            _see_actions(window, tasks, see)
        if kind is BasketsPage and page.state.state == "result":
            _see_baskets(window, tasks, see)
    panel = window.open_panel()
    wait_until_calm(tasks)
    see("cashier", panel)
    panel.close()
    window.open_page(PAGES[0].NAME)
    return troubled


def save_picture(folder: Path, suffix: str, name: str, widget: QWidget) -> None:
    """Save what stands as a PNG."""
    widget.grab().save(str(folder / f"{name}{suffix}.png"))
