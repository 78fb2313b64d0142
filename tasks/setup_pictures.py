"""Paint the two pictures of the setup from the program's own icon and colours: `python -m tasks.setup_pictures FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from colmado_insights.palette import LIGHT

ROOT = Path(__file__).resolve().parent.parent
ICON = ROOT / "resources" / "icons" / "colmado.svg"
SIDE, HEADER = (164, 314), (150, 57)
"""Pixels, as NSIS wants them."""
DAYS = (0.34, 0.42, 0.38, 0.55, 0.47, 0.86, 0.98, 0.44, 0.40)
"""How high the bars are: a pay day, as in every chart of the program."""
PAY_DAYS = (5, 6)


def main(folder: Path) -> int:
    """Paint both as the bitmaps NSIS reads."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _application = QGuiApplication(sys.argv[:1])
    folder.mkdir(parents=True, exist_ok=True)
    paint_side().save(str(folder / "side.bmp"))
    paint_header().save(str(folder / "header.bmp"))
    return 0


def paint_side() -> QImage:
    """The left of the first and the last page: our mark above a week's sales."""
    image, painter = begin(SIDE, LIGHT.rail)
    draw_icon(painter, QRectF(34, 40, 96, 96))
    width, gap, foot = 12, 4, SIDE[1]
    left = (SIDE[0] - len(DAYS) * (width + gap) + gap) / 2
    for place, height in enumerate(DAYS):
        colour = LIGHT.rail_mark if place in PAY_DAYS else LIGHT.rail_selected
        bar = QRectF(left + place * (width + gap), foot - 110 * height, width, 110 * height)
        painter.fillRect(bar, QColor(colour))
    painter.end()
    return image


def paint_header() -> QImage:
    """The right of the other pages' head: our mark on white."""
    image, painter = begin(HEADER, "#FFFFFF")
    draw_icon(painter, QRectF(HEADER[0] - 49, 8, 41, 41))
    painter.end()
    return image


def begin(size: tuple[int, int], ground: str) -> tuple[QImage, QPainter]:
    """An empty picture and what paints on it."""
    image = QImage(*size, QImage.Format.Format_RGB888)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return image, painter


def draw_icon(painter: QPainter, place: QRectF) -> None:
    """The program's icon."""
    QSvgRenderer(str(ICON)).render(painter, place)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
