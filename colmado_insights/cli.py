"""The product without a window: `colmado`, with the same powers and machine-readable answers."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from colmado_insights import __version__, config, text
from colmado_insights.analytics.results import (
    Backtest,
    Effect,
    Forecast,
    ForecastPoint,
    HourForecast,
    HourPattern,
    HourPoint,
    LearnedSegments,
    LiveInsight,
    LiveType,
    Migration,
    ModelTrack,
    NotEnough,
    PayCurve,
    Seasons,
    Segment,
    SegmentPerformance,
    Segments,
    SegmentType,
)
from colmado_insights.config import Settings
from colmado_insights.domain import SHOP_TARGETS, Category, ImportReport, Reason, Snooze, Subject, Target
from colmado_insights.errors import ShopError
from colmado_insights.live import LONGEST_SLEEP, SLEEPS, sleep_until
from colmado_insights.logs import start_log
from colmado_insights.personas import describe_segment, describe_strategy
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.schedule import JobState
from colmado_insights.shop import Shop, end_of
from colmado_insights.storage.importing.presets import NAMES as PRESET_NAMES
from colmado_insights.text import _, ngettext
from colmado_insights.watching import Watching

log = logging.getLogger(__name__)

T = TypeVar("T")


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
        click.echo(json.dumps(values, ensure_ascii=False, indent=2, default=str) if self.as_json else words)

    def progress(self) -> Progress:
        """Progress on stderr when a person is looking at it."""
        if not sys.stderr.isatty():
            return Progress()
        return Progress(_show_progress)


def _show_progress(done: int, total: int, words: str) -> None:
    share = f" {100 * done // total} %" if total else ""
    click.echo(f"\r\x1b[K{words}{share}", err=True, nl=done == total > 0)


FIRST_YEAR, LAST_YEAR = 1990, 2200
"""No till's sale lies outside these years; some further on the calendar itself ends."""


