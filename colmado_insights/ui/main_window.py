"""The window: navigation and a stack of pages, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import delete

from colmado_insights import NAME
from colmado_insights.config import Settings
from colmado_insights.domain import Customer, Role
from colmado_insights.feeds import FeedEvent
from colmado_insights.progress import Progress
from colmado_insights.schedule import find_job
from colmado_insights.text import _
from colmado_insights.ui.ages import ago
from colmado_insights.ui.cashier_panel import CashierPanel
from colmado_insights.ui.context import Context
from colmado_insights.ui.dialogs.help import KEYS, PAGE_HELP, Help
from colmado_insights.ui.dialogs.quick_open import QuickOpen
from colmado_insights.ui.jumps import jumps_of
from colmado_insights.ui.pages import PAGES, RAIL_PAGES, Page
from colmado_insights.ui.pages.ask import AskPage
from colmado_insights.ui.pages.imports import ImportsPage
from colmado_insights.ui.pages.page import CUSTOMERS, QUARANTINE, SALES
from colmado_insights.ui.pages.reports import ReportsPage
from colmado_insights.ui.pages.settings import SettingsPage
from colmado_insights.ui.restoring import Restoring
from colmado_insights.ui.schedule import Schedule
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.updates import Updates
from colmado_insights.ui.widgets.drop_area import dropped_files
from colmado_insights.ui.widgets.feed_bar import FeedBar
from colmado_insights.ui.widgets.rail import KEYS as RAIL_KEYS
from colmado_insights.ui.widgets.rail import Rail
from colmado_insights.ui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from colmado_insights.shop import Shop

FOOT_MS = 60_000
BACKUP = "backup"
"""The job after which the rail's foot tells another age."""


