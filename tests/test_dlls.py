"""What a built program asks for: found beside it, at its root, in a folder a library announces, or in Windows."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

from tasks import dlls


def library(path: Path, *wanted: str) -> None:
    """A 64-bit Windows library that asks for others and holds nothing else."""
    at, table = 0x1000, 20 * (len(wanted) + 1)
    names = [name.encode() + b"\0" for name in wanted]
    offsets = [at + table + sum(map(len, names[:place])) for place in range(len(names))]
    body = b"".join(struct.pack("<IIIII", at + 0x800, 0, 0, offset, at + 0x800) for offset in offsets)
    body = (body + bytes(20) + b"".join(names)).ljust(0x800, b"\0")
    body = (body + struct.pack("<QQ", 1 << 63 | 1, 0)).ljust(0x1000, b"\0")  # its first function, by number
    header = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 0x2022)
    header += struct.pack("<HBBIIIII", 0x20B, 14, 0, 0, 0x1000, 0, at, at)
    header += struct.pack("<QIIHHHHHHIIIIHHQQQQII", 1 << 32, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x2000, 0x200, 0,
                          3, 0, 1 << 20, 4096, 1 << 20, 4096, 0, 16)  # fmt: skip
    header += struct.pack("<IIII", 0, 0, at, table) + bytes(14 * 8)
    header += struct.pack("<8sIIIIIIHHI", b".rdata", 0x1000, at, 0x1000, 0x200, 0, 0, 0, 0, 0x40000040)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + header).ljust(0x200, b"\0") + body)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program that asks for what is there, in each of the ways it may be."""
    folder = tmp_path / "ColmadoInsights"
    bundle = folder / "_internal"
    library(folder / "ColmadoInsights.exe", "KERNEL32.dll", "api-ms-win-crt-runtime-l1-1-0.dll")
    library(bundle / "python311.dll", "VCRUNTIME140.dll", "WS2_32.dll")
    library(bundle / "VCRUNTIME140.dll", "ucrtbase.dll")
    library(bundle / "PySide6" / "Qt6Core.dll", "icuuc.dll")
    library(bundle / "PySide6" / "plugins" / "platforms" / "qwindows.dll", "Qt6Core.dll", "vcruntime140.dll")
    library(bundle / "numpy" / "_core" / "numbers.pyd", "openblas-1f.dll")
    library(bundle / "numpy.libs" / "openblas-1f.dll", "msvcrt.dll")
    return folder


def test_a_whole_program_lacks_nothing(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dlls.imports(program / "_internal" / "python311.dll") == {"vcruntime140.dll", "ws2_32.dll"}
    assert dlls.main([str(program)]) == 0
    assert "no library is missing" in capsys.readouterr().out


@pytest.mark.parametrize("gone", ["VCRUNTIME140.dll", "PySide6/Qt6Core.dll", "numpy.libs/openblas-1f.dll"])
def test_each_library_taken_away_is_missed(
    program: Path, gone: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = program / "_internal" / gone
    path.unlink()
    assert dlls.main([str(program)]) == 1
    assert f"asks for {path.name.lower()}, which a PC may lack" in capsys.readouterr().err


def test_a_library_where_windows_does_not_look_is_missed(program: Path) -> None:
    bundle = program / "_internal"
    (bundle / "VCRUNTIME140.dll").rename(bundle / "numpy" / "VCRUNTIME140.dll")
    (missed, another) = dlls.missing_libraries(program)
    assert missed.endswith("qwindows.dll asks for vcruntime140.dll, which a PC may lack")
    assert another.endswith("python311.dll asks for vcruntime140.dll, which a PC may lack")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ldd is Linux's")
def test_on_linux_what_ldd_does_not_find_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\tlibxcb-cursor.so.0 => not found\n"
    monkeypatch.setattr(
        dlls.subprocess, "run", lambda *_, **__: dlls.subprocess.CompletedProcess([], 0, said)
    )
    (tmp_path / "ColmadoInsights").touch()
    missing = list(dlls.missing_libraries(tmp_path))
    assert missing[0] == "ColmadoInsights asks for libxcb-cursor.so.0, which is missing"


def test_a_folder_without_a_program_passes_for_none(tmp_path: Path) -> None:
    assert dlls.main([str(tmp_path)]) == 1
