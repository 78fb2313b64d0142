"""Twins are told by code and by name; what differs in size, taste or kind is never one product."""

from __future__ import annotations

import random
import time

import pytest

from colmado_insights.domain import CatalogProduct, Category, CategorySource, Twins
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.storage.twins import find_twins


def catalog(*products: str | tuple[str, str] | tuple[str, str, int]) -> tuple[CatalogProduct, ...]:
    """Products from names, or from name, code and revenue."""
    made = []
    for number, product in enumerate(products, start=1):
        name, sku, revenue = (*((product,) if isinstance(product, str) else product), "", 0)[:3]
        assert isinstance(name, str)
        made.append(
            CatalogProduct(
                number, name, str(sku), Category.OTHER, CategorySource.NONE, 0.0, None, None,
                int(revenue or 0), 0, None,
            )
        )  # fmt: skip
    return tuple(made)


def are_twins(first: str, other: str) -> bool:
    return bool(find_twins(catalog(first, other), set()))


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("Coca-Cola 2 Lt", "COCA COLA 2L"),
        ("CocaCola 2L", "Coca Cola 2 litros"),
        ("Arroz Campos 5 lb", "ARROZ CAMPOS 5LB"),
        ("Café Santo Domingo 1lb", "CAFE STO DOMINGO 1 LB"),
        ("Salami Induveca", "SALAMI INDUVECCA"),
        ("Deterg. Ace 500g", "Detergente Ace 500 gr"),
        ("Galleta Guarina", "Galletas Guarina"),
        ("Leche Rica 1L", "Leche Rica 1000 ml"),
        ("Ron Brugal Añejo 700ml", "Brugal Añejo Ron 700 ML"),
        ("Aceite Crisol 1/2 lt", "ACEITE CRISOL 0.5 L"),
        ("Zanahoria", "Sanaoria"),
        ("Huevos (unidad)", "HUEVO UND"),
    ],
)
def test_names_that_differ_in_writing_only(first: str, other: str) -> None:
    assert are_twins(first, other)
    assert are_twins(other, first)


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("Arroz Campos 5 lb", "Arroz Campos 10 lb"),
        ("Coca Cola 20oz", "Coca Cola Zero 20oz"),
        ("Coca Cola 20 oz", "Coca Cola 20 ml"),
        ("Jugo Rica Naranja", "Jugo Rica Limón"),
        ("Habichuela roja", "Habichuela rosa"),
        ("Pan sobao", "Pan de agua"),
        ("Pampers M", "Pampers G"),
        ("Presidente", "Presidente Light"),
        ("Leche con azúcar", "Leche sin azúcar"),
        ("Recarga Claro 50", "Recarga Claro 100"),
        ("Patata", "Batata"),
        ("1", "2"),
    ],
)
def test_names_of_two_products(first: str, other: str) -> None:
    assert not are_twins(first, other)
    assert not are_twins(other, first)


def test_a_code_tells_for_sure_whatever_the_name() -> None:
    (pair,) = find_twins(catalog(("Ariel en polvo", "7501"), ("Detergente Ariel", "7501")), set())
    assert pair.likeness == 1.0
    assert not find_twins(catalog(("Ariel 1 lb", "7501"), ("Ariel 2 lb", "7501")), set())


def test_a_code_that_many_share_tells_nothing() -> None:
    many = [(name, "0") for name in ("Pan", "Café", "Salami", "Arroz")]
    assert find_twins(catalog(*many), set()) == ()


def test_what_the_till_tells_apart_by_code_is_two() -> None:
    assert not find_twins(catalog(("Galleta Guarina", "1001"), ("Galletas Guarina", "1002")), set())


def test_the_better_known_is_kept() -> None:
    found = find_twins(catalog("Salami Induvecca", ("SALAMI INDUVECA", "", 50_00)), set())
    assert found == (Twins(2, "SALAMI INDUVECA", 1, "Salami Induvecca", found[0].likeness),)
    coded = find_twins(catalog("Salami Induvecca", ("SALAMI INDUVECA", "77")), set())
    assert (coded[0].kept, coded[0].other) == (2, 1)


def test_a_pair_that_was_refused_is_not_told_again() -> None:
    products = catalog("Galleta Guarina", "Galletas Guarina", "Galletas guarinas")
    pairs = {(min(p.kept, p.other), max(p.kept, p.other)) for p in find_twins(products, {(1, 2)})}
    assert pairs == {(1, 3), (2, 3)}


def test_the_likeliest_come_first() -> None:
    products = catalog("Arroz selecto", "Aroz selecto", ("Pan", "55"), ("Bollo", "55"))
    assert [pair.likeness for pair in find_twins(products, set())] == sorted(
        (pair.likeness for pair in find_twins(products, set())), reverse=True
    )


def test_a_thousand_names_take_half_a_second_and_can_be_stopped() -> None:
    draw = random.Random(3)
    syllables = ["ca", "fe", "sa", "lo", "mi", "pan", "tor", "ri", "que", "so", "ju", "bon", "ar", "roz"]
    names = {
        " ".join("".join(draw.choices(syllables, k=3)) for _word in range(3)).title() for _name in range(1200)
    }
    products = catalog(*sorted(names)[:1000])
    started = time.perf_counter()
    find_twins(products, set())
    assert time.perf_counter() - started < 0.5
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        find_twins(products, set(), progress)
