"""docs/api.md says what the web till's door does: its calls are made, its tables compared with the code."""

from __future__ import annotations

import http.client
import inspect
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import pytest

from colmado_insights import receiver
from colmado_insights.config import Settings
from colmado_insights.receiver import HOST, MOST_BYTES, PATH, SECONDS_TO_SEND, Receiver
from colmado_insights.shop import Shop

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
CALL = re.compile(r"```sh\n(curl .+?)```\s+(\d{3})[:,](?:\s+```json\n(.+?)```)?", re.DOTALL)
CODES = {(int(code), error) for code, error in re.findall(r"^\| (\d{3}) \| `?(\w*)", PAGE, re.MULTILINE)}


@dataclass(frozen=True)
class Call:
    """What a line of curl asks for."""

    method: str
    url: str
    headers: dict[str, str]
    body: str | None


def read_call(command: str) -> Call:
    """A command of curl as the page writes it."""
    _curl, *words = shlex.split(command.replace("\\\n", " "))
    method, url, body, headers = "", "", None, {}
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _colon, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(rest)
        else:
            url = word
    return Call(method or ("GET" if body is None else "POST"), url, headers, body)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Receiver]:
    with Shop(tmp_path / "shop.db") as shop:
        made = Receiver(shop.take_posted, token="TOKEN", origins=("https://caja.example",))
        yield made
        made.stop()


def test_its_calls_are_answered_as_it_says(door: Receiver) -> None:
    calls = CALL.findall(PAGE)
    assert len(calls) == PAGE.count("```sh") == 8
    for command, status, answer in calls:
        call = read_call(command)
        assert call.url == f"http://{HOST}:{Settings().web_port}{PATH}"
        connection = http.client.HTTPConnection(HOST, door.port, timeout=5)
        connection.request(call.method, PATH, call.body and call.body.encode(), call.headers)
        given = connection.getresponse()
        content = given.read()
        connection.close()
        assert (given.status, json.loads(content or "null")) == (int(status), json.loads(answer or "null")), (
            command
        )
        if given.status == HTTPStatus.NO_CONTENT:
            told = {name: value for name, value in given.getheaders() if name.startswith("Access-Control")}
            assert len(told) == 4
            assert all(f"`{name}: {value}`" in PAGE for name, value in told.items())


def test_it_names_every_status_and_error_of_the_code() -> None:
    source = inspect.getsource(receiver)
    answered = re.findall(r"_answer\(\s*HTTPStatus\.(\w+),\s*(?:\{\"error\": (?:\"(\w+)\")?)?", source)
    codes = ((HTTPStatus[name].value, error) for name, error in answered)
    assert {(code, error or ("a" if code >= 400 else "")) for code, error in codes} == CODES  # "a sentence"


def test_its_limits_and_settings_are_those_of_the_code() -> None:
    assert f"{MOST_BYTES // 1024} KB" in PAGE
    assert f"{SECONDS_TO_SEND:.0f} seconds" in PAGE
    for name in ("web_till", "web_port", "web_token", "web_origin"):
        assert hasattr(Settings(), name)
        assert f"| `{name}` |" in PAGE
