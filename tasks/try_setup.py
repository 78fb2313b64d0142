"""Try a setup on Windows as it is used: `python -m tasks.try_setup SETUP OLDER_SETUP [--file SALES]`.

Installs silently into a folder with accents and spaces, starts the program, takes sales in, upgrades, refuses to go
back, meets a running program, a failed backup and a broken-off upgrade, and uninstalls; prints each fact with its
seconds, and ends with 1 when one is wrong. It uses the user's own data folder, because setup does, and therefore
refuses to run where the program or its data are already. Standard library only; runs under wine too.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

APP = "ColmadoInsights"
KEY = rf"Software\Microsoft\Windows\CurrentVersion\Uninstall\{APP}"
DONE, IS_RUNNING, NO_BACKUP, IS_OLDER, NOT_REPLACED = 0, 3, 4, 5, 9
"""Setup's exit codes that are met here; docs/releasing.md lists all."""
PATIENCE_SECONDS = 900


class WrongFactError(Exception):
    """Something is not as it must be."""


def main() -> int:
    """Try everything in turn; each step needs the one before."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("setup", type=Path)
    parser.add_argument("older", type=Path)
    parser.add_argument(
        "--file",
        type=lambda name: Path(name).resolve(),
        help="a till's sales file to take in, instead of a made-up one",
    )
    parser.add_argument(
        "--cut-network", action="store_true", help="by a rule of the firewall (administrators)"
    )
    options = parser.parse_args()
    if sys.platform != "win32":
        print("This tries a Windows setup and needs Windows (or wine).", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="colmado ", ignore_cleanup_errors=True) as folder:
        trial = Trial(options.setup.resolve(), options.older.resolve(), Path(folder).resolve())
        try:
            with cut_network(trial.program) if options.cut_network else nullcontext():
                trial.run(options.file)
        except WrongFactError as wrong:
            print(f"WRONG  {wrong}", file=sys.stderr)
            return 1
        finally:
            trial.tidy()
    print(f"{trial.count} facts hold")
    return 0


class Trial:
    """One setup and an older one, tried on this PC."""

    def __init__(self, setup: Path, older: Path, scratch: Path) -> None:
        self.setup, self.older, self.scratch = setup, older, scratch
        self.program = scratch / "José Peña y ñandú" / "Colmado Insights"
        self.data = Path(os.environ["LOCALAPPDATA"]) / APP
        self.menu = Path(os.environ["APPDATA"]) / "Microsoft/Windows/Start Menu/Programs"
        self.autostart = self.menu / "Startup" / "Colmado Insights.lnk"
        self.receipts = 0
        self.count = 0

    def run(self, sales: Path | None) -> None:
        """Everything, in the order of a program's life."""
        if self.data.exists() or read_registered():
            raise WrongFactError(
                f"the program or its data are on this PC already ({self.data}); nothing was done"
            )
        self._install()
        self._use(sales or self.make_sales())
        self._upgrade()
        self._go_back()
        self._meet_running_program()
        self._meet_failed_backup()
        self._meet_busy_file()
        self._meet_broken_off_upgrade()
        self._uninstall()
        self._uninstall_with_data()

    # -- the steps --

    def tidy(self) -> None:
        """Leave nothing behind, wherever it ended; only what was put here is taken away."""
        if read_registered().get("InstallLocation") == str(self.program):
            self.stop_program()
            self._call(self.program / "uninstall.exe", "/S", "/DATA=1", f"_?={self.program}")

    def _install(self) -> None:
        with self.fact("the older setup installs silently into a folder with accents and spaces"):
            self._expect(self._call(self.older, "/S", "/LANG=1034", f"/D={self.program}"), DONE)
            for name in (f"{APP}.exe", "colmado.exe", "uninstall.exe", "_internal"):
                self._need(self.program / name)
        with self.fact("Windows knows it as installed, with its version and how to remove it"):
            known = read_registered()
            self._expect(known["InstallLocation"], str(self.program))
            self._expect(known["QuietUninstallString"], f'"{self.program / "uninstall.exe"}" /S')
            self._expect(known["EstimatedSize"] > 100_000, True)
        with self.fact("the start menu has its links, and nothing starts by itself"):
            self._need(self.menu / "Colmado Insights" / "Colmado Insights.lnk")
            self._need(self.menu / "Colmado Insights" / "Panel de caja.lnk")
            self._need(self.autostart, is_there=False)

    def _use(self, sales: Path) -> None:
        with self.fact("it starts, opens every page and writes reports (--smoke)"):
            self._expect(self._call(self.program / f"{APP}.exe", "--smoke"), DONE)
        with self.fact(f"colmado.exe takes in {sales.name}"):
            answer = self.ask("import", str(sales))
            self.receipts = self._read_receipts()
            self._expect(self.receipts > 0, True)
        print(f"       {json.dumps(answer, ensure_ascii=False)}")

    def _upgrade(self) -> None:
        (self.program / "_internal" / "stale.txt").write_text("of the older version")
        (self.program / "mis notas.txt").write_text("del dueño")
        before, older = self._count_backups(), read_registered()["DisplayVersion"]
        with self.fact(
            "the newer setup replaces it silently, and sets the cashier's panel to start with Windows"
        ):
            self._expect(self._call(self.setup, "/S", "/AUTOSTART=1"), DONE)
            self._expect(read_registered()["DisplayVersion"] != older, True)
            self._expect(read_registered()["InstallLocation"], str(self.program))
            self._need(self.autostart)
        with self.fact("a backup was made first, and the sales are all there"):
            self._expect(self._count_backups(), before + 1)
            self._expect(self._read_receipts(), self.receipts)
        with self.fact("no file of the older version stays, and the owner's own file does"):
            self._need(self.program / "_internal" / "stale.txt", is_there=False)
            self._need(self.program / "mis notas.txt")
            self._expect([path.name for path in self.program.glob(f"{APP}.[no]*")], [])

    def _go_back(self) -> None:
        with self.fact("the older setup refuses to replace the newer program"):
            version = read_registered()["DisplayVersion"]
            self._expect(self._call(self.older, "/S"), IS_OLDER)
            self._expect(read_registered()["DisplayVersion"], version)

    def _meet_running_program(self) -> None:
        running = self.start_program()
        with self.fact("while the program runs, setup and uninstaller say so and touch nothing"):
            self._expect(self._call(self.setup, "/S"), IS_RUNNING)
            self._expect(self._call(self.program / "uninstall.exe", "/S", f"_?={self.program}"), IS_RUNNING)
            self._expect(running.poll(), None)
        with self.fact("asked by the program (/UPDATE=1), setup waits until it closes and starts it again"):
            waiting = self.start(self.setup, "/S", "/UPDATE=1")
            time.sleep(5)
            self._expect(waiting.poll(), None)
            running.terminate()
            self._expect(waiting.wait(PATIENCE_SECONDS), DONE)
            self.wait_until(lambda: bool(processes_in(self.program)), "the program runs again")
            self._need(self.autostart)
        self.stop_program()

    def _meet_failed_backup(self) -> None:
        database, aside = self.data / "colmado.db", self.data / "aside.db"
        shutil.copy2(database, aside)
        database.write_bytes(b"no database " * 1000)
        with self.fact("without a backup, setup changes nothing"):
            before = (self.program / f"{APP}.exe").stat().st_ctime_ns
            self._expect(self._call(self.setup, "/S"), NO_BACKUP)
            self._expect((self.program / f"{APP}.exe").stat().st_ctime_ns, before)
        for path in self.data.glob("colmado.db*"):
            path.unlink()
        aside.rename(database)

    def _meet_busy_file(self) -> None:
        before = self._list_program()
        with self.fact("while somebody holds its folder, the program that was there stays, and whole"):
            holder = subprocess.Popen(
                [sys.executable, "-c", "input()"], cwd=self.program / "_internal", stdin=subprocess.PIPE
            )
            self._expect(self._call(self.setup, "/S"), NOT_REPLACED)
            holder.communicate(b"\n")
            self._expect(self._list_program(), before)
            self._expect(self._read_receipts(), self.receipts)

    def _meet_broken_off_upgrade(self) -> None:
        old = self.program / f"{APP}.old"
        old.mkdir()
        (self.program / f"{APP}.exe").rename(old / f"{APP}.exe")
        (self.program / "_internal").rename(old / "_internal")
        with self.fact("what a power cut left in the middle of an upgrade, the next run mends"):
            self._expect(self._call(self.setup, "/S"), DONE)
            self._expect(self._read_receipts(), self.receipts)
            self._need(old, is_there=False)

    def _uninstall(self) -> None:
        with self.fact("uninstalled silently, program, links and autostart are gone"):
            self.remove()
            self._expect(read_registered(), {})
            self._need(self.autostart, is_there=False)
            self._need(self.menu / "Colmado Insights", is_there=False)
        with self.fact("the sales, the backups and the owner's own file stay"):
            self._need(self.data / "colmado.db")
            self._expect(self._count_backups() > 0, True)
            self._expect([path.name for path in self.program.iterdir()], ["mis notas.txt"])

    def _uninstall_with_data(self) -> None:
        with self.fact(
            "installed again into the folder where the owner's file lies, it gets one of its own inside"
        ):
            self._expect(self._call(self.setup, "/S", f"/D={self.program}"), DONE)
            self.program = self.program / APP
            self._expect(read_registered()["InstallLocation"], str(self.program))
        with self.fact("and the sales are there"):
            self._expect(self._read_receipts(), self.receipts)
        with self.fact("uninstalled with /DATA=1, the sales are gone too"):
            self.remove("/DATA=1")
            self.wait_until(lambda: not self.data.exists(), f"{self.data} is gone")

    # -- the means --

    @contextmanager
    def fact(self, words: str) -> Iterator[None]:
        """Print the fact with its seconds once all that it says holds."""
        began = time.monotonic()
        try:
            yield
        except WrongFactError as wrong:
            raise WrongFactError(f"{words}: {wrong}") from None
        self.count += 1
        print(f"ok {time.monotonic() - began:6.1f} s  {words}", flush=True)

    def _expect(self, found: Any, wanted: Any) -> None:
        if found != wanted:
            raise WrongFactError(f"{found!r} instead of {wanted!r}")

    def _need(self, path: Path, *, is_there: bool = True) -> None:
        if path.exists() != is_there:
            raise WrongFactError(f"{path} is {'missing' if is_there else 'there'}")

    def start(self, program: Path, *options: str) -> subprocess.Popen[bytes]:
        """Start a program; NSIS wants its folder as the last word and without quotation marks."""
        return subprocess.Popen(f'"{program}" {" ".join(options)}', cwd=self.scratch)

    def _call(self, program: Path, *options: str) -> int:
        return self.start(program, *options).wait(PATIENCE_SECONDS)

    def ask(self, *words: str) -> Any:
        """What colmado.exe answers with --json."""
        command = [str(self.program / "colmado.exe"), *words, "--json"]
        done = subprocess.run(command, cwd=self.scratch, capture_output=True, timeout=PATIENCE_SECONDS)
        if done.returncode:
            raise WrongFactError(f"colmado {words[0]}: {done.stderr.decode('utf-8', 'replace')}")
        return json.loads(done.stdout.decode("utf-8", "replace"))

    def _read_receipts(self) -> int:
        return int(self.ask("summary")["receipts"])

    def _list_program(self) -> list[tuple[str, int]]:
        """Every file of the program's folder, and when it came to be."""
        return sorted(
            (str(path), path.stat().st_ctime_ns) for path in self.program.rglob("*") if path.is_file()
        )

    def _count_backups(self) -> int:
        return len(list((self.data / "colmado-backups").glob("*.db")))

    def make_sales(self) -> Path:
        """A till's file of forty receipts, with accents in its name and in it."""
        path = self.scratch / "ventas de año.csv"
        rows = [
            f"{1 + n // 2},2026-10-{1 + n // 8:02} {8 + n % 12:02}:15,{('Plátano verde', 'Café Santo Domingo')[n % 2]},"
            f"{1 + n % 3},{25 + 5 * (n % 2)}.00"
            for n in range(80)
        ]
        path.write_text("\n".join(["recibo,fecha,producto,cantidad,precio", *rows]) + "\n", encoding="utf-8")
        return path

    def start_program(self) -> subprocess.Popen[bytes]:
        """Open the window, and wait until Windows holds its file."""
        running = self.start(self.program / f"{APP}.exe")
        self.wait_until(lambda: bool(processes_in(self.program)), "the program runs")
        time.sleep(5)
        return running

    def stop_program(self) -> None:
        """End what runs from the program's folder, and nothing else."""
        for process in processes_in(self.program):
            end_process(process)
        self.wait_until(lambda: not processes_in(self.program), "the program is closed")
        time.sleep(1)

    def remove(self, *options: str) -> None:
        """Uninstall as Windows does: the uninstaller copies itself away and returns at once."""
        self._call(self.program / "uninstall.exe", "/S", *options)
        self.wait_until(lambda: not (self.program / "uninstall.exe").exists(), "the uninstaller is gone")

    def wait_until(self, is_so: Callable[[], bool], words: str) -> None:
        """Look twice a second, for two minutes."""
        for _try in range(240):
            if is_so():
                return
            time.sleep(0.5)
        raise WrongFactError(f"not so after two minutes: {words}")


