"""Grok on the network: one question asked, or the list of models read, within fixed limits and never by surprise.

Nothing here decides whether something may leave: the caller's `CallLog` is asked before each attempt, and told
afterwards what became of it. Each attempt is one connection in a thread of its own that can be cut at any moment.
Neither the key nor the service's own words reach an error or the log: the service quotes parts of keys.

References
----------
https://docs.x.ai/developers/rest-api-reference/inference: `max_completion_tokens` bounds what is written and what
is thought; in `usage`, `completion_tokens` leaves out the `reasoning_tokens`, `total_tokens` holds all of them.
https://docs.x.ai/developers/cost-tracking: `cost_in_usd_ticks` is what was charged; a US$ has 10^10 of them.
https://docs.x.ai/developers/debugging: a wrong key is answered with 400 or 401.
"""

from __future__ import annotations

import json
import logging
import os
import random
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, partial
from itertools import islice
from math import ceil
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar
from urllib.parse import urlsplit

from colmado_insights import NAME, __version__
from colmado_insights.domain import CallOutcome, ModelPrice, TokenUse
from colmado_insights.errors import AdviceProblem, AdviceRefused, BudgetSpent, NoKey, NoNetwork, UnknownModel
from colmado_insights.progress import Progress
from colmado_insights.text import _, ngettext

if TYPE_CHECKING:
    import ssl

    import httpx

log = logging.getLogger(__name__)

CHAT = "/chat/completions"
MODELS = "/language-models"

MOST_TEXT = 64 * 1024
MOST_TOKENS = 10_000_000
MOST_PRICE = 100_000_000  # ten thousand US$ per million tokens
MOST_TICKS = 10**13  # a thousand US$
MOST_MODELS = 500
MOST_ALIASES = 50
MOST_BRACES = 50
"""How many opening braces are tried as the start of the answer's JSON."""

TURN_SECONDS = 0.05
"""How soon a cancel is heard."""

_NAME = re.compile(r"[A-Za-z0-9][\w.:-]{0,80}", re.ASCII)
_KEY = re.compile(r"[!-~]+")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

_TIDYING = (".failed", ".response_closed.started", ".response_closed.complete")
"""Steps by which a connection ends; to stop it there would leave it half closed."""

T = TypeVar("T")
_Watcher = Callable[[str, Mapping[str, Any]], None]
_Taker = Callable[["httpx.Response"], None]


# ── what is asked and answered ──


