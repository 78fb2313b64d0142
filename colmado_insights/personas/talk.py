"""The requests of one run as they leave: allowed, priced, reserved in the ledger, and none after the first trouble."""

from __future__ import annotations

import hashlib
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Self

from colmado_insights import grok, vault
from colmado_insights.config import Settings
from colmado_insights.domain import GrokCall, ModelPrice, TokenUse, Topic
from colmado_insights.errors import AdviceProblem, AdviceRefused, BudgetSpent, NoKey, ShopError, UnknownModel
from colmado_insights.personas import budget
from colmado_insights.progress import Progress
from colmado_insights.storage import consents, spending
from colmado_insights.storage.database import Database
from colmado_insights.text import _

LIST_SERVES = timedelta(days=7)
"""For so long a list of models and prices serves before it is read again with the next question."""
PAUSE_SECONDS = 0.5
TURN_SECONDS = 0.05


@dataclass(frozen=True)
class Request:
    """A question as it would leave, and what the ledger says of it."""

    topic: Topic
    subject: str
    content: grok.GrokRequest
    prompt: str = ""  # variant and version
    experiment_id: int | None = None

    @cached_property
    def body(self) -> bytes:
        """The very text that is sent."""
        return self.content.body()

    @cached_property
    def key(self) -> str:
        """What it is known by: a digest of the very text."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def model(self) -> str:
        """Who is asked."""
        return self.content.model

    def most_tokens(self, price: ModelPrice | None) -> TokenUse:
        """The most that it can take; whether a model thinks, its own name tells better than an alias."""
        name = self.model if price is None else price.name
        return budget.find_most_tokens(name, len(self.body), self.content.most_answer_tokens)


class Talk:
    """The requests of one run: none after the first trouble, a pause between two, each with its row in the ledger."""

    def __init__(self, database: Database, settings: Settings, now: datetime, progress: Progress) -> None:
        self.now = now
        self.progress = progress
        self.requests = 0
        self.cost_nano = 0
        self._database = database
        self._settings = settings
        self._trouble: ShopError | None = None
        self._opened: grok.Client | None = None
        self._exits = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._exits.close()

    def check_allowed(self, topic: Topic) -> None:
        """Refuse a topic that the owner has not allowed."""
        if topic not in consents.read_allowed(self._database):
            raise spending.not_allowed()

    def complete(self, request: Request) -> grok.Completion:
        """Send a request, as often as the client thinks worth trying.

        Raises
        ------
        AdviceProblem
            It may not leave, or came to nothing; so does every one after it.
        """
        if self._trouble is not None:
            raise self._trouble
        try:
            return self._complete(request)
        except ShopError as error:
            self._trouble = error
            raise

    def _complete(self, request: Request) -> grok.Completion:
        self.check_allowed(request.topic)
        client = self._client()
        price = self._price(request.model)
        ledger = budget.Ledger(
            self._database,
            GrokCall(
                call_id=0,
                at=self.now,
                topic=request.topic,
                subject=request.subject,
                question_key=request.key,
                model=request.model,
                prompt=request.prompt,
                attempt=1,
                sent_bytes=len(request.body),
                cost_nano=budget.find_cost(price, request.most_tokens(price)),
                experiment_id=request.experiment_id,
            ),
            price,
            budget.limit_nano(self._settings),
        )
        if self.requests:
            self._pause()
        try:
            return client.complete(request.body, ledger, self.progress)
        except UnknownModel:
            with suppress(AdviceProblem):
                self._read_list(client)  # to say what there is instead
            raise self._unknown_model(request.model) from None
        finally:
            self.requests += len(ledger.calls)
            self.cost_nano += ledger.cost_nano

    def _client(self) -> grok.Client:
        if self._opened is None:
            self._opened = self._exits.enter_context(open_client(self._settings))
            if self._is_list_old():
                self._read_list(self._opened)
        return self._opened

    def _is_list_old(self) -> bool:
        """Whether what is known of prices may be true no more."""
        read = [model.read_at for model in spending.read_models(self._database) if model.read_at is not None]
        return not read or not timedelta(0) <= self.now - max(read) <= LIST_SERVES

    def _read_list(self, client: grok.Client) -> None:
        """Have the list of models anew; a service that has none is asked at the prices that are known.

        One whose list tells no price that makes sense is not asked: what was known may hold no more.
        """
        with suppress(AdviceRefused):
            spending.write_models(self._database, client.list_models(self.progress), self.now)

    def _price(self, model: str) -> ModelPrice:
        price = budget.find_model(spending.read_models(self._database), model)
        if price is None:
            raise BudgetSpent(
                _("No se sabe cuánto cobra el modelo «{model}», y así no se le pregunta.").format(
                    model=model
                ),
                _("Trae la lista de modelos en la página de Grok, o escoge otro."),
            )
        if not price.is_offered:
            raise self._unknown_model(model)
        return price

    def _unknown_model(self, model: str) -> UnknownModel:
        other = budget.find_replacement(spending.read_models(self._database))
        return UnknownModel(
            _("Grok ya no ofrece el modelo «{model}».").format(model=model),
            _("Escoge «{other}» en la página de Grok.").format(other=other)
            if other not in ("", model)
            else _("Escoge otro modelo en la página de Grok."),
        )

    def _pause(self) -> None:
        until = time.monotonic() + PAUSE_SECONDS
        while time.monotonic() < until:
            self.progress.step()
            time.sleep(TURN_SECONDS)


def read_models_online(
    database: Database, settings: Settings, now: datetime, progress: Progress
) -> tuple[ModelPrice, ...]:
    """Ask which models there are at what price, and keep the list; nothing of the shop leaves.

    Raises
    ------
    AdviceProblem
        The list could not be had.
    """
    with open_client(settings) as client:
        spending.write_models(database, client.list_models(progress), now)
    return spending.read_models(database)


def open_client(settings: Settings) -> grok.Client:
    """A client with the owner's key.

    Raises
    ------
    NoKey
        There is none.
    """
    key = vault.read_key()
    if not key:
        raise NoKey(_("Falta la llave de Grok."), _("Escríbela en la página de Grok."))
    return grok.Client(settings.grok_url, key)
