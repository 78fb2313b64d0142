"""Words → `Query`: which question it is, by the signs in it. Every word must be understood, or nothing is.

A rule names the signs that a question needs and those it may have beside; the first rule that has room for all that
was said is taken. So a word that changes what is asked ("sin", "por qué", the name of nothing here) is never
passed over. To add a question: its words in `vocabulary/questions.toml`, a rule here, its words in `answers.py`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from colmado_insights import text
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.domain import Category
from colmado_insights.questions.dates import Times, find_times, number, running_span, step_back
from colmado_insights.questions.query import (
    DateSpan,
    Dimension,
    Intent,
    Measure,
    Named,
    Query,
    SubjectKind,
    Unclear,
)
from colmado_insights.questions.reading import Reading, is_guess, read
from colmado_insights.questions.subjects import NameBook
from colmado_insights.questions.words import Lexicon
from colmado_insights.storage.spelling import JOINTS

MOST_COUNTED = 20
"""The most that an answer names one by one."""
DEFAULT_DAYS = 30
"""Days of data that a question without a date is about."""
_BLANK = "·"
_GOODS = frozenset({SubjectKind.PRODUCTS, SubjectKind.CATEGORY})
_PERSON = frozenset({SubjectKind.CUSTOMER})
_ANY = frozenset(SubjectKind)
_SOLD_KINDS = _GOODS | {SubjectKind.PAYMENT}
_PERSONAL = frozenset({"lack", "due", "buy", "next_visit", "owe", "progress", "who", "whom"})
"""Signs by which a name is a customer's before it is a product's."""
_SELLING = frozenset(
    ["vendo", "vende", "venden", "vendemos", "vendi", "vendio", "vendimos", "vendieron", "vendido"]
)
_TO_WHOM = frozenset(["le", "les", "a", "al", "to", "quien", "quienes"])


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment and the data that a question is asked of."""

    today: date
    first: date  # day with sales
    last: date
    days: DominicanDays


@dataclass(frozen=True)
class Heard:
    """What was found in a question."""

    signs: frozenset[str]
    subjects: tuple[Named, ...]
    times: Times
    unknown: tuple[str, ...]
    words: tuple[str, ...] = ()
    most_named: int = 1
    choices: tuple[str, ...] = ()  # the question with each of several people that a name may be

    def kinds(self) -> frozenset[SubjectKind]:
        """The kinds of what is named."""
        return frozenset(each.kind for each in self.subjects)


@dataclass(frozen=True)
class Rule:
    """A question: of each part of `needs` one sign, beside them only those of `may`, and these subjects."""

    intent: Intent
    needs: str  # words apart by spaces; | parts alternatives
    may: str = ""
    kinds: frozenset[SubjectKind] = frozenset()
    is_about: frozenset[SubjectKind] = frozenset()  # one of these must be named

    def takes(self, heard: Heard) -> bool:
        """Whether a question is of this kind."""
        needs = [frozenset(part.split("|")) for part in self.needs.split()]
        allowed = frozenset().union(*needs, self.may.split(), ("and",))
        return (
            all(not part.isdisjoint(heard.signs) for part in needs)
            and heard.signs <= allowed
            and heard.kinds() <= self.kinds | self.is_about
            and (not self.is_about or not heard.kinds().isdisjoint(self.is_about))
        )


