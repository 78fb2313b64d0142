"""The client against a real server on loopback that misbehaves: what is raised, tried, written down and kept secret."""

from __future__ import annotations

import gc
import json
import logging
import socket
import ssl
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from colmado_insights import grok
from colmado_insights.domain import CallOutcome, ModelPrice, TokenUse
from colmado_insights.errors import (
    AdviceProblem,
    AdviceRefused,
    BudgetSpent,
    NoKey,
    NoNetwork,
    UnknownModel,
)
from colmado_insights.grok import Attempt, Client, Completion, GrokRequest, Limits, find_object
from colmado_insights.progress import Cancelled, Progress
from tests import grok_server
from tests.grok_server import (
    ANSWER_TOKENS,
    CACHED_TOKENS,
    CERTIFICATE,
    CHAT,
    PERSONA,
    PROMPT_TOKENS,
    USAGE,
    Behaviour,
    GrokServer,
    answer,
    busy,
    failing,
    model_row,
    models,
    raw,
    slow,
)

KEY = "xai-secreta-0123456789-abcdefghij"
LIMITS = Limits(connect=5, silence=5, total=10, first_pause=1, most_pause=8, most_bytes=200_000)
HURRIED = replace(LIMITS, silence=0.12, total=0.2)
QUESTION = GrokRequest(
    "grok-3",
    (("system", "Eres un colmadero."), ("user", "¿Quién viene de mañana?")),
    "persona",
    {"type": "object", "properties": {"description": {"type": "string"}}, "required": ["description"]},
)
SPENT = TokenUse(PROMPT_TOKENS, CACHED_TOKENS, ANSWER_TOKENS)
UNSENT = TokenUse(0, 0, 0)

ANSWERED, REJECTED, REFUSED, BUSY, LOST = (
    CallOutcome.ANSWERED,
    CallOutcome.REJECTED,
    CallOutcome.REFUSED,
    CallOutcome.BUSY,
    CallOutcome.LOST,
)


class Log:
    """A ledger in memory, with a limit of attempts."""

    def __init__(self, most: int = 99) -> None:
        self.begun: list[int] = []
        self.finished: dict[int, Attempt] = {}
        self.most = most

    def begin(self, attempt: int) -> int:
        if len(self.begun) >= self.most:
            raise BudgetSpent("gastado")
        self.begun.append(attempt)
        return len(self.begun) + 100

    def finish(self, call_id: int, attempt: Attempt) -> None:
        assert call_id not in self.finished
        assert attempt.latency_ms >= 0
        assert KEY not in repr(attempt)
        self.finished[call_id] = attempt

    @property
    def rows(self) -> list[tuple[CallOutcome, int | None, TokenUse | None]]:
        assert len(self.finished) == len(self.begun)
        return [(row.outcome, row.status, row.tokens) for row in self.finished.values()]


@pytest.fixture
def server() -> Iterator[GrokServer]:
    with GrokServer() as made:
        yield made


@pytest.fixture(autouse=True, scope="module")
def warm() -> None:
    """What is imported and read once does not count against a test's short time."""
    with GrokServer() as made, Client(made.url, KEY) as client:
        client.list_models(Progress())


@pytest.fixture(autouse=True)
def no_secret_told(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """After every test: the key is in no line of any log, not even the libraries' own."""
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "colmado_insights"):
        caplog.set_level(logging.DEBUG, name)
    yield
    assert KEY not in caplog.text


class Asked:
    """What one question came to."""

    def __init__(
        self, url: str, *, log: Log | None = None, limits: Limits = LIMITS, progress: Progress | None = None
    ) -> None:
        self.log = log or Log()
        self.slept: list[float] = []
        self.got: Completion | None = None
        self.trouble: BaseException | None = None
        try:
            with Client(url, KEY, limits=limits, sleep=self.slept.append, rng=lambda: 0.5) as client:
                self.got = client.complete(QUESTION.body(), self.log, progress or Progress())
        except (AdviceProblem, Cancelled) as trouble:
            self.trouble = trouble
            assert KEY not in "".join(traceback.format_exception(trouble))
            assert KEY not in repr(trouble) + str(vars(trouble))
            assert trouble.__cause__ is None
            assert trouble.__context__ is None

    @property
    def words(self) -> str:
        assert isinstance(self.trouble, AdviceProblem)
        assert self.trouble.what
        assert self.trouble.todo
        return str(self.trouble)


