"""A report becomes a file: the suffix says which, and a half-written file is never left behind."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path

from colmado_insights.errors import DiskFull, FileProblem, ShopError, UnreadableFile
from colmado_insights.files import patiently
from colmado_insights.reports.excel import excel_bytes
from colmado_insights.reports.page import LETTER
from colmado_insights.reports.pdf import pdf_bytes
from colmado_insights.reports.picture import picture_bytes
from colmado_insights.reports.report import Report
from colmado_insights.text import _

log = logging.getLogger(__name__)

NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
SUFFIXES = (".xlsx", ".pdf", ".png")
"""To add a kind of file: a module with a function from a Report to bytes, and its suffix here and below."""


def write_report(report: Report, path: Path, page: str = LETTER) -> Path:
    """Write a report as Excel, PDF or a picture, by the suffix of `path`; `page` is `Letter` or `A4`."""
    match path.suffix.lower():
        case ".xlsx":
            return write_excel(report, path, page)
        case ".pdf":
            return write_pdf(report, path, page)
        case ".png":
            return write_whole(path, picture_bytes(report))
        case _:
            raise FileProblem(
                _("No sé escribir un reporte en «{name}».").format(name=path.name),
                _("Usa un nombre que termine en {suffixes}.").format(suffixes=_(" o ").join(SUFFIXES)),
            )


def write_excel(report: Report, path: Path, page: str = LETTER) -> Path:
    """Write a report as an Excel workbook."""
    return write_whole(path, excel_bytes(report, page))


def write_pdf(report: Report, path: Path, page: str = LETTER) -> Path:
    """Write a report as a PDF."""
    return write_whole(path, pdf_bytes(report, page))


def write_whole(path: Path, content: bytes) -> Path:
    """Put `content` at `path` whole or not at all; the file before it stays until the new one is there."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as trouble:
        _forget(partial)
        raise _cannot_write(path, trouble) from trouble
    try:
        patiently(lambda: os.replace(partial, path))
    except OSError as trouble:
        _forget(partial)
        raise _cannot_replace(path, trouble) from trouble
    return path


def _forget(partial: Path) -> None:
    """Take a half-written file away where that is still possible."""
    try:
        partial.unlink(missing_ok=True)
    except OSError:
        log.info("a half-written report could not be removed")


def _cannot_write(path: Path, trouble: OSError) -> ShopError:
    if trouble.errno in NO_ROOM:
        return DiskFull(
            _("No queda espacio en el disco para «{name}».").format(name=path.name),
            _("Borra archivos que ya no uses o guarda el reporte en otro disco."),
        )
    return DiskFull(
        _("No se puede escribir en la carpeta «{folder}».").format(folder=path.parent),
        _("Elige otra carpeta, por ejemplo Documentos."),
    )


def _cannot_replace(path: Path, trouble: OSError) -> ShopError:
    if path.is_dir():
        return UnreadableFile(
            _("«{name}» es una carpeta, no un archivo.").format(name=path.name),
            _("Elige otro nombre para el reporte."),
        )
    if isinstance(trouble, PermissionError):
        return UnreadableFile(
            _("«{name}» está abierto en otro programa.").format(name=path.name),
            _("Ciérralo en Excel o en el lector de PDF y vuelve a intentar."),
        )
    return _cannot_write(path, trouble)
