"""Modules out of the archive that both built programs share behave as if they lay in its folder."""

from __future__ import annotations

import importlib
import importlib.resources
import marshal
import sys
from collections.abc import Iterator
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from zipfile import ZipFile

import pytest

from tasks.shared_modules import SharedModules

SOURCES = {
    "spaza/__init__": "from spaza.shelf import ROOM\n",
    "spaza/shelf": "ROOM = 7\n\ndef broken():\n    raise LookupError\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A bundle with a package in the archive, and what a library has beside its modules on disk."""
    with ZipFile(tmp_path / "modules.zip", "w") as archive:
        for place, source in SOURCES.items():
            code = compile(source, f"{place}.py", "exec")
            archive.writestr(f"{place}.pyc", MAGIC_NUMBER + bytes(12) + marshal.dumps(code))
    (tmp_path / "spaza").mkdir()
    (tmp_path / "spaza" / "shelf.css").write_text("wide", "utf-8")
    (tmp_path / "spaza" / "plain.py").write_text("ON_DISK = True\n", "utf-8")
    finder = SharedModules(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    yield tmp_path
    finder.archive.close()
    for name in [name for name in sys.modules if name.split(".")[0] == "spaza"]:
        del sys.modules[name]


def test_a_module_comes_from_the_archive_and_believes_to_lie_in_the_folder(folder: Path) -> None:
    spaza = importlib.import_module("spaza")
    assert spaza.ROOM == 7
    assert spaza.__file__ == str(folder / "spaza" / "__init__.pyc")
    assert list(spaza.__path__) == [str(folder / "spaza")]
    assert sys.modules["spaza.shelf"].__package__ == "spaza"


def test_what_lies_beside_it_on_disk_is_found(folder: Path) -> None:
    assert importlib.import_module("spaza.plain").ON_DISK  # as an extension module would be
    assert importlib.resources.files("spaza").joinpath("shelf.css").read_text("utf-8") == "wide"


def test_a_trace_names_the_file_and_the_line(folder: Path) -> None:
    with pytest.raises(LookupError) as caught:
        importlib.import_module("spaza.shelf").broken()
    frame = caught.traceback[-1].frame
    assert (frame.code.raw.co_filename, caught.traceback[-1].lineno + 1) == ("spaza/shelf.py", 4)


def test_what_the_archive_has_not_is_left_to_the_others(folder: Path) -> None:
    importlib.import_module("spaza")
    with pytest.raises(ModuleNotFoundError, match=r"spaza\.cellar"):
        importlib.import_module("spaza.cellar")
    finder = sys.meta_path[0]
    assert finder.find_spec("json") is None
