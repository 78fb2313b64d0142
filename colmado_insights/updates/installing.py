"""How a newer version takes this one's place: its installer, started when the owner says so, or by hand."""

from __future__ import annotations

import logging
import os
import subprocess

from colmado_insights import config
from colmado_insights.errors import BadRelease
from colmado_insights.text import _
from colmado_insights.updates.releases import Kind, Program, Release, verify_release

_DETACHED = getattr(subprocess, "DETACHED_PROCESS", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""Windows lets the installer live on when this program is gone."""

log = logging.getLogger(__name__)

UPDATE = "/UPDATE=1"
"""The installer waits until this program has closed, installs, and opens it again."""


def start_setup(release: Release, program: Program) -> None:
    """Start the installer of a release; this program must close itself right after, with a backup made.

    Raises
    ------
    BadRelease
        It is no longer what it was, or Windows does not start it.
    """
    assert release.path is not None
    verify_release(release, program)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("_PYI_")}
    try:
        subprocess.Popen(
            [str(release.path), UPDATE],
            cwd=release.path.parent,  # not the program's own folder, which could not be replaced then
            env=environment,  # without what the packed program tells its own children
            close_fds=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=_DETACHED,
        )
    except OSError as exc:
        log.info("the installer did not start", exc_info=exc)
        raise BadRelease(
            _("Windows no dejó abrir el instalador."),
            _("Cierra el programa y abre tú el instalador: está en «{folder}».").format(
                folder=release.path.parent
            ),
        ) from exc


def find_steps(release: Release, program: Program) -> tuple[str, ...]:
    """What the owner does where no installer can: sentences, in order."""
    assert release.path is not None
    file = release.path.name
    close = _("Cierra el programa.")
    if program.kind is Kind.SETUP:
        return (close, _("Abre «{file}» y sigue lo que dice.").format(file=file))
    folder = config.program_folder()
    keep = _("Tus datos no se tocan: están en «{folder}».").format(folder=config.data_folder())
    if folder is None:
        return (close, _("Abre «{file}» y copia lo que trae donde quieras.").format(file=file), keep)
    return (
        close,
        _("Borra la carpeta «_internal» de «{folder}».").format(folder=folder),
        _("Abre «{file}» y copia lo que trae encima de lo que queda ahí.").format(file=file),
        _("Abre el programa otra vez. {keep}").format(keep=keep),
    )
