"""What else belongs in a basket: one regression of each product on all the others, in closed form.

Each product is foretold from the others of the same receipt, and an old receipt counts less than a new one. The
shop itself says how cautious the weights are, and whether what sells anyway is to be told from what goes together:
of a few choices the one is taken that completes most of its own later baskets.

References
----------
H. Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019 (EASE): the least-squares weights B
with an empty diagonal are -P / diag(P), where P is the inverse of the penalised Gram matrix.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from colmado_insights.analytics.basket_matrix import Baskets, lay_baskets
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import BasketModel, NotEnough
from colmado_insights.analytics.threads import with_one_algebra_thread
from colmado_insights.domain import LINE_COLUMNS, RECEIPT_COLUMNS, day_number
from colmado_insights.progress import Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

OFFERED = 5
"""So many products are offered when it is counted how often the missing one is among them."""
HELD_OUT = 0.2
"""The last part of the receipts, on which a choice or the model is tried."""
PENALTIES = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0)
HALF_LIFE_DAYS = 180
"""A receipt so old counts half: what is on the shelf and how people live changes. No kind of shop tried lost by it."""
COVERAGE_WORTH = 0.05
"""Of two choices that complete as many baskets, the one that knows more of the shelf is better."""
KEPT_WEIGHTS = 60
"""The strongest so many weights of each product are kept: the others change no answer."""
WINDOW_DAYS = 728
FEWEST_RECEIPTS = 10
FEWEST_BASKETS = 100
"""Of two products or more."""
_CASES_TO_CHOOSE, _CASES_TO_TELL = 6000, 40_000
_SCALE = 10_000
_LEAST_GAIN = 0.001
"""Below this a choice is no better than the plain one, only luckier."""


@dataclass(frozen=True)
class Choice:
    """How a model is fitted."""

    penalty: float = 50.0
    half_life_days: int = HALF_LIFE_DAYS
    has_constant: bool = False  # whether what sells anyway has a weight of its own


@dataclass(frozen=True)
class Weights:
    """A fitted model: what each product says for each other, and what speaks for it without any."""

    pull: NDArray[np.float64]  # products x products, row = what is in the basket
    constant: NDArray[np.float64]

    def score(self, baskets: csr_array) -> NDArray[np.float64]:
        """How well each product fits each basket, shape (baskets, products)."""
        return np.asarray(baskets @ self.pull) + self.constant


@dataclass(frozen=True)
class Trial:
    """How often the missing product of an unseen basket was among the few offered."""

    hit_rate: float
    coverage: float  # share of the products that were offered at all
    cases: int = 0  # products taken out

    @property
    def worth(self) -> float:
        """What choices are compared by."""
        return self.hit_rate + COVERAGE_WORTH * self.coverage


def fit_weights(baskets: Baskets, choice: Choice) -> Weights:
    """Fit the weights of all products at once.

    Parameters
    ----------
    baskets : Baskets
        Receipts of at least two products count; so do single ones, which say what is bought alone.
    choice : Choice
        Penalty, half-life and constant.

    Returns
    -------
    Weights
        The diagonal of `pull` is 0: a product says nothing for itself.
    """
    return _solve(_meetings(baskets, choice.half_life_days), choice)


def _meetings(baskets: Baskets, half_life_days: int) -> NDArray[np.float64]:
    """Weighted receipts with each two products; the last row and column stand for what every receipt holds."""
    count = baskets.matrix.shape[1]
    weight = _weight(baskets.day, half_life_days)
    weighted = baskets.matrix * weight[:, None]
    gram = np.empty((count + 1, count + 1))
    gram[:count, :count] = (baskets.matrix.T @ weighted).toarray()
    gram[count, :count] = gram[:count, count] = weighted.sum(axis=0)
    gram[count, count] = weight.sum()
    return gram


@with_one_algebra_thread
def _solve(meetings: NDArray[np.float64], choice: Choice) -> Weights:
    """The closed form."""
    count = len(meetings) - 1
    gram = meetings + choice.penalty * np.eye(count + 1)
    inverse = np.linalg.inv(gram if choice.has_constant else gram[:count, :count])
    pull = inverse[:, :count] / -np.diag(inverse)[:count]
    constant = pull[count] if choice.has_constant else np.zeros(count)
    pull = pull[:count]
    np.fill_diagonal(pull, 0.0)
    return Weights(pull, constant)


def _weight(day: NDArray[np.int64], half_life_days: int) -> NDArray[np.float64]:
    if not half_life_days or not len(day):
        return np.ones(len(day))
    return np.asarray(0.5 ** ((day.max() - day) / half_life_days))


def fit_popularity(baskets: Baskets) -> Weights:
    """The plain rule: what sells most, whatever is in the basket."""
    count = len(baskets.product_ids)
    return Weights(np.zeros((count, count)), baskets.receipts.astype(np.float64))


def try_weights(
    weights: Weights, unseen: Baskets, most_cases: int | None = None, progress: Progress | None = None
) -> Trial:
    """Take each product out of each unseen basket of two or more, and look whether it is offered first.

    Parameters
    ----------
    weights : Weights
        Fitted on other baskets, over the same products.
    unseen : Baskets
        Baskets that the fit has not seen.
    most_cases : int, optional
        Of more cases than this, so many evenly spaced ones are tried.
    progress : Progress, optional
        Is asked every thousand cases.
    """
    baskets, missing = _leave_one_out(unseen, most_cases)
    hits, offered = 0, np.zeros(unseen.matrix.shape[1], dtype=bool)
    for start in range(0, len(missing), 1000):
        if progress:
            progress.step()
        part, wanted = baskets[start : start + 1000], missing[start : start + 1000]
        score = weights.score(part)
        row, column = part.nonzero()
        score[row, column] = -np.inf
        top = np.argpartition(-score, min(OFFERED, score.shape[1] - 1), axis=1)[:, :OFFERED]
        hits += int((top == wanted[:, None]).any(axis=1).sum())
        offered[top] = True
    sold = unseen.matrix.shape[1]
    return Trial(hits / max(1, len(missing)), float(offered.sum()) / max(1, sold), len(missing))


def _leave_one_out(unseen: Baskets, most_cases: int | None) -> tuple[csr_array, NDArray[np.int64]]:
    """Baskets that lack one product each, and which it is."""
    from scipy.sparse import csr_array

    matrix, size = unseen.matrix, unseen.sizes
    entry = np.flatnonzero(np.repeat(size, size) >= 2)
    if most_cases is not None and len(entry) > most_cases:
        entry = entry[np.linspace(0, len(entry) - 1, most_cases).astype(np.int64)]
    row, missing = np.repeat(np.arange(len(size)), size)[entry], matrix.indices[entry].astype(np.int64)
    whole = matrix[row]
    case = np.repeat(np.arange(len(row)), np.diff(whole.indptr))
    left = whole.indices != missing[case]
    baskets = csr_array((whole.data[left], (case[left], whole.indices[left])), shape=whole.shape)
    return baskets, missing


def choose(baskets: Baskets, progress: Progress | None = None) -> Choice:
    """The choice that completes most of the shop's own later baskets."""
    progress = progress or Progress()
    earlier, later = split(baskets)
    meetings = _meetings(earlier, HALF_LIFE_DAYS)
    best, best_worth = Choice(), -np.inf

    def consider(others: Iterable[Choice]) -> None:
        nonlocal best, best_worth
        for choice in others:
            progress.step()
            worth = try_weights(_solve(meetings, choice), later, _CASES_TO_CHOOSE, progress).worth
            if worth > best_worth + (_LEAST_GAIN if np.isfinite(best_worth) else 0.0):
                best, best_worth = choice, worth

    consider(Choice(penalty) for penalty in PENALTIES)
    near = PENALTIES[max(0, PENALTIES.index(best.penalty) - 1) : PENALTIES.index(best.penalty) + 2]
    consider([Choice(penalty, has_constant=True) for penalty in near])
    return best


