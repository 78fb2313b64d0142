"""What the tests of presets that make their tables share: an import, and the sales as a till would tell them."""

from __future__ import annotations

import csv
import random
import types
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from colmado_insights.domain import PAYMENTS, ImportReport, moment_of
from colmado_insights.errors import ShopError
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.intake import import_source
from colmado_insights.storage.importing.made import MadeTable, Row, made_mapping
from colmado_insights.storage.importing.sources import Source
from tests.storage.till import NOW, no_categories

DATA = Path(__file__).parents[2] / "data"

LINES = """
    SELECT sale.number, sold_at, kind, product.name, product.sku, product.pos_category, quantity_milli,
        amount_cents, sale_line.cost_cents, payment, coalesce(cashier.name, ''),
        coalesce(customer.name, ''), coalesce(till.name, ''), has_time
    FROM sale_line JOIN sale ON sale.id = sale_id JOIN product ON product.id = product_id
        LEFT JOIN till ON till.id = till_id LEFT JOIN cashier ON cashier.id = cashier_id
        LEFT JOIN customer ON customer.id = customer_id
    ORDER BY sale.number, kind, sold_at, line_no"""


def bring_made(
    database: Database, preset: types.ModuleType, *paths: Path, is_dry_run: bool = False
) -> ImportReport:
    """Import the files of one export through a preset's rows; no row may go missing."""
    table = MadeTable(paths[0].name, preset.FIELDS, lambda: preset.read_rows(paths))
    source = Source(table, preset.NAME, made_mapping(preset.FIELDS))
    report = import_source(database, source, categorize=no_categories, now=NOW, is_dry_run=is_dry_run)
    assert report.is_accounted
    return report


def can_come_in(database: Database, preset: types.ModuleType, paths: Sequence[Path]) -> bool:
    """True when an export can be imported, False when a sentence refuses it; anything else is a failure."""
    try:
        bring_made(database, preset, *paths, is_dry_run=True)
    except ShopError as refused:
        assert refused.what.strip()
        return False
    return True


def sold(database: Database) -> list[tuple[str, ...]]:
    """Every line with what its receipt says, as in the files of expected sales."""
    return [
        (
            number, _moment(at, timed), ("sale", "refund")[kind], name, sku, category, f"{milli / 1000:.3f}",
            f"{cents / 100:.2f}", "" if cost is None else f"{cost / 100:.2f}", str(PAYMENTS[payment]),
            cashier, customer, till,
        )
        for number, at, kind, name, sku, category, milli, cents, cost, payment, cashier, customer, till, timed
        in database.read(LINES)
    ]  # fmt: skip


def _moment(seconds: int, timed: int) -> str:
    text = moment_of(seconds).isoformat(sep=" ")
    return text if timed else text[:10]


def expected(folder: Path) -> list[tuple[str, ...]]:
    """The sales written beside the files of an export."""
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as stream:
        return [tuple(row) for row in csv.reader(stream)][1:]


def mutate(chance: random.Random, content: bytes) -> bytes:
    """Bytes flipped, a piece cut out, lines swapped or repeated, a cell replaced by another."""
    data = bytearray(content)
    for _change in range(chance.randint(1, 6)):
        if not data:
            break
        at = chance.randrange(len(data))
        match chance.randrange(6):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randint(1, 40)]
            case 2:
                data[at:at] = chance.choice(
                    (b'"', b",", b"\r\n", b"\x00", b"9" * 30, b"NULL", b"-", b"1e400", b"NaN", b";")
                )
            case 3:
                lines = bytes(data).split(b"\n")
                first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
                lines[first], lines[second] = lines[second], lines[first]
                data = bytearray(b"\n".join(lines))
            case 4:
                lines = bytes(data).split(b"\n")
                lines.insert(chance.randrange(len(lines)), chance.choice(lines))
                data = bytearray(b"\n".join(lines))
            case _:
                del data[at:]
    return bytes(data)


def all_rows(read: Callable[[Sequence[Path]], Iterable[Row]], paths: Sequence[Path]) -> list[Row] | ShopError:
    """The rows of an export, or the sentence that refuses it; anything else is a failure."""
    try:
        return list(read(paths))
    except ShopError as refused:
        assert refused.what.strip()
        return refused
