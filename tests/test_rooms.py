"""The house rules a machine can check: direction of imports, signs on the doors, what each room may use."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "colmado_insights"

HEAVY = (
    "sklearn",
    "statsmodels",
    "matplotlib",
    "openpyxl",
    "xlsxwriter",
    "reportlab",
    "holidays",
    "scipy.stats",
    "httpx",
    "keyring",
)
"""Libraries imported only inside the functions that need them, so that the window opens fast."""

ONLY_IN = {
    ("PySide6", "shiboken6"): ("ui/", "app.py"),
    ("sqlite3", "sqlcipher3", "sqlite_utils"): ("storage/",),
    ("httpx", "requests", "urllib.request", "socket", "http", "ftplib", "smtplib"): (
        "grok.py",
        "receiver.py",
        "updates/online.py",
    ),
    ("keyring",): ("vault.py",),
    ("matplotlib",): ("charts/", "reports/", "ui/widgets/chart"),
}
"""Libraries that belong to one room; paths start as written here."""

REFUSED_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "base", "core"}
GLOBAL_FILTERS = {"warnings.filterwarnings", "warnings.simplefilter", "pd.set_option", "pd.options"}
CLOCK_CALLS = {"now", "today", "utcnow", "time", "localtime", "gmtime"}
CLOCKS = {"datetime", "date", "time", "Timestamp", "pd"}


@dataclass(frozen=True)
class Module:
    """What the rules look at in one module."""

    room: str  # its place in the package, such as `ui/tasks.py`
    sign: str | None
    imports: frozenset[str]  # dotted names, wherever they are brought in
    hidden_imports: frozenset[str]  # those brought in within a function
    attributes: frozenset[str]  # every dotted name
    prints: tuple[int, ...]  # lines
    clock_calls: tuple[int, ...]


@cache
def modules() -> tuple[Module, ...]:
    """All modules, read once for all rules."""
    return tuple(map(read, sorted(PACKAGE.rglob("*.py"))))


def read(path: Path) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    nodes = list(ast.walk(tree))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return Module(
        room=path.relative_to(PACKAGE).as_posix(),
        sign=ast.get_docstring(tree),
        imports=frozenset(name for node in nodes for name in imported(node)),
        hidden_imports=frozenset(name for node in in_functions(nodes) for name in imported(node)),
        attributes=frozenset(dotted(node) for node in nodes if isinstance(node, ast.Attribute)),
        prints=tuple(call.lineno for call in calls if dotted(call.func) == "print"),
        clock_calls=tuple(call.lineno for call in calls if asks_the_clock(call)),
    )


def imported(node: ast.AST) -> Iterator[str]:
    """Dotted names that an import statement brings in."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def in_functions(nodes: list[ast.AST]) -> Iterator[ast.AST]:
    """Every node that stands inside a function."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from (inner for inner in ast.walk(node) if inner is not node)


def dotted(node: ast.AST) -> str:
    """`pd.options` as it is written; what stands before is left out when it is no name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def asks_the_clock(call: ast.Call) -> bool:
    *_before, clock, what = ("", *dotted(call.func).split("."))
    return what in CLOCK_CALLS and clock in CLOCKS and not call.args


def belongs_to(name: str, library: str) -> bool:
    return name == library or name.startswith(f"{library}.")


def test_imports_go_one_way() -> None:
    check = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-X", "utf8", "-c", check, "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_have_a_sign_on_their_door() -> None:
    assert len(modules()) > 400
    assert not [each.room for each in modules() if not each.sign]


def test_all_are_named_after_a_thing() -> None:
    for path in (Path(each.room) for each in modules()):
        assert not {path.stem, path.parent.name} & REFUSED_NAMES, path
        assert path.stem in ("__init__", "__main__") or path.stem not in sys.stdlib_module_names, path


def test_libraries_stay_in_their_rooms() -> None:
    assert not [
        f"{each.room}: {name} belongs to {' '.join(rooms)}"
        for each in modules()
        for libraries, rooms in ONLY_IN.items()
        if not each.room.startswith(rooms)
        for name in sorted(each.imports)
        if any(belongs_to(name, library) for library in libraries)
    ]


def test_our_own_modules_are_imported_at_the_top() -> None:
    assert not [
        f"{each.room}: {name}"
        for each in modules()
        for name in each.hidden_imports
        if name.startswith("colmado_insights")
    ]


def test_prints_only_on_the_command_line() -> None:
    assert not [
        f"{each.room}:{line}"
        for each in modules()
        for line in each.prints
        if not each.room.startswith("cli/")
    ]


def test_uses_neither_pyplot_nor_global_filters() -> None:
    for each in modules():
        assert not any(belongs_to(name, "matplotlib.pyplot") for name in each.imports), each.room
        assert not each.attributes & GLOBAL_FILTERS or "warnings.catch_warnings" in each.attributes, each.room


def test_analytics_is_told_the_day() -> None:
    assert not [
        f"{each.room}:{line}"
        for each in modules()
        if each.room.startswith("analytics/")
        for line in each.clock_calls
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f():\n    from colmado_insights import text", "hidden_imports"),
        ("import pandas as pd\npd.options.mode = 1", "attributes"),
        ("print(1)", "prints"),
        ("from datetime import datetime\nday = datetime.now().date()", "clock_calls"),
        ("import datetime\nday = datetime.date.today()", "clock_calls"),
    ],
)
def test_what_the_rules_look_at_is_seen(source: str, found: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    path = tmp_path / "module.py"
    path.write_text(source, encoding="utf-8")
    assert getattr(read(path), found)


def loaded_by(module: str, *names: str) -> list[str]:
    """Which of these libraries stand in `sys.modules` after importing our module in a new process."""
    code = f"import sys, {module}; print(*[name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_window_starts_without_heavy_libraries() -> None:
    assert not loaded_by("colmado_insights.app", *HEAVY)


def test_the_command_line_starts_without_qt_or_heavy_libraries() -> None:
    assert not loaded_by("colmado_insights.cli", "PySide6", *HEAVY)