# ── what is sent ──


def test_the_body_is_the_one_that_is_shown() -> None:
    body = QUESTION.body()
    assert body == QUESTION.body()
    assert "¿Quién viene de mañana?" in body.decode()
    assert json.loads(body) == {
        "model": "grok-3",
        "messages": [
            {"role": "system", "content": "Eres un colmadero."},
            {"role": "user", "content": "¿Quién viene de mañana?"},
        ],
        "temperature": 0.3,
        "max_completion_tokens": 800,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "persona", "strict": True, "schema": QUESTION.schema},
        },
    }


def test_a_question_is_answered(server: GrokServer) -> None:
    asked = Asked(server.url)
    assert asked.got is not None
    assert asked.got.data == PERSONA
    assert (asked.got.model, asked.got.call_id, asked.got.tokens) == ("grok-3", 101, SPENT)
    assert asked.log.rows == [(ANSWERED, 200, SPENT)]
    (call,) = server.calls
    assert (call.method, call.path, call.body) == ("POST", CHAT, QUESTION.body())
    assert call.headers["authorization"] == f"Bearer {KEY}"
    assert call.headers["content-type"] == "application/json"
    assert "cookie" not in call.headers


def test_no_cookie_is_kept(server: GrokServer) -> None:
    server.behave(answer(headers={"Set-Cookie": "quien=tu; Path=/"}))
    with Client(server.url, KEY, limits=LIMITS) as client:
        for _again in range(2):
            client.complete(QUESTION.body(), Log(), Progress())
    assert all("cookie" not in call.headers for call in server.calls)


# ── every way to misbehave ──

