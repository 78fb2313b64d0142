"""Receipts are compared with those already kept, and written where they are new or have changed.

A receipt is known by its number, kind and till and a moment within hours. What becomes of it:

* unknown: written;
* known, the same, or told with less detail: noted as seen again, and what was unknown of its
  payment, cashier and customer is filled in;
* known without lines, now with them: the lines are added;
* known and different: the version before is kept aside for undo, the new one takes its place;
* cancelled: kept aside and removed, unless the same file also holds it as good.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from colmado_insights.domain import SECONDS_A_DAY
from colmado_insights.storage import sales
from colmado_insights.storage.importing.basket import (
    Lines,
    Receipts,
    add_to_fingerprint,
    contents_of,
    group_receipts,
    is_near,
    move_fingerprint,
)
from colmado_insights.storage.importing.tally import Tally
from colmado_insights.storage.sales import MISSING

if TYPE_CHECKING:
    from sqlite3 import Connection

    from numpy.typing import NDArray

MOST_HELD = 200_000
"""Lines of changed receipts that may wait for the end of the file."""
LOOKED_UP_AT_ONCE = 10_000


class Ledger:
    """Writes the receipts of one file; lives for one transaction."""

    def __init__(
        self,
        connection: Connection,
        batch: int,
        tally: Tally,
        *,
        repeats_total: bool = False,
        is_mending: bool = False,
        is_continued: bool = False,
    ) -> None:
        self._connection = connection
        self._batch = batch
        self._tally = tally
        self._repeats_total = repeats_total
        self._is_mending = is_mending
        self._next_id = sales.next_sale_id(connection)
        # In a batch that goes on all day a number seen again is the same sale told twice, not its next lines.
        self._first_own = self._next_id if is_continued else 0
        self._held: list[Lines] = []
        self._cancelled: set[int] = set()
        self._lowest, self._highest = connection.execute(
            "SELECT coalesce(min(number_key), 0), coalesce(max(number_key), -1) FROM sale"
        ).fetchone()

    def write(self, lines: Lines) -> None:
        """Take the receipts of a piece of the file.

        One that differs from what is kept may be a part whose other lines stand further down
        the file; it waits for the end before it counts as changed.
        """
        self._write(lines, is_whole=False)
        if sum(map(len, self._held)) > MOST_HELD:
            self._write_held()

    def finish(self) -> None:
        """Write what waited for the end of the file, and remove what was cancelled."""
        self._write_held()
        self._remove_cancelled()

    def _write_held(self) -> None:
        held, self._held = self._held, []
        if held:
            lines = held[0]
            for more in held[1:]:
                lines = lines.followed_by(more)
            self._write(lines, is_whole=True)

    def _write(self, lines: Lines, *, is_whole: bool) -> None:
        if not len(lines):
            return
        receipts = group_receipts(lines, repeats_total=self._repeats_total)
        known = self._find_known(receipts)
        verdict = _Verdict.of(receipts, known, self._batch, self._first_own)
        if not is_whole:
            waits = verdict.is_changed | verdict.gains_lines
            if waits.any():
                at, _within = receipts.positions(waits)
                self._held.append(receipts.lines.take(at))
                verdict = verdict.without(waits)
        self._count(receipts, verdict)
        self._see_again(known, verdict.is_same)
        self._fill(receipts, known, verdict.is_fuller)
        self._add_lines(receipts, known, verdict.gains_lines)
        if self._is_mending:
            self._extend(receipts, known, verdict.is_changed)
        else:
            self._replace(receipts, known, verdict.is_changed)
        self._insert_new(receipts, known, verdict.is_new)
        for position in np.flatnonzero(verdict.is_more).tolist():
            self._append(receipts, position, int(known.sale_id[position]))
        self._note_cancelled(receipts, known, verdict.is_void)
        self._touch(receipts.sold_at[verdict.is_written])
        self._lowest = int(min(self._lowest, receipts.key.min()))
        self._highest = int(max(self._highest, receipts.key.max()))

    def _count(self, receipts: Receipts, verdict: _Verdict) -> None:
        tally = self._tally
        tally.voided += receipts.rows_of(verdict.is_void)
        tally.unchanged += receipts.rows_of(verdict.is_same & ~verdict.is_fuller)
        tally.replaced += receipts.rows_of(verdict.is_fuller | verdict.gains_lines | verdict.is_changed)
        tally.new += receipts.rows_of(verdict.is_new | verdict.is_more)
        tally.receipts_new += int(verdict.is_new.sum())
        tally.revenue_cents += int(receipts.total[verdict.is_new].sum())
        if not self._repeats_total:
            tally.revenue_cents += int(receipts.total[verdict.is_more].sum())

    def _touch(self, sold_at: NDArray[np.int64]) -> None:
        self._tally.days.update(np.unique(sold_at // SECONDS_A_DAY).tolist())

    # ── what is known ──

    def _find_known(self, receipts: Receipts) -> _Known:
        """For each receipt the kept one with its number, kind and till, sold within hours of it."""
        known = _Known.none(len(receipts))
        if receipts.key.min() > self._highest or receipts.key.max() < self._lowest:
            return known  # numbers beyond all that are kept, as in a first or a following export
        position, found = self._look_up(receipts.key)
        if not len(position):
            return known
        sold_at, kind, till, sale_id, *_rest, has_time = found
        gap = np.abs(sold_at - receipts.sold_at[position])
        is_timed = (has_time > 0) & receipts.has_time[position]
        tells_kind = ~receipts.is_void[position] | (receipts.total[position] != 0)
        fits = (
            (self._numbers_of(sale_id) == receipts.number[position])
            & is_near(sold_at, receipts.sold_at[position], is_timed)
            & ((kind == receipts.kind[position]) | ~tells_kind)
            & ((till == 0) | (receipts.till[position] == 0) | (till == receipts.till[position]))
        )
        where = np.flatnonzero(fits)
        where = where[np.argsort(gap[where], kind="stable")[::-1]]  # the nearest is written last
        known.fill(position[where], found[:, where])
        known.forget(_lesser_claims(receipts, known))
        return known

    def _look_up(self, keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Kept receipts by the keys of their numbers: positions in `keys`, and columns as `_Known` has them.

        The keys go in and the columns come out as one text each, several times faster than row by row.
        """
        columns = (
            "j.key", "sold_at", "kind", "coalesce(till_id, 0)", "sale.id", "fingerprint", "batch_id",
            "line_count", "payment", "coalesce(cashier_id, 0)", "coalesce(customer_id, 0)", "total_cents",
            "has_time",
        )  # fmt: skip
        joined = " || ',' || ".join(columns)
        pieces: list[NDArray[np.int64]] = []
        for start in range(0, len(keys), LOOKED_UP_AT_ONCE):
            wanted = json.dumps(keys[start : start + LOOKED_UP_AT_ONCE].tolist())
            (text,) = self._connection.execute(
                f"SELECT group_concat({joined}) FROM json_each(?) AS j"
                " CROSS JOIN sale ON number_key = j.value",
                (wanted,),
            ).fetchone()
            if text:
                piece = np.fromstring(text, np.int64, sep=",").reshape(-1, len(columns))
                piece[:, 0] += start
                pieces.append(piece)
        if not pieces:
            return np.empty(0, np.int64), np.empty((len(columns) - 1, 0), np.int64)
        found = np.concatenate(pieces).T
        return found[0], found[1:]

    def _numbers_of(self, sale_ids: NDArray[np.int64]) -> NDArray[np.object_]:
        """The numbers of kept receipts."""
        (text,) = self._connection.execute(
            "SELECT json_group_array(number) FROM json_each(?) AS j CROSS JOIN sale ON sale.id = j.value",
            (json.dumps(sale_ids.tolist()),),
        ).fetchone()
        return np.array(json.loads(text), dtype=object)

    # ── writing ──

    def _see_again(self, known: _Known, which: NDArray[np.bool_]) -> None:
        """Remember that this file holds these receipts too, so that they outlive the undo of another."""
        sales.write_seen(self._connection, self._batch, known.sale_id[which])

    def _fill(self, receipts: Receipts, known: _Known, which: NDArray[np.bool_]) -> None:
        """Give receipts the payment, cashier and customer that they lacked."""
        self._connection.executemany(
            f"UPDATE sale SET payment = max(payment, ?), cashier_id = coalesce(cashier_id, nullif(?, {MISSING})),"
            f" customer_id = coalesce(customer_id, nullif(?, {MISSING})) WHERE id = ?",
            zip(
                np.where(known.payment[which] > 0, 0, receipts.payment[which]).tolist(),
                _or_missing(receipts.cashier[which]).tolist(),
                _or_missing(receipts.customer[which]).tolist(),
                known.sale_id[which].tolist(),
                strict=True,
            ),
        )

    def _add_lines(self, receipts: Receipts, known: _Known, which: NDArray[np.bool_]) -> None:
        """Give receipts that came without lines theirs; who brought them before has now seen them."""
        if not which.any():
            return
        for batch in np.unique(known.batch[which]).tolist():
            sales.write_seen(self._connection, batch, known.sale_id[which & (known.batch == batch)])
        self._delete(known.sale_id[which])
        self._touch(known.sold_at[which])
        self._insert(receipts, known, which, known.sale_id[which])

    def _replace(self, receipts: Receipts, known: _Known, which: NDArray[np.bool_]) -> None:
        """Put a new version in the place of the one kept, which is set aside."""
        if not which.any():
            return
        self._delete(known.sale_id[which], archive=True)
        self._touch(known.sold_at[which])
        self._insert(receipts, known, which, known.sale_id[which])

    def _extend(self, receipts: Receipts, known: _Known, which: NDArray[np.bool_]) -> None:
        """Add to receipts the lines that were missing of them; the version before is set aside."""
        if not which.any():
            return
        sales.pick(self._connection, known.sale_id[which].tolist())
        sales.archive_picked(self._connection, self._batch)
        self._touch(known.sold_at[which])
        for position in np.flatnonzero(which).tolist():
            self._append(receipts, position, int(known.sale_id[position]))
        self._connection.execute(
            "UPDATE sale SET batch_id = ? WHERE id IN (SELECT id FROM picked)", (self._batch,)
        )

    def _insert_new(self, receipts: Receipts, known: _Known, which: NDArray[np.bool_]) -> None:
        count = int(which.sum())
        if count:
            self._insert(receipts, known, which, self._next_id + np.arange(count))
            self._next_id += count

    def _delete(self, sale_ids: NDArray[np.int64], *, archive: bool = False) -> None:
        sales.pick(self._connection, sale_ids.tolist())
        if archive:
            sales.archive_picked(self._connection, self._batch)
        sales.delete_picked(self._connection)

    def _insert(
        self, receipts: Receipts, known: _Known, which: NDArray[np.bool_], ids: NDArray[np.int64]
    ) -> None:
        """Write receipts and their lines; what the file does not say of one stays as it was known."""

        def filled(own: NDArray[np.generic], before: NDArray[np.generic]) -> NDArray[np.generic]:
            return np.where(own[which] == 0, before[which], own[which])

        sales.insert_columns(
            self._connection,
            "sale",
            {
                "id": ids,
                "batch_id": np.full(len(ids), self._batch),
                "number": receipts.number[which],
                "number_key": receipts.key[which],
                "fingerprint": receipts.fingerprint[which],
                "sold_at": receipts.sold_at[which],
                "has_time": receipts.has_time[which].astype(np.int64),
                "kind": receipts.kind[which].astype(np.int64),
                "total_cents": receipts.total[which],
                "line_count": receipts.line_count[which],
                "units_milli": receipts.units[which],
                "payment": filled(receipts.payment, known.payment),
                "till_id": _or_missing(filled(receipts.till, known.till)),
                "cashier_id": _or_missing(filled(receipts.cashier, known.cashier)),
                "customer_id": _or_missing(filled(receipts.customer, known.customer)),
            },
        )
        at, within = receipts.positions(which)
        self._insert_lines(receipts.lines.take(at), np.repeat(ids, receipts.count[which]), within)

    def _insert_lines(self, lines: Lines, sale_ids: NDArray[np.int64], within: NDArray[np.int64]) -> None:
        real = lines.product > 0
        if not real.any():
            return
        if not real.all():
            lines, sale_ids, within = lines.take(real), sale_ids[real], within[real]
        sales.insert_columns(
            self._connection,
            "sale_line",
            {
                "sale_id": sale_ids,
                "line_no": within,
                "product_id": lines.product,
                "quantity_milli": lines.quantity,
                "amount_cents": lines.amount,
                "discount_cents": lines.discount,
                "cost_cents": lines.cost,
            },
        )

    def _append(self, receipts: Receipts, position: int, sale_id: int) -> None:
        """More lines of a receipt that this very file has begun earlier."""
        which = np.zeros(len(receipts), bool)
        which[position] = True
        at, within = receipts.positions(which)
        lines, total = receipts.lines.take(at), int(receipts.total[position])
        if self._repeats_total:
            total = 0
            lines.amount = np.zeros_like(lines.amount)
        before, fingerprint, sold_at, has_time = self._connection.execute(
            "SELECT line_count, fingerprint, sold_at, has_time FROM sale WHERE id = ?", (sale_id,)
        ).fetchone()
        if receipts.has_time[position] and not has_time:
            moment = int(receipts.sold_at[position])
            fingerprint = move_fingerprint(fingerprint, sold_at, moment)
            sold_at, has_time = moment, 1
        self._insert_lines(lines, np.full(len(at), sale_id), within + before)
        self._connection.execute(
            "UPDATE sale SET total_cents = total_cents + ?, line_count = line_count + ?,"
            " units_milli = units_milli + ?, fingerprint = ?, sold_at = ?, has_time = ?,"
            " payment = iif(payment, payment, ?),"
            " cashier_id = coalesce(cashier_id, nullif(?, 0)),"
            " customer_id = coalesce(customer_id, nullif(?, 0)) WHERE id = ?",
            (
                total, int(receipts.line_count[position]), int(receipts.units[position]),
                add_to_fingerprint(fingerprint, int(receipts.contents[position])), sold_at, has_time,
                int(receipts.payment[position]), int(receipts.cashier[position]),
                int(receipts.customer[position]), sale_id,
            ),
        )  # fmt: skip

    # ── cancelled receipts ──

    def _note_cancelled(self, receipts: Receipts, known: _Known, which: NDArray[np.bool_]) -> None:
        self._connection.executemany(
            "INSERT OR IGNORE INTO cancelled (batch_id, number, sold_at) VALUES (?, ?, ?)",
            (
                (self._batch, number, sold_at)
                for number, sold_at in zip(
                    receipts.number[which].tolist(), receipts.sold_at[which].tolist(), strict=True
                )
            ),
        )
        self._cancelled.update(known.sale_id[which & (known.sale_id > 0)].tolist())

    def _remove_cancelled(self) -> None:
        """Remove the cancelled receipts; one that this file holds as good too had only some lines cancelled."""
        if not self._cancelled:
            return
        sales.pick(self._connection, sorted(self._cancelled))
        self._connection.execute(
            "DELETE FROM picked WHERE id IN (SELECT id FROM sale WHERE batch_id = ?1)"
            " OR EXISTS (SELECT 1 FROM seen WHERE batch_id = ?1 AND id BETWEEN first_id AND last_id)",
            (self._batch,),
        )
        rows = self._connection.execute(
            "SELECT sold_at FROM sale WHERE id IN (SELECT id FROM picked)"
        ).fetchall()
        self._touch(np.array([sold_at for (sold_at,) in rows], np.int64))
        sales.archive_picked(self._connection, self._batch)
        sales.delete_picked(self._connection)


