"""Run the speed trials one after the other and print one table: `python -m bench [NAME…]`.

`bench.forecast_accuracy` and `bench.live_replay` are no speed trials and ask for a till's file, `bench.categories`
for a list of product names; `bench.basket_completion` for tills' files, and `bench.pair_rules` needs rivals that are
not installed here; `bench.elasticity` scores made-up shops, `bench.experiment_peeking` made-up opinions, and
`bench.grok_month` counts what Grok would cost; `bench.built_program` measures what `poe build` made. Run them by
their own names.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.figure import KEPT_IN, as_table, read_figures

ROOT = Path(__file__).resolve().parent.parent

TRIALS = (
    "import_speed",
    "features",
    "live",
    "forecast_speed",
    "refresh",
    "clusters",
    "catalog",
    "care",
    "customers",
    "start_window",
    "window_stall",
    "feed_latency",
    "questions",
    "xlsx_speed",
    "cancel",
)
"""To add a trial: a script in this folder that calls `figure.show`, and its name here."""


def main(names: list[str]) -> int:
    """Run the trials named, or all; 1 when one of them broke or missed its target."""
    if unknown := set(names) - set(TRIALS):
        print(f"no such trial: {' '.join(sorted(unknown))}; there are {' '.join(TRIALS)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "figures.jsonl"
        environment = os.environ | {KEPT_IN: str(kept)}
        broken = []
        for name in names or TRIALS:
            print(f"\n== {name}", flush=True)
            command = [sys.executable, "-m", f"bench.{name}"]
            if subprocess.run(command, cwd=ROOT, env=environment).returncode:
                broken.append(name)
        figures = read_figures(kept)
    print(f"\nPython {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores\n")
    print(as_table(figures))
    if broken:
        print(f"\nbroke: {' '.join(broken)}", file=sys.stderr)
    return 1 if broken or any(figure.met is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
