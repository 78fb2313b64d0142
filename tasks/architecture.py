"""Draw docs/pictures/architecture.svg from the import contract and the imports themselves (`poe architecture`).

Rooms stand in the layers that pyproject.toml gives them; an arrow is thick where imports are many, and faint
where the way over other rooms tells the same.
`--check` changes nothing and fails when a picture is out of date.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import grimp

from colmado_insights.palette import DARK, LIGHT, Palette

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "colmado_insights"
PICTURES = {
    ROOT / "docs" / "pictures" / "architecture.svg": LIGHT,
    ROOT / "docs" / "pictures" / "architecture-oscuro.svg": DARK,
}
FLOOR = "config"
"""From the layer of this room downwards all rooms stand on all: drawn as a floor, without arrows."""
OUTSIDE = {
    "PySide6": "Qt",
    "click": "click",
    "sqlite3": "SQLite",
    "sklearn": "scikit-learn",
    "matplotlib": "matplotlib",
    "socketserver": "loopback",
    "httpx": "network",
    "keyring": "keyring",
}
"""What of the outside is told of the rooms that use it."""

WIDTH, MARGIN = 1000, 20
CARD, CARD_HEIGHT, GAP, STEP = 168, 78, 24, 128
FONT = "Inter, 'Segoe UI', 'Noto Sans', sans-serif"
LONGEST_SIGN = 44
PORT = 22
FAINT = 0.18
SWEEPS = 8
IDEA = {"storage", "analytics", "ui"}
"""Storage knows what happened, analytics knows what it means, ui shows it."""


@dataclass(frozen=True)
class Room:
    """A room as it is drawn: its sign, what of the outside it uses, and where its card stands."""

    name: str
    sign: str
    outside: tuple[str, ...]
    middle: float
    top: float


def main(arguments: list[str]) -> int:
    """Draw the pictures anew, or only check them."""
    stale = []
    for path, content in pictures().items():
        if "--check" not in arguments:
            path.write_text(content, encoding="utf-8", newline="\n")
        elif not path.exists() or path.read_text(encoding="utf-8") != content:
            stale.append(path)
    for path in stale:
        print(f"{path.relative_to(ROOT).as_posix()} is out of date: run `poe architecture`", file=sys.stderr)
    return 1 if stale else 0


def pictures() -> dict[Path, str]:
    """Each picture as it should be now."""
    layers, graph = read_layers(), read_graph()
    floor = next(at for at, layer in enumerate(layers) if FLOOR in layer)
    arrows = count_imports(graph, {name for layer in layers[:floor] for name in layer})
    rooms = place_rooms(untangle(layers[:floor], arrows), graph)
    return {path: draw(rooms, layers[floor:], arrows, palette) for path, palette in PICTURES.items()}


# ── what the code says ──


def read_layers() -> list[list[str]]:
    """The rooms of each layer, from the top, as the contract gives them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(each["layers"] for each in contracts["contracts"] if each["type"] == "layers")
    return [re.findall(r"\w+", layer) for layer in layers if layer != "__main__"]


