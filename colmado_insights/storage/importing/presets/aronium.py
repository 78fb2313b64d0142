"""Aronium, `pos.db`: the till's own SQLite file, read while the till goes on selling.

Documents of all kinds share its tables; only sales (code 200) and refunds (220) are taken.
A document's date has no time: it comes from the stock date or the moment of writing, where
these are of the same day. The file is never written to, and it is read in short
transactions, a page of documents each, so that the till never waits.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from colmado_insights.errors import DatabaseLocked, EmptyFile, ShopError, UnknownColumns, UnreadableFile
from colmado_insights.storage.importing.dumps import (
    amount_cell,
    cents_of,
    is_rounding,
    is_somebody,
    moment_cell,
    name_cell,
    number_of,
    round_together,
)
from colmado_insights.storage.importing.fields import Field
from colmado_insights.storage.importing.made import Row
from colmado_insights.storage.importing.moments import DateStyle
from colmado_insights.text import _

if TYPE_CHECKING:
    import sqlite3
    from sqlite3 import Connection
else:
    from colmado_insights.storage.database import sqlite3  # the one place that chooses the driver

NAME = "aronium"
FIELDS = (
    Field.RECEIPT, Field.MOMENT, Field.KIND, Field.PRODUCT, Field.SKU, Field.CATEGORY, Field.QUANTITY,
    Field.LINE_TOTAL, Field.COST, Field.PAYMENT, Field.CASHIER, Field.CUSTOMER,
)  # fmt: skip

BUSY_MS = 3_000
DOCUMENTS_AT_ONCE = 1_000
_COPY_ATTEMPTS = 5

_MAGIC = b"SQLite format 3\x00"
_NECESSARY = ("Document", "DocumentItem", "DocumentType", "Product")
_SALE_CODE, _REFUND_CODE, _REFUND_ID, _SALE_ID = "200", "220", 4, 2
_ISO = DateStyle("ymd", has_time=True)

_KINDS = f"""
    SELECT Id, CASE
        WHEN trim(Code) = '{_SALE_CODE}' THEN 'sale'
        WHEN trim(Code) = '{_REFUND_CODE}' THEN 'refund'
        WHEN Id = {_REFUND_ID} AND coalesce(trim(Code), '') NOT IN ('100', '120', '230', '300', '400') THEN 'refund'
        WHEN Id = {_SALE_ID} AND coalesce(trim(Code), '') = '' THEN 'sale' END
    FROM DocumentType"""

_DOCUMENTS = """
    SELECT Id, Number, Date, StockDate, DateCreated, DateUpdated, Total, DocumentTypeId, UserId, CustomerId
    FROM Document WHERE {condition} ORDER BY Id LIMIT ?"""

_ITEMS = """
    SELECT DocumentId, ProductId, Quantity, ProductCost, Total, TotalAfterDocumentDiscount
    FROM DocumentItem WHERE DocumentId IN ({marks}) ORDER BY DocumentId, Id"""

_PAYMENTS = """
    SELECT DocumentId, PaymentType.Name, Amount FROM Payment
    LEFT JOIN PaymentType ON PaymentType.Id = PaymentTypeId
    WHERE DocumentId IN ({marks}) ORDER BY DocumentId, Payment.Id"""


@dataclass(frozen=True, slots=True)
class Marks:
    """How far a till's file was read: the highest document, and the newest change of any."""

    document: int
    updated: str


@dataclass(frozen=True, slots=True)
class _Document:
    id: int
    number: str
    moment: str
    updated: str
    total: Decimal | None
    kind: str
    user: Any
    customer: Any


@dataclass(frozen=True, slots=True)
class _Item:
    product: Any
    quantity: Decimal
    unit_cost: Decimal | None
    before: Decimal  # the document's discount
    after: Decimal | None


@dataclass(frozen=True)
class _Names:
    """What ids stand for, read once."""

    kinds: dict[Any, str]
    products: dict[Any, tuple[str, str, str]]  # name, code, category
    users: dict[Any, str]
    customers: dict[Any, str]


