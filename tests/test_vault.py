"""The key of Grok: where it is kept, when it is not, and what no vault can do to us."""

from __future__ import annotations

import ast
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend

from colmado_insights import vault
from colmado_insights.errors import AccessProblem, NoKey
from colmado_insights.vault import KeyPlace, forget_key, key_place, read_key, write_key

KEY = "xai-una-llave-de-prueba-0123456789"


class MemoryVault(KeyringBackend):
    """A vault that may be asked to misbehave."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], Any] = {}
        self.trouble: dict[str, BaseException] = {}
        self.forgetful = False
        self.gate = threading.Event()
        self.gate.set()

    def _turn(self, act: str) -> None:
        self.gate.wait(5)
        if act in self.trouble:
            raise self.trouble[act]

    def get_password(self, service: str, username: str) -> Any:
        self._turn("get")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._turn("set")
        if not self.forgetful:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._turn("delete")
        del self.kept[service, username]


@pytest.fixture
def memory() -> Iterator[MemoryVault]:
    before = keyring.get_keyring()
    made = MemoryVault()
    keyring.set_keyring(made)
    yield made
    made.gate.set()
    keyring.set_keyring(before)


def test_a_pc_without_a_vault_keeps_it_for_the_session() -> None:
    assert (read_key(), key_place()) == (None, None)
    assert write_key(KEY) is KeyPlace.SESSION
    assert (read_key(), key_place()) == (KEY, KeyPlace.SESSION)
    forget_key()
    assert read_key() is None


def test_the_vault_keeps_it(memory: MemoryVault) -> None:
    assert write_key(f"  {KEY}\n") is KeyPlace.VAULT
    assert memory.kept == {("Colmado Insights", "Grok"): KEY}
    assert (read_key(), key_place()) == (KEY, KeyPlace.VAULT)
    forget_key()
    assert memory.kept == {}
    assert (read_key(), key_place()) == (None, None)
    forget_key()  # a second time is no trouble


def test_a_key_written_to_the_vault_follows_one_of_the_session(memory: MemoryVault) -> None:
    memory.trouble["set"] = RuntimeError("locked")
    assert write_key(KEY) is KeyPlace.SESSION
    memory.trouble.clear()
    assert write_key(KEY + "-2") is KeyPlace.VAULT
    assert read_key() == KEY + "-2"


def test_the_environments_key_counts_and_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XAI_API_KEY", KEY + "\n")
    assert (read_key(), key_place()) == (KEY, KeyPlace.ENVIRONMENT)
    assert write_key(KEY + "-mine") is KeyPlace.SESSION
    assert read_key() == KEY + "-mine"
    forget_key()
    assert (read_key(), key_place()) == (KEY, KeyPlace.ENVIRONMENT)
    monkeypatch.setenv("XAI_API_KEY", "con espacios no es")
    assert read_key() is None


@pytest.mark.parametrize(
    "bad", ["", "corta", "dos llaves-en-una", "una-linea\nX-Otra: cabecera", "eñe-no-cabe-aquí", "x" * 301]
)
def test_what_cannot_be_a_key_is_refused(memory: MemoryVault, bad: str) -> None:
    with pytest.raises(NoKey) as told:
        write_key(bad)
    assert told.value.todo
    assert len(bad) < 6 or bad not in str(told.value)
    assert memory.kept == {}


@pytest.mark.parametrize(
    "trouble", [OSError(KEY), RuntimeError(KEY), KeyError(KEY), keyring.errors.KeyringError(KEY)]
)
def test_whatever_a_vault_raises_the_session_keeps_it(
    memory: MemoryVault, trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    memory.trouble = {"get": trouble, "set": trouble}
    with caplog.at_level(logging.DEBUG):
        assert write_key(KEY) is KeyPlace.SESSION
        assert read_key() == KEY
        forget_key()
    assert KEY not in caplog.text


def test_a_vault_that_takes_all_and_keeps_nothing_is_none(memory: MemoryVault) -> None:
    memory.forgetful = True
    assert write_key(KEY) is KeyPlace.SESSION
    assert read_key() == KEY


@pytest.mark.parametrize("odd", [7, b"bytes", "", "con espacio dentro", ["x"]])
def test_what_is_no_key_in_the_vault_counts_as_none(memory: MemoryVault, odd: Any) -> None:
    memory.kept["Colmado Insights", "Grok"] = odd
    assert read_key() is None


def test_a_vault_that_hangs_is_asked_once(memory: MemoryVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "PATIENCE_SECONDS", 0.05)
    memory.gate.clear()
    began = time.monotonic()
    assert write_key(KEY) is KeyPlace.SESSION
    assert [read_key() for _ in range(20)] == [KEY] * 20
    assert time.monotonic() - began < 2


def test_who_closes_the_program_does_not_wait_for_a_vault_that_hangs(memory: MemoryVault) -> None:
    memory.gate.clear()
    waiting = threading.Thread(target=read_key)
    waiting.start()
    vault.leave_alone()
    waiting.join(vault.PATIENCE_SECONDS / 2)
    assert not waiting.is_alive()


def test_a_vault_that_does_not_let_go_is_told(memory: MemoryVault) -> None:
    write_key(KEY)
    memory.trouble["delete"] = PermissionError(KEY)
    with pytest.raises(AccessProblem) as told:
        forget_key()
    assert KEY not in str(told.value)
    assert "Colmado Insights" in told.value.todo


def test_a_vault_that_hung_may_still_have_it_and_that_is_told(
    memory: MemoryVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_key(KEY)
    monkeypatch.setattr(vault, "PATIENCE_SECONDS", 0.05)
    memory.gate.clear()
    with pytest.raises(AccessProblem):
        forget_key()


def test_many_threads_may_ask_at_once(memory: MemoryVault) -> None:
    write_key(KEY)
    found: list[str | None] = []
    threads = [threading.Thread(target=lambda: found.append(read_key())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [KEY] * 8


def test_the_library_is_imported_only_when_needed() -> None:
    top = ast.parse(Path(vault.__file__).read_text(encoding="utf-8")).body
    names = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
    assert "keyring" not in names
