"""The picture of the rooms shows the contract that the imports are checked by."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from tasks import architecture
from tasks.architecture import PICTURES, has_way_round, read_layers, read_sign, untangle

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_rooms_stand_in_the_layers_of_the_contract(path: Path) -> None:
    names = [each for each in ET.parse(path).iter(f"{SVG}text") if each.get("font-weight") == "600"]
    rows = [
        {word for each in row for word in re.findall(r"\w+", each.text or "")}
        for _top, row in groupby(names, key=lambda each: round(float(each.get("y", "0")) / 20))
    ]
    assert rows == [set(layer) for layer in read_layers()], "run `poe architecture`"


def test_a_card_bears_the_first_words_of_its_room() -> None:
    assert read_sign("storage") == "What happened"
    assert read_sign("shop") == "The door to one shop"


def test_both_pictures_differ_only_in_colour() -> None:
    light, dark = (re.sub(r"#\w+", "#", path.read_text(encoding="utf-8")) for path in PICTURES)
    assert light == dark


def test_a_shorter_way_is_faint_and_rooms_stand_by_their_own() -> None:
    arrows = Counter({("a", "b"): 1, ("b", "c"): 9, ("a", "c"): 40})
    assert [pair for pair in arrows if has_way_round(pair, arrows)] == [("a", "c")]
    crossed = Counter({("a", "d"): 1, ("b", "c"): 1})
    assert untangle([["a", "b"], ["c", "d"]], crossed) in ([["a", "b"], ["d", "c"]], [["b", "a"], ["c", "d"]])


def test_drawing_says_what_is_out_of_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(architecture, "PICTURES", {tmp_path / "rooms.svg": architecture.LIGHT})
    monkeypatch.setattr(architecture, "ROOT", tmp_path)
    monkeypatch.setattr(architecture, "pictures", lambda: {tmp_path / "rooms.svg": "<svg/>"})
    assert architecture.main(["--check"]) == 1
    assert architecture.main([]) == architecture.main(["--check"]) == 0
