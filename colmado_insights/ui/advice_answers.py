"""What the owner says to advice: kept at once, told, and taken back again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from colmado_insights.insights import Advice
from colmado_insights.progress import Progress
from colmado_insights.text import _
from colmado_insights.ui.pages.page import ANSWERS, Page
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.notice_place import NoticePlace


class AdviceAnswers:
    """The answers given on one page, and what is said there of each."""

    def __init__(self, page: Page, notices: NoticePlace, failed: Callable[[], None] | None = None) -> None:
        self._page, self._notices, self._failed = page, notices, failed

    def answer(self, key: str, is_done: bool, words: str = "", untold: Advice | None = None) -> None:
        """Remember an answer; advice that no list told of is noted first."""
        shop, now = self._page.ctx.shop, self._page.ctx.clock()

        def write(_progress: Progress) -> None:
            if untold is not None:
                shop.note_advice(untold, now)
            shop.write_answer(key, is_done)

        said, undo = words or _answered_words(is_done), partial(self.take_back, key)
        self._run(write, lambda _nothing: self._notices.say_done(said, undo))

    def take_back(self, key: str) -> None:
        """Take an answer back: the advice waits again."""
        self._run(
            lambda _progress: self._page.ctx.shop.undo_answer(key), lambda _was: self._notices.say_undone()
        )

    def _run(self, work: Callable[[Progress], Any], done: Callable[[Any], None]) -> None:
        self._page.ctx.tasks.run(
            work, owner=self._page, key="answer", done=done, error=self._say_trouble,
            changes=frozenset({ANSWERS}),
        )  # fmt: skip

    def _say_trouble(self, _error: Exception) -> None:
        words = _("No se pudo guardar. No se cambió nada: intenta de nuevo.")
        self._notices.say(words, Tone.BAD, "triangle-alert")
        if self._failed is not None:
            self._failed()


def _answered_words(is_done: bool) -> str:
    if is_done:
        return _("Anotado: en dos semanas se sabrá qué trajo.")
    return _("Anotado: no se te dirá por 30 días.")
