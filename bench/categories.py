"""How often the categoriser is right, on names that its rules and its classifier were not written from.

python -m bench.categories [SPAIN.csv]

The Dominican names are `tests/data/dominican_names_test.csv` (name, category), written by other hands
and never looked at while the vocabulary was: nothing is printed of them but sums. The Spanish file is a
supermarket's list (columns name, department, family); `FAMILIES` and `DEPARTMENTS` below say which of our
categories each of its families is. Whoever works on the rules reads the mistakes of its first half only
(even crc32 of the name), so the second half tells how much of the gain is real.

What the mapping decides, as `resources/README.md` does: food for pets is `other`, batteries are household,
make-up and parapharmacy personal care, ice cream, nuts and chocolate snacks, whatever is canned staples,
cheese, all of the dairy case and milk for babies bakery.
Ready meals have no category of ours; they count as staples, though "pollo asado" is right as meat and is
counted wrong here. Only the department "Not Available" is left out: it mixes everything.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from bench.figure import Figure, show
from colmado_insights.analytics.categories import CategoryGuess, fold
from colmado_insights.domain import CATEGORIES, Category, CategorySource

DOMINICAN = Path(__file__).resolve().parents[1] / "tests" / "data" / "dominican_names_test.csv"
LEAST_RIGHT = {"Dominican": 0.95, "Spanish": 0.85}
MOST_OTHER = 0.10
SPEED_NAMES = 5_000

DEPARTMENTS = {
    "Aceite, especias y salsas": "staples",
    "Agua y refrescos": "beverages",
    "Aperitivos": "snacks",
    "Arroz, legumbres y pasta": "staples",
    "Azúcar, caramelos y chocolate": "snacks",
    "Bebé": "personal_care",
    "Bodega": "alcohol",
    "Cacao, café e infusiones": "staples",
    "Carne": "meat",
    "Cereales y galletas": "snacks",
    "Charcutería y quesos": "meat",
    "Congelados": "meat",
    "Conservas, caldos y cremas": "staples",
    "Cuidado del cabello": "personal_care",
    "Cuidado facial y corporal": "personal_care",
    "Fitoterapia y parafarmacia": "personal_care",
    "Fruta y verdura": "fresh",
    "Huevos, leche y mantequilla": "bakery",
    "Limpieza y hogar": "household",
    "Maquillaje": "personal_care",
    "Marisco y pescado": "meat",
    "Mascotas": "other",
    "Panadería y pastelería": "bakery",
    "Pizzas y platos preparados": "staples",
    "Postres y yogures": "bakery",
    "Zumos": "beverages",
}
"""Department → our category; what is not here has no right answer."""

FAMILIES = {
    ("Aperitivos", "Aceitunas y encurtidos"): "staples",
    ("Azúcar, caramelos y chocolate", "Azúcar y edulcorante"): "staples",
    ("Azúcar, caramelos y chocolate", "Mermelada y miel"): "staples",
    ("Bebé", "Alimentación infantil"): "staples",
    ("Bodega", "Cerveza sin alcohol"): "beverages",
    ("Cereales y galletas", "Cereales"): "staples",
    ("Charcutería y quesos", "Queso curado, semicurado y tierno"): "bakery",
    ("Charcutería y quesos", "Queso lonchas, rallado y en porciones"): "bakery",
    ("Charcutería y quesos", "Queso untable y fresco"): "bakery",
    ("Congelados", "Arroz y pasta"): "staples",
    ("Congelados", "Helados"): "snacks",
    ("Congelados", "Hielo"): "beverages",
    ("Congelados", "Pizzas"): "bakery",
    ("Congelados", "Tartas y churros"): "bakery",
    ("Congelados", "Verdura"): "fresh",
    ("Panadería y pastelería", "Harina y preparado repostería"): "staples",
    ("Panadería y pastelería", "Velas y decoración"): "household",
    ("Pizzas y platos preparados", "Pizzas"): "bakery",
}
"""Families that are not what the rest of their department is."""

NAMED = {
    ("Alimentación infantil", "leche"): "bakery",
    ("Alimentación infantil", "postre lacteo"): "bakery",
    ("Alimentación infantil", "preparado lacteo"): "bakery",
    ("Alimentación infantil", "yogur"): "bakery",
    ("Pan tostado y rallado", "pan rallado"): "staples",
}
"""Families of two kinds, told apart by how the name begins."""


@dataclass(frozen=True)
class Outcome:
    """A name's right category and what the categoriser said; the name itself stays behind."""

    right: Category
    guess: CategoryGuess

    @property
    def is_right(self) -> bool:
        """Whether it said so."""
        return self.guess.category is self.right