_SOLD = "sell so_far buy have money"
_COUNTED = "units receipts people basket mean profit refunds open day customer share product paid"
RULES: tuple[Rule, ...] = (
    Rule(Intent.HELP, "help", "how_much what have"),
    Rule(Intent.DATA, "data", "reach when have how_many day day last_time"),
    Rule(Intent.DATA, "reach", "when day"),
    Rule(Intent.ACTIONS, "actions", "sell most have"),
    Rule(Intent.TOGETHER, "together", f"{_SOLD} most product people customer", is_about=_GOODS),
    Rule(Intent.TOGETHER, "together product|most", "sell buy so_far"),
    Rule(Intent.DEAD_STOCK, "dead", "product have sell most how_many stock"),
    Rule(Intent.AT_RISK, "at_risk", "customer who whom most how_many buy have people"),
    Rule(Intent.WHO_IS, "at_risk", "when buy", is_about=_PERSON),
    Rule(Intent.LACKS, "lack|due|runs_out", "buy product have go", is_about=_PERSON),
    Rule(Intent.DUE, "due|lack who|whom|customer", "buy product", kinds=_GOODS),
    Rule(Intent.NEXT_VISIT, "next_visit", "when buy go", is_about=_PERSON),
    Rule(Intent.FORECAST, "people next_visit|go", "how_much how_many"),
    Rule(Intent.STOCK, "runs_out", "when stock have how_much how_many day units lack go", is_about=_GOODS),
    Rule(Intent.RUNNING_OUT, "runs_out|lack", "product have stock when sell buy go"),
    Rule(Intent.STOCK, "stock", "how_much how_many units have product", is_about=_GOODS),
    Rule(Intent.STOCK, "have", "stock how_much how_many units", is_about=_GOODS),
    Rule(Intent.KNOWN, "how_many product|customer", "have stock known"),
    Rule(Intent.LAST_SOLD, "last_time", "sell buy when day customer people units", is_about=_GOODS | _PERSON),
    Rule(Intent.LAST_SOLD, "when sell|buy|people", "", is_about=_GOODS | _PERSON),
    Rule(Intent.COST, "cost", "how_much price units", is_about=_GOODS),
    Rule(Intent.UNIT_PROFIT, "profit", "how_much sell units price share", is_about=_GOODS),
    Rule(Intent.PRICE, "price", "how_much sell units have", is_about=_GOODS),
    Rule(Intent.FORECAST, "future", "how_much how_many sell units receipts people so_far next_visit", kinds=_GOODS),
    Rule(Intent.PROGRESS, "progress", "sell so_far normal have most least day month next_visit compare money"),
    Rule(Intent.PROGRESS, "normal", "sell so_far how_much most least mean or than"),
    Rule(Intent.WHO_IS, "progress|who", "buy next_visit customer", is_about=_PERSON),
    Rule(Intent.TRENDS, "up|down", "product sell most what category"),
    Rule(
        Intent.RANK,
        "most|least",
        f"{_SOLD} product category customer people who whom cashier payment segment day weekday hour month when units"
        " profit receipts how_much owe mean share basket refunds next_visit paid",
        kinds=_ANY,
    ),
    Rule(Intent.RANK, "buy", "", is_about=_PERSON),
    Rule(Intent.SUM, "owe", "", is_about=_PERSON),
    Rule(Intent.RANK, "who|whom", "buy owe customer how_much have", kinds=_GOODS | {SubjectKind.PAYMENT}),
    Rule(Intent.RANK, "payment", "sell customer people", kinds=_GOODS | _PERSON),
    Rule(Intent.SUM, "how_much|how_many|share", f"{_SOLD} {_COUNTED} owe", kinds=_ANY),
    Rule(Intent.SUM, "sell|basket|mean|profit|refunds|receipts", f"{_SOLD} {_COUNTED}", kinds=_ANY),
)  # fmt: skip
TIMELESS = frozenset(Intent) - {
    Intent.SUM, Intent.COMPARE, Intent.RANK, Intent.FORECAST, Intent.PROGRESS, Intent.LAST_SOLD,
}  # fmt: skip
"""What is answered as of now, whatever day is said."""
_OF_THIS_MOMENT = frozenset({Intent.STOCK, Intent.PRICE, Intent.COST, Intent.UNIT_PROFIT, Intent.KNOWN})
_OPENINGS = frozenset({"que", "cual", "cuales", "lo", "what", "which", "top"})
"""Words that ask for the one that is most."""
_BEFORE_COUNTS = frozenset({"top", "los", "las", "lo", "la", "mis", "tus", "cuales"})
_UNITS = frozenset({"unidad", "unidades"})
_HABITS = frozenset({"vendo", "vende", "venden", "hay", "viene", "vienen", "compra", "compran"})
"""Of what happens again and again no single day is asked."""
_COMPARABLE = frozenset(
    f"how_much how_many most least or and than who compare progress normal {_SOLD} {_COUNTED} up down".split()
)
_DIMENSIONS = (
    ("weekday", Dimension.WEEKDAY),
    ("hour", Dimension.HOUR),
    ("day", Dimension.DAY),
    ("month", Dimension.MONTH),
    ("category", Dimension.CATEGORY),
    ("cashier", Dimension.CASHIER),
    ("payment", Dimension.PAYMENT),
    ("paid", Dimension.PAYMENT),
    ("segment", Dimension.SEGMENT),
    ("customer", Dimension.CUSTOMER),
    ("product", Dimension.PRODUCT),
)
_MEASURES = (
    ("refunds", Measure.REFUNDS),
    ("open", Measure.OPEN_DAYS),
    ("basket", Measure.BASKET),
    ("share", Measure.SHARE),
    ("profit", Measure.PROFIT),
    ("owe", Measure.OWED),
    ("mean", Measure.DAY_MEAN),
    ("receipts", Measure.RECEIPTS),
    ("people", Measure.RECEIPTS),
    ("next_visit", Measure.RECEIPTS),
    ("units", Measure.UNITS),
)


