"""Start the window: paths, log, crash hooks, settings, language, database, window."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from colmado_insights import NAME, __version__, config, insights, logs, sample_shop, vault
from colmado_insights.config import LANGUAGES, THEMES, Settings
from colmado_insights.domain import Restored
from colmado_insights.errors import DatabaseDamaged, ForeignDatabase, ShopError
from colmado_insights.progress import Progress
from colmado_insights.schedule import BACKUP_AFTER
from colmado_insights.shop import Shop
from colmado_insights.storage import restore
from colmado_insights.text import _
from colmado_insights.ui.cashier_panel import CashierPanel
from colmado_insights.ui.dialogs.damaged_shop import DamagedShop
from colmado_insights.ui.dialogs.trouble import Trouble
from colmado_insights.ui.feeds import Feeds
from colmado_insights.ui.first_paint import FirstPaint
from colmado_insights.ui.garbage import GarbageCollector, share_arenas
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.notices import Notices
from colmado_insights.ui.pages import PAGES
from colmado_insights.ui.smoke import SmokeReport, listening, try_everything
from colmado_insights.ui.style import Look, load_fonts
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.walk import save_picture, walk

log = logging.getLogger(__name__)

SIZE = (1366, 768)
SWITCH_SECONDS = 0.001
"""How long a worker may keep the interpreter when the window wants it: a repaint asks for it many times."""
HARMLESS = (
    "This plugin does not support",  # said by the offscreen platform only
    "Detected locale",  # a Linux without one: Qt takes UTF-8 then, as all else here does
)


@dataclass
class Troubles:
    """What went wrong without a page to show it: bugs, and what Qt complained about."""

    lines: list[str]

    def add(self, line: str) -> None:
        """Remember one and log it."""
        self.lines.append(line)
        log.error("%s", line)

    def add_error(self, error: BaseException) -> None:
        """Remember one; the log tells only its kind: its words may quote a row of sales."""
        self.lines.append(f"{type(error).__name__}: {error}")
        log.error("%s", type(error).__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status."""
    options = read_options(argv)
    if not has_screen():
        if not (options.smoke or options.screenshots):
            say(_("No hay pantalla en que abrir la ventana. Usa el programa de terminal: colmado"))
            return 1
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return run_smoke(options) if options.smoke else start(options)


def run_smoke(options: argparse.Namespace) -> int:
    """Try everything in a home of its own: nothing of the user's is read or written. What goes wrong is said."""
    report = SmokeReport()
    prefix = "colmado-smoke-"
    with listening(report), tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as home:
        os.environ["COLMADO_HOME"] = home
        start(options, report)
    if options.smoke_log:
        report.write(options.smoke_log)
    return tell(report.problems)


def start(options: argparse.Namespace, smoke: SmokeReport | None = None) -> int:
    """Compose the program and run it; a shop that cannot be opened is said in a sentence."""
    try:
        program = Program(options, smoke)
    except ShopError as error:
        return tell_trouble(error, is_quiet=options.smoke or bool(options.screenshots))
    return program.run()


def tell_trouble(error: ShopError, *, is_quiet: bool) -> int:
    """Say why the program cannot start, in a window where somebody looks at one."""
    say(str(error))
    if not is_quiet:
        _application = QApplication.instance() or QApplication(sys.argv[:1])  # it may have failed before
        load_fonts()
        look = Look.of(Settings().with_values(config.read_machine_settings()))
        Trouble(look, error, is_end=True).exec()
    return 1


def tell(problems: Sequence[str]) -> int:
    """Say what went wrong, and the exit status that goes with it."""
    for problem in problems:
        say(problem)
    return 1 if problems else 0


def _put_back(path: Path, chosen: Path, progress: Progress) -> Restored:
    return restore.restore(path, chosen, progress=progress)


def say(line: str) -> None:
    """One line for the terminal; the windowed program on Windows has none."""
    if sys.stderr is not None:
        sys.stderr.write(f"{line}\n")