ODD: list[tuple[str, Behaviour, type[AdviceProblem], CallOutcome, int | None, TokenUse | None, int]] = [
    ("400", failing(400, "bad temperature"), AdviceRefused, REFUSED, 400, None, 1),
    ("key in 400", grok_server.wrong_key(400), NoKey, REFUSED, 400, None, 1),
    ("401", grok_server.wrong_key(401), NoKey, REFUSED, 401, None, 1),
    ("403 of the key", failing(403, "The API key is blocked"), NoKey, REFUSED, 403, None, 1),
    ("403", failing(403, "Team lacks permission"), AdviceRefused, REFUSED, 403, None, 1),
    ("no credit", failing(403, "Team has no credits yet"), AdviceRefused, REFUSED, 403, None, 1),
    ("404 model", grok_server.unknown_model(), UnknownModel, REFUSED, 404, None, 1),
    ("400 model", grok_server.unknown_model(status=400), UnknownModel, REFUSED, 400, None, 1),
    ("422", failing(422), AdviceRefused, REFUSED, 422, None, 1),
    ("429", busy(), AdviceRefused, BUSY, 429, None, 3),
    ("429 nonsense", busy("pronto, -3"), AdviceRefused, BUSY, 429, None, 3),
    ("429 credit", failing(429, "used all available credits"), AdviceRefused, BUSY, 429, None, 1),
    ("500", failing(500), AdviceRefused, BUSY, 500, None, 3),
    ("503", failing(503), AdviceRefused, BUSY, 503, None, 3),
    ("503 page", grok_server.html(503), AdviceRefused, BUSY, 503, None, 3),
    ("reset", grok_server.reset(), NoNetwork, LOST, None, None, 3),
    ("half", grok_server.half(), NoNetwork, LOST, 200, None, 3),
    ("slow", slow(5), NoNetwork, LOST, None, None, 3),
    ("drip", grok_server.dripping(), NoNetwork, LOST, 200, None, 3),
    ("drip head", grok_server.dripping_head(), NoNetwork, LOST, None, None, 3),
    ("html", grok_server.html(), AdviceRefused, REJECTED, 200, None, 1),
    ("nothing", raw(200, b""), AdviceRefused, REJECTED, 200, None, 1),
    ("deep", raw(200, b"[" * 100_000), AdviceRefused, REJECTED, 200, None, 1),
    ("not ours", raw(200, b'{"choices": [{"message": 7}]}'), AdviceRefused, REJECTED, 200, None, 1),
    ("no choices", raw(200, json.dumps({"usage": USAGE}).encode()), AdviceRefused, REJECTED, 200, SPENT, 1),
    ("huge", grok_server.huge(), AdviceRefused, REJECTED, 200, None, 1),
    ("packed", grok_server.packed(b'{"choices": [{"message": {"content": "{}"}}]}'), AdviceRefused, REJECTED, 200, None, 1),
    ("bomb", grok_server.bomb(), AdviceRefused, REJECTED, 200, None, 1),
    ("bomb in bombs", grok_server.bomb(layers=3), AdviceRefused, REJECTED, 200, None, 1),
    ("key told", grok_server.echo_key(), AdviceRefused, REJECTED, 200, SPENT, 1),
    ("key as model", answer(model=KEY), AdviceRefused, REJECTED, 200, SPENT, 1),
    ("204", raw(204, b""), AdviceRefused, REFUSED, 204, None, 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("behaviour", "error", "outcome", "status", "tokens", "tries"),
    [case[1:] for case in ODD],
    ids=[case[0] for case in ODD],
)
def test_trouble_is_told_and_written_down(
    server: GrokServer,
    behaviour: Behaviour,
    error: type[AdviceProblem],
    outcome: CallOutcome,
    status: int | None,
    tokens: TokenUse | None,
    tries: int,
) -> None:
    server.always(behaviour)
    asked = Asked(server.url, limits=HURRIED if outcome is LOST else LIMITS)
    assert type(asked.trouble) is error, asked.trouble
    assert asked.words
    assert asked.log.begun == list(range(1, tries + 1))
    assert asked.log.rows == [(outcome, status, tokens)] * tries
    assert len(server.asked) == tries
    assert not [thread for thread in threading.enumerate() if thread.name == "grok"]


@pytest.mark.parametrize(
    ("behaviour", "outcome", "status"),
    [
        (busy(), BUSY, 429),
        (failing(500), BUSY, 500),
        (failing(503), BUSY, 503),
        (grok_server.reset(), LOST, None),
        (grok_server.half(), LOST, 200),
        (slow(5), LOST, None),
    ],
)
def test_what_passes_is_tried_again(
    server: GrokServer, behaviour: Behaviour, outcome: CallOutcome, status: int | None
) -> None:
    server.behave(behaviour, answer())
    asked = Asked(server.url, limits=replace(LIMITS, silence=0.5))
    assert asked.got is not None
    assert asked.got.call_id == 102
    assert asked.log.rows == [(outcome, status, None), (ANSWERED, 200, SPENT)]
    assert sum(asked.slept) == pytest.approx(0.75, abs=0.05)  # one second, less a quarter by chance


def test_each_pause_is_longer(server: GrokServer) -> None:
    server.always(failing(500))
    assert sum(Asked(server.url).slept) == pytest.approx(0.75 + 1.5, abs=0.1)


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [("3", 3.15), ("0.5", 0.525), ("0", 0.75), ("-1", 0.75), ("1e9", 0.75), ("٣", 0.75), ("", 0.75)],
)
def test_the_service_says_how_long_to_wait(server: GrokServer, retry_after: str, seconds: float) -> None:
    header = retry_after.encode().decode("latin-1")
    server.behave(busy(header), answer())
    asked = Asked(server.url)
    assert asked.got is not None
    assert sum(asked.slept) == pytest.approx(seconds, abs=0.05)