def understand(question: str, clock: Clock, book: NameBook, lexicon: Lexicon) -> Query | Unclear:
    """What a question asks, or what of it nobody understands."""
    heard = hear(read(question, lexicon, book.words), clock, book, lexicon)
    if heard.unknown:
        return Unclear(heard.unknown, near=book.near(heard.unknown))
    if not heard.signs and heard.times.spans and heard.kinds() <= _SOLD_KINDS and heard.subjects:
        heard = dataclasses.replace(heard, signs=frozenset({"sell"}))  # «cerveza ayer»
    if not heard.signs or heard.times.is_broken or heard.signs & {"why", "without"}:
        return Unclear()
    if heard.choices:
        return Unclear(choices=heard.choices)
    if _is_seller_or_buyer(heard):
        return Unclear()
    if (compared := _compared(heard, clock)) is not None:
        return compared
    rule = next((rule for rule in RULES if rule.takes(heard)), None)
    return Unclear() if rule is None else _query(rule, heard, clock)


def _is_seller_or_buyer(heard: Heard) -> bool:
    """Whether nobody can tell if a customer sold or bought: "¿cuánto vendió Rosa?"."""
    said = frozenset(heard.words)
    return (
        SubjectKind.CUSTOMER in heard.kinds()
        and not _SELLING.isdisjoint(said)
        and _TO_WHOM.isdisjoint(said)
        and "buy" not in heard.signs
    )


# ── hearing ──


