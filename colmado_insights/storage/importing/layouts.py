"""What the owner said that the columns of a layout mean, remembered by its header."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Known
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from colmado_insights.domain import MappingChoice, wall_seconds
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.fields import AmountRule, Field, Mapping
from colmado_insights.storage.importing.moments import DateStyle
from colmado_insights.storage.importing.vocabulary import fold_header

if TYPE_CHECKING:
    from sqlite3 import Connection

Layouts = Known[str, MappingChoice]


def layout_key(header: Sequence[str]) -> str:
    """What tells one layout from another: its headers, however they are accented or spaced."""
    folded = "\x1f".join(fold_header(cell) for cell in header)
    return hashlib.blake2b(folded.encode(), digest_size=16).hexdigest()


def read_layouts(database: Database) -> Layouts:
    """All layouts that the owner explained."""
    rows = database.read("SELECT header_key, choice FROM layout")
    return {key: msgspec.json.decode(choice, type=MappingChoice) for key, choice in rows}


def write_layout(connection: Connection, header: Sequence[str], choice: MappingChoice, now: datetime) -> None:
    """Remember a choice for every later file of the same layout."""
    connection.execute(
        "INSERT OR REPLACE INTO layout (header_key, choice, used_at) VALUES (?, ?, ?)",
        (layout_key(header), msgspec.json.encode(choice).decode(), wall_seconds(now)),
    )


def chosen_mapping(choice: MappingChoice) -> Mapping:
    """The mapping that a choice stands for."""
    return Mapping(
        columns={Field(name): place for name, place in choice.columns.items()},
        dates=DateStyle(choice.date_order, has_time=True),
        decimal=choice.decimal,
        amount=AmountRule(choice.amount),
        confidence=1.0,
        reasons=(),
    )
