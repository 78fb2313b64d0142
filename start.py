#!/usr/bin/env python3
"""From a fresh machine with only Python to the program running: `python3 start.py`.

    python3 start.py               set up, then the sample shop: in a window, or else in the terminal
    python3 start.py test [...]    set up, then the tests (arguments go to pytest)
    python3 start.py TASK [...]    set up, then any task of pyproject.toml (check, bench, build …)

On Windows the same with `py start.py`. Uses the standard library only, says what it installs and
where before it does, and does again only what changed since the last time.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
COLMADO = BIN / ("colmado.exe" if os.name == "nt" else "colmado")
SAMPLE = ROOT / "sample-shop"
OLDEST_PYTHON = (3, 11)

# What Qt loads when a window opens, also an unseen one: the file it looks for → Debian's package.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
}
X11_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
# What the built program brings along for desktops without X11.
BUNDLED_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
# What a task calls beside Python: the command → Debian's package.
TASK_COMMANDS = {
    "test": {"pdftotext": "poppler-utils"},
    "test-all": {"pdftotext": "poppler-utils"},
    "build": {"objdump": "binutils"},
    "bench": {"sqlite3": "sqlite3"},
}


class SetupError(Exception):
    """Something this script cannot mend alone; the text says what to do."""


def main(arguments: list[str]) -> int:
    """Set up what the task needs, run it, and answer with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # an old code page may lack letters of a folder's name
    task, *rest = arguments or [""]
    try:
        check_python()
        install_system_packages(missing_packages(task))
        make_environment("requirements-dev.lock" if task else "requirements.lock")
        if task:
            return run_task(task, rest)
        return open_sample_window() if has_display() else show_sample_in_terminal()
    except SetupError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        print(f"\nNo se pudo completar: {show(failed.cmd)}", file=sys.stderr)
        return 1


def check_python() -> None:
    """Stop with a clear sentence on a Python too old."""
    if sys.version_info < OLDEST_PYTHON:
        have, need = ".".join(map(str, sys.version_info[:2])), ".".join(map(str, OLDEST_PYTHON))
        raise SetupError(f"Este Python es {have}; hace falta {need} o más nuevo (python.org).")


def has_display() -> bool:
    """Whether a window can be shown here."""
    return sys.platform == "win32" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def has_library(name: str) -> bool:
    """Whether the system's loader finds this shared library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def missing_packages(task: str) -> list[str]:
    """Debian packages this task needs and the machine lacks; none on other systems than Linux."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = []
    if importlib.util.find_spec("ensurepip") is None and not has_pip():
        wanted.append(f"python3.{sys.version_info.minor}-venv")
    libraries = QT_LIBRARIES if task else {}
    if has_display() or task == "build":
        libraries = QT_LIBRARIES | X11_LIBRARIES
    if task == "build":
        version = f"3.{sys.version_info.minor}"
        libraries = libraries | {f"libpython{version}.so.1.0": f"libpython{version}"} | BUNDLED_LIBRARIES
    wanted += [package for library, package in libraries.items() if not has_library(library)]
    commands = TASK_COMMANDS.get(task, {})
    wanted += [package for command, package in commands.items() if shutil.which(command) is None]
    return wanted


def install_system_packages(packages: list[str]) -> None:
    """Install Debian packages with apt-get, as root or through sudo; say so first."""
    if not packages:
        return
    names = " ".join(packages)
    by_hand = f"apt-get update && apt-get install -y --no-install-recommends {names}"
    if shutil.which("apt-get") is None:
        raise SetupError(f"Faltan librerías del sistema; instala lo que en Debian se llama: {names}")
    if os.geteuid() == 0:
        rights = []
    elif shutil.which("sudo"):
        rights = ["sudo"]
    else:
        raise SetupError(f"Faltan paquetes del sistema. Como administrador (root), ejecuta:\n  {by_hand}")
    print(f"Paquetes de Debian que se instalan ahora: {names}", flush=True)
    # env, because sudo drops what is set here
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o=Dpkg::Use-Pty=0"]
    subprocess.run([*apt, "update"], check=True)
    subprocess.run(
        [*apt, "install", "-y", "--no-install-recommends", *packages], check=True, stdout=subprocess.DEVNULL
    )


def make_environment(lock_name: str) -> None:
    """Make .venv and install exactly what the lock names, checked by hash; only when it changed."""
    lock = ROOT / lock_name
    stamp = VENV / f"{lock_name}.sha256"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + lock.read_bytes()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not has_pip():
        print(f"Entorno de Python nuevo, solo para este programa: {VENV}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    print(f"Librerías de Python que se instalan ahí ahora: las de {lock_name} (unos minutos)", flush=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)
    stamp.write_text(wanted)


def has_pip() -> bool:
    """Whether .venv is there and whole; one that was interrupted is made again."""
    if not PYTHON.exists():
        return False
    return subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True).returncode == 0


def run_task(task: str, arguments: list[str]) -> int:
    """Run a task of pyproject.toml inside the environment."""
    environment = os.environ | {
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "VIRTUAL_ENV": str(VENV),
    }
    command = [str(PYTHON), "-m", "poethepoet", "-C", str(ROOT), "--executor", "simple", task, *arguments]
    return subprocess.run(command, env=environment).returncode


def open_sample_window() -> int:
    """Open the program on the sample shop, which lies in its own folder."""
    print(f"Se abre la ventana con el colmado de muestra; los datos están en {SAMPLE}", flush=True)
    command = [str(PYTHON), "-m", "colmado_insights", "--sample"]
    return subprocess.run(command, env=sample_environment(), cwd=ROOT).returncode


def show_sample_in_terminal() -> int:
    """Do the main job on the sample shop without a window, and write the reports."""
    print(f"No hay pantalla: el mismo trabajo, aquí en la terminal. Los datos están en {SAMPLE}", flush=True)
    if not read_summary()["receipts"]:
        run_colmado("demo")
    busy_moment = f"{read_summary()['last_day']}T18:00"
    run_colmado("summary")
    run_colmado("segments")
    run_colmado("forecast", "--target", "revenue", "--horizon", "14")
    run_colmado("live", "--at", busy_moment)
    run_colmado("refresh")
    run_colmado("actions")
    run_colmado("customers", "--due", "--limit", "5")
    run_colmado("personas", "--segment", "beer_and_snacks", "--offline")
    run_colmado("ask", "¿cuánto vendí de cerveza el domingo?")
    for kind, name in (("daily", "dia"), ("segments", "segmentos")):
        for suffix in ("xlsx", "pdf"):
            run_colmado("report", kind, "--out", str(SAMPLE / f"{name}.{suffix}"))
    print(f"\nListo. Con tus propias ventas: {COLMADO.relative_to(ROOT)} import ARCHIVO", flush=True)
    return 0


def run_colmado(*words: str) -> None:
    """Run one command of the program on the sample shop, shown as one would type it."""
    print(f"\n$ colmado {show(words)}", flush=True)
    subprocess.run([str(COLMADO), *words], env=sample_environment(), check=True)


def read_summary() -> dict[str, Any]:
    """What the sample shop holds so far."""
    command = [str(COLMADO), "summary", "--json"]
    done = subprocess.run(command, env=sample_environment(), check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def sample_environment() -> dict[str, str]:
    """The environment in which the program keeps everything in the sample shop's folder."""
    return os.environ | {"COLMADO_HOME": str(SAMPLE)}


def show(command: Sequence[str]) -> str:
    """A command as one would type it."""
    return " ".join(str(word) for word in command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