def _day(value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise click.BadParameter(
            _("«{value}» no es una fecha; escribe por ejemplo 2026-11-20.").format(value=value)
        )
    return day


def _moment(value: str) -> datetime:
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


def _common(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that every one has, and turn a ShopError into one sentence and status 1."""

    @click.option("--db", type=click.Path(path_type=Path), help="Base de datos (la propia si no se dice).")
    @click.option("--json", "as_json", is_flag=True, help="Respuesta para programas.")
    @click.option("--lang", type=click.Choice(config.LANGUAGES), help="Idioma.")
    @click.option("--as-of", help="Usar solo ventas hasta ese día (AAAA-MM-DD).")
    @wraps(command)
    def run(db: Path | None, as_json: bool, lang: str | None, as_of: str | None, **rest: Any) -> None:
        settings = Settings().with_values(config.read_machine_settings())
        config.use_language(lang or settings.language)
        options = Options(db or config.default_database(), as_json, None if as_of is None else _day(as_of))
        try:
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Colmado Insights: quién compra, qué se venderá y qué hacer, con las ventas de tu caja."""
    try:
        start_log(config.data_folder() / "logs")
    except OSError:
        click.echo(_("No se pudo abrir la bitácora; se sigue sin ella."), err=True)


# ── sales come in ──


@main.command()
@click.option("--days", type=click.IntRange(2, 3660), default=400, show_default=True, help="Días de ventas.")
@click.option(
    "--seed", type=int, default=1997, show_default=True, help="Semilla: la misma hace el mismo colmado."
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Carpeta para los archivos de la caja."
)
@_common
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


@main.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--preset",
    type=click.Choice(PRESET_NAMES),
    help="Formato de la caja, si no se reconoce solo.",
)
@click.option("--dry-run", is_flag=True, help="Solo decir qué pasaría.")
@_common
def import_(options: Options, files: tuple[Path, ...], preset: str | None, dry_run: bool) -> None:
    """Importa archivos de ventas."""
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


@main.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--till", type=click.Path(path_type=Path), help="Base de datos de la caja (Aronium pos.db).")
@click.option(
    "--port", type=click.IntRange(1024, 65535), help="Recibir ventas de la caja web en este puerto de la PC."
)
@click.option("--token", envvar="COLMADO_TOKEN", help="Llave que la caja web debe mandar.")
@click.option("--origin", "origins", multiple=True, help="Página que puede llamar (https://…).")
@click.option("--seconds", type=float, help="Parar después de este tiempo.")
@_common
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
                click.echo(json.dumps(event, ensure_ascii=False, default=str))
        except KeyboardInterrupt:
            click.echo(_("Se dejó de vigilar."), err=True)
        finally:
            watching.stop()


@main.group(invoke_without_command=True)
@_common
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


@imports.command()
@click.argument("batch", type=int)
@_common
def undo(options: Options, batch: int) -> None:
    """Deshace una importación completa."""
    with options.shop() as shop:
        shop.undo_import(batch, options.progress())
    options.show(
        {"batch": batch, "undone": True}, _("La importación {batch} quedó deshecha.").format(batch=batch)
    )


@imports.command()
@click.argument("batch", type=int)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Archivo .csv.")
@_common
def rejected(options: Options, batch: int, out: Path) -> None:
    """Guarda en un archivo las filas que no entraron, con su razón."""
    with options.shop() as shop:
        rows = shop.write_rejected(batch, out)
    options.show(
        {"file": str(out), "rows": rows}, _("{rows} filas guardadas en {file}.").format(rows=rows, file=out)
    )


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@_common
def catalog(options: Options, file: Path | None) -> None:
    """Los productos con su categoría, precio y costo; con un archivo, trae costos y categorías de una lista."""
    with options.shop() as shop:
        if file is not None:
            matched, changed = shop.import_catalog(file, options.progress())
            options.show(
                {"file": file.name, "matched": matched, "changed": changed},
                _("{matched} productos reconocidos, {changed} costos y categorías nuevos.").format(
                    matched=text.number(matched), changed=text.number(changed)
                ),
            )
            return
        products = shop.read_catalog()
    values = [
        {
            "product_id": product.product_id,
            "name": product.name,
            "sku": product.sku,
            "category": product.category,
            "price": None if product.price_cents is None else product.price_cents / 100,
            "cost": None if product.cost_cents is None else product.cost_cents / 100,
            "revenue_30_days": product.revenue_cents / 100,
        }
        for product in products
    ]
    words = "\n".join(
        f"{product.name:<40.40} {text.category_name(product.category):<22} {text.money(product.revenue_cents):>14}"
        for product in products
    )
    options.show({"products": values}, words or _("No hay productos todavía."))


@main.command()
@_common
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


# ── what it means ──


@main.command()
@click.option("--force", is_flag=True, help="Hacerlo todo, aunque esté al día.")
@click.option("--jobs", "is_listing", is_flag=True, help="Solo decir cómo está cada trabajo.")
@click.option("--due", "is_asking", is_flag=True, help="Solo decir qué trabajos tocan ahora.")
@_common
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


@main.command()
@_common
def summary(options: Options) -> None:
    """El colmado de un vistazo."""
    with options.shop() as shop:
        found = shop.read_summary(options.as_of)
    values = {
        "receipts": found.receipts,
        "lines": found.lines,
        "revenue": found.revenue_cents / 100,
        "returns": found.returns_cents / 100,
        "avg_basket": found.avg_basket_cents / 100,
        "customers": found.customers,
        "products": found.products,
        "days_open": found.days_open,
        "first_day": found.first_day,
        "last_day": found.last_day,
    }
    if found.first_day is None or found.last_day is None:
        options.show(values, _("Todavía no hay ventas. Importa un archivo: colmado import ARCHIVO"))
        return
    words = [
        _("Del {first} al {last}, {days} días con ventas").format(
            first=text.long_date(found.first_day),
            last=text.long_date(found.last_day),
            days=text.number(found.days_open),
        ),
        _("Vendido: {money}  ·  devuelto: {returned}").format(
            money=text.money(found.revenue_cents), returned=text.money(found.returns_cents)
        ),
        _("Compras: {receipts}  ·  promedio: {basket}").format(
            receipts=text.number(found.receipts), basket=text.money(found.avg_basket_cents)
        ),
        _("Productos: {products}  ·  clientes conocidos: {customers}").format(
            products=text.number(found.products), customers=text.number(found.customers)
        ),
    ]
    options.show(values, "\n".join(words))


@main.command()
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Archivo .csv.")
@_common
def features(options: Options, out: Path) -> None:
    """Guarda los rasgos de cada compra en un archivo CSV."""
    with options.shop() as shop:
        rows = shop.write_features(out, options.as_of)
    options.show(
        {"file": str(out), "rows": rows},
        _("{rows} compras guardadas en {file}.").format(rows=text.number(rows), file=out),
    )


@main.command()
@click.argument("names", nargs=-1)
@click.option("--file", "source", type=click.Path(path_type=Path), help="CSV con nombres de productos.")
@click.option("--column", help="Columna de los nombres; la primera si no se dice.")
@_common
def categorize(options: Options, names: tuple[str, ...], source: Path | None, column: str | None) -> None:
    """Dice la categoría de nombres de productos; sin nombres, los del colmado."""
    with options.shop() as shop:
        found = shop.categorize(names, source, column)
    values = [
        {
            "name": name,
            "category": guess.category,
            "source": guess.source,
            "confidence": round(guess.confidence, 3),
        }
        for name, guess in found
    ]
    words = "\n".join(
        f"{name}: {text.category_name(guess.category)} · {text.category_source(guess.source, guess.confidence)}"
        for name, guess in found
    )
    options.show(values, words or _("No hay productos todavía."))


@main.command()
@click.option("--performance", is_flag=True, help="También cómo va cada segmento y qué hacer con él.")
@click.option("--migration", is_flag=True, help="También qué fue de los segmentos aprendidos de antes.")
@click.option("--sale", metavar="RECIBO", help="Solo en qué segmentos cae la compra de ese recibo.")
@_common
def segments(options: Options, performance: bool, migration: bool, sale: str | None) -> None:
    """Quién compra: los doce segmentos por regla y los que se ven solos en las compras."""
    if sale is not None:
        _show_sale_segments(options, sale)
        return
    with options.shop() as shop:
        found = shop.compute_segments(options.as_of, options.progress())
        if isinstance(found, NotEnough):
            nothing: dict[str, Any] = {
                "segments": [],
                "unassigned": {},
                "learned": None,
                "not_enough": _not_enough(found),
            }
            options.show(nothing, _missing(found))
            return
        learned = shop.compute_learned(options.as_of, options.progress())
        done = shop.compute_performance(options.as_of, options.progress()) if performance else ()
        moved = shop.read_migration(options.as_of, options.progress()) if migration else None
    own = learned.segments if isinstance(learned, LearnedSegments) else ()
    by_id = {one.segment_id: one for one in done}
    values: dict[str, Any] = {
        "segments": [
            _segment_values(segment, part, by_id.get(segment.segment_id))
            for part in (found, learned)
            if not isinstance(part, NotEnough)
            for segment in part.segments
        ],
        "unassigned": {str(kind): round(share, 6) for kind, share in found.unassigned.items()},
        "receipts": found.receipts,
        "first_day": found.first_day,
        "until": found.until,
        "learned": _learned_values(learned),
    }
    titles = {segment.segment_id: text.segment_title(segment) for segment in (*found.segments, *own)}
    words = [*_segment_table(found), *_learned_words(learned)]
    if performance:
        values["performance"] = [_performance_values(one) for one in done]
        words += [""]
        words += [f"{titles[one.segment_id]}: {describe_strategy(one)}" for one in done]
    if moved is not None:
        values["migration"] = _migration_values(moved)
        words += ["", *_migration_words(moved)]
    options.show(values, "\n".join(words))


def _show_sale_segments(options: Options, number: str) -> None:
    """The segments of the sales with that receipt number."""
    with options.shop() as shop:
        found = [(sale_id, shop.find_sale_segments(sale_id)) for sale_id in shop.find_receipts(number)]
        learned = shop.compute_learned(options.as_of, options.progress()) if found else None
    own = learned.segments if isinstance(learned, LearnedSegments) else ()
    titles = {segment.segment_id: text.segment_title(segment) for segment in own}
    names = [[titles.get(one) or text.segment_name(one) for one in ids] for _sale, ids in found]
    values = [
        {"sale_id": sale_id, "segments": list(ids), "names": called}
        for (sale_id, ids), called in zip(found, names, strict=True)
    ]
    words = "\n".join(", ".join(called) or _("En ningún segmento") for called in names)
    options.show({"sales": values}, words or _("No hay ningún recibo {number}.").format(number=number))


def _learned_values(learned: LearnedSegments | NotEnough) -> dict[str, Any]:
    """How firm the learned segments are."""
    if isinstance(learned, NotEnough):
        return {"k": 0, "not_enough": _not_enough(learned)}
    names = (
        "silhouette",
        "shuffled_silhouette",
        "stability",
        "seed_stability",
        "agreement",
        "one_item_share",
    )
    measures = {name: getattr(learned, name) for name in names}
    return {
        "k": len(learned.segments),
        **{name: None if value is None else round(value, 4) for name, value in measures.items()},
        "receipts": learned.receipts,
        "first_day": learned.first_day,
        "until": learned.until,
        "trials": [
            {"k": trial.k, "inertia": round(trial.inertia, 4), "silhouette": round(trial.silhouette, 4)}
            | {"stability": None if trial.stability is None else round(trial.stability, 4)}
            for trial in learned.trials
        ],
        "reasons": [text.sentence(reason) for reason in learned.reasons],
    }


def _learned_words(learned: LearnedSegments | NotEnough) -> Iterator[str]:
    yield f"\n{text.segment_type_name(SegmentType.LEARNED)}"
    if isinstance(learned, NotEnough):
        yield f"  {_missing(learned)}"
        return
    titles = [text.segment_title(segment) for segment in learned.segments]
    width = max(20, *(len(title) + 2 for title in titles))
    for title, segment in zip(titles, learned.segments, strict=True):
        yield (
            f"  {title:<{width}}{text.percent(segment.share):>6}"
            f"{text.number(segment.transaction_count):>8}{text.money(segment.avg_basket_cents):>12}"
        )
    yield from (f"  {text.sentence(reason)}" for reason in learned.reasons)


def _performance_values(one: SegmentPerformance) -> dict[str, Any]:
    return {
        "segment_id": one.segment_id,
        "type": one.type,
        "revenue_share": round(one.revenue_share, 6),
        "revenue_growth": one.revenue_growth,
        "receipts_growth": one.receipts_growth,
        "is_beyond_noise": one.is_beyond_noise,
        "strategy": one.strategy.code,
        "words": text.sentence(one.strategy),
        "why": [text.sentence(reason) for reason in one.why],
        "weeks": [
            {"week": week.week, "receipts": week.receipts, "revenue": week.revenue_cents / 100}
            | {"open_days": week.open_days}
            for week in one.weeks
        ],
    }


def _migration_values(moved: Migration | NotEnough) -> dict[str, Any]:
    if isinstance(moved, NotEnough):
        return {"flows": [], "not_enough": _not_enough(moved)}
    return {
        "before": moved.before,
        "until": moved.until,
        "stayed": round(moved.stayed, 6),
        "flows": [{"from": f.source, "to": f.target, "receipts": f.receipts} for f in moved.flows],
        "names": {key: None if name is None else text.sentence(name) for key, name in moved.names},
    }


def _migration_words(moved: Migration | NotEnough) -> Iterator[str]:
    if isinstance(moved, NotEnough):
        yield _missing(moved)
        return
    yield _("Del {before} al {until}, {share} de las compras sigue en el mismo segmento.").format(
        before=text.short_date(moved.before),
        until=text.short_date(moved.until),
        share=text.percent(moved.stayed),
    )
    names = {key: key if name is None else text.sentence(name) for key, name in moved.names}
    for flow in moved.flows:
        if flow.source != flow.target:
            yield f"  {names[flow.source]} → {names[flow.target]}: {text.number(flow.receipts)}"


def _segment_values(
    segment: Segment, segments: Segments | LearnedSegments, performance: SegmentPerformance | None
) -> dict[str, Any]:
    persona = describe_segment(segment, performance)
    return {
        "segment_id": segment.segment_id,
        "name": text.segment_title(segment),
        "type": segment.type,
        "transaction_count": segment.transaction_count,
        "share": round(segment.share, 6),
        "avg_basket_value": segment.avg_basket_cents / 100,
        "avg_items_per_basket": round(segment.avg_items_per_basket, 3),
        "peak_hours": list(segment.peak_hours),
        "peak_days": list(segment.peak_days),
        "confidence_score": segment.confidence_score,
        "top_categories": [{"category": c, "share": round(s, 4)} for c, s in segment.top_categories],
        "payment_preferences": {str(p): round(s, 4) for p, s in segment.payment_preferences},
        "frequency_pattern": segment.frequency_pattern,
        "growth": segment.growth,
        "persona_description": persona.description,
        "marketing_recommendations": list(persona.marketing),
        "operational_insights": list(persona.operations),
        "last_updated": segments.until,
    }


def _segment_table(found: Segments) -> Iterator[str]:
    yield _("{receipts} compras, del {first} al {until}").format(
        receipts=text.number(found.receipts),
        first=text.short_date(found.first_day),
        until=text.short_date(found.until),
    )
    for kind, rest in found.unassigned.items():
        yield f"\n{text.segment_type_name(kind)}"
        for segment in found.segments:
            if segment.type is kind:
                yield (
                    f"  {text.segment_title(segment):<20}{text.percent(segment.share):>6}"
                    f"{text.number(segment.transaction_count):>8}{text.money(segment.avg_basket_cents):>12}"
                )
        yield f"  {_('En ningún segmento'):<20}{text.percent(rest):>6}"


@main.command()
@click.option(
    "--target",
    type=click.Choice([str(t) for t in Target]),
    help="Ventas, compras o unidades; si no se dice, ventas, y unidades de un producto.",
)
@click.option("--product", help="De un producto: su número o su nombre.")
@click.option("--category", help="De una categoría: su código o su nombre.")
@click.option(
    "--by", type=click.Choice(["day", "hour"]), default="day", show_default=True, help="Día u hora."
)
@click.option(
    "--horizon", type=click.IntRange(1, 28), default=14, show_default=True, help="Días por delante."
)
@click.option("--track", is_flag=True, help="Cómo salieron los pronósticos guardados.")
@_common
def forecast(
    options: Options,
    target: str | None,
    product: str | None,
    category: str | None,
    by: str,
    horizon: int,
    track: bool,
) -> None:
    """Qué se venderá en los próximos días, del colmado, de una categoría o de un producto."""
    asked = Target(target or ("revenue" if product is None else "units"))
    _refuse_odd_forecast(asked, product, category, by)
    if by == "hour" and track:
        raise click.UsageError(_("Por hora no se guardan pronósticos: pide --track sin --by hour."))
    with options.shop() as shop:
        if by == "hour":
            _show_hours(options, shop.compute_hours(asked, horizon, options.as_of, options.progress()))
            return
        subject = Subject(
            asked,
            category=None if category is None else _category(category),
            product_id=None if product is None else shop.find_product(product),
        )
        if track:
            _show_track(options, shop.read_track(subject, options.as_of))
            return
        _show_forecast(options, shop.compute_forecast(subject, horizon, options.as_of, options.progress()))


def _refuse_odd_forecast(target: Target, product: str | None, category: str | None, by: str) -> None:
    """Say what does not go together."""
    is_part = product is not None or category is not None
    if product is not None and category is not None:
        raise click.UsageError(_("Di un producto o una categoría, no los dos."))
    if by == "hour" and (is_part or target is Target.UNITS):
        raise click.UsageError(_("Por hora solo hay ventas y compras de todo el colmado."))
    if target is Target.UNITS and not is_part:
        raise click.UsageError(
            _("Las unidades son de un producto o de una categoría: dilo con --product o --category.")
        )
    if target is Target.RECEIPTS and is_part:
        raise click.UsageError(_("Las compras son de todo el colmado; de un producto hay unidades y ventas."))


def _category(words: str) -> Category:
    """The category of that code or name."""
    wanted = words.strip().casefold()
    for category in Category:
        if wanted in (str(category), text.category_name(category).casefold()):
            return category
    raise click.BadParameter(
        _("no hay categoría «{words}»; hay {codes}.").format(
            words=words, codes=", ".join(map(str, Category))
        ),
        param_hint="--category",
    )


_POINT = ("mean", "lo80", "hi80", "lo95", "hi95")


def _show_forecast(options: Options, found: Forecast | NotEnough) -> None:
    if isinstance(found, NotEnough):
        options.show({"model": None, "points": [], "not_enough": _not_enough(found)}, _missing(found))
        return
    scale = 100 if found.target is Target.REVENUE else 1
    drivers = [
        {
            "date": point.day,
            "causes": [
                {
                    "code": d.reason.code,
                    "words": text.sentence(d.reason),
                    "amount": round(d.amount / scale, 2),
                }
                for d in causes
            ],
        }
        for point, causes in zip(found.points, found.drivers, strict=False)
    ]
    values = {
        "target": found.target,
        "category": found.category,
        "product_id": found.product_id,
        "model": found.model,
        "until": found.until,
        "points": [{"date": point.day} | _point_values(point, scale) for point in found.points],
        "backtest": _backtest_values(found.backtest),
        "drivers": drivers,
        "candidates": [{"model": name, "wape": round(wape, 4)} for name, wape in found.candidates],
        "confidence": found.confidence,
        "reasons": [text.sentence(reason) for reason in found.reasons],
    }
    options.show(values, "\n".join(_forecast_words(found)))


def _show_hours(options: Options, found: HourForecast | NotEnough) -> None:
    if isinstance(found, NotEnough):
        options.show({"model": None, "points": [], "not_enough": _not_enough(found)}, _missing(found))
        return
    scale = 100 if found.target is Target.REVENUE else 1
    values = {
        "target": found.target,
        "model": found.model,
        "until": found.until,
        "points": [
            {"date": point.day, "hour": point.hour} | _point_values(point, scale) for point in found.points
        ],
        "backtest": _backtest_values(found.backtest),
        "drivers": [],
        "confidence": found.confidence,
        "reasons": [text.sentence(reason) for reason in found.reasons],
    }
    options.show(values, "\n".join(_hour_words(found)))


def _point_values(point: ForecastPoint | HourPoint, scale: int) -> dict[str, float]:
    return {name: round(getattr(point, name) / scale, 2) for name in _POINT}


def _backtest_values(score: Backtest | None) -> dict[str, float] | None:
    if score is None:
        return None
    names = ("wape", "naive_wape", "coverage80", "coverage95", "within15")
    return {name: round(getattr(score, name), 4) for name in names}


def _hour_words(found: HourForecast) -> Iterator[str]:
    write = text.money if found.target is Target.REVENUE else text.number
    for reason in found.reasons:
        yield text.sentence(reason)
    for point in found.points:
        yield _("{day}, {hour}: {mean}  (8 de cada 10 veces entre {low} y {high})").format(
            day=text.short_date(point.day),
            hour=text.hour_label(point.hour),
            mean=write(round(point.mean)),
            low=write(round(point.lo80)),
            high=write(round(point.hi80)),
        )


def _show_track(options: Options, found: ModelTrack | NotEnough) -> None:
    if isinstance(found, NotEnough):
        options.show({"model": None, "weeks": [], "not_enough": _not_enough(found)}, _missing(found))
        return
    weeks = [
        {
            "week": week.week,
            "wape": round(week.wape, 4),
            "naive_wape": round(week.naive_wape, 4),
            "bias": round(week.bias, 4),
            "coverage80": round(week.coverage80, 4),
            "days": week.days,
            "model": week.model,
            "is_kept": week.is_kept,
        }
        for week in found.weeks
    ]
    told = [*found.reasons, *((found.drift,) if found.drift else ())]
    values = {
        "target": found.target,
        "until": found.until,
        "model": found.model,
        "wape": round(found.wape, 4),
        "naive_wape": round(found.naive_wape, 4),
        "bias": round(found.bias, 4),
        "coverage80": round(found.coverage80, 4),
        "coverage95": round(found.coverage95, 4),
        "days": found.days,
        "weeks": weeks,
        "challengers": [{"model": name, "wape": round(wape, 4)} for name, wape in found.challengers],
        "changes": [{"from": day, "model": model} for day, model in found.changes],
        "drift": found.drift.code if found.drift and found.drift.code != "drift_none" else None,
        "reasons": [text.sentence(reason) for reason in told],
    }
    options.show(values, "\n".join(_track_words(found, told)))


def _track_words(found: ModelTrack, told: Sequence[Reason]) -> Iterator[str]:
    leaning = _("espera {share} de más") if found.bias > 0 else _("espera {share} de menos")
    yield _("Método: {model}. Error {wape}; repetir la semana pasada, {naive}; {leaning}.").format(
        model=text.model_name(found.model),
        wape=text.percent(found.wape),
        naive=text.percent(found.naive_wape),
        leaning=leaning.format(share=text.percent(abs(found.bias))),
    )
    for reason in told:
        yield text.sentence(reason)
    for week in found.weeks:
        yield _("Semana del {day}: error {wape}, {bias}  ({kind})").format(
            day=text.short_date(week.week),
            wape=text.percent(week.wape),
            bias=text.percent(week.bias, signed=True),
            kind=_("en su momento") if week.is_kept else _("de prueba"),
        )


def _forecast_words(found: Forecast) -> Iterator[str]:
    write = text.money if found.target is Target.REVENUE else text.number
    for reason in found.reasons:
        yield text.sentence(reason)
    for point in found.points:
        if not point.hi95:
            yield _("{day}: cerrado").format(day=text.short_date(point.day))
            continue
        yield _("{day}: {mean}  (8 de cada 10 veces entre {low} y {high})").format(
            day=text.short_date(point.day),
            mean=write(point.mean),
            low=write(point.lo80),
            high=write(point.hi80),
        )


@main.command()
@click.option(
    "--target",
    type=click.Choice([str(t) for t in SHOP_TARGETS]),
    default="revenue",
    show_default=True,
    help="Ventas o compras.",
)
@_common
def patterns(options: Options, target: str) -> None:
    """Los ritmos del colmado: horas de la semana, quincena, meses, feriados y tendencia."""
    wanted = Target(target)
    with options.shop() as shop:
        week = shop.compute_pattern(options.as_of)
        curve = shop.compute_pay_curve(wanted, options.as_of)
        seasons = shop.compute_seasons(wanted, options.as_of)
    values = {
        "target": target,
        "week": _not_enough_or(week, _week_values),
        "pay_curve": _not_enough_or(curve, _curve_values),
        "seasons": _not_enough_or(seasons, _season_values),
    }
    words = [*_week_words(week), "", *_curve_words(curve), "", *_season_words(seasons)]
    options.show(values, "\n".join(words))


def _not_enough_or(found: T | NotEnough, values: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    return {"not_enough": _not_enough(found)} if isinstance(found, NotEnough) else values(found)


def _week_values(week: HourPattern) -> dict[str, Any]:
    return {
        "receipts": [[round(mean, 3) for mean in row] for row in week.receipts],
        "revenue": [[round(mean / 100, 2) for mean in row] for row in week.revenue_cents],
        "open_days": list(week.open_days),
        "first_day": week.first_day,
        "until": week.until,
    }


def _curve_values(curve: PayCurve) -> dict[str, Any]:
    return {
        "points": [{"offset": offset} | _effect_values(effect) for offset, effect in curve.points],
        "first_day": curve.first_day,
        "until": curve.until,
        "reasons": [text.sentence(reason) for reason in curve.reasons],
    }


def _season_values(seasons: Seasons) -> dict[str, Any]:
    scale = 100 if seasons.target is Target.REVENUE else 1
    return {
        "weekdays": [_effect_values(effect) for effect in seasons.weekdays],
        "months": [{"month": month} | _effect_values(effect) for month, effect in seasons.months],
        "holidays": [{"id": name} | _effect_values(effect) for name, effect in seasons.holidays],
        "levels": [{"month": first, "mean": round(mean / scale, 2)} for first, mean in seasons.levels],
        "trend": None if seasons.trend is None else _effect_values(seasons.trend),
        "shifts": [{"day": day, "factor": round(factor, 3)} for day, factor in seasons.shifts],
        "first_day": seasons.first_day,
        "until": seasons.until,
        "reasons": [text.sentence(reason) for reason in seasons.reasons],
    }


def _effect_values(effect: Effect) -> dict[str, float]:
    return {name: round(getattr(effect, name), 4) for name in ("factor", "lo", "hi")} | {"days": effect.days}


def _week_words(week: HourPattern | NotEnough) -> Iterator[str]:
    """Mean receipts by weekday, the hours side by side."""
    if isinstance(week, NotEnough):
        yield _missing(week)
        return
    hours = [hour for hour in range(24) if any(row[hour] for row in week.receipts)]
    yield _("Compras por hora, del {first} al {until}").format(
        first=text.short_date(week.first_day), until=text.short_date(week.until)
    )
    yield f"{'':<12}" + "".join(f"{hour:>4}" for hour in hours)
    for weekday in (1, 2, 3, 4, 5, 6, 0):
        means = (f"{week.receipts[weekday][hour]:>4.0f}" for hour in hours)
        yield f"{text.weekday_name(weekday):<12}" + "".join(means)


def _curve_words(curve: PayCurve | NotEnough) -> Iterator[str]:
    if isinstance(curve, NotEnough):
        yield _missing(curve)
        return
    yield _("Alrededor del cobro, contra un día corriente")
    for reason in curve.reasons:
        yield f"  {text.sentence(reason)}"
    for offset, effect in curve.points:
        yield f"  {_offset_words(offset):<18}{_effect_words(effect)}"


def _offset_words(offset: int) -> str:
    if offset == 0:
        return _("día de cobro")
    if offset < 0:
        return ngettext("{n} día antes", "{n} días antes", -offset).format(n=-offset)
    return ngettext("{n} día después", "{n} días después", offset).format(n=offset)


def _season_words(seasons: Seasons | NotEnough) -> Iterator[str]:
    if isinstance(seasons, NotEnough):
        yield _missing(seasons)
        return
    for reason in seasons.reasons:
        yield text.sentence(reason)
    yield f"\n{_('Días de la semana')}"
    for weekday in (1, 2, 3, 4, 5, 6, 0):
        yield f"  {text.weekday_name(weekday):<24}{_effect_words(seasons.weekdays[weekday])}"
    if seasons.months:
        yield f"\n{_('Meses')}"
    for month, effect in seasons.months:
        yield f"  {text.month_name(month):<24}{_effect_words(effect)}"
    if seasons.holidays:
        yield f"\n{_('Feriados y fechas')}"
    for name, effect in seasons.holidays:
        yield f"  {text.occasion_name(name):<24}{_effect_words(effect)}"
    if seasons.trend is not None:
        yield f"\n{_('Tendencia en un año'):<26}{_effect_words(seasons.trend)}"
    for day, factor in seasons.shifts:
        yield _("Desde el {day} el nivel cambió: {change}").format(
            day=text.long_date(day), change=_signed(factor)
        )


def _effect_words(effect: Effect) -> str:
    if not effect.days:
        return _("cerrado")
    days = ngettext("{n} día", "{n} días", effect.days).format(n=text.number(effect.days))
    return _("{change}  (entre {low} y {high}, {days})").format(
        change=_signed(effect.factor), low=_signed(effect.lo), high=_signed(effect.hi), days=days
    )


def _signed(factor: float) -> str:
    return f"{'+' if factor >= 1 else '−'}{text.percent(abs(factor - 1))}"


@main.command()
@click.option("--at", help="Momento a repetir (AAAA-MM-DDTHH:MM); ahora si no se dice.")
@click.option("--why", is_flag=True, help="Decir también los números que hay detrás.")
@click.option("--snooze", metavar="TIPO[:ASUNTO]", help="Callar un aviso, o todos los de un tipo.")
@click.option(
    "--for", "how_long", type=click.Choice(SLEEPS), default="1h", show_default=True, help="Cuánto tiempo."
)
@click.option("--wake", metavar="TIPO[:ASUNTO]", help="Dejar que un aviso callado vuelva a sonar.")
@_common
def live(
    options: Options, at: str | None, why: bool, snooze: str | None, how_long: str, wake: str | None
) -> None:
    """Los avisos de este momento, o de uno pasado; los callados no se dicen."""
    now = options.moment if at is None else _moment(at)
    asked, woken = _live_key(snooze), _live_key(wake)
    with options.shop() as shop:
        if asked:
            shop.snooze_insight(*asked, sleep_until(how_long, now), now)
        if woken:
            shop.wake_insight(*woken)
        found = shop.read_live(now, is_replay=at is not None or options.as_of is not None)
        snoozes = [one for one in shop.read_snoozes(now) if one.until <= now + LONGEST_SLEEP]
    awake = [
        insight
        for insight in found
        if not any(one.silences(insight.type, insight.subject, now) for one in snoozes)
    ]
    values = {
        "at": now.isoformat(),
        "insights": [_insight_values(insight) for insight in awake],
        "snoozes": [
            {"type": one.type, "subject": one.subject, "until": one.until.isoformat()} for one in snoozes
        ],
    }
    words = [line for insight in awake for line in _insight_lines(insight, why=why)]
    words = words or [_("Nada fuera de lo normal ahora.")]
    options.show(values, "\n".join([*words, *map(_snooze_words, snoozes)]))


def _live_key(words: str | None) -> tuple[str, str] | None:
    """TYPE or TYPE:SUBJECT; the clock cannot be silenced, for while it is wrong nothing else is said."""
    if words is None:
        return None
    kind, _colon, subject = words.partition(":")
    kinds = [str(known) for known in LiveType if known is not LiveType.CLOCK]
    if kind not in kinds:
        raise click.BadParameter(
            _("«{value}» no es un tipo de aviso; hay {kinds}.").format(value=kind, kinds=", ".join(kinds))
        )
    return kind, subject


def _insight_values(insight: LiveInsight) -> dict[str, Any]:
    return {
        "type": insight.type,
        "subject": insight.subject,
        "message": text.sentence(insight.message),
        "confidence": insight.confidence,
        "actions": [text.action_sentence(code) for code in insight.actions],
        "why": [text.sentence(reason) for reason in insight.why],
        "numbers": [
            {"code": reason.code} | dict(reason.values) for reason in (insight.message, *insight.why)
        ],
        "created_at": insight.created_at.isoformat(),
        "expires_at": insight.expires_at.isoformat(),
    }


def _insight_lines(insight: LiveInsight, *, why: bool) -> Iterator[str]:
    todo = (text.action_sentence(code) for code in insight.actions)
    yield " ".join([text.sentence(insight.message), *todo])
    if why:
        told = [text.sentence(reason) for reason in insight.why]
        until = text.fluent(_("Vale hasta las {time}").format(time=text.clock(insight.expires_at)))
        yield from (f"  {line}" for line in [*told, f"{text.confidence_words(insight.confidence)}.", until])


def _snooze_words(snooze: Snooze) -> str:
    return _("Callado hasta el {day}, {time}: {what}").format(
        day=text.short_date(snooze.until.date()),
        time=text.clock(snooze.until),
        what=text.live_name(snooze.type, snooze.subject),
    )


# ── what goes out, and care ──


@main.command()
@click.argument("kind", type=click.Choice(["day", "daily", "segments"]))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Archivo .xlsx o .pdf.")
@_common
def report(options: Options, kind: str, out: Path | None) -> None:
    """Escribe un reporte en Excel o PDF."""
    kind = "day" if kind == "daily" else kind
    path = out or config.reports_folder() / f"{kind}-{options.moment:%Y-%m-%d}.xlsx"
    with options.shop() as shop:
        written, sections = shop.write_report(kind, path, options.moment, options.progress())
    options.show(
        {"file": str(written), "sections": list(sections)},
        _("Reporte guardado en {file}.").format(file=written),
    )


@main.command()
@_common
def backup(options: Options) -> None:
    """Hace una copia de respaldo comprobada."""
    with options.shop() as shop:
        path = shop.write_backup()
    options.show(
        {"file": str(path), "ok": True, "problems": []}, _("Copia guardada en {file}.").format(file=path)
    )


@main.command()
@_common
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


def _not_enough(found: NotEnough) -> dict[str, Any]:
    return {"needed": found.needed, "have": found.have, "unit": found.unit}


def _missing(found: NotEnough) -> str:
    return _("Hace falta: {needed}. Hay {have}. Importa más ventas.").format(
        needed=text.data_amount(found.needed, found.unit), have=text.number(found.have)
    )


if __name__ == "__main__":
    main()
