"""Settings: the shop, its thresholds, the language and the look; every change is applied at once."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from colmado_insights import NAME, __version__
from colmado_insights.config import LANGUAGES, THEMES, Settings
from colmado_insights.domain import Role
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import Page
from colmado_insights.ui.widgets.backups_card import BackupsCard
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.grok_link_card import GrokLinkCard
from colmado_insights.ui.widgets.jobs_card import JobsCard
from colmado_insights.ui.widgets.label import hairline, label
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.switch import Switch
from colmado_insights.ui.widgets.version_card import VersionCard

TEXT_SIZES = (80, 90, 100, 110, 125, 150, 175, 200)
CHOICE_WORDS = {
    "es": "Español", "en": "English",
    "light": N_("Claro"), "dark": N_("Oscuro"), "system": N_("Como el sistema"),
}  # fmt: skip
SECTIONS = (
    (N_("El colmado"), "store", ("shop_name", "pay_days", "pay_on_bank_day")),
    (
        N_("Compras, segmentos y precios"),
        "shopping-basket",
        ("small_basket_cents", "large_basket_cents", "segment_window_days", "price_grid_pesos"),
    ),
    (
        N_("Avisos"),
        "lightbulb",
        (
            "push_notices",
            "alcohol_from_hour",
            "alcohol_until_hour",
            "alcohol_until_hour_late",
            "alcohol_on_good_friday",
        ),
    ),
    (
        N_("Ventas que llegan solas"),
        "radio",
        ("watch_folder", "till_file", "web_till", "web_port", "web_token", "web_origin"),
    ),
    (N_("Pantalla"), "palette", ("language", "theme", "text_percent")),
)
MOST = 10**7
TOKEN_BYTES = 24


class SettingsPage(Page):
    """One row a setting, made from its declaration in `config.Settings`."""

    NAME = "settings"
    TITLE = N_("Ajustes")
    ICON = "settings"
    ROLE = Role.OWNER
    NEEDS = frozenset()
    BLOCKS = ((260, (1, 1)), (220, (1, 1)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._fields = {field.name: field for field in dataclasses.fields(Settings)}
        grid = CardGrid(self.look, 400, 2)
        for title, symbol, names in SECTIONS:
            card = Card(self.look, _(title), symbol)
            for place, name in enumerate(names):
                if place:
                    card.body.addWidget(hairline())
                card.body.addLayout(self._make_row(name))
            card.body.addStretch(1)
            grid.add(card)
        grid.add(GrokLinkCard(ctx))
        self.body.addWidget(grid)
        program = CardGrid(self.look, 400, 2)
        program.add(self._make_about())
        if ctx.updates is not None:
            program.add(VersionCard(ctx, ctx.updates))
        self.body.addWidget(program)
        if ctx.restoring is not None and ctx.role is Role.OWNER:
            self.body.addWidget(BackupsCard(ctx, ctx.restoring))
        if ctx.schedule is not None:
            self.body.addWidget(JobsCard(ctx, ctx.schedule))
        self.body.addStretch(1)

    def read(self, progress: Progress) -> Settings:
        """The settings are in memory."""
        return self.ctx.settings

    def show_result(self, result: Settings) -> None:
        """The fields were filled when they were made."""

    def change(self, name: str, value: Any) -> None:
        """Take one new value, if it is a good one, and apply it at once."""
        values = {name: value}
        if name == "web_till" and value and not self.ctx.settings.web_token:
            values["web_token"] = secrets.token_urlsafe(TOKEN_BYTES)
        changed = self.ctx.settings.with_values(values)
        if changed != self.ctx.settings:
            self.ctx.change_settings(changed)

    # -- rows --

    def _make_row(self, name: str) -> QHBoxLayout:
        declared = self._fields[name].metadata
        row = QHBoxLayout()
        row.setContentsMargins(0, self.look.px(3), 0, self.look.px(3))
        row.setSpacing(self.look.px(12))
        row.addWidget(label(self.look, _(declared["label"]), 14, 400, wrap=True), 1)
        editor = self._make_editor(name)
        editor.setAccessibleName(_(declared["label"]))
        row.addWidget(editor, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return row

    def _make_editor(self, name: str) -> QWidget:
        value = getattr(self.ctx.settings, name)
        makers: dict[str, Callable[[], QWidget]] = {
            "language": lambda: self._choice(name, LANGUAGES),
            "theme": lambda: self._choice(name, THEMES),
            "text_percent": lambda: self._text_size(value),
            "pay_days": lambda: self._days(name, value),
            "watch_folder": lambda: self._path(name, value, QFileDialog.FileMode.Directory),
            "till_file": lambda: self._path(name, value, QFileDialog.FileMode.ExistingFile),
        }
        if name in makers:
            return makers[name]()
        if isinstance(value, bool):
            return self._flag(name, value)
        if isinstance(value, int):
            return self._number(name, value)
        return self._words(name, value)

    def _choice(self, name: str, choices: tuple[str, ...]) -> Segmented:
        made = Segmented(
            self.look,
            [_(CHOICE_WORDS[choice]) for choice in choices],
            choices.index(getattr(self.ctx.settings, name)),
        )
        made.chosen.connect(lambda index: self.change(name, choices[index]))
        return made

    def _text_size(self, value: int) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.look.px(8))
        smaller = max((size for size in TEXT_SIZES if size < value), default=None)
        larger = min((size for size in TEXT_SIZES if size > value), default=None)
        for words, hint, size in (
            ("A−", _("Letra más pequeña"), smaller),
            ("A+", _("Letra más grande"), larger),
        ):
            made = button(self.look, words, partial(self.change, "text_percent", size), hint=hint)
            made.setEnabled(size is not None)
            row.addWidget(made)
        row.insertWidget(1, label(self.look, f"{value} %", 14, 600, tabular=True))
        return holder

    def _flag(self, name: str, value: bool) -> Switch:
        made = Switch(self.look, is_on=value)
        made.toggled.connect(lambda is_on: self.change(name, is_on))
        return made

    def _number(self, name: str, value: int) -> QSpinBox:
        is_money = name.endswith("_cents")
        unit = self._fields[name].metadata["unit"]
        made = QSpinBox()
        made.setFont(self.look.font(14, tabular=True))
        made.setRange(0, MOST)
        made.setGroupSeparatorShown(name != "web_port")
        made.lineEdit().setTextMargins(self.look.px(8), 0, self.look.px(8), 0)
        made.setValue(value // 100 if is_money else value)
        made.setPrefix("RD$ " if unit == "RD$" else "")
        made.setSuffix(f" {_(unit)}" if unit and unit != "RD$" else "")
        made.setFixedWidth(self.look.px(130))
        made.setKeyboardTracking(False)
        made.editingFinished.connect(lambda: self.change(name, made.value() * (100 if is_money else 1)))
        return made

    def _words(self, name: str, value: str) -> QLineEdit:
        made = QLineEdit(value)
        made.setFont(self.look.font(14))
        made.setFixedWidth(self.look.px(210))
        made.editingFinished.connect(lambda: self.change(name, made.text().strip()))
        return made

    def _path(self, name: str, value: str, mode: QFileDialog.FileMode) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.look.px(8))
        words = self._words(name, value)
        words.setPlaceholderText(_("ninguna"))
        words.setAccessibleName(_(self._fields[name].metadata["label"]))
        words.setFixedWidth(self.look.px(160))
        row.addWidget(words)
        row.addWidget(
            button(self.look, "…", partial(self._ask_path, name, mode), hint=_("Escoger en el disco"))
        )
        return holder

    def _ask_path(self, name: str, mode: QFileDialog.FileMode) -> None:
        dialog = QFileDialog(self, _("Escoger"), getattr(self.ctx.settings, name))
        dialog.setFileMode(mode)
        dialog.fileSelected.connect(partial(self.change, name))
        dialog.open()

    def _days(self, name: str, value: tuple[int, ...]) -> QLineEdit:
        made = self._words(name, ", ".join(map(str, value)))
        made.editingFinished.disconnect()
        made.setFixedWidth(self.look.px(130))
        made.editingFinished.connect(lambda: self.change(name, _read_days(made.text())))
        return made

    def _make_about(self) -> Card:
        look = self.look
        card = Card(look, _("Tus datos y el programa"), "database")
        rows = (
            (_("Los datos están en"), str(self.ctx.shop.path)),
            (_("Versión"), f"{NAME} {__version__}"),
            (
                _("Internet"),
                _(
                    "No hace falta: nada sale de esta computadora, salvo lo que permitas en Grok"
                    " y la pregunta por versiones nuevas, si la enciendes."
                ),
            ),
            (_("Licencias"), _("Programa MIT · letra Inter (OFL) · iconos Lucide (ISC)")),
        )
        for place, (name, words) in enumerate(rows):
            if place:
                card.body.addWidget(hairline())
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(label(look, name, 12.5, 400, "soft"))
            value = label(look, words, 14, 400, wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(value)
            card.body.addLayout(column)
        row = QHBoxLayout()
        row.addWidget(button(look, _("Abrir la carpeta"), self._open_folder, symbol="folder-open"))
        row.addStretch(1)
        card.body.addLayout(row)
        card.body.addStretch(1)
        return card

    def _open_folder(self) -> None:
        folder = self.ctx.shop.path.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _read_days(words: str) -> tuple[int, ...]:
    """15, 30 as numbers; anything else is refused by the setting's own check."""
    return tuple(int(piece) if piece.isdigit() else 0 for piece in words.replace(",", " ").split())
