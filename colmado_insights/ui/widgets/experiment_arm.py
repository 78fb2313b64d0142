"""One way to ask as an experiment sees it: how it is liked, how sure that is, what it costs and how long it takes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import ArmResult, CountedShare
from colmado_insights.domain import Arm
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.label import Tone, chip, label


class ArmCard(Card):
    """A letter, the way and its model; the bar of thumbs; three numbers; and taking it for good."""

    def __init__(
        self,
        look: Look,
        place: int,
        arm: Arm,
        version: str,
        result: ArmResult,
        *,
        is_winner: bool,
        adopt: Callable[[], object],
    ) -> None:
        super().__init__(look)
        self.body.setSpacing(look.px(9))
        self.body.addLayout(self._make_head(place, arm, version, _mark(result, is_winner=is_winner)))
        self.body.addWidget(LikedBar(look, result.liked))
        self.body.addWidget(label(look, liked_words(result), 12.5, 400, "soft", wrap=True))
        self.body.addWidget(self._make_numbers(result))
        self.body.addStretch(1)
        self.adopt = button(look, _("Quedarme con esta"), adopt, kind="primary" if is_winner else "plain")
        self.body.addWidget(self.adopt)

    def _make_head(self, place: int, arm: Arm, version: str, mark: tuple[str, Tone] | None) -> QHBoxLayout:
        look, row, words = self.look, QHBoxLayout(), QVBoxLayout()
        row.setSpacing(look.px(10))
        row.addWidget(LetterTile(look, place), 0, Qt.AlignmentFlag.AlignTop)
        words.setSpacing(look.px(1))
        words.addWidget(label(look, text.prompt_name(arm.prompt), 15.5, 650, wrap=True))
        asked = _("{model} · versión {version}").format(model=arm.model, version=version.rpartition("-")[2])
        words.addWidget(label(look, asked, 12.5, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        if mark is not None:
            row.addWidget(chip(look, *mark), 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _make_numbers(self, result: ArmResult) -> CardGrid:
        grid = CardGrid(self.look, 105, 3)
        for number, words in number_words(result):
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(label(self.look, number, 15.5, 650, tabular=True))
            column.addWidget(label(self.look, words, 12, 400, "soft", wrap=True))
            column.addStretch(1)
            grid.add(holder)
        return grid


class LetterTile(QFrame):
    """The letter by which an arm is called, on a soft square."""

    def __init__(self, look: Look, place: int) -> None:
        super().__init__()
        self.setProperty("kind", "tile")
        self.setFixedSize(look.px(36), look.px(36))
        inside = QHBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        letter = label(look, text.arm_letter(place), 17, 700, "brand")
        inside.addWidget(letter, 0, Qt.AlignmentFlag.AlignCenter)


class LikedBar(QWidget):
    """From nobody to always: the share of thumbs up as a bar, and where it may lie in truth as a line over it."""

    def __init__(self, look: Look, liked: CountedShare | None) -> None:
        super().__init__()
        self._look, self._liked = look, liked
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Gusta {share}").format(share=text.percent(liked.share)) if liked else "")

    def sizeHint(self) -> QSize:
        """A bar, and the ends of the scale below it."""
        return QSize(self._look.px(200), self._look.px(38))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The slot, the share in it, the interval, the scale."""
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        slot = QRectF(0, look.px(3), self.width(), look.px(14))
        self._draw_bar(painter, slot, "bg")
        if self._liked is not None:
            filled = QRectF(slot)
            filled.setWidth(max(slot.height(), slot.width() * self._liked.share))
            self._draw_bar(painter, filled, "bar")
            self._draw_interval(painter, slot, self._liked)
        painter.setPen(look.color("faint"))
        painter.setFont(look.font(11, tabular=True))
        below = QRectF(0, slot.bottom() + look.px(4), self.width(), look.px(16))
        for share, side in ((0.0, "Left"), (0.5, "HCenter"), (1.0, "Right")):
            painter.drawText(below, Qt.AlignmentFlag[f"Align{side}"], text.percent(share))

    def _draw_bar(self, painter: QPainter, bar: QRectF, token: str) -> None:
        painter.setBrush(self._look.color(token))
        painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)

    def _draw_interval(self, painter: QPainter, slot: QRectF, liked: CountedShare) -> None:
        look, middle = self._look, slot.center().y()
        low, high = (slot.left() + slot.width() * end for end in (liked.lo, liked.hi))
        painter.setPen(QPen(look.color("brand"), look.px(2)))
        painter.drawLine(QPointF(low, middle), QPointF(high, middle))
        painter.setPen(QPen(look.color("surface"), look.px(2)))
        painter.setBrush(look.color("brand"))
        painter.drawEllipse(QPointF(slot.left() + slot.width() * liked.share, middle), look.px(6), look.px(6))
        painter.setPen(Qt.PenStyle.NoPen)


def liked_words(result: ArmResult) -> str:
    """How often it was liked, and between what that lies."""
    if result.liked is None:
        return _("Todavía sin opiniones.")
    return ngettext(
        "Te gustó {share} de {n} opinión: lo cierto está entre {lo} y {hi}.",
        "Te gustó {share} de {n} opiniones: lo cierto está entre {lo} y {hi}.",
        result.votes,
    ).format(
        share=text.percent(result.liked.share), n=text.number(result.votes),
        lo=text.percent(result.liked.lo), hi=text.percent(result.liked.hi),
    )  # fmt: skip


def number_words(result: ArmResult) -> tuple[tuple[str, str], ...]:
    """Checks passed, cost and time, each with what it is."""
    cost, latency = result.cost_nano, result.latency_ms
    return (
        (
            text.percent(result.passed.share) if result.passed else "–",
            ngettext("pasa, de {n} respuesta", "pasan, de {n} respuestas", result.answers).format(
                n=text.number(result.answers)
            ),
        ),
        ("–" if cost is None else text.dollars(round(cost)), _("cuesta cada una")),
        (
            "–" if latency is None else _("{seconds} s").format(seconds=text.number(latency / 1000, 1)),
            _("tarda"),
        ),
    )


def _mark(result: ArmResult, *, is_winner: bool) -> tuple[str, Tone] | None:
    if is_winner:
        return _("▲ gusta más"), Tone.GOOD
    return (_("▼ falla mucho"), Tone.BAD) if result.fails_too_often else None
