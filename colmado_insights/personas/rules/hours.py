"""Hours as a shop says them, and sentences that may end in one."""

from __future__ import annotations

from collections.abc import Iterable

from colmado_insights import text


def say_hours(hours: Iterable[int], *, first: bool = False) -> str:
    """7 y 8 a. m.; 11 a. m., 12 p. m. y 7 p. m.: hours in the order of the shop's day, or the first of them."""
    ordered = sorted(hours, key=_shop_day)[: 1 if first else None]
    labels = [text.hour_label(hour) for hour in ordered]
    is_one_half = len({(_shop_day(hour) + 4) // 12 for hour in ordered}) == 1
    if is_one_half:  # midnight belongs to no morning
        labels[:-1] = [label.split(maxsplit=1)[0] for label in labels[:-1]]
    return text.join_words(labels)


def _shop_day(hour: int) -> int:
    """The place of an hour in a shop's day, which ends after midnight."""
    return (hour - 4) % 24


def end_sentence(words: str) -> str:
    """The words with a full stop, unless they end in one ("7 p. m.")."""
    return text.fluent(words if words.endswith(".") else f"{words}.")
