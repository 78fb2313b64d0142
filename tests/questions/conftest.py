"""One sample shop for all questions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from colmado_insights.questions.subjects import NameBook
from colmado_insights.questions.words import read_lexicon
from colmado_insights.shop import Shop
from tests.questions.asked_shop import make_asked_shop


@pytest.fixture(scope="session")
def asked_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the shop that is asked."""
    return make_asked_shop(tmp_path_factory.mktemp("asked"))


@pytest.fixture(scope="session")
def book(asked_path: Path) -> NameBook:
    """The names of that shop."""
    with Shop(asked_path) as shop:
        return NameBook(shop._database, read_lexicon())


@pytest.fixture
def asked_shop(asked_path: Path) -> Iterator[Shop]:
    """The shop that is asked; nothing is written to it but kept answers."""
    with Shop(asked_path) as shop:
        yield shop
