"""What a product probably is by the letters of its name, when no rule knows one of its words.

A linear model over pieces of two to five letters within words (TF-IDF of scikit-learn's `char_wb`), fitted
ahead by `tasks/train.py` on names that ship with the program. Its weights ship too, so that telling a name
takes numpy alone: importing scikit-learn costs two seconds that nobody who imports a file should wait.

References
----------
Cavnar & Trenkle, "N-gram-based text categorization", SDAIR 1994; Guo et al., "On calibration of modern
neural networks", ICML 2017 (temperature scaling).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from colmado_insights.domain import CATEGORIES, CATEGORY_CODE, Category

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHORTEST_PIECE = 2
LONGEST_PIECE = 5
FEWEST_NAMES = 2
"""A piece of fewer names than these tells nothing of the next one."""
STRENGTH = 10.0
"""How far the model trusts its examples (C of the logistic regression), chosen by `cross_validate`."""
LEAST_SURE = 0.4
"""Under this confidence nothing is said; chosen by `cross_validate`, whose sums `poe train` prints."""
FOLDS = 5
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Example:
    """A name as the classifier reads it, and its category."""

    text: str
    category: Category


@dataclass(frozen=True, eq=False)
class NameClassifier:
    """A fitted model; made by `fit_classifier`, kept by `write_classifier`, read by `read_classifier`.

    Attributes
    ----------
    pieces : dict of str to int
        Letters within a word, a space for its ends, to their row in the weights.
    rarity : array of shape (n_pieces,)
        Inverse document frequency of each.
    weights : array of shape (n_pieces, n_categories)
    bias : array of shape (n_categories,)
    temperature : float
        What the scores are divided by to make shares that hold true.
    fingerprint : str
        Of the examples it was fitted on.
    """

    pieces: dict[str, int]
    rarity: NDArray[np.float64]
    weights: NDArray[np.float32]
    bias: NDArray[np.float64]
    temperature: float
    fingerprint: str

    def classify(self, text: str) -> tuple[Category, float]:
        """Tell the likeliest category of a name and how likely it is.

        Parameters
        ----------
        text : str
            Folded words without sizes, as `Categorizer.spell` writes them.

        Returns
        -------
        tuple of Category and float
            Confidence 0 when no piece of the name is known.
        """
        shares = self.shares(text)
        if shares is None:
            return Category.OTHER, 0.0
        best = int(np.argmax(shares))
        return CATEGORIES[best], float(shares[best])

    def shares(self, text: str) -> NDArray[np.float64] | None:
        """How likely each category is, in the order of `CATEGORIES`; None when no piece is known."""
        counts: dict[int, int] = {}
        for piece in pieces_of(text):
            row = self.pieces.get(piece)
            if row is not None:
                counts[row] = counts.get(row, 0) + 1
        if not counts:
            return None
        rows = np.fromiter(counts.keys(), np.int64, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))) * self.rarity[rows]
        values /= np.sqrt(values @ values)
        scores: NDArray[np.float64] = (values @ self.weights[rows] + self.bias) / self.temperature
        scores = np.exp(scores - scores.max())
        shares: NDArray[np.float64] = scores / scores.sum()
        return shares


def pieces_of(text: str) -> Iterator[str]:
    """The pieces of a text, exactly those of scikit-learn's analyzer `char_wb`."""
    for word in text.split():
        padded = f" {word} "
        for length in range(SHORTEST_PIECE, LONGEST_PIECE + 1):
            yield padded[:length]
            if length >= len(padded):  # a short word counts once
                break
            for start in range(1, len(padded) - length + 1):
                yield padded[start : start + length]


def fingerprint_of(examples: Sequence[Example]) -> str:
    """What tells whether weights belong to these examples."""
    digest = hashlib.sha256(f"{_FORMAT} {SHORTEST_PIECE} {LONGEST_PIECE} {STRENGTH}\n".encode())
    for example in examples:
        digest.update(f"{example.text}\t{example.category}\n".encode())
    return digest.hexdigest()


def fit_classifier(examples: Sequence[Example]) -> NameClassifier:
    """Fit the model on examples; the same ones give the same model.

    Parameters
    ----------
    examples : sequence of Example
        All categories must be among them.

    Returns
    -------
    NameClassifier

    Raises
    ------
    ValueError
        When a category has no example.
    """
    missing = set(CATEGORIES).difference(example.category for example in examples)
    if missing:
        raise ValueError(f"no example of {', '.join(sorted(missing))}")
    fitted = _fit(examples)
    judged = [
        (_fit(learnt).scores([example.text for example in held]), _codes(held))
        for learnt, held in _folds(examples, b"calibrate")
    ]
    return fitted.frozen(
        temperature=_temperature(
            np.concatenate([scores for scores, _codes in judged]),
            np.concatenate([codes for _scores, codes in judged]),
        ),
        fingerprint=fingerprint_of(examples),
    )