def hear(reading: Reading, clock: Clock, book: NameBook, lexicon: Lexicon) -> Heard:
    """Tell the words apart: names, times, signs, and those that say nothing."""
    words = reading.words
    named = book.find_runs(words)
    times = find_times(
        [_BLANK if place in named else word for place, word in enumerate(words)], clock.today, clock.days
    )
    signs: set[str] = set()
    subjects: list[tuple[int, Named]] = []
    rest: list[int] = []
    counts: list[int] = []
    measures: list[int] = []
    place = 0
    while place < len(words):
        if place in times.places:
            place += 1
            continue
        found = None if place in named else _phrase_at(words, place, named | times.places, lexicon, book)
        if found is not None:
            length, sign, subject = found
            signs.update((sign,) if sign else ())
            measures += [place + length - 1] if sign == "units" else []
            subjects += [(place, subject)] if subject else []
            place += length
            continue
        if place not in named and _is_count(words, place):
            counts.append(place)
        elif place in named or words[place] not in lexicon.fillers:
            rest.append(place)
        place += 1
    if len(counts) != 1 or signs.isdisjoint(("most", "least")):
        rest, counts = sorted(rest + counts), []
    is_person = not signs.isdisjoint(_PERSONAL)
    unknown: list[str] = []
    choices: list[str] = []
    for run in _runs(rest, words):
        explained = book.explain(tuple(words[place] for place in run), is_person=is_person)
        if explained is None:
            strange = [place for place in run if book.explain((words[place],), is_person=is_person) is None]
            unknown += [reading.typed[place] for place in strange or run]
        else:
            subjects += [(run[0], each) for each in explained]
            choices += _choices(explained, run, reading, book)
    if signs <= {"sell"} and not times.spans and JOINTS.isdisjoint(words):
        # Nothing says that this asks for goods: "SELECT * FROM sale" is no Arroz Selecto.
        guesses = [place for place in rest if is_guess(reading.typed[place], words[place])]
        unknown += [reading.typed[place] for place in guesses if reading.typed[place] not in unknown]
    _unmix(signs, subjects, lexicon)
    if "of_profit" in signs and "share" not in signs:
        signs.remove("of_profit")
        signs.add("profit")
    if "leaves" in signs:  # "¿cuánto deja?" is what is left of it, "¿cuánto dinero deja?" what it brings in
        signs.remove("leaves")
        signs.add("profit" if signs.isdisjoint(("sell", "money")) else "sell")
    ordered = tuple(subject for _place, subject in sorted(subjects, key=lambda each: each[0]))
    named_once = _narrowed(ordered)
    for place in measures:
        counted = [
            book.counted_in(each, words[place]) if each.kind in _GOODS else each for each in named_once
        ]
        unknown += [reading.typed[place]] if None in counted else []
        named_once = tuple(each for each in counted if each is not None)
    if "and" in signs and signs.isdisjoint(("or", "most", "least", "compare", "than")):
        named_once = _together(named_once)
    named_count = number(words[counts[0]]) if counts else 1
    return Heard(frozenset(signs), named_once, times, tuple(unknown), words, named_count, tuple(choices))


def _is_count(words: Sequence[str], place: int) -> bool:
    """How many are asked for: "los 5 más vendidos", "top cinco"."""
    return place > 0 and words[place - 1] in _BEFORE_COUNTS and 1 < number(words[place]) <= MOST_COUNTED


def _choices(explained: Sequence[Named], run: Sequence[int], reading: Reading, book: NameBook) -> list[str]:
    """The question once with each person that is meant by a name that several bear."""
    people = [each for each in explained if each.kind is SubjectKind.CUSTOMER and len(each.ids) > 1]
    if not people:
        return []
    before, after = reading.typed[: run[0]], reading.typed[run[-1] + 1 :]
    names = [each.shown_name for each in book.people if each.customer_id in people[0].ids]
    return [" ".join((*before, name, *after)) for name in names]


def _unmix(signs: set[str], subjects: list[tuple[int, Named]], lexicon: Lexicon) -> None:
    """Tell "vino" who came from the wine, by what else is said."""
    for family in lexicon.families:
        verbs = [each for each in subjects if each[1].key == family.key]
        is_of_someone = any(each.kind is SubjectKind.CUSTOMER for _place, each in subjects)
        if verbs and (family.unless & signs or is_of_someone) and signs.isdisjoint(("sell", "buy")):
            signs.add(family.sign)
            for each in verbs:
                subjects.remove(each)


def _phrase_at(
    words: Sequence[str], place: int, taken: frozenset[int], lexicon: Lexicon, book: NameBook
) -> tuple[int, str, Named | None] | None:
    """The longest phrase that begins here: its length, and its sign or what it names."""
    for length in range(min(lexicon.longest, len(words) - place), 0, -1):
        if not taken.isdisjoint(range(place, place + length)):
            continue
        phrase = tuple(words[place : place + length])
        subject = _subject(phrase, lexicon, book)
        if subject is not None:
            return length, "", subject
        if phrase in lexicon.signs:
            return length, lexicon.signs[phrase], None
    return None


