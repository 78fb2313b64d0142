"""Plain tables as CSV, for other programs: features, rejected rows, a column of names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd

from colmado_insights.domain import BadRow, day_of
from colmado_insights.errors import UnknownColumns, UnreadableFile
from colmado_insights.reports.output import write_whole
from colmado_insights.reports.report import Column, Kind, Report, Table
from colmado_insights.text import _, bad_row_reason


def write_features(features: pd.DataFrame, path: Path) -> int:
    """Write transaction features, days as dates; returns the number of rows."""
    dated = features.assign(day=[day_of(number).isoformat() for number in features["day"]])
    write_whole(path, dated.to_csv(index=False).encode("utf-8"))
    return len(features)


def write_bad_rows(rows: Sequence[BadRow], path: Path) -> int:
    """Write rows that could not become sales; returns their number."""
    header = (_("fila"), _("razón"), _("contenido"))
    cells = ((row.line, bad_row_reason(row.code), row.raw) for row in rows)
    _write_csv(header, cells, path)
    return len(rows)


def bad_rows_report(rows: Sequence[BadRow], shop_name: str, made_at: datetime) -> Report:
    """Rows that wait to be looked at, as a report of one table."""
    table = Table(
        key="rows",
        title=_("Filas por revisar"),
        columns=(
            Column(_("Fila"), Kind.COUNT, 0.5),
            Column(_("Razón"), Kind.TEXT, 1.5),
            Column(_("Contenido"), Kind.TEXT, 5.0),
        ),
        rows=tuple((row.line, bad_row_reason(row.code), row.raw) for row in rows),
    )
    return Report(_("Filas por revisar"), "", shop_name, made_at, (table,))


def _write_csv(header: Sequence[str], rows: Iterable[Sequence[object]], path: Path) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    # With the mark at its start Excel reads the accents right.
    write_whole(path, text.getvalue().encode("utf-8-sig"))


def read_column(path: Path, column: str | None) -> list[str]:
    """The cells of one column of a CSV file, the first one when none is named.

    Raises
    ------
    UnreadableFile, UnknownColumns
        The file is no CSV in UTF-8, or has no such column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
            names = list(rows[0]) if rows else []
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        raise UnreadableFile(
            _("No se pudo leer «{file}» como CSV.").format(file=path.name), _("Guárdalo como CSV UTF-8.")
        ) from exc
    wanted = column or (names[0] if names else "")
    if wanted not in names:
        raise UnknownColumns(
            _("«{file}» no tiene la columna «{column}».").format(file=path.name, column=wanted),
            _("Sus columnas son: {names}.").format(names=", ".join(names)),
        )
    return [row[wanted] or "" for row in rows]