def cross_validate(examples: Sequence[Example]) -> list[tuple[Example, Category, float]]:
    """What models say of examples none of whose words they have seen, as it is when no rule knows a name.

    Parameters
    ----------
    examples : sequence of Example

    Returns
    -------
    list of tuple of Example, Category and float
        Those that could be judged, the category told and its confidence; each fold's model is calibrated
        on the other folds alone.
    """
    said: list[tuple[Example, Category, float]] = []
    for learnt, held in _folds(examples, b"judge"):
        model = fit_classifier(learnt)
        said += [(example, *model.classify(example.text)) for example in held]
    return said


def write_classifier(model: NameClassifier, path: Path) -> None:
    """Keep a model in a file without any pickled object."""
    ordered = sorted(model.pieces, key=model.pieces.__getitem__)
    np.savez_compressed(
        path,
        pieces=np.array([piece.encode("ascii") for piece in ordered]),
        rarity=model.rarity,
        weights=model.weights,
        bias=model.bias,
        temperature=np.array(model.temperature),
        fingerprint=np.array(model.fingerprint.encode("ascii")),
        categories=np.array([category.encode("ascii") for category in CATEGORIES]),
    )


def read_classifier(path: Path) -> NameClassifier:
    """Read a model that `write_classifier` kept.

    Raises
    ------
    ValueError
        When it was fitted for other categories.
    """
    with np.load(path, allow_pickle=False) as kept:
        if [name.decode() for name in kept["categories"].tolist()] != list(CATEGORIES):
            raise ValueError(f"{path.name} knows other categories")
        return NameClassifier(
            pieces={piece.decode(): row for row, piece in enumerate(kept["pieces"].tolist())},
            rarity=kept["rarity"],
            weights=kept["weights"],
            bias=kept["bias"],
            temperature=float(kept["temperature"]),
            fingerprint=kept["fingerprint"].item().decode(),
        )


@dataclass(frozen=True)
class _Fitted:
    """scikit-learn's pieces and linear models, one a category."""

    pieces: Any
    models: Any

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Of shape (n_texts, n_categories), not yet calibrated."""
        return np.asarray(self.models.decision_function(self.pieces.transform(texts)), np.float64)

    def frozen(self, temperature: float, fingerprint: str) -> NameClassifier:
        """As plain arrays."""
        estimators = self.models.estimators_
        return NameClassifier(
            pieces={str(piece): int(row) for piece, row in self.pieces.vocabulary_.items()},
            rarity=np.asarray(self.pieces.idf_, np.float64),
            weights=np.column_stack([model.coef_[0] for model in estimators]).astype(np.float32),
            bias=np.array([model.intercept_[0] for model in estimators], np.float64),
            temperature=temperature,
            fingerprint=fingerprint,
        )


def _fit(examples: Sequence[Example]) -> _Fitted:
    """The model, not yet calibrated."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    pieces = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(SHORTEST_PIECE, LONGEST_PIECE),
        min_df=FEWEST_NAMES,
        sublinear_tf=True,
        lowercase=False,
    )
    rows = pieces.fit_transform([example.text for example in examples])
    # liblinear without its dual draws no lots, and is a hundred times faster here than lbfgs for all at once.
    models = OneVsRestClassifier(LogisticRegression(C=STRENGTH, solver="liblinear"))
    models.fit(rows, _codes(examples))
    return _Fitted(pieces, models)


def _codes(examples: Sequence[Example]) -> NDArray[np.int64]:
    """The codes of their categories."""
    return np.array([CATEGORY_CODE[example.category] for example in examples], np.int64)


def _folds(examples: Sequence[Example], lot: bytes) -> Iterator[tuple[list[Example], list[Example]]]:
    """Examples to learn from and examples to be judged, which have no word in common.

    Folds of names at random would flatter: half the words of a name held back are known from its
    neighbours, but a name reaches the classifier only when no rule knows any of its words. `lot` makes the
    folds of one purpose independent of another's.
    """
    for fold in range(FOLDS):
        learnt, held = [], []
        for example in examples:
            places = {crc32(lot + word.encode()) % FOLDS for word in example.text.split()}
            if fold not in places:
                learnt.append(example)
            elif places == {fold}:
                held.append(example)
        yield learnt, held


def _temperature(scores: NDArray[np.float64], codes: NDArray[np.int64]) -> float:
    """The number that, dividing the scores, makes the shares likeliest on names not learnt from."""
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    def unlikeliness(log_temperature: float) -> float:
        shares = log_softmax(scores / np.exp(log_temperature), axis=1)
        return -float(shares[np.arange(len(codes)), codes].mean())

    found = minimize_scalar(unlikeliness, bounds=(-3.0, 3.0), method="bounded")
    return float(np.exp(found.x))
