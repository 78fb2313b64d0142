"""The categoriser with the vocabulary and the classifier that ship with the program."""

from __future__ import annotations

from functools import cache

from colmado_insights.analytics.categories import Categorizer, read_vocabulary
from colmado_insights.analytics.name_classifier import read_classifier
from colmado_insights.config import resource


@cache
def categorizer() -> Categorizer:
    """The categoriser with the vocabulary and the classifier that ship with the program."""
    return Categorizer(
        read_vocabulary(resource("vocabulary/categories.toml")),
        read_classifier(resource("vocabulary/name_classifier.npz")),
    )
