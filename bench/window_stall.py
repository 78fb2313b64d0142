"""How long the window does not answer while a million lines are imported, analysed and worked on by the jobs.

python -m bench.window_stall [--lines 1000000]

A heartbeat asks for its turn in the window's thread every 5 ms; the longest wait for it is the stall. The most that
the window's thread itself worked in one turn is told beside: on a PC that others keep busy, stalls are longer.
The program runs as a user has it: the file goes through the Import page, the jobs begin by themselves while
the user walks from page to page, and at last every page is opened and waited for.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figure import Figure, show
from bench.million import LINES, flat_file

if TYPE_CHECKING:
    from colmado_insights.app import Program
    from colmado_insights.ui.main_window import MainWindow

MOST_STALL_SECONDS = 0.1
BEAT_SECONDS = 0.005
STAY_SECONDS = 0.5
"""On each page while the jobs run."""
PATIENCE_SECONDS = 240.0


class Heartbeat:
    """The times at which the window's thread took its turn."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.gaps: list[float] = []
        self.most_work = 0.0
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(round(BEAT_SECONDS * 1000))

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.gaps.append(now - self._last)
        self.most_work = max(self.most_work, worked - self._worked)
        self._last, self._worked = now, worked

    def take(self) -> tuple[list[float], float]:
        """The gaps since the last call, longest first, and the most seconds of processor that one turn took."""
        taken = sorted(self.gaps, reverse=True), self.most_work
        self.gaps, self.most_work = [], 0.0
        return taken


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", type=int, default=LINES)
    lines = parser.parse_args().lines
    source = flat_file(lines)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["COLMADO_HOME"] = home
        return measure(source, lines)


def walk_while_jobs_run(program: Program, window: MainWindow) -> str:
    """Let everything that is due be done while one page after the other is opened; the jobs done, in order."""
    from PySide6.QtCore import QCoreApplication, QEventLoop

    from colmado_insights.schedule import JOBS
    from colmado_insights.ui.pages import PAGES

    wanted, done = {job.name for job in JOBS if job.work}, []
    program.tasks.data_changed.connect(lambda topics: done.extend(topics & wanted))
    window.schedule.start()
    end = time.monotonic() + PATIENCE_SECONDS
    for page in itertools.cycle(PAGES):
        window.open_page(page.NAME)
        stay = time.monotonic() + STAY_SECONDS
        while time.monotonic() < stay:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            time.sleep(0.001)
        if wanted <= set(done) or time.monotonic() > end:
            break
    window.schedule.stop()
    if missing := wanted - set(done):
        raise SystemExit(f"jobs not done in {PATIENCE_SECONDS:g} s: {' '.join(sorted(missing))}")
    return ", ".join(dict.fromkeys(done))


def measure(source: Path, lines: int) -> int:
    """Import the file through the window and open every page, the heartbeat going on."""
    from colmado_insights import app
    from colmado_insights.ui.pages import PAGES

    sys.setswitchinterval(app.SWITCH_SECONDS)
    program = app.Program(app.read_options([]))
    window = program._make_window()
    window.show()
    window.open_page("imports")
    program.warm_up(window)  # as the program does
    app.wait_until_calm(program.tasks)
    heart = Heartbeat()
    start = time.perf_counter()
    page = window.open_page("imports")
    page.bring_files([source])
    app.wait_until_calm(program.tasks)
    page.waiting.bring.click()
    app.wait_until_calm(program.tasks)
    seconds = time.perf_counter() - start
    during_import = heart.take()
    jobs = walk_while_jobs_run(program, window)
    during_jobs = heart.take()
    for page in PAGES:
        window.open_page(page.NAME)
        app.wait_until_calm(program.tasks)
    during_analysis = heart.take()
    receipts = program.shop.read_summary().receipts
    window.close()
    program.tasks.stop()
    program.garbage.stop()
    program.shop.close()
    for what, (gaps, work) in (
        ("import", during_import),
        (f"jobs ({jobs})", during_jobs),
        ("analysis and pages", during_analysis),
    ):
        late = sum(gap > MOST_STALL_SECONDS for gap in gaps)
        show(
            Figure(
                what=f"longest stall of the window, {what} of {lines:,} lines ({receipts:,} receipts)",
                ours=f"{gaps[0] * 1000:.0f} ms, {late} over 100 ms of {len(gaps):,} turns",
                ratio=f"own work at most {work * 1000:.0f} ms a turn"
                + (f", import took {seconds:.1f} s" if what == "import" else ""),
                target=f"≤ {MOST_STALL_SECONDS * 1000:.0f} ms",
                met=gaps[0] <= MOST_STALL_SECONDS,
            )
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
