"""The one command that all the others hang on: `colmado`."""

from __future__ import annotations

from contextlib import suppress

import click

from colmado_insights import __version__, config
from colmado_insights.cli.help import Group, Option, lang_option
from colmado_insights.logs import start_log


@click.group("colmado", cls=Group)
@lang_option
@click.version_option(
    __version__, message="colmado %(version)s", cls=Option, help="Enseña la versión y termina."
)
def main() -> None:
    """Colmado Insights: quién compra, qué se venderá y qué hacer, con las ventas de tu caja."""
    config.keep_matplotlib_at_home()
    with suppress(OSError):  # a command that needs the folder says so; the others do without a log
        start_log(config.data_folder() / "logs")
