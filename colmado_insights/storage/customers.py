"""The customers that the shop knows by name: who they are, what they bought, and how one of them is forgotten.

What the owner or a list tells of a customer makes them *listed*: they stay though no sale mentions them. Who said no
is not looked at alone: their purchases count in every sum, but are in no frame that `read_customer_sales` answers.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from colmado_insights.domain import (
    PAYMENTS,
    SECONDS_A_DAY,
    Consent,
    Customer,
    Payment,
    Topic,
    day_number,
    day_of,
    moment_of,
    wall_seconds,
)
from colmado_insights.errors import BadCustomer, UnknownCustomer
from colmado_insights.storage.catalog import NameTable
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.cleaning import clean_text
from colmado_insights.storage.importing.dumps import is_somebody
from colmado_insights.storage.importing.vocabulary import fold
from colmado_insights.storage.sales import (
    LINE_SOURCE,
    RECEIPT_SOURCE,
    SalesFrames,
    as_frames,
    read_sales_where,
)
from colmado_insights.text import _

if TYPE_CHECKING:
    from sqlite3 import Connection

    from numpy.typing import NDArray

_DOMINICAN = re.compile(r"1?(8[024]9)(\d{3})(\d{4})")
_FOREVER = 2**62

# ── reading ──

_PERSON = "id, name, nickname, phone, contact, note, consent, consent_at, is_listed"
_SUMS = (
    f"min(CASE WHEN kind = 0 THEN sold_at END) / {SECONDS_A_DAY},"
    f" max(CASE WHEN kind = 0 THEN sold_at END) / {SECONDS_A_DAY}, sum(kind = 0), sum(total_cents)"
)


def read_customers(database: Database, as_of: date | None = None) -> tuple[Customer, ...]:
    """All customers with the sums of their sales up to `as_of`, who spent most first."""
    sums = {
        key: rest
        for key, *rest in database.read(
            f"SELECT customer_id, {_SUMS} FROM sale WHERE customer_id IS NOT NULL AND sold_at < ?"
            " GROUP BY customer_id",
            (_end(as_of),),
        )
    }
    people = (_customer(row, sums.get(row[0])) for row in database.read(f"SELECT {_PERSON} FROM customer"))
    known = [person for person in people if person.is_listed or person.customer_id in sums]
    return tuple(sorted(known, key=lambda person: (-person.spent_cents, person.name)))


def read_customer(database: Database, customer_id: int, as_of: date | None = None) -> Customer:
    """One customer with the sums of their sales up to `as_of`.

    Raises
    ------
    UnknownCustomer
        There is none of that id.
    """
    rows = database.read(f"SELECT {_PERSON} FROM customer WHERE id = ?", (customer_id,))
    if not rows:
        raise _unknown()
    sums = database.read(
        f"SELECT {_SUMS} FROM sale WHERE customer_id = ? AND sold_at < ?", (customer_id, _end(as_of))
    )
    return _customer(rows[0], sums[0])


def find_customer(database: Database, words: str) -> int:
    """The customer of that id, or else of that name or nickname, or else the only one whose name holds the words.

    Raises
    ------
    UnknownCustomer
        There is none, or there are several.
    """
    people = database.read("SELECT id, name, nickname FROM customer")
    wanted = fold(words)
    if words.isdecimal() and int(words) in {key for key, *_names in people}:
        return int(words)
    # A number that is nobody's must not find the customer whose name has that digit: it may be erased.
    for is_meant in (str.__eq__,) if words.isdecimal() else (str.__eq__, str.__contains__):
        found = {key for key, *names in people if any(is_meant(fold(name), wanted) for name in names)}
        if wanted and len(found) == 1:
            return int(found.pop())
        if wanted and found:
            raise UnknownCustomer(
                _("Esas palabras pueden ser varios clientes."), _("Escribe el nombre completo o su número.")
            )
    raise _unknown()


def count_receipts(database: Database) -> int:
    """Receipts of known customers."""
    return int(database.read_one("SELECT count(*) FROM sale WHERE customer_id IS NOT NULL"))


def _unknown() -> UnknownCustomer:
    return UnknownCustomer(_("No hay ningún cliente así."), _("Mira los nombres en la página de clientes."))


def _end(as_of: date | None) -> int:
    return (day_number(as_of) + 1) * SECONDS_A_DAY if as_of else _FOREVER


def _customer(row: Sequence[Any], sums: Sequence[Any] | None) -> Customer:
    key, name, nickname, phone, contact, note, consent, consent_at, is_listed = row
    first, last, receipts, cents = sums or (None, None, 0, 0)
    return Customer(
        customer_id=key,
        name=name,
        nickname=nickname,
        phone=phone,
        contact=contact,
        note=note,
        consent=Consent(consent),
        consent_at=None if consent_at is None else moment_of(consent_at),
        is_listed=bool(is_listed),
        first_day=None if first is None else day_of(first),
        last_day=None if last is None else day_of(last),
        receipts=receipts or 0,
        spent_cents=cents or 0,
    )


# ── their sales ──


def read_customer_sales(database: Database, last_day: int, customer_id: int | None = None) -> SalesFrames:
    """Receipts of known customers and their lines up to a day number, of all or of one; none of who said no."""
    whose = "IS NOT NULL" if customer_id is None else f"= {int(customer_id)}"
    where = f"customer_id {whose} AND sold_at < {(last_day + 1) * SECONDS_A_DAY}"
    said_no = database.read("SELECT id FROM customer WHERE consent = ?", (Consent.NO,))
    if said_no:
        where += f" AND customer_id NOT IN ({','.join(str(key) for (key,) in said_no)})"
    return read_sales_where(database, where) if customer_id is None else _read_sales_of_one(database, where)


def _read_sales_of_one(database: Database, where: str) -> SalesFrames:
    """By the index of customers, without a walk through the file."""
    header = ", ".join(f"coalesce({name}, 0)" for name in RECEIPT_SOURCE)
    receipts = database.read(f"SELECT {header} FROM sale INDEXED BY sale_customer WHERE {where}")
    lines = database.read(
        f"SELECT {', '.join(LINE_SOURCE)} FROM sale INDEXED BY sale_customer"
        f" CROSS JOIN sale_line ON sale_id = sale.id WHERE {where}"
    )
    return as_frames(database, _array(receipts, len(RECEIPT_SOURCE)), _array(lines, len(LINE_SOURCE)))


def _array(rows: list[Any], width: int) -> NDArray[np.int64]:
    return np.array(rows, np.int64).reshape(-1, width)


@dataclass(frozen=True, slots=True)
class Purchase:
    """One line of what a person bought, in words: what they may be told."""

    receipt: str
    sold_at: datetime
    total_cents: int  # of the whole receipt
    payment: Payment
    product: str
    quantity_milli: int
    amount_cents: int


def read_purchases(database: Database, customer_id: int) -> tuple[Purchase, ...]:
    """Everything that a customer bought and brought back, oldest first; a receipt without lines is one of nothing."""
    rows = database.read(
        "SELECT number, sold_at, total_cents, payment, coalesce(name, ''), coalesce(quantity_milli, 0),"
        " coalesce(amount_cents, total_cents) FROM sale LEFT JOIN sale_line ON sale_id = sale.id"
        " LEFT JOIN product ON product.id = product_id WHERE customer_id = ? ORDER BY sold_at, sale.id, line_no",
        (customer_id,),
    )
    return tuple(
        Purchase(number, moment_of(sold_at), total, PAYMENTS[payment], *rest)
        for number, sold_at, total, payment, *rest in rows
    )


# ── writing ──


def format_phone(text: str) -> str:
    """809-555-0101 for a Dominican number however it was written; another one as it stands."""
    digits = re.sub(r"[\s().+\-/·]", "", text)
    found = _DOMINICAN.fullmatch(digits)
    return "-".join(found.groups()) if found else clean_text(text)


def write_customer(database: Database, customer: Customer, now: datetime) -> int:
    """Keep what the owner says of a customer, a new one for id 0; returns the id.

    A change of consent is dated, and a no takes back what was found out of the person alone. The name is what joins
    the till's sales to a customer: what the shop calls them is the nickname.

    Raises
    ------
    BadCustomer
        The name is empty, or another customer's.
    UnknownCustomer
        There is none of that id.
    """
    wanted = replace(
        customer,
        name=clean_text(customer.name),
        nickname=clean_text(customer.nickname),
        phone=format_phone(customer.phone),
        contact=clean_text(customer.contact),
        note=customer.note.strip(),
    )
    if not wanted.name:
        raise BadCustomer(_("Falta el nombre del cliente."), _("Escribe un nombre."))
    if not is_somebody(wanted.name):
        raise BadCustomer(
            _("«{name}» no es el nombre de una persona.").format(name=wanted.name),
            _("Las cajas llaman así a quien nadie conoce: añade algo que lo distinga."),
        )
    _forget_well(database)
    with database.transaction() as connection:
        if not wanted.customer_id:
            _refuse_taken(connection, wanted.name)
            return _insert(connection, wanted, now)
        kept = connection.execute(
            "SELECT name, consent, consent_at FROM customer WHERE id = ?", (wanted.customer_id,)
        ).fetchone()
        if kept is None:
            raise _unknown()
        name, consent, consent_at = kept
        if wanted.name != name:
            _refuse_taken(connection, wanted.name, wanted.customer_id)
        if wanted.consent != consent:
            consent_at = None if wanted.consent is Consent.UNKNOWN else wall_seconds(now)
        _update(connection, wanted, consent_at)
        if wanted.consent is Consent.NO:
            forget_findings(connection, [wanted.customer_id])
        return wanted.customer_id


def _refuse_taken(connection: Connection, name: str, own_id: int = 0) -> None:
    """Two customers of one name could not be told apart in the till's sales, however it is written."""
    people = connection.execute("SELECT name FROM customer WHERE id <> ?", (own_id,))
    if any(fold(taken) == fold(name) for (taken,) in people):
        raise BadCustomer(
            _("Ya hay un cliente con ese nombre."), _("Búscalo en la lista, o añade algo que lo distinga.")
        )