def test_the_wait_may_be_a_date(server: GrokServer) -> None:
    server.behave(busy(grok_server.at_date(4)), answer())
    asked = Asked(server.url)
    assert asked.got is not None
    assert 1 < sum(asked.slept) < 4.3


def test_a_date_counts_from_the_services_clock() -> None:
    here, there = datetime(2026, 11, 20, 8, tzinfo=UTC), datetime(2026, 11, 20, 12, tzinfo=UTC)
    said = {
        "Retry-After": format_datetime(there + timedelta(seconds=5), usegmt=True),
        "Date": format_datetime(there, usegmt=True),
    }
    assert grok._find_wait(said, here) == 5
    assert grok._find_wait(said | {"Retry-After": "Fri, 32 Nov 2026 99:00:00 GMT"}, here) == 0
    assert grok._find_wait(said | {"Retry-After": said["Date"], "Date": "ayer"}, there) == 0


def test_a_long_wait_is_not_waited_for_but_told(server: GrokServer) -> None:
    server.always(busy("600"))
    asked = Asked(server.url)
    assert isinstance(asked.trouble, AdviceRefused)
    assert "10 minutos" in asked.words
    assert (len(server.asked), asked.slept) == (1, [])


def test_a_redirect_is_not_followed(server: GrokServer) -> None:
    with GrokServer() as other:
        server.behave(
            *(grok_server.redirect(f"{other.url}/chat/completions", status) for status in (301, 307))
        )
        for status in (301, 307):
            asked = Asked(server.url)
            assert isinstance(asked.trouble, AdviceRefused)
            assert asked.log.rows == [(REFUSED, status, None)]
        assert other.calls == []


def test_an_empty_budget_stops_the_next_attempt(server: GrokServer) -> None:
    server.always(failing(500))
    asked = Asked(server.url, log=Log(most=1))
    assert isinstance(asked.trouble, BudgetSpent)
    assert asked.log.rows == [(BUSY, 500, None)]
    assert len(server.asked) == 1
    nothing = Asked(server.url, log=Log(most=0))
    assert isinstance(nothing.trouble, BudgetSpent)
    assert len(server.asked) == 1


# ── no way there ──


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "http://no-hay.invalid/v1", "nada://de/eso"])
def test_what_never_left_took_nothing(url: str) -> None:
    asked = Asked(url)
    assert isinstance(asked.trouble, NoNetwork)
    assert "internet" in asked.words
    assert asked.log.rows == [(LOST, None, UNSENT)] * 3


def test_who_cannot_prove_to_be_grok_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with GrokServer(is_secure=True) as stranger:
        asked = Asked(stranger.url)
        assert isinstance(asked.trouble, NoNetwork)
        assert asked.log.rows == [(LOST, None, UNSENT)] * 3
        assert stranger.calls == []

        friends = ssl.create_default_context(cafile=str(CERTIFICATE))
        monkeypatch.setattr(grok, "_trust", lambda: friends)
        assert Asked(stranger.url).got is not None

        found = socket.getaddrinfo
        here = stranger.url.removeprefix("https://127.0.0.1")
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda _host, *rest, **more: found("127.0.0.1", *rest, **more)
        )
        assert Asked(f"https://localhost{here}").got is not None
        assert isinstance(Asked(f"https://api.x.example{here}").trouble, NoNetwork)  # the name of another
        assert len(stranger.calls) == 2


def test_a_cancel_is_heard_over_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    friends = ssl.create_default_context(cafile=str(CERTIFICATE))
    monkeypatch.setattr(grok, "_trust", lambda: friends)
    with GrokServer(is_secure=True) as server:
        server.behave(slow(20))
        began = time.monotonic()
        asked = Asked(server.url, limits=PATIENT, progress=cancel_soon())
        assert time.monotonic() - began < 1.5
        assert isinstance(asked.trouble, Cancelled)
        assert asked.log.rows == [(LOST, None, None)]
        assert no_thread_left()


