"""The loopback door: who may call, how much it takes, what it answers."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from colmado_insights.domain import ImportReport
from colmado_insights.errors import DatabaseLocked, EmptyFile, PortTaken
from colmado_insights.receiver import HOST, MOST_BYTES, PATH, Receiver

TOKEN = "una-llave-de-prueba"
PAGE = "https://caja.example"
KEY = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


class Till:
    """Calls the receiver, and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.trouble: Exception | None = None
        self.receiver = Receiver(self.take, token=TOKEN, origins=(PAGE,))

    def take(self, body: Any) -> ImportReport:
        if self.trouble is not None:
            raise self.trouble
        self.taken.append(body)
        return ImportReport("x", "dexie", receipts_new=1)

    def call(
        self, method: str = "POST", path: str = PATH, body: bytes = b'{"id": 1}', **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        connection = http.client.HTTPConnection(HOST, self.receiver.port, timeout=5)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): v for name, v in headers.items()})
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, dict(answer.getheaders()), json.loads(content) if content else None
        finally:
            connection.close()


@pytest.fixture
def till() -> Iterator[Till]:
    made = Till()
    yield made
    made.receiver.stop()


def test_a_sale_with_the_token_is_taken(till: Till) -> None:
    status, _headers, answer = till.call(**KEY)
    assert (status, answer["receipts_new"], till.taken) == (200, 1, [{"id": 1}])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer otra"}, 401),
        (KEY | {"Origin": "https://mala.example"}, 403),
        (KEY | {"Origin": "null"}, 403),
    ],
)
def test_nobody_else_may_call(till: Till, headers: dict[str, str], status: int) -> None:
    assert till.call(**headers)[0] == status
    assert till.taken == []


def test_a_known_page_may_ask_and_call(till: Till) -> None:
    status, headers, _answer = till.call("OPTIONS", body=b"", Origin=PAGE)
    assert status == 204
    assert headers["Access-Control-Allow-Origin"] == PAGE
    assert headers["Access-Control-Allow-Private-Network"] == "true"
    assert till.call("OPTIONS", body=b"", Origin="https://mala.example")[0] == 403
    assert till.call(**KEY, Origin=PAGE)[0] == 200


def test_a_page_is_known_however_its_address_was_pasted() -> None:
    till = Till()
    till.receiver.stop()
    till.receiver = Receiver(till.take, token=TOKEN, origins=(f"{PAGE}/",))
    assert till.call(**KEY, Origin=PAGE)[0] == 200
    till.receiver.stop()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"no es json", 400), (b"[" * 100_000, 400), (b"x" * (MOST_BYTES + 1), 413), (b"\xff\xfe", 400)],
)
def test_bad_bodies_are_refused(till: Till, body: bytes, status: int) -> None:
    assert till.call(body=body, **KEY)[0] == status
    assert till.taken == []
    assert till.call(**KEY)[0] == 200


def test_other_paths_and_methods_lead_nowhere(till: Till) -> None:
    assert till.call(path="/", **KEY)[0] == 404
    assert till.call("GET", body=b"", **KEY)[0] == 405


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "COCINAR"])
def test_other_methods_are_told_so_as_all_else_is(till: Till, method: str) -> None:
    status, headers, answer = till.call(method, body=b"x" * MOST_BYTES, **KEY)
    assert (status, answer) == (405, {"error": "method"})
    assert headers["Content-Type"].startswith("application/json")
    assert till.taken == []


def test_a_look_at_the_head_gets_no_body(till: Till) -> None:
    status, headers, answer = till.call("HEAD", body=b"", **KEY)
    assert (status, answer) == (405, None)
    assert headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    "said", [b"hola\r\n\r\n", b"GET / HTTP/x\r\n\r\n", b"GET /" + b"a" * 65_532, b"A: b\r\n" * 3]
)
def test_what_is_no_http_is_answered_in_json(till: Till, said: bytes) -> None:
    with socket.create_connection((HOST, till.receiver.port), timeout=5) as caller:
        caller.sendall(said)
        caller.shutdown(socket.SHUT_WR)
        with caller.makefile("rb") as heard:
            assert heard.read().endswith(b'{"error": "http"}')
    assert till.call(**KEY)[0] == 200


def test_trouble_is_told_so_that_the_till_tries_again(till: Till) -> None:
    till.trouble = DatabaseLocked("ocupada", "espera")
    assert till.call(**KEY)[0] == 503
    till.trouble = EmptyFile("sin ventas", "")
    assert till.call(**KEY)[0] == 422


@pytest.mark.parametrize(
    ("headers", "size"), [({}, 9), ({}, MOST_BYTES), (KEY, MOST_BYTES + 1), (KEY, 2_000_000)]
)
def test_what_is_refused_is_heard_to_its_end(till: Till, headers: dict[str, str], size: int) -> None:
    """A call closed on bytes that nobody read is reset, and Windows drops the answer with it."""
    head = [
        f"POST {PATH} HTTP/1.1",
        f"Content-Length: {size}",
        *(f"{name}: {v}" for name, v in headers.items()),
    ]
    with socket.create_connection((HOST, till.receiver.port), timeout=5) as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # what is not read cannot be sent
        caller.sendall("\r\n".join([*head, "", ""]).encode() + b"x" * size)
        answer = b"".join(iter(lambda: caller.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.0 413" if headers else b"HTTP/1.0 401")


@pytest.mark.parametrize("length", ["", "-1", "9" * 5000, "²", "1e3"])
def test_a_length_that_is_none_is_asked_for(till: Till, length: str) -> None:
    assert till.call(body=b"", **KEY, Content_Length=length)[0] == 411


def test_the_port_is_for_one_program_alone(till: Till) -> None:
    with pytest.raises(PortTaken):
        Receiver(till.take, token=TOKEN, port=till.receiver.port)
    assert till.call(**KEY)[0] == 200


def test_no_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without internet that takes Windows seconds, in which the window would stand still."""
    monkeypatch.setattr(socket, "getfqdn", lambda _name="": pytest.fail("looked up"))
    Till().receiver.stop()


def addresses_of_this_pc() -> set[str]:
    """Where others could reach this PC; none where it does not know its own name."""
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except socket.gaierror:
        return set()
    return {str(info[4][0]) for info in found}


def test_it_listens_on_this_pc_only(till: Till) -> None:
    for address in addresses_of_this_pc() - {HOST}:
        with socket.socket() as other, pytest.raises(OSError):
            other.settimeout(1)
            other.connect((address, till.receiver.port))
