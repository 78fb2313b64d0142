"""Say which libraries the built program asks for and a plain PC does not have: `python -m tasks.dlls [FOLDER]`.

Windows: reads the import tables of every program and library (also on Linux, of what was built elsewhere).
Linux: asks ldd.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "dist" / "ColmadoInsights"
LOADED = (".exe", ".dll", ".pyd")

# What lies in System32 of each Windows 10 (1809, the oldest Qt runs on) and 11, without anything installed:
# Microsoft's "Windows umbrella libraries" and, for ICU, "International Components for Unicode" list them.
WINDOWS_HAS = frozenset(
    name + ".dll"
    for name in (
        # the kernel, its services and registry
        "advapi32", "authz", "kernel32", "mpr", "netapi32", "ntdll", "pdh", "powrprof", "psapi", "rpcrt4", "secur32",
        "setupapi", "userenv", "version", "wtsapi32",
        # windows, pictures, type and printing
        "comctl32", "comdlg32", "d2d1", "d3d9", "d3d11", "d3d12", "dcomp", "dwmapi", "dwrite", "dxgi", "gdi32",
        "imagehlp", "imm32", "mscms", "ole32", "oleaut32", "opengl32", "propsys", "shcore", "shell32", "shlwapi",
        "uiautomationcore", "user32", "uxtheme", "windowscodecs", "winmm", "winspool",
        # network and encryption
        "bcrypt", "bcryptprimitives", "crypt32", "dnsapi", "iphlpapi", "ncrypt", "winhttp", "wininet", "ws2_32",
        # the C library and ICU, both part of Windows since 10
        "icu", "icuin", "icuuc", "msvcrt", "ucrtbase",
    )
)  # fmt: skip
API_SETS = ("api-ms-win-", "ext-ms-win-")  # names that Windows itself resolves, the C library's among them


def main(arguments: list[str]) -> int:
    """Print each library that is missing, with who asks for it."""
    folder = Path(arguments[0]) if arguments else PROGRAM
    missing = list(missing_libraries(folder))
    for line in missing:
        print(line, file=sys.stderr)
    if not missing:
        print(f"{folder.name}: no library is missing")
    return 1 if missing else 0


def missing_libraries(folder: Path) -> Iterator[str]:
    """One sentence for each library that the program would not find."""
    if (folder / "ColmadoInsights.exe").exists():
        return missing_on_windows(folder)
    if (folder / "ColmadoInsights").exists():
        return missing_on_linux(folder)
    return iter([f"{folder} holds no built program"])


def missing_on_windows(folder: Path) -> Iterator[str]:
    """What is neither where Windows looks in the program's folder nor part of Windows."""
    bundle = folder / "_internal"
    loaded = [path for path in folder.rglob("*") if path.suffix.lower() in LOADED]
    everywhere = names_in(
        path for path in loaded if path.parent in (folder, bundle) or is_announced(path.parent)
    )
    for path in sorted(loaded):
        beside = names_in(other for other in loaded if other.parent == path.parent)
        for name in sorted(imports(path) - everywhere - beside - WINDOWS_HAS):
            if not name.startswith(API_SETS):
                yield f"{path.relative_to(folder)} asks for {name}, which a PC may lack"


def is_announced(folder: Path) -> bool:
    """Whether a library tells Windows on its start to look in this folder of its own."""
    return folder.name in ("PySide6", "shiboken6") or folder.name.endswith(".libs")


def names_in(paths: Iterator[Path]) -> set[str]:
    """The files' names, in small letters as Windows compares them."""
    return {path.name.lower() for path in paths}


def imports(path: Path) -> set[str]:
    """The libraries named in a program's two tables: loaded at once, and when first used."""
    import pefile

    tables = ("IMAGE_DIRECTORY_ENTRY_IMPORT", "IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT")
    with pefile.PE(str(path), fast_load=True) as image:
        image.parse_data_directories([pefile.DIRECTORY_ENTRY[table] for table in tables])
        found = getattr(image, "DIRECTORY_ENTRY_IMPORT", []) + getattr(
            image, "DIRECTORY_ENTRY_DELAY_IMPORT", []
        )
        return {entry.dll.decode("ascii").lower() for entry in found}


def missing_on_linux(folder: Path) -> Iterator[str]:
    """What ldd does not find for the programs and Qt's plug-ins, which load the rest."""
    plugins = (folder / "_internal" / "PySide6" / "Qt" / "plugins").rglob("*.so")
    for path in (folder / "ColmadoInsights", folder / "colmado", *sorted(plugins)):
        done = subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            if "not found" in line:
                yield f"{path.relative_to(folder)} asks for {line.split()[0]}, which is missing"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
