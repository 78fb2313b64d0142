"""Everything once in an empty shop, as its owner would do it; what is not as it should be, in a line each."""

from __future__ import annotations

import importlib
import io
import json
import logging
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDialogButtonBox

from colmado_insights import logs, sample_shop, vault
from colmado_insights.domain import SaleKind
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages.customers import CustomersPage
from colmado_insights.ui.pages.products import ProductsPage
from colmado_insights.ui.pages.reports import ReportsPage
from colmado_insights.ui.tasks import Lane, Tasks
from colmado_insights.ui.walk import wait_until_calm, walk

DAYS = 60
LOOKS = (("es", "light", "Cancelar"), ("en", "dark", "Cancel"))
"""In which the pages are opened, and what Qt's own button must say then."""
REPORTS = (("segments", ".xlsx"), ("day", ".pdf"), ("day", ".png"))


@dataclass
class SmokeReport:
    """What was tried, how long each step took, and all that was not as it should be."""

    problems: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    receipts: int = 0
    views: int = 0

    def write(self, path: Path) -> None:
        """Write it as JSON: the windowed program on Windows has no terminal to say it in."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step; one that breaks is a problem, and the next one has its turn."""
        start = time.monotonic()
        try:
            yield
        except Exception as error:  # noqa: BLE001 - told with all the others
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            self.problems.append(f"{name}: {type(error).__name__}: {error} ({where})")
        self.seconds[name] = round(time.monotonic() - start, 2)


class _Ear(logging.Handler):
    """Takes every warning of a log for a problem."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        """A warning, or worse."""
        self._heard.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@contextmanager
def listening(report: SmokeReport) -> Iterator[None]:
    """Whatever is logged as a warning or worse, warned of by Python or printed meanwhile is a problem."""
    ear, said, streams = _Ear(report.problems), io.StringIO(), (sys.stdout, sys.stderr)
    listened = [logging.getLogger(), logging.getLogger(logs.ROOT)]
    for logger in listened:
        logger.addHandler(ear)
    logging.captureWarnings(True)
    sys.stdout = sys.stderr = said
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams
        logging.captureWarnings(False)
        for logger in listened:
            logger.removeHandler(ear)
        report.problems += [f"said: {line}" for line in said.getvalue().splitlines() if line.strip()]


def try_everything(window: MainWindow, tasks: Tasks, report: SmokeReport) -> None:
    """Bring sales in, do what is done by itself, open every page in both languages, and write reports."""
    window.show()
    window.load_foot()
    with report.step("import"):
        _bring_sales(window, tasks, report)
    with report.step("jobs"):
        _do_jobs(window, tasks)
    for language, theme, cancel in LOOKS:
        with report.step(f"pages {language} {theme}"):
            window.change_settings(replace(window.settings, language=language, theme=theme))
            wait_until_calm(tasks)
            _open_pages(window, tasks, report)
            report.problems += _qt_troubles(cancel)
    with report.step("reports"):
        _write_reports(window, tasks, report)
    with report.step("vault"):
        report.problems += _vault_troubles()
    window.close()


def _bring_sales(window: MainWindow, tasks: Tasks, report: SmokeReport) -> None:
    """A till's files by way of the page that reads them, then its lists; the sums must be the till's own."""
    now = window.context.clock()
    sample = sample_shop.generate(
        sample_shop.read_parameters(), last_day=now.date(), days=DAYS, until=now.time()
    )
    with tempfile.TemporaryDirectory() as name:
        imports = window.open_imports()
        imports.bring_files(sample_shop.write_loyverse(sample, Path(name)))
        wait_until_calm(tasks)
        imports.waiting.bring.click()
        wait_until_calm(tasks)
        for kind, path in zip(
            (ProductsPage, CustomersPage), sample_shop.write_lists(sample, Path(name)), strict=True
        ):
            page: Any = window.open_page(kind.NAME)
            page.import_list(path)
            wait_until_calm(tasks)
    receipts, _lines = sample.sales
    summary = window.context.shop.read_summary()
    report.receipts = summary.receipts
    sold = int((receipts["kind"] == SaleKind.SALE).sum()), int(receipts["total_cents"].sum())
    if (summary.receipts, summary.revenue_cents) != sold:
        got = (summary.receipts, summary.revenue_cents)
        report.problems.append(f"import: {got} receipts and cents were brought in, the till has {sold}")


def _do_jobs(window: MainWindow, tasks: Tasks) -> None:
    """What the window does by itself while nobody waits for it."""
    shop, now = window.context.shop, window.context.clock()
    tasks.run(
        lambda progress: shop.refresh(progress, now=now), owner=window, key="jobs", lane=Lane.JOB,
        done=lambda _done: None,
    )  # fmt: skip
    wait_until_calm(tasks)


def _open_pages(window: MainWindow, tasks: Tasks, report: SmokeReport) -> None:
    seen: list[str] = []
    troubled = walk(window, tasks, lambda name, _widget: seen.append(name))
    report.views += len(seen)
    report.problems += [f"page {name} stands without a result" for name in troubled]


def _qt_troubles(cancel: str) -> Iterator[str]:
    """Qt's own words are in the program's language, and its numbers are written as the country writes them."""
    standard = QDialogButtonBox.StandardButton.Cancel
    box = QDialogButtonBox(standard)
    said = box.button(standard).text().replace("&", "")
    if said != cancel:
        yield f"Qt's button says {said!r}, not {cancel!r}: its translation is not loaded"
    if (written := QLocale().toString(1234.5, "f", 2)) != "1,234.50":
        yield f"Qt writes 1,234.50 as {written!r} ({QLocale().name()})"


def _write_reports(window: MainWindow, tasks: Tasks, report: SmokeReport) -> None:
    for kind, suffix in REPORTS:
        window.write_report(kind, suffix)
        wait_until_calm(tasks)
    page = window.open_page(ReportsPage.NAME)
    assert isinstance(page, ReportsPage)
    for _kind, suffix in REPORTS:
        written = list(page.folder.glob(f"*{suffix}"))
        if not written or not all(map(is_whole, written)):
            report.problems.append(f"the {suffix} report was not written, or is not whole")


def is_whole(path: Path) -> bool:
    """Whether a report can be opened: what it is made of is there from its first to its last byte."""
    content = path.read_bytes()
    if path.suffix == ".xlsx":
        return zipfile.is_zipfile(path) and "xl/worksheets/sheet1.xml" in zipfile.ZipFile(path).namelist()
    if path.suffix == ".pdf":
        return content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    return content.startswith(b"\x89PNG") and b"IEND" in content[-12:]


def _vault_troubles() -> Iterator[str]:
    """The way to the system's vault came along with the program; whether there is one is the PC's affair."""
    kind = vault.kind()
    if not kind or (sys.platform == "win32" and kind != "keyring.backends.Windows"):
        yield f"the vault of this PC is not found ({kind or 'keyring is missing'})"
    if sys.platform == "linux":
        importlib.import_module("secretstorage")
