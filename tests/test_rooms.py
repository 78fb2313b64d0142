"""The house rules a machine can check: direction of imports, signs on the doors, what each room may use."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "colmado_insights"
MODULES = sorted(PACKAGE.rglob("*.py"))

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
    ),
    ("keyring",): ("vault.py",),
    ("matplotlib",): ("charts/", "reports/", "ui/widgets/chart"),
}
"""Libraries that belong to one room; paths start as written here."""

REFUSED_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "base", "core"}
CLOCK_CALLS = {"now", "today", "utcnow", "time", "localtime", "gmtime"}


def room(path: Path) -> str:
    """A module's place in the package, such as `ui/tasks.py`."""
    return path.relative_to(PACKAGE).as_posix()


every_module = pytest.mark.parametrize("path", MODULES, ids=room)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(node: ast.AST) -> Iterator[str]:
    """Dotted names that an import statement brings in."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def belongs_to(name: str, library: str) -> bool:
    return name == library or name.startswith(f"{library}.")


def in_functions(module: ast.Module) -> Iterator[ast.AST]:
    """Every node that stands inside a function."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from (inner for inner in ast.walk(node) if inner is not node)


def test_imports_go_one_way() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


@every_module
def test_has_a_sign_on_its_door(path: Path) -> None:
    assert ast.get_docstring(tree(path)), f"{room(path)} has no docstring"


@every_module
def test_is_named_after_a_thing(path: Path) -> None:
    assert not {path.stem, path.parent.name} & REFUSED_NAMES
    assert path.stem == "__init__" or path.stem not in sys.stdlib_module_names or path.stem == "__main__"


@every_module
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    names = {name for node in ast.walk(tree(path)) for name in imported(node)}
    strays = [
        f"{name} belongs to {' '.join(rooms)}"
        for libraries, rooms in ONLY_IN.items()
        if not room(path).startswith(rooms)
        for name in sorted(names)
        if any(belongs_to(name, library) for library in libraries)
    ]
    assert not strays


@every_module
def test_our_own_modules_are_imported_at_the_top(path: Path) -> None:
    hidden = {
        name
        for node in in_functions(tree(path))
        for name in imported(node)
        if name.startswith("colmado_insights")
    }
    assert not hidden


@every_module
def test_prints_only_on_the_command_line(path: Path) -> None:
    calls = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not calls or room(path).startswith("cli/")


@every_module
def test_uses_neither_pyplot_nor_global_filters(path: Path) -> None:
    module = tree(path)
    names = {name for node in ast.walk(module) for name in imported(node)}
    assert not any(belongs_to(name, "matplotlib.pyplot") for name in names)
    attributes = {ast.unparse(node) for node in ast.walk(module) if isinstance(node, ast.Attribute)}
    assert not attributes & {
        "warnings.filterwarnings",
        "warnings.simplefilter",
        "pd.set_option",
        "pd.options",
    } or ("warnings.catch_warnings" in attributes)


@pytest.mark.parametrize("path", sorted((PACKAGE / "analytics").glob("*.py")), ids=room)
def test_analytics_is_told_the_day(path: Path) -> None:
    calls = [
        f"line {node.lineno}: {ast.unparse(node.func)}()"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCK_CALLS
        and not node.args
        and ast.unparse(node.func.value).split(".")[-1] in {"datetime", "date", "time", "Timestamp", "pd"}
    ]
    assert not calls


def loaded_by(module: str, *names: str) -> list[str]:
    """Which of these libraries stand in `sys.modules` after importing our module in a new process."""
    code = f"import sys, {module}; print(*[name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("module", ["colmado_insights.app", "colmado_insights.cli"])
def test_starts_without_heavy_libraries(module: str) -> None:
    assert not loaded_by(module, *HEAVY)


def test_the_command_line_starts_without_qt() -> None:
    assert not loaded_by("colmado_insights.cli", "PySide6")
