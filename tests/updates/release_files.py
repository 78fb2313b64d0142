"""Small files of the shapes that a version is published as: an installer, a zip and a packed folder."""

from __future__ import annotations

import hashlib
import io
import struct
import tarfile
import zipfile
from pathlib import Path

from colmado_insights import NAME
from colmado_insights.updates.releases import SUMS, Kind, Program, file_name
from colmado_insights.updates.versions import Version

OWN = Version(0, 1, 0)
NEW = Version(0, 2, 0)
WINDOWS = Program(OWN, Kind.SETUP, can_replace=True)
PORTABLE = Program(OWN, Kind.PORTABLE)
LINUX = Program(OWN, Kind.LINUX)

_SECTION_AT, _ADDRESS = 512, 4096


def make_release(
    folder: Path, kind: Kind = Kind.SETUP, version: Version = NEW, name: str = "", inside: str = ""
) -> Path:
    """A whole file of that version, under its own name if no other is said; `inside` is what it says of itself."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or file_name(version, kind))
    makers = {Kind.SETUP: make_setup, Kind.PORTABLE: make_zip, Kind.LINUX: make_tar}
    path.write_bytes(makers[kind](inside or str(version)))
    return path


def make_setup(
    version: str, product: str = NAME, *, is_long: bool = True, payload: bytes = b"x" * 3000
) -> bytes:
    """A Windows program with a version block, and what it installs behind it; `is_long`: of 64 bits."""
    resources = _resources(_block(product, version))
    resources += bytes(-len(resources) % 512)
    head = bytearray(_SECTION_AT)
    head[:2] = b"MZ"
    struct.pack_into("<I", head, 0x3C, 64)
    optional = 240 if is_long else 224
    struct.pack_into("<4sHHIIIHH", head, 64, b"PE\0\0", 0x8664, 1, 0, 0, 0, optional, 0x22)
    struct.pack_into("<H", head, 88, 0x20B if is_long else 0x10B)
    directories = 88 + (112 if is_long else 96)
    struct.pack_into("<I", head, directories - 4, 16)
    struct.pack_into("<II", head, directories + 16, _ADDRESS, len(resources))
    struct.pack_into(
        "<8s4I16x", head, 88 + optional, b".rsrc", len(resources), _ADDRESS, len(resources), _SECTION_AT
    )
    installed = struct.pack("<I4s12sII", 0, b"\xef\xbe\xad\xde", b"NullsoftInst", 100, 28 + len(payload))
    return bytes(head) + resources + installed + payload


def make_zip(_version: str, member: str = "ColmadoInsights/ColmadoInsights.exe") -> bytes:
    """A portable program."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, bytes(range(256)) * 20)
        archive.writestr("ColmadoInsights/portable.txt", "")
    return packed.getvalue()


def make_tar(_version: str, member: str = "ColmadoInsights/ColmadoInsights") -> bytes:
    """A folder for Linux."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz") as archive:
        info = tarfile.TarInfo(member)
        info.size = 5000
        archive.addfile(info, io.BytesIO(bytes(5000)))
    return packed.getvalue()


def sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_sums(*paths: Path, sums: str = "") -> Path:
    """The list of sums beside the files; `sums` takes the place of the true ones."""
    lines = [f"{sums or sum_of(path)}  {path.name}\n" for path in paths]
    beside = paths[0].with_name(SUMS)
    beside.write_text("".join(lines), encoding="utf-8")
    return beside


def _resources(block: bytes) -> bytes:
    """A tree of one kind, one name and one language, and the block it leads to."""

    def table(number: int, where: int) -> bytes:
        return struct.pack("<12xHHII", 0, 1, number, where)

    folder = 0x80000000
    tree = table(16, folder | 24) + table(1, folder | 48) + table(0x0C0A, 72)
    return tree + struct.pack("<IIII", _ADDRESS + 88, len(block), 0, 0) + block


def _block(product: str, version: str) -> bytes:
    """What stands in a version block, as far as anybody reads it."""
    parts = [int(part) for part in version.split(".")[:3] if part.isdigit()] + [0, 0, 0]
    fixed = struct.pack("<IIIIII", 0xFEEF04BD, 0x10000, 0, 0, parts[0] << 16 | parts[1], parts[2] << 16)
    return fixed + _string("ProductName", product) + _string("ProductVersion", version)


def _string(name: str, value: str) -> bytes:
    if not value:
        return b""
    key = f"{name}\0".encode("utf-16-le")
    head = struct.pack("<HHH", 0, len(value) + 1, 1) + key
    head += bytes(-(len(head)) % 4)
    words = f"{value}\0".encode("utf-16-le")
    return head + words + bytes(-len(words) % 4)
