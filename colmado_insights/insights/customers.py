"""Known customers: the book of all of them and the page of one, served as kept while that is fresh."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

import msgspec

from colmado_insights.analytics.prediction_track import compute_prediction_tracks
from colmado_insights.analytics.recommend import recommend_personal
from colmado_insights.analytics.results import (
    CustomerMigration,
    CustomerModels,
    CustomerOutlook,
    CustomerProfile,
    CustomerSegment,
    NotEnough,
    PredictionTrack,
    Recommendations,
    Rfm,
)
from colmado_insights.config import Settings
from colmado_insights.domain import Consent, Customer, Reason, day_number
from colmado_insights.insights.closing import read_whole_day
from colmado_insights.insights.customer_batch import WORTH_DAYS, ask_all
from colmado_insights.insights.freshness import Answer, count_use, flush_uses, is_fresh, is_much
from colmado_insights.insights.keeping import calendar, decode, read_kept, read_until, shop_parameters
from colmado_insights.insights.profiles import make_crowd, make_profile
from colmado_insights.insights.recommending import OfferBook
from colmado_insights.progress import Progress
from colmado_insights.storage import catalog, customer_results, customers, quality, results, sales
from colmado_insights.storage.changes import read_version_until
from colmado_insights.storage.customer_results import KeptBody
from colmado_insights.storage.database import Database

T = TypeVar("T")

BOOK, PROFILE = "customers", "profile"
"""Kinds of kept answers."""


@dataclass(frozen=True)
class CustomerBook:
    """All known customers and what is expected of them."""

    customers: tuple[Customer, ...]
    outlooks: tuple[CustomerOutlook, ...]
    rfm: Rfm
    models: CustomerModels
    migration: CustomerMigration | NotEnough
    until: date
    made_at: datetime
    product_names: dict[int, str]


@dataclass(frozen=True)
class CustomerView:
    """Everything about one customer on one page."""

    customer: Customer
    profile: CustomerProfile | NotEnough
    outlook: CustomerOutlook | None
    personal: Recommendations | None
    product_names: dict[int, str]
    made_at: datetime
    is_kept: bool  # the profile, not made now
    is_outlook_fresh: bool = False  # else the next batch will say better
    reasons: tuple[Reason, ...] = ()  # of the batch behind the outlook: simple rules are named here


class _Page(msgspec.Struct):
    """What is kept of one customer's page."""

    profile: CustomerProfile
    personal: Recommendations | None
    has_offers: bool  # what may be offered was at hand


class _Shelf(msgspec.Struct):
    """What of a batch is kept beside the outlooks, which have a table of their own."""

    until: date
    made_at: datetime
    version: int
    parameters: str
    receipts: int  # of known customers, when it was made
    rfm: Rfm  # without its customers
    models: CustomerModels
    migration: CustomerMigration | None
    no_migration: NotEnough | None = None


# ── everybody ──


def find_customers(
    database: Database, settings: Settings, as_of: date | None = None, progress: Progress | None = None
) -> CustomerBook | NotEnough:
    """The whole book: as it was kept while that is fresh, else made anew and kept.

    As of a past day it is made anew and not kept: what is kept says what is expected now.
    """
    until, newest = read_until(database, as_of), read_until(database, None)
    if until is None or newest is None:
        return NotEnough(needed=1, have=0, unit="receipts")
    if until != newest:
        return _make_book(database, settings, until, datetime.now(), progress or Progress())
    with database.alone(BOOK, progress):
        now = datetime.now().replace(microsecond=0)
        shelf = _read_shelf(database, newest)
        is_hit = shelf is not None and _is_shelf_fresh(database, settings, shelf, newest, now)
        count_use(database, BOOK, is_hit=is_hit)
        if shelf is not None and is_hit:
            return _open_book(database, shelf)
        version = sales.read_data_version(database)
        book = _make_book(database, settings, newest, now, progress or Progress())
        if isinstance(book, CustomerBook):
            _keep_book(database, settings, book, version)
            make_crowd(database, newest, progress)
        return book


def _make_book(
    database: Database, settings: Settings, until: date, made_at: datetime, progress: Progress
) -> CustomerBook | NotEnough:
    frames = customers.read_customer_sales(database, day_number(until))
    progress.step()
    known = customers.read_customers(database, until)
    may_write = {customer.customer_id for customer in known if customer.consent is Consent.YES}
    shelf = _read_shelf(database, until)
    names = catalog.read_product_names(database)
    nameless = [product for product, name in names.items() if quality.is_catch_all(name)]
    answers = ask_all(
        frames,
        until,
        days=calendar(settings),
        may_write=may_write,
        previous=shelf.rfm if shelf else None,
        nameless=nameless,
        progress=progress,
    )
    if isinstance(answers, NotEnough):
        return answers
    return CustomerBook(
        customers=known,
        outlooks=answers.outlooks,
        rfm=answers.rfm,
        models=answers.models,
        migration=answers.migration,
        until=until,
        made_at=made_at,
        product_names=names,
    )