@dataclass(frozen=True)
class GrokRequest:
    """One question to a model; `messages` are pairs of role and text."""

    model: str
    messages: tuple[tuple[str, str], ...]
    schema_name: str
    schema: Mapping[str, Any]
    temperature: float = 0.3
    most_answer_tokens: int = 800

    def body(self) -> bytes:
        """The very bytes that are shown to the owner, counted and sent."""
        values = {
            "model": self.model,
            "messages": [{"role": role, "content": text} for role, text in self.messages],
            "temperature": self.temperature,
            "max_completion_tokens": self.most_answer_tokens,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": self.schema_name, "strict": True, "schema": self.schema},
            },
        }
        return json.dumps(values, ensure_ascii=False, default=dict).encode()


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one request.

    `tokens` is None when it is not known what was consumed, and all zeros when nothing left this PC.
    """

    outcome: CallOutcome
    status: int | None
    tokens: TokenUse | None
    latency_ms: int
    model: str = (
        ""  # who answered, as the service tells: a retired name may lead to another model, at its price
    )
    cost_nano: int | None = None  # what the service says that it charged, thousand-millionths of a US$


class CallLog(Protocol):
    """Who is asked before a request leaves, and told what became of it."""

    def begin(self, attempt: int) -> int:
        """Let an attempt (1 is the first) leave and give it an id, or raise `BudgetSpent`."""

    def finish(self, call_id: int, attempt: Attempt) -> None:
        """Take down what became of it; called once for each `begin`."""


@dataclass(frozen=True)
class Completion:
    """A model's answer as it came; whether it is any good is for the caller to check."""

    data: Any | None  # the first JSON object in `text`, None when there is none
    text: str
    model: str  # who answered, as the service tells; "" when it does not tell
    call_id: int
    tokens: TokenUse | None
    latency_ms: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often is tried; seconds and bytes."""

    connect: float = 8.0
    silence: float = 45.0  # between two pieces of an answer
    total: float = 60.0  # one attempt from end to end, however lively
    attempts: int = 3
    first_pause: float = 1.0  # doubles with each attempt
    most_pause: float = 30.0  # a service that asks for a longer one is left alone
    most_bytes: int = 1_000_000


class Client:
    """Talks to the service at `url` with `key`; each call blocks, and ends when `progress` is cancelled.

    Raises
    ------
    NoNetwork
        It could not be reached, or gave no whole answer in time.
    NoKey
        It does not accept the key.
    UnknownModel
        It does not offer the model (any more).
    AdviceRefused
        It is busy or broken, or answered with something that cannot be used.
    Cancelled
        `progress` was cancelled.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        limits: Limits = Limits(),
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        rng: Callable[[], float] = random.random,
    ) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._limits = limits
        self._transport = transport
        self._sleep = sleep
        self._rng = rng

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._key = ""

    def complete(self, body: bytes, log: CallLog, progress: Progress) -> Completion:
        """Ask a question, as often as is worth trying; `log` may stop each attempt by raising."""
        text, call_id, done = self._talk(_Errand("POST", CHAT, body, _read_answer), log, progress)
        return Completion(find_object(text), text, done.model, call_id, done.tokens, done.latency_ms)

    def list_models(self, progress: Progress) -> tuple[ModelPrice, ...]:
        """The models offered to the key with their prices; those without a price that makes sense are left out.

        Raises
        ------
        BudgetSpent
            There are models, and of none it is known what it costs.
        """
        models = self._talk(_Errand("GET", MODELS, None, _read_models), _NoLog(), progress)[0]
        if not models:
            raise BudgetSpent(_("Grok mandó algo que no se puede usar."), _("Trata otra vez en un rato."))
        return models

    # ── trying ──

    def _talk(self, errand: _Errand[T], calls: CallLog, progress: Progress) -> tuple[T, int, Attempt]:
        if not _KEY.fullmatch(self._key):
            raise _bad_key()
        tries = 0
        while True:
            tries += 1
            progress.step()
            verdict, call_id, attempt = self._try(errand, tries, calls, progress)
            if verdict.error is None:
                assert verdict.answer is not None
                return verdict.answer, call_id, attempt
            if verdict.pause is None or tries >= self._limits.attempts:
                raise verdict.error
            self._wait(self._find_pause(verdict.pause, tries), progress)

    def _try(
        self, errand: _Errand[T], number: int, calls: CallLog, progress: Progress
    ) -> tuple[_Verdict[T], int, Attempt]:
        call_id = calls.begin(number)
        exchange = _Exchange(partial(self._send, errand), self._limits, is_watched=self._transport is None)
        verdict: _Verdict[T] = _Verdict(CallOutcome.LOST)  # stands when it is cancelled
        began = time.monotonic()
        try:
            verdict = self._judge(errand, exchange.run(progress), exchange.is_sent)
        finally:
            status, latency_ms = exchange.reply.status, round((time.monotonic() - began) * 1000)
            bill = verdict.bill if exchange.is_sent else _Bill(TokenUse(0, 0, 0))
            attempt = Attempt(verdict.outcome, status, bill.tokens, latency_ms, bill.model, bill.cost_nano)
            log.info("attempt %d: %s, %s, %d ms", number, attempt.outcome, status, latency_ms)
            calls.finish(call_id, attempt)
        return verdict, call_id, attempt

    def _send(self, errand: _Errand[Any], watch: _Watcher, take: _Taker) -> None:
        """One connection of its own, with no memory of others; runs in the exchange's thread."""
        import httpx

        with (
            httpx.Client(
                verify=_trust(),
                trust_env=urlsplit(self._url).hostname not in _LOOPBACK,  # proxies, but not to reach oneself
                timeout=httpx.Timeout(self._limits.silence, connect=self._limits.connect),
                follow_redirects=False,  # the key would go along
                transport=self._transport,
            ) as client,
            client.stream(
                errand.method,
                self._url + errand.path,
                content=errand.body,
                headers={
                    "Authorization": f"Bearer {self._key}",
                    "Content-Type": "application/json",
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                    "User-Agent": f"{NAME.replace(' ', '')}/{__version__}",
                },
                extensions={"trace": watch},
            ) as response,
        ):
            take(response)

    def _judge(self, errand: _Errand[T], reply: _Reply, is_sent: bool) -> _Verdict[T]:
        if reply.status == 200 and reply.is_huge:
            return _Verdict(CallOutcome.REJECTED, error=_unusable())
        if reply.status == 200 and reply.is_whole:
            return self._read(errand, reply)
        if reply.status in (None, 200):
            return _Verdict(CallOutcome.LOST, error=_lost(is_sent), pause=0.0)
        if reply.status in (408, 425, 429) or (reply.status or 0) >= 500:
            return self._judge_busy(reply)
        return _Verdict(CallOutcome.REFUSED, error=_refusal(reply, is_question=errand.body is not None))

    def _read(self, errand: _Errand[T], reply: _Reply) -> _Verdict[T]:
        answer, bill = errand.read(reply.body)
        if self._key in repr((answer, bill)):
            return _Verdict(CallOutcome.REJECTED, error=_unusable(), bill=replace(bill, model=""))
        if answer is None:
            return _Verdict(CallOutcome.REJECTED, error=_not_grok(), bill=bill)
        return _Verdict(CallOutcome.ANSWERED, answer, bill=bill)

    def _judge_busy(self, reply: _Reply) -> _Verdict[T]:
        if reply.status == 429 and _tells_of_credit(reply.said()):
            return _Verdict(CallOutcome.BUSY, error=_no_credit())
        asked = _find_wait(reply.headers, datetime.now(UTC))
        is_worth_it = asked <= self._limits.most_pause
        error = _busy(asked) if reply.status == 429 else _broken()
        return _Verdict(CallOutcome.BUSY, error=error, pause=asked if is_worth_it else None)

    def _find_pause(self, asked: float, tries: int) -> float:
        """As long as the service asked, or twice as long each time; never the same for two shops."""
        if asked:
            return asked * (1 + 0.1 * self._rng())
        longest = min(self._limits.first_pause * (1 << tries - 1), self._limits.most_pause)
        return longest * (0.5 + 0.5 * self._rng())

    def _wait(self, seconds: float, progress: Progress) -> None:
        while seconds > 0:
            progress.step()
            self._sleep(min(seconds, TURN_SECONDS))
            seconds -= TURN_SECONDS
        progress.step()