def _insert(connection: Connection, customer: Customer, now: datetime) -> int:
    # Who is entered again wants to be known again.
    connection.execute("DELETE FROM erased_customer WHERE name_key = ?", (name_key(customer.name),))
    key = connection.execute(
        "INSERT INTO customer (name, is_listed, added_at) VALUES (?, 1, ?)",
        (customer.name, wall_seconds(now)),
    ).lastrowid
    assert key is not None
    said = None if customer.consent is Consent.UNKNOWN else wall_seconds(now)
    _update(connection, replace(customer, customer_id=key), said)
    return key


def _update(connection: Connection, customer: Customer, consent_at: int | None) -> None:
    connection.execute(
        "UPDATE customer SET name = ?, nickname = ?, phone = ?, contact = ?, note = ?, consent = ?,"
        " consent_at = ?, is_listed = 1 WHERE id = ?",
        (
            customer.name, customer.nickname, customer.phone, customer.contact, customer.note,
            int(customer.consent), consent_at, customer.customer_id,
        ),
    )  # fmt: skip


# ── forgetting ──


def erase_customer(database: Database, customer_id: int, now: datetime) -> None:
    """Forget a person: the sales stay, without a name, and their next export does not bring it back.

    Whoever bears the same name in another writing is the same person. Older backups still know it.

    Raises
    ------
    UnknownCustomer
        There is none of that id.
    """
    _forget_well(database)
    with database.transaction() as connection:
        people = connection.execute("SELECT id, name FROM customer").fetchall()
        erased = {name_key(name) for key, name in people if key == customer_id}
        if not erased:
            raise _unknown()
        ids = [key for key, name in people if name_key(name) in erased]
        for table in ("sale", "superseded_sale"):
            connection.executemany(
                f"UPDATE {table} SET customer_id = NULL WHERE customer_id = ?", [(key,) for key in ids]
            )
        forget_findings(connection, ids)
        connection.executemany("DELETE FROM customer WHERE id = ?", [(key,) for key in ids])
        connection.executemany(
            "INSERT OR REPLACE INTO erased_customer (name_key, at) VALUES (?, ?)",
            [(key, wall_seconds(now)) for key in erased],
        )
        _blank_quarantine(connection, erased)
    database.read("PRAGMA wal_checkpoint(TRUNCATE)")  # or the write-ahead log would remember


