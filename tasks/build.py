"""Make the program with PyInstaller, then run the smoke test of what was built (`poe build`)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "dist" / "ColmadoInsights"
SUFFIX = ".exe" if os.name == "nt" else ""
SMOKE_SECONDS = 180


def main() -> int:
    """Build, smoke-test both programs, and say how big the result is."""
    build()
    problems = [
        *smoke("ColmadoInsights", "--smoke"),
        *smoke("colmado", "--help", may_speak=True),
        *smoke("colmado", "demo", "--days", "30", may_speak=True),
    ]
    for problem in problems:
        print(problem, file=sys.stderr)
    megabytes = sum(file.stat().st_size for file in PROGRAM.rglob("*") if not file.is_symlink()) / 1e6
    print(f"dist/ColmadoInsights: {megabytes:.0f} MB; smoke test {'failed' if problems else 'passed'}")
    return 1 if problems else 0


def build() -> None:
    """Run PyInstaller on build.spec; its own log shows only warnings."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "build.spec"]
    subprocess.run(command, cwd=ROOT, check=True)


def smoke(program: str, *arguments: str, may_speak: bool = False) -> list[str]:
    """Run a built program in an empty home without a screen; the problems, one sentence each.

    The window program must say nothing: an unexpected line is a warning nobody would see on Windows.
    """
    name = " ".join([program, *arguments])
    with tempfile.TemporaryDirectory() as home:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        environment = kept | {"COLMADO_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
        try:
            done = subprocess.run(
                [str(PROGRAM / f"{program}{SUFFIX}"), *arguments],
                cwd=home,
                env=environment,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=SMOKE_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return [f"{name}: not done after {SMOKE_SECONDS} s"]
    said = done.stderr if may_speak else done.stdout + done.stderr
    problems = [f"{name}: exit status {done.returncode}"] if done.returncode else []
    return problems + ([f"{name} said:\n{said}"] if said.strip() else [])


if __name__ == "__main__":
    sys.exit(main())
