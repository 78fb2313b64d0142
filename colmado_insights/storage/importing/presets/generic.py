"""Any table of sales whose columns can be guessed from their headers, types and sums."""

from __future__ import annotations

from colmado_insights.storage.importing.mapping import guess_mapping
from colmado_insights.storage.importing.presets.preset import Preset

PRESET = Preset(
    "generic",
    recognise=lambda _header, _rows: 0.1,
    map_columns=lambda header, rows, file_name: guess_mapping(header, rows, file_name=file_name),
)
