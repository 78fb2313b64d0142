"""Reports as Excel, PDF or a picture: those to print or send, and those that only the owner should see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from colmado_insights import config
from colmado_insights.analytics.results import NotEnough
from colmado_insights.domain import Role
from colmado_insights.progress import Progress
from colmado_insights.reports.output import SUFFIXES
from colmado_insights.reports.report import Audience, audience_words
from colmado_insights.text import N_, _
from colmado_insights.ui.ages import ago
from colmado_insights.ui.context import Context
from colmado_insights.ui.icons import Icon
from colmado_insights.ui.pages.page import Page
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import Tone, hairline, label
from colmado_insights.ui.widgets.notice_place import NoticePlace

MOST_RECENT = 6


@dataclass(frozen=True)
class ReportKind:
    """A report that can be written: its name for the shop, and its words."""

    kind: str
    symbol: str
    title: str
    about: str
    stem: str
    parts: tuple[str, ...]
    audience: Audience = Audience.EVERYBODY


REPORTS = (
    ReportKind(
        "day", "calendar-days", N_("El día"),
        N_("Lo vendido contra lo normal, hora por hora, y lo que falta por vender."), N_("dia"),
        (
            N_("Los cuatro números del día contra lo normal"),
            N_("Clientes por hora, con su gráfico"),
            N_("Qué pasó y qué se espera los próximos días"),
        ),
    ),
    ReportKind(
        "week", "calendar", N_("La semana"),
        N_("La última semana completa, de lunes a domingo, contra lo normal."), N_("semana"),
        (
            N_("Cada día contra lo normal para ese día"),
            N_("A qué hora se vendió y qué se vendió"),
            N_("Cómo van los segmentos"),
        ),
    ),
    ReportKind(
        "segments", "users", N_("Los segmentos"),
        N_("Quién compra, cuánto, a qué hora y qué lleva; con sus gráficos."), N_("segmentos"),
        (
            N_("Los segmentos con su parte de las compras"),
            N_("A qué hora y qué días viene cada uno"),
            N_("Qué llevan y cómo pagan"),
        ),
    ),
    ReportKind(
        "baskets", "shopping-basket", N_("Lo que va junto"),
        N_("Qué se lleva con qué, los combos que convienen y lo que viene."), N_("lo-que-va-junto"),
        (
            N_("De los que llevan uno, cuántos llevan también el otro"),
            N_("Combos con su precio y lo que se ahorran"),
            N_("Lo que crece, lo que baja y lo de cada época"),
        ),
    ),
    ReportKind(
        "customers", "contact", N_("Los clientes"),
        N_("Cuánto valen, quién se está yendo y qué le toca a cada uno."), N_("clientes"),
        (
            N_("Los ocho segmentos y qué hacer con cada uno"),
            N_("Quién puede no volver, y qué decirle"),
            N_("Todos los clientes, y qué tan bien se sabe"),
        ),
        Audience.PEOPLE,
    ),
    ReportKind(
        "products", "boxes", N_("Los productos"),
        N_("Lo que pesa y deja cada uno, lo que duerme y lo que se acaba."), N_("productos"),
        (
            N_("Los pocos que hacen casi toda la venta (ABC)"),
            N_("Ganancia por categoría y por suplidor"),
            N_("Dinero dormido y lo que se acaba pronto"),
        ),
        Audience.OWNER,
    ),
    ReportKind(
        "prices", "tag", N_("Los precios"),
        N_("Qué precios conviene cambiar y qué costos te comieron el margen."), N_("precios"),
        (
            N_("Cada cambio con lo que trae a la semana"),
            N_("Los costos que subieron y el precio que los cubre"),
            N_("Cómo responde la gente a cada precio"),
        ),
        Audience.OWNER,
    ),
    ReportKind(
        "actions", "lightbulb", N_("Qué hacer"),
        N_("Los consejos de hoy y lo que trajeron los de antes."), N_("consejos"),
        (
            N_("Qué hacer ahora, lo que más deja primero"),
            N_("Todo lo aconsejado y qué se contestó"),
            N_("Lo que trajo, contra lo que se esperaba sin él"),
        ),
        Audience.OWNER,
    ),
)  # fmt: skip
"""To add a report: a row here, and its sections in `reports/`."""


class ReportsPage(Page):
    """Each report with its two buttons, the folder they go to, and what was written."""

    NAME = "reports"
    TITLE = N_("Reportes")
    ICON = "file-text"
    ROLE = Role.MANAGER
    BLOCKS = ((190, (1, 1)), (190, (1, 1)), (80, (1,)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look = self.look
        self.folder = config.reports_folder()
        self._results = NoticePlace(look)
        self.body.addLayout(self._results)
        self._add_group(
            _("Para compartir"), [each for each in REPORTS if each.audience is Audience.EVERYBODY]
        )
        self._add_group(
            _("No son para compartir"), [each for each in REPORTS if each.audience is not Audience.EVERYBODY]
        )
        self.body.addWidget(self._make_folder_card())
        self._recent = Card(look, _("Escritos hace poco"), "file-text")
        self._recent_rows = QVBoxLayout()
        self._recent_rows.setSpacing(look.px(6))
        self._recent.body.addLayout(self._recent_rows)
        self.body.addWidget(self._recent)
        self.body.addStretch(1)

    def read(self, progress: Progress) -> NotEnough | tuple[Path, ...]:
        """The reports written last; nothing to report on is said instead."""
        summary = self.ctx.shop.read_summary()
        if not summary.receipts:
            return NotEnough(1, 0, "receipts")
        return recent_reports(self.folder)

    def show_result(self, result: tuple[Path, ...]) -> None:
        """List what was written; the buttons stand anyway."""
        self._recent.setVisible(bool(result))
        clear_layout(self._recent_rows)
        for place, path in enumerate(result):
            if place:
                self._recent_rows.addWidget(hairline())
            self._recent_rows.addLayout(self._recent_row(path))

    def _recent_row(self, path: Path) -> QHBoxLayout:
        look = self.look
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        symbol = "file-spreadsheet" if path.suffix == ".xlsx" else "file-text"
        row.addWidget(Icon(look, symbol, "brand", 18))
        row.addWidget(label(look, path.name, 14, 500, wrap=True), 1)
        written = datetime.fromtimestamp(path.stat().st_mtime)
        row.addWidget(label(look, ago(written, datetime.now()), 12.5, 400, "soft"))
        row.addWidget(button(look, _("Abrir"), partial(_open, path)))
        return row

    def write(self, kind: str, suffix: str) -> None:
        """Write one report into the folder and say where it lies."""
        now = self.ctx.clock()
        report = next(report for report in REPORTS if report.kind == kind)
        path = self.folder / f"{_(report.stem)}-{now:%Y-%m-%d}{suffix}"
        self._results.say(_("Escribiendo {file}…").format(file=path.name), Tone.BRAND, "hourglass")

        def work(progress: Progress) -> Path:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.ctx.shop.write_report(kind, path, now, progress)
            return path

        self.ctx.tasks.run(work, owner=self, key="write", done=self._show_written, error=self._show_error)

    def _add_group(self, title: str, reports: Sequence[ReportKind]) -> None:
        self.body.addWidget(label(self.look, title, 16, 600))
        grid = CardGrid(self.look, 380, 2)
        for report in reports:
            grid.add(self._make_card(report))
        self.body.addWidget(grid)

    def _make_card(self, report: ReportKind) -> Card:
        look = self.look
        card = Card(look)
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(SymbolTile(look, report.symbol, size=44), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(look.px(2))
        words.addWidget(label(look, _(report.title), 15.5, 600))
        words.addWidget(label(look, _(report.about), 13, 400, "soft", wrap=True))
        if warning := audience_words(report.audience):
            words.addWidget(label(look, warning, 13, 600, "bad", wrap=True))
        row.addLayout(words, 1)
        card.body.addLayout(row)
        for part in report.parts:
            card.body.addLayout(self._part_row(_(part)))
        card.body.addStretch(1)
        card.body.addSpacing(look.px(6))
        buttons = QHBoxLayout()
        buttons.setContentsMargins(look.px(56), 0, 0, 0)
        buttons.setSpacing(look.px(8))
        excel = partial(self.write, report.kind, ".xlsx")
        pdf = partial(self.write, report.kind, ".pdf")
        buttons.addWidget(button(look, _("Excel"), excel, kind="primary", symbol="file-spreadsheet"))
        buttons.addWidget(button(look, _("PDF"), pdf, symbol="printer", hint=_("PDF para imprimir")))
        if report.audience is Audience.EVERYBODY:
            picture = partial(self.write, report.kind, ".png")
            hint = _("Una imagen para mandar por WhatsApp")
            buttons.addWidget(button(look, _("Imagen"), picture, symbol="smartphone", hint=hint))
        buttons.addStretch(1)
        card.body.addLayout(buttons)
        return card

    def _part_row(self, words: str) -> QHBoxLayout:
        look = self.look
        row = QHBoxLayout()
        row.setContentsMargins(look.px(56), 0, 0, 0)
        row.setSpacing(look.px(8))
        row.addWidget(Icon(look, "check", "good", 15), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(look, words, 14, 400, wrap=True), 1)
        return row

    def _make_folder_card(self) -> Card:
        look = self.look
        card = Card(look, _("Dónde se guardan"), "folder-open")
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        self._folder_words = label(look, str(self.folder), 14, 400, wrap=True)
        self._folder_words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.body.addWidget(self._folder_words)
        row.addWidget(button(look, _("Cambiar…"), self._ask_folder))
        row.addWidget(button(look, _("Abrir la carpeta"), lambda: _open(self.folder)))
        row.addStretch(1)
        card.body.addLayout(row)
        return card

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("Carpeta de los reportes"), str(self.folder))
        if chosen:
            self.folder = Path(chosen)
            self._folder_words.setText(chosen)
            self.load()

    def _show_written(self, path: Path) -> None:
        notice = self._results.say(_("Listo: {file}").format(file=path.name), Tone.GOOD, "circle-check")
        notice.add_action(button(self.look, _("Abrir"), lambda: _open(path), kind="primary"))
        notice.add_action(button(self.look, _("Abrir la carpeta"), lambda: _open(path.parent)))
        self.load()

    def _show_error(self, error: Exception) -> None:
        fault = _("El reporte no se pudo escribir por un fallo del programa. Intenta de nuevo.")
        self._results.say_trouble(error, fault)


def recent_reports(folder: Path) -> tuple[Path, ...]:
    """The reports in a folder, newest first."""
    if not folder.is_dir():
        return ()
    found = [path for path in folder.iterdir() if path.suffix in SUFFIXES and path.is_file()]
    return tuple(sorted(found, key=lambda path: -path.stat().st_mtime)[:MOST_RECENT])


def _open(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
