"""What is said of what goes together in a few words: how often, how sure, when, and what offering it brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from colmado_insights import text
from colmado_insights.analytics.results import Bundle, ProductPair, ProductTrend, SeasonalProduct
from colmado_insights.text import _, ngettext

CLEAR = 10.0
"""From so many times what chance makes on, a decimal says nothing more."""


def name_of(names: Mapping[int, str], product_id: int) -> str:
    """What a product is called."""
    return names.get(product_id, "–")


def tenths_words(share: float) -> str:
    """4 de cada 10; below one in ten as a share."""
    tenths = round(share * 10)
    return _("{n} de cada 10").format(n=tenths) if 0 < tenths < 10 else text.percent(share)


def times_words(times: float) -> str:
    """33 veces, 4.2 veces."""
    return _("{n} veces").format(n=text.number(times, 0 if times >= CLEAR else 1))


def check_words(pair: ProductPair) -> str:
    """Whether it went on in the purchases that had no say."""
    if pair.held_out_lift is None:
        return _("sin probar")
    return _("▲ se repitió") if pair.held_out_lift > 1 else _("▼ no se repitió")


def check_ink(pair: ProductPair) -> str:
    """The ink of that, as a palette token."""
    if pair.held_out_lift is None:
        return "soft"
    return "good" if pair.held_out_lift > 1 else "bad"


def hours_words(hours: Iterable[int]) -> str:
    """6 p. m. a 9 p. m.: stretches of hours, each from its beginning to its end."""
    runs: list[list[int]] = []
    for hour in sorted(hours):
        if runs and runs[-1][1] == hour:
            runs[-1][1] = hour + 1
        else:
            runs.append([hour, hour + 1])
    return text.join_words([_stretch_words(first, last % 24) for first, last in runs])


def _stretch_words(first: int, last: int) -> str:
    """5 a 8 p. m., 11 a. m. a 2 p. m.: the half of the day is said once."""
    begins, ends = text.hour_label(first), text.hour_label(last)
    clock, _blank, half = begins.partition(" ")
    return _("{first} a {last}").format(first=clock if ends.endswith(half) else begins, last=ends)


def when_words(pair: ProductPair) -> str:
    """The hours and the part of the fortnight that stand out; any time where none does."""
    phases = {
        "before": _("antes de cobrar"),
        "payday": _("días de cobro"),
        "middle": _("entre cobros"),
    }
    parts = [hours_words(pair.hours), phases.get(pair.pay_phase, "")]
    return ", ".join(filter(None, parts)) or _("a cualquier hora")


def pair_why(pair: ProductPair, names: Mapping[int, str]) -> str:
    """How often, against chance, and how it went on, in sentences."""
    first, second = name_of(names, pair.first_id), name_of(names, pair.second_id)
    said = [
        _("{share} de los que llevan {first} llevan también {second}: {n} de {all} compras.").format(
            share=tenths_words(pair.confidence), first=first, second=second,
            n=text.number(pair.receipts), all=text.number(pair.first_receipts),
        ),
        _("Es {times} lo que daría el azar; seguro, al menos {least}.").format(
            times=times_words(pair.lift), least=times_words(pair.lift_lo)
        ),
    ]  # fmt: skip
    if pair.held_out_lift is not None:
        said.append(
            _("En las compras de después, que no se miraron, fue {times}.").format(
                times=times_words(pair.held_out_lift)
            )
        )
    if pair.hours or pair.pay_phase:
        said.append(_("Más que nada {when}.").format(when=when_words(pair)))
    if pair.gain_cents >= 100:
        said.append(
            _("Ofrecerlo deja unos {money} al mes de ganancia.").format(money=text.money(pair.gain_cents))
        )
    return " ".join(said)


def bundle_gain(bundle: Bundle) -> tuple[int, bool]:
    """What it brings in a month, and whether that is profit (where every cost is known) or revenue."""
    if bundle.expected_profit_cents is None:
        return bundle.expected_revenue_cents, False
    return bundle.expected_profit_cents, True


def trend_mark(trend: ProductTrend) -> str:
    """▲ 30 % or ▼ 47 %."""
    return f"{'▲' if trend.growth > 0 else '▼'} {text.percent(abs(trend.growth))}"


def between_shares(low: float, high: float) -> str:
    """Entre -62 % y -27 %."""
    return _("entre {low} y {high}").format(
        low=text.percent(low, signed=True), high=text.percent(high, signed=True)
    )


def chance_words(p_value: float) -> str:
    """How likely chance alone makes so much, as one counts."""
    if p_value < 0.01:
        return _("casi imposible que sea azar")
    return _("{n} en 100 de que sea azar").format(n=text.number(max(1, round(p_value * 100))))


def season_when(season: SeasonalProduct) -> str:
    """Navidad, or the month."""
    return text.occasion_name(season.occasion) if season.occasion else text.month_name(season.month)


def seen_words(season: SeasonalProduct) -> str:
    """How many years or occasions stand behind it."""
    if season.occasion:
        return ngettext("visto {n} vez", "visto {n} veces", season.seen).format(n=season.seen)
    return ngettext("visto {n} año", "visto {n} años", season.seen).format(n=season.seen)
