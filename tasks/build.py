"""Make the program with PyInstaller, then run the smoke test of what was built (`poe build`)."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ("-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "build.spec")
"""PyInstaller's own log shows only warnings."""


def main() -> int:
    """Build, and answer with what the two looks at the result say: does it lack a library, does it work."""
    start = time.monotonic()
    subprocess.run([sys.executable, *BUILD], cwd=ROOT, check=True)
    print(f"built in {time.monotonic() - start:.0f} s", flush=True)
    looks = ("tasks.dlls", "tasks.smoke")
    return max(subprocess.run([sys.executable, "-m", look], cwd=ROOT).returncode for look in looks)


if __name__ == "__main__":
    sys.exit(main())
