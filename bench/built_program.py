"""What was built, measured from outside: its first window from cold and warm, its memory at rest, its size.

python -m bench.built_program [FOLDER] [--sales FILE] [--rounds 5]

FOLDER is the program's (default dist/ColmadoInsights). With --sales the window itself brings that till's file in, by
the folder it watches, and does all that is due; without, its shop is the sample shop. From cold means that nothing of
it is kept in memory by the system, which only root on Linux can see to. The window stands when it has been painted;
the program writes that moment into its log.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psutil

from bench.figure import Figure, show
from bench.start_window import MOST_SECONDS, display
from colmado_insights.ui.first_paint import STANDS
from tasks.smoke import MOST_MB, PROGRAM, SUFFIX, size_of

MOST_MEMORY_MB = 350
PATIENCE_SECONDS = 1800.0
QUIET_SECONDS = 70.0
"""Longer than the window's minute: its timers have had their turn, and all garbage has been collected once."""
QUIET_SHARE = 0.05
"""Of one core: what a window at rest uses at most over that time."""
CACHES = Path("/proc/sys/vm/drop_caches")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=PROGRAM)
    parser.add_argument("--sales", type=Path, help="a till's file to bring in; the sample shop if not said")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder: Path = options.folder.resolve()
    show_size(folder)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, display() as shown:
        home = Path(name)
        environment = os.environ | shown | {"COLMADO_HOME": name}
        prepare(folder, home, options.sales, environment)
        show_memory(folder, home, environment, "all jobs just done")
        show_memory(folder, home, environment, "opened again")
        show_starts(folder, home, environment, options.rounds)
    return 0


def show_size(folder: Path) -> None:
    """Print how big the folder is."""
    megabytes = size_of(folder) / 1e6
    show(
        Figure(
            what="built program, size of its folder",
            ours=f"{megabytes:.0f} MB",
            target=f"≤ {MOST_MB} MB",
            met=megabytes <= MOST_MB,
        )
    )


def prepare(folder: Path, home: Path, sales: Path | None, environment: Mapping[str, str]) -> None:
    """Give the home its shop: the sample one, or a watched folder in which the till's file lies."""
    if sales is None:
        subprocess.run(
            [folder / f"colmado{SUFFIX}", "demo"], env=environment, check=True, stdout=subprocess.DEVNULL
        )
        return
    watched = home / "watched"
    watched.mkdir()
    shutil.copy(sales, watched)
    (home / "settings.json").write_text(json.dumps({"watch_folder": str(watched)}), encoding="utf-8")


@contextmanager
def opened(
    folder: Path, home: Path, environment: Mapping[str, str]
) -> Iterator[tuple[psutil.Process, float]]:
    """The window program and how many seconds passed until its window stood; it is ended afterwards."""
    log = home / "logs" / "colmado-insights.log"
    known = len(read(log))
    start = time.time()
    process = subprocess.Popen([folder / f"ColmadoInsights{SUFFIX}"], env=environment)
    try:
        while STANDS not in (told := read(log)[known:]):
            if process.poll() is not None or time.time() > start + PATIENCE_SECONDS:
                raise SystemExit(f"the window did not open; its log says:\n{told}")
            time.sleep(0.05)
        line = next(line for line in told.splitlines() if STANDS in line)
        stood = datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f").timestamp()
        yield psutil.Process(process.pid), stood - start
    finally:
        process.kill()
        process.wait()


def read(log: Path) -> str:
    """The log so far."""
    return log.read_text(encoding="utf-8") if log.exists() else ""


def show_memory(folder: Path, home: Path, environment: Mapping[str, str], when: str) -> None:
    """Print what the open window holds once everything is done and collected."""
    with opened(folder, home, environment) as (process, _seconds):
        wait_until_quiet(process)
        memory = process.memory_info() if os.name == "nt" else process.memory_full_info()
        summary = subprocess.run(
            [folder / f"colmado{SUFFIX}", "summary", "--json"],
            env=environment,
            check=True,
            capture_output=True,
        )
    receipts = json.loads(summary.stdout)["receipts"]
    # Shared libraries count by their share where the system tells it, else not at all.
    own, word = (memory.private, "private") if os.name == "nt" else (memory.pss, "PSS")
    show(
        Figure(
            what=f"built program, memory at rest with {receipts:,} receipts, {when}",
            ours=f"{own / 1e6:.0f} MB {word} (resident {memory.rss / 1e6:.0f} MB)",
            target=f"≤ {MOST_MEMORY_MB} MB",
            met=own / 1e6 <= MOST_MEMORY_MB,
        )
    )


def wait_until_quiet(process: psutil.Process) -> None:
    """Wait until the program has hardly used the processor for a while."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        before = sum(process.cpu_times()[:2])
        time.sleep(QUIET_SECONDS)
        if sum(process.cpu_times()[:2]) - before < QUIET_SHARE * QUIET_SECONDS:
            return
    raise SystemExit("the window did not come to rest")


def show_starts(folder: Path, home: Path, environment: Mapping[str, str], rounds: int) -> None:
    """Print how long the first window takes, from cold and warm."""
    cold = [seconds_to_stand(folder, home, environment) for _ in range(rounds) if forget_files()]
    warm = [seconds_to_stand(folder, home, environment) for _ in range(rounds)]
    for found, what in ((cold, "from cold"), (warm, "warm")):
        if not found:
            print(
                "from cold: not measured, only root on Linux can make the system forget the files it has read"
            )
            continue
        median, worked = (statistics.median(times) for times in zip(*found, strict=True))
        show(
            Figure(
                what=f"built program, first window {what}",
                ours=f"{median:.2f} s (worst of {len(found)}: {max(found)[0]:.2f} s; {worked:.2f} s of processor)",
                target=f"≤ {MOST_SECONDS:g} s",
                met=median <= MOST_SECONDS,
            )
        )


def seconds_to_stand(folder: Path, home: Path, environment: Mapping[str, str]) -> tuple[float, float]:
    """Start the window program once: seconds on the clock, and of the processor, which a busy PC does not change."""
    with opened(folder, home, environment) as (process, seconds):
        return seconds, sum(process.cpu_times()[:2])


def forget_files() -> bool:
    """Have the system keep no file in memory; whether it could be done."""
    if os.name == "nt" or not os.access(CACHES, os.W_OK):
        return False
    os.sync()
    CACHES.write_text("3")
    return True


if __name__ == "__main__":
    sys.exit(main())
