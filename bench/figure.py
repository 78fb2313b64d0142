"""One measured figure: printed at once, and kept for the table that `python -m bench` prints at the end."""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import dataclass
from pathlib import Path

KEPT_IN = "COLMADO_BENCH_FIGURES"
"""Environment variable that names the file where the figures of all scripts gather."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, beside its rival and its target; all are words ready to be read."""

    what: str
    ours: str
    rival: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """Whether the target was met, when there is one."""
        return {True: "yes", False: "NO", None: ""}[self.met]


def show(figure: Figure) -> None:
    """Print one figure, and keep it for the table of the whole run."""
    words = [
        figure.ours,
        figure.rival and f"rival {figure.rival}",
        figure.ratio,
        figure.target,
        figure.verdict,
    ]
    print(f"{figure.what}: {' · '.join(word for word in words if word)}", flush=True)
    if kept := os.environ.get(KEPT_IN):
        with Path(kept).open("a", encoding="utf-8") as file:
            file.write(json.dumps(dataclasses.asdict(figure), ensure_ascii=False) + "\n")


def read_figures(path: Path) -> list[Figure]:
    """The figures kept by the scripts of one run."""
    if not path.exists():
        return []
    return [Figure(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def as_table(figures: list[Figure]) -> str:
    """A Markdown table, as it also stands in the README."""
    head = ("what", "ours", "rival", "ratio", "target", "met")
    rows = [(f.what, f.ours, f.rival, f.ratio, f.target, f.verdict) for f in figures]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in [head, rule, *rows]
    )