def carry_wishes(source: Database, target: Database, now: datetime) -> None:
    """Let in another file of the shop hold who said no in this one, and who was erased."""
    said_no = {
        name_key(name)
        for (name,) in source.read("SELECT name FROM customer WHERE consent = ?", (Consent.NO,))
    }
    erased = {key for (key,) in source.read("SELECT name_key FROM erased_customer")}
    people = [(key, name_key(name)) for key, name in target.read("SELECT id, name FROM customer")]
    for key in {name: key for key, name in people if name in erased}.values():
        erase_customer(target, key, now)
    with target.transaction() as connection:
        connection.executemany(
            "INSERT OR IGNORE INTO erased_customer (name_key, at) VALUES (?, ?)",
            [(name, wall_seconds(now)) for name in erased],
        )
        ids = [key for key, name in people if name in said_no - erased]
        connection.executemany(
            "UPDATE customer SET consent = ?, consent_at = ? WHERE id = ? AND consent <> ?",
            [(Consent.NO, wall_seconds(now), key, Consent.NO) for key in ids],
        )
        forget_findings(connection, ids)


def forget_findings(connection: Connection, customer_ids: Iterable[int]) -> None:
    """Drop what was found out, advised and written of customers alone; inside the caller's transaction."""
    for key in customer_ids:
        for table in ("customer_outlook", "customer_profile", "customer_month"):
            connection.execute(f"DELETE FROM {table} WHERE customer_id = ?", (key,))
        subject = f"customer:{key}"
        connection.execute(
            "DELETE FROM advice_answer WHERE key IN (SELECT key FROM advice WHERE measure = ?)", (subject,)
        )
        connection.execute("DELETE FROM advice WHERE measure = ?", (subject,))
        about = (Topic.CUSTOMER, str(key))
        connection.execute("DELETE FROM grok_answer WHERE topic = ? AND subject = ?", about)
        connection.execute("UPDATE grok_call SET subject = '' WHERE topic = ? AND subject = ?", about)