@cache
def _trust() -> ssl.SSLContext:
    """Who is believed to be who they say: the authorities that come along, and those that this PC knows.

    The second are a virus scanner's or a company's that look into all traffic, and new ones of Windows.
    """
    import httpx

    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context


class _NoLog:
    """Lets all leave: the list of models costs nothing."""

    def begin(self, attempt: int) -> int:
        return attempt

    def finish(self, call_id: int, attempt: Attempt) -> None:
        pass


# ── one exchange ──


@dataclass(frozen=True)
class _Reply:
    """What came back; nothing at first."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_whole: bool = False
    is_huge: bool = False  # larger than any answer

    def said(self) -> str:
        """The service's words for its error, in small letters: to tell errors apart, never to be shown."""
        return self.body[:MOST_TEXT].decode("utf-8", "replace").lower()


class _Cut(Exception):
    """The exchange was given up: it must not go on."""


class _Exchange:
    """One request under way in a thread of its own."""

    def __init__(self, send: Callable[[_Watcher, _Taker], None], limits: Limits, *, is_watched: bool) -> None:
        self.reply = _Reply()
        self.is_sent = not is_watched  # whether the question may have left this PC
        self._send = send
        self._limits = limits
        self._socket: socket.socket | None = None
        self._is_cut = threading.Event()
        self._is_done = threading.Event()
        self._thread = threading.Thread(target=self._work, name="grok", daemon=True)

    def run(self, progress: Progress) -> _Reply:
        """The reply, as far as it came; a cancel or the end of the time cuts it."""
        until = time.monotonic() + self._limits.total
        self._thread.start()
        try:
            while not self._is_done.wait(TURN_SECONDS) and time.monotonic() < until:
                progress.step()
        finally:
            self._cut()
        return self.reply

    def _cut(self) -> None:
        """End it: what waits for the network wakes up, and what has not left yet never will.

        Only the looking up of a name cannot be woken; its thread ends by itself, and sends nothing.
        """
        self._is_cut.set()
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            if os.name == "nt":  # shutting it down wakes nobody there
                self._socket.close()
        self._thread.join(TURN_SECONDS)

    def _work(self) -> None:
        try:
            self._send(self._watch, self._take)
        except Exception as trouble:  # noqa: BLE001 - a connection that is cut breaks in many ways, all of them "lost"
            log.info("no whole answer: %s", type(trouble).__name__)
        finally:
            self._is_done.set()

    def _watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Told by httpx of each step of a connection before and after it is taken."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
        elif event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            self.is_sent = True  # before the look at the cut: what is cut unseen counts as sent
        if self._is_cut.is_set():
            if self._socket is not None:
                self._socket.close()
            if not event.endswith(_TIDYING):
                raise _Cut

    def _take(self, response: httpx.Response) -> None:
        self.reply = _Reply(response.status_code, response.headers)
        body = bytearray()
        for piece in response.iter_raw():  # never unpacked: what comes packed may be of any size
            body += piece
            if self._is_cut.is_set():
                raise _Cut
            if len(body) > self._limits.most_bytes:
                self.reply = replace(self.reply, is_huge=True)
                return
        self.reply = replace(self.reply, body=bytes(body), is_whole=True)


