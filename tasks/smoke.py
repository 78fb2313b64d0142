"""Try a built program as a newcomer's PC would have it: `python -m tasks.smoke [FOLDER]` (`poe build` does too).

The folder is copied to a path with accents and spaces and cannot be written; the home is empty, the environment bare,
the network cut. The window program opens everything once, the console program does the main job, and what it answers
must be what the source answers. Anything else that is said, left behind or changed is a problem. What this machine
cannot withhold (say, the network on Windows) is told, not passed over.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from colmado_insights import __version__

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "dist" / "ColmadoInsights"
IS_WINDOWS = sys.platform == "win32"
SUFFIX = ".exe" if IS_WINDOWS else ""
MOST_MB = 260 if IS_WINDOWS else 480
"""What the folder may weigh; Linux brings along what Windows has: libpython, X11, the system's vault, a larger Qt."""
PATIENCE_SECONDS = 400
LEAST_VIEWS, LEAST_RECEIPTS = 80, 1000
"""What the window must have opened and brought in at least, or else it has not tried everything."""
DEMO_DAYS, LAST_DAY = "120", "2026-10-31"
TILL_FILES = (
    "odoo/merged/pos.order.xlsx", "nasty/24-other-names/a.ods", "nasty/24-other-names/hoja.xls",
    "nasty/24-objects-on-lines/ventas.jsonl", "nasty/24-pages/html.xls", "ecf/emitidos/131000001E310000000001.xml",
)  # fmt: skip
"""A file of each kind that another library reads, of tests/data."""
NOBODY = 65534
TROUBLE = re.compile(r"^\S+ \S+ (WARNING|ERROR|CRITICAL) |ModuleNotFoundError|ImportError|FileNotFoundError")
"""In a log: a warning, or what did not come along with the program and was done without."""
DEAD_PORT = "http://127.0.0.1:9"
DROPPED = ("PYTHON", "VIRTUAL_ENV", "PIP_", "QT_", "COLMADO", "XAI_", "CONDA", "DISPLAY", "LC_")


@dataclass
class Newcomer:
    """Where the program lies for the trial, how it is started there, and what could not be withheld from it."""

    program: Path
    home: Path
    command: tuple[str, ...]  # what stands before the program
    environment: dict[str, str]
    unchecked: list[str] = field(default_factory=list)

    def run(self, name: str, *arguments: str, **more: str) -> Said:
        """Run one of the two programs; `more` are further variables of its environment."""
        command = [*self.command, str(self.program / f"{name}{SUFFIX}"), *arguments]
        return run(command, self.home, self.environment | more)


@dataclass(frozen=True)
class Said:
    """What a program has answered."""

    status: int
    output: str
    complaint: str
    seconds: float

    def troubles(self, status: int = 0) -> Iterator[str]:
        """Why this is no clean run that ends with `status`."""
        if self.status != status:
            yield f"exit status {self.status} instead of {status}"
        if "Traceback" in self.complaint or (status == 0 and self.complaint.strip()):
            yield f"complains: {self.complaint.strip()}"
        if status and len(self.complaint.strip()) < 20:
            yield "does not say what is wrong"


@dataclass(frozen=True)
class Step:
    """One line of the table."""

    name: str
    seconds: float
    problems: tuple[str, ...]
    told: str = ""


def main(arguments: Sequence[str]) -> int:
    """Try the folder and print what was found; 1 when anything is off."""
    folder = Path(arguments[0] if arguments else PROGRAM).resolve()
    if missing := [
        name for name in ("ColmadoInsights", "colmado") if not (folder / f"{name}{SUFFIX}").is_file()
    ]:
        print(f"no built program in {folder}: {' and '.join(missing)} missing", file=sys.stderr)
        return 1
    with move_in(folder) as newcomer, ThreadPoolExecutor(2) as both:
        before = files_of(newcomer.program)
        window = both.submit(lambda: [try_window(newcomer)])
        steps = [weigh(folder), *try_console(newcomer), *window.result()]
        steps.append(
            Step("left as it was", 0, (*changes(before, files_of(newcomer.program)), *leftovers(newcomer)))
        )
    for step in steps:
        print(f"{step.name:28}{step.seconds:7.1f} s  {'FAILED' if step.problems else 'ok':7} {step.told}")
    for words in newcomer.unchecked:
        print(f"not checked: {words}")
    problems = [f"{step.name}: {problem}" for step in steps for problem in step.problems]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"smoke test {'failed' if problems else 'passed'}")
    return 1 if problems else 0