def recognise(path: Path, head: bytes) -> float:
    """0.99 for a SQLite file with Aronium's tables, else 0."""
    if not head.startswith(_MAGIC):
        return 0.0
    try:
        with _opened(path) as connection, _translated(path):
            tables = _tables(connection)
    except DatabaseLocked:  # the till is at it just now; the names stand in the file's first pages
        return 0.9 if all(name.encode() in head for name in _NECESSARY) else 0.0
    except ShopError:
        return 0.0
    return 0.99 if tables.issuperset(name.lower() for name in _NECESSARY) else 0.0


def read_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """The lines of all sales and refunds, oldest document first.

    Raises
    ------
    UnknownColumns, UnreadableFile, EmptyFile, DatabaseLocked
        The file is not Aronium's, is damaged, holds no sale, or the till keeps it to itself.
    """
    for path in paths:
        is_empty = True
        for _document, rows in _read_documents(path, "Id > ?", (), -1):
            is_empty = is_empty and not rows
            yield from rows
        if is_empty:
            raise EmptyFile(
                _("«{file}» no trae ninguna venta todavía.").format(file=path.name),
                _("Escoge la base de datos de Aronium con la que vendes."),
            )


def read_new_rows(path: Path, after_id: int, after_updated: str) -> tuple[list[Row], Marks]:
    """The lines of documents written or edited since, and how far the file was read now.

    Start with `(0, "")`. Changes of the very second of `after_updated` come again, as Aronium
    counts in whole seconds and more may have followed within it; importing them adds nothing.

    Raises
    ------
    UnknownColumns, UnreadableFile, DatabaseLocked
        As `read_rows`.
    """
    rows: list[Row] = []
    last_id, updated = after_id, after_updated
    condition = "Id > ? AND (Id > ? OR DateUpdated >= ?)"
    for document, lines in _read_documents(path, condition, (after_id, after_updated), -1):
        rows += lines
        last_id, updated = max(last_id, document.id), max(updated, document.updated)
    return rows, Marks(last_id, updated)


# ── reading ──


def _read_documents(
    path: Path, condition: str, parameters: tuple[object, ...], after: int
) -> Iterator[tuple[_Document, list[Row]]]:
    """Documents with an id over `after` and their rows, page by page; no lock is held in between."""
    with _opened(path) as connection:
        with _translated(path):
            _refuse_foreign(path, connection)
            names = _read_names(connection)
        while True:
            with _translated(path):
                page, last = _read_page(connection, names, condition, (after, *parameters))
            yield from page
            if last is None:
                return
            if last <= after:
                raise _damaged(path)
            after = last


def _read_page(
    connection: Connection, names: _Names, condition: str, parameters: tuple[object, ...]
) -> tuple[list[tuple[_Document, list[Row]]], int | None]:
    """The next documents in one short transaction, and the last id; None when there are no more."""
    connection.execute("BEGIN")
    try:
        found = connection.execute(
            _DOCUMENTS.format(condition=condition), (*parameters, DOCUMENTS_AT_ONCE)
        ).fetchall()
        wanted = [row for row in found if names.kinds.get(row[7])]
        ids = [row[0] for row in wanted]
        marks = ",".join("?" * len(ids))
        items = connection.execute(_ITEMS.format(marks=marks), ids).fetchall()
        payments = connection.execute(_PAYMENTS.format(marks=marks), ids).fetchall()
    finally:
        connection.execute("ROLLBACK")
    items_of, payments_of = _by_first(items), _by_first(payments)
    page = []
    for row in wanted:
        document = _document(row, names)
        lines = [_item(item) for item in items_of[row[0]]]
        page.append((document, list(_rows(document, lines, payments_of[row[0]], names))))
    is_last = len(found) < DOCUMENTS_AT_ONCE
    return page, None if is_last else int(found[-1][0])


