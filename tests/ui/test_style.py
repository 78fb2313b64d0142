"""The look: every text is readable on its ground, everything scales, fonts and icons are bundled."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget

from colmado_insights.config import Settings, resource
from colmado_insights.domain import Category
from colmado_insights.palette import DARK, LIGHT, PALETTES, Palette
from colmado_insights.ui.icons import CATEGORY_ICONS, SEGMENT_ICONS, pixmap
from colmado_insights.ui.pages import PAGES
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.card_grid import CardGrid

LEAST_CONTRAST = 4.5
GROUNDS = {
    "ink": ("bg", "surface", "raised", "brand_soft", "accent_soft", "good_soft", "bad_soft"),
    "soft": ("bg", "surface", "raised", "brand_soft", "accent_soft", "good_soft", "bad_soft"),
    "faint": ("bg", "surface", "raised"),
    "brand": ("bg", "surface", "raised", "brand_soft"),
    "accent": ("surface", "raised", "accent_soft"),
    "good": ("surface", "raised", "good_soft"),
    "bad": ("surface", "raised", "bad_soft"),
    "on_brand": ("brand",),
    "rail_text": ("rail", "rail_selected"),
    "rail_ink": ("rail", "rail_selected"),
    "rail_mark": ("rail",),
}


def luminance(color: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
@pytest.mark.parametrize(("text", "ground"), [(t, g) for t, grounds in GROUNDS.items() for g in grounds])
def test_every_text_is_readable_on_its_ground(palette: Palette, text: str, ground: str) -> None:
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= LEAST_CONTRAST


@pytest.mark.parametrize("palette", (LIGHT, DARK), ids=lambda palette: palette.name)
@pytest.mark.parametrize("percent", (80, 100, 200))
def test_sheet_has_no_gaps(palette: Palette, percent: int) -> None:
    sheet = Look(palette, percent).sheet()
    assert "$" not in sheet
    for color in re.findall(r"#[0-9A-Fa-f]{6}", sheet):
        assert QColor(color).isValid()


@pytest.mark.parametrize(("percent", "height"), [(80, 24), (100, 30), (200, 60)])
def test_text_size_scales_lengths_and_fonts(percent: int, height: int) -> None:
    look = Look(LIGHT, percent)
    assert look.px(30) == height
    assert look.font(30).pixelSize() == height


def test_bundled_typeface_is_used_with_its_weights(qapp: QApplication) -> None:
    look = Look(LIGHT)
    regular, bold = look.font(30), look.font(30, 700)
    assert QFontInfo(regular).family() == "Inter"
    widths = {
        weight: QFontMetricsF(look.font(30, weight)).horizontalAdvance("Vendido") for weight in (400, 700)
    }
    assert widths[700] > widths[400]
    assert QFontInfo(bold).weight() == 700


def test_tabular_figures_have_one_width(qapp: QApplication) -> None:
    measure = QFontMetricsF(Look(LIGHT).font(30, 600, tabular=True))
    assert measure.horizontalAdvance("111") == measure.horizontalAdvance("888")


def test_theme_follows_the_setting(qapp: QApplication) -> None:
    assert Look.of(Settings(theme="dark")).palette is DARK
    assert Look.of(Settings(theme="light", text_percent=150)) == Look(LIGHT, 150)


@pytest.mark.parametrize("ratio", (1.0, 1.5, 2.0))
def test_icons_are_sharp_and_tinted(qapp: QApplication, ratio: float) -> None:
    picture = pixmap("store", "#0B5C6B", 20, ratio)
    assert picture.width() == 20 * ratio
    image = picture.toImage()
    colors = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert colors == {"#0b5c6b"}


def test_every_icon_named_is_bundled() -> None:
    names = {*CATEGORY_ICONS.values(), *SEGMENT_ICONS.values(), *(page.ICON for page in PAGES)}
    for name in names:
        assert resource(f"icons/{name}.svg").exists()
    assert set(CATEGORY_ICONS) == set(Category)


@pytest.mark.parametrize(("width", "columns"), [(1000, 4), (700, 2), (460, 2), (220, 1)])
def test_cards_share_their_rows_evenly(qapp: QApplication, width: int, columns: int) -> None:
    grid = CardGrid(Look(LIGHT), least=200, columns=4)
    for _card in range(4):
        grid.add(QWidget())
    grid.resize(width, 300)
    grid.show()
    qapp.processEvents()
    assert grid.columns == columns
    grid.close()