# --- what Windows knows ---------------------------------------------------------------------------


@contextmanager
def cut_network(program: Path) -> Iterator[None]:
    """Let neither program of a folder out to the network meanwhile."""
    rule = [f"name={APP} trial", "dir=out"]
    for name in (f"{APP}.exe", "colmado.exe"):
        tell_firewall("add", *rule, "action=block", f"program={program / name}")
    try:
        yield
    finally:
        tell_firewall("delete", *rule)


def tell_firewall(act: str, *words: str) -> None:
    """Add or delete a rule."""
    subprocess.run(
        ["netsh", "advfirewall", "firewall", act, "rule", *words], check=True, stdout=subprocess.DEVNULL
    )


def read_registered() -> dict[str, Any]:
    """What setup wrote down for Windows' list of programs; nothing when it is not installed."""
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, KEY) as key:
            count = winreg.QueryInfoKey(key)[1]
            return {name: value for name, value, _kind in (winreg.EnumValue(key, n) for n in range(count))}
    except FileNotFoundError:
        return {}


def processes_in(folder: Path) -> list[int]:
    """The processes whose program lies in a folder, by their number."""
    numbers, size = (ctypes.c_ulong * 4096)(), ctypes.c_ulong()
    ctypes.windll.psapi.EnumProcesses(numbers, ctypes.sizeof(numbers), ctypes.byref(size))
    found = numbers[: size.value // ctypes.sizeof(ctypes.c_ulong)]
    return [number for number in found if folder in Path(image_of(number)).parents]


def image_of(process: int) -> str:
    """The program file of a process; "" for one of another user."""
    query_limited_information = 0x1000
    kernel = ctypes.windll.kernel32
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.OpenProcess(query_limited_information, False, process))
    if not handle:
        return ""
    name, size = ctypes.create_unicode_buffer(1024), ctypes.c_ulong(1024)
    is_known = kernel.QueryFullProcessImageNameW(handle, 0, name, ctypes.byref(size))
    kernel.CloseHandle(handle)
    return name.value if is_known else ""


def end_process(process: int) -> None:
    """End a process at once; one that ended by itself meanwhile is as good."""
    try:
        os.kill(process, signal.SIGTERM)
    except OSError:
        return


if __name__ == "__main__":
    sys.exit(main())