def _subject(phrase: tuple[str, ...], lexicon: Lexicon, book: NameBook) -> Named | None:
    for family in lexicon.families:
        if phrase in family.words and (found := book.family(family, " ".join(phrase))):
            return found
    if phrase in lexicon.segments:
        key = lexicon.segments[phrase]
        return Named(SubjectKind.SEGMENT, text.segment_name(key), key=key)
    if phrase in lexicon.payments:
        key = lexicon.payments[phrase]
        return Named(SubjectKind.PAYMENT, text.payment_name(key), key=key)
    if phrase in lexicon.categories:
        return book.in_category(Category(lexicon.categories[phrase]))
    return None


def _runs(places: Sequence[int], words: Sequence[str]) -> Iterator[list[int]]:
    """Places that follow each other, or are parted by small words alone: "coca cola de 20 onzas"."""
    run: list[int] = []
    for place in places:
        if run and not all(
            words[between] in JOINTS and words[between] != "y" for between in range(run[-1] + 1, place)
        ):
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def _narrowed(subjects: tuple[Named, ...]) -> tuple[Named, ...]:
    """Without what only says the kind of another: "cerveza presidente" is Presidente."""
    kept = [
        each
        for each in subjects
        if not any(
            other is not each
            and each.kind in _GOODS
            and other.kind in _GOODS
            and set(other.ids) < set(each.ids)
            for other in subjects
        )
    ]
    return tuple(dict.fromkeys(kept))


def _together(subjects: tuple[Named, ...]) -> tuple[Named, ...]:
    """«Malta y jugo» are counted as one."""
    goods = [each for each in subjects if each.kind in _GOODS]
    if len(goods) < 2:
        return subjects
    ids = tuple(dict.fromkeys(key for each in goods for key in each.ids))
    names = [each.words.lower() if each.kind is SubjectKind.CATEGORY else each.words for each in goods]
    whole = Named(SubjectKind.PRODUCTS, text.join_words(names), ids)
    return (whole, *(each for each in subjects if each.kind not in _GOODS))


# ── understanding ──


def _measure(heard: Heard) -> Measure | None:
    """What is to be counted; None for what is counted nowhere."""
    signs = heard.signs
    if (
        "mean" in signs
        and "basket" not in signs
        and signs & {"how_many", "receipts", "people", "profit", "refunds"}
    ):
        return None
    found = next((measure for sign, measure in _MEASURES if sign in heard.signs), None)
    is_of_goods = not heard.kinds().isdisjoint(_GOODS)
    if found is Measure.UNITS and not is_of_goods:
        is_of_all = not heard.subjects and not _UNITS.isdisjoint(heard.words)
        return found if is_of_all else None  # "¿cuántas botellas?" of what?
    if found is not None:
        return found
    if ("cuantos", "clientes") in pairwise(heard.words):
        return Measure.RECEIPTS
    if "how_many" in signs and "money" in signs:
        return Measure.REVENUE
    if "how_many" in signs and "product" in signs and not is_of_goods:
        return None
    if "how_many" in signs and "day" in signs:
        return Measure.OPEN_DAYS if "dias" in heard.words else None
    if "how_many" in signs:
        return Measure.UNITS if is_of_goods else Measure.RECEIPTS
    if any(span.weekday is not None for span in heard.times.spans):
        return Measure.DAY_MEAN
    return Measure.REVENUE


