"""What is said in words of one subject: read beside the page, asked of Grok where the owner wants it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from colmado_insights import text
from colmado_insights.analytics.results import NotEnough
from colmado_insights.domain import Source, Topic
from colmado_insights.errors import ShopError
from colmado_insights.personas import Persona, PersonaRun, Preview
from colmado_insights.progress import Progress
from colmado_insights.text import _
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import GROK, SALES
from colmado_insights.ui.tasks import Lane

if TYPE_CHECKING:
    from colmado_insights.personas.budget import GrokState


class WordsBook(QObject):
    """The persona of the subject looked at, whoever wrote it; an answer that comes late is kept, not shown."""

    changed = Signal()
    previewed = Signal(object)  # a Preview

    def __init__(self, ctx: Context, topic: Topic, page: QWidget) -> None:
        super().__init__(page)
        self._ctx, self._page, self.topic = ctx, page, topic
        self._is_stale, self._is_ready = True, False
        self._asked: dict[str, Progress] = {}  # what is on its way, by subject
        self.subject: str | None = None  # none: nothing is looked at yet
        self.persona: Persona | NotEnough | None = None  # none while it is read
        self.state: GrokState | None = None
        self.note, self.has_trouble = "", False  # what came of asking
        ctx.tasks.data_changed.connect(self._take_change)

    # -- what is known --

    @property
    def is_allowed(self) -> bool:
        """The owner lets Grok be asked about this, and has given a key."""
        state = self.state
        return state is not None and self.topic in state.allowed and state.key_place is not None

    @property
    def can_ask(self) -> bool:
        """Grok would say something new."""
        persona = self.persona
        is_new = isinstance(persona, Persona) and (persona.source is Source.RULES or persona.is_old)
        return self.is_allowed and is_new

    @property
    def is_asking(self) -> bool:
        """An answer about this subject is on its way."""
        return self.subject in self._asked

    # -- reading --

    def open(self, subject: str = "", by_rules: Persona | None = None, *, is_ready: bool = True) -> None:
        """Look at this subject; what the rules say stands at once where it is known.

        As long as it is not ready the rest is not read: what it stands on is being computed already.
        """
        self._is_ready = is_ready
        if subject != self.subject:
            self.subject, self.persona, self._is_stale = subject, by_rules, True
            self.note, self.has_trouble = "", False
        elif by_rules is not None and not _is_by_grok(self.persona):
            self.persona = by_rules
        self.changed.emit()
        self.refresh()

    def refresh(self) -> None:
        """Read what is kept of this subject, if it may have changed."""
        if self.subject is None or not self._is_stale or not self._is_ready:
            return
        self._is_stale = False
        shop, topic, subject, now = self._ctx.shop, self.topic, self.subject, self._ctx.clock()

        def read(progress: Progress) -> tuple[Persona | NotEnough, GrokState]:
            return shop.read_words(topic, subject, now.date(), now, progress), shop.read_grok(now)

        self._ctx.tasks.run(
            read, owner=self, key="read", done=partial(self._take, subject), error=self._take_error
        )

    def preview(self) -> None:
        """Fetch what would be sent, to the letter."""
        shop, topic, subject, now = self._ctx.shop, self.topic, self.subject or "", self._ctx.clock()

        def show(preview: Preview | NotEnough) -> None:
            if isinstance(preview, Preview):
                self.previewed.emit(preview)
            else:
                self._say(_("Hay muy pocas ventas: no se le mandaría nada a Grok."))

        self._ctx.tasks.run(
            lambda _progress: shop.preview_words(topic, subject, now.date(), now),
            owner=self, key="preview", done=show, error=self._take_error,
        )  # fmt: skip

    # -- asking --

    def ask(self) -> None:
        """Ask Grok about this subject; who leaves the page meanwhile finds the answer kept."""
        if self.subject is None or self.is_asking:
            return
        shop, topic, subject, now = self._ctx.shop, self.topic, self.subject, self._ctx.clock()
        self._asked[subject] = Progress()
        self._say("")
        handle = self._ctx.tasks.run(
            lambda progress: shop.ask_words(topic, (subject,), now.date(), now, progress),
            owner=self, key=f"ask {subject}", changes=frozenset({GROK}), lane=Lane.NET,
            done=partial(self._take_run, subject), error=partial(self._take_refusal, subject),
            cancelled=partial(self._forget, subject),
        )  # fmt: skip
        if subject in self._asked:
            self._asked[subject] = handle

    def stop(self) -> None:
        """Wait no longer for the answer about this subject."""
        if self.subject in self._asked:
            self._asked[self.subject].cancel()

    def vote(self, vote: int) -> None:
        """Say that it helped (1) or did not (-1); the same again takes it back."""
        persona, shop = self.persona, self._ctx.shop
        if not isinstance(persona, Persona) or persona.call_id is None:
            return
        call_id, wanted = persona.call_id, 0 if persona.vote == vote else vote
        self.persona = replace(persona, vote=wanted)
        self.changed.emit()
        self._ctx.tasks.run(
            lambda _progress: shop.write_vote(call_id, wanted), owner=self, key="vote",
            done=lambda _nothing: None, error=partial(self._unvote, persona), changes=frozenset({GROK}),
        )  # fmt: skip

    # -- what came --

    def _take(self, subject: str, found: tuple[Persona | NotEnough, GrokState]) -> None:
        answer, self.state = found
        if subject != self.subject:
            return
        if self.persona is None or _is_by_grok(answer) or _is_by_grok(self.persona):
            self.persona = answer
        self.changed.emit()

    def _take_run(self, subject: str, run: PersonaRun) -> None:
        self._asked.pop(subject, None)
        if subject != self.subject:
            return
        answer = run.personas.get(subject)
        if answer is not None and _is_by_grok(answer):
            self.persona = answer
        if trouble := run.trouble or (answer.trouble if answer else ""):
            self._say(f"{trouble} {run.todo}".strip(), is_trouble=True)
        elif run.requests:
            self._say(_("Recién pedida: costó {money}.").format(money=text.dollars(run.cost_nano)))
        else:
            self._say(_("Ya estaba guardada: no se mandó nada ni costó nada."))

    def _take_refusal(self, subject: str, error: Exception) -> None:
        self._asked.pop(subject, None)
        if subject == self.subject:
            self._take_error(error)

    def _forget(self, subject: str) -> None:
        self._asked.pop(subject, None)
        if subject == self.subject:
            self._say(_("Parado. Se quedan las palabras que estaban."))

    def _unvote(self, persona: Persona, error: Exception) -> None:
        """What could not be kept is not shown as if it were."""
        if isinstance(self.persona, Persona) and self.persona.call_id == persona.call_id:
            self.persona = persona
        self._take_error(error)

    def _take_error(self, error: Exception) -> None:
        """A fault is said in place too; what was said before stands."""
        known = str(error) if isinstance(error, ShopError) else ""
        self._say(known or _("No se pudo por un fallo del programa. Lo demás sigue bien."), is_trouble=True)

    def _take_change(self, topics: frozenset[str]) -> None:
        if topics & {GROK, SALES}:
            self._is_stale = True
            if self._page.isVisible():
                self.refresh()

    def _say(self, words: str, *, is_trouble: bool = False) -> None:
        self.note, self.has_trouble = words, is_trouble
        self.changed.emit()


def _is_by_grok(answer: Persona | NotEnough | None) -> bool:
    return isinstance(answer, Persona) and answer.source is not Source.RULES