def test_tls_is_not_left_out(server: GrokServer) -> None:
    asked = Asked(server.url.replace("http:", "https:"))
    assert isinstance(asked.trouble, NoNetwork)
    assert asked.log.rows == [(LOST, None, UNSENT)] * 3
    assert server.calls == []


def test_the_usual_authorities_are_believed() -> None:
    trust = grok._trust()
    assert trust.verify_mode is ssl.CERT_REQUIRED
    assert trust.check_hostname
    assert trust.cert_store_stats()["x509_ca"] > 50


def test_the_systems_proxy_is_used_but_not_to_reach_this_pc(
    server: GrokServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", server.url.removesuffix("/v1"))
    monkeypatch.setenv("HTTPS_PROXY", server.url.removesuffix("/v1"))
    Asked("http://grok.example/v1")
    assert [call.path for call in server.calls] == ["http://grok.example/v1/chat/completions"]
    tunnel = Asked("https://grok.example/v1")  # the proxy knows no tunnels: the question stays here
    assert tunnel.log.rows == [(LOST, None, UNSENT)] * 3
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert Asked(server.url).got is not None


@pytest.mark.parametrize("key", ["", "dos palabras", "una\r\nX-Otra: 1", "eñe", "x\0y"])
def test_a_key_that_cannot_be_sent_is_not(server: GrokServer, key: str) -> None:
    log = Log()
    with Client(server.url, key, limits=LIMITS) as client, pytest.raises(NoKey) as told:
        client.complete(QUESTION.body(), log, Progress())
    assert not key or key not in "".join(traceback.format_exception(told.value))
    assert (log.begun, server.calls) == ([], [])


# ── cancel ──


def cancel_soon(seconds: float = 0.1) -> Progress:
    progress = Progress()
    timer = threading.Timer(seconds, progress.cancel)
    timer.daemon = True
    timer.start()
    return progress


def no_thread_left() -> bool:
    until = time.monotonic() + 2
    while time.monotonic() < until:
        if not any(thread.name == "grok" for thread in threading.enumerate()):
            return True
        time.sleep(0.01)
    return False


PATIENT = Limits(connect=20, silence=20, total=20, first_pause=20)


@pytest.mark.parametrize("behaviour", [slow(20), grok_server.dripping(0.02), grok_server.dripping_head(0.2)])
def test_a_cancel_is_heard_while_the_server_is_silent_or_drips(
    server: GrokServer, behaviour: Behaviour
) -> None:
    server.behave(behaviour)
    began = time.monotonic()
    asked = Asked(server.url, limits=PATIENT, progress=cancel_soon())
    assert time.monotonic() - began < 1.5
    assert isinstance(asked.trouble, Cancelled)
    assert [(row[0], row[2]) for row in asked.log.rows] == [(LOST, None)]
    assert no_thread_left()


def test_a_cancel_is_heard_between_attempts(server: GrokServer) -> None:
    server.always(failing(500))
    progress, log = cancel_soon(), Log()
    began = time.monotonic()
    with Client(server.url, KEY, limits=PATIENT) as client, pytest.raises(Cancelled):
        client.complete(QUESTION.body(), log, progress)
    assert time.monotonic() - began < 1.5
    assert log.rows == [(BUSY, 500, None)]


def test_what_is_cut_while_it_arrives_leaves_nothing_half_closed(
    server: GrokServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[object] = []
    take = grok._Exchange._take

    def take_one_piece(exchange: grok._Exchange, response: Any) -> None:
        pieces = response.iter_raw

        def cut_at_the_first() -> Iterator[bytes]:
            for piece in pieces():
                exchange._is_cut.set()
                yield piece

        response.iter_raw = cut_at_the_first
        take(exchange, response)

    monkeypatch.setattr(grok._Exchange, "_take", take_one_piece)
    monkeypatch.setattr(sys, "unraisablehook", lambda trouble: left.append(trouble.exc_value))
    asked = Asked(server.url, limits=replace(LIMITS, attempts=1))
    assert isinstance(asked.trouble, NoNetwork)
    assert no_thread_left()
    gc.collect()
    assert left == []


def test_a_cancel_before_the_first_attempt_asks_nobody(server: GrokServer) -> None:
    progress = Progress()
    progress.cancel()
    asked = Asked(server.url, progress=progress)
    assert isinstance(asked.trouble, Cancelled)
    assert (asked.log.begun, server.calls) == ([], [])


def test_what_was_cancelled_on_its_way_never_leaves_later(
    server: GrokServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, gate = socket.getaddrinfo, threading.Event()

    def look_up(*args: Any, **options: Any) -> Any:
        gate.wait(5)
        return found(*args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    asked = Asked(server.url, limits=PATIENT, progress=cancel_soon())
    assert isinstance(asked.trouble, Cancelled)
    assert asked.log.rows == [(LOST, None, UNSENT)]
    gate.set()
    assert no_thread_left()
    assert server.calls == []


# ── what is read ──


@pytest.mark.parametrize(
    ("behaviour", "data"),
    [
        (grok_server.fenced(), PERSONA),
        (grok_server.chatty(), PERSONA),
        (grok_server.wrong_schema(), {"descripcion": 7, "marketing": "todo", "extra": None}),
        (grok_server.wrong_language(), grok_server.ENGLISH),
        (grok_server.invented_numbers(), grok_server.INVENTED),
        (grok_server.wordy(), None),
        (answer(""), None),
        (raw(200, b'{"choices": [{"message": {"content": null}}]}'), None),
    ],
)
def test_the_first_object_is_found(server: GrokServer, behaviour: Behaviour, data: Any) -> None:
    server.behave(behaviour)
    asked = Asked(server.url)
    assert asked.got is not None
    assert asked.got.data == data
    assert asked.log.rows[0][:2] == (ANSWERED, 200)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", None),
        ("{", None),
        ("{}", {}),
        ('[{"a": 1}]', {"a": 1}),
        ('{"a": {"b": [1, {}]}} {"c": 2}', {"a": {"b": [1, {}]}}),
        ('nada {a} y luego {"b": "}"}', {"b": "}"}),
        ('{"a": NaN}', None),
        ('{"a": Infinity}', None),
        ('{"a": "\\ud800"}', None),
        ('{"a": ' * 50_000, None),
        ("{" * 1_000_000, None),
        ('{"a": ' + "9" * 5_000 + "}", None),
    ],
)
def test_objects_in_text(text: str, found: Any) -> None:
    began = time.monotonic()
    assert find_object(text) == found
    assert time.monotonic() - began < 1


def test_letters_that_are_none_are_replaced(server: GrokServer) -> None:
    server.behave(
        raw(200, b'{"choices": [{"message": {"content": "mal\\ud800o"}}], "model": "no es un nombre"}')
    )
    asked = Asked(server.url)
    assert asked.got is not None
    assert (asked.got.text, asked.got.model, asked.got.tokens) == ("mal?o", "", None)


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (USAGE, SPENT),
        # xAI's own example: what was thought stands apart and only the total holds it.
        (
            {
                "prompt_tokens": 10_120,
                "completion_tokens": 1_499,
                "total_tokens": 14_428,
                "prompt_tokens_details": {"cached_tokens": 128},
                "completion_tokens_details": {"reasoning_tokens": 2_809},
            },
            TokenUse(10_120, 128, 1_499 + 2_809),
        ),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 5,
                "completion_tokens_details": {"reasoning_tokens": 30},
            },
            TokenUse(9, 0, 35),
        ),
        ({"prompt_tokens": 9, "completion_tokens": 50_000}, TokenUse(9, 0, 50_000)),  # more than was allowed
        ({"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 2}, TokenUse(9, 0, 5)),
        (
            {"prompt_tokens": 9, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 99}},
            TokenUse(9, 9, 5),
        ),
        (
            {"prompt_tokens": 9, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": -1}},
            TokenUse(9, 0, 5),
        ),
        ({"prompt_tokens": 9, "completion_tokens": 5, "prompt_tokens_details": 7}, TokenUse(9, 0, 5)),
        (None, None),
        ("nada", None),
        ({}, None),
        ({"prompt_tokens": 9}, None),
        ({"prompt_tokens": -9, "completion_tokens": 5}, None),
        ({"prompt_tokens": 9, "completion_tokens": -5}, None),
        ({"prompt_tokens": 0, "completion_tokens": 0}, None),
        ({"prompt_tokens": 9, "completion_tokens": 0}, None),
        ({"prompt_tokens": "9", "completion_tokens": 5}, None),
        ({"prompt_tokens": 9.5, "completion_tokens": 5}, None),
        ({"prompt_tokens": True, "completion_tokens": 5}, None),
        ({"prompt_tokens": 10**12, "completion_tokens": 5}, None),
    ],
)
def test_what_an_answer_took_is_never_told_smaller(
    server: GrokServer, usage: Any, tokens: TokenUse | None
) -> None:
    server.behave(answer(usage=usage))
    asked = Asked(server.url)
    assert asked.got is not None
    assert asked.log.rows == [(ANSWERED, 200, tokens)]