def _by_first(rows: Iterable[Sequence[Any]]) -> dict[Any, list[Sequence[Any]]]:
    groups: dict[Any, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        groups[row[0]].append(row[1:])
    return groups


def _read_names(connection: Connection) -> _Names:
    tables = _tables(connection)

    def read(sql: str, *needed: str) -> list[Any]:
        return connection.execute(sql).fetchall() if tables.issuperset(needed) else []

    groups = dict(read("SELECT Id, Name FROM ProductGroup", "productgroup"))
    barcodes = dict(read("SELECT ProductId, Value FROM Barcode ORDER BY Id DESC", "barcode"))
    return _Names(
        kinds=dict(read(_KINDS)),
        products={
            number: (_text(name), _text(barcodes.get(number)) or _text(code), _text(groups.get(group)))
            for number, name, code, group in read("SELECT Id, Name, Code, ProductGroupId FROM Product")
        },
        users={
            number: _text(f"{_text(first)} {_text(last)}") or _text(login)
            for number, first, last, login in read(
                'SELECT Id, FirstName, LastName, Username FROM "User"', "user"
            )
        },
        customers={
            number: name
            for number, cell in read("SELECT Id, Name FROM Customer", "customer")
            if is_somebody(name := _text(cell))
        },
    )


def _tables(connection: Connection) -> set[str]:
    rows = connection.execute("SELECT lower(name) FROM sqlite_master WHERE type IN ('table', 'view')")
    return {_text(row[0]) for row in rows.fetchall()}


def _refuse_foreign(path: Path, connection: Connection) -> None:
    missing = [name for name in _NECESSARY if name.lower() not in _tables(connection)]
    if missing:
        raise UnknownColumns(
            _("«{file}» no es la base de datos de Aronium: le falta la tabla {table}.").format(
                file=path.name, table=missing[0]
            ),
            _("Escoge el archivo pos.db de la carpeta de datos de Aronium."),
        )


# ── meaning ──


def _document(row: Sequence[Any], names: _Names) -> _Document:
    number, label, day, stocked, created, updated, total, kind, user, customer = row
    return _Document(
        id=int(number),
        number=_text(label) or f"#{number}",
        moment=_moment(_text(day), _text(stocked), _text(created)),
        updated=_text(updated),
        total=number_of(_text(total)),
        kind=names.kinds[kind],
        user=user,
        customer=customer,
    )


def _moment(day: str, *clocks: str) -> str:
    """The document's day with the time of the first clock that is of the same day and has one."""
    date = moment_cell(day, _ISO)[:10]
    for clock in clocks:
        moment = moment_cell(clock, _ISO)
        if moment[:10] == date and len(moment) > 10 and not moment.endswith(" 00:00:00"):
            return moment
    return date


def _item(row: Sequence[Any]) -> _Item:
    product, quantity, cost, before, after = row
    return _Item(
        product=product,
        quantity=number_of(_text(quantity)) or Decimal(0),
        unit_cost=number_of(_text(cost)),
        before=number_of(_text(before)) or Decimal(0),
        after=number_of(_text(after)),
    )


def _rows(
    document: _Document, items: Sequence[_Item], payments: Sequence[Sequence[Any]], names: _Names
) -> Iterator[Row]:
    """One row an item; a document without items but with money is one row without a name."""
    payment = _payment(payments)
    people = (payment, names.users.get(document.user, ""), names.customers.get(document.customer, ""))
    start = (document.number, document.moment, document.kind)
    if not items:
        if document.total:
            yield (*start, "", "", "", "1", amount_cell(cents_of(document.total)), "", *people)
        return
    for item, cents in zip(items, _line_totals(items, document.total), strict=True):
        product = names.products.get(item.product, ("", "", ""))
        cost = _cost(item, document.kind)
        yield (*start, *product, str(item.quantity), amount_cell(cents), cost, *people)


def _line_totals(items: Sequence[_Item], total: Decimal | None) -> list[int]:
    """Cents of each line after all discounts, adding up to the document where only rounding lies between."""
    after = [item.before if item.after is None else item.after for item in items]
    if total and not any(after):  # older files keep nothing there
        before = [item.before for item in items]
        whole = sum(before, Decimal(0))
        is_reduced = whole and not is_rounding(before, total)
        after = [amount * total / whole for amount in before] if is_reduced else before
    return round_together(after, total)


def _cost(item: _Item, kind: str) -> str:
    """The cost of the whole line; unknown where the till has none or a line of a sale gives back."""
    if not item.unit_cost or (item.quantity < 0 and kind == "sale"):
        return ""
    return str(item.unit_cost * item.quantity)


def _payment(payments: Sequence[Sequence[Any]]) -> str:
    kinds = list(dict.fromkeys(_text(name) for name, amount in payments if number_of(_text(amount))))
    return "mixto" if len(kinds) > 1 else kinds[0] if kinds else ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    return name_cell(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))


