"""Keeping the shop in order: what is due, backups, whether file and data are sound."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from colmado_insights import text
from colmado_insights.cli.group import main
from colmado_insights.cli.help import argument, confirm, option
from colmado_insights.cli.options import Options, common
from colmado_insights.domain import BackupFacts, Restored
from colmado_insights.errors import UnreadableFile
from colmado_insights.schedule import JobState
from colmado_insights.storage import restore
from colmado_insights.storage.backup import backup_folder
from colmado_insights.text import _


@main.command(example="colmado quality")
@common
def quality(options: Options) -> None:
    """Lo que hace peores los números, y dónde se arregla."""
    with options.shop() as shop:
        issues = shop.find_quality(options.moment)
    values = [
        {
            "code": issue.what.code,
            "message": text.sentence(issue.what),
            "share": round(issue.share, 6),
            "count": issue.count,
            "examples": list(issue.examples),
        }
        for issue in issues
    ]
    words = "\n".join(f"{text.percent(issue.share):>8}  {text.sentence(issue.what)}" for issue in issues)
    options.show({"issues": values}, words or _("Los datos están en orden."))


@main.command(example="colmado refresh --due")
@option(
    "--force",
    is_flag=True,
    never_with=("is_listing", "is_asking"),
    help="Hacerlo todo, aunque esté al día.",
)
@option("--jobs", "is_listing", is_flag=True, help="Solo decir cómo está cada trabajo.")
@option("--due", "is_asking", is_flag=True, help="Solo decir qué trabajos tocan ahora.")
@common
def refresh(options: Options, force: bool, is_listing: bool, is_asking: bool) -> None:
    """Pone al día compras, segmentos y pronósticos, y hace el respaldo si toca."""
    with options.shop() as shop:
        if is_listing or is_asking:
            states = [state for state in shop.read_jobs(options.moment) if state.is_due or not is_asking]
            words = "\n".join(f"{_(state.job.words):<44}{_job_words(state)}" for state in states)
            options.show({"jobs": list(map(_job_values, states))}, words or _("Todo está al día."))
            return
        done = shop.refresh(options.progress(), as_of=options.as_of, is_forced=force)
    options.show(done, _("Al día en {seconds} segundos.").format(seconds=done["seconds"]))


def _job_values(state: JobState) -> dict[str, Any]:
    return {
        "name": state.job.name,
        "every": state.job.every,
        "is_due": state.is_due,
        "done_at": state.done_at and state.done_at.isoformat(),
        "seconds": state.seconds,
        "next_at": state.next_at and state.next_at.isoformat(),
        "failures": state.failures,
        "failing_since": state.failing_since and state.failing_since.isoformat(),
        "trouble": " ".join(filter(None, (state.trouble, state.todo))) or None,
    }


def _job_words(state: JobState) -> str:
    """Last done and due next, or what is wrong."""
    if state.trouble:
        return f"{state.trouble} {state.todo}"
    if state.is_due:
        return _("toca ahora")
    if state.done_at is None:
        return _("todavía no")
    return _("hecho el {day}, {time}").format(
        day=text.short_date(state.done_at.date()), time=text.clock(state.done_at)
    )


@main.command(example="colmado backup")
@common
def backup(options: Options) -> None:
    """Hace una copia de respaldo comprobada."""
    with options.shop() as shop:
        path = shop.write_backup()
    options.show(
        {"file": str(path), "ok": True, "problems": []}, _("Copia guardada en {file}.").format(file=path)
    )


@main.command("restore", example="colmado restore --list")
@argument(
    "chosen", required=False, type=click.Path(path_type=Path), metavar="COPIA",
    help="El archivo de la copia, o su nombre entre las copias; si no se dice, la última.",
)  # fmt: skip
@option("--list", "is_listing", is_flag=True, never_with=("chosen", "yes"), help="Solo decir qué copias hay.")
@option("--yes", is_flag=True, help="Sin preguntar.")
@common
def restore_(options: Options, chosen: Path | None, is_listing: bool, yes: bool) -> None:
    """Recupera una copia de respaldo; lo de ahora se guarda antes como otra copia."""
    backups = restore.read_backups(options.db)
    if is_listing:
        words = "\n".join(map(_backup_words, backups))
        options.show({"backups": list(map(_backup_values, backups))}, words or _("Todavía no hay copias."))
        return
    facts = _find_backup(options.db, chosen, backups)
    if facts.trouble:
        raise UnreadableFile(facts.trouble, _("Escoge otra copia. No se cambió nada."))
    if not yes:
        click.echo(_backup_words(facts), err=True)
        confirm(_("Los datos vuelven a como estaban en esa copia. ¿Seguro?"))
    done = restore.restore(options.db, facts.path, progress=options.progress())
    values = _backup_values(done.facts) | {
        "kept": done.kept and str(done.kept),
        "is_kept_whole": done.is_kept_whole,
    }
    options.show(values, "\n".join(_restored_words(done)))


def _find_backup(database: Path, chosen: Path | None, backups: Sequence[BackupFacts]) -> BackupFacts:
    if chosen is not None:
        beside = backup_folder(database) / chosen
        return restore.read_backup(chosen if chosen.exists() or not beside.exists() else beside)
    if not backups:
        raise UnreadableFile(_("No hay copias de respaldo."), _("Di cuál archivo es."))
    return backups[0]


def _backup_values(facts: BackupFacts) -> dict[str, Any]:
    return {
        "file": str(facts.path),
        "made_at": facts.made_at.isoformat(),
        "size": facts.size_bytes,
        "receipts": facts.receipts,
        "first_day": facts.first_day,
        "last_day": facts.last_day,
        "trouble": facts.trouble or None,
    }


def _backup_words(facts: BackupFacts) -> str:
    return f"{text.backup_moment(facts.made_at):<28}{text.backup_content(facts):<52}  {facts.path.name}"


def _restored_words(done: Restored) -> list[str]:
    lines = [_("Recuperada: {content}.").format(content=text.backup_content(done.facts))]
    if done.kept is not None and done.is_kept_whole:
        lines.append(_("Lo de antes quedó en otra copia: {file}.").format(file=done.kept))
    elif done.kept is not None:
        lines.append(_("El archivo dañado quedó guardado en {file}.").format(file=done.kept))
    return [*lines, text.after_restore()]


@main.command(example="colmado check")
@common
def check(options: Options) -> None:
    """Comprueba que la base de datos esté sana."""
    with options.shop() as shop:
        problems = shop.find_problems()
    values = {
        "file": str(options.db),
        "ok": not problems,
        "problems": [{"code": p.code, "count": p.count, "detail": p.detail} for p in problems],
    }
    words = "\n".join(f"{p.code}: {p.count}" for p in problems)
    options.show(values, words or _("Todo está en orden."))
    if problems:
        sys.exit(1)