def split(baskets: Baskets) -> tuple[Baskets, Baskets]:
    """The earlier and the last part of the receipts."""
    cut = round(len(baskets.day) * (1 - HELD_OUT))
    return baskets.of(slice(0, cut)), baskets.of(slice(cut, None))


def compute_basket_model(
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    until: date,
    product_ids: NDArray[np.int64] | None = None,
    progress: Progress | None = None,
) -> BasketModel | NotEnough:
    """Choose on the earlier receipts, try on the last, fit on all.

    Parameters
    ----------
    receipts, lines : DataFrame
        RECEIPT_COLUMNS and LINE_COLUMNS of at least the last two years; later and older ones are not looked at.
    until : date
        Last day of data.
    product_ids : ndarray of int, optional
        Only these products.
    progress : Progress, optional
        Is asked between the fits.

    Returns
    -------
    BasketModel or NotEnough
        With fewer than 100 receipts of two products, or hardly any products.

    Raises
    ------
    TypeError
        When a frame is not what was declared.

    Assumes
    -------
    What goes together changes slowly: the last fifth of the receipts tells how well the next ones are completed.

    References
    ----------
    H. Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    check_frame(lines, LINE_COLUMNS, "lines")
    last = day_number(until)
    baskets = lay_baskets(
        receipts,
        lines,
        first=last - WINDOW_DAYS + 1,
        last=last,
        product_ids=product_ids,
        fewest=FEWEST_RECEIPTS,
    )
    of_two = int((baskets.sizes >= 2).sum())
    if of_two < FEWEST_BASKETS or len(baskets.product_ids) <= OFFERED:
        return NotEnough(FEWEST_BASKETS, min(of_two, FEWEST_BASKETS - 1), "receipts", until)
    earlier, later = split(baskets)
    choice = choose(earlier, progress)
    trial = try_weights(fit_weights(earlier, choice), later, _CASES_TO_TELL, progress)
    popular = try_weights(fit_popularity(earlier), later, _CASES_TO_TELL, progress)
    weights = fit_weights(baskets, choice)
    neighbours, pulls = _strongest(weights.pull)
    return BasketModel(
        product_ids=tuple(baskets.product_ids.tolist()),
        neighbours=neighbours,
        pulls=pulls,
        constants=tuple(np.rint(weights.constant * _SCALE).astype(int).tolist()),
        penalty=choice.penalty,
        half_life_days=choice.half_life_days,
        hit_rate=trial.hit_rate,
        popular_hit_rate=popular.hit_rate,
        coverage=trial.coverage,
        until=until,
        cases=trial.cases,
    )


def _strongest(pull: NDArray[np.float64]) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    """The places and ten-thousandths of the strongest weights of each row."""
    kept = min(KEPT_WEIGHTS, pull.shape[1] - 1)
    place = np.sort(np.argpartition(-np.abs(pull), kept - 1, axis=1)[:, :kept], axis=1)
    value = np.rint(np.take_along_axis(pull, place, axis=1) * _SCALE).astype(int)
    return tuple(map(tuple, place.tolist())), tuple(map(tuple, value.tolist()))


@dataclass(frozen=True)
class Completion:
    """A product that fits a basket, and which of the basket's products says most for it."""

    product_id: int
    score: float
    because_id: int


