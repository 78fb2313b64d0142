"""The cards of one customer's page: what to do, what they are worth, what, when and how they buy, who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import (
    CustomerOutlook,
    CustomerProfile,
    CustomerSegment,
    DecisionStyle,
    NextAction,
    ProductHabit,
    Recommendations,
)
from colmado_insights.domain import Customer
from colmado_insights.text import _, ngettext
from colmado_insights.ui.dialogs.quick_open import plain
from colmado_insights.ui.icons import Icon
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.customer_words import (
    around_words,
    between_words,
    copy_button,
    every_words,
    interval_words,
    polite_text,
    quantity_words,
    segment_tone,
    soon_words,
)
from colmado_insights.ui.widgets.data_table import Column, DataTable
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.hour_bars import HourBars
from colmado_insights.ui.widgets.label import Tone, chip, hairline, label
from colmado_insights.ui.widgets.numbered import numbered
from colmado_insights.ui.widgets.segment_profile import MONDAY_FIRST
from colmado_insights.ui.widgets.share_rows import ShareRows
from colmado_insights.ui.widgets.weekday_bars import WeekdayBars

MOST_SHARES = 3
MOST_ACTIONS = 2
MOST_LIKELY, LIKELY = 3, 0.5
MOST_RECOMMENDED = 3
MOST_STAYS = 2
MOST_RECEIPTS = 6
HOURS_HEIGHT = 58
OPENS, CLOSES = 7, 21
MONTHS_HEIGHT = 66
TIGHT = 20
"""Rows of shares stand closer here."""
SURE_TASTE = 0.5


def compact_card(look: Look, title: str, symbol: str) -> Card:
    """A card with less air: everything about a person stands on one screen."""
    card = Card(look, title, symbol)
    card.body.setContentsMargins(*(look.px(side) for side in (14, 10, 14, 10)))
    card.body.setSpacing(look.px(4))
    return card


def numbers_card(
    look: Look,
    customer: Customer,
    profile: CustomerProfile | None,
    outlook: CustomerOutlook | None,
    today: date,
) -> Card:
    """What they are worth, when they come again and how they usually do, in one strip."""
    card = Card(look)
    card.body.setContentsMargins(*(look.px(side) for side in (16, 8, 16, 9)))
    row = Flow(look, 24, row_gap=6)
    holder = QWidget()
    holder.setLayout(row)
    card.body.addWidget(holder)
    for value, words, hint in _numbers(customer, profile, outlook, today):
        row.addWidget(numbered(look, value, words, hint))
    return card


def _numbers(
    customer: Customer, profile: CustomerProfile | None, outlook: CustomerOutlook | None, today: date
) -> list[tuple[str, str, str]]:
    """Values, what they are, and what more there is to say of each."""
    found = []
    if outlook is not None and (life := outlook.lifetime) is not None:
        spread = _("en 12 meses ({lo} a {hi})").format(
            lo=text.short_number(life.lo_cents / 100), hi=text.short_number(life.hi_cents / 100)
        )
        simple = _("Con la cuenta simple: {money}.").format(money=text.money(life.simple_cents))
        found.append((text.money(life.clv_cents), spread, f"{interval_words(life)}\n{simple}"))
    if outlook is not None and outlook.next is not None:
        words = _("vuelve ({share} esta semana)").format(share=text.percent(outlook.next.within_week))
        found.append((around_words(outlook.next, today), words, between_words(outlook.next, today)))
    if profile is not None:
        found += [
            (every_words(profile.rhythm_days), _("su ritmo"), _("La mitad de sus esperas son más cortas.")),
            (text.money(profile.avg_basket_cents), _("por compra"), ""),
            (
                text.percent(profile.credit_share),
                _("de su gasto es fiado"),
                _("De lo que gasta, lo que va a la cuenta."),
            ),
        ]
    visits = ngettext("en {n} compra", "en {n} compras", customer.receipts).format(
        n=text.number(customer.receipts)
    )
    found.append((text.money(customer.spent_cents), visits, ""))
    return found


def action_card(
    look: Look, customer: Customer, outlook: CustomerOutlook | None, names: Mapping[int, str]
) -> Card:
    """What to do about them now and why, and a text to send."""
    card = compact_card(look, _("Qué hacer ahora"), "lightbulb")
    action = outlook.action if outlook else None
    if action is None or outlook is None:
        words = (
            _("Nada por ahora: viene como de costumbre.")
            if outlook
            else _("Todavía se sabe muy poco de este cliente.")
        )
        card.body.addWidget(label(look, words, 14, 400, wrap=True))
        if outlook is None:
            card.body.addStretch(1)
            return card
    else:
        card.body.addLayout(_action_row(look, action, names))
        why = " ".join(text.sentence(reason) for reason in action.why)
        if why:
            card.body.addWidget(label(look, why, 13, 400, "soft", wrap=True))
        for other in outlook.more_actions[:MOST_ACTIONS]:
            row = QHBoxLayout()
            row.setSpacing(look.px(8))
            row.addWidget(Icon(look, "circle-check", "brand", 15), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(look, action_sentence(other, names), 13, 400, wrap=True), 1)
            card.body.addLayout(row)
    said = polite_text(customer, outlook, names)
    inset = Card(look, kind="inset")
    inset.body.setContentsMargins(*(look.px(side) for side in (10, 7, 10, 8)))
    inset.body.addWidget(label(look, said, 13, 400, wrap=True))
    card.body.addWidget(inset)
    card.add_action(copy_button(look, said, kind="link"))
    card.body.addStretch(1)
    return card


def _action_row(look: Look, action: NextAction, names: Mapping[int, str]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(look.px(10))
    row.addWidget(label(look, action_sentence(action, names), 15, 600, wrap=True), 1)
    if action.gain_cents > 0:
        gain = label(look, text.money(action.gain_cents, signed=True), 14, 600, "good")
        likely = _("Se espera si resulta; resulta {share} de las veces.").format(
            share=text.percent(action.probability)
        )
        gain.setToolTip(likely)
        row.addWidget(gain, 0, Qt.AlignmentFlag.AlignTop)
    return row


def action_sentence(action: NextAction, names: Mapping[int, str]) -> str:
    """What to do, with the product it is about."""
    said = text.sentence(action.what)
    product = names.get(action.product_id) if action.product_id else None
    return f"{said} ({product})" if product and product not in said else said


def habits_card(
    look: Look,
    profile: CustomerProfile,
    outlook: CustomerOutlook | None,
    names: Mapping[int, str],
    today: date,
) -> Card:
    """What they buy: how often, how much, at what price, and when they are due for it again."""
    card = compact_card(look, _("Qué lleva"), "shopping-basket")
    if not profile.habits:
        card.body.addWidget(label(look, _("Todavía no repite ningún producto."), 13, 400, "soft", wrap=True))
        card.body.addStretch(1)
        return card
    due = {each.product_id: each for each in (outlook.due if outlook else ())}

    def name(habit: ProductHabit) -> str:
        return names.get(habit.product_id, "–")

    def when(habit: ProductHabit) -> str:
        return soon_words(due[habit.product_id].day, today) if habit.product_id in due else "–"

    columns: tuple[Column[ProductHabit], ...] = (
        Column(_("Producto"), name, lambda habit: plain(name(habit)), hint=lambda habit: habit_hint(name(habit), habit)),
        Column(_("Le toca"), when, lambda habit: due[habit.product_id].day if habit.product_id in due else None, 80,
               ink=lambda habit: ("accent" if due[habit.product_id].is_due else "ink") if habit.product_id in due else "faint",
               hint=lambda habit: around_words(due[habit.product_id], today) if habit.product_id in due else ""),
        Column(_("Cada"), _gap_words, lambda habit: habit.gap_days, 64, True),
        Column(_("Semana"), lambda habit: quantity_words(habit.quantity_per_week_milli),
               lambda habit: habit.quantity_per_week_milli, 74, True, hint=lambda _habit: _("Unidades a la semana")),
        Column(_("Precio"), _price_words, lambda habit: habit.last_price_cents, 72, True),
        Column(_("Veces"), lambda habit: text.number(habit.times), lambda habit: habit.times, 70, True),
    )  # fmt: skip
    table: DataTable[ProductHabit] = DataTable(
        look, columns, lambda habit: habit.product_id, sort_by=5, name=_("Qué lleva")
    )
    table.setMinimumHeight(look.px(32 + 36 * 4.4))
    table.set_rows(profile.habits)
    card.body.setContentsMargins(*(look.px(side) for side in (14, 10, 8, 6)))
    card.body.addWidget(table, 1)
    if outlook and (likely := likely_words(outlook)):
        line = label(look, likely, 12.5, 400, "soft", wrap=True)
        line.setContentsMargins(0, 0, look.px(6), look.px(4))
        card.body.addWidget(line)
    return card


def likely_words(outlook: CustomerOutlook) -> str:
    """Esta semana es probable que lleve víveres secos (84 %) y limpieza (61 %)."""
    likely = [each for each in outlook.chances if each.probability >= LIKELY][:MOST_LIKELY]
    if not likely:
        return ""
    goods = [
        f"{text.category_name(each.category).lower()} ({text.percent(each.probability)})" for each in likely
    ]
    return _("En los próximos 7 días es probable que lleve: {goods}.").format(goods=", ".join(goods))


def habit_hint(name: str, habit: ProductHabit) -> str:
    """Everything about one product, for who points at it."""
    lines = [name, _("última vez {day}").format(day=text.short_date(habit.last_day))]
    if habit.regularity is not None:
        lines.append(_("regularidad {share}").format(share=text.percent(habit.regularity)))
    if habit.last_price_cents is None:
        lines.append(_("se vende por monto"))
    lines.append(_("{money} en total").format(money=text.money(habit.spent_cents)))
    return "\n".join(lines)


def _gap_words(habit: ProductHabit) -> str:
    if habit.gap_days is None:
        return "–"
    days = max(1, round(habit.gap_days))
    return _("{n} d").format(n=text.number(days))


def _price_words(habit: ProductHabit) -> str:
    return "–" if habit.last_price_cents is None else text.number(habit.last_price_cents / 100, 2)


def when_card(look: Look, profile: CustomerProfile) -> Card:
    """The hours of the day as bars, the weekdays they like, and how the pay days move them."""
    card = compact_card(look, _("Cuándo viene"), "clock")
    if any(profile.hours):
        # From opening to closing, however seldom they come: bars of one customer are read like another's.
        hours = charts.shown_hours(
            [max(count, hour in (OPENS, CLOSES)) for hour, count in enumerate(profile.hours)]
        )
        strip = QHBoxLayout()
        strip.setSpacing(look.px(18))
        strip.addWidget(HourBars(look, profile.hours, profile.preferred_hours, hours, HOURS_HEIGHT), 13)
        strip.addWidget(WeekdayBars(look, profile.weekdays, profile.preferred_weekdays, HOURS_HEIGHT), 8)
        card.body.addLayout(strip)
    else:
        card.body.addWidget(WeekdayBars(look, profile.weekdays, profile.preferred_weekdays, HOURS_HEIGHT))
    days = text.join_words(
        [text.weekday_name(day) for day in MONDAY_FIRST if day in profile.preferred_weekdays]
    )
    said = [_("Sobre todo {days}.").format(days=days) if days else _("Ningún día se destaca.")]
    payday = dict(profile.pay_phases).get("payday")
    if payday:
        said.append(_("{share} de sus compras son por la quincena.").format(share=text.percent(payday)))
    card.body.addWidget(label(look, " ".join(said), 12.5, 400, "soft", wrap=True))
    card.body.addStretch(1)
    return card


def months_card(look: Look, tasks: Tasks, profile: CustomerProfile) -> Card:
    """What they spent month by month."""
    card = compact_card(look, _("Lo que gasta cada mes"), "chart-column")
    chart = ChartView(look, tasks, MONTHS_HEIGHT)
    said = ", ".join(charts.month_words(*month) for month in profile.months)
    chart.show_chart(partial(charts.customer_months, profile), said)
    card.body.addWidget(chart, 1)
    return card


def taste_card(look: Look, profile: CustomerProfile) -> Card:
    """What they spend on and how they pay, one below the other."""
    card = compact_card(look, _("En qué gasta y cómo paga"), "wallet")
    goods = [(text.category_name(category), share) for category, share in profile.categories[:MOST_SHARES]]
    payments = [(text.payment_name(kind), share) for kind, share in profile.payments[:MOST_SHARES]]
    for place, rows in enumerate((goods, payments)):
        if place and goods and payments:
            card.body.addWidget(hairline())
        if rows:
            card.body.addWidget(ShareRows(look, rows, TIGHT))
    if not goods and not payments:
        card.body.addWidget(label(look, _("Sin datos todavía."), 13, 400, "soft"))
    card.body.addStretch(1)
    return card


def self_card(look: Look, profile: CustomerProfile) -> Card:
    """How they choose, what they hold to, and whether they stay."""
    card = compact_card(look, _("Cómo es"), "user")
    if not any(
        reason.code == "style_few" for reason in profile.style_reasons
    ):  # else nothing can be said yet
        style = text.decision_style_name(profile.style)
        card.body.addWidget(label(look, style, 14, 600, wrap=True))
    why = " ".join(text.sentence(reason) for reason in profile.style_reasons)
    if profile.style is not DecisionStyle.UNKNOWN:
        why = " ".join(filter(None, (why, f"{text.certainty(profile.style_confidence)}.")))
    if why:
        card.body.addWidget(label(look, why, 12.5, 400, "soft", wrap=True))
    if profile.brands:
        holder = QWidget()
        flow = Flow(look, 4)
        holder.setLayout(flow)
        for taste in profile.brands[:5]:
            is_sure = taste.confidence >= SURE_TASTE
            made = chip(
                look, f"{taste.brand} {text.percent(taste.share)}", Tone.BRAND if is_sure else Tone.PLAIN
            )
            made.setToolTip(
                _("{share} de lo que lleva de {category}; veces: {n}; {sure}").format(
                    share=text.percent(taste.share), category=text.category_name(taste.category).lower(),
                    n=text.number(taste.purchases), sure=text.certainty(taste.confidence).lower(),
                )
            )  # fmt: skip
            flow.addWidget(made)
        card.body.addWidget(holder)
    for reason in profile.loyalty:
        card.body.addWidget(label(look, text.sentence(reason), 13, 400, wrap=True))
    card.body.addStretch(1)
    return card


def history_card(look: Look, history: Sequence[tuple[date, CustomerSegment]]) -> Card:
    """In which segments they have been since when, the newest first."""
    card = compact_card(look, _("Por dónde ha pasado"), "activity")
    stays = stays_of(history)
    if not stays:
        words = _("Se verá con el primer fin de mes.")
        card.body.addWidget(label(look, words, 13, 400, "soft", wrap=True))
    for since, segment in reversed(stays[-MOST_STAYS:]):
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(chip(look, text.customer_segment_name(segment), segment_tone(segment)))
        month = _("desde {month} {year}").format(
            month=text.month_name(since.month, short=True), year=since.year
        )
        row.addWidget(label(look, month, 12.5, 400, "soft"))
        row.addStretch(1)
        card.body.addLayout(row)
    card.body.addStretch(1)
    return card


def stays_of(history: Sequence[tuple[date, CustomerSegment]]) -> list[tuple[date, CustomerSegment]]:
    """From which month end on they were in which segment: months without a change are one stay."""
    stays: list[tuple[date, CustomerSegment]] = []
    for day, segment in history:
        if not stays or stays[-1][1] is not segment:
            stays.append((day, segment))
    return stays


def personal_card(
    look: Look, personal: Recommendations | None, names: Mapping[int, str], *, is_awaited: bool = False
) -> Card:
    """What they may like that they do not take yet, and why."""
    card = compact_card(look, _("Para ofrecerle"), "sparkles")
    items = [each for each in (personal.items if personal else ()) if each.product_id in names]
    if not items:
        words = _("Buscando…") if is_awaited else _("Todavía no hay qué ofrecerle que no lleve ya.")
        card.body.addWidget(label(look, words, 13, 400, "soft", wrap=True))
    for each in items[:MOST_RECOMMENDED]:
        line = label(look, names[each.product_id], 13.5, 500, wrap=True)
        line.setToolTip(text.sentence(each.why))
        card.body.addWidget(line)
        card.body.addWidget(label(look, text.sentence(each.why), 12.5, 400, "soft", wrap=True))
    card.body.addStretch(1)
    return card


def receipts_card(look: Look, recent: Sequence[tuple[int, date, int, int]], today: date) -> Card:
    """The last receipts, newest first."""
    card = compact_card(look, _("Últimas compras"), "receipt")
    grid = QGridLayout()
    grid.setHorizontalSpacing(look.px(8))
    grid.setVerticalSpacing(look.px(3))
    grid.setColumnStretch(0, 1)
    for place, (_sale, day, cents, lines) in enumerate(recent[:MOST_RECEIPTS]):
        goods = ngettext("{n} cosa", "{n} cosas", lines).format(n=text.number(lines))
        grid.addWidget(label(look, text.near_day(day, today), 13, 400), place, 0)
        grid.addWidget(
            label(look, goods, 12.5, 400, "soft", tabular=True), place, 1, Qt.AlignmentFlag.AlignRight
        )
        money = label(look, text.money(cents), 13, 500, tabular=True)
        money.setToolTip(text.money_exact(cents))
        grid.addWidget(money, place, 2, Qt.AlignmentFlag.AlignRight)
    card.body.addLayout(grid)
    card.body.addStretch(1)
    return card
