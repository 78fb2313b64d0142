"""Figures as they may leave the PC: rough enough to hide a single purchase and to stay the same from day to day."""

from __future__ import annotations

from colmado_insights import text

TENTH, HUNDREDTH = 0.10, 0.01
_LEAST_MONEY = 5  # pesos
_GRID, _ALL = 0.05, 0.995
_STEPS = (1.0, 2.5, 5.0, 10.0)


def rough(value: float, coarseness: float = TENTH, least: float = 1.0) -> int:
    """The number on a round grid whose steps are at most such a part of it, and never under `least`.

    >>> [rough(value) for value in (7, 43, 126, 1284)]
    [7, 43, 130, 1300]
    """
    wanted, step = abs(value) * coarseness, least
    scale = 1.0
    while scale * _STEPS[0] <= wanted:
        fitting = [scale * each for each in _STEPS if scale * each <= wanted and scale * each >= least]
        step = max([step, *(each for each in fitting if float(each).is_integer())])
        scale *= 10
    return round(round(value / step) * step)


def rough_money(cents: float, coarseness: float = TENTH) -> str:
    """RD$ 130 for RD$ 126.11: on a grid of RD$ 5 or more; what is nearly nothing is not made nothing."""
    pesos = max(rough(cents / 100, coarseness, _LEAST_MONEY), _LEAST_MONEY)
    return text.money(100 * pesos)


def round_share(share: float) -> float:
    """On a grid of 5 %; nearly all is not made all."""
    return min(round(share / _GRID) * _GRID, 1.0 if share >= _ALL else 1 - _GRID)


def rough_share(share: float) -> str:
    """35 % for 33.4 %; under 10 % to the hundredth, and nearly nothing is not made nothing."""
    if round_share(share) >= 2 * _GRID:
        return text.percent(round_share(share))
    return text.percent(max(round(share, 2), 0.01))
