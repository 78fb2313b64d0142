"""From starting the program to its first painted window, each time in a new process.

python -m bench.start_window [--rounds 5]

Beside it a window with one word on it, so that what Qt and Python cost by themselves is seen. The
home page shows a sample shop. Without a display an Xvfb is started, and without that Qt draws unseen.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from bench.figure import Figure, show
from colmado_insights.shop import Shop

MOST_SECONDS = 2.0

REPORT_FIRST_PAINT = """
import os, time
from PySide6.QtCore import QTimer

def watch(window_class):
    paint = window_class.paintEvent
    def painted(self, event):
        paint(self, event)
        QTimer.singleShot(0, report)
    window_class.paintEvent = painted

def report():
    print(time.time(), flush=True)
    os._exit(0)
"""

BARE = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow, QLabel
class Window(QMainWindow):
    pass
watch(Window)
app = QApplication(sys.argv)
window = Window()
window.setCentralWidget(QLabel("Hola"))
window.show()
app.exec()
"""

OURS = """
from colmado_insights import app
from colmado_insights.ui.main_window import MainWindow
watch(MainWindow)
app.main([])
"""


def seconds_to_paint(code: str, environment: dict[str, str]) -> float:
    """Run the code in a new process; seconds from its start to the first paint."""
    start = time.time()
    done = subprocess.run(
        [sys.executable, "-c", REPORT_FIRST_PAINT + code],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    return float(done.stdout.split()[-1]) - start


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """Variables with which a window can be shown: this display, an Xvfb of our own, or offscreen."""
    if os.name == "nt" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
        yield {}
    elif shutil.which("Xvfb") is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
    else:
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert server.stdout
            yield {"DISPLAY": f":{server.stdout.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()
            server.wait()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home, display() as shown:
        environment = os.environ | shown | {"COLMADO_HOME": home}
        with Shop(Path(home) / "colmado.db") as shop:
            shop.make_sample(last_day=date.today())
        bare, ours = [], []
        for _ in range(rounds):
            bare.append(seconds_to_paint(BARE, environment))
            ours.append(seconds_to_paint(OURS, environment))
    found, alone = statistics.median(ours), statistics.median(bare)
    platform = "offscreen" if "offscreen" in shown.values() else "on a display"
    show(
        Figure(
            what=f"first window, new process, {platform}",
            ours=f"{found:.2f} s (first run {ours[0]:.2f} s)",
            rival=f"a window with one word {alone:.2f} s",
            ratio=f"{found / alone:.1f} ×",
            target=f"≤ {MOST_SECONDS:g} s",
            met=found <= MOST_SECONDS,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
