"""The known exports, one file each, all of one shape.

To add a preset: copy a neighbour, name the columns that only this export has, map them to
fields, and add it to PRESETS. The most confident one wins; `generic` takes what nobody knows.
"""

from __future__ import annotations

from colmado_insights.storage.importing.presets import generic, loyverse_items, loyverse_receipts
from colmado_insights.storage.importing.presets.preset import Preset

PRESETS: tuple[Preset, ...] = (loyverse_items.PRESET, loyverse_receipts.PRESET, generic.PRESET)
