"""What the owner corrects of products - their category, and which of them are one - and taking it back.

No line is ever rewritten: a product that was merged points to the one it counts as, and readers
follow. Every correction is a row that can be undone in any order, as if it had never been made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from colmado_insights.domain import CATEGORY_CODE, SECONDS_A_DAY, Category, Merge, moment_of, wall_seconds
from colmado_insights.storage.catalog import drop_unmentioned
from colmado_insights.storage.changes import note_change
from colmado_insights.storage.database import Database
from colmado_insights.storage.lessons import (
    Lesson,
    Likeness,
    Nearness,
    settle,
    write_lesson,
    write_state,
)

if TYPE_CHECKING:
    from sqlite3 import Connection

_NUMBERS = "(SELECT value FROM json_each(?1))"

# ── categories ──


def write_category(database: Database, products: Sequence[int], category: Category, now: datetime) -> int:
    """Put products, and what is like them, into a category for all history and all coming imports.

    Returns the change, to undo it.
    """
    with database.transaction() as connection:
        change = _next_number(connection, "change_id", "category_change")
        chosen = connection.execute(
            "SELECT DISTINCT whole.id, whole.name"
            " FROM product AS part JOIN product AS whole ON whole.id = coalesce(part.merged_into, part.id)"
            f" WHERE part.id IN {_NUMBERS}",
            (_listed(products),),
        ).fetchall()
        taught = dict.fromkeys((key for key, _name in chosen), Nearness.ITSELF)
        for key, nearness in _like(connection, [name for _key, name in chosen]).items():
            taught.setdefault(key, nearness)
        for product, nearness in taught.items():
            lesson = Lesson(change, CATEGORY_CODE[category], wall_seconds(now), nearness)
            write_lesson(connection, product, lesson)
        forget_answers(connection, _changed_by(connection, change))
    return change


def read_taught(database: Database, change: int) -> tuple[str, ...]:
    """The names of the products that follow a correction though the owner did not choose them."""
    return tuple(
        name
        for (name,) in database.read(
            "SELECT name FROM category_change JOIN product ON product.id = product_id"
            " WHERE change_id = ? AND undone_at IS NULL AND is_inherited AND category_id = category"
            " ORDER BY is_inherited, name",
            (change,),
        )
    )


def undo_category(database: Database, change: int, now: datetime) -> None:
    """Take a correction back; later corrections of the same products stay. Twice is the same as once."""
    with database.transaction() as connection:
        touched = _changed_by(connection, change)
        rows = connection.execute(
            "SELECT id, product_id, before_category, before_source, before_confidence FROM category_change"
            " WHERE change_id = ? AND undone_at IS NULL ORDER BY id DESC",
            (change,),
        ).fetchall()
        for row, product, *before in rows:
            connection.execute(
                "UPDATE category_change SET undone_at = ? WHERE id = ?", (wall_seconds(now), row)
            )
            first = connection.execute(
                "SELECT min(id) FROM category_change WHERE product_id = ? AND undone_at IS NULL", (product,)
            ).fetchone()[0]
            if first is None:
                write_state(connection, product, (before[0], before[1], before[2]))
                continue
            if first > row:  # what stood before this correction is now what stood before the next
                connection.execute(
                    "UPDATE category_change SET before_category = ?, before_source = ?, before_confidence = ?"
                    " WHERE id = ?",
                    (*before, first),
                )
            settle(connection, product)
        forget_answers(connection, touched)
        drop_unmentioned(connection)  # what only this correction kept after its import was undone


def _like(connection: Connection, names: Iterable[str]) -> dict[int, Nearness]:
    """The shop's products that are like one of these names, and how near the nearest is."""
    likeness = Likeness(connection.execute("SELECT id, name FROM product WHERE merged_into IS NULL"))
    found: dict[int, Nearness] = {}
    for name in names:
        for key, nearness in likeness.find(name).items():
            found[key] = min(nearness, found.get(key, nearness))
    return found


def _changed_by(connection: Connection, change: int) -> list[int]:
    """The products that a correction which stands concerns."""
    return [
        product
        for (product,) in connection.execute(
            "SELECT product_id FROM category_change WHERE change_id = ? AND undone_at IS NULL", (change,)
        )
    ]


# ── merges ──


