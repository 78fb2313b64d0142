"""Imports: files are looked at, come in, what became of them, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout

from colmado_insights import text
from colmado_insights.domain import ImportReport, Preview, Role
from colmado_insights.errors import ShopError
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import CATALOG, QUARANTINE, SALES, Page
from colmado_insights.ui.widgets.batch_row import BatchRow
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, Notice
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.drop_area import DropArea
from colmado_insights.ui.widgets.import_result import ImportResult, day_words
from colmado_insights.ui.widgets.label import Tone, hairline, label
from colmado_insights.ui.widgets.link_card import LinkCard
from colmado_insights.ui.widgets.number_card import NumberCard
from colmado_insights.ui.widgets.waiting_files import WaitingFiles

if TYPE_CHECKING:
    from colmado_insights.insights import Summary
    from colmado_insights.storage.importing.history import Batch

MOST_BATCHES = 30


@dataclass(frozen=True)
class ImportsView:
    """The history of imports, the shop at a glance, and how many rows wait to be looked at."""

    batches: tuple[Batch, ...]
    summary: Summary
    waiting: int  # rows in quarantine


class ImportsPage(Page):
    """A place to drop files, what would come of them, what came, and every import so far."""

    NAME = "imports"
    TITLE = N_("Importar")
    ICON = "file-input"
    ROLE = Role.OWNER
    NEEDS = frozenset({SALES, QUARANTINE})
    BLOCKS = ((90, (1,)), (110, (1, 1, 1, 1)), (300, (1,)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look = self.look
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._is_working = False
        self._handle: Progress | None = None
        self._view: ImportsView | None = None
        self.drop = DropArea(look)
        self.drop.files_chosen.connect(self.bring_files)
        self.body.addWidget(self.drop)
        self._work = self._make_work()
        self._work.hide()
        self.body.addWidget(self._work)
        self._results = QVBoxLayout()
        self._results.setSpacing(look.px(8))
        self.body.addLayout(self._results)
        self.waiting = WaitingFiles(look)
        self.waiting.choice_changed.connect(self._try_choice)
        self.waiting.accepted.connect(self._take_in)
        self.waiting.emptied.connect(self._show_rest)
        self.body.addWidget(self.waiting)
        self._sample = self._make_sample_card()
        self.body.addWidget(self._sample)
        self._numbers = CardGrid(look, 215, 4)
        self.body.addWidget(self._numbers)
        self._care = CardGrid(look, 380, 2)
        self.body.addWidget(self._care)
        self._history = Card(look, _("Lo que se ha traído"), "database")
        self._history_rows = QVBoxLayout()
        self._history_rows.setSpacing(look.px(6))
        self._history.body.addLayout(self._history_rows)
        self.body.addWidget(self._history)
        self.body.addStretch(1)

    def read(self, progress: Progress) -> ImportsView:
        """Every import so far, newest first, and what the shop holds by now."""
        shop = self.ctx.shop
        waiting = sum(group.rows for group in shop.read_quarantine())
        return ImportsView(shop.read_imports(), shop.read_summary(), waiting)

    def show_result(self, result: ImportsView) -> None:
        """Fill the history; an empty one offers the sample shop."""
        self._view = result
        self._show_numbers(result.summary)
        self._show_care(result)
        self._show_rest()
        clear_layout(self._history_rows)
        for place, batch in enumerate(result.batches[:MOST_BATCHES]):
            if place:
                self._history_rows.addWidget(hairline())
            row = BatchRow(self.look, batch)
            row.undo_asked.connect(partial(self._undo, batch))
            self._history_rows.addWidget(row)

    def _show_rest(self) -> None:
        """What has been brought in stands back while files wait for an answer."""
        view, is_free = self._view, not self.waiting.paths and not self._is_working
        has_sales = view is not None and bool(view.summary.receipts)
        has_batches = view is not None and bool(view.batches)
        self.drop.setVisible(not self.waiting.paths)
        self._sample.setVisible(is_free and not has_batches)
        self._numbers.setVisible(not self.waiting.paths and has_sales)
        self._care.setVisible(not self.waiting.paths and has_batches)
        self._history.setVisible(not self.waiting.paths and has_batches)

    def _show_care(self, view: ImportsView) -> None:
        """Where to look when something waits, and how good the data are."""
        self._care.clear()
        if view.waiting:
            words = ngettext(
                "{n} fila guardada que todavía no cuenta como venta.",
                "{n} filas guardadas que todavía no cuentan como ventas.",
                view.waiting,
            ).format(n=text.number(view.waiting))
            self._care.add(
                LinkCard(
                    self.look, "file-warning", _("Por revisar"), words, _("Revisar"),
                    partial(self.ctx.go, "quarantine"), Tone.ACCENT,
                )
            )  # fmt: skip
        self._care.add(
            LinkCard(
                self.look, "shield-check", _("Calidad de los datos"),
                _("Qué les falta a tus datos para que los números digan más."), _("Ver"),
                partial(self.ctx.go, "quality"),
            )
        )  # fmt: skip

    def _show_numbers(self, summary: Summary) -> None:
        self._numbers.clear()
        if not summary.receipts or summary.first_day is None or summary.last_day is None:
            return
        average = _("{money} cada una").format(money=text.money(summary.avg_basket_cents))
        span = _("{first} a {last}").format(
            first=day_words(summary.first_day), last=day_words(summary.last_day)
        )
        lines = ngettext("{n} línea", "{n} líneas", summary.lines).format(n=text.number(summary.lines))
        returned = _("devuelto: {money}").format(money=text.money(summary.returns_cents))
        for title, symbol, number, words in (
            (_("Compras guardadas"), "receipt", text.number(summary.receipts), average),
            (_("Vendido en total"), "banknote", text.money(summary.revenue_cents), returned),
            (_("Productos"), "package", text.number(summary.products), lines),
            (_("Días con ventas"), "calendar-days", text.number(summary.days_open), span),
        ):
            self._numbers.add(NumberCard(self.look, title, symbol, number, words=words))

    def ask_file(self) -> None:
        """Open the file dialog."""
        self.drop.ask()

    def bring_files(self, paths: Sequence[Path]) -> None:
        """Look at these files and say what would come of them; nothing is written yet."""
        if self.ctx.updates is not None and not (paths := self.ctx.updates.take_files(paths)):
            return
        names = ", ".join(path.name for path in paths)
        self._start(
            _("Leyendo {names}…").format(names=names),
            lambda progress: self.ctx.shop.preview_files(paths, progress),
            partial(self._show_previews, paths),
            changes=frozenset(),
        )

    def _show_previews(self, paths: Sequence[Path], previews: Sequence[Preview]) -> None:
        self.waiting.add_previews(paths, previews)
        self._show_rest()
        self.waiting.bring.setFocus(Qt.FocusReason.OtherFocusReason)

    def _try_choice(self, path: Path) -> None:
        """Look at one file again, as its owner says that its columns are."""
        choices = dict(self.waiting.choices)

        def show(previews: Sequence[Preview]) -> None:
            for preview in previews:
                self.waiting.show_preview(preview)

        self.ctx.tasks.run(
            lambda progress: self.ctx.shop.preview_files([path], progress, choices),
            owner=self, key=f"preview {path}", done=show, error=partial(self.waiting.show_trouble, path),
        )  # fmt: skip

    def _take_in(self) -> None:
        """Bring the waiting files in, by the same code that previewed them."""
        if self._is_working:
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # or it would jump to the rail with the pressed button
        paths, choices = self.waiting.good_paths(), dict(self.waiting.choices)
        self.waiting.clear()
        names = ", ".join(path.name for path in paths)
        self._start(
            _("Trayendo {names}…").format(names=names),
            lambda progress: self.ctx.shop.import_files(paths, progress, choices=choices),
            self._show_reports,
        )

    def make_sample(self) -> None:
        """Fill the shop with a believable colmado, to look around."""
        self._start(
            _("Abriendo un colmado de muestra…"),
            lambda progress: self.ctx.shop.make_sample(progress, now=self.ctx.clock()),
            lambda _nothing: self._show_sample_made(),
        )

    # -- work --

    def _start(
        self,
        words: str,
        work: Any,
        done: Any,
        changes: frozenset[str] = frozenset({SALES, CATALOG, QUARANTINE}),
    ) -> None:
        if self._is_working:
            return
        self._is_working = True
        clear_layout(self._results)
        self._show_rest()
        self._sample.hide()
        self._work_words.setText(words)
        self._bar.setRange(0, 0)
        self._cancel.setEnabled(True)
        self._work.show()
        self.drop.setEnabled(False)
        self._handle = self.ctx.tasks.run(
            work, owner=self, key="import", done=partial(self._finish, done),
            error=partial(self._finish, self._show_error), cancelled=self._show_cancelled,
            progress=self._show_progress, changes=changes,
        )  # fmt: skip

    def _finish(self, show: Any, answer: Any) -> None:
        self._is_working = False
        self._work.hide()
        self.drop.setEnabled(True)
        show(answer)
        self._show_rest()

    def _ask_cancel(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._cancel.setEnabled(False)
            self._work_words.setText(_("Parando… lo que ya entró entero se queda, lo demás no."))

    def _show_progress(self, done: int, total: int, words: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._count.setText(f"{text.number(done)} / {text.number(total)}" if total else text.number(done))
        if words:
            self._work_words.setText(words)

    def _show_reports(self, reports: Sequence[ImportReport]) -> None:
        for report in reports:
            self._results.addWidget(ImportResult(self.look, report))
        if any(report.receipts_new for report in reports):
            notice = Notice(self.look, _("Ya se puede ver cómo va tu colmado."), Tone.BRAND, "sparkles")
            notice.add_action(
                button(self.look, _("Ver Inicio"), partial(self.ctx.go, "home"), kind="primary")
            )
            notice.add_action(button(self.look, _("Ver Segmentos"), partial(self.ctx.go, "segments")))
            self._results.addWidget(notice)

    def _show_sample_made(self) -> None:
        """Show it; how it is taken away again is said for who comes back here, where that is done."""
        words = _(
            "El colmado de muestra está abierto. Para quitarlo, toca Deshacer en uno de sus archivos, aquí abajo."
        )
        self._results.addWidget(Notice(self.look, words, Tone.GOOD, "circle-check"))
        self.ctx.go("home")

    def _show_error(self, error: Exception) -> None:
        known = isinstance(error, ShopError)
        words = (
            str(error)
            if known
            else _("El archivo no se pudo traer por un fallo del programa. No se cambió nada.")
        )
        self._results.addWidget(
            Notice(self.look, words, Tone.ACCENT if known else Tone.BAD, "triangle-alert")
        )

    def _show_cancelled(self) -> None:
        words = _("Se paró. Nada quedó a medias.")
        self._finish(lambda _n: self._results.addWidget(Notice(self.look, words, Tone.BRAND)), None)
        self.load()

    def _undo(self, batch: Batch) -> None:
        self._start(
            _("Deshaciendo {file}…").format(file=batch.file),
            lambda progress: self.ctx.shop.undo_import(batch.batch, progress),
            lambda _nothing: self._results.addWidget(
                Notice(self.look, _("Se deshizo {file}: sus ventas ya no cuentan.").format(file=batch.file),
                       Tone.GOOD, "undo-2")
            ),
        )  # fmt: skip

    # -- parts --

    def _make_work(self) -> Card:
        look = self.look
        card = Card(look)
        row = QHBoxLayout()
        self._work_words = label(look, "", 14, 600, wrap=True)
        self._count = label(look, "", 13, 400, "soft", tabular=True)
        self._cancel = button(look, _("Parar"), self._ask_cancel)
        row.addWidget(self._work_words, 1)
        row.addWidget(self._count)
        row.addWidget(self._cancel)
        card.body.addLayout(row)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        card.body.addWidget(self._bar)
        return card

    def _make_sample_card(self) -> Card:
        look = self.look
        card = Card(look, _("¿Todavía no tienes el archivo a mano?"), "store")
        words = _("Mira el programa con un colmado de muestra: un año de ventas inventadas pero creíbles. "
                  "Se quita con un clic.")  # fmt: skip
        card.body.addWidget(label(look, words, 14, 400, "soft", wrap=True))
        row = QHBoxLayout()
        row.addWidget(button(look, _("Abrir el colmado de muestra"), self.make_sample, symbol="sparkles"))
        row.addStretch(1)
        card.body.addLayout(row)
        return card