@dataclass
class _Known:
    """What is kept of each incoming receipt; sale_id 0 = nothing."""

    sold_at: NDArray[np.int64]
    kind: NDArray[np.int64]
    till: NDArray[np.int64]
    sale_id: NDArray[np.int64]
    fingerprint: NDArray[np.int64]
    batch: NDArray[np.int64]
    line_count: NDArray[np.int64]
    payment: NDArray[np.int64]
    cashier: NDArray[np.int64]
    customer: NDArray[np.int64]
    total: NDArray[np.int64]
    has_time: NDArray[np.int64]

    @classmethod
    def none(cls, n: int) -> _Known:
        """Nothing known of n receipts."""
        return cls(*(np.zeros(n, np.int64) for _column in range(12)))

    def fill(self, position: NDArray[np.int64], found: NDArray[np.int64]) -> None:
        """Write what was found; the rows of `found` stand in the order of the fields."""
        for column, values in zip(vars(self).values(), found, strict=True):
            column[position] = values

    def forget(self, position: NDArray[np.int64]) -> None:
        """Nothing is known of these receipts after all."""
        for column in vars(self).values():
            column[position] = 0


def _lesser_claims(receipts: Receipts, known: _Known) -> NDArray[np.int64]:
    """Positions of receipts that are taken for a kept one to which another of the file is nearer."""
    position = np.flatnonzero((known.sale_id > 0) & ~receipts.is_void)
    sale_id = known.sale_id[position]
    if len(np.unique(sale_id)) == len(position):
        return np.empty(0, np.int64)
    gap = np.abs(known.sold_at[position] - receipts.sold_at[position])
    order = np.lexsort((gap, sale_id))
    lesser: NDArray[np.int64] = position[order][np.diff(sale_id[order], prepend=-1) == 0]
    return lesser


