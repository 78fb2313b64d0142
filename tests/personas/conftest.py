"""A shop whose segments were found already: what is asked about it is only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from colmado_insights import config, text
from colmado_insights.config import Settings
from colmado_insights.personas.persona import Question
from colmado_insights.shop import Shop
from tests.personas.asked import all_questions
from tests.small_shop import copy_small_shop


@pytest.fixture(scope="session")
def told_shop(found_shop_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The small shop, opened once for all tests that change nothing of it."""
    with Shop(copy_small_shop(found_shop_made, tmp_path_factory.mktemp("told")), Settings()) as shop:
        yield shop


@pytest.fixture(scope="session")
def told(told_shop: Shop) -> dict[str, tuple[Question, ...]]:
    """Every question about it, by language."""
    found = {}
    for language in config.LANGUAGES:
        config.use_language(language)
        found[language] = tuple(all_questions(told_shop))
    text.use_language("es")
    return found
