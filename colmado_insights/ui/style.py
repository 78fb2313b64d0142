"""The look: palette, type and spacing at the user's text size, as fonts, a QPalette and one style sheet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from colmado_insights.config import Settings, resource
from colmado_insights.palette import DARK, LIGHT, Palette

FAMILY = "Inter"
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")


def load_fonts() -> None:
    """Make the bundled typeface known to Qt; call once, after the application exists."""
    for weight in WEIGHTS:
        path = resource(f"fonts/{FAMILY}-{weight}.ttf")
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise RuntimeError(f"the bundled font {path.name} cannot be read")


@dataclass(frozen=True)
class Look:
    """One theme at one text size: every length, font and colour on screen comes from here."""

    palette: Palette
    percent: int = 100

    @classmethod
    def of(cls, settings: Settings) -> Look:
        """The look the settings ask for; `system` follows the desktop."""
        is_dark = settings.theme == "dark" or (
            settings.theme == "system" and QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        )
        return cls(DARK if is_dark else LIGHT, settings.text_percent)

    @property
    def scale(self) -> float:
        """Text size as a factor."""
        return self.percent / 100

    def px(self, length: float) -> int:
        """A length of the 100 % drawing in pixels, never less than one."""
        return max(1, math.floor(length * self.scale + 0.5))

    def font(self, size: float = 14, weight: int = 400, *, tabular: bool = False) -> QFont:
        """The typeface at `size` pixels of the 100 % drawing; `tabular` gives figures of one width."""
        font = QFont(FAMILY)
        font.setPixelSize(self.px(size))
        font.setWeight(QFont.Weight(weight))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def color(self, token: str) -> QColor:
        """The palette's colour of that name."""
        return QColor(getattr(self.palette, token))

    def qpalette(self) -> QPalette:
        """The palette for what Qt draws itself: dialogs, menus, tooltips, selections."""
        roles = {
            QPalette.ColorRole.Window: "bg",
            QPalette.ColorRole.WindowText: "ink",
            QPalette.ColorRole.Base: "surface",
            QPalette.ColorRole.AlternateBase: "raised",
            QPalette.ColorRole.Text: "ink",
            QPalette.ColorRole.Button: "surface",
            QPalette.ColorRole.ButtonText: "ink",
            QPalette.ColorRole.BrightText: "bad",
            QPalette.ColorRole.Link: "brand",
            QPalette.ColorRole.Highlight: "brand",
            QPalette.ColorRole.HighlightedText: "on_brand",
            QPalette.ColorRole.PlaceholderText: "faint",
            QPalette.ColorRole.ToolTipBase: "surface",
            QPalette.ColorRole.ToolTipText: "ink",
            QPalette.ColorRole.Mid: "line",
            QPalette.ColorRole.Dark: "line",
            QPalette.ColorRole.Light: "raised",
            QPalette.ColorRole.Accent: "brand",
        }
        palette = QPalette()
        for role, token in roles.items():
            palette.setColor(role, self.color(token))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("faint"))
        return palette

    def sheet(self) -> str:
        """The style sheet: colours, borders and paddings; fonts are set on the widgets themselves."""
        lengths = {
            f"p{n}": str(self.px(n))
            for n in (2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 14, 16, 20, 24, 28, 30, 32, 35, 44)
        }
        lengths["rail_row"] = str(
            round(self.px(35) / max(1.0, self.scale) ** 0.2)
        )  # all pages fit a low screen
        colors = {name: getattr(self.palette, name) for name in Palette.__slots__}
        return Template(SHEET).substitute(lengths | colors)

    def dress(self, application: QApplication) -> None:
        """Give the whole application this look."""
        application.setStyle(QStyleFactory.create("Fusion"))
        application.setPalette(self.qpalette())
        application.setFont(self.font())
        application.setStyleSheet(self.sheet())