def _forget_well(database: Database) -> None:
    """Let this connection overwrite what it deletes, so that no name stays behind in a free page."""
    database.read("PRAGMA secure_delete = ON")


def _blank_quarantine(connection: Connection, erased: Container[int]) -> None:
    """Rows that wait to be mended keep their place, without the name."""
    for table_id, raw in connection.execute("SELECT id, raw FROM quarantine").fetchall():
        blank = blank_names(raw, erased)
        if blank != raw:
            connection.execute("UPDATE quarantine SET raw = ? WHERE id = ?", (blank, table_id))


def name_key(name: str) -> int:
    """63 bits that tell a name again in any writing, and do not tell the name."""
    digest = hashlib.blake2b(fold(name).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def blank_names(raw: str, erased: Container[int]) -> str:
    """A row of a file, as JSON, without the cells that name who was erased."""
    cells = json.loads(raw)
    blank = ["" if cell and name_key(cell) in erased else cell for cell in cells]
    return raw if blank == cells else json.dumps(blank, ensure_ascii=False)


class CustomerTable(NameTable):
    """Ids of customers by the names of a till, however it writes them; who was erased stays without one."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, "customer")
        self._erased = {key for (key,) in connection.execute("SELECT name_key FROM erased_customer")}
        # Where an older version kept two writings of a name apart, each finds its own, and a third the first.
        self._writings = {
            fold(name): name for name in sorted(self._ids, key=self._ids.__getitem__, reverse=True)
        }

    def ids(self, names: Sequence[str]) -> NDArray[np.int64]:
        """An id for each name, 0 for one that names nobody and for who was erased; new names are written."""
        return super().ids([self._as_known(name) for name in names])

    def _as_known(self, name: str) -> str:
        """The name as it was first written, "" for nobody."""
        if not is_somebody(name) or (self._erased and name_key(name) in self._erased):
            return ""
        return name if name in self._ids else self._writings.setdefault(fold(name), name)

    def blank(self, raw: str) -> str:
        """A row that is kept for later, without the name of who was erased."""
        return blank_names(raw, self._erased) if self._erased else raw
