"""What the program does by itself: each job with how it stands, and a button to begin or stop it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtGui import QShowEvent

from colmado_insights.progress import Progress
from colmado_insights.schedule import JobState
from colmado_insights.text import _
from colmado_insights.ui.context import Context
from colmado_insights.ui.schedule import Schedule
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.job_row import JobRow
from colmado_insights.ui.widgets.label import hairline, label


class JobsCard(Card):
    """Reads the jobs' states when it is shown and whenever one begins or ends."""

    def __init__(self, ctx: Context, schedule: Schedule) -> None:
        super().__init__(ctx.look, _("Trabajos que se hacen solos"), "hourglass")
        self._ctx, self._schedule = ctx, schedule
        self.rows: dict[str, JobRow] = {}
        self._hint = label(ctx.look, "", 12.5, 400, "soft", wrap=True)
        self.body.addWidget(self._hint)
        self.body.addStretch(1)
        schedule.changed.connect(self.load)
        schedule.progressed.connect(self._show_progress)

    def load(self) -> None:
        """Read how the jobs stand and show it; a hidden card has time."""
        if not self.isVisible():
            return
        shop, now = self._ctx.shop, self._ctx.clock()

        def read(_progress: Progress) -> tuple[JobState, ...]:
            return shop.read_jobs(now)

        self._ctx.tasks.run(read, owner=self, key="jobs", done=self.show_states, error=self._show_trouble)

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it comes into view."""
        super().showEvent(event)
        self.load()

    def show_states(self, states: tuple[JobState, ...]) -> None:
        """One row a job."""
        self._hint.setText(
            _("El programa los hace cuando nadie lo está usando, y nunca detienen la ventana.")
        )
        now = self._ctx.clock()
        for state in states:
            name = state.job.name
            row = self.rows.get(name) or self._add_row(state)
            # The window knows sooner than the file which job is running.
            known = replace(state, is_running=name == self._schedule.running)
            row.show_state(known, now, is_waiting=self._schedule.is_waiting(name))

    def _add_row(self, state: JobState) -> JobRow:
        name, row = state.job.name, JobRow(self.look, state)
        row.run_asked.connect(partial(self._schedule.run_now, name))
        row.stop_asked.connect(partial(self._schedule.cancel, name))
        self.rows[name] = row
        place = self.body.count() - 1  # before the stretch
        self.body.insertWidget(place, hairline())
        self.body.insertWidget(place + 1, row)
        return row

    def _show_progress(self, name: str, percent: int) -> None:
        if name in self.rows:
            self.rows[name].show_progress(percent)

    def _show_trouble(self, _error: Exception) -> None:
        self._hint.setText(_("Ahora mismo no se pudo mirar cómo están. Vuelve a esta página en un momento."))
