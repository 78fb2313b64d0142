"""Grok asked about all twelve segments at once: how far it is, how many were kept, what it cost."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.domain import Source, Topic
from colmado_insights.personas import PersonaRun
from colmado_insights.progress import Progress
from colmado_insights.text import _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.tasks import Lane
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.work_strip import WorkStrip

CHANGED = frozenset({"grok"})


class PersonaBatch(QWidget):
    """What becomes of asking stands here; `button` stands where the page puts it, once the owner allows it."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx, look = ctx, ctx.look
        self._handle = Progress()
        self.button = button(
            look, _("Pedir a Grok los doce"), self.ask, symbol="sparkles",
            hint=_("Que Grok escriba quiénes son y qué ofrecerles; lo que no ha cambiado no se vuelve a pedir"),
        )  # fmt: skip
        self.button.hide()
        self._notices = NoticePlace(look)
        self._strip = WorkStrip(look, _("Preguntándole a Grok por los doce segmentos…"))
        self._strip.stop_asked.connect(lambda: self._handle.cancel())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._strip)
        box.addLayout(self._notices)
        self._stand(is_asking=False)
        ctx.tasks.data_changed.connect(self._take_change)

    def refresh(self) -> None:
        """Look whether Grok may be asked."""
        shop, now = self._ctx.shop, self._ctx.clock()

        def is_allowed(_progress: Progress) -> bool:
            state = shop.read_grok(now)
            return Topic.SEGMENT in state.allowed and state.key_place is not None

        self._ctx.tasks.run(
            is_allowed, owner=self, key="allowed", done=self.button.setVisible, error=lambda _error: None
        )

    def ask(self) -> None:
        """Ask about those that have changed; leaving the page lets it finish."""
        shop, now = self._ctx.shop, self._ctx.clock()
        self._notices.clear()
        self._strip.start()
        self._stand(is_asking=True)
        self._handle = self._ctx.tasks.run(
            lambda progress: shop.ask_words(Topic.SEGMENT, (), now.date(), now, progress),
            owner=self, key="ask", done=self._take, error=self._fail, cancelled=self._take_stop,
            progress=self._show_progress, changes=CHANGED, lane=Lane.NET,
        )  # fmt: skip

    def _show_progress(self, done: int, total: int, words: str) -> None:
        said = _("Preguntándole a Grok: {done} de {total}").format(done=done, total=total) if total else words
        self._strip.show_progress(done, total, said)

    def _take(self, run: PersonaRun) -> None:
        if run.trouble:
            words = " ".join(filter(None, (run_words(run), run.trouble, run.todo)))
            self._notices.say(words, Tone.ACCENT, "triangle-alert")
        else:
            self._notices.say_done(run_words(run))
        self._stand(is_asking=False)

    def _fail(self, error: Exception) -> None:
        self._notices.say_trouble(error, _("No se pudo preguntar por un fallo del programa."))
        self._stand(is_asking=False)

    def _take_stop(self) -> None:
        self._notices.say(_("Parado. Lo que Grok ya había contestado quedó guardado."))
        self._stand(is_asking=False)

    def _take_change(self, topics: frozenset[str]) -> None:
        if topics & CHANGED:
            self.refresh()

    def _stand(self, *, is_asking: bool) -> None:
        self._strip.setVisible(is_asking)
        self.button.setEnabled(not is_asking)
        self.setVisible(is_asking or bool(self._notices.count()))


def run_words(run: PersonaRun) -> str:
    """12 de 12 con palabras de Grok: 9 ya estaban guardadas, salieron 3 preguntas y costaron US$ 0.02."""
    by_grok = sum(persona.source is not Source.RULES for persona in run.personas.values())
    kept = ngettext("{n} ya estaba guardada", "{n} ya estaban guardadas", run.kept).format(n=run.kept)
    sent = ngettext("salió {n} pregunta", "salieron {n} preguntas", run.requests).format(n=run.requests)
    return _("{n} de {total} con palabras de Grok: {kept}, {sent} y costó {money}.").format(
        n=by_grok, total=len(run.personas), kept=kept, sent=sent, money=text.dollars(run.cost_nano)
    )
