"""The key of Grok in the operating system's vault; on a PC without one it is kept for the session only."""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from colmado_insights.errors import AccessProblem, NoKey
from colmado_insights.text import _

log = logging.getLogger(__name__)

SERVICE = "Colmado Insights"
ACCOUNT = "Grok"
VARIABLE = "XAI_API_KEY"
PATIENCE_SECONDS = 10.0
"""A vault may ask its owner to open it; one that answers later than this is left alone until the next start."""
TURN_SECONDS = 0.1
"""How soon `leave_alone` is heard."""

_SHAPE = re.compile(r"[!-~]{8,300}")  # what fits in the head of a request


class KeyPlace(StrEnum):
    """Where the key comes from."""

    VAULT = "vault"
    SESSION = "session"  # in memory: gone when the program closes
    ENVIRONMENT = "environment"  # XAI_API_KEY, never written by this program


@dataclass
class _Memory:
    """What is known until the program closes."""

    key: str | None = None
    is_stuck: bool = False  # the vault did not answer in time


class _NoVault(Exception):
    """There is no vault, or it did not do what it was asked."""


_memory = _Memory()
_lock = threading.RLock()


def read_key() -> str | None:
    """The key, or None: what was written here first, then the environment's."""
    found = _find()
    return found[1] if found else None


def key_place() -> KeyPlace | None:
    """Where the key that `read_key` gives comes from."""
    found = _find()
    return found[0] if found else None


def write_key(key: str) -> KeyPlace:
    """Keep a key in the vault, or for the session where there is none.

    Raises
    ------
    NoKey
        It cannot be a key.
    """
    good = _checked(key)
    if good is None:
        raise NoKey(
            _("Eso no parece una llave de Grok."),
            _("Cópiala entera de console.x.ai, en una sola línea y sin espacios."),
        )
    with _lock:
        try:
            _ask(lambda vault: vault.set_password(SERVICE, ACCOUNT, good))
            is_kept = _checked(_ask(_kept)) == good  # some vaults take all and keep nothing
        except _NoVault:
            is_kept = False
        _memory.key = None if is_kept else good
    return KeyPlace.VAULT if is_kept else KeyPlace.SESSION


def forget_key() -> None:
    """Remove what was written here; the environment's key stays, it is not ours.

    Raises
    ------
    AccessProblem
        The vault has it and did not let go of it.
    """
    with _lock:
        _memory.key = None
        try:
            is_there = _ask(_kept) is not None
        except _NoVault:
            is_there = _memory.is_stuck
        if is_there:
            _remove()


def kind() -> str:
    """The library's module that reaches this PC's vault; "" when the library does not work at all."""
    try:
        return str(_ask(lambda library: type(library.get_keyring()).__module__))
    except _NoVault:
        return ""


def leave_alone() -> None:
    """Wait for the vault no longer, nor ask it again: the program is being closed."""
    _memory.is_stuck = True


def _remove() -> None:
    try:
        _ask(lambda vault: vault.delete_password(SERVICE, ACCOUNT))
        is_gone = _ask(_kept) is None
    except _NoVault:
        is_gone = False
    if not is_gone:
        raise AccessProblem(
            _("No se pudo borrar la llave de Grok del llavero de esta computadora."),
            _(
                "Bórrala a mano: está a nombre de «{service}» donde la computadora guarda sus contraseñas."
            ).format(service=SERVICE),
        )


def _find() -> tuple[KeyPlace, str] | None:
    with _lock:
        if _memory.key:
            return KeyPlace.SESSION, _memory.key
        try:
            kept = _checked(_ask(_kept))
        except _NoVault:
            kept = None
    if kept:
        return KeyPlace.VAULT, kept
    lent = _checked(os.environ.get(VARIABLE))
    return (KeyPlace.ENVIRONMENT, lent) if lent else None


def _checked(key: Any) -> str | None:
    """The key without what was copied along at its ends, or None when it cannot be one."""
    text = key.strip() if isinstance(key, str) else ""
    return text if _SHAPE.fullmatch(text) else None


def _kept(vault: Any) -> Any:
    return vault.get_password(SERVICE, ACCOUNT)


def _ask(what: Callable[[Any], Any]) -> Any:
    """What the vault answers; it is asked in a thread of its own, as it may hang.

    Raises
    ------
    _NoVault
        It raised anything, or took too long.
    """
    if _memory.is_stuck:
        raise _NoVault
    answers: list[tuple[bool, Any]] = []
    done = threading.Event()

    def work() -> None:
        try:
            import keyring

            answers.append((True, what(keyring)))
        except Exception as trouble:  # noqa: BLE001 - every vault has troubles of its own; their words may tell the key
            answers.append((False, type(trouble).__name__))
        done.set()

    threading.Thread(target=work, name="vault", daemon=True).start()
    until = time.monotonic() + PATIENCE_SECONDS
    while not done.wait(TURN_SECONDS) and not _memory.is_stuck:
        _memory.is_stuck = time.monotonic() >= until
    is_answered, answer = answers[0] if answers else (False, "no answer")
    if not is_answered:
        log.info("this PC's vault is of no use: %s", answer)
        raise _NoVault
    return answer
