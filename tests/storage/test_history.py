"""Undoing an import leaves what the other imports alone would have given, whatever the order."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.history import undo_batch
from colmado_insights.storage.schema import open_database
from tests.storage.till import NOW, bring_one, dump, write_rows

START = datetime(2026, 3, 2, 8, 0)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


@dataclass(frozen=True)
class Export:
    """One export of a shop: which receipts, how it shows them, and how often each was edited by then."""

    kind: str  # flat | items | receipts
    receipts: tuple[tuple[int, int, bool], ...]  # number, edition, cancelled

    def write(self, path: Path) -> Path:
        """The export as a file."""
        if self.kind == "receipts":
            header = ("Recibo", "Fecha", "Total recibo", "Pago", "Cajero", "Cliente", "Estado")
        elif self.kind == "items":
            header = ("Recibo", "Fecha", "Producto", "Cantidad", "Total", "Estado")
        else:
            header = (
                "Recibo",
                "Fecha",
                "Producto",
                "Cantidad",
                "Total",
                "Pago",
                "Cajero",
                "Cliente",
                "Estado",
            )
        return write_rows(path, [row for receipt in self.receipts for row in self._rows(*receipt)], header)

    def _rows(self, number: int, edition: int, is_cancelled: bool) -> list[tuple[object, ...]]:
        moment = (START + timedelta(hours=5 * number, minutes=number)).strftime("%d/%m/%Y %H:%M")
        status = "Cancelado" if is_cancelled else "Cerrado"
        lines = [(f"Pan {number}", 1 + edition, 25 * (1 + edition)), ("Café", 2, 70)]
        # Who sold and who bought is fixed; how it was paid may be corrected afterwards.
        people = (("Efectivo", "Tarjeta")[edition % 2], f"Caja {number % 2}", f"Doña {number % 3}")
        if self.kind == "receipts":
            return [(number, moment, sum(line[2] for line in lines), *people, status)]
        told = people if self.kind == "flat" else ()
        return [(number, moment, *line, *told, status) for line in lines]


def import_all(database: Database, exports: list[Export], folder: Path) -> None:
    for position, export in enumerate(exports):
        bring_one(database, export.write(folder / f"{position}.csv"))


@st.composite
def shop_exports(draw: st.DrawFn, kinds: tuple[str, ...], most_edits: int = 2) -> list[Export]:
    """Exports of one shop one after the other; later ones may show receipts edited or cancelled since."""
    count = draw(st.integers(2, 4))
    editions = dict.fromkeys(range(1, 7), 0)
    cancelled: set[int] = set()
    exports = []
    for _export in range(count):
        first = draw(st.integers(1, 5))
        last = draw(st.integers(first + 1, 6))
        kind = draw(st.sampled_from(kinds))
        shown = tuple((number, editions[number], number in cancelled) for number in range(first, last + 1))
        if all(is_cancelled for *_rest, is_cancelled in shown):
            continue  # a file without one sale to keep is another test's matter
        exports.append(Export(kind, shown))
        for number in draw(st.sets(st.integers(1, 6), max_size=most_edits)):
            editions[number] += 1
        if draw(st.booleans()):
            cancelled.add(draw(st.integers(1, 6)))
    return exports


def check_undo(exports: list[Export], order: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_database(folder / "all.db") as database:
            import_all(database, exports, folder)
            left = list(range(len(exports)))
            for place in order:
                undo_batch(database, left[place % len(left)] + 1, now=NOW)
                del left[place % len(left)]
                with open_database(folder / f"rest-{len(left)}.db") as alone:
                    import_all(alone, [exports[position] for position in left], folder)
                    assert dump(database) == dump(alone)
                assert health.find_problems(database) == ()
                if not left:
                    break


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(exports=shop_exports(("flat",)), order=st.lists(st.integers(0, 3), min_size=1, max_size=4))
def test_undo_leaves_what_the_others_alone_would_give(exports: list[Export], order: list[int]) -> None:
    check_undo(exports, order)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    exports=shop_exports(("items", "receipts"), most_edits=0),
    order=st.lists(st.integers(0, 3), min_size=1, max_size=4),
)
def test_undo_of_halves_of_a_pair_keeps_the_other_half(exports: list[Export], order: list[int]) -> None:
    check_undo(exports, order)