# ── opening ──


@contextmanager
def _opened(path: Path) -> Iterator[Connection]:
    """A connection that cannot write; to a copy where the till's file cannot be read in its place."""
    with ExitStack() as stack:
        with _translated(path):
            try:
                connection = _connect(path, "mode=ro")
            except sqlite3.OperationalError as exc:
                # A file in WAL mode cannot be opened read-only where its -shm is missing and the
                # folder may not be written.
                if not _is_closed_off(exc):
                    raise
                folder = tempfile.TemporaryDirectory(prefix="aronium-", ignore_cleanup_errors=True)
                connection = _connect(_copy(path, Path(stack.enter_context(folder))), "mode=rw")
        stack.callback(connection.close)
        yield connection


def _connect(path: Path, mode: str) -> Connection:
    connection = sqlite3.connect(
        f"{_uri(path.absolute())}?{mode}",
        uri=True, isolation_level=None, timeout=BUSY_MS / 1000, check_same_thread=False,
    )  # fmt: skip
    try:
        connection.text_factory = lambda cell: cell.decode("utf-8", "replace")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _uri(path: PurePath) -> str:
    """The path for SQLite, which takes a network share only with an empty host before it."""
    uri = path.as_uri()
    return uri if uri.startswith("file:///") else uri.replace("file://", "file:////", 1)


def _is_closed_off(exc: BaseException) -> bool:
    name = getattr(exc, "sqlite_errorname", "") or ""
    return name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_PERM"))


def _copy(path: Path, folder: Path) -> Path:
    """The file and its WAL as they stood together: copied anew until nothing moved meanwhile."""
    copy = folder / "pos.db"
    parts = [(path, copy), (path.with_name(path.name + "-wal"), folder / "pos.db-wal")]
    for _attempt in range(_COPY_ATTEMPTS):
        before = [_stamp(source) for source, _target in parts]
        for source, target in parts:
            target.unlink(missing_ok=True)
            if source.exists():
                shutil.copyfile(source, target)
        if before == [_stamp(source) for source, _target in parts]:
            return copy
    raise _locked(path)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_size, found.st_mtime_ns)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turn the troubles of somebody else's file into words for the shopkeeper."""
    try:
        yield
    except sqlite3.Error as exc:
        name = getattr(exc, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise _locked(path) from exc
        if "no such" in str(exc):
            raise UnknownColumns(
                _("«{file}» es de una versión de Aronium que no se conoce.").format(file=path.name),
                _("Exporta las ventas desde Aronium como Excel o CSV."),
            ) from exc
        raise _damaged(path) from exc
    except (OSError, ValueError, OverflowError) as exc:
        raise _damaged(path) from exc


def _locked(path: Path) -> DatabaseLocked:
    return DatabaseLocked(
        _("La caja está usando «{file}».").format(file=path.name), _("Espera un momento y prueba de nuevo.")
    )


def _damaged(path: Path) -> UnreadableFile:
    return UnreadableFile(
        _("«{file}» está dañado o incompleto y no se puede leer.").format(file=path.name),
        _("Cópialo otra vez desde la computadora de la caja."),
    )
