"""To look at: the rows that could not become sales, by reason, each reason mended once for all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import config, text
from colmado_insights.domain import BadGroup, ImportReport, Role
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import CATALOG, QUARANTINE, SALES, Page
from colmado_insights.ui.widgets.bad_group_card import BadGroupCard
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.import_result import ImportResult
from colmado_insights.ui.widgets.label import Tone, label
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.state_view import Message


class QuarantinePage(Page):
    """One card a reason; none of the rows is ever thrown away without a word."""

    NAME = "quarantine"
    TITLE = N_("Por revisar")
    ICON = "file-warning"
    PARENT = "imports"
    ROLE = Role.MANAGER
    NEEDS = frozenset({SALES, QUARANTINE})
    BLOCKS = ((34, (1,)), (280, (1, 1)), (280, (1, 1)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look = self.look
        self._results = NoticePlace(look)
        self.body.addLayout(self._results)
        self._top, self._summary = self._make_top()
        self.body.addWidget(self._top)
        self._cards = CardGrid(look, 430, 2)
        self.body.addWidget(self._cards)
        self._clean = QVBoxLayout()
        self.body.addLayout(self._clean, 20)
        self.body.addStretch(1)

    def read(self, progress: Progress) -> tuple[BadGroup, ...]:
        """The rows that wait, by reason."""
        return self.ctx.shop.read_quarantine()

    def show_result(self, result: tuple[BadGroup, ...]) -> None:
        """A card a reason, the largest first; or that nothing waits."""
        rows = sum(group.rows for group in result)
        self._cards.clear()
        clear_layout(self._clean)
        self._top.setVisible(bool(result))
        self._cards.setVisible(bool(result))
        if not result:
            self._clean.addWidget(self._make_clean())
        words = ngettext(
            "{n} fila está guardada pero no cuenta como venta.",
            "{n} filas están guardadas pero no cuentan como ventas.",
            rows,
        )
        self._summary.setText(words.format(n=text.number(rows)))
        for group in sorted(result, key=lambda group: -group.rows):
            card = BadGroupCard(self.look, group)
            card.fix_asked.connect(partial(self.mend, group.code))
            card.dismissed.connect(partial(self.dismiss, group.code))
            self._cards.add(card)

    def mend(self, code: str, fix: Mapping[str, str]) -> None:
        """Read the rows of a reason again, as the fix says."""
        self._run(
            lambda progress: self.ctx.shop.retry_quarantine(code, fix, progress),
            self._show_report,
            frozenset({SALES, CATALOG, QUARANTINE}),
        )

    def dismiss(self, code: str) -> None:
        """Leave the rows of a reason out for good."""

        def say(count: int) -> None:
            words = ngettext(
                "{n} fila queda fuera: no es una venta. Sigue en la historia de su archivo.",
                "{n} filas quedan fuera: no son ventas. Siguen en la historia de su archivo.",
                count,
            )
            self._results.say_done(words.format(n=text.number(count)))

        self._run(lambda _progress: self.ctx.shop.dismiss_quarantine(code), say, frozenset({QUARANTINE}))

    def write(self) -> None:
        """Write all of them as Excel, beside the reports."""
        name = _("por-revisar-{day}.xlsx").format(day=f"{self.ctx.clock():%Y-%m-%d}")
        path = config.reports_folder() / name

        def work(_progress: Progress) -> Path:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.ctx.shop.write_quarantine(path)
            return path

        self.ctx.tasks.run(
            work, owner=self, key="write", done=self._say_written, error=self._results.say_trouble
        )

    # -- saying --

    def _run(self, work: Any, done: Any, changes: frozenset[str]) -> None:
        self.ctx.tasks.run(
            work, owner=self, key="mend", done=done, error=self._results.say_trouble, changes=changes
        )

    def _show_report(self, report: ImportReport) -> None:
        self._results.clear()
        self._results.addWidget(ImportResult(self.look, report))

    def _say_written(self, path: Path) -> None:
        notice = self._results.say(_("Listo: {file}").format(file=path.name), Tone.GOOD, "circle-check")
        notice.add_action(
            button(self.look, _("Abrir"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
        )

    # -- parts --

    def _make_top(self) -> tuple[QWidget, Any]:
        look = self.look
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        words = label(look, "", 14, 400, "soft", wrap=True)
        row.addWidget(words, 1)
        row.addWidget(button(look, _("Excel"), self.write, symbol="file-spreadsheet"))
        row.addWidget(button(look, _("Importar"), partial(self.ctx.go, self.PARENT), symbol="arrow-left"))
        return holder, words

    def _make_clean(self) -> Message:
        return Message(
            self.look,
            "circle-check",
            _("No hay nada por revisar."),
            _("Todas las filas que se han traído son ventas o quedaron explicadas."),
            ((_("Volver a Importar"), partial(self.ctx.go, self.PARENT)),),
            Tone.GOOD,
        )