class MainWindow(QMainWindow):
    """Rail, top bar and the pages; a change of look or language makes its content anew."""

    def __init__(
        self,
        shop: Shop,
        tasks: Tasks,
        clock: Callable[[], datetime],
        apply: Callable[[Settings], Look],
    ) -> None:
        super().__init__()
        self._shop, self._tasks, self._clock, self._apply = shop, tasks, clock, apply
        self.settings = shop.settings
        self.pages: dict[str, Page] = {}
        self.panel: CashierPanel | None = None
        self.customers: tuple[Customer, ...] = ()  # for the quick list
        self.schedule = Schedule(shop, tasks, clock, self)  # looks after nothing until it is started
        self.updates = Updates(self)  # so does this
        self.restoring = Restoring(self)
        self._badges: dict[str, int] = {}
        self._feed_troubles: tuple[FeedEvent, ...] = ()
        self._closed_troubles: set[FeedEvent] = set()
        self.setAcceptDrops(True)
        self._build()
        self._add_keys()
        tasks.data_changed.connect(self._take_change)
        self.schedule.changed.connect(self._show_work)
        self._foot_timer = QTimer(self)
        self._foot_timer.setInterval(FOOT_MS)
        self._foot_timer.timeout.connect(self.load_foot)
        self._foot_timer.start()
        self.load_waiting()
        self.load_customers()

    # -- going somewhere --

    def open_page(self, name: str) -> Page:
        """Show the page of that name, made when first asked for."""
        page = self.pages.get(name) or self._make_page(name)
        self._top.show_page(_(page.TITLE), page.control, can_print=bool(page.REPORT))
        self._stack.setCurrentWidget(page)
        self._rail.set_place(_rail_place(name))
        return page

    @property
    def page(self) -> Page:
        """The page that stands."""
        page = self._stack.currentWidget()
        assert isinstance(page, Page)
        return page

    def open_panel(self) -> CashierPanel:
        """Show the cashier panel."""
        if self.panel is None:
            self.panel = CashierPanel(self.context)
        self.panel.show()
        self.panel.raise_()
        return self.panel

    def open_search(self) -> QuickOpen:
        """Show the quick list."""
        dialog = QuickOpen(self.context.look, jumps_of(self), self, self.ask)
        dialog.show()
        return dialog

    def ask(self, question: str) -> None:
        """Ask the shop, on the page that answers."""
        page = self.open_page(AskPage.NAME)
        assert isinstance(page, AskPage)
        page.ask(question)

    def open_help(self) -> Help:
        """Show the help."""
        dialog = Help(self.context.look, _("Ayuda"), (PAGE_HELP, KEYS), self)
        dialog.show()
        return dialog

    def print_page(self) -> None:
        """Write the standing page's report as PDF."""
        if self.page.REPORT:
            self.write_report(self.page.REPORT, ".pdf")

    def write_report(self, kind: str, suffix: str) -> None:
        """Write a report, on the page that says where it lies."""
        page = self.open_page(ReportsPage.NAME)
        assert isinstance(page, ReportsPage)
        page.write(kind, suffix)

    def bring_file(self) -> None:
        """Ask for files of sales, on the page that reads them."""
        self.open_imports().ask_file()

    def make_sample(self) -> None:
        """Open the sample shop."""
        self.open_imports().make_sample()

    def open_imports(self) -> ImportsPage:
        """Show the page of imports."""
        page = self.open_page(ImportsPage.NAME)
        assert isinstance(page, ImportsPage)
        return page

    # -- what comes by itself --

    def show_feed_troubles(self, troubles: tuple[FeedEvent, ...]) -> None:
        """Say which files could not come in by themselves, but for those of which the owner knows."""
        self._feed_troubles = troubles
        self._closed_troubles &= set(troubles)  # what went away and comes back is said again
        self._feed_bar.show_troubles([each for each in troubles if each not in self._closed_troubles])

    def _close_feed_troubles(self) -> None:
        self._closed_troubles = set(self._feed_troubles)
        self._feed_bar.show_troubles(())

    # -- settings --

    def change_settings(self, settings: Settings) -> None:
        """Keep new settings and make the content anew in their look and language."""
        old, self.settings = self.settings, settings
        shop = self.context.shop
        self.schedule.cancel(self.schedule.running)  # it works with the old ones
        self._tasks.run(
            lambda _progress: shop.write_settings(settings),
            owner=self, key="settings", done=lambda _nothing: None, changes=frozenset({"settings"}),
        )  # fmt: skip
        is_same_look = old.part(machine=True) == settings.part(machine=True)
        QTimer.singleShot(0, self, lambda: self._rebuild(is_same_look))  # the page that asked is let go first

    def read_anew(self) -> None:
        """Take everything from the shop again: its file holds something else."""
        self.settings = self._shop.settings
        self._badges.clear()
        self.load_waiting()
        self.load_customers()
        QTimer.singleShot(0, self, lambda: self._rebuild(is_same_look=True))

    # -- foot and badges --

    def load_foot(self) -> None:
        """Read how fresh the data are."""
        now, shop, words = self._clock(), self.context.shop, self.settings.shop_name

        def read(_progress: Progress) -> list[str]:
            last = shop.read_cashier(now).last_sale
            lines = [_("Última venta: {age}").format(age=ago(last, now)) if last else _("Sin ventas todavía")]
            if backups := shop.read_backups():
                lines.append(_("Respaldo: {age}").format(age=ago(backups[0][0], now)))
            return [*lines, words]

        self._tasks.run(
            read, owner=self, key="foot", done=self._show_foot, error=lambda _error: self._show_foot([words])
        )

    def load_waiting(self) -> None:
        """Count the rows that wait to be looked at, for the badge where one gets to them."""
        shop = self.context.shop

        def count(_progress: Progress) -> int:
            return sum(group.rows for group in shop.read_quarantine())

        self._tasks.run(
            count, owner=self, key="waiting",
            done=partial(self._show_badge, ImportsPage.NAME), error=lambda _error: None,
        )  # fmt: skip

    def load_customers(self) -> None:
        """Read who is known by name, so that the quick list finds them."""
        shop = self.context.shop
        if self.context.role is Role.CASHIER:
            return

        def take(customers: tuple[Customer, ...]) -> None:
            self.customers = customers

        self._tasks.run(
            lambda _progress: shop.read_customers(), owner=self, key="customers",
            done=take, error=lambda _error: None,
        )  # fmt: skip

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere on the window."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Bring them in on the page made for it."""
        event.acceptProposedAction()
        if files := self.updates.take_files(dropped_files(event)):
            self.open_imports().bring_files(files)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The panel goes with the window."""
        if self.panel is not None:
            self.panel.close()
        super().closeEvent(event)

    # -- parts --

    def _build(self, look: Look | None = None) -> None:
        self.setWindowTitle(f"{self.settings.shop_name} – {NAME}")
        self.context = Context(
            shop=self._shop,
            settings=self.settings,
            tasks=self._tasks,
            look=look or self._apply(self.settings),
            clock=self._clock,
            go=self.open_page,
            bring_file=self.bring_file,
            make_sample=self.make_sample,
            write_report=self.write_report,
            change_settings=self.change_settings,
            schedule=self.schedule,
            restoring=self.restoring,
            updates=self.updates,
        )
        self.pages = {}
        self._rail = Rail(self.context.look, [(_(page.TITLE), page.ICON) for page in RAIL_PAGES])
        self._rail.chosen.connect(lambda place: self.open_page(RAIL_PAGES[place].NAME))
        self._rail.panel_asked.connect(self.open_panel)
        self._show_work()
        self._top = TopBar(self.context.look)
        self._top.search_asked.connect(self.open_search)
        self._top.print_asked.connect(self.print_page)
        self._stack = QStackedWidget()
        ground = QWidget()
        ground.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        row = QHBoxLayout(ground)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._top)
        column.addWidget(self.updates.make_bar(self.context.look))
        self._feed_bar = FeedBar(self.context.look, self._close_feed_troubles)
        column.addWidget(self._feed_bar)
        column.addWidget(self._stack, 1)
        row.addWidget(self._rail)
        row.addLayout(column, 1)
        self.setCentralWidget(ground)
        self.show_feed_troubles(self._feed_troubles)
        ground.setFocus()  # not on the rail: its ring is for who uses the keyboard

    def _rebuild(self, is_same_look: bool) -> None:
        name, depth = self.page.NAME, self.page.scrolled
        is_panel_open = self.panel is not None and self.panel.isVisible()
        if self.panel is not None:
            self.panel.close()
            self.panel.deleteLater()
            self.panel = None
        if not is_same_look and (ground := self.takeCentralWidget()):
            delete(ground)  # dressing pages that go anyway would hold the window for seconds
        self._build(self.context.look if is_same_look else None)
        self.open_page(name).stand_at(depth)
        self.load_foot()
        for page, count in self._badges.items():
            self._show_badge(page, count)
        if is_panel_open:
            self.open_panel()

    def _make_page(self, name: str) -> Page:
        kind = next(page for page in PAGES if name == page.NAME)
        page = kind(self.context)
        page.badge_changed.connect(lambda count: self._show_badge(page.BADGE or page.PARENT or name, count))
        self.pages[name] = page
        self._stack.addWidget(page)
        return page

    def _show_badge(self, name: str, count: int) -> None:
        self._badges[name] = count
        self._rail.buttons[_rail_place(name)].set_badge(count)

    def _show_foot(self, lines: list[str]) -> None:
        self._rail.show_foot(lines)

    def _show_work(self) -> None:
        """Say at the rail's foot what is being done by itself."""
        name = self.schedule.running
        self._rail.show_work(_(find_job(name).words) if name else "")

    def _take_change(self, topics: frozenset[str]) -> None:
        if topics & {SALES, BACKUP}:
            self.load_foot()
        if topics & {SALES, QUARANTINE}:
            self.load_waiting()
        if topics & {SALES, CUSTOMERS}:
            self.load_customers()

    def _add_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+K": self.open_search,
            "Ctrl+I": self.bring_file,
            "Ctrl+P": self.print_page,
            "Ctrl+,": lambda: self.open_page(SettingsPage.NAME),
            "F1": self.open_help,
            "F5": lambda: self.page.load(),
            "Esc": lambda: self.open_page(PAGES[0].NAME),
        }
        for key, kind in zip(RAIL_KEYS, RAIL_PAGES, strict=False):
            keys[key] = partial(self.open_page, kind.NAME)
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(partial(_call, act))


def _rail_place(name: str) -> int:
    """Where the page stands on the rail, or the nearest above it that does."""
    page = next(kind for kind in PAGES if name == kind.NAME)
    return _rail_place(page.PARENT) if page.PARENT else RAIL_PAGES.index(page)


def _call(act: Callable[[], object]) -> None:
    """Drop what an action returns: a signal has no use for it."""
    act()
