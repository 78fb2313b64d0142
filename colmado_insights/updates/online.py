"""What this program asks the network about newer versions: two GETs, of the list of versions and of a file.

Nothing is told but the program's name and version, and nothing is asked unless the owner allowed it: `look` for
the list, `fetch` for each file. Each GET is one connection in a thread of its own that can be cut at any moment.
"""

from __future__ import annotations

import hashlib
import logging
import os
import queue
import shutil
import socket
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from colmado_insights import NAME, __version__, config
from colmado_insights.config import Settings
from colmado_insights.errors import AdviceRefused, DiskFull, NoNetwork, NotAllowed, ShopError
from colmado_insights.files import patiently
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.text import _
from colmado_insights.updates.announcements import MOST_BYTES, MOST_SIZE, read_announcement
from colmado_insights.updates.places import downloads, tidy_downloads
from colmado_insights.updates.releases import Program, Release, check_sum, read_release

if TYPE_CHECKING:
    import ssl

    import httpx

log = logging.getLogger(__name__)

TURN_SECONDS = 0.05
"""How soon a cancel is heard."""
MOST_WAITING = 16
"""Pieces that have come and were not taken yet."""
SPARE_BYTES = 50_000_000
"""Of the disk, so that the shop's own data still find room after a download."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_REDIRECTS = (301, 302, 303, 307, 308)
_GONE = (404, 410)


@dataclass(frozen=True)
class Limits:
    """How long is waited for what; seconds and bytes."""

    connect: float = 8.0
    silence: float = 20.0  # between two pieces
    total: float = 30.0  # from end to end, however lively
    most_bytes: int = MOST_BYTES
    most_hops: int = 5


LIST_LIMITS = Limits()
FILE_LIMITS = Limits(total=4 * 3600.0, most_bytes=MOST_SIZE)


def look(settings: Settings, progress: Progress, limits: Limits = LIST_LIMITS) -> tuple[str, bytes]:
    """Ask for the list of versions, and return where it lies and what it is: one that makes sense.

    Raises
    ------
    NotAllowed
        The owner has not allowed it, or there is no address to ask at.
    NoNetwork, AdviceRefused
        It could not be had, or is none.
    Cancelled
        `progress` was cancelled.
    """
    url = config.releases_url(settings)
    if not settings.look_for_updates:
        raise NotAllowed(
            _("No has permitido buscar versiones nuevas en internet."),
            _("Se permite en Ajustes, o con: colmado updates --allow"),
        )
    if not url:
        raise NotAllowed(
            _("Este programa no trae la dirección donde se publican sus versiones."),
            _("Cuando consigas el archivo de una nueva, ábrelo en Ajustes."),
        )
    with closing(_receive(url, limits, progress)) as pieces:
        body = b"".join(pieces)
    read_announcement(body, url)
    return url, body


def fetch(release: Release, program: Program, progress: Progress, limits: Limits = FILE_LIMITS) -> Release:
    """Bring the file of a release, compare it with its sum, and return it as a file in hand.

    Raises
    ------
    NoNetwork, AdviceRefused
        It could not be brought, or is not what was announced: nothing of it stays.
    DiskFull
        It cannot be written.
    Cancelled
        `progress` was cancelled: nothing of it stays.
    """
    folder = downloads()
    target = folder / release.name
    partial = folder / f"{release.name}.{os.getpid()}.partial"
    have = replace(release, path=target)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not _is_here(have):
            _check_room(folder, release.size)
            _write(release, partial, progress, replace(limits, most_bytes=release.size))
            patiently(lambda: os.replace(partial, target))
    except OSError as exc:
        raise _no_room(folder) from exc
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    tidy_downloads(program, keep=target)
    read_release(target, program, is_quick=True)
    return have


def _is_here(release: Release) -> bool:
    """True when it was brought before, and is still what it was."""
    try:
        check_sum(release)
    except ShopError:
        return False
    return True


def _check_room(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size + SPARE_BYTES:
        raise _no_room(folder)


def _write(release: Release, partial: Path, progress: Progress, limits: Limits) -> None:
    made, done = hashlib.sha256(), 0
    words = _("Bajando la versión {version}").format(version=release.version)
    with partial.open("wb") as file, closing(_receive(release.url, limits, progress)) as pieces:
        for piece in pieces:
            file.write(piece)
            made.update(piece)
            done += len(piece)
            progress.step(done, release.size, words)
        file.flush()
        os.fsync(file.fileno())
    if done != release.size or made.hexdigest() != release.sha256:
        raise AdviceRefused(
            _("Lo que se bajó no es igual a lo que se publicó, y se borró."), _("Trata otra vez en un rato.")
        )


# ── one GET ──


def _receive(url: str, limits: Limits, progress: Progress) -> Generator[bytes]:
    """What lies at an address, piece by piece; a cancel or the end of the time cuts it."""
    line = _Line(url, limits)
    until = time.monotonic() + limits.total
    count = 0
    try:
        while True:
            if progress.is_cancelled:
                raise Cancelled
            if time.monotonic() >= until:
                raise _lost()
            piece = line.take()
            if piece is None:
                return
            count += len(piece)
            if count > limits.most_bytes:
                raise AdviceRefused(
                    _("Lo que llegó es más grande de lo que debe ser."), _("Trata otra vez en un rato.")
                )
            yield piece
    finally:
        line.cut()


class _Cut(Exception):
    """The line was cut: it must not go on."""


class _Line:
    """A GET under way in a thread of its own."""

    def __init__(self, url: str, limits: Limits) -> None:
        self._url, self._limits = url, limits
        self._come: queue.Queue[bytes | ShopError | None] = queue.Queue(MOST_WAITING)
        self._is_cut = threading.Event()
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._work, name="updates", daemon=True)
        self._thread.start()

    def take(self) -> bytes | None:
        """The next piece, b"" when none came for a moment, None at the end."""
        try:
            come = self._come.get(timeout=TURN_SECONDS)
        except queue.Empty:
            return b""
        if isinstance(come, ShopError):
            raise come
        return come

    def cut(self) -> None:
        """End it: what waits for the network wakes up. Only the looking up of a name ends by itself."""
        self._is_cut.set()
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        self._thread.join(TURN_SECONDS)

    def _work(self) -> None:
        end: ShopError | None = None
        try:
            url: str | None = self._url
            for _hop in range(self._limits.most_hops + 1):
                if url is None:
                    break
                url = self._send(url)
            if url is not None:
                end = _refused()
        except ShopError as trouble:
            end = trouble
        except Exception as trouble:  # noqa: BLE001 - a connection that is cut breaks in many ways, all of them "lost"
            log.info("no whole answer: %s", type(trouble).__name__)
            end = _lost()
        with suppress(_Cut):
            self._put(end)

    def _send(self, url: str) -> str | None:
        """Receive what lies there, or return where it is said to lie; each time with no memory of before."""
        import httpx

        limits = self._limits
        with (
            httpx.Client(
                verify=_trust(),
                trust_env=urlsplit(url).hostname not in _LOOPBACK,  # proxies, but not to reach oneself
                timeout=httpx.Timeout(limits.silence, connect=limits.connect),
                follow_redirects=False,  # each is looked at first
            ) as client,
            client.stream(
                "GET",
                url,
                headers={
                    "User-Agent": f"{NAME.replace(' ', '')}/{__version__}",
                    "Accept": "*/*",
                    "Accept-Encoding": "identity",
                },
                extensions={"trace": self._watch},
            ) as response,
        ):
            return self._take(url, response)

    def _take(self, url: str, response: httpx.Response) -> str | None:
        if response.status_code in _REDIRECTS:
            return _follow(url, response.headers.get("Location", ""))
        if response.status_code != 200:
            log.info("answered with %d", response.status_code)
            raise _gone() if response.status_code in _GONE else _refused()
        for piece in response.iter_raw():  # never unpacked: what comes packed may be of any size
            self._put(piece)
        return None

    def _put(self, piece: bytes | ShopError | None) -> None:
        while not self._is_cut.is_set():
            with suppress(queue.Full):
                self._come.put(piece, timeout=TURN_SECONDS)
                return
        raise _Cut

    def _watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Told by httpx of each step of a connection."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
        if self._is_cut.is_set() and event.endswith(".started") and "closed" not in event:
            raise _Cut


def _follow(url: str, location: str) -> str:
    """Where a redirect leads: to where nobody can listen in, or nowhere."""
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        is_safe = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_safe = False
    if not is_safe:
        raise _refused()
    return target


@cache
def _trust() -> ssl.SSLContext:
    """Who is believed to be who they say: the authorities that come along, and those that this PC knows."""
    import httpx

    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context


# ── troubles ──


def _lost() -> NoNetwork:
    return NoNetwork(
        _("No se pudo llegar adonde se publican las versiones, o no terminó de responder."),
        _("Revisa el internet y trata otra vez."),
    )


def _gone() -> AdviceRefused:
    return AdviceRefused(
        _("Lo que se buscaba ya no está donde se publican las versiones."), _("Busca otra vez más tarde.")
    )


def _refused() -> AdviceRefused:
    return AdviceRefused(
        _("Donde se publican las versiones respondieron algo que no sirve."), _("Trata otra vez en un rato.")
    )


def _no_room(folder: Path) -> DiskFull:
    return DiskFull(
        _("No cabe la versión nueva, o no se puede escribir en «{folder}».").format(folder=folder),
        _("Haz espacio en el disco y trata otra vez."),
    )