@pytest.mark.parametrize(
    ("ticks", "nano"),
    [(37_756_000, 3_775_600), (1, 1), (11, 2), (0, 0), (None, None), (-1, None), ("9", None), (10**15, None)],
)
def test_what_the_service_says_it_charged_is_told(server: GrokServer, ticks: Any, nano: int | None) -> None:
    server.behave(answer(usage=USAGE | {"cost_in_usd_ticks": ticks}, model="grok-4.3"))
    asked = Asked(server.url)
    (row,) = asked.log.finished.values()
    assert (row.cost_nano, row.model, row.tokens) == (nano, "grok-4.3", SPENT)


# ── the list of models ──


def listed(url: str) -> tuple[ModelPrice, ...]:
    with Client(url, KEY, limits=LIMITS, sleep=lambda _seconds: None) as client:
        return client.list_models(Progress())


def test_models_and_prices(server: GrokServer) -> None:
    first, mini, four = listed(server.url)
    assert first == ModelPrice("grok-3", 30_000, 7_500, 150_000, ("grok-3-latest", "grok-3-beta"))
    assert (mini.name, mini.answer_price, four.aliases) == (
        "grok-3-mini", 5_000, ("grok-4", "grok-4-latest"),
    )  # fmt: skip
    (call,) = server.calls
    assert (call.method, call.path, call.body) == ("GET", "/v1/language-models", b"")


