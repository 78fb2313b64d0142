"""Fit the classifier of product names on the words and names that ship, and keep its weights: `poe train`.

Run it after every change of `resources/vocabulary/categories.toml` or `labelled_names.csv`; a test tells when
it was forgotten. What it prints comes from models that had seen no word of the names they judge.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence
from pathlib import Path

from colmado_insights.analytics.categories import make_examples, read_labelled, read_vocabulary
from colmado_insights.analytics.name_classifier import (
    LEAST_SURE,
    Example,
    cross_validate,
    fit_classifier,
    write_classifier,
)

VOCABULARY = Path(__file__).resolve().parent.parent / "resources" / "vocabulary"
BANDS = (0.0, 0.2, 0.3, LEAST_SURE, 0.5, 0.6, 0.7, 0.8, 1.01)


def shipped_examples() -> list[Example]:
    """What the shipped weights must have been fitted on."""
    words = read_vocabulary(VOCABULARY / "categories.toml")
    return make_examples(words, read_labelled(VOCABULARY / "labelled_names.csv"))


def show_judgement(examples: Sequence[Example]) -> None:
    """Print how often models are right on names of which they know no word, by their confidence."""
    said = cross_validate(examples)
    print(f"{len(said):,} names without a word in common with what was learnt:")
    for low, high in itertools.pairwise(BANDS):
        right = [example.category is category for example, category, sure in said if low <= sure < high]
        if right:
            told = "told" if low >= LEAST_SURE else "not told"
            print(
                f"  sure {low:3.0%} to {min(high, 1):4.0%}: {len(right):5,}, {sum(right) / len(right):4.0%} right, {told}"
            )


def main() -> int:
    """Judge, fit and keep."""
    examples = shipped_examples()
    show_judgement(examples)
    model = fit_classifier(examples)
    path = VOCABULARY / "name_classifier.npz"
    write_classifier(model, path)
    print(
        f"{path.name}: {len(examples):,} examples, {len(model.pieces):,} pieces,"
        f" temperature {model.temperature:.2f}, {path.stat().st_size / 1e6:.1f} MB"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
