"""What a name says of the pack."""

from __future__ import annotations

import pytest

from colmado_insights.analytics.pack import is_same_kind, measure_times, read_pack


@pytest.mark.parametrize(
    ("name", "words", "measure", "count"),
    [
        ("Ron Brugal Añejo Chata 350ml", ("ron", "brugal", "anejo"), 350.0, None),
        ("Coca-Cola 2 Lt", ("coca", "cola"), 2000.0, None),
        ("Café Santo Domingo 1/2 lb", ("cafe", "santo", "domingo"), 226.8, None),
        ("Queso de Freír Lb", ("queso", "freir"), 453.6, None),
        ("Huevos Cartón 30 Und", ("huevos",), None, 30.0),
        ("Agua Dasani 6 x 500 ml", ("agua", "dasani"), 3000.0, 6.0),
        ("Papel Higiénico Scott 4 Rollos", ("papel", "higienico", "scott"), None, 4.0),
        ("7 Up 1.5L", ("up",), 1500.0, None),
        ("Pan de Agua", ("pan", "agua"), None, None),
    ],
)
def test_a_name_is_taken_apart(
    name: str, words: tuple[str, ...], measure: float | None, count: float | None
) -> None:
    pack = read_pack(name)
    assert (pack.words, pack.count) == (words, count)
    assert pack.measure == (None if measure is None else pytest.approx(measure))


@pytest.mark.parametrize(
    ("name", "is_loose"),
    [
        ("Salami Induveca Lb", True),
        ("Arroz La Garza 10 lb", False),
        ("Leche Rica 1L", False),
        ("Ron Litro", False),
    ],
)
def test_what_is_sold_by_weight_has_a_unit_without_a_number(name: str, is_loose: bool) -> None:
    assert read_pack(name).is_loose == is_loose


def test_how_many_times_as_much() -> None:
    small, large = read_pack("Ron Barceló 350ml"), read_pack("Ron Barceló 700ml")
    assert measure_times(small, large) == pytest.approx(2.0)
    assert measure_times(read_pack("Huevos 12 Und"), read_pack("Huevos 30 und")) == pytest.approx(2.5)
    assert measure_times(small, read_pack("Ron Barceló Grande")) is None


def test_a_name_of_nothing_but_sizes_is_like_no_other() -> None:
    assert not is_same_kind("2L", "2L")
    assert read_pack("").words == ()
