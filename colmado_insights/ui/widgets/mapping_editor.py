"""What each column of a table is, to be corrected: every change is tried at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights.domain import MappingChoice, Preview
from colmado_insights.text import _
from colmado_insights.ui.readings import AMOUNTS, DATE_ORDERS, DECIMALS, FIELDS
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.picker import Picker

UNUSED = "unused"
MOST_VALUES = 3
LONGEST_VALUES = 60
CALM_MS = 150  # several changes in a row are tried together


class MappingEditor(QWidget):
    """A row a column, then how dates, amounts and totals are read; `changed` carries the choice."""

    changed = Signal(object)

    def __init__(self, look: Look, preview: Preview) -> None:
        super().__init__()
        self._look, self._preview = look, preview
        self._fields = {place: name for name, place in preview.columns.items()}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(look.px(8))
        words = _("Di qué es cada columna; abajo se ve al momento lo que entraría.")
        box.addWidget(label(look, words, 13, 400, "soft", wrap=True))
        box.addWidget(self._make_styles())
        self.columns: list[Picker] = []
        grid = CardGrid(look, 430, 2, gap=8)
        for place, title in enumerate(preview.header):
            grid.add(self._make_column(place, title))
        box.addWidget(grid)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CALM_MS)
        self._timer.timeout.connect(lambda: self.changed.emit(self.choice()))

    def choice(self) -> MappingChoice:
        """What the pickers say."""
        columns = {name: place for place, name in self._fields.items()}
        return MappingChoice(columns, self.dates.key, self.decimal.key, self.amount.key)

    def _make_styles(self) -> QWidget:
        look, preview = self._look, self._preview
        self.dates = self._picker(DATE_ORDERS, preview.date_order)
        self.decimal = self._picker(DECIMALS, preview.decimal)
        self.amount = self._picker(AMOUNTS, preview.amount)
        grid = CardGrid(look, 250, 3, gap=8)
        for title, picker in (
            (_("Las fechas"), self.dates),
            (_("Los montos"), self.decimal),
            (_("Lo que se cobró"), self.amount),
        ):
            picker.setAccessibleName(title)
            picker.picked.connect(lambda _key: self._timer.start())
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(look.px(3))
            column.addWidget(label(look, title, 12.5, 600, "soft"))
            column.addWidget(picker)
            grid.add(holder)
        return grid

    def _picker(self, choices: dict[str, str], key: str) -> Picker:
        return Picker(self._look, [(each, _(words)) for each, words in choices.items()], key)

    def _make_column(self, place: int, title: str) -> Card:
        look = self._look
        card = Card(look, kind="inset")
        card.body.setContentsMargins(*(look.px(side) for side in (12, 7, 10, 7)))
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(look, title.strip() or _("Sin título"), 13, 600, wrap=True))
        values = label(look, self._values(place), 12, 400, "faint", tabular=True, wrap=True)
        words.addWidget(values)
        words.addStretch(1)
        row.addLayout(words, 1)
        choices = [(UNUSED, _("No se usa")), *((name, _(words)) for name, words in FIELDS.items())]
        picker = Picker(look, choices, self._fields.get(place, UNUSED), width=180)
        picker.setAccessibleName(title)
        picker.picked.connect(lambda name: self._take(place, name))
        self.columns.append(picker)
        row.addWidget(picker, 0, Qt.AlignmentFlag.AlignVCenter)
        card.body.addLayout(row)
        return card

    def _values(self, place: int) -> str:
        """The column's first values."""
        return first_values([row[place] for row in self._preview.examples if place < len(row)])

    def _take(self, place: int, name: str) -> None:
        """A column is one thing and a thing is one column: who had it before is not used now."""
        for other, had in list(self._fields.items()):
            if had == name and other != place:
                del self._fields[other]
                self.columns[other].set_key(UNUSED)
        if name == UNUSED:
            self._fields.pop(place, None)
        else:
            self._fields[place] = name
        self._timer.start()


def first_values(cells: Sequence[str]) -> str:
    """Pan · Leche · Huevo: the first different values that say something."""
    values = list(dict.fromkeys(cell.strip() for cell in cells if cell.strip()))[:MOST_VALUES]
    line = " · ".join(values)
    return (line if len(line) <= LONGEST_VALUES else line[: LONGEST_VALUES - 1] + "…") or _("vacía")
