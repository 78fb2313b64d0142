"""The door for the sibling web till: it posts each sale to this PC, and to nobody else.

Listens on the loopback address only, asks for a token, knows which pages may call, and
takes no more than a sale's worth of bytes. Off unless the owner turns it on.

References
----------
WICG Private Network Access: a page asks first, with `Access-Control-Request-Private-Network`.
"""

from __future__ import annotations

import hmac
import http.client
import json
import logging
import os
import re
import socket
import socketserver
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from colmado_insights.domain import ImportReport
from colmado_insights.errors import DataProblem, DiskFull, PortTaken, ShopError
from colmado_insights.text import _

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
PATH = "/v1/sales"
SERVER = "Colmado"
MOST_BYTES = 256 * 1024
PIECES_LET_PASS = 16
"""Of what is too large, so many times the most are read and dropped before it is refused."""
SECONDS_TO_SEND = 10.0
STOP_SECONDS = 0.05
SECONDS_TO_TELL = 0.5


class Receiver:
    """A small server on this PC that hands each posted body to `take`.

    Parameters
    ----------
    take
        Called in the server's thread, one call at a time; raises ShopError for what is no sale.
    token
        What the till must send as `Authorization: Bearer …`.
    origins
        Pages that may call, such as `https://caja.example`; a call without an origin (a program) may too.
    port
        0 picks a free one; see `port`.
    """

    def __init__(
        self, take: Callable[[Any], ImportReport], *, token: str, origins: tuple[str, ...] = (), port: int = 0
    ) -> None:
        lock = threading.Lock()

        def take_alone(body: Any) -> ImportReport:
            with lock:
                return take(body)

        pages = tuple(origin.rstrip("/") for origin in origins)  # as a browser says it, however it was pasted
        handler = type(
            "Handler", (_Handler,), {"take": staticmethod(take_alone), "token": token, "origins": pages}
        )
        try:
            self._server = _Server((HOST, port), handler)
        except OSError as exc:
            raise PortTaken(
                _(
                    "El puerto {port} de esta PC está ocupado: la caja web no puede entregar sus ventas."
                ).format(port=port),
                _("Cambia el puerto en Ajustes, aquí y en la caja web."),
            ) from exc
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(STOP_SECONDS,), name="receiver", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    def stop(self) -> None:
        """Take no more calls and let the running one end."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def is_ours(port: int) -> bool:
    """Whether a program of ours listens there, as the cashier panel does beside the window."""
    call = http.client.HTTPConnection(HOST, port, timeout=SECONDS_TO_TELL)
    try:
        call.request("GET", "/")
        return (call.getresponse().getheader("Server") or "").startswith(SERVER)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        call.close()


class _Server(ThreadingHTTPServer):
    """A port for one program alone, asked for without looking up any name."""

    # On Windows "reuse" lets a second program listen on the same port and take our sales; elsewhere it
    # only lets the next start have the port at once.
    allow_reuse_address = os.name != "nt"

    def server_bind(self) -> None:
        """Take the port; http.server would look up the PC's name, seconds long on a PC without internet."""
        if exclusive := getattr(socket, "SO_EXCLUSIVEADDRUSE", None):
            self.socket.setsockopt(socket.SOL_SOCKET, exclusive, 1)
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A call that broke off, as when a page is closed, is for the log."""
        log.info("a call broke off", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    """One call."""

    take: Callable[[Any], ImportReport]
    token: str
    origins: tuple[str, ...]
    timeout = SECONDS_TO_SEND
    headers = http.client.HTTPMessage()  # of a call that broke off before it said any
    server_version = SERVER
    sys_version = ""

    def do_GET(self) -> None:
        """There is nothing to read here."""
        self._answer(HTTPStatus.METHOD_NOT_ALLOWED, {"error": "method"})

    def do_OPTIONS(self) -> None:
        """A page asks whether it may."""
        if not self._is_known_origin():
            self._answer(HTTPStatus.FORBIDDEN, {"error": "origin"})
            return
        self._answer(HTTPStatus.NO_CONTENT, None)

    def do_POST(self) -> None:
        """A sale."""
        length = self._find_length()
        # Read before any answer: closing on bytes that nobody read resets the call, and Windows then drops the answer.
        sent = self._read(length or 0)
        if not self._is_known_origin():
            self._answer(HTTPStatus.FORBIDDEN, {"error": "origin"})
        elif not self._has_token():
            self._answer(HTTPStatus.UNAUTHORIZED, {"error": "token"})
        elif self.path != PATH:
            self._answer(HTTPStatus.NOT_FOUND, {"error": "path"})
        elif length is None:
            self._answer(HTTPStatus.LENGTH_REQUIRED, {"error": "length"})
        elif length > MOST_BYTES:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "size"})
        else:
            self._take(sent)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the library itself refuses, another method or a call that is no HTTP, answered as all else is."""
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self._read(self._find_length() or 0)
            self._answer(HTTPStatus.METHOD_NOT_ALLOWED, {"error": "method"})
        else:
            self._answer(HTTPStatus.BAD_REQUEST, {"error": "http"})

    def _find_length(self) -> int | None:
        length = self.headers.get("Content-Length", "")
        return int(length) if re.fullmatch("[0-9]{1,15}", length) else None

    def _read(self, length: int) -> bytes:
        """What was sent; of what is too large nothing, but a good part is let pass."""
        if length <= MOST_BYTES:
            return self.rfile.read(length)
        for _piece in range(PIECES_LET_PASS):
            if len(self.rfile.read(min(length, MOST_BYTES))) < MOST_BYTES:
                break
            length -= MOST_BYTES
        return b""

    def _take(self, sent: bytes) -> None:
        try:
            body = json.loads(sent)
        except (ValueError, RecursionError):
            self._answer(HTTPStatus.BAD_REQUEST, {"error": "json"})
            return
        try:
            report = self.take(body)
        except (DataProblem, DiskFull) as trouble:
            log.warning("a posted sale could not be kept: %s", type(trouble).__name__)
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, {"error": str(trouble)})
        except ShopError as trouble:
            self._answer(HTTPStatus.UNPROCESSABLE_ENTITY, {"error": str(trouble)})
        except Exception:
            log.exception("a posted sale broke the receiver")
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": "internal"})
        else:
            self._answer(
                HTTPStatus.OK,
                {
                    "receipts_new": report.receipts_new,
                    "unchanged": report.unchanged,
                    "replaced": report.replaced,
                    "quarantined": report.quarantined,
                },
            )

    def _is_known_origin(self) -> bool:
        origin = self.headers.get("Origin")
        return origin is None or origin in self.origins

    def _has_token(self) -> bool:
        sent = self.headers.get("Authorization", "")
        return hmac.compare_digest(sent.encode(), f"Bearer {self.token}".encode())

    def _answer(self, status: HTTPStatus, body: dict[str, Any] | None) -> None:
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        origin = self.headers.get("Origin")
        if origin in self.origins:
            self.send_header("Access-Control-Allow-Origin", str(origin))
            self.send_header("Vary", "Origin")
            self.send_header("Access-Control-Allow-Methods", "POST")
            self.send_header("Access-Control-Allow-Headers", "Authorization, Content-Type")
            self.send_header("Access-Control-Allow-Private-Network", "true")
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Calls are logged without what they carry."""
        log.debug("receiver: %s", format % args)