def read_options(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line of the window."""
    language = config.asked_language(sys.argv[1:] if argv is None else argv)
    config.use_language(language)
    config.use_library_language("argparse", language)
    parser = argparse.ArgumentParser(prog=config.APP, description=NAME, add_help=False)
    add, file, folder, number = parser.add_argument, _("ARCHIVO"), _("CARPETA"), _("NÚMERO")
    pages = [page.NAME for page in PAGES]
    add("--db", type=Path, metavar=file, help=_("Base de datos (la propia si no se dice)."))
    add("--lang", choices=LANGUAGES, help=_("Idioma; si no se dice, el de esta PC."))
    add("--theme", choices=THEMES, help=_("Colores: claros, oscuros o los del sistema."))
    add("--text", type=int, metavar=number, help=_("Tamaño de la letra en por ciento, de 80 a 200."))
    add("--page", choices=pages, default=pages[0], help=_("Página con que se abre."))
    add("--size", default="", metavar="1366x768", help=_("Tamaño de la ventana."))
    add("--cashier", action="store_true", help=_("Abrir solo el panel de caja."))
    add("--sample", action="store_true", help=_("Llenar un colmado vacío con ventas de muestra."))
    add(
        "--at",
        type=datetime.fromisoformat,
        metavar=_("AAAA-MM-DDTHH:MM"),
        help=_("Hacer como si fuera ese momento."),
    )
    add("--smoke", action="store_true", help=_("Abrir todo una vez y salir con 0 si está bien."))
    add("--smoke-log", type=Path, metavar=file, help=_("Con --smoke: cómo salió, en JSON."))
    add("--screenshots", type=Path, metavar=folder, help=_("Guardar una foto de cada página."))
    add(
        "--version", action="version", version=f"{NAME} {__version__}", help=_("Enseña la versión y termina.")
    )
    add("-h", "--help", action="help", help=_("Enseña esta ayuda y termina."))
    return parser.parse_args(argv)


def has_screen() -> bool:
    """Whether a window can be opened at all."""
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


class Program:
    """Everything that lives as long as the program; composed once, in this order."""

    def __init__(self, options: argparse.Namespace, smoke: SmokeReport | None = None) -> None:
        self.options = options
        self.smoke = smoke
        self.troubles = Troubles([])
        self._trouble: Trouble | None = None
        sys.setswitchinterval(SWITCH_SECONDS)
        share_arenas()
        self.look = Look.of(Settings())
        logs.start_log(config.open_data_folder() / "logs")
        config.keep_matplotlib_at_home()
        self._set_crash_hooks()
        self.application = QApplication(sys.argv[:1])
        self.application.setApplicationName(NAME)
        self.application.setApplicationVersion(__version__)
        self._translator: QTranslator | None = None
        load_fonts()
        self.application.setWindowIcon(QIcon(str(config.resource("icons/colmado.svg"))))
        machine = self._read_machine_settings()
        self.feeds: Feeds | None = None
        self.notices: Notices | None = None
        self.look = self._apply(machine)
        self.tasks = Tasks(self._show_trouble)
        self.garbage = GarbageCollector(lambda: self.tasks.is_busy)
        self.garbage.start()
        self.shop = self._open_shop(options.db or config.default_database(), machine)
        self.garbage.rested.connect(self.shop.let_go)

    def run(self) -> int:
        """Open what was asked for and stay until it is closed."""
        try:
            window = self._make_window()
            if self.smoke is not None:
                try_everything(window, self.tasks, self.smoke)
                return 0
            if self.options.screenshots:
                return self._take_pictures(window)
            if self.options.cashier:
                panel = CashierPanel(window.context)
                panel.show()
            else:
                FirstPaint(window)
                window.show()
                window.open_page(self.options.page)
                window.load_foot()
                self.warm_up(window)
                self.notices = Notices(window)
                if self.options.at is None:
                    window.updates.start()  # where only the cashier's panel stands, nobody decides on versions
            if self.options.sample:
                self._fill_sample(window)
            if self.options.at is None:  # at another moment nothing is done that stays
                window.schedule.start()
            self.feeds = Feeds(self.shop, self.tasks, self._show_trouble, window)
            self.feeds.troubles_changed.connect(window.show_feed_troubles)
            self.feeds.follow(self.shop.settings)
            window.restoring.restored.connect(self._feed_anew)
            return self.application.exec()
        finally:
            if self.feeds is not None:
                self.feeds.stop()
            if self.notices is not None:
                self.notices.stop()
            vault.leave_alone()
            self.tasks.stop()
            self.garbage.stop()
            self._back_up_if_due()
            self.shop.close()
            qInstallMessageHandler(None)

    def warm_up(self, window: MainWindow) -> None:
        """Load what the first analysis needs while nobody waits for it."""
        self.tasks.run(
            insights.warm_up, owner=window, key="warm up", done=lambda _nothing: self.garbage.settle()
        )

    def _feed_anew(self) -> None:
        if self.feeds is not None:
            self.feeds.begin_anew(self.shop.settings)

    # -- composing --

    def _open_shop(self, path: Path, machine: Settings) -> Shop:
        """The shop; in the place of one whose file is damaged a backup, when there is one and the owner wants it."""
        try:
            return Shop(path, machine)
        except ForeignDatabase:
            raise
        except DatabaseDamaged as error:
            backups = restore.read_backups(path)
            if not (backups and self._is_watched):
                raise
            put_back = partial(_put_back, path)
            if not DamagedShop(self.look, self.tasks, error, backups, put_back).exec():
                raise SystemExit(1) from error
        return self._open_shop(path, machine)

    @property
    def _is_watched(self) -> bool:
        """Whether somebody sees a dialog and can answer it."""
        return not (self.options.smoke or self.options.screenshots)

    def _make_window(self) -> MainWindow:
        window = MainWindow(self.shop, self.tasks, self._clock, self._apply)
        window.resize(*self._size())
        return window

    def _size(self) -> tuple[int, int]:
        if self.options.size:
            wide, high = self.options.size.lower().split("x")
            return int(wide), int(high)
        room = self.application.primaryScreen().availableSize()
        return min(SIZE[0], room.width()), min(SIZE[1], room.height())

    def _clock(self) -> datetime:
        return self.options.at or datetime.now()

    def _read_machine_settings(self) -> Settings:
        """Defaults, then this PC's, then the command line's; the shop's own come with its database."""
        settings = Settings().with_values(config.read_machine_settings())
        asked = {
            "language": self.options.lang,
            "theme": self.options.theme,
            "text_percent": self.options.text,
        }
        return settings.with_values({name: value for name, value in asked.items() if value is not None})

    def _apply(self, settings: Settings) -> Look:
        """Put language and look into force."""
        self._use_language(settings.language)
        self.look = Look.of(settings)
        self.look.dress(self.application)
        if self.feeds is not None:
            self.feeds.follow(settings)
        return self.look

    def _use_language(self, code: str) -> None:
        QLocale.setDefault(QLocale("es_DO" if code == "es" else "en_US"))
        config.use_language(code)
        if self._translator is not None:
            self.application.removeTranslator(self._translator)
        self._translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(f"qtbase_{code}", folder):
            self.application.installTranslator(self._translator)

    def _back_up_if_due(self) -> None:
        """A backup a day, once the window is closed; a failure is for the log, not for who goes home."""
        try:
            backups = self.shop.read_backups()
            is_due = not backups or datetime.now() - backups[0][0] > BACKUP_AFTER
            if is_due and self.shop.read_summary().receipts:
                self.shop.write_backup()
        except ShopError:
            log.exception("no backup on closing")

    # -- trouble --

    def _set_crash_hooks(self) -> None:
        def unhandled(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            log.critical("unhandled", exc_info=(kind, error, trace))
            if isinstance(error, Exception) and threading.current_thread() is threading.main_thread():
                self._show_trouble(error)
            else:
                self.troubles.add_error(error)

        def unhandled_in_thread(args: threading.ExceptHookArgs) -> None:
            if args.exc_value is not None:
                unhandled(args.exc_type, args.exc_value, args.exc_traceback)

        def qt_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
            if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) or message.startswith(HARMLESS):
                log.debug("%s", message)
            else:
                self.troubles.add(f"Qt: {message}")

        sys.excepthook = unhandled
        threading.excepthook = unhandled_in_thread
        qInstallMessageHandler(qt_message)

    def _show_trouble(self, error: Exception) -> None:
        self.troubles.add_error(error)
        # One at a time: a bug in a timer would fill the screen.
        if self._is_watched and self._trouble is None:
            self._trouble = Trouble(self.look, error, self.application.activeWindow())
            self._trouble.finished.connect(self._forget_trouble)
            self._trouble.show()

    def _forget_trouble(self) -> None:
        self._trouble = None

    # -- walks --

    def _fill_sample(self, window: MainWindow) -> None:
        """Make the sample shop, unless there are sales already."""
        shop = self.shop

        def is_empty(_progress: Progress) -> bool:
            return not shop.read_summary().receipts

        def fill(empty: bool) -> None:
            if empty:
                window.make_sample()

        self.tasks.run(is_empty, owner=window, key="is empty", done=fill)

    def _take_pictures(self, window: MainWindow) -> int:
        """Save a picture of every page as the options ask for it."""
        folder, settings = self.options.screenshots, self.shop.settings
        folder.mkdir(parents=True, exist_ok=True)
        if self.options.sample:
            self._make_sample_now(sample_shop.DEMO_DAYS)
        window.show()
        window.load_foot()
        suffix = f"-{settings.theme}-{settings.language}"
        suffix += f"-{settings.text_percent}" if settings.text_percent != 100 else ""
        troubled = walk(window, self.tasks, partial(save_picture, folder, suffix))
        window.close()
        return tell([*(f"page {name} stands without a result" for name in troubled), *self.troubles.lines])

    def _make_sample_now(self, days: int) -> None:
        if not self.shop.read_summary().receipts:
            self.shop.make_sample(Progress(), days=days, now=self._clock())
