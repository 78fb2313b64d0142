"""Sales come in, by hand or by themselves, and can be taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from colmado_insights import text
from colmado_insights.cli.group import main
from colmado_insights.cli.help import argument, option
from colmado_insights.cli.options import Options, common
from colmado_insights.cli.streams import say
from colmado_insights.domain import ImportReport
from colmado_insights.errors import NotSales
from colmado_insights.storage.importing.presets import NAMES as PRESET_NAMES
from colmado_insights.text import _
from colmado_insights.updates import may_be_release
from colmado_insights.watching import Watching


@main.command(example="colmado demo")
@option("--days", type=click.IntRange(2, 3660), default=400, show_default=True, help="Días de ventas.")
@option("--seed", type=int, default=1997, show_default=True, help="Semilla: la misma hace el mismo colmado.")
@option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Carpeta para los archivos de la caja."
)
@common
def demo(options: Options, days: int, seed: int, out: Path | None) -> None:
    """Inventa un colmado de muestra y lo importa."""
    with options.shop() as shop:
        shop.make_sample(options.progress(), days=days, seed=seed, last_day=options.as_of, folder=out)
        summary = shop.read_summary()
    values = {
        "receipts": summary.receipts,
        "lines": summary.lines,
        "first_day": summary.first_day,
        "last_day": summary.last_day,
    }
    words = _("Colmado de muestra: {receipts} compras del {first} al {last}.").format(
        receipts=text.number(summary.receipts), first=summary.first_day, last=summary.last_day
    )
    options.show(values, words)


@main.command("import", example="colmado import ventas.csv --dry-run")
@argument(
    "files",
    nargs=-1,
    required=True,
    metavar="ARCHIVO",
    help="Archivos de ventas, o una carpeta de e-CF.",
    type=click.Path(path_type=Path),
)
@option(
    "--preset",
    type=click.Choice(PRESET_NAMES),
    help="Formato de la caja, si no se reconoce solo.",
)
@option("--dry-run", is_flag=True, help="Solo decir qué pasaría.")
@common
def import_(options: Options, files: tuple[Path, ...], preset: str | None, dry_run: bool) -> None:
    """Importa archivos de ventas."""
    for file in filter(may_be_release, files):
        raise NotSales(
            _("«{file}» es un programa, no ventas.").format(file=file.name),
            _('Si es una versión nueva: colmado updates "{file}"').format(file=file.name),
        )
    with options.shop() as shop:
        reports = shop.import_files(files, options.progress(), preset=preset or "", is_dry_run=dry_run)
    options.show([_report_values(report) for report in reports], "\n".join(map(_report_words, reports)))


def _report_values(report: ImportReport) -> dict[str, Any]:
    names = (
        "file", "preset", "rows_read", "new", "unchanged", "replaced", "voided", "quarantined",
        "receipts_new", "first_day", "last_day", "batch",
    )  # fmt: skip
    return {name: getattr(report, name) for name in names}


def _report_words(report: ImportReport) -> str:
    parts = [
        (report.new, _("{n} nuevas")),
        (report.unchanged, _("{n} ya estaban")),
        (report.replaced, _("{n} cambiadas")),
        (report.voided, _("{n} anuladas")),
        (report.quarantined, _("{n} por revisar")),
    ]
    told = ", ".join(words.format(n=text.number(n)) for n, words in parts if n)
    return _("{file}: {rows} filas leídas ({told}); {receipts} compras nuevas.").format(
        file=report.file,
        rows=text.number(report.rows_read),
        told=told or _("nada"),
        receipts=text.number(report.receipts_new),
    )


@main.command(example="colmado watch ventas --seconds 5")
@argument(
    "folder",
    required=False,
    metavar="CARPETA",
    help="Donde la caja deja sus archivos.",
    type=click.Path(path_type=Path),
)
@option("--till", type=click.Path(path_type=Path), help="Base de datos de la caja (Aronium pos.db).")
@option(
    "--port", type=click.IntRange(1024, 65535), help="Recibir ventas de la caja web en este puerto de la PC."
)
@option("--token", envvar="COLMADO_TOKEN", only_with="port", help="Llave que la caja web debe mandar.")
@option("--origin", "origins", multiple=True, only_with="port", help="Página que puede llamar (https://…).")
@option("--seconds", type=float, help="Parar después de este tiempo.")
@common
def watch(
    options: Options,
    folder: Path | None,
    till: Path | None,
    port: int | None,
    token: str | None,
    origins: tuple[str, ...],
    seconds: float | None,
) -> None:
    """Importa lo que aparece en una carpeta, en la caja o por la caja web, y dice los avisos del momento."""
    if not (folder or till or port):
        raise click.UsageError(_("Di qué vigilar: una carpeta, --till o --port."))
    if port and not token:
        raise click.UsageError(_("Con --port hace falta --token: la llave que la caja web debe mandar."))
    with options.shop() as shop:
        watching = Watching(
            shop, folder=folder, till=till, port=port or 0, token=token or "", origins=origins
        )
        try:
            for event in watching.run(seconds):
                say(json.dumps(event, ensure_ascii=False, default=str))
        except KeyboardInterrupt:
            click.echo(_("Se dejó de vigilar."), err=True)
        finally:
            watching.stop()


@main.group(invoke_without_command=True, example="colmado imports")
@common
def imports(options: Options) -> None:
    """Historia de lo importado; `undo` deshace, `rejected` saca lo que no entró."""
    if click.get_current_context().invoked_subcommand:
        return
    with options.shop() as shop:
        batches = shop.read_imports()
    values = [
        {
            name: getattr(batch, name)
            for name in (
                "batch", "file", "preset", "at", "rows_read", "new", "unchanged", "replaced", "voided",
                "quarantined", "receipts_new", "first_day", "last_day", "is_undone",
            )
        }
        for batch in batches
    ]  # fmt: skip
    words = "\n".join(
        f"{batch.batch:>4}  {batch.at:%Y-%m-%d %H:%M}  {batch.file}  "
        + (_("deshecha") if batch.is_undone else _("{n} compras").format(n=text.number(batch.receipts_new)))
        for batch in batches
    )
    options.show({"batches": values}, words or _("Todavía no se ha importado nada."))


@imports.command(example="colmado imports undo 1")
@argument("batch", type=int, metavar="NÚMERO", help="El número de la importación; los da colmado imports.")
@common
def undo(options: Options, batch: int) -> None:
    """Deshace una importación completa."""
    with options.shop() as shop:
        shop.undo_import(batch, options.progress())
    options.show(
        {"batch": batch, "undone": True}, _("La importación {batch} quedó deshecha.").format(batch=batch)
    )


@imports.command(example="colmado imports rejected 1 --out filas.csv")
@argument("batch", type=int, metavar="NÚMERO", help="El número de la importación; los da colmado imports.")
@option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Archivo .csv.")
@common
def rejected(options: Options, batch: int, out: Path) -> None:
    """Guarda en un archivo las filas que no entraron, con su razón."""
    with options.shop() as shop:
        rows = shop.write_rejected(batch, out)
    options.show(
        {"file": str(out), "rows": rows}, _("{rows} filas guardadas en {file}.").format(rows=rows, file=out)
    )
