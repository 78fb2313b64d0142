"""One job: how it stands in a line of words, and the button that begins or stops it."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.schedule import JobState
from colmado_insights.text import _
from colmado_insights.ui.ages import ago
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.label import label

TELLING_SECONDS = 1.0
"""What took less is not worth a word."""


class JobRow(QWidget):
    """A row of the card of jobs."""

    run_asked = Signal()
    stop_asked = Signal()

    def __init__(self, look: Look, state: JobState) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, look.px(2), 0, look.px(2))
        row.setSpacing(look.px(12))
        words = QVBoxLayout()
        words.setSpacing(0)
        name = _(state.job.words)
        words.addWidget(label(look, name, 14, 600, wrap=True))
        self._calm = label(look, "", 12.5, 400, "soft", wrap=True)
        self._trouble = label(look, "", 12.5, 500, "accent", wrap=True)
        words.addWidget(self._calm)
        words.addWidget(self._trouble)
        row.addLayout(words, 1)
        self.run = button(look, _("Hacer ahora"), self.run_asked.emit)
        self.stop = button(look, _("Parar"), self.stop_asked.emit)
        for made, doing in ((self.run, _("Hacer ahora: {job}")), (self.stop, _("Parar: {job}"))):
            made.setAccessibleName(doing.format(job=name))
            row.addWidget(made)

    def show_state(self, state: JobState, now: datetime, *, is_waiting: bool = False) -> None:
        """Say how the job stands."""
        is_going = state.is_running or is_waiting
        words = _("Espera su turno…") if is_waiting else state_words(state, now)
        self._calm.setText(words)
        self._trouble.setText(trouble_words(state, now))
        self._trouble.setVisible(bool(state.trouble) and not is_going)
        self._calm.setVisible(is_going or not state.trouble)
        self.run.setVisible(state.job.work is not None and not is_going)
        self.stop.setVisible(is_going)

    def show_progress(self, percent: int) -> None:
        """Say how far it is, once that can be said."""
        if percent:
            self._calm.setText(_("Trabajando… {percent} %").format(percent=percent))


def state_words(state: JobState, now: datetime) -> str:
    """Hecho hace 3 h, tardó 2 s · otra vez hoy, 10:00 p. m."""
    if state.is_running:
        return _("Trabajando…")
    if state.job.work is None:
        return _("Cada minuto, mientras la ventana está abierta")
    if state.is_due:
        return _("Toca ahora: empieza en cuanto nadie esté usando el programa")
    if state.done_at is None:
        return _("Todavía no ha hecho falta")
    done = _("Hecho {age}").format(age=ago(state.done_at, now))
    if state.seconds is not None and state.seconds >= TELLING_SECONDS:
        done = _("{done}, tardó {time}").format(done=done, time=duration_words(state.seconds))
    return f"{done} · {next_words(state.next_at, now)}"


def trouble_words(state: JobState, now: datetime) -> str:
    """Falla desde hace 5 min. Otro programa estaba usando tus datos. …"""
    if not state.trouble or state.failing_since is None:
        return ""
    since = _("Falla desde {age}.").format(age=ago(state.failing_since, now))
    return f"{since} {state.trouble} {state.todo}"


def duration_words(seconds: float) -> str:
    """12 s, 3 min"""
    if seconds < 60:
        return _("{n} s").format(n=round(seconds))
    return _("{n} min").format(n=round(seconds / 60))


def next_words(moment: datetime | None, now: datetime) -> str:
    """When it is looked at again."""
    if moment is None:
        return _("otra vez cuando cambien las ventas")
    if moment <= now:
        return _("otra vez ahora")
    tomorrow = now.date() + timedelta(days=1)
    if moment == datetime.combine(tomorrow, datetime.min.time()):
        return _("otra vez esta noche")
    time = text.clock(moment)
    if moment.date() == now.date():
        return _("otra vez hoy, {time}").format(time=time)
    if moment.date() == tomorrow:
        return _("otra vez mañana, {time}").format(time=time)
    return _("otra vez el {day}, {time}").format(day=text.short_date(moment.date()), time=time)