def complete(model: BasketModel, basket: Mapping[int, float]) -> list[Completion]:
    """The products that something in the basket speaks for, best first; milliseconds.

    Parameters
    ----------
    model : BasketModel
        As kept.
    basket : mapping of int to float
        Product ids and how much each counts, 1 in a receipt; those the model does not know say nothing.

    Returns
    -------
    list of Completion
        None of the basket's own.
    """
    place_of = {product: place for place, product in enumerate(model.product_ids)}
    inside = {place_of[product]: weight for product, weight in sorted(basket.items()) if product in place_of}
    score: dict[int, float] = {}
    strongest: dict[int, tuple[float, int]] = {}
    for place, weight in inside.items():
        for other, pull in zip(model.neighbours[place], model.pulls[place], strict=True):
            score[other] = score.get(other, 0.0) + weight * pull
            strongest[other] = max(strongest.get(other, (0.0, 1)), (weight * pull, -place))
    found = [
        Completion(
            model.product_ids[other],
            (pull + model.constants[other]) / _SCALE,
            model.product_ids[-strongest[other][1]],
        )
        for other, pull in score.items()
        if other not in inside and strongest[other][0] > 0 and pull + model.constants[other] > 0
    ]
    return sorted(found, key=lambda each: (-each.score, each.product_id))