@dataclass(frozen=True)
class _Verdict:
    """What each incoming receipt is to what is known; `is_fuller` is a part of `is_same`, the rest exclude each other."""

    is_void: NDArray[np.bool_]
    is_new: NDArray[np.bool_]
    is_more: NDArray[np.bool_]  # lines of a receipt that this file began
    is_same: NDArray[np.bool_]
    is_fuller: NDArray[np.bool_]
    gains_lines: NDArray[np.bool_]
    is_changed: NDArray[np.bool_]

    @classmethod
    def of(cls, receipts: Receipts, known: _Known, batch: int, first_own: int) -> _Verdict:
        """Compare receipts with what is known of them."""
        is_void = receipts.is_void
        is_known = (known.sale_id > 0) & ~is_void
        is_more = is_known & (known.batch == batch) & (known.sale_id >= first_own)
        is_old = is_known & ~is_more
        has_lines, had_lines = receipts.line_count > 0, known.line_count > 0
        pairs = (
            (receipts.payment, known.payment),
            (receipts.cashier, known.cashier),
            (receipts.customer, known.customer),
        )
        says_more = np.any([(own > 0) & (before == 0) for own, before in pairs], axis=0)
        says_other = np.any([(own > 0) & (before > 0) & (own != before) for own, before in pairs], axis=0)
        is_timed = receipts.has_time & (known.has_time > 0)
        own, kept = (
            contents_of(receipts.fingerprint, receipts.sold_at),
            contents_of(known.fingerprint, known.sold_at),
        )
        is_equal = np.where(has_lines, own == kept, receipts.total == known.total) & (
            ~is_timed | (receipts.sold_at // 60 == known.sold_at // 60)
        )
        says_more_of_time = receipts.has_time & (known.has_time == 0)
        tells_less = ~has_lines & had_lines
        gains_lines = is_old & has_lines & ~had_lines
        is_same = is_old & ~gains_lines & (tells_less | (is_equal & ~says_other & ~says_more_of_time))
        return cls(
            is_void=is_void,
            is_new=~is_known & ~is_void,
            is_more=is_more,
            is_same=is_same,
            is_fuller=is_same & says_more,
            gains_lines=gains_lines,
            is_changed=is_old & ~is_same & ~gains_lines,
        )

    @property
    def is_written(self) -> NDArray[np.bool_]:
        """Receipts that change what is kept."""
        return self.is_new | self.is_more | self.is_fuller | self.gains_lines | self.is_changed

    def without(self, which: NDArray[np.bool_]) -> _Verdict:
        """The verdict with these receipts put off."""
        return _Verdict(**{name: values & ~which for name, values in vars(self).items()})


def _or_missing(ids: NDArray[np.generic]) -> NDArray[np.int64]:
    """Ids for the database, where nobody is NULL and not 0."""
    return np.where(ids == 0, MISSING, ids).astype(np.int64)
