"""Newer versions of the program without a window: is there one, is a file one, and how it is installed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from colmado_insights import config, text, updates
from colmado_insights.cli.group import main
from colmado_insights.cli.help import argument, option
from colmado_insights.cli.options import Options, common
from colmado_insights.config import Settings
from colmado_insights.errors import FileProblem
from colmado_insights.progress import Progress
from colmado_insights.text import _
from colmado_insights.updates import Release, Standing


@main.command("updates", example="colmado updates")
@argument(
    "file", required=False, type=click.Path(path_type=Path), metavar="ARCHIVO",
    help="El archivo de una versión nueva.",
)  # fmt: skip
@option("--look", "is_looking", is_flag=True, help="Buscar ahora en internet, si se ha permitido.")
@option(
    "--download", "is_fetching", is_flag=True, never_with=("file",), help="Bajar la más nueva que se sepa."
)
@option("--allow/--forbid", "is_allowed", default=None, help="Permitir buscar en internet; o no.")
@option("--url", metavar="DIRECCIÓN", help="Dirección donde buscar; vacía, la que trae el programa.")
@common
def updates_(
    options: Options,
    file: Path | None,
    is_looking: bool,
    is_fetching: bool,
    is_allowed: bool | None,
    url: str | None,
) -> None:
    """Versiones nuevas del programa: si hay una, si un archivo lo es, y cómo se instala."""
    settings = _change_settings(look_for_updates=is_allowed, releases_url=url)
    program, progress = updates.this_program(), options.progress()
    if is_looking:
        updates.look_now(settings, datetime.now(), progress)
    standing = updates.read_standing(settings, program)
    newest = standing.newest if file is None else updates.read_release(file, program, progress)
    if is_fetching:
        newest = _fetch(newest, program, progress)
    options.show(_values(standing, newest), "\n".join(_words(standing, newest)))


def _change_settings(**said: Any) -> Settings:
    """This PC's settings, with what was just said of them."""
    settings = Settings().with_values(config.read_machine_settings())
    values = {name: value for name, value in said.items() if value is not None}
    changed = settings.with_values(values)
    for name, value in values.items():
        if getattr(changed, name) != value:
            raise click.BadParameter(_("«{value}» no sirve para eso.").format(value=value))
    if changed != settings:
        config.write_machine_settings(changed)
    return changed


def _fetch(newest: Release | None, program: updates.Program, progress: Progress) -> Release:
    if newest is None:
        raise FileProblem(_("No se sabe de ninguna versión más nueva."), _("Búscala con --look."))
    return newest if newest.path is not None else updates.fetch(newest, program, progress)


def _values(standing: Standing, newest: Release | None) -> dict[str, Any]:
    return {
        "version": str(standing.program.version),
        "kind": str(standing.program.kind),
        "is_allowed": standing.is_allowed,
        "url": standing.url,
        "looked_at": standing.looked_at and standing.looked_at.isoformat(),
        "newest": newest
        and {
            "version": str(newest.version),
            "date": newest.date,
            "size": newest.size,
            "sha256": newest.sha256,
            "file": newest.path,
            "url": newest.url,
            "notes": newest.news,
            "steps": _steps(standing, newest),
        },
    }


def _words(standing: Standing, newest: Release | None) -> list[str]:
    lines = [_("Esta es la versión {version}.").format(version=standing.program.version)]
    if newest is None:
        lines.append(_("No se sabe de ninguna más nueva."))
    else:
        lines.append(_("Hay una versión nueva: {version}").format(version=newest.version))
        lines += updates.as_lines(newest.news)
        lines += _steps(standing, newest) or [_("Bájala con: colmado updates --download")]
    if not standing.url:
        lines.append(_("El programa vino sin dirección donde buscar en internet."))
    elif not standing.is_allowed:
        lines.append(_("Buscar en internet está apagado; se permite con --allow."))
    elif standing.looked_at is not None:
        looked = standing.looked_at
        words = _("Se buscó en internet el {day}, {time}.")
        lines.append(text.fluent(words.format(day=text.short_date(looked.date()), time=text.clock(looked))))
    return lines


def _steps(standing: Standing, newest: Release) -> list[str]:
    """How the owner installs a file in hand; nothing while there is none."""
    return [] if newest.path is None else list(updates.find_steps(newest, standing.program))