def _compared(heard: Heard, clock: Clock) -> Query | None:
    """Two stretches, or two of a kind, of which the same is asked."""
    spans, goods = heard.times.spans, heard.subjects
    if heard.signs <= {"up", "down"} and not goods and not _OPENINGS.isdisjoint(heard.words):
        return None  # "¿qué subió?" asks for products
    measure = _measure(heard)
    if (
        not heard.signs <= _COMPARABLE
        or heard.most_named > 1
        or measure is None
        or heard.signs & {"product", "customer"}
    ):
        return None
    if len(spans) == 2 and len(goods) <= 1 and heard.times.is_joined:
        later, earlier = sorted(spans, key=lambda span: span.first, reverse=True)
        return Query(Intent.COMPARE, later, measure, goods, against=earlier)
    kinds = heard.kinds()
    if len(spans) <= 1 and len(goods) == 2 and len(kinds) == 1 and "or" in heard.signs:
        return Query(Intent.COMPARE, _span(heard, clock), measure, goods)
    if len(spans) == 1 and len(goods) <= 1 and heard.signs & {"compare", "than", "up", "down"}:
        return _compared_with(heard, measure, spans[0], clock)
    if len(spans) <= 1 and len(goods) == 1 and "progress" in heard.signs and goods[0].kind in _GOODS:
        span = _span(heard, clock)
        unit = heard.times.units[0] if heard.times.units else "days"
        return Query(Intent.COMPARE, span, measure, goods, against=_shortened(span, step_back(span, unit)))
    return None


def _compared_with(heard: Heard, measure: Measure, said: DateSpan, clock: Clock) -> Query | None:
    """A stretch that runs with the one before it; one that is over with its like that runs."""
    unit = heard.times.units[0]
    if said.last >= clock.today:
        before = _shortened(said, step_back(said, unit))
        return Query(Intent.COMPARE, said, measure, heard.subjects, against=before)
    running = running_span(unit, clock.today)
    if running is None or not said.is_whole or said.weekday is not None:
        return None
    return Query(Intent.COMPARE, running, measure, heard.subjects, against=said)


def _shortened(span: DateSpan, before: DateSpan) -> DateSpan:
    """As many days of the stretch before as this one has had."""
    last = min(before.last, before.first + timedelta(days=span.days - 1))
    return dataclasses.replace(before, last=last)


def _query(rule: Rule, heard: Heard, clock: Clock) -> Query | Unclear:
    spans = heard.times.spans
    if len(spans) > 1 or len(heard.subjects) > _most_subjects(heard):
        return Unclear()
    span, intent = _span(heard, clock, rule.intent), rule.intent
    measure = Measure.REVENUE if intent in TIMELESS else _measure(heard)
    if measure is None:
        return Unclear()
    if intent is Intent.UNIT_PROFIT and spans:
        intent, measure = Intent.SUM, Measure.PROFIT
    if intent is Intent.SUM and span.first > clock.today:
        if heard.kinds() - _GOODS:
            return Unclear()
        intent = Intent.FORECAST
    if intent is Intent.FORECAST and measure not in (Measure.REVENUE, Measure.RECEIPTS, Measure.UNITS):
        return Unclear()
    if intent in (Intent.SUM, Intent.RANK) and not _is_meant(intent, heard, measure):
        return Unclear()
    if intent in TIMELESS and spans and not _is_now(intent, spans[0], clock.today):
        return Unclear()
    if intent is Intent.SUM and heard.signs <= {"sell", "and"} and heard.words[0] == "que":
        intent = Intent.RANK  # "¿qué vendí ayer?"
    dimension = _dimension(heard) if intent is Intent.RANK else None
    if intent is Intent.TRENDS:
        dimension = Dimension.PRODUCT
    is_most = heard.signs.isdisjoint(("least", "down"))
    if heard.most_named > 1 and intent is not Intent.RANK:
        return Unclear()
    return Query(
        intent,
        span,
        measure,
        heard.subjects,
        dimension=dimension,
        is_most=is_most,
        most_named=heard.most_named,
    )


def _most_subjects(heard: Heard) -> int:
    """One of each kind may be named; a category and a product are of one kind."""
    return len({"goods" if kind in _GOODS else kind for kind in heard.kinds()})