def refresh_customers(database: Database, settings: Settings, now: datetime, progress: Progress) -> int:
    """Have the book of the moment ready; returns how many customers are in it."""
    flush_uses(database)
    if read_until(database, now.date()) != read_until(database, None):
        return 0  # of a past moment nothing is kept that could be made ready
    book = find_customers(database, settings, None, progress)
    return len(book.outlooks) if isinstance(book, CustomerBook) else 0


def _read_shelf(database: Database, until: date) -> _Shelf | None:
    return read_kept(database, BOOK, day_number(until), _Shelf)


def _is_shelf_fresh(
    database: Database, settings: Settings, shelf: _Shelf, newest: date, now: datetime
) -> bool:
    if customer_results.read_outlooks_made_at(database) not in (shelf.made_at, None):
        return False  # the outlooks are of another batch: sales were taken back, or it was cut off between the two
    return shelf.parameters == shop_parameters(settings) and is_fresh(
        shelf.made_at,
        now,
        Answer.PREDICTIONS,
        Answer.SEGMENTS,
        has_new_sales=read_version_until(database, day_number(newest)) > shelf.version,
        is_significant=is_much(shelf.receipts, customers.count_receipts(database)),
    )


def _open_book(database: Database, shelf: _Shelf) -> CustomerBook:
    """The kept book without those who were forgotten since."""
    kept = (decode(kept.body, CustomerOutlook) for _key, kept in customer_results.read_outlooks(database))
    outlooks = tuple(outlook for outlook in kept if outlook is not None)
    known = {outlook.customer_id for outlook in outlooks}
    migration = shelf.migration and replace(
        shelf.migration, moves=tuple(move for move in shelf.migration.moves if move.customer_id in known)
    )
    return CustomerBook(
        customers=customers.read_customers(database),
        outlooks=outlooks,
        rfm=replace(shelf.rfm, customers=tuple(outlook.rfm for outlook in outlooks)),
        models=shelf.models,
        migration=migration or shelf.no_migration or NotEnough(needed=1, have=0, unit="receipts"),
        until=shelf.until,
        made_at=shelf.made_at,
        product_names=catalog.read_product_names(database),
    )


def _keep_book(database: Database, settings: Settings, book: CustomerBook, version: int) -> None:
    shelf = _Shelf(
        until=book.until,
        made_at=book.made_at,
        version=version,
        parameters=shop_parameters(settings),
        receipts=customers.count_receipts(database),
        rfm=replace(book.rfm, customers=()),
        models=book.models,
        migration=None if isinstance(book.migration, NotEnough) else book.migration,
        no_migration=book.migration if isinstance(book.migration, NotEnough) else None,
    )
    customer_results.write_outlooks(
        database,
        ((one.customer_id, str(one.rfm.segment), msgspec.json.encode(one).decode()) for one in book.outlooks),
        until=book.until,
        made_at=book.made_at,
        version=version,
    )
    results.write_result(
        database, BOOK, day_number(book.until), shelf.parameters, msgspec.to_builtins(shelf),
        made_at=book.made_at, version=version,
    )  # fmt: skip
    whole = read_whole_day(database, book.made_at)
    if whole is not None and book.until <= whole:
        customer_results.write_month(database, book.until, map(_month_row, book.outlooks))


def _month_row(outlook: CustomerOutlook) -> tuple[object, ...]:
    """What will be compared with what came, as CUSTOMER_MONTH_COLUMNS has it after the day."""
    rfm, churn, expected, lifetime = outlook.rfm, outlook.churn, outlook.next, outlook.lifetime
    return (
        outlook.customer_id, str(rfm.segment), rfm.recency_days, rfm.frequency, rfm.monetary_cents,
        *((churn.probability, churn.horizon_days) if churn else (None, None)),
        *(map(day_number, (expected.day, expected.lo, expected.hi)) if expected else (None, None, None)),
        *((lifetime.clv_cents, WORTH_DAYS) if lifetime else (None, None)),
    )  # fmt: skip


