"""From a question to words: allowed? kept? affordable? then Grok, its checks, and the ledger; else what was kept, or rules.

Whatever fails on the way, every subject ends in a `Persona` that says who wrote it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from colmado_insights import grok, text, vault
from colmado_insights.analytics.results import NotEnough
from colmado_insights.analytics.segments import SEGMENT_IDS
from colmado_insights.config import Settings
from colmado_insights.domain import Arm, KeptAnswer, Reason, Source, Topic
from colmado_insights.errors import AdviceRefused, ShopError
from colmado_insights.insights.freshness import count_use, flush_uses
from colmado_insights.insights.keeping import decode
from colmado_insights.personas import budget, checks, facts, prompts
from colmado_insights.personas.experiments import choose_arm
from colmado_insights.personas.persona import Persona, PersonaRun, Preview, Question
from colmado_insights.personas.talk import Request, Talk
from colmado_insights.progress import Progress
from colmado_insights.storage import answers, consents, experiments, spending
from colmado_insights.storage.database import Database
from colmado_insights.text import _

FRESH = timedelta(hours=2)
"""For so long the answer to the very same question serves without asking again."""
EVER = timedelta(days=answers.KEPT_DAYS)
"""Of the night: figures that did not change were put into words already, and other words are not worth a request."""


# ── questions ──


def make_question(
    database: Database,
    settings: Settings,
    topic: Topic,
    subject: str = "",
    as_of: date | None = None,
    progress: Progress | None = None,
) -> Question | NotEnough:
    """What may be said to Grok about a segment, a customer or the week, and what the rules say of it."""
    return make_questions(database, settings, topic, (subject,), as_of, progress)[subject]


def make_questions(
    database: Database,
    settings: Settings,
    topic: Topic,
    subjects: Sequence[str],
    as_of: date | None = None,
    progress: Progress | None = None,
) -> dict[str, Question | NotEnough]:
    """The same of several segments or customers, by subject."""
    if topic is Topic.SEGMENT:
        return facts.segment_questions(database, settings, subjects, as_of, progress)
    if topic is Topic.CUSTOMER:
        return {
            each: facts.customer_question(database, settings, int(each), as_of, progress) for each in subjects
        }
    return {each: facts.week_question(database, settings, as_of, progress) for each in subjects}


def ask_words(
    database: Database,
    settings: Settings,
    topic: Topic,
    subjects: Sequence[str],
    as_of: date | None,
    now: datetime,
    progress: Progress,
    patience: timedelta = FRESH,
) -> PersonaRun:
    """Ask about these subjects; without any, about all segments, or the week."""
    usual = {Topic.SEGMENT: SEGMENT_IDS, Topic.WEEK: ("",)}
    made = make_questions(
        database, settings, topic, subjects or usual.get(topic, ()), as_of, progress.quiet()
    )
    questions = [question for question in made.values() if isinstance(question, Question)]
    run = Adviser(database, settings).ask(questions, now, progress, patience)
    silent = {
        subject: _too_little(answer) for subject, answer in made.items() if isinstance(answer, NotEnough)
    }
    return replace(run, personas={**run.personas, **silent})


def refresh_personas(database: Database, settings: Settings, now: datetime, progress: Progress) -> int:
    """By night: have the segments that changed put into words, where the owner wants that; how many requests left.

    A network that is away is no failure: the words by rules stand, and the next night comes.
    """
    if (
        not settings.grok_daily
        or Topic.SEGMENT not in consents.read_allowed(database)
        or not vault.read_key()
    ):
        return 0
    return ask_words(database, settings, Topic.SEGMENT, (), None, now, progress, EVER).requests


def _too_little(answer: NotEnough) -> Persona:
    words = _("Todavía hay pocos datos para decir algo: hacen falta {needed}.")
    return Persona(words.format(needed=text.data_amount(answer.needed, answer.unit)), (), ())


# ── words ──


class Adviser:
    """Words about the shop from Grok, as far as the owner allows, and without it."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    def read(self, question: Question, now: datetime) -> Persona:
        """What is at hand without asking: the last answer of Grok, marked old when it is, else the rules."""
        request = self._request(question)
        kept = answers.read_answer(self._database, request.key) or answers.read_last_answer(
            self._database, question.topic, question.subject, question.language
        )
        is_old = kept is None or not self._serves(kept, request, now, FRESH)
        return (kept and self._as_persona(kept, is_old=is_old)) or question.by_rules

    def preview(self, question: Question, now: datetime) -> Preview:
        """What would leave for a question, to the letter, and what it would cost at most."""
        request = self._request(question)
        kept = answers.read_answer(self._database, request.key)
        return self._preview(request, is_kept=kept is not None and self._serves(kept, request, now, FRESH))

    def preview_json(self, topic: Topic, request_of: Callable[[str], grok.GrokRequest]) -> Preview:
        """What `ask_json` would send, to the letter; its answers are not kept."""
        return self._preview(Request(topic, "", request_of(self._settings.grok_model)), is_kept=False)

    def _preview(self, request: Request, *, is_kept: bool) -> Preview:
        price = budget.find_model(spending.read_models(self._database), request.model)
        most = request.most_tokens(price)
        return Preview(
            topic=request.topic,
            url=f"{self._settings.grok_url}/chat/completions",
            text=request.body.decode(),
            most_tokens=most.prompt + most.answer,
            most_nano=None if price is None else budget.find_cost(price, most),
            is_kept=is_kept,
        )

    def ask(
        self,
        questions: Sequence[Question],
        now: datetime,
        progress: Progress | None = None,
        patience: timedelta = FRESH,
    ) -> PersonaRun:
        """Ask about each what was not answered within `patience`; after the first trouble the rest is not asked.

        Raises
        ------
        Cancelled
            What was answered by then is kept.
        """
        progress = progress or Progress()
        personas: dict[str, Persona] = {}
        troubles: list[ShopError] = []
        with Talk(self._database, self._settings, now, progress.quiet()) as talk:
            for place, question in enumerate(questions):
                progress.step(place, len(questions), _("Preguntando a Grok"))
                try:
                    personas[question.subject] = self._answer(question, talk, patience)
                except ShopError as error:
                    troubles.append(error)
                    personas[question.subject] = replace(self.read(question, now), trouble=str(error))
        with suppress(ShopError):  # another program holds the file: a few counts are lost
            flush_uses(self._database)
        return PersonaRun(
            personas,
            requests=talk.requests,
            kept=sum(each.source is Source.CACHE and not each.trouble for each in personas.values()),
            cost_nano=talk.cost_nano,
            trouble=troubles[0].what if troubles else "",
            todo=troubles[0].todo if troubles else "",
        )

    def ask_json(
        self,
        topic: Topic,
        request_of: Callable[[str], grok.GrokRequest],
        subject: str,
        now: datetime,
        progress: Progress | None = None,
        *,
        prompt: str = "",
    ) -> tuple[Any, int]:
        """Ask what `request_of` makes of the model's name; the JSON that came and the id of its call.

        Raises
        ------
        AdviceProblem
            It may not be asked, or gave no JSON.
        """
        request = Request(topic, subject, request_of(self._settings.grok_model), prompt)
        with Talk(self._database, self._settings, now, progress or Progress()) as talk:
            completion = talk.complete(request)
        if completion.data is None:
            raise self.reject(completion.call_id, ("check_shape",))
        return completion.data, completion.call_id

    def reject(self, call_id: int, failed_checks: Sequence[str]) -> AdviceRefused:
        """Note that an answer is not used, for these checks; the error that says so."""
        spending.reject_call(self._database, call_id, failed_checks)
        why = [text.sentence(Reason.of(code)) for code in failed_checks if code in checks.CHECKS]
        return AdviceRefused(
            " ".join([_("La respuesta de Grok no pasó la revisión y no se muestra."), *why]),
            _("Puedes pedirla otra vez más tarde."),
        )

    def _answer(self, question: Question, talk: Talk, patience: timedelta) -> Persona:
        request = self._request(question)
        with self._database.alone(f"grok:{request.key}", talk.progress):  # who comes second finds it kept
            talk.check_allowed(request.topic)
            kept = answers.read_answer(self._database, request.key)
            if kept and self._serves(kept, request, talk.now, patience):
                persona = self._as_persona(kept, is_old=False)
                if persona:
                    count_use(self._database, budget.CACHE_KIND, is_hit=True)
                    return persona
            return self._ask(question, request, talk)

    def _ask(self, question: Question, request: Request, talk: Talk) -> Persona:
        before = talk.cost_nano
        completion = talk.complete(request)
        count_use(self._database, budget.CACHE_KIND, is_hit=False)
        persona, failed_checks = checks.check_answer(completion.data, question)
        if persona is None:
            raise self.reject(completion.call_id, failed_checks)
        is_kept = answers.write_answer(
            self._database,
            KeptAnswer(
                question_key=request.key,
                topic=question.topic,
                subject=question.subject,
                language=question.language,
                model=request.model,
                prompt=request.prompt,
                call_id=completion.call_id,
                made_at=talk.now,
                body=_Words(persona.description, persona.marketing, persona.operations).body(),
            ),
        )
        if not is_kept:
            raise spending.not_allowed()
        return replace(
            persona,
            source=Source.GROK,
            made_at=talk.now,
            model=request.model,
            prompt=request.prompt,
            call_id=completion.call_id,
            cost_nano=talk.cost_nano - before,
        )

    def _request(self, question: Question) -> Request:
        """How a question is put: as the settings say, or as the arm of a running experiment that it falls to."""
        experiment = experiments.read_running(self._database, question.topic)
        arm = Arm(self._settings.grok_prompt, self._settings.grok_model)
        if experiment is not None:
            asked = json.dumps([question.topic, question.language, question.facts], sort_keys=True)
            arm = choose_arm(experiment, hashlib.sha256(asked.encode()).hexdigest())
        return Request(
            question.topic,
            question.subject,
            prompts.write_request(question, arm.prompt, arm.model),
            prompts.prompt_id(arm.prompt),
            experiment.experiment_id if experiment else None,
        )

    def _serves(self, kept: KeptAnswer, request: Request, now: datetime, patience: timedelta) -> bool:
        """Whether a kept answer is to the very same question and not older than that, nor of the future."""
        return kept.question_key == request.key and timedelta(0) <= now - kept.made_at <= patience

    def _as_persona(self, kept: KeptAnswer, *, is_old: bool) -> Persona | None:
        words = decode(kept.body, _Words)
        if words is None:
            return None
        return Persona(
            words.description,
            words.marketing,
            words.operations,
            source=Source.CACHE,
            made_at=kept.made_at,
            model=kept.model,
            prompt=kept.prompt,
            is_old=is_old,
            call_id=kept.call_id,
            vote=answers.read_vote(self._database, kept.call_id),
        )


@dataclass(frozen=True)
class _Words:
    """What of a persona is kept."""

    description: str
    marketing: tuple[str, ...]
    operations: tuple[str, ...]

    def body(self) -> str:
        return json.dumps(vars(self), ensure_ascii=False)