@pytest.mark.parametrize(
    ("row", "model"),
    [
        (model_row("g", 10, None, 30), ModelPrice("g", 10, 10, 30)),
        (model_row("g", 10, 0, 30), ModelPrice("g", 10, 10, 30)),
        (model_row("g", 10, -5, 30), ModelPrice("g", 10, 10, 30)),
        (model_row("g", 10, 5, 30) | {"aliases": "g-latest"}, ModelPrice("g", 10, 5, 30)),
        (
            model_row("g", 10, 5, 30) | {"aliases": ["ok", 7, "<b>", None]},
            ModelPrice("g", 10, 5, 30, ("ok",)),
        ),
        (model_row("g", 0, 0, 0), None),
        (model_row("g", 10, 5, 0), None),
        (model_row("g", 10, 11, 30), None),
        (model_row("g", -10, 5, 30), None),
        (model_row("g", "10", 5, 30), None),
        (model_row("g", 10.5, 5, 30), None),
        (model_row("g", True, 5, 30), None),
        (model_row("g", 10**15, 5, 30), None),
        (model_row("g", None, None, None), None),
        (model_row("con espacio", 10, 5, 30), None),
        (model_row("g", 10, 5, 30) | {"output_modalities": ["image"]}, None),
        (7, None),
        (None, None),
    ],
)
def test_a_model_without_a_price_that_makes_sense_is_left_out(
    server: GrokServer, row: Any, model: ModelPrice | None
) -> None:
    good = model_row("buena", 1, 1, 1)
    server.behave_models(models([row, good]))
    assert listed(server.url) == ((model,) if model else ()) + (ModelPrice("buena", 1, 1, 1),)


