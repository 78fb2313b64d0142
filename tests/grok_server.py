"""A real server on loopback that speaks the shape of Grok's API, and misbehaves on demand.

    with GrokServer() as grok:
        grok.behave(busy(retry_after="1"), answer())
        ...  # talk to grok.url
        assert len(grok.asked) == 2

Each question takes the next behaviour of a queue, each look at the list of models one of another queue. With
the queue empty a question gets what `always` said, at first `answer()`: a persona in Spanish without a number.
"""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Self

CERTIFICATE = Path(__file__).parent / "data" / "loopback.pem"
"""Says that it is this PC, signed by nobody but itself; with its key, which is worth nothing elsewhere."""

CHAT = "/v1/chat/completions"
MODELS = "/v1/language-models"

PERSONA: dict[str, Any] = {
    "description": "Es la gente que pasa temprano por lo que falta para el desayuno. Compra poco y vuelve pronto.",
    "marketing": [
        "Pon el pan y el café juntos cerca de la puerta.",
        "Ofrece un combo de desayuno para llevar.",
        "Saluda por su nombre a quien viene cada mañana.",
    ],
    "operations": ["Ten menudo listo desde temprano.", "Surte el pan antes de abrir."],
}
"""An answer that passes every check: right shape, Spanish, no numbers, no addresses."""

ENGLISH: dict[str, Any] = {
    "description": "These are the people who stop by early for what breakfast lacks. They buy little and return soon.",
    "marketing": [
        "Put the bread and the coffee together near the door.",
        "Offer a breakfast combo to take away.",
        "Greet by name those who come every morning.",
    ],
    "operations": ["Have small change ready from early on.", "Stock the bread before you open."],
}

INVENTED: dict[str, Any] = PERSONA | {
    "description": "Son 73491 clientes que gastan RD$98,765.43 cada uno. Vienen el 87.6 % de los días."
}

PROMPT_TOKENS, CACHED_TOKENS, ANSWER_TOKENS = 900, 128, 250
USAGE: dict[str, Any] = {
    "prompt_tokens": PROMPT_TOKENS,
    "completion_tokens": ANSWER_TOKENS,
    "total_tokens": PROMPT_TOKENS + ANSWER_TOKENS,
    "prompt_tokens_details": {"text_tokens": PROMPT_TOKENS, "cached_tokens": CACHED_TOKENS},
    "completion_tokens_details": {"reasoning_tokens": 0},
}
"""What the service says one answer took, unless told otherwise."""


def model_row(name: str, prompt: Any, cached: Any, completion: Any, *aliases: str) -> dict[str, Any]:
    """One model as the service lists it; prices in ten-thousandths of a US$ per million tokens."""
    return {
        "id": name,
        "aliases": list(aliases),
        "object": "model",
        "owned_by": "xai",
        "created": 1743724800,
        "version": "1.0",
        "input_modalities": ["text"],
        "output_modalities": ["text"],
        "prompt_text_token_price": prompt,
        "cached_prompt_text_token_price": cached,
        "completion_text_token_price": completion,
        "prompt_image_token_price": 0,
        "search_price": 0,
    }


MODEL_ROWS = (
    model_row("grok-3", 30000, 7500, 150000, "grok-3-latest", "grok-3-beta"),
    model_row("grok-3-mini", 3000, 750, 5000, "grok-3-mini-latest"),
    model_row("grok-4-0709", 30000, 7500, 150000, "grok-4", "grok-4-latest"),
)


class Call(NamedTuple):
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)


