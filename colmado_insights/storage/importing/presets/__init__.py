"""The known exports, one file each, of two shapes.

A table preset maps the columns of one table; a structured one (JSON, XML, a till's database,
several dumps that join) makes rows in our own field names. The most confident one wins;
`generic` takes what nobody knows.

To add a preset: copy a neighbour of the same shape, and add it to PRESETS or STRUCTURED (and to
GROUPED when an export is spread over several files that must be read together).
"""

from __future__ import annotations

from colmado_insights.storage.importing.presets import (
    aronium,
    dexie,
    ecf,
    eleventa,
    erpnext,
    generic,
    loyverse_items,
    loyverse_receipts,
    odoo,
    shopify,
    square,
    square_transactions,
    unicenta,
    vend,
)
from colmado_insights.storage.importing.presets.preset import Preset, Structured

PRESETS: tuple[Preset, ...] = (loyverse_items.PRESET, loyverse_receipts.PRESET, generic.PRESET)

STRUCTURED: tuple[Structured, ...] = (
    aronium,
    dexie,
    ecf,
    eleventa,
    erpnext,
    odoo,
    shopify,
    square,
    square_transactions,
    unicenta,
    vend,
)
GROUPED = frozenset({ecf.NAME, eleventa.NAME, unicenta.NAME})
"""Exports of several files that are read together."""

NAMES: tuple[str, ...] = (*(preset.name for preset in PRESETS), *(preset.NAME for preset in STRUCTURED))
"""What a preset may be asked for by."""
