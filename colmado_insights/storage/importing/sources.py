"""What was dropped becomes sources: each file opened once, by the preset that knows its content best."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Choices
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from colmado_insights.domain import MappingChoice
from colmado_insights.errors import EmptyFile, FileProblem, UnreadableFile
from colmado_insights.storage.importing.fields import Field, Mapping
from colmado_insights.storage.importing.layouts import Layouts, chosen_mapping, layout_key
from colmado_insights.storage.importing.made import MadeTable, made_mapping
from colmado_insights.storage.importing.presets import GROUPED, PRESETS, STRUCTURED, refused
from colmado_insights.storage.importing.presets.preset import Preset, Structured
from colmado_insights.storage.importing.presets.tables import peek
from colmado_insights.storage.importing.readers import Table, list_members, open_table, read_head
from colmado_insights.storage.importing.shaping import Understood, judge_dates, understand
from colmado_insights.storage.importing.watch import is_sales_file
from colmado_insights.text import _

T = TypeVar("T")
SURE = 0.6
"""A structured preset this sure of a file takes it before any table preset is asked."""
KNOWLEDGE = (Field.PRODUCT, Field.PAYMENT, Field.CASHIER, Field.CUSTOMER)
"""What one file of a pair may know and the other not: the bits of `batch.knows`, lowest first."""


LONGEST_NAME = 100
"""Of a member of a zip, counted from its end: Windows' whole paths have room for 260."""
_UNWRITABLE = re.compile(r'[<>:"|?*\x00-\x1f]')
_DEVICE = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(?=\.)", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A file that was opened and understood, ready to come in; `paths` are the files behind it."""

    table: Table
    preset: str
    mapping: Mapping
    paths: tuple[Path, ...] = ()
    is_structured: bool = False
    is_remembered: bool = False

    @property
    def confidence(self) -> float:
        """How sure it is, 0 to 1, that the columns were understood."""
        return self.mapping.confidence

    @property
    def has_lines(self) -> bool:
        """True when its rows are lines, not whole receipts."""
        return Field.PRODUCT in self.mapping.columns

    @property
    def knows(self) -> int:
        """Which of KNOWLEDGE it tells, as bits."""
        return sum(1 << bit for bit, column in enumerate(KNOWLEDGE) if column in self.mapping.columns)


class OnTrouble(Protocol):
    """Told of a file that cannot be used; header and first rows are empty when there is no table."""

    def __call__(
        self, path: Path, trouble: FileProblem, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
    ) -> None:
        """Take note of it."""
        ...


@dataclass(frozen=True)
class _Wishes:
    """What the caller wants of the files: a preset, columns for some of them, known layouts."""

    preset: str
    choices: Choices[Path, MappingChoice]
    layouts: Layouts
    on_trouble: OnTrouble | None


@contextmanager
def open_sources(
    paths: Sequence[Path],
    preset: str = "",
    *,
    choices: Choices[Path, MappingChoice] | None = None,
    layouts: Layouts | None = None,
    on_trouble: OnTrouble | None = None,
) -> Iterator[list[Source]]:
    """Open files and understand them; those with lines come before those with only receipts, so that pairs join.

    Parameters
    ----------
    preset
        The preset to use, where the caller knows better.
    choices
        What the owner says of the columns of some files.
    layouts
        What the owner said before, by `layout_key`.
    on_trouble
        Told of files that cannot be used; without it the first of them is raised.

    Raises
    ------
    FileProblem
        One of them cannot be used, with a sentence for the shopkeeper.
    """
    wishes = _Wishes(preset, choices or {}, layouts or {}, on_trouble)
    with ExitStack() as stack:
        files = [file for path in paths for file in _tried(path, wishes, lambda path: _unpacked(path, stack))]
        yield sorted(_sources(files, wishes), key=lambda source: not source.has_lines)


def _tried(path: Path, wishes: _Wishes, work: Callable[[Path], list[T]]) -> list[T]:
    """What the work makes of a file; a trouble is told where somebody listens."""
    try:
        return work(path)
    except FileProblem as trouble:
        if wishes.on_trouble is None:
            raise
        table = peek(path, read_head(path)) if path.is_file() and not isinstance(trouble, EmptyFile) else None
        wishes.on_trouble(path, trouble, table.header if table else (), table.sample if table else ())
        return []


