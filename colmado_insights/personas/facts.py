"""What may be said to Grok: rough figures and words of ours, never anything that a till or a person wrote.

Categories, segments and days go by this program's own words; products, people, tills, files and receipt numbers
do not go at all, and neither does the id of what is asked about: the answer is filed under it here. Figures are
rounded (`rough`), so that a single purchase cannot be told from them and the same shop asks the same tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from colmado_insights import insights, text
from colmado_insights.analytics.results import (
    CustomerProfile,
    DecisionStyle,
    LearnedSegments,
    Normal,
    NotEnough,
    Segment,
    SegmentPerformance,
    Segments,
    Verdict,
)
from colmado_insights.analytics.segments import SEGMENT_IDS
from colmado_insights.config import Settings
from colmado_insights.domain import CATEGORY_CODE, NO_HOUR, Category, Consent, Payment, Topic
from colmado_insights.insights import CustomerView, SampleBasket, ShopWeek, SpecialDay
from colmado_insights.personas.persona import Question
from colmado_insights.personas.rough import HUNDREDTH, rough, rough_money, rough_share, round_share
from colmado_insights.personas.rules import PAYDAY, House, describe_customer, describe_segment, describe_week
from colmado_insights.personas.wording import in_language
from colmado_insights.progress import Progress
from colmado_insights.storage.database import Database

FEWEST_RECEIPTS = 10
"""Of a smaller segment nothing leaves: its figures would be those of a few people."""
FEWEST_VISITS = 5
_LEAST_SHARE = 0.045
_PAYDAY_SHARE = 0.30  # those days are a fifth of the month
_LATE, _VERY_LATE = 1.5, 3.0
_MOST_CATEGORIES = 4
_UNSAID = (Category.OTHER, Category.RECHARGES)
_NOT_OF_ONE = (Category.ALCOHOL, Category.TOBACCO, *_UNSAID)
"""Of one person neither is told what they drink and smoke: nobody should be talked into more of it."""


# ── segments ──


def segment_question(
    database: Database, settings: Settings, segment_id: str, as_of: date | None = None
) -> Question | NotEnough:
    """What to ask about one segment, by rule or learned; NotEnough of one with under ten receipts or unknown."""
    return segment_questions(database, settings, (segment_id,), as_of)[segment_id]


def segment_questions(
    database: Database,
    settings: Settings,
    segment_ids: Sequence[str],
    as_of: date | None = None,
    progress: Progress | None = None,
) -> dict[str, Question | NotEnough]:
    """The same of several segments, by their ids: what they share is read once."""
    rules = insights.find_segments(database, settings, as_of, progress)
    if isinstance(rules, NotEnough):
        return dict.fromkeys(segment_ids, rules)
    until = insights.read_whole_until(database, as_of) or rules.until
    learned: LearnedSegments | NotEnough | None = None
    if not set(segment_ids) <= set(SEGMENT_IDS):
        learned = insights.find_learned(database, settings, until, progress)
    found = {each: _find(each, rules if each in SEGMENT_IDS else learned) for each in segment_ids}
    told = [each for each, segment in found.items() if isinstance(segment, Segment)]
    performances = insights.find_performance(database, settings, until, progress) if told else ()
    performance_of = {one.segment_id: one for one in performances}
    house = House.of(rules, settings, performances)
    own = learned if isinstance(learned, LearnedSegments) else None
    samples = insights.find_samples(database, settings, told, until, own) if told else {}

    def ask(segment: Segment) -> Question:
        name, performance = segment.segment_id, performance_of.get(segment.segment_id)
        said = _segment_facts(segment, performance, house, samples[name], settings)
        by_rules = describe_segment(segment, performance, house)
        return Question(Topic.SEGMENT, name, text.language(), in_language(said), by_rules)

    return {each: ask(one) if isinstance(one, Segment) else one for each, one in found.items()}


def _find(segment_id: str, part: Segments | LearnedSegments | NotEnough | None) -> Segment | NotEnough:
    """The segment, when there is enough to say of it."""
    if part is None or isinstance(part, NotEnough):
        return part or NotEnough(FEWEST_RECEIPTS, 0, "receipts")
    segment = next((one for one in part.segments if one.segment_id == segment_id), None)
    have = segment.transaction_count if segment else 0
    if segment is None or have < FEWEST_RECEIPTS:
        return NotEnough(FEWEST_RECEIPTS, have, "receipts", part.until)
    return segment


def _segment_facts(
    segment: Segment,
    performance: SegmentPerformance | None,
    house: House,
    samples: Sequence[SampleBasket],
    settings: Settings,
) -> dict[str, Any]:
    growth = performance.receipts_growth if performance and performance.is_beyond_noise else None
    return _said(
        segmento=text.segment_title(segment),
        regla=segment.segment_id if segment.segment_id in SEGMENT_IDS else None,
        parte_de_compras=rough_share(segment.share),
        parte_del_ingreso=rough_share(segment.revenue_cents / max(house.revenue_cents, 1)),
        gasto_por_compra=rough_money(segment.avg_basket_cents),
        gasto_del_colmado=rough_money(house.avg_basket_cents),
        productos_por_compra=_halves(segment.avg_items_per_basket),
        vienen=segment.frequency_pattern,
        dias_fuertes=_weekdays(segment.peak_days),
        horas_fuertes=_hours(segment.peak_hours),
        categorias_de_su_gasto=_shares(segment.top_categories),
        fiado=_share_worth_saying(dict(segment.payment_preferences).get(Payment.CREDIT, 0.0)),
        llevan_junto=_pair(segment),
        cambio=None if growth is None else _change(growth),
        dias_de_pago=list(settings.pay_days),
        fechas_que_vienen=_special(each for each in house.ahead if each.what != PAYDAY),
        muestras_hora_total_productos_categorias=[_sample(basket) for basket in samples],
    )


def _sample(basket: SampleBasket) -> list[Any]:
    """In the order that the name of the fact tells."""
    return [
        text.hour_label(basket.hour) if basket.hour != NO_HOUR else "–",
        rough_money(basket.total_cents),
        basket.lines,
        *(text.category_name(category) for category in basket.categories),
    ]


def _pair(segment: Segment) -> dict[str, Any] | None:
    """What of ten who take the first also take the second."""
    if segment.usual_pair is None:
        return None
    first, second, share = segment.usual_pair
    return {
        "de_cada_10_con": text.category_name(first),
        "llevan": text.category_name(second),
        "cuantos": max(round(10 * share), 1),
    }


# ── one customer ──


def customer_question(
    database: Database,
    settings: Settings,
    customer_id: int,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> Question | NotEnough:
    """What to ask about one customer; NotEnough (`consent`) of who said no, or with under five visits.

    Raises
    ------
    UnknownCustomer
        There is none of that id.
    """
    view = insights.find_customer_view(database, settings, customer_id, as_of, progress)
    profile = view.profile
    if view.customer.consent is Consent.NO:
        return NotEnough(needed=1, have=0, unit="consent")
    if isinstance(profile, NotEnough):
        return profile
    if profile.receipts < FEWEST_VISITS:
        return NotEnough(FEWEST_VISITS, profile.receipts, "receipts", profile.until)
    return Question(
        Topic.CUSTOMER,
        str(customer_id),
        text.language(),
        in_language(_customer_facts(view, profile)),
        describe_customer(view),
    )


def _customer_facts(view: CustomerView, profile: CustomerProfile) -> dict[str, Any]:
    outlook = view.outlook
    mine = [(each, share) for each, share in profile.categories if each not in _NOT_OF_ONE]
    payday_share = dict(profile.pay_phases).get("payday", 0.0)
    return _said(
        grupo=text.customer_segment_name(outlook.rfm.segment) if outlook else None,
        riesgo_de_no_volver=text.risk_name(outlook.churn.level) if outlook and outlook.churn else None,
        viene_cada_cuantos_dias=rough(profile.rhythm_days) if profile.rhythm_days else None,
        ahora=_lateness(outlook.rfm.lateness) if outlook else None,
        conocido_hace_meses=rough(((profile.until - profile.first_day).days // 30), 0.25),
        gasto_por_compra=rough_money(profile.avg_basket_cents),
        productos_por_compra=_halves(profile.avg_lines),
        dias_habituales=_weekdays(profile.preferred_weekdays),
        horas_habituales=_hours(profile.preferred_hours),
        categorias_de_su_gasto=_shares(mine),
        compra_en_dias_de_pago=rough_share(payday_share) if payday_share >= _PAYDAY_SHARE else None,
        fiado=_share_worth_saying(profile.credit_share),
        manera_de_escoger=(
            text.decision_style_name(profile.style) if profile.style is not DecisionStyle.UNKNOWN else None
        ),
    )


def _lateness(lateness: float) -> str:
    """How long they have stayed away, in their own rhythm."""
    if lateness < _LATE:
        return "viene a su ritmo de siempre"
    return "tarda más de lo suyo" if lateness < _VERY_LATE else "hace mucho que no viene"


# ── the week ──


def week_question(
    database: Database, settings: Settings, as_of: date | None = None, progress: Progress | None = None
) -> Question | NotEnough:
    """What to ask about the last whole week of the shop, and the one after it."""
    week = insights.find_week(database, settings, as_of, progress)
    if isinstance(week, NotEnough):
        return week
    if week.receipts < FEWEST_RECEIPTS:
        return NotEnough(FEWEST_RECEIPTS, week.receipts, "receipts", week.last)
    return Question(
        Topic.WEEK, "", text.language(), in_language(_week_facts(week, settings)), describe_week(week)
    )


def _week_facts(week: ShopWeek, settings: Settings) -> dict[str, Any]:
    normal = week.normal
    moved = [each for each in week.categories if each.change is not None]
    top = [(each.category, each.share) for each in week.categories]
    return _said(
        semana=[_day(week.first), _day(week.last)],
        ingreso=rough_money(week.revenue_cents, HUNDREDTH),
        ingreso_contra_lo_normal=_against(week.revenue_cents, normal.revenue if normal else None),
        compras=rough(week.receipts, HUNDREDTH),
        compras_contra_lo_normal=_against(week.receipts, normal.receipts if normal else None),
        gasto_por_compra=rough_money(week.avg_basket_cents, HUNDREDTH),
        gasto_por_compra_contra_lo_normal=_against(week.avg_basket_cents, normal.basket if normal else None),
        dias_abiertos=week.open_days,
        categorias_del_ingreso=_shares(top),
        categorias_que_cambiaron={
            text.category_name(each.category): _change(each.change or 0.0) for each in moved
        },
        fechas=_special(week.special),
        fechas_de_la_semana_que_sigue=_special(week.next_special),
        ingreso_esperado_la_semana_que_sigue=(
            rough_money(week.forecast_cents, HUNDREDTH) if week.forecast_cents else None
        ),
        dias_de_pago=list(settings.pay_days),
    )


def _against(value: float, normal: Normal | None) -> str | dict[str, str] | None:
    """Como siempre, or by how much it was more or less."""
    if normal is None or normal.verdict is Verdict.UNKNOWN or normal.mean <= 0:
        return None
    return "como siempre" if normal.verdict is Verdict.AS_USUAL else _change(value / normal.mean - 1)


def _special(days: Iterable[SpecialDay]) -> list[list[str]]:
    return [
        [_day(each.day), "día de pago" if each.what == PAYDAY else text.occasion_name(each.what)]
        for each in days
    ]


# ── figures and words ──


def _said(**facts: Any) -> dict[str, Any]:
    """The facts that there are."""
    return {name: value for name, value in facts.items() if value not in (None, [], {}, "")}


def _halves(value: float) -> float:
    return round(2 * value) / 2


def _weekdays(days: Iterable[int]) -> list[str]:
    """From Monday on."""
    return [text.weekday_name(day) for day in sorted(days, key=lambda day: (day + 6) % 7)]


def _hours(hours: Iterable[int]) -> list[str]:
    return [text.hour_label(hour) for hour in sorted(hours)]


def _shares(shares: Iterable[tuple[Category, float]]) -> Mapping[str, str]:
    """The largest categories with their rough shares; of two as large, always the same first."""
    told = [(each, round_share(share)) for each, share in shares if each not in _UNSAID]
    told = sorted((one for one in told if one[1]), key=lambda one: (-one[1], CATEGORY_CODE[one[0]]))
    return {text.category_name(each): text.percent(share) for each, share in told[:_MOST_CATEGORIES]}


def _share_worth_saying(share: float) -> str | None:
    return rough_share(share) if share >= _LEAST_SHARE else None


def _change(share: float) -> dict[str, str]:
    """So much more or less than before."""
    return {"sube" if share > 0 else "baja": rough_share(abs(share))}


def _day(day: date) -> str:
    """Lunes 9 de noviembre."""
    return text.long_date(day).removesuffix(f"{day.year}").removesuffix(" de ").rstrip()
