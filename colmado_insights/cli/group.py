"""The one command that all the others hang on: `colmado`."""

from __future__ import annotations

import click

from colmado_insights import __version__, config
from colmado_insights.logs import start_log
from colmado_insights.text import _


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Colmado Insights: quién compra, qué se venderá y qué hacer, con las ventas de tu caja."""
    try:
        start_log(config.data_folder() / "logs")
    except OSError:
        click.echo(_("No se pudo abrir la bitácora; se sigue sin ella."), err=True)
