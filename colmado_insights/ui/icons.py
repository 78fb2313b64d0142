"""Lucide icons tinted from the palette, sharp at every pixel ratio."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel

from colmado_insights.analytics.results import Segment
from colmado_insights.config import resource
from colmado_insights.domain import Category
from colmado_insights.ui.style import Look

STROKE = 1.75
RATIOS = (1.0, 2.0, 3.0)

CATEGORY_ICONS: dict[Category, str] = {
    Category.ALCOHOL: "beer",
    Category.STAPLES: "wheat",
    Category.BAKERY: "croissant",
    Category.HOUSEHOLD: "spray-can",
    Category.SNACKS: "popcorn",
    Category.BEVERAGES: "cup-soda",
    Category.FRESH: "apple",
    Category.OTHER: "package",
    Category.MEAT: "drumstick",
    Category.PERSONAL_CARE: "bath",
    Category.TOBACCO: "cigarette",
    Category.RECHARGES: "smartphone",
}
SEGMENT_ICONS: dict[str, str] = {
    "morning_commute": "sunrise",
    "lunch_rush": "utensils",
    "after_work": "briefcase",
    "late_night": "moon-star",
    "quick_picks": "zap",
    "regular_shoppers": "shopping-basket",
    "big_shoppers": "shopping-cart",
    "bulk_buyers": "package",
    "beer_and_snacks": "beer",
    "household": "spray-can",
    "fresh": "apple",
    "convenience": "clock",
}


MAIN_SHARE = 0.3
"""A learned segment that spends at least this much on one category bears its icon."""
HOUR_ICONS = ((6, "moon-star"), (11, "sunrise"), (15, "utensils"), (21, "briefcase"), (24, "moon-star"))
"""Until which hour which icon stands for a time of the day."""


def segment_icon(segment: Segment) -> str:
    """Its own icon; of a learned one that of what it mostly buys, or of when it comes."""
    if segment.segment_id in SEGMENT_ICONS:
        return SEGMENT_ICONS[segment.segment_id]
    for category, share in segment.top_categories[:1]:
        if share >= MAIN_SHARE and category is not Category.OTHER:
            return CATEGORY_ICONS[category]
    if segment.peak_hours:
        return next(name for until, name in HOUR_ICONS if segment.peak_hours[0] < until)
    return "users"


@lru_cache(maxsize=256)
def _svg(name: str, color: str) -> QByteArray:
    text = resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    text = text.replace("currentColor", color).replace('stroke-width="2"', f'stroke-width="{STROKE}"')
    return QByteArray(text.encode())


def pixmap(name: str, color: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon `size` logical pixels wide in `color`, for a screen of that pixel ratio."""
    key = f"{name} {color} {size} {ratio}"
    picture = QPixmap()
    if QPixmapCache.find(key, picture):
        return picture
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(_svg(name, color)).render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, picture)
    return picture


def icon(look: Look, name: str, token: str = "ink", size: int = 16, checked: str = "") -> QIcon:
    """The icon for a button; `checked` is the token of its colour when the button is down."""
    made = QIcon()
    for ratio in RATIOS:
        made.addPixmap(pixmap(name, getattr(look.palette, token), look.px(size), ratio))
        if checked:
            made.addPixmap(
                pixmap(name, getattr(look.palette, checked), look.px(size), ratio),
                QIcon.Mode.Normal,
                QIcon.State.On,
            )
    return made


class Icon(QLabel):
    """An icon standing by itself; Qt paints it without asking Python, so workers cannot hold it up."""

    def __init__(self, look: Look, name: str, token: str = "soft", size: int = 16) -> None:
        super().__init__()
        ratio = max(screen.devicePixelRatio() for screen in QGuiApplication.screens())
        self.setPixmap(pixmap(name, getattr(look.palette, token), look.px(size), ratio))
        self.setFixedSize(look.px(size), look.px(size))