def find_prediction_tracks(
    database: Database, as_of: date | None = None, progress: Progress | None = None
) -> tuple[PredictionTrack, ...]:
    """How what was said of customers at month ends turned out, up to the last whole day."""
    until = read_until(database, as_of or read_whole_day(database, datetime.now()))
    if until is None:
        return ()
    kept = customer_results.read_months(database, until)
    if kept.empty:
        return ()
    receipts = customers.read_customer_sales(database, day_number(until)).receipts
    return compute_prediction_tracks(kept, receipts, until=until, progress=progress)


# ── one of them ──


def find_customer_view(
    database: Database,
    settings: Settings,
    customer_id: int,
    as_of: date | None = None,
    progress: Progress | None = None,
    offers: OfferBook | None = None,
) -> CustomerView:
    """One customer's page: made anew where it is stale, with what the last batch expects and may be offered.

    Without `offers`, which take a second to read, nothing personal is offered; the next time with them it is.

    Raises
    ------
    UnknownCustomer
        There is none of that id.
    """
    progress = progress or Progress()
    progress.step()
    customer = customers.read_customer(database, customer_id, as_of)
    until, newest, now = read_until(database, as_of), read_until(database, None), datetime.now()
    if until is None or newest is None or customer.consent is Consent.NO:
        unit = "consent" if customer.consent is Consent.NO else "receipts"
        missing = NotEnough(needed=1, have=0, unit=unit, until=until)
        return CustomerView(customer, missing, None, None, {}, now, is_kept=False)
    names = catalog.read_product_names(database)
    if until != newest:  # what is kept says what is known now
        past = _make_page(database, settings, customer_id, until, None)
        profile = past if isinstance(past, NotEnough) else past.profile
        return CustomerView(customer, profile, None, None, names, now, is_kept=False)
    changed = read_version_until(database, day_number(newest))
    outlook_kept = customer_results.read_outlook(database, customer_id)
    outlook = decode(outlook_kept.body if outlook_kept else None, CustomerOutlook)
    kept = customer_results.read_profile(database, customer_id)
    found = decode(kept.body if kept else None, _Page)
    is_hit = _serves(kept, found.profile if found else None, customer, Answer.PROFILE, changed, now)
    is_hit = is_hit and (offers is None or (found is not None and found.has_offers))
    count_use(database, PROFILE, is_hit=is_hit)
    shelf = _read_shelf(database, newest)
    page = found if found and is_hit else _keep_page(database, settings, customer_id, newest, now, offers)
    return CustomerView(
        customer=customer,
        profile=page if isinstance(page, NotEnough) else page.profile,
        outlook=outlook,
        personal=None if isinstance(page, NotEnough) else page.personal,
        product_names=names,
        made_at=kept.made_at if kept and is_hit else now,
        is_kept=is_hit,
        is_outlook_fresh=_serves(outlook_kept, outlook, customer, Answer.PREDICTIONS, changed, now),
        reasons=shelf.models.reasons if shelf and outlook else (),
    )


def read_segment_history(database: Database, customer_id: int) -> tuple[tuple[date, CustomerSegment], ...]:
    """The segment that one customer was in at each month's end, oldest first."""
    months = customer_results.read_month_segments(database, customer_id)
    return tuple((day, CustomerSegment(segment)) for day, segment in months)


def _serves(
    kept: KeptBody | None,
    found: CustomerProfile | CustomerOutlook | None,
    customer: Customer,
    answer: Answer,
    changed: int,
    now: datetime,
) -> bool:
    """Whether what was found of a customer is still fresh; a purchase of theirs since makes it stale at once."""
    if kept is None or found is None:
        return False
    has_bought = (found.receipts, found.last_day) != (customer.receipts, customer.last_day)
    return is_fresh(
        kept.made_at, now, answer, has_new_sales=changed > kept.version, is_significant=has_bought
    )


def _keep_page(
    database: Database,
    settings: Settings,
    customer_id: int,
    until: date,
    now: datetime,
    offers: OfferBook | None,
) -> _Page | NotEnough:
    version = sales.read_data_version(database)
    page = _make_page(database, settings, customer_id, until, offers)
    if isinstance(page, _Page):
        body = msgspec.json.encode(page).decode()
        customer_results.write_profile(database, customer_id, body, until=until, made_at=now, version=version)
    return page


def _make_page(
    database: Database, settings: Settings, customer_id: int, until: date, offers: OfferBook | None
) -> _Page | NotEnough:
    frames = customers.read_customer_sales(database, day_number(until), customer_id)
    profile = make_profile(database, settings, frames, customer_id, until)
    if isinstance(profile, NotEnough):
        return profile
    personal = offers and recommend_personal(offers.known, frames.receipts, frames.lines)
    recommended = personal if isinstance(personal, Recommendations) else None
    return _Page(profile, recommended, has_offers=offers is not None)