def category_of(name: str, department: str, family: str) -> Category | None:
    """The category that a row of the Spanish file has by the tables above, None when it has none."""
    start = fold(name)
    for (named_family, beginning), category in NAMED.items():
        if family == named_family and start.startswith(beginning):
            return Category(category)
    category = FAMILIES.get((department, family)) or DEPARTMENTS.get(department, "")
    return Category(category) if category else None


def read_dominican(path: Path) -> list[tuple[str, Category]]:
    """The names written down for this project, with their categories."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["name"], Category(row["category"])) for row in csv.DictReader(file)]


def read_spanish(path: Path) -> tuple[list[tuple[str, Category]], int]:
    """The names of the Spanish supermarket that have a category of ours, and how many were left out."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            (row["name"], category_of(row["name"], row["department"], row["family"]))
            for row in csv.DictReader(file)
        ]
    named = [(name, category) for name, category in rows if category is not None]
    return named, len(rows) - len(named)


def judge(named: Sequence[tuple[str, Category]]) -> list[Outcome]:
    """What the categoriser says of each name, without any department."""
    from colmado_insights.insights import categorizer

    guesses = categorizer().categorize_many([name for name, _category in named])
    return [Outcome(right, guess) for (_name, right), guess in zip(named, guesses, strict=True)]


def share(outcomes: Iterable[bool]) -> float:
    """Of how many it is true, 0-1."""
    each = list(outcomes)
    return sum(each) / len(each) if each else 0.0


def show_outcomes(what: str, outcomes: Sequence[Outcome]) -> bool:
    """Print the sums of one list of names; True when both targets are met."""
    right = share(each.is_right for each in outcomes)
    other = share(each.guess.category is Category.OTHER for each in outcomes)
    wrongly = share(each.guess.category is Category.OTHER and not each.is_right for each in outcomes)
    show(
        Figure(
            f"{what} names, {len(outcomes):,}: right", f"{right:.1%}",
            target=f"≥ {LEAST_RIGHT[what]:.0%}", met=right >= LEAST_RIGHT[what],
        )
    )  # fmt: skip
    show(
        Figure(
            f"{what} names: answered other", f"{other:.1%}, wrongly {wrongly:.1%}",
            target=f"< {MOST_OTHER:.0%}", met=other < MOST_OTHER,
        )
    )  # fmt: skip
    for source in (CategorySource.RULES, CategorySource.CLASSIFIER, CategorySource.NONE):
        told = [each.is_right for each in outcomes if each.guess.source is source]
        print(f"  by {source:10} {len(told):5,} names, {share(told):6.1%} of them right")
    found = Counter(each.right for each in outcomes if each.is_right)
    asked = Counter(each.right for each in outcomes)
    for category in CATEGORIES:
        if asked[category]:
            print(f"  {category:13} {found[category]:5,} of {asked[category]:5,}")
    return right >= LEAST_RIGHT[what] and other < MOST_OTHER


def show_halves(named: Sequence[tuple[str, Category]], outcomes: Sequence[Outcome]) -> None:
    """Print how the half whose mistakes were read compares with the one nobody looked at."""
    for rest, half in ((0, "first half, mistakes read"), (1, "second half, untouched")):
        right = [
            each.is_right
            for (name, _category), each in zip(named, outcomes, strict=True)
            if crc32(name.encode()) % 2 == rest
        ]
        print(f"  {half}: {len(right):,} names, {share(right):.1%} right")


def show_speed(names: Sequence[str]) -> None:
    """Print names told in a second of CPU time, each for the first time."""
    from colmado_insights.insights import categorizer

    wanted = [f"{name} {number}" for number in range(SPEED_NAMES // len(names) + 1) for name in names]
    wanted = wanted[:SPEED_NAMES]
    started = time.process_time()
    categorizer().categorize_many(wanted)
    took = time.process_time() - started
    show(Figure("names told in a second of CPU", f"{len(wanted) / took:,.0f}"))


def main(arguments: Sequence[str]) -> int:
    """Judge both lists and print; 1 when a target was missed."""
    is_good = True
    speed_names: list[str] = []
    if DOMINICAN.exists():
        named = read_dominican(DOMINICAN)
        speed_names = [name for name, _category in named]
        is_good = show_outcomes("Dominican", judge(named))
    for path in map(Path, arguments):
        named, left_out = read_spanish(path)
        speed_names = speed_names or [name for name, _category in named]
        outcomes = judge(named)
        is_good &= show_outcomes("Spanish", outcomes)
        show_halves(named, outcomes)
        print(f"  left out, of no family: {left_out}")
    if speed_names:
        show_speed(speed_names)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
