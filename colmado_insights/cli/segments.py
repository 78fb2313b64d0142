"""Who buys: segments by rule and learned ones, how they do and where they went."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from colmado_insights import text
from colmado_insights.analytics.results import (
    LearnedSegments,
    Migration,
    NotEnough,
    Segment,
    SegmentPerformance,
    Segments,
    SegmentType,
)
from colmado_insights.cli.answers import not_enough_values, not_enough_words
from colmado_insights.cli.group import main
from colmado_insights.cli.help import option
from colmado_insights.cli.options import Options, common
from colmado_insights.personas import House, describe_segment, describe_strategy
from colmado_insights.text import _


@main.command(example="colmado segments --performance")
@option("--performance", is_flag=True, help="También cómo va cada segmento y qué hacer con él.")
@option("--migration", is_flag=True, help="También qué fue de los segmentos aprendidos de antes.")
@option(
    "--sale",
    metavar="RECIBO",
    never_with=("performance", "migration"),
    help="Solo en qué segmentos cae la compra de ese recibo.",
)
@common
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
                "not_enough": not_enough_values(found),
            }
            options.show(nothing, not_enough_words(found))
            return
        learned = shop.compute_learned(options.as_of, options.progress())
        done = shop.compute_performance(options.as_of, options.progress()) if performance else ()
        moved = shop.read_migration(options.as_of, options.progress()) if migration else None
        house = House.of(found, shop.settings, done)
    own = learned.segments if isinstance(learned, LearnedSegments) else ()
    by_id = {one.segment_id: one for one in done}
    values: dict[str, Any] = {
        "segments": [
            _segment_values(segment, part, by_id.get(segment.segment_id), house)
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
        return {"k": 0, "not_enough": not_enough_values(learned)}
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
        yield f"  {not_enough_words(learned)}"
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
        return {"flows": [], "not_enough": not_enough_values(moved)}
    return {
        "before": moved.before,
        "until": moved.until,
        "stayed": round(moved.stayed, 6),
        "flows": [{"from": f.source, "to": f.target, "receipts": f.receipts} for f in moved.flows],
        "names": {key: None if name is None else text.sentence(name) for key, name in moved.names},
    }


def _migration_words(moved: Migration | NotEnough) -> Iterator[str]:
    if isinstance(moved, NotEnough):
        yield not_enough_words(moved)
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
    segment: Segment,
    segments: Segments | LearnedSegments,
    performance: SegmentPerformance | None,
    house: House,
) -> dict[str, Any]:
    persona = describe_segment(segment, performance, house)
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