# ── the newcomer's PC ──


@contextmanager
def move_in(folder: Path) -> Iterator[Newcomer]:
    """Copy the program to where it cannot write, beside an empty home; all of it goes afterwards."""
    base = Path(tempfile.mkdtemp(prefix="colmado-"))
    base.chmod(0o755)
    program = base / "Doña Ñáñez" / "Colmado Insights"
    home, scratch = base / "José Peña y Muñoz", base / "Año nuevo"
    for own in (home, scratch):
        own.mkdir()
        own.chmod(0o777)  # whoever runs the program, it is theirs
    is_root = not IS_WINDOWS and os.geteuid() == 0
    shutil.copytree(folder, program, symlinks=True, copy_function=link if is_root else shutil.copy2)
    command = find_command(is_root)
    newcomer = Newcomer(program, home, command, bare_environment(home, scratch))
    if "unshare" not in command:
        newcomer.environment |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), DEAD_PORT)
        newcomer.unchecked.append("that it needs no network: only its proxies were led astray")
    close(program)
    if can_write(newcomer):
        newcomer.unchecked.append("that its folder may be read-only: this user can write anywhere")
    try:
        yield newcomer
    finally:
        open_again(program)
        shutil.rmtree(base, ignore_errors=True)


def link(source: str, target: str) -> None:
    """A hard link, or a copy where the two lie on different disks. Its rights are the original's: not to be changed."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def find_command(is_root: bool) -> tuple[str, ...]:
    """What keeps a program off the network, and root from being root; as much of it as this machine allows."""
    if IS_WINDOWS:
        return ()
    nobody = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")
    choices = [("unshare", "-n", *nobody), nobody] if is_root else [("unshare", "-c", "-n", "--")]
    for command in choices:
        with suppress(OSError):
            if subprocess.run([*command, "true"], capture_output=True).returncode == 0:
                return command
    return ()


def bare_environment(home: Path, scratch: Path) -> dict[str, str]:
    """The variables of a PC on which nobody develops anything."""
    if not IS_WINDOWS:
        return {"HOME": str(home), "TMPDIR": str(scratch), "PATH": "/usr/bin:/bin", "LANG": "C"}
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(DROPPED)}
    system = os.environ.get("SYSTEMROOT", r"C:\Windows")
    local = home / "AppData" / "Local"
    own = {"USERPROFILE": home, "LOCALAPPDATA": local, "TEMP": scratch, "TMP": scratch}
    # Windows asks its own register for the user's folders, not the environment.
    own["COLMADO_HOME"] = local / "ColmadoInsights"
    return kept | {name: str(path) for name, path in own.items()} | {"PATH": rf"{system}\System32;{system}"}


def close(program: Path) -> None:
    """Take away the right to write in the folder; where root does not own it alone, of each file too."""
    if IS_WINDOWS:
        subprocess.run(["icacls", str(program), "/deny", "*S-1-1-0:(OI)(CI)(WD,AD,DC)"], capture_output=True)
    elif os.geteuid():
        for path in [program, *program.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & 0o555)


def open_again(program: Path) -> None:
    """Give the rights back, so that the folder can be removed."""
    if IS_WINDOWS:
        subprocess.run(["icacls", str(program), "/remove:d", "*S-1-1-0"], capture_output=True)
    elif os.geteuid():
        for path in [program, *(path for path in program.rglob("*") if path.is_dir())]:
            path.chmod(0o755)


def can_write(newcomer: Newcomer) -> bool:
    """Whether the program could write beside itself, tried as it would."""
    probe = newcomer.program / "_internal" / "probe"
    if IS_WINDOWS:
        with suppress(OSError):
            probe.touch()
    else:
        run([*newcomer.command, "touch", str(probe)], newcomer.home, newcomer.environment)
    is_there = probe.exists()
    probe.unlink(missing_ok=True)
    return is_there


# ── the trials ──


def weigh(folder: Path) -> Step:
    """How big the folder is, and what makes it so."""
    megabytes = size_of(folder) / 1e6
    parts = sorted(
        (
            (size_of(path) / 1e6, path.name)
            for path in (folder / "_internal").iterdir()
            if not path.is_symlink()
        ),
        reverse=True,
    )
    told = f"{megabytes:.0f} MB: " + ", ".join(f"{name} {size:.0f}" for size, name in parts[:8])
    too_big = f"{megabytes:.0f} MB; it may weigh {MOST_MB} MB"
    return Step("size", 0, (too_big,) if megabytes > MOST_MB else (), told)


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; links count nothing."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink())


def try_window(newcomer: Newcomer) -> Step:
    """The window program opens everything once, by itself, and says nothing."""
    log = newcomer.home / "smoke.json"
    said = newcomer.run("ColmadoInsights", "--smoke", "--smoke-log", str(log))
    problems = list(said.troubles())
    problems += [f"says: {line}" for line in said.output.splitlines() if line.strip()]
    told: dict[str, Any] = {}
    if log.is_file():
        told = json.loads(log.read_text(encoding="utf-8"))
        problems += [line for line in told["problems"] if line not in said.complaint]
        if told["views"] < LEAST_VIEWS or told["receipts"] < LEAST_RECEIPTS:
            problems.append(f"opened {told['views']} views on {told['receipts']} receipts only")
    else:
        problems.append("did not say how it went")
    times = ", ".join(f"{name} {seconds}" for name, seconds in told.get("seconds", {}).items())
    return Step("window: --smoke", said.seconds, tuple(problems), f"{told.get('views', 0)} views; {times}")


def try_console(newcomer: Newcomer) -> Iterator[Step]:
    """The console program does the main job; its answers are the source's."""
    files = newcomer.home / "archivos de la caja"
    yield ask(newcomer, "--version", must=lambda said: __version__ in said.output)
    yield ask(newcomer, "--help", must=lambda said: "import" in said.output and "forecast" in said.output)
    yield ask(newcomer, "demo", "--days", DEMO_DAYS, "--as-of", LAST_DAY, "--out", str(files))
    with tempfile.TemporaryDirectory() as source:
        sales = [*map(str, sorted(files.glob("receipts*.csv")))]
        sales += [str(ROOT / "tests" / "data" / name) for name in TILL_FILES]
        for words in (
            ("import", *take_along(sales, newcomer.home), "--json"),
            ("summary", "--json"),
            ("segments", "--json", "--as-of", LAST_DAY),
            ("forecast", "--json", "--as-of", LAST_DAY),
        ):
            yield compare(newcomer, Path(source), *words)
    for kind, name in (("daily", "el día.xlsx"), ("segments", "los segmentos.pdf")):
        report = newcomer.home / name
        yield ask(
            newcomer, "report", kind, "--out", str(report), must=lambda _said, path=report: is_whole(path)
        )
    yield ask(newcomer, "backup")
    unreached = {"XAI_API_KEY": "not-a-key-at-all"}  # what it lacks to ask anybody stands in its log
    yield ask(
        newcomer, "grok", "--models", "--url", DEAD_PORT, must=lambda said: "US$" in said.output, **unreached
    )
    yield ask(newcomer, "import", status=2)
    bad = newcomer.home / "esto no es una caja.csv"
    bad.write_bytes(bytes(range(256)) * 20)
    yield ask(newcomer, "import", str(bad), status=1)