@dataclass(frozen=True)
class _Bill:
    """What an answer took; None is what the service does not tell, or cannot be."""

    tokens: TokenUse | None = None
    model: str = ""
    cost_nano: int | None = None


@dataclass(frozen=True)
class _Errand(Generic[T]):
    """What is asked of the service, and how its answer is read."""

    method: str
    path: str
    body: bytes | None
    read: Callable[[bytes], tuple[T | None, _Bill]]


@dataclass(frozen=True)
class _Verdict(Generic[T]):
    """What is made of a reply."""

    outcome: CallOutcome
    answer: T | None = None
    error: AdviceProblem | None = None
    pause: float | None = None  # how long the service wants us to wait; None: another try is no use
    bill: _Bill = _Bill()


# ── what the service says ──


def find_object(text: str) -> dict[str, Any] | None:
    """The first JSON object in a text, whatever stands around it; None when there is none that is whole."""
    decoder = json.JSONDecoder(parse_constant=_refuse_constant)
    for match in islice(re.finditer(r"\{", text), MOST_BRACES):
        try:
            found, _end = decoder.raw_decode(text, match.start())
            json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError):  # no JSON here, or letters that are none
            continue
        return dict(found)
    return None


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _read_answer(body: bytes) -> tuple[str | None, _Bill]:
    """The text, when the body has the shape of an answer; "" is one too."""
    envelope = _read_json(body)
    try:
        content = envelope["choices"][0]["message"]["content"]
    except (TypeError, LookupError):
        return None, _read_bill(envelope, is_empty=True)
    text = content[:MOST_TEXT].encode("utf-8", "replace").decode() if isinstance(content, str) else ""
    return text, _read_bill(envelope, is_empty=not text)