def _is_meant(intent: Intent, heard: Heard, measure: Measure) -> bool:
    """Whether enough was said: "¿cuánto?" alone asks nothing."""
    asked = heard.signs - {"how_much", "how_many", "and", "have", "so_far", "who", "whom", "money"}
    named = heard.kinds() & {SubjectKind.PAYMENT, SubjectKind.SEGMENT}
    if intent is Intent.RANK:
        is_open = "whom" not in heard.signs and (
            "buy" not in heard.signs
            and not {sign for sign, _dimension in _DIMENSIONS} & heard.signs
            and "who" not in heard.signs
        )
        if heard.most_named > 1:
            return not is_open or heard.signs.isdisjoint({"how_much", "how_many"})
        if is_open and (heard.signs & {"how_much", "how_many"} or _OPENINGS.isdisjoint(heard.words)):
            return False  # "vendí más ayer" asks for no product
        return bool(asked - {"most", "least"} or named)
    if "day" in heard.signs and measure is not Measure.OPEN_DAYS:
        return False
    if "paid" in heard.signs and (heard.kinds() - _GOODS != {SubjectKind.PAYMENT} or "owe" in heard.signs):
        return False  # what was paid of a debt, no till's sales tell
    if "product" in heard.signs and heard.kinds().isdisjoint(_GOODS):
        return False  # "¿cuánta mercancía entró?"
    is_of_people = (
        not heard.signs.isdisjoint(("basket", "people", "how_many")) or SubjectKind.CUSTOMER in heard.kinds()
    )
    if not heard.signs.isdisjoint(("customer", "buy")) and not is_of_people:
        return False  # "¿cuánto gasto?" is the shop's own spending
    if "so_far" in heard.signs:
        return True
    return bool(asked - {"customer", "day", "hour"} or named)


def _is_now(intent: Intent, span: DateSpan, today: date) -> bool:
    """Whether a question about the present names the present: "hoy", or "esta semana" where that is as good."""
    if not span.is_whole or span.weekday is not None:
        return False
    if intent is Intent.DUE and span.first == span.last == today + timedelta(days=1):
        return True
    return span.first == today if intent in _OF_THIS_MOMENT else span.first <= today <= span.last


def _dimension(heard: Heard) -> Dimension:
    if "whom" in heard.signs:
        return Dimension.CUSTOMER
    if "who" in heard.signs and "cashier" not in heard.signs:
        return (
            Dimension.CASHIER
            if heard.signs & {"sell"} and not heard.signs & {"buy", "owe"}
            else Dimension.CUSTOMER
        )
    found = next((dimension for sign, dimension in _DIMENSIONS if sign in heard.signs), None)
    if found is Dimension.DAY and not heard.times.spans and not (_HABITS | {"es"}).isdisjoint(heard.words):
        return Dimension.WEEKDAY
    if found is None and "when" in heard.signs:
        return Dimension.WEEKDAY
    return found or Dimension.PRODUCT


def _span(heard: Heard, clock: Clock, intent: Intent = Intent.SUM) -> DateSpan:
    """The stretch said, or the one that such a question is about when none is."""
    assumed = default_span(intent, heard, clock)
    if not heard.times.spans:
        return assumed
    said = heard.times.spans[0]
    if said.is_assumed and said.weekday is None and _HABITS.isdisjoint(heard.words):
        return said  # "¿cuánto vendí al mediodía?" is of today
    if said.is_assumed:  # only hours or weekdays were said
        return dataclasses.replace(said, first=assumed.first, last=assumed.last)
    return said


def default_span(intent: Intent, heard: Heard | None, clock: Clock) -> DateSpan:
    """What days are meant when nobody says: today, tomorrow, all, or the last of the data."""
    if intent is Intent.PROGRESS or (heard is not None and "so_far" in heard.signs):
        return DateSpan(clock.today, clock.today, is_assumed=True)
    if intent is Intent.FORECAST:
        return DateSpan(clock.today + timedelta(days=1), clock.today + timedelta(days=1), is_assumed=True)
    is_of_all = heard is not None and (
        SubjectKind.CUSTOMER in heard.kinds() or not heard.signs.isdisjoint(("owe", "month"))
    )
    if is_of_all or intent is Intent.LAST_SOLD:
        return DateSpan(clock.first, clock.last, is_assumed=True)
    return DateSpan(
        max(clock.first, clock.last - timedelta(days=DEFAULT_DAYS - 1)), clock.last, is_assumed=True
    )
