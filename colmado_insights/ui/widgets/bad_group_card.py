"""Rows that wait for one reason: what they look like, how to read them, and what that would do."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.domain import BadGroup, BadRow
from colmado_insights.text import _, ngettext
from colmado_insights.ui.fixes import FIXES, Fix, is_good, likeliest, piece_of, question_of, reading_of
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.label import Tone, label
from colmado_insights.ui.widgets.segmented import Segmented

MOST_EXAMPLES = 4
LONGEST_ROW = 110
NAMED_FILES = 2


class BadGroupCard(Card):
    """One reason with its examples; `fix_asked` carries the fix, `dismissed` comes after the second press."""

    fix_asked = Signal(object)
    dismissed = Signal()

    def __init__(self, look: Look, group: BadGroup) -> None:
        super().__init__(look)
        self.group = group
        self.fixes = FIXES.get(group.code, ())
        self.body.setSpacing(look.px(8))
        self.body.addLayout(self._make_heading())
        self.body.addWidget(self._make_examples())
        cells = [row.detail or row.raw for row in group.examples if row.detail or "date" in group.code]
        words = [_(fix.words) for fix in self.fixes] or [""]
        self.choice = Segmented(look, words, likeliest(self.fixes, cells))
        self.typed = QLineEdit()
        self.does = label(look, "", 13, 400, "soft", wrap=True)
        self.mend = button(look, "", self._ask_fix, kind="primary", symbol="check")
        if self.fixes:
            self.body.addWidget(label(look, question_of(group.code), 13, 600, "soft", wrap=True))
            self.body.addLayout(self._make_choice())
            self.body.addWidget(self.does)
        self.body.addStretch(1)
        self.body.addLayout(self._make_foot())
        self._show_fix()

    @property
    def fix(self) -> Fix | None:
        """The fix that is chosen."""
        return self.fixes[self.choice.index] if self.fixes else None

    def _make_heading(self) -> QHBoxLayout:
        look, group = self.look, self.group
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(SymbolTile(look, "file-warning", Tone.ACCENT), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(look, group_words(group), 15.5, 600, wrap=True))
        words.addWidget(label(look, files_words(group), 12.5, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        return row

    def _make_examples(self) -> QWidget:
        look = self.look
        inset = Card(look, kind="inset")
        inset.body.setContentsMargins(*(look.px(side) for side in (12, 8, 12, 8)))
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(12))
        grid.setVerticalSpacing(look.px(4))
        grid.setColumnStretch(1, 1)
        for place, row in enumerate(self.group.examples[:MOST_EXAMPLES]):
            number = label(
                look, _("fila {n}").format(n=text.number(row.line)), 12.5, 400, "faint", tabular=True
            )
            grid.addWidget(number, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(look, shortened(row.raw), 13, 400, tabular=True, wrap=True), place, 1)
        inset.body.addLayout(grid)
        rest = self.group.rows - min(MOST_EXAMPLES, len(self.group.examples))
        if rest > 0:
            more = ngettext("y {n} fila más", "y {n} filas más", rest).format(n=text.number(rest))
            inset.body.addWidget(label(look, more, 12.5, 400, "faint"))
        return inset

    def _make_choice(self) -> Flow:
        look = self.look
        row = Flow(look, 8)
        row.addWidget(self.choice)
        self.choice.setVisible(len(self.fixes) > 1)
        self.choice.chosen.connect(lambda _index: self._show_fix())
        self.typed.setFont(look.font(14, tabular=True))
        self.typed.setAccessibleName(question_of(self.group.code))
        self.typed.setFixedWidth(look.px(130))
        self.typed.textChanged.connect(lambda _words: self._show_fix())
        self.typed.returnPressed.connect(self._ask_fix)
        row.addWidget(self.typed)
        return row

    def _make_foot(self) -> QHBoxLayout:
        look = self.look
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        if self.fixes:
            row.addWidget(self.mend)
        self._no = button(look, _("No son ventas"), lambda: self._ask(True))
        self._sure = button(look, _("Sí, dejarlas fuera"), self.dismissed.emit, kind="primary")
        self._back = button(look, _("Cancelar"), lambda: self._ask(False))
        for part in (self._no, self._sure, self._back):
            row.addWidget(part)
        row.addStretch(1)
        self._ask(False)
        return row

    def _ask(self, is_asking: bool) -> None:
        self.mend.setVisible(not is_asking and bool(self.fixes))
        self._no.setVisible(not is_asking)
        self._sure.setVisible(is_asking)
        self._back.setVisible(is_asking)

    def _show_fix(self) -> None:
        """Say what the chosen fix would do, before it is done."""
        fix = self.fix
        if fix is None:
            return
        typed = self.typed.text().strip()
        self.typed.setVisible(fix.is_typed)
        self.typed.setPlaceholderText("2026-11-20" if fix.name == "date" else "0.00")
        self.mend.setEnabled(is_good(fix, typed))
        rows = text.number(self.group.rows)
        self.mend.setText(
            " " + ngettext("Arreglar {n} fila", "Arreglar {n} filas", self.group.rows).format(n=rows)
        )
        self.does.setText(fix_words(self.group, fix, typed))

    def _ask_fix(self) -> None:
        fix = self.fix
        if fix is not None and is_good(fix, self.typed.text().strip()):
            self.fix_asked.emit(dict(fix.values(self.typed.text().strip())))


def group_words(group: BadGroup) -> str:
    """12 filas: la fecha no se entiende."""
    rows = ngettext("{n} fila", "{n} filas", group.rows).format(n=text.number(group.rows))
    return _("{rows}: {reason}").format(rows=rows, reason=text.bad_row_reason(group.code))


def files_words(group: BadGroup) -> str:
    """ventas.csv, octubre.xlsx y 3 archivos más."""
    named, rest = list(group.files[:NAMED_FILES]), len(group.files) - NAMED_FILES
    if rest > 0:
        named.append(ngettext("{n} archivo más", "{n} archivos más", rest).format(n=text.number(rest)))
    return text.join_words(named)


def fix_words(group: BadGroup, fix: Fix, typed: str) -> str:
    """What a fix makes of the examples, and that what still says nothing stays."""
    if fix.is_typed and not is_good(fix, typed):
        return _("Escribe el valor para todas.")
    cells = [cell_of(row) for row in group.examples if row.detail or fix.name != "decimal"]
    said = [(cell, reading_of(fix, cell, typed)) for cell in cells]
    read = [(shortened(piece_of(fix, cell), 40), words) for cell, words in said if words]
    if cells and fix.name in ("date_order", "decimal") and not read:
        return _("Así tampoco se entienden las filas de ejemplo: prueba otra manera.")
    rest = _("Las que así se entiendan entran como ventas; las demás se quedan aquí.")
    if fix.is_typed:
        return _("Todas quedan con {value}. {rest}").format(value=read[0][1] if read else typed, rest=rest)
    if not read and fix.name == "decimal":
        return _("Se leen escritos como {style}. {rest}").format(style=fix.words, rest=rest)
    if not read or fix.name == "quantity":
        return f"{_(fix.words)}. {rest}"
    return _("«{cell}» se lee {words}. {rest}").format(cell=read[0][0], words=read[0][1], rest=rest)


def cell_of(row: BadRow) -> str:
    """The cell that was not understood; the whole row when that is not known, which holds one date at most."""
    return row.detail or row.raw


def shortened(raw: str, longest: int = LONGEST_ROW) -> str:
    """A row of a file on one line, its cells set apart."""
    line = " ".join(" · ".join(cell for cell in cells_of(raw) if cell.strip()).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def cells_of(raw: str) -> list[str]:
    """The cells of a row as it was kept; a text of its own is one cell."""
    try:
        cells = json.loads(raw)
    except ValueError:
        return [raw]
    return [str(cell) for cell in cells] if isinstance(cells, list) else [raw]