def ask(
    newcomer: Newcomer,
    *words: str,
    status: int = 0,
    must: Callable[[Said], bool] = lambda _said: True,
    **more: str,
) -> Step:
    """One command of the console program; what it answers `must` be so."""
    said = newcomer.run("colmado", *words, **more)
    problems = list(said.troubles(status))
    if not must(said):
        problems.append(f"did not do it; it said: {said.output.strip()[:500]}")
    return Step(f"colmado {' '.join(words[:2])}"[:27], said.seconds, tuple(problems))


def compare(newcomer: Newcomer, source: Path, *words: str) -> Step:
    """A command of the console program answers what the source answers."""
    db = ("--db", "caja.db")
    said = newcomer.run("colmado", *words, *db)
    environment = os.environ | {"COLMADO_HOME": str(source), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    expected = run(
        [sys.executable, "-m", "colmado_insights.cli", *words, "--db", str(source / db[1])],
        newcomer.home,
        environment,
    )
    problems = [*said.troubles(), *(f"the source {trouble}" for trouble in expected.troubles())]
    if not problems:
        problems += differences(json.loads(said.output), json.loads(expected.output))
    return Step(
        f"colmado {words[0]} --json",
        said.seconds,
        tuple(problems),
        f"as the source ({expected.seconds:.1f} s)",
    )


def take_along(files: Sequence[str], home: Path) -> list[str]:
    """Copies of files that lie elsewhere, in the newcomer's home."""
    taken = []
    for number, file in enumerate(files):
        target = home / f"{number} {Path(file).name}"
        shutil.copyfile(file, target)
        taken.append(str(target))
    return taken


def differences(have: Any, want: Any, place: str = "") -> Iterator[str]:
    """Where two answers differ; fractions may in their last digits."""
    if isinstance(have, dict) and isinstance(want, dict) and have.keys() == want.keys():
        for name in want:
            yield from differences(have[name], want[name], f"{place}.{name}")
    elif isinstance(have, list) and isinstance(want, list) and len(have) == len(want):
        for number, (one, other) in enumerate(zip(have, want, strict=True)):
            yield from differences(one, other, f"{place}[{number}]")
    elif isinstance(have, float) and isinstance(want, float):
        if not math.isclose(have, want, rel_tol=1e-6, abs_tol=1e-9):
            yield f"{place} is {have}, of the source {want}"
    elif have != want:
        yield f"{place} is {str(have)[:200]}, of the source {str(want)[:200]}"


def is_whole(path: Path) -> bool:
    """Whether a report was written to its end."""
    if path.suffix == ".xlsx":
        return zipfile.is_zipfile(path) and "xl/workbook.xml" in zipfile.ZipFile(path).namelist()
    return (
        path.is_file()
        and path.read_bytes().startswith(b"%PDF-")
        and path.read_bytes().rstrip().endswith(b"%%EOF")
    )


# ── what is left ──


def files_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file of a folder."""
    stats = {path: path.lstat() for path in folder.rglob("*")}
    return {
        str(path.relative_to(folder)): (stat.st_size, stat.st_mtime_ns)
        for path, stat in stats.items()
        if not path.is_dir() or path.is_symlink()
    }


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What a program has done to its own folder."""
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            what = "wrote" if name not in before else "removed" if name not in after else "changed"
            yield f"{what} {name} in its own folder"


def leftovers(newcomer: Newcomer) -> Iterator[str]:
    """Files forgotten among the temporary ones, and trouble in its log."""
    scratch = Path(newcomer.environment["TEMP" if IS_WINDOWS else "TMPDIR"])
    yield from (f"left {path.name} among the temporary files" for path in scratch.iterdir())
    for log in newcomer.home.rglob("colmado-insights.log"):
        for line in log.read_text(encoding="utf-8").splitlines():
            if TROUBLE.search(line):
                yield f"logged: {line}"


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Said:
    """Run a command and wait; one that does not end has the status −1."""
    start = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, stdin=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Said(-1, "", f"not done after {PATIENCE_SECONDS} s", time.monotonic() - start)
    return Said(done.returncode, words_of(done.stdout), words_of(done.stderr), time.monotonic() - start)


def words_of(said: bytes) -> str:
    """What a program said, in UTF-8 or, as Windows' programs do in a pipe, in the system's old code page."""
    try:
        return said.decode("utf-8")
    except UnicodeDecodeError:
        return said.decode("cp1252", errors="replace")


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a Windows terminal may lack a letter
    sys.exit(main(sys.argv[1:]))
