"""The cashier's panel: how busy it is, what will be asked for, one thing to offer. No money, ever."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.domain import Category, Reason
from colmado_insights.progress import Progress
from colmado_insights.storage.advices import offer_key
from colmado_insights.text import N_, _
from colmado_insights.ui.ages import ago
from colmado_insights.ui.context import Context
from colmado_insights.ui.dialogs.help import PANEL_HELP, Help
from colmado_insights.ui.icons import CATEGORY_ICONS, Icon
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.traffic_bar import TrafficBar

if TYPE_CHECKING:
    from colmado_insights.live import CashierView

WIDTH, HEIGHT = 380, 700
MINUTE_MS = 60_000
SALES = "sales"

STATES: dict[str, tuple[str, str, str]] = {
    "busy": (N_("Mucha gente"), "flame", "accent"),
    "normal": (N_("Como siempre"), "circle-check", "good"),
    "slow": (N_("Poca gente"), "snail", "brand"),
    "unknown": (N_("Aún no se sabe"), "hourglass", "soft"),
    "clock": (N_("Revisa el reloj"), "clock", "bad"),
}
STATE_HINTS = {
    "unknown": N_("Faltan días de ventas para saber qué es normal a esta hora."),
    "clock": N_("La hora de esta computadora no cuadra con las ventas."),
}


class CashierPanel(QWidget):
    """A window of its own that stays on top; refreshed each minute and after new sales."""

    loaded = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self.ctx, self.look = ctx, ctx.look
        self._is_answered = self._is_loaded = False
        look = self.look
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("Panel de caja"))
        self._head_words = label(look, ctx.settings.shop_name, 16, 600, "rail_ink", tabular=True)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._age = label(look, "", 14, 400, "soft", wrap=True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._make_head())
        inside = QWidget()
        inside.setProperty("ground", "none")
        inside.setLayout(self._rows)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        outer.addWidget(area, 1)
        outer.addWidget(self._make_foot())
        self._place_on_screen()
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self.load)
        self._minute.start()
        ctx.tasks.data_changed.connect(self._take_change)
        QShortcut(QKeySequence("F1"), self).activated.connect(self.open_help)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.load)
        self.load()

    def load(self) -> None:
        """Read the panel's few facts again."""
        now, is_first = self.ctx.clock(), not self._is_loaded
        self._is_loaded = True

        def read(progress: Progress) -> CashierView:
            if is_first:  # what people ask for comes from the segments; kept ones cost nothing
                self.ctx.shop.compute_segments(now.date(), progress)
            return self.ctx.shop.read_cashier(now)

        self.ctx.tasks.run(read, owner=self, key="load", done=self.show_view, error=self._show_error)

    def open_help(self) -> None:
        """Say what the three blocks mean."""
        Help(self.look, _("Panel de caja"), (PANEL_HELP,), self).show()

    def show_view(self, view: CashierView) -> None:
        """Fill the panel."""
        now = self.ctx.clock()
        self._head_words.setText(f"{self.ctx.settings.shop_name} · {text.clock(now)}")
        self._clear()
        self._rows.addWidget(self._make_state(view))
        if view.expected:
            self._rows.addWidget(self._make_expected(view.expected))
        if view.suggestion is not None:
            self._rows.addWidget(self._make_offer(view.suggestion))
        if view.state not in STATE_HINTS and not view.expected and view.suggestion is None:
            self._rows.addWidget(self._make_calm())
        self._rows.addStretch(1)
        self._age.setText(_last_words(view, now) if view.last_sale else _("Todavía no hay ventas"))
        self.loaded.emit()

    # -- blocks --

    def _make_state(self, view: CashierView) -> QFrame:
        look = self.look
        words, symbol, token = STATES.get(view.state, STATES["unknown"])
        ground = {"accent": "accent", "good": "good", "brand": "brand", "bad": "bad"}.get(token, "plain")
        block, box = self._block(ground)
        row = QHBoxLayout()
        row.setSpacing(look.px(16))
        row.addWidget(Icon(look, symbol, token, 40), 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(label(look, _(words), 31, 700, token, wrap=True))
        if hint := STATE_HINTS.get(view.state):
            column.addWidget(label(look, _(hint), 16, 500, "soft", wrap=True))
        row.addLayout(column, 1)
        box.addLayout(row)
        if view.usual is not None and not hint:
            box.addLayout(self._make_counts(view.now_count, view.usual.mean))
            box.addWidget(TrafficBar(look, view.now_count, view.usual.mean, token))
        return block

    def _make_counts(self, now: int, usual: float) -> QHBoxLayout:
        look = self.look
        row = QHBoxLayout()
        row.setSpacing(look.px(6))
        pieces = ((text.number(now), 28, 700), (_("ahora"), 16, 500), ("·", 16, 500))
        for words, size, weight in (*pieces, (text.number(usual), 28, 600), (_("lo normal"), 16, 500)):
            ink = "ink" if size == 28 else "soft"
            row.addWidget(label(look, words, size, weight, ink), 0, Qt.AlignmentFlag.AlignBaseline)
        row.addStretch(1)
        return row

    def _make_expected(self, expected: tuple[Category, ...]) -> QFrame:
        look = self.look
        block, box = self._block("")
        box.addWidget(label(look, _("Van a pedir"), 16, 600, "soft"))
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        for category in expected[:3]:
            tile = Card(look)
            tile.body.setContentsMargins(look.px(6), look.px(14), look.px(6), look.px(14))
            tile.body.addWidget(
                Icon(look, CATEGORY_ICONS[category], "brand", 36), 0, Qt.AlignmentFlag.AlignHCenter
            )
            name = label(look, text.category_name(category), 16, 600, wrap=True)
            name.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            tile.body.addWidget(name, 1)
            row.addWidget(tile, 1)
        box.addLayout(row)
        return block

    def _make_calm(self) -> QFrame:
        """What stands below when there is nothing to prepare or to offer."""
        look = self.look
        block, box = self._block("")
        box.addWidget(label(look, _("Nada especial a esta hora"), 20, 600, wrap=True))
        words = _("Aquí sale lo que la gente va a pedir y qué ofrecer, cuando llegue su hora fuerte.")
        box.addWidget(label(look, words, 16, 400, "soft", wrap=True))
        return block

    def _make_offer(self, suggestion: Reason) -> QFrame:
        look = self.look
        block, box = self._block("brand")
        box.addWidget(label(look, _("Ofrece"), 16, 600, "brand"))
        what, why = offer_words(suggestion)
        box.addWidget(label(look, what, 28, 700, wrap=True))
        if why:
            box.addWidget(label(look, why, 16, 400, "soft", wrap=True))
        if self._is_answered:
            box.addWidget(label(look, _("Anotado, gracias."), 16, 500, "soft"))
            return block
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        for words, kind, took in ((_("Lo llevó"), "bigprimary", True), (_("No"), "big", False)):
            row.addWidget(button(look, words, partial(self._answer, suggestion, took), kind=kind))
        row.addStretch(1)
        box.addSpacing(look.px(4))
        box.addLayout(row)
        return block

    def _answer(self, suggestion: Reason, took_it: bool) -> None:
        self._is_answered = True
        QTimer.singleShot(MINUTE_MS, self, self._forget_answer)
        key = answer_key(suggestion, self.ctx.clock())
        self.ctx.tasks.run(
            lambda _progress: self.ctx.shop.write_answer(key, took_it),
            owner=self, key="answer", done=lambda _nothing: self.load(), changes=frozenset({"offers"}),
        )  # fmt: skip

    def _forget_answer(self) -> None:
        self._is_answered = False
        self.load()

    def _show_error(self, error: Exception) -> None:
        look = self.look
        self._clear()
        block, box = self._block("bad")
        box.addWidget(label(look, _("El panel no se pudo leer."), 22, 700, "bad", wrap=True))
        box.addWidget(label(look, _("Se intenta de nuevo cada minuto."), 16, 400, "ink", wrap=True))
        box.addWidget(button(look, _("Intentar de nuevo"), self.load, kind="big"))
        self._rows.addWidget(block)
        self._rows.addStretch(1)
        self.loaded.emit()

    # -- frame --

    def _block(self, tone: str) -> tuple[QFrame, QVBoxLayout]:
        look = self.look
        block = QFrame()
        block.setProperty("kind", "block")
        block.setProperty("tone", tone)
        box = QVBoxLayout(block)
        box.setContentsMargins(*(look.px(side) for side in (19, 15, 19, 16)))
        box.setSpacing(look.px(8))
        return block, box

    def _make_head(self) -> QFrame:
        look = self.look
        head = QFrame()
        head.setProperty("kind", "rail")
        head.setFixedHeight(look.px(50))
        row = QHBoxLayout(head)
        row.setContentsMargins(look.px(19), 0, look.px(19), 0)
        row.setSpacing(look.px(10))
        row.addWidget(Icon(look, "store", "rail_mark", 20))
        row.addWidget(self._head_words, 1)
        return head

    def _make_foot(self) -> QFrame:
        look = self.look
        foot = QFrame()
        foot.setProperty("kind", "foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(look.px(19), look.px(6), look.px(12), look.px(6))
        row.setSpacing(look.px(8))
        row.addWidget(Icon(look, "receipt", "soft", 18))
        row.addWidget(self._age, 1)
        help_button = button(look, _("F1 ayuda"), self.open_help, kind="quiet")
        help_button.setMinimumHeight(look.px(44))
        row.addWidget(help_button)
        return foot

    def _clear(self) -> None:
        while item := self._rows.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()

    def _place_on_screen(self) -> None:
        room = self.screen().availableGeometry()
        self.resize(
            QSize(min(self.look.px(WIDTH), room.width()), min(self.look.px(HEIGHT), room.height() - 40))
        )
        self.move(room.right() - self.width() - 16, room.top() + 24)

    def _take_change(self, topics: frozenset[str]) -> None:
        if SALES in topics:
            self.load()


def answer_key(suggestion: Reason, at: datetime) -> str:
    """Under what the answer to an offer is kept."""
    values = dict(suggestion.values)
    if suggestion.code == "offer_with":
        what = f"product:{values['offered_id']}"
    else:
        what = f"category:{values.get('second', '')}"
    return offer_key(what, at)


def offer_words(suggestion: Reason) -> tuple[str, str]:
    """What to offer, and how many take it."""
    if suggestion.code == "offer_with":
        return suggestion["offered"], _offer_why(suggestion)
    if suggestion.code != "usual_pair":
        return text.sentence(suggestion), ""
    what = _("{second} con {first}").format(
        second=text.category_name(suggestion["second"]), first=text.category_name(suggestion["first"]).lower()
    )
    return what, _("{n} de cada 10 lo llevan").format(n=round(suggestion["share"] * 10))


def _offer_why(suggestion: Reason) -> str:
    """What it goes with, and how many take it where that is known."""
    tenths = round(suggestion["share"] * 10)
    if not tenths:
        return _("Va con {product}.").format(product=suggestion["product"])
    return _("Va con {product}: {n} de cada 10 lo llevan.").format(product=suggestion["product"], n=tenths)


def _last_words(view: CashierView, now: datetime) -> str:
    """How long ago the last sale was, and who it looks like."""
    age = _("Última venta {age}").format(age=ago(view.last_sale, now)) if view.last_sale else ""
    return f"{age}: {text.sentence(view.last_segment)}" if view.last_segment else age
