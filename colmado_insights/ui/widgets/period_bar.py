"""The stretch of days a page looks at: today, yesterday, a fortnight, the month, another day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from PySide6.QtCore import QDate, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QToolButton, QVBoxLayout

from colmado_insights import text
from colmado_insights.text import _
from colmado_insights.ui.icons import icon
from colmado_insights.ui.periods import PERIOD_WORDS, Period, PeriodKind, period_of
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.segmented import Segmented


class PeriodBar(Segmented):
    """The stretch a page looks at; `period_changed` carries the `Period`."""

    period_changed = Signal(object)

    def __init__(self, look: Look, kinds: Sequence[PeriodKind], clock: Callable[[], datetime]) -> None:
        super().__init__(look, [_(PERIOD_WORDS[kind]) for kind in kinds])
        self._look_of_bar, self._kinds, self._clock = look, tuple(kinds), clock
        self._last_index = 0
        self.chosen.connect(self._change)

    def _change(self, index: int) -> None:
        kind = self._kinds[index]
        if kind is PeriodKind.OTHER:
            self._ask_day()
            return
        self._last_index = index
        self.period_changed.emit(period_of(kind, self._clock().date()))

    def _ask_day(self) -> None:
        popup = DayPopup(self._look_of_bar, self._clock().date(), self)
        popup.day_chosen.connect(self._choose_day)
        popup.closed.connect(lambda: self.set_index(self._last_index))
        popup.show_at(
            self.mapToGlobal(QPoint(max(0, self.width() - popup.sizeHint().width()), self.height()))
        )

    def _choose_day(self, day: date) -> None:
        self._last_index = self._kinds.index(PeriodKind.OTHER)
        self.set_words(self._last_index, text.short_date(day))
        self.period_changed.emit(Period(PeriodKind.OTHER, day, day))


class DayPopup(QFrame):
    """A calendar that drops down below the bar."""

    day_chosen = Signal(object)
    closed = Signal()

    def __init__(self, look: Look, today: date, parent: QFrame) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # round corners
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        ground = QFrame()
        ground.setProperty("kind", "card")
        outer.addWidget(ground)
        box = QVBoxLayout(ground)
        box.setContentsMargins(look.px(8), look.px(8), look.px(8), look.px(8))
        self.calendar = QCalendarWidget()
        self.calendar.setFont(look.font(13))
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self._dress(look)
        self.calendar.setMaximumDate(QDate(today.year, today.month, today.day))
        self.calendar.clicked.connect(self._pick)
        self.calendar.activated.connect(self._pick)
        box.addWidget(self.calendar)

    def _dress(self, look: Look) -> None:
        """Weekends in the shop's ink, arrows in its icons."""
        usual = QTextCharFormat()
        usual.setForeground(look.color("ink"))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(day, usual)
        head = QTextCharFormat()
        head.setForeground(look.color("soft"))
        head.setBackground(look.color("surface"))
        self.calendar.setHeaderTextFormat(head)
        self.calendar.setMinimumSize(look.px(300), look.px(240))
        for name, symbol in (("prev", "chevron-left"), ("next", "chevron-right")):
            arrow = self.calendar.findChild(QToolButton, f"qt_calendar_{name}month")
            if isinstance(arrow, QToolButton):
                arrow.setIcon(icon(look, symbol, "soft", 18))
                arrow.setIconSize(QSize(look.px(18), look.px(18)))

    def show_at(self, place: QPoint) -> None:
        """Open with its top left corner there."""
        self.move(place)
        self.show()
        self.calendar.setFocus()

    def _pick(self, day: QDate) -> None:
        self.day_chosen.emit(date(day.year(), day.month(), day.day()))
        self.close()

    def hideEvent(self, event: object) -> None:
        """Tell the bar, which may have to step back to its former choice."""
        self.closed.emit()