class Handler(BaseHTTPRequestHandler):
    """One request: it is written down, then answered by the next behaviour."""

    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 10.0

    def do_POST(self) -> None:
        """A question."""
        self._take()

    def do_GET(self) -> None:
        """The list of models."""
        self._take()

    def _take(self) -> None:
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        behaviour = self.server.grok.arrived(Call(self.command, self.path, headers, body))
        with suppress(OSError):  # the client went away
            behaviour(self)

    def send(
        self,
        status: int,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        """A head and a body; `length` is what the head says of the body when that is not true."""
        self.send_head(
            status, {"Content-Length": str(len(body) if length is None else length)} | dict(headers or {})
        )
        self.wfile.write(body)

    def send_head(self, status: int, headers: Mapping[str, str]) -> None:
        """A head alone."""
        self.send_response(status)
        for name, value in (
            {"Content-Type": "application/json", "Connection": "close"} | dict(headers)
        ).items():
            self.send_header(name, value)
        self.end_headers()

    def pause(self, seconds: float) -> None:
        """Wait, but not for longer than the server lives."""
        if self.server.grok.stopping.wait(seconds):
            raise ConnectionAbortedError

    def log_message(self, format: str, *args: Any) -> None:
        """The test says what matters."""


Behaviour = Callable[[Handler], None]


def answer(
    data: Any = PERSONA,
    *,
    usage: Any = USAGE,
    model: str = "grok-3",
    headers: Mapping[str, str] | None = None,
) -> Behaviour:
    """200 with `data` as the answer: a text as it is, anything else as JSON; `usage=None` leaves that out."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    envelope: dict[str, Any] = {
        "id": "0f1c9a3e",
        "object": "chat.completion",
        "created": 1763640000,
        "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
    }
    return raw(200, json.dumps(envelope if usage is None else envelope | {"usage": usage}).encode(), headers)


def raw(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Behaviour:
    """Any status with any body."""
    return lambda handler: handler.send(status, body, headers)


def fenced(data: Any = PERSONA) -> Behaviour:
    """The JSON between the marks of a block of code."""
    return answer(f"```json\n{json.dumps(data, ensure_ascii=False, indent=2)}\n```")


def chatty(data: Any = PERSONA) -> Behaviour:
    """The JSON with talk around it."""
    return answer(f"¡Claro que sí! Aquí está {{como pediste}}:\n{json.dumps(data)}\n¿Algo más?")


def wordy() -> Behaviour:
    """Talk and no JSON."""
    return answer("Lo siento, con eso no puedo ayudarte.")


def wrong_schema() -> Behaviour:
    """JSON, but another than was asked for."""
    return answer({"descripcion": 7, "marketing": "todo", "extra": None})


def wrong_language() -> Behaviour:
    """The right shape in English."""
    return answer(ENGLISH)


def invented_numbers() -> Behaviour:
    """The right shape with numbers that nobody sent."""
    return answer(INVENTED)


def failing(status: int, error: str = "", headers: Mapping[str, str] | None = None) -> Behaviour:
    """A status that is no answer, in the shape the service gives it."""
    body = {"code": f"status {status}", "error": error or f"Something went wrong: {status}"}
    return raw(status, json.dumps(body).encode(), headers)


def wrong_key(status: int = 400) -> Behaviour:
    """The key is not known: the service says so with 400, and quotes the key's ends."""
    return failing(
        status, "Incorrect API key provided: xa***yz. You can obtain an API key from https://console.x.ai."
    )


def unknown_model(name: str = "grok-3", status: int = 404) -> Behaviour:
    """The model is not offered (any more); the service has said so with 404 and with 400."""
    return failing(status, f"Model not found: {name}")


def busy(retry_after: str | None = None) -> Behaviour:
    """429; `retry_after` as the head says it: seconds, a date (see `at_date`) or nonsense."""
    return failing(429, "Too many requests", {} if retry_after is None else {"Retry-After": retry_after})


def at_date(seconds: float) -> str:
    """A moment that many seconds from now, as HTTP writes it."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def slow(seconds: float, then: Behaviour | None = None) -> Behaviour:
    """Silence before the head, then `then`."""

    def wait(handler: Handler) -> None:
        handler.pause(seconds)
        (then or answer())(handler)

    return wait


def dripping(pause: float = 0.05, piece: bytes = b" ") -> Behaviour:
    """A head at once, then one piece after the other, for ever."""

    def drip(handler: Handler) -> None:
        handler.send_head(200, {})
        while True:
            handler.pause(pause)
            handler.wfile.write(piece)

    return drip


def dripping_head(pause: float = 0.05) -> Behaviour:
    """A head that never ends."""

    def drip(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            handler.pause(pause)
            handler.wfile.write(b"X-More: yes\r\n")

    return drip


def huge() -> Behaviour:
    """An answer that never ends, as fast as it can be sent."""
    return dripping(0, b'{"choices": ' + b" " * 65536)


def packed(body: bytes, layers: int = 1) -> Behaviour:
    """200 with a packed body, though nobody asked for one."""
    for _ in range(layers):
        body = gzip.compress(body)
    return raw(200, body, {"Content-Encoding": ", ".join(["gzip"] * layers)})


def bomb(size: int = 5_000_000, layers: int = 1) -> Behaviour:
    """An answer that is small on its way and huge when unpacked."""
    return packed(b" " * size, layers)


def reset() -> Behaviour:
    """The connection is torn down without a word."""

    def tear(handler: Handler) -> None:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    return tear


def half() -> Behaviour:
    """Less than the head promised."""
    body = json.dumps({"choices": [{"message": {"content": json.dumps(PERSONA)}}]}).encode()
    return lambda handler: handler.send(200, body[: len(body) // 2], length=len(body))


def html(status: int = 200) -> Behaviour:
    """A page instead of an answer, as a hotel's network gives it."""
    return raw(
        status, b"<!doctype html><title>Wi-Fi</title><p>Acepta las condiciones", {"Content-Type": "text/html"}
    )


def redirect(url: str, status: int = 307) -> Behaviour:
    """Sends the caller, key and all, somewhere else."""
    return raw(status, b"", {"Location": url})


def echo_key() -> Behaviour:
    """The answer tells the caller's own key."""

    def tell(handler: Handler) -> None:
        key = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        answer(PERSONA | {"description": f"Tu llave es {key}."})(handler)

    return tell


def models(rows: Sequence[Any] = MODEL_ROWS) -> Behaviour:
    """200 with the list of models."""
    return raw(200, json.dumps({"models": list(rows)}).encode())


class _Server(ThreadingHTTPServer):
    """Waits for its handlers when it is closed, and keeps their quarrels to itself."""

    daemon_threads = False
    grok: GrokServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what these tests are about."""


class GrokServer:
    """The server; `calls` is what arrived at it. A secure one speaks TLS, under a name that nobody vouches for."""

    def __init__(self, *, is_secure: bool = False) -> None:
        self.calls: list[Call] = []
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._chat: deque[Behaviour] = deque()
        self._models: deque[Behaviour] = deque()
        self._last: Behaviour = answer()
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.grok = self
        self._scheme = "https" if is_secure else "http"
        if is_secure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,), name="grok-server")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_trouble: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The address for the setting `grok_url`."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def requests(self) -> list[Call]:
        """All that arrived: (method, path, headers, body)."""
        return self.calls

    @property
    def asked(self) -> list[Any]:
        """The bodies of the questions, read as JSON."""
        return [call.json() for call in self.calls if call.path == CHAT]

    def behave(self, *behaviours: Behaviour) -> None:
        """What the next questions get, one each."""
        with self._lock:
            self._chat.extend(behaviours)

    def behave_models(self, *behaviours: Behaviour) -> None:
        """What the next askers for the list of models get, one each."""
        with self._lock:
            self._models.extend(behaviours)

    def always(self, behaviour: Behaviour) -> None:
        """What questions get when the queue is empty, from now on."""
        with self._lock:
            self._last = behaviour

    def arrived(self, call: Call) -> Behaviour:
        """Write a request down and tell how to behave."""
        with self._lock:
            self.calls.append(call)
            if call.path == MODELS and call.method == "GET":
                return self._models.popleft() if self._models else models()
            if call.path == CHAT and call.method == "POST":
                return self._chat.popleft() if self._chat else self._last
        return failing(404, "no such path")
