"""Walk through every page and wait for each: the smoke test and the pictures of the documentation."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QDialog, QWidget

from colmado_insights.analytics.results import SegmentType
from colmado_insights.domain import Topic
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages import PAGES
from colmado_insights.ui.pages.actions import DISMISSED, OPEN, TAKEN, ActionsPage
from colmado_insights.ui.pages.ask import AskPage
from colmado_insights.ui.pages.baskets import BUNDLES, PAIRS, SEASONS, TRENDS, TRIAL, BasketsPage
from colmado_insights.ui.pages.customer import CustomerPage
from colmado_insights.ui.pages.customers import ALL, BACK, DUE, RISK, SEGMENTS, CustomersPage
from colmado_insights.ui.pages.grok import GrokPage
from colmado_insights.ui.pages.home import HomePage
from colmado_insights.ui.pages.page import Page
from colmado_insights.ui.pages.prices import ALARMS, CHANGES, REFUSED, PricesPage
from colmado_insights.ui.pages.products import ASLEEP, ENDING, LIST, MARGINS, WEIGHT, ProductsPage
from colmado_insights.ui.pages.segment import SegmentPage
from colmado_insights.ui.pages.segments import SegmentsPage
from colmado_insights.ui.tasks import Tasks

CALM_SECONDS = 0.15
"""Longer than a chart waits before it is drawn in a new size."""
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


def _see_answers(window: MainWindow, tasks: Tasks, see: Callable[[str, QWidget], None]) -> None:
    """Answers to the first questions that are offered."""
    page = window.open_page(AskPage.NAME)
    assert isinstance(page, AskPage)
    for question in page.suggestions[:2]:
        page.ask(question)
        wait_until_calm(tasks)
    see("ask-answered", window)


def _show_part(page: BasketsPage, part: int) -> None:
    """A part of the baskets; the trial with a product to try."""
    page.show_tab(part)
    if part == TRIAL and page.pairs.rows.shown:
        page.trial.pick(page.pairs.rows.shown[0].product_id)


_LISTS: Mapping[type[Page], tuple[Callable[[Any, int], object], int, Sequence[tuple[int, str]]]] = {
    CustomersPage: (
        CustomersPage.show_tab, ALL, ((RISK, "risk"), (DUE, "due"), (BACK, "back"), (SEGMENTS, "segments"))
    ),
    ProductsPage: (
        ProductsPage.show_view, LIST,
        ((WEIGHT, "weight"), (MARGINS, "margins"), (ASLEEP, "asleep"), (ENDING, "ending")),
    ),
    PricesPage: (PricesPage.show_kind, CHANGES, ((ALARMS, "alarms"), (REFUSED, "refused"))),
    ActionsPage: (ActionsPage.show_tab, OPEN, ((TAKEN, "taken"), (DISMISSED, "dismissed"))),
    BasketsPage: (
        _show_part, PAIRS, ((BUNDLES, "bundles"), (TRENDS, "trends"), (SEASONS, "seasons"), (TRIAL, "trial"))
    ),
}  # fmt: skip
"""Of each page with several lists: how one is shown, which stands first, and the others with their names."""

_DIALOGS: Sequence[tuple[str, type[Page], Callable[[Any], object]]] = (
    ("help", HomePage, lambda page: page.window().open_help()),
    ("search", HomePage, lambda page: page.window().open_search()),
    ("customer-form", CustomersPage, CustomersPage.add_customer),
    ("customer-erase", CustomerPage, CustomerPage.ask_erase),
    ("grok-consent", GrokPage, lambda page: page.ask_consent(Topic.SEGMENT, is_allowed=True)),
)
"""What opens over a page: its name, the page, and who asks for it."""


def _see_lists(window: MainWindow, tasks: Tasks, see: Callable[[str, QWidget], None], page: Page) -> None:
    """The other lists of a page; the first one stands again at the end."""
    show, first, others = _LISTS[type(page)]
    for which, name in others:
        show(page, which)
        wait_until_calm(tasks)
        see(f"{page.NAME}-{name}", window)
    show(page, first)


def _see_dialogs(window: MainWindow, tasks: Tasks, see: Callable[[str, QWidget], None]) -> None:
    """What opens over a page, one after the other."""
    for name, page, ask in _DIALOGS:
        ask(window.open_page(page.NAME))
        wait_until_calm(tasks)
        for dialog in window.findChildren(QDialog):
            see(name, dialog)
            dialog.close()
        wait_until_calm(tasks)


def walk(window: MainWindow, tasks: Tasks, see: Callable[[str, QWidget], None]) -> list[str]:
    """Open every page, what opens over them, and the cashier panel; `see` gets each when it stands. Returns what stood in trouble."""
    troubled = []
    for kind in PAGES:
        page = window.open_page(kind.NAME)
        wait_until_calm(tasks)
        if page.state.state != "result":
            troubled.append(kind.NAME)
        see(kind.NAME, window)
        if kind is SegmentPage and page.state.state == "result":
            _see_segments(window, tasks, see)
        if kind is AskPage and page.state.state == "result":
            _see_answers(window, tasks, see)
        if kind in _LISTS and page.state.state == "result":
            _see_lists(window, tasks, see, page)
    _see_dialogs(window, tasks, see)
    panel = window.open_panel()
    wait_until_calm(tasks)
    see("cashier", panel)
    panel.open_help()
    wait_until_calm(tasks)
    panel.close()
    window.open_page(PAGES[0].NAME)
    return troubled


def save_picture(folder: Path, suffix: str, name: str, widget: QWidget) -> None:
    """Save what stands as a PNG."""
    widget.grab().save(str(folder / f"{name}{suffix}.png"))