def _sources(paths: Sequence[Path], wishes: _Wishes) -> Iterator[Source]:
    """A source for each file, or one for all files of an export that is spread over several."""
    together: dict[str, list[Path]] = {}

    def open_one(path: Path) -> list[Source]:
        head = read_head(path)
        structure = None if path in wishes.choices else _find_structure(path, head, wishes.preset)
        if structure is None:
            return [_open_table_source(path, head, wishes)]
        if structure.NAME in GROUPED:
            together.setdefault(structure.NAME, []).append(path)
            return []
        return [_open_structure(structure, [path])]

    for path in paths:
        yield from _tried(path, wishes, open_one)

    def open_all(path: Path) -> list[Source]:
        name, files = next((name, files) for name, files in together.items() if files[0] == path)
        return [_open_structure(next(known for known in STRUCTURED if name == known.NAME), files)]

    for files in together.values():
        yield from _tried(files[0], wishes, open_all)


def _find_structure(path: Path, head: bytes, preset: str) -> Structured | None:
    """The structured preset that was named, or that is surest of the file."""
    if preset:
        return next((known for known in STRUCTURED if preset == known.NAME), None)
    scores = [(known.recognise(path, head), known) for known in STRUCTURED]
    best, found = max(scores, key=lambda score: score[0])
    return found if best >= SURE else None


def _open_structure(structure: Structured, paths: Sequence[Path]) -> Source:
    name = (
        paths[0].name
        if len(paths) == 1
        else _("{file} y {n} más").format(file=paths[0].name, n=len(paths) - 1)
    )
    table = MadeTable(name, structure.FIELDS, partial(structure.read_rows, tuple(paths)))
    return Source(table, structure.NAME, made_mapping(structure.FIELDS), tuple(paths), is_structured=True)


def _open_table_source(path: Path, head: bytes, wishes: _Wishes) -> Source:
    table = open_table(path)
    chosen = next((known for known in PRESETS if known.name == wishes.preset), None) or choose_preset(table)
    is_generic = chosen is PRESETS[-1]
    understood = understand(table) if is_generic else Understood(table, None)
    table = understood.table
    remembered = wishes.layouts.get(layout_key(table.header))
    if choice := wishes.choices.get(path, remembered):
        return Source(
            table, PRESETS[-1].name, chosen_mapping(choice), (path,), is_remembered=choice is remembered
        )
    if is_generic and (refusal := refused.refuse(path, head)):
        raise refusal
    if understood.trouble is not None:
        raise understood.trouble
    mapping = understood.mapping or chosen.map_columns(table.header, table.sample, table.name)
    return Source(table, chosen.name, judge_dates(table, mapping), (path,))


def choose_preset(table: Table) -> Preset:
    """The table preset that recognises the table best, by its content."""
    return max(PRESETS, key=lambda preset: preset.recognise(table.header, table.sample))


def _unpacked(path: Path, stack: ExitStack) -> list[Path]:
    """The file itself, or the sales files inside a zip of several."""
    members = list_members(path)
    if len(members) < 2:
        return [path]
    folder = Path(
        stack.enter_context(tempfile.TemporaryDirectory(prefix="colmado-", ignore_cleanup_errors=True))
    )
    files = []
    with zipfile.ZipFile(path) as archive:
        for place, member in enumerate(members):
            name = _file_name(member)
            if is_sales_file(name):
                # A folder each: two members may bear the same name.
                target = folder / str(place)
                target.mkdir()
                (target / name).write_bytes(archive.read(member))
                files.append(target / name)
    if not files:
        raise UnreadableFile(
            _("«{file}» no trae dentro ningún archivo de ventas.").format(file=path.name),
            _("Mira qué trae y vuelve a exportar las ventas desde la caja."),
        )
    xml = [file for file in files if file.suffix.lower() == ".xml"]
    return files if len(xml) < len(files) else [_in_one_folder(folder / "xml", xml)]


def _file_name(member: str) -> str:
    """The member's own name as every system can write it: Windows has signs it cannot, and devices called CON or AUX."""
    name = _UNWRITABLE.sub("_", re.split(r"[/\\]", member)[-1])
    return _DEVICE.sub(r"_\g<0>", name)[-LONGEST_NAME:]


def _in_one_folder(folder: Path, files: Sequence[Path]) -> Path:
    """Thousands of small papers as the folder that they came from."""
    folder.mkdir()
    for place, file in enumerate(files):
        file.rename(folder / f"{place:06d}-{file.name}")
    return folder