SHEET = """
QMainWindow, QDialog, QWidget[ground="bg"] { background: $bg; }
QWidget[ground="surface"] { background: $surface; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[ground="none"] { background: transparent; }
QLabel { color: $ink; background: transparent; }
QLabel[ink="soft"] { color: $soft; }
QLabel[ink="faint"] { color: $faint; }
QLabel[ink="brand"] { color: $brand; }
QLabel[ink="accent"] { color: $accent; }
QLabel[ink="good"] { color: $good; }
QLabel[ink="bad"] { color: $bad; }
QLabel[ink="rail_text"] { color: $rail_text; }
QLabel[ink="rail_ink"] { color: $rail_ink; }
QToolTip { background: $surface; color: $ink; border: 1px solid $line; padding: ${p4}px ${p6}px; }

QFrame[kind="card"] { background: $surface; border: 1px solid $line; border-radius: ${p12}px; }
QFrame[opens="true"]:hover { border-color: $bar; }
QFrame[opens="true"]:focus { border-color: $brand; }
QFrame[kind="inset"] { background: $raised; border: 1px solid $line; border-radius: ${p10}px; }
QFrame[kind="line"] { background: $line; border: none; }
QFrame[kind="tile"] { background: $brand_soft; border: none; border-radius: ${p8}px; }
QFrame[kind="tile"][tone="accent"] { background: $accent_soft; }
QFrame[kind="tile"][tone="good"] { background: $good_soft; }
QFrame[kind="tile"][tone="bad"] { background: $bad_soft; }
QFrame[kind="note"] { background: $accent_soft; border: none; border-radius: ${p8}px; }
QFrame[kind="note"][tone="brand"] { background: $brand_soft; }
QFrame[kind="note"][tone="good"] { background: $good_soft; }
QFrame[kind="note"][tone="bad"] { background: $bad_soft; }
QFrame[kind="top"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[kind="drop"] { background: $raised; border: 2px dashed $line; border-radius: ${p12}px; }
QFrame[kind="drop"][over="true"] { background: $brand_soft; border-color: $brand; }

QFrame[kind="block"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[kind="block"][tone="accent"] { background: $accent_soft; }
QFrame[kind="block"][tone="good"] { background: $good_soft; }
QFrame[kind="block"][tone="brand"] { background: $brand_soft; }
QFrame[kind="block"][tone="bad"] { background: $bad_soft; }
QFrame[kind="block"][tone="plain"] { background: $raised; }
QFrame[kind="foot"] { background: $surface; border: none; border-top: 1px solid $line; }

QLabel[kind="chip"] { background: $raised; color: $soft; border-radius: ${p10}px;
    padding: ${p2}px ${p8}px; }
QLabel[kind="chip"][tone="good"] { background: $good_soft; color: $good; }
QLabel[kind="chip"][tone="bad"] { background: $bad_soft; color: $bad; }
QLabel[kind="chip"][tone="accent"] { background: $accent_soft; color: $accent; }
QLabel[kind="chip"][tone="brand"] { background: $brand_soft; color: $brand; }
QLabel[kind="chip"][tone="plain"] { background: $bg; color: $soft; }
QLabel[kind="key"] { color: $faint; border: 1px solid $line; border-radius: ${p4}px; padding: 0 ${p5}px; }

QPushButton { background: $surface; color: $ink; border: 1px solid $line; border-radius: ${p8}px;
    padding: 0 ${p14}px; min-height: ${p30}px; max-height: ${p30}px; outline: none; }
QPushButton:hover { background: $raised; border-color: $faint; }
QPushButton:pressed { background: $brand_soft; }
QPushButton:focus { border: 1px solid $brand; }
QPushButton:disabled { color: $faint; background: $raised; border-color: $line; }
QPushButton[kind="primary"] { background: $brand; color: $on_brand; border: 1px solid $brand; }
QPushButton[kind="primary"]:hover { background: $brand; border-color: $ink; }
QPushButton[kind="primary"]:disabled { background: $raised; color: $faint; border-color: $line; }
QPushButton[kind="primary"]:focus { border: 2px solid $ink; }
QPushButton[kind="link"] { background: transparent; color: $brand; border: none; padding: 0;
    min-height: ${p16}px; max-height: ${p24}px; text-align: left; }
QPushButton[kind="link"]:hover, QPushButton[kind="link"]:focus { text-decoration: underline; }
QPushButton[kind="big"] { min-height: ${p44}px; max-height: ${p44}px; padding: 0 ${p20}px; }
QPushButton[kind="bigprimary"] { min-height: ${p44}px; max-height: ${p44}px; padding: 0 ${p20}px;
    background: $brand; color: $on_brand; border: 1px solid $brand; }
QPushButton[kind="bigprimary"]:focus { border: 2px solid $ink; }
QPushButton[kind="quiet"] { background: transparent; color: $soft; border: none; min-height: ${p44}px;
    max-height: ${p44}px; padding: 0 ${p8}px; }
QPushButton[kind="quiet"]:hover, QPushButton[kind="quiet"]:focus { color: $brand; }
QPushButton[kind="icon"] { padding: 0; min-width: ${p30}px; max-width: ${p30}px; }
QPushButton[kind="small"] { padding: 0; min-width: ${p24}px; max-width: ${p24}px; min-height: ${p24}px;
    max-height: ${p24}px; border-radius: ${p6}px; }
QPushButton[kind="small"]:checked { background: $brand_soft; border-color: $brand; }
QPushButton[kind="pill"] { background: $raised; color: $brand; padding: 0 ${p12}px; border-radius: ${p14}px;
    min-height: ${p28}px; max-height: ${p28}px; }
QPushButton[kind="pill"]:hover { background: $brand_soft; border-color: $brand; }
QPushButton[kind="pill"]:focus { border: 1px solid $brand; }
QPushButton[kind="picker"] { padding: 0 ${p12}px; text-align: left; }
QPushButton[kind="search"] { color: $faint; text-align: left; padding: 0 ${p10}px; }

QFrame[kind="segmented"] { background: $surface; border: 1px solid $line; border-radius: ${p8}px; }
QFrame[kind="segmented"] QPushButton { background: transparent; color: $soft; border: none; border-radius: 0;
    border-right: 1px solid $line; padding: 0 ${p12}px; min-height: ${p30}px; max-height: ${p30}px; }
QFrame[kind="segmented"] QPushButton:hover { color: $ink; background: $raised; }
QFrame[kind="segmented"] QPushButton:checked { background: $brand_soft; color: $brand; }
QFrame[kind="segmented"] QPushButton:focus { color: $brand; }
QFrame[kind="segmented"] QPushButton[place="first"] { border-top-left-radius: ${p7}px;
    border-bottom-left-radius: ${p7}px; }
QFrame[kind="segmented"] QPushButton[place="last"] { border-right: none; border-top-right-radius: ${p7}px;
    border-bottom-right-radius: ${p7}px; }
QFrame[kind="segmented"] QPushButton[place="only"] { border-right: none; border-radius: ${p7}px; }

QFrame[kind="rail"] { background: $rail; border: none; }
QFrame[kind="rail"] QPushButton { background: transparent; color: $rail_text; border: none; text-align: left;
    border-radius: ${p8}px; padding: 0 ${p10}px; min-height: ${rail_row}px; max-height: ${rail_row}px; }
QFrame[kind="rail"] QPushButton:hover { background: $rail_selected; }
QFrame[kind="rail"] QPushButton:focus { border: 1px solid $rail_text; padding: 0 ${p8}px; }
QFrame[kind="rail"] QPushButton:checked { background: $rail_selected; color: $rail_ink; }
QLabel[kind="badge"] { background: $rail_selected; color: $rail_text; border-radius: ${p10}px;
    padding: 0 ${p6}px; }
QLabel[kind="badge"][on="true"] { background: $rail; }
QFrame[kind="railline"] { background: $rail_selected; border: none; }

QLineEdit, QSpinBox, QDoubleSpinBox { background: $surface; color: $ink; border: 1px solid $line;
    border-radius: ${p8}px; padding: 0 ${p10}px; min-height: ${p30}px; max-height: ${p30}px;
    selection-background-color: $brand; selection-color: $on_brand; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus { border: 1px solid $brand; }
QLineEdit[kind="question"] { min-height: ${p44}px; max-height: ${p44}px; padding: 0 ${p14}px; }
QSpinBox QLineEdit, QDoubleSpinBox QLineEdit { background: transparent; border: none; padding: 0 ${p6}px 0 0; min-height: 0; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
    width: 0; border: none; }
QPlainTextEdit { background: $raised; color: $ink; border: 1px solid $line; border-radius: ${p8}px;
    padding: ${p4}px; selection-background-color: $brand; selection-color: $on_brand; }
QPlainTextEdit:focus { border: 1px solid $brand; }
QTableView { background: transparent; color: $ink; border: none; outline: none;
    selection-background-color: $brand_soft; selection-color: $ink; }
QTableView::item { border: none; border-bottom: 1px solid $line; padding: 0 ${p8}px; }
QTableView::item:selected { background: $brand_soft; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: $surface; color: $soft; border: none; border-bottom: 1px solid $line;
    padding: 0 ${p11}px; }
QHeaderView::section:hover { color: $brand; }
QListWidget { background: transparent; color: $ink; border: none; outline: none; }
QListWidget::item { padding: ${p8}px ${p10}px; border-radius: ${p6}px; }
QListWidget::item:selected { background: $brand_soft; color: $brand; }
QProgressBar { background: $line; border: none; border-radius: ${p3}px; min-height: ${p6}px;
    max-height: ${p6}px; }
QProgressBar::chunk { background: $brand; border-radius: ${p3}px; }
QProgressBar[tone="accent"]::chunk { background: $accent; }
QProgressBar[tone="bad"]::chunk { background: $bad; }
QMenu { background: $surface; color: $ink; border: 1px solid $line; border-radius: ${p8}px;
    padding: ${p4}px; }
QMenu::item { padding: ${p6}px ${p16}px; border-radius: ${p6}px; }
QMenu::item:selected { background: $brand_soft; color: $brand; }
QScrollBar:vertical { background: transparent; width: ${p10}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p10}px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: ${p4}px; min-height: ${p32}px; min-width: ${p32}px;
    margin: ${p2}px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QCalendarWidget QWidget { background: $surface; color: $ink; }
QCalendarWidget QToolButton { background: $surface; color: $ink; border: none; padding: ${p6}px;
    border-radius: ${p6}px; }
QCalendarWidget QToolButton:hover { background: $brand_soft; color: $brand; }
QCalendarWidget QToolButton::menu-indicator { image: none; }
QCalendarWidget QAbstractItemView { selection-background-color: $brand; selection-color: $on_brand;
    background: $surface; color: $ink; }
QCalendarWidget QAbstractItemView:disabled { color: $faint; }
"""