def merge_products(database: Database, kept: int, others: Sequence[int], now: datetime) -> int:
    """Let products count as one of them, in all history and all coming imports; returns the merge, to undo it.

    What is already part of it is left out; a merge of nothing changes nothing.
    """
    with database.transaction() as connection:
        merge = _next_number(connection, "id", "product_merge")
        (root,) = connection.execute(
            "SELECT coalesce(merged_into, id) FROM product WHERE id = ?", (kept,)
        ).fetchone()
        joined = [
            key
            for (key,) in connection.execute(
                f"SELECT DISTINCT coalesce(merged_into, id) FROM product WHERE id IN {_NUMBERS}",
                (_listed(others),),
            )
            if key != root
        ]
        forget_answers(connection, joined)
        connection.executemany(
            "INSERT INTO product_merge (id, kept_id, other_id, at) VALUES (?, ?, ?, ?)",
            [(merge, root, other, wall_seconds(now)) for other in joined],
        )
        _point_to_roots(connection)
    return merge


def undo_merge(database: Database, merge: int, now: datetime) -> None:
    """Part again what a merge made one; other merges stay. Twice is the same as once."""
    with database.transaction() as connection:
        others = [
            key
            for (key,) in connection.execute(
                "SELECT other_id FROM product_merge WHERE id = ? AND undone_at IS NULL", (merge,)
            )
        ]
        connection.execute(
            "UPDATE product_merge SET undone_at = ? WHERE id = ? AND undone_at IS NULL",
            (wall_seconds(now), merge),
        )
        _point_to_roots(connection)
        forget_answers(connection, others)
        drop_unmentioned(connection)


def read_merges(database: Database) -> tuple[Merge, ...]:
    """The merges that stand, newest first; several products of one merge are named together."""
    merges: dict[int, Merge] = {}
    for number, kept, other, at in database.read(
        "SELECT product_merge.id, kept.name, other.name, at FROM product_merge"
        " JOIN product AS kept ON kept.id = kept_id JOIN product AS other ON other.id = other_id"
        " WHERE undone_at IS NULL ORDER BY product_merge.id DESC, other.name"
    ):
        before = merges.get(number)
        names = f"{before.other_name}, {other}" if before else other
        merges[number] = Merge(number, kept, names, moment_of(at))
    return tuple(merges.values())


def write_not_twins(database: Database, first: int, other: int) -> None:
    """Remember that two products only look alike."""
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO not_twins (first_id, other_id) VALUES (?, ?)",
            (min(first, other), max(first, other)),
        )


def read_not_twins(database: Database) -> set[tuple[int, int]]:
    """The pairs that only look alike, smaller id first."""
    return set(database.read("SELECT first_id, other_id FROM not_twins"))


def _point_to_roots(connection: Connection) -> None:
    """Set what each merged product counts as, from the merges that stand: the end of its chain."""
    into = dict(
        connection.execute("SELECT other_id, kept_id FROM product_merge WHERE undone_at IS NULL").fetchall()
    )
    roots = []
    for other in into:
        root = into[other]
        while root in into:
            root = into[root]
        roots.append((root, other))
    connection.execute("UPDATE product SET merged_into = NULL WHERE merged_into IS NOT NULL")
    connection.executemany("UPDATE product SET merged_into = ? WHERE id = ?", roots)


# ── answers that were made before ──


def forget_answers(connection: Connection, products: Iterable[int]) -> None:
    """Drop what was computed from the categories of these products, so that it is made anew."""
    connection.execute("DROP TABLE IF EXISTS temp.resorted_day")
    connection.execute("CREATE TEMP TABLE resorted_day (day INTEGER PRIMARY KEY)")
    connection.execute(
        f"""INSERT INTO resorted_day SELECT DISTINCT sold_at / {SECONDS_A_DAY}
        FROM sale_line CROSS JOIN sale ON sale.id = sale_id
        WHERE product_id IN (
            SELECT part.id FROM product AS asked JOIN product AS part
                ON coalesce(part.merged_into, part.id) = coalesce(asked.merged_into, asked.id)
            WHERE asked.id IN {_NUMBERS})""",
        (_listed(products),),
    )
    for table in ("sale_features", "segment_assignment"):
        connection.execute(f"DELETE FROM {table} WHERE day IN (SELECT day FROM resorted_day)")
    note_change(connection, connection.execute("SELECT min(day) FROM resorted_day").fetchone()[0])


def _next_number(connection: Connection, column: str, table: str) -> int:
    return int(connection.execute(f"SELECT coalesce(max({column}), 0) + 1 FROM {table}").fetchone()[0])


def _listed(numbers: Iterable[int]) -> str:
    return json.dumps([int(number) for number in numbers])
