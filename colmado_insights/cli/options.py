"""What every command understands, and how its trouble becomes one sentence."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from colmado_insights import config
from colmado_insights.cli.help import lang_option, option
from colmado_insights.cli.streams import say
from colmado_insights.errors import ShopError
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.shop import Shop, end_of
from colmado_insights.text import _

log = logging.getLogger(__name__)

FIRST_YEAR, LAST_YEAR = 1990, 2200
"""No till's sale lies outside these years; some further on the calendar itself ends."""


@dataclass(frozen=True)
class Options:
    """What every command understands."""

    db: Path
    as_json: bool
    as_of: date | None

    @property
    def moment(self) -> datetime:
        """The end of the `--as-of` day, or now."""
        return end_of(self.as_of) if self.as_of else datetime.now()

    @contextmanager
    def shop(self) -> Iterator[Shop]:
        """The shop, closed afterwards."""
        with Shop(self.db) as shop:
            yield shop

    def show(self, values: Any, words: str) -> None:
        """Print the machine's answer, or the person's."""
        say(json.dumps(values, ensure_ascii=False, indent=2, default=str) if self.as_json else words)

    def progress(self) -> Progress:
        """Progress on stderr when a person is looking at it."""
        if not sys.stderr.isatty():
            return Progress()
        return Progress(_show_progress)


def _show_progress(done: int, total: int, words: str) -> None:
    share = f" {100 * done // total} %" if total else ""
    click.echo(f"\r\x1b[K{words}{share}", err=True, nl=done == total > 0)


def common(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that every one has, and turn a ShopError into one sentence and status 1."""

    @option("--db", type=click.Path(path_type=Path), help="Base de datos (la propia si no se dice).")
    @option("--json", "as_json", is_flag=True, help="Respuesta para programas.")
    @lang_option
    @option("--as-of", metavar="AAAA-MM-DD", help="Usar solo ventas hasta ese día.")
    @wraps(command)
    def run(db: Path | None, as_json: bool, as_of: str | None, **rest: Any) -> None:
        outer = click.get_current_context().parent
        above = outer.params if outer else {}  # said before the order: `colmado imports --db FILE undo 3`
        db, as_json = db or above.get("db"), as_json or above.get("as_json", False)
        as_of = above.get("as_of") if as_of is None else as_of
        options = Options(
            db or config.default_database(), as_json, None if as_of is None else parse_day(as_of)
        )
        try:
            if db is None:
                config.open_data_folder()
            command(options, **rest)
        except ShopError as exc:
            click.echo(str(exc), err=True)
            sys.exit(1)
        except Cancelled:
            sys.exit(1)
        except (click.ClickException, click.Abort, KeyboardInterrupt):
            raise
        except Exception:
            log.exception("a command failed")
            click.echo(
                _("Algo salió mal en el programa. No se perdió nada; los detalles están en la bitácora."),
                err=True,
            )
            sys.exit(1)

    return run


def parse_day(value: str) -> date:
    """A day of the calendar that a till may have sold on."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise click.BadParameter(
            _("«{value}» no es una fecha; escribe por ejemplo 2026-11-20.").format(value=value)
        )
    return day


def parse_moment(value: str) -> datetime:
    """A moment of the shop's own clock: one with a zone belongs to another."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise click.BadParameter(
            _("«{value}» no es un momento; escribe por ejemplo 2026-11-20T17:30.").format(value=value)
        )
    return moment