@pytest.mark.parametrize(
    ("behaviour", "error", "tries"),
    [
        (models([]), AdviceRefused, 1),
        (models([model_row("g", "10", 5, 30), model_row("h", 0, 0, 0)]), BudgetSpent, 1),
        (raw(200, b'{"models": {"grok-3": 1}}'), AdviceRefused, 1),
        (raw(200, b'{"data": []}'), AdviceRefused, 1),
        (raw(200, b"[]"), AdviceRefused, 1),
        (grok_server.html(), AdviceRefused, 1),
        (grok_server.huge(), AdviceRefused, 1),
        (failing(404), AdviceRefused, 1),
        (grok_server.wrong_key(), NoKey, 1),
        (failing(500), AdviceRefused, 3),
        (grok_server.half(), NoNetwork, 3),
        (models([model_row(KEY, 1, 1, 1)]), AdviceRefused, 1),
    ],
)
def test_a_list_that_cannot_be_used(
    server: GrokServer, behaviour: Behaviour, error: type[AdviceProblem], tries: int
) -> None:
    server.behave_models(*[behaviour] * tries)
    with pytest.raises(AdviceProblem) as told:
        listed(server.url)
    assert type(told.value) is error
    assert KEY not in "".join(traceback.format_exception(told.value))
    assert len(server.calls) == tries


ODD_VALUES = (None, True, 7, -1, 1.5, 1e300, 10**40, "", "x", "ñ" * 9, [], [[]], [None], {}, {"x": {}})


def altered(value: Any) -> Iterator[Any]:
    """Copies of a JSON value, each with one of its parts gone or odd."""
    yield from ODD_VALUES
    if isinstance(value, dict):
        for key, part in value.items():
            yield {name: other for name, other in value.items() if name != key}
            yield from (value | {key: odd} for odd in altered(part))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from ([*value[:place], odd, *value[place + 1 :]] for odd in altered(part))


def test_no_oddity_breaks_what_reads() -> None:
    envelope = {
        "model": "grok-3",
        "choices": [{"message": {"content": "{}"}}],
        "usage": USAGE | {"cost_in_usd_ticks": 7},
    }
    for odd in altered(envelope):
        text, bill = grok._read_answer(json.dumps(odd).encode())
        assert text is None or isinstance(text, str)
        assert bill.tokens is None or 0 <= bill.tokens.cached <= bill.tokens.prompt
    for odd in altered({"models": [grok_server.MODEL_ROWS[0]]}):
        found, _bill = grok._read_models(json.dumps(odd).encode())
        assert found is None or all(model.cached_price > 0 and model.answer_price > 0 for model in found)
    for odd in (
        "Mon, 01 Jan 0001 00:00:00 +2359",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "1 1 1",
        ",",
        "\0",
        "99:99",
    ):
        assert grok._find_wait({"Retry-After": odd, "Date": odd}, datetime.now(UTC)) >= 0
        assert grok._find_wait({"Retry-After": odd}, datetime.now(UTC)) >= 0


# ── manners ──


def test_the_library_waits_until_it_is_needed() -> None:
    code = "import sys, colmado_insights.grok, colmado_insights.vault; print({'httpx', 'keyring'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_client_does_not_tell_its_key() -> None:
    client = Client("http://127.0.0.1:1/v1", KEY)
    assert KEY not in repr(client) + str(client)