def _read_bill(envelope: Any, *, is_empty: bool) -> _Bill:
    """What an answer took and cost as the service says, rounded up."""
    if not isinstance(envelope, dict):
        return _Bill()
    name, usage = _name(envelope.get("model")), envelope.get("usage")
    if not isinstance(usage, dict):
        return _Bill(model=name)
    ticks = _count(usage.get("cost_in_usd_ticks"), MOST_TICKS)
    return _Bill(_read_tokens(usage, is_empty=is_empty), name, None if ticks is None else -(-ticks // 10))


def _read_tokens(usage: Mapping[str, Any], *, is_empty: bool) -> TokenUse | None:
    """The tokens, never fewer than the service says; None when what it says cannot be."""
    prompt, written = (_count(usage.get(name)) for name in ("prompt_tokens", "completion_tokens"))
    if not prompt or written is None or (written == 0 and not is_empty):
        return None
    total = _count(usage.get("total_tokens"))
    thought = _count(_within(usage, "completion_tokens_details", "reasoning_tokens")) or 0
    answer = written + thought if total is None else max(written, total - prompt)
    cached = _count(_within(usage, "prompt_tokens_details", "cached_tokens")) or 0
    return TokenUse(prompt, min(cached, prompt), answer)


def _read_models(body: bytes) -> tuple[tuple[ModelPrice, ...] | None, _Bill]:
    """The models that have a price; None when there are no models at all."""
    rows = _within({"list": _read_json(body)}, "list", "models")
    models = [_read_model(row) for row in rows[:MOST_MODELS]] if isinstance(rows, list) else []
    priced = {model.name: model for model in models if model is not None}
    return tuple(priced.values()) if models else None, _Bill()


def _read_model(row: Any) -> ModelPrice | None:
    """One model, or None when it writes no text, or costs nothing: a price of nothing is one that is not known."""
    if not isinstance(row, dict) or not _name(row.get("id")):
        return None
    prompt, cached, answer = (
        _count(row.get(f"{part}_text_token_price"), MOST_PRICE)
        for part in ("prompt", "cached_prompt", "completion")
    )
    aliases, writes = row.get("aliases"), row.get("output_modalities")
    if not prompt or not answer or (isinstance(writes, list) and "text" not in writes):
        return None
    if cached and cached > prompt:  # what is kept costs less everywhere: these are no prices
        return None
    names = [name for name in aliases if _name(name)] if isinstance(aliases, list) else []
    return ModelPrice(row["id"], prompt, cached or prompt, answer, tuple(names[:MOST_ALIASES]))


def _read_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _within(values: Mapping[str, Any], outer: str, inner: str) -> Any:
    part = values.get(outer)
    return part.get(inner) if isinstance(part, dict) else None


def _count(value: Any, most: int = MOST_TOKENS) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
    return value if is_count else None


def _name(value: Any) -> str:
    """A model's name, or "" for what cannot be one."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else ""


def _find_wait(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds that the service asks us to wait; 0 when it does not, or says it in no way that is known.

    A date counts from the service's own clock, as a till's PC may have another.
    """
    asked = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", asked, re.ASCII):
        return float(asked)
    until = _read_date(asked)
    if until is None:
        return 0.0
    return max((until - (_read_date(headers.get("Date", "")) or now)).total_seconds(), 0.0)


def _read_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, LookupError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# ── troubles ──


def _refusal(reply: _Reply, *, is_question: bool) -> AdviceProblem:
    said = reply.said()
    if _tells_of_credit(said):
        return _no_credit()
    if reply.status == 401 or (reply.status in (400, 403) and re.search(r"api[ _-]?key", said)):
        return _bad_key()
    is_of_model = "model" in said and ("not found" in said or "not exist" in said)
    if is_question and (reply.status in (404, 410) or (reply.status in (400, 403) and is_of_model)):
        return UnknownModel(_("Grok ya no ofrece ese modelo."), _("Escoge otro en la página de Grok."))
    if reply.status == 403:
        return _no_credit()
    if reply.status in (400, 413, 422):
        return AdviceRefused(
            _("Grok no aceptó la pregunta."), _("Prueba con otro modelo en la página de Grok.")
        )
    return _not_grok()


def _tells_of_credit(said: str) -> bool:
    return "credit" in said or "spending limit" in said


def _bad_key() -> NoKey:
    return NoKey(
        _("Grok no acepta la llave."), _("Escribe otra en la página de Grok; se consigue en console.x.ai.")
    )


def _no_credit() -> AdviceRefused:
    return AdviceRefused(
        _("La cuenta de Grok no tiene crédito o permiso para esto."), _("Revísala en console.x.ai.")
    )


def _lost(is_sent: bool) -> NoNetwork:
    if is_sent:
        return NoNetwork(_("Grok no terminó de responder."), _("Intenta de nuevo en un rato."))
    return NoNetwork(_("No se pudo llegar a Grok."), _("Revisa el internet e intenta de nuevo."))


def _busy(wait: float) -> AdviceRefused:
    minutes = ceil(min(wait, 86_400) / 60)
    return AdviceRefused(
        _("Grok está muy ocupado."),
        ngettext(
            "Intenta de nuevo en {count} minuto.", "Intenta de nuevo en {count} minutos.", minutes
        ).format(count=minutes)
        if minutes
        else _("Intenta de nuevo en un rato."),
    )


def _broken() -> AdviceRefused:
    return AdviceRefused(_("Grok tiene problemas ahora mismo."), _("Intenta de nuevo en un rato."))


def _unusable() -> AdviceRefused:
    return AdviceRefused(_("Grok mandó algo que no se puede usar."), _("Intenta de nuevo en un rato."))


def _not_grok() -> AdviceRefused:
    return AdviceRefused(
        _("Lo que respondió no parece ser Grok."),
        _("Revisa el internet, y la dirección del servicio en Ajustes."),
    )