def read_graph() -> grimp.ImportGraph:
    """Who imports whom."""
    return grimp.build_graph(
        PACKAGE, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


def room_of(module: str) -> str:
    """The room that a module stands in."""
    return module.removeprefix(f"{PACKAGE}.").partition(".")[0]


def count_imports(graph: grimp.ImportGraph, rooms: set[str]) -> Counter[tuple[str, str]]:
    """How many modules of one room import one of another."""
    pairs = sorted(
        (room_of(module), room_of(other))
        for module in graph.modules
        for other in graph.find_modules_directly_imported_by(module)
    )
    return Counter(pair for pair in pairs if pair[0] != pair[1] and set(pair) <= rooms)


def read_sign(room: str) -> str:
    """The first words of what a room says of itself."""
    path = ROOT / PACKAGE / room / "__init__.py"
    path = path if path.exists() else path.parent.with_suffix(".py")
    sign = re.split(r"[:;.]", ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")[0]
    return sign if len(sign) <= LONGEST_SIGN else sign.split(",")[0]


# ── where rooms stand ──


def untangle(layers: Sequence[Sequence[str]], arrows: Counter[tuple[str, str]]) -> list[list[str]]:
    """The layers, their rooms in the order that brings each nearest to those it has to do with."""
    ordered = [list(layer) for layer in layers]
    for _sweep in range(SWEEPS):
        for layer in ordered:
            middles = {
                name: middle for row in ordered for name, middle in zip(row, middles_of(row), strict=True)
            }
            layer.sort(key=lambda name: pull_on(name, arrows, middles))
    return ordered


def pull_on(name: str, arrows: Counter[tuple[str, str]], middles: dict[str, float]) -> float:
    """Where the rooms it has to do with draw a room, from the left."""
    pulls = [
        (middles[other], thickness(count))
        for pair, count in arrows.items()
        if name in pair
        for other in pair
        if other != name
    ]
    return (
        sum(middle * weight for middle, weight in pulls) / sum(weight for _middle, weight in pulls)
        if pulls
        else WIDTH
    )


def middles_of(layer: Sequence[str]) -> list[float]:
    """The middles of the cards of a row, which stands in the middle of the picture."""
    return [WIDTH / 2 + (at - (len(layer) - 1) / 2) * (CARD + GAP) for at in range(len(layer))]


def place_rooms(layers: Sequence[Sequence[str]], graph: grimp.ImportGraph) -> dict[str, Room]:
    """The rooms by name, each layer in the middle of its row."""
    placed = {}
    for row, layer in enumerate(layers):
        for name, middle in zip(layer, middles_of(layer), strict=True):
            own = [module for module in graph.modules if f"{module}.".startswith(f"{PACKAGE}.{name}.")]
            used = {far for module in own for far in graph.find_modules_directly_imported_by(module)}
            outside = tuple(words for library, words in OUTSIDE.items() if library in used)
            placed[name] = Room(name, read_sign(name), outside, middle, MARGIN + row * STEP)
    return placed


# ── the drawing ──


def draw(
    rooms: dict[str, Room], floor: Sequence[Sequence[str]], arrows: Counter[tuple[str, str]], palette: Palette
) -> str:
    """The whole picture."""
    bottom = max(room.top for room in rooms.values()) + CARD_HEIGHT + 44
    height = bottom + 40 * len(floor) + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" font-family="{FONT}">',
        f'<rect width="{WIDTH}" height="{height:.0f}" rx="14" fill="{palette.bg}"/>',
        *draw_arrows(rooms, arrows, palette),
        *(line for room in rooms.values() for line in draw_room(room, palette)),
        *draw_floor(floor, bottom, palette),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def draw_arrows(rooms: dict[str, Room], arrows: Counter[tuple[str, str]], palette: Palette) -> Iterator[str]:
    """A curve for each pair of rooms; those that only shorten the way over other rooms are faint."""
    told = {pair for pair in arrows if has_way_round(pair, arrows)}
    for source, target in sorted(arrows, key=lambda pair: pair not in told):
        x1 = port(rooms[source], [rooms[end] for start, end in arrows if start == source], rooms[target])
        x2 = port(rooms[target], [rooms[start] for start, end in arrows if end == target], rooms[source])
        y1, y2 = rooms[source].top + CARD_HEIGHT, rooms[target].top
        bend = (y2 - y1) * 0.5
        opacity = FAINT if (source, target) in told else 1
        yield (
            f'<path d="M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"'
            f' fill="none" stroke="{palette.brand}" stroke-opacity="{opacity}"'
            f' stroke-width="{thickness(arrows[source, target])}" stroke-linecap="round"/>'
        )


def has_way_round(pair: tuple[str, str], arrows: Counter[tuple[str, str]]) -> bool:
    """Whether one comes from the first room to the second over others too."""
    start, end = pair
    reached = {far for near, far in arrows if near == start} - {end}
    while more := {far for near, far in arrows if near in reached} - reached:
        reached |= more
    return end in reached


def thickness(count: int) -> float:
    """Few steps, so that one import more changes no picture."""
    return 1.2 if count < 4 else 2.4 if count < 16 else 4.8


def port(room: Room, others: Sequence[Room], other: Room) -> float:
    """Where on the card's edge the curve to one of the others begins, so that curves do not cross there."""
    at = sorted(others, key=lambda each: (each.middle, each.top)).index(other)
    return room.middle + (at - (len(others) - 1) / 2) * min(PORT, (CARD - 40) / len(others))


def draw_room(room: Room, palette: Palette) -> Iterator[str]:
    """A card: name, sign, and in small letters what of the outside."""
    is_idea = room.name in IDEA
    yield (
        f'<rect x="{room.middle - CARD / 2:.0f}" y="{room.top:.0f}" width="{CARD}" height="{CARD_HEIGHT}" rx="9"'
        f' fill="{palette.brand_soft if is_idea else palette.surface}"'
        f' stroke="{palette.brand if is_idea else palette.line}"/>'
    )
    sign = textwrap.wrap(room.sign, 28)[:2]
    yield text(room.middle, room.top + (29 if len(sign) == 1 else 23), room.name, 14, palette.ink, weight=600)
    for at, line in enumerate(sign, start=-len(sign)):
        yield text(room.middle, room.top + (63 if len(sign) == 1 else 68) + 14 * at, line, 10.5, palette.soft)
    if room.outside:
        yield text(room.middle, room.top + CARD_HEIGHT - 7, " · ".join(room.outside), 9.5, palette.brand)


def draw_floor(floor: Sequence[Sequence[str]], top: float, palette: Palette) -> Iterator[str]:
    """The rooms that all others stand on, a band a layer."""
    yield text(WIDTH / 2, top - 12, "all stand on", 10.5, palette.faint)
    for at, layer in enumerate(floor):
        y = top + 40 * at
        inset = MARGIN + 110 * at
        yield (
            f'<rect x="{inset}" y="{y:.0f}" width="{WIDTH - 2 * inset}" height="32" rx="8"'
            f' fill="{palette.raised}" stroke="{palette.line}"/>'
        )
        yield text(WIDTH / 2, y + 21, " · ".join(layer), 13, palette.ink, weight=600)


def text(x: float, y: float, words: str, size: float, colour: str, *, weight: int = 400) -> str:
    """Words with their middle at `x`."""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" font-weight="{weight}" text-anchor="middle"'
        f' fill="{colour}">{escape(words)}</text>'
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
