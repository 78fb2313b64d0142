"""The classifier says in plain numpy what scikit-learn would, and its weights are those of the words that ship."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colmado_insights.analytics.categories import Categorizer, make_examples, read_labelled, read_vocabulary
from colmado_insights.analytics.name_classifier import (
    LEAST_SURE,
    LONGEST_PIECE,
    SHORTEST_PIECE,
    Example,
    NameClassifier,
    cross_validate,
    fingerprint_of,
    fit_classifier,
    pieces_of,
    read_classifier,
    write_classifier,
)
from colmado_insights.domain import CATEGORIES, Category, CategorySource

FOLDER = Path(__file__).parents[2] / "resources" / "vocabulary"
WORDS = {
    Category.ALCOHOL: "cerveza cervecita cervezon ron ronazo vino vinito brandy",
    Category.STAPLES: "arroz arrocito harina harinita aceite aceitito sal salsa",
    Category.BAKERY: "queso quesito leche lechita pan panecillo yogur huevo",
    Category.HOUSEHOLD: "detergente limpiador limpieza cloro escoba escobilla esponja fosforo",
    Category.SNACKS: "galleta galletita chocolate caramelo papita dulce dulcito helado",
    Category.BEVERAGES: "refresco refresquito jugo juguito agua malta soda nectar",
    Category.FRESH: "platano platanito tomate tomatico cebolla lechuga mango naranja",
    Category.OTHER: "cuaderno lapiz lapicero libreta tijera globo juguete sombrilla",
    Category.MEAT: "pollo pollito salami salamito chuleta costilla pescado carne",
    Category.PERSONAL_CARE: "champu desodorante crema cremita colonia perfume talco peine",
    Category.TOBACCO: "cigarro cigarrito cigarrillo tabaco tabaquito puro vaper hookah",
    Category.RECHARGES: "recarga recarguita minutos saldo tarjeta paquetico llamada prepago",
}
EXAMPLES = [Example(word, category) for category, words in WORDS.items() for word in words.split()]


@pytest.fixture(scope="module")
def small() -> NameClassifier:
    return fit_classifier(EXAMPLES)


@pytest.fixture(scope="module")
def shipped() -> NameClassifier:
    return read_classifier(FOLDER / "name_classifier.npz")


@settings(deadline=None)
@given(st.text("abcño 0 ", max_size=30))
def test_pieces_are_those_of_scikit_learn(text: str) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(SHORTEST_PIECE, LONGEST_PIECE), lowercase=False
    )
    assert sorted(pieces_of(text)) == sorted(vectorizer.build_analyzer()(text))


def test_shares_are_those_of_scikit_learn(small: NameClassifier) -> None:
    """Its own pipeline, fitted on the same examples, and the softmax of its scores."""
    from scipy.special import softmax
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True, lowercase=False),
        OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear")),
    )
    pipeline.fit([each.text for each in EXAMPLES], [CATEGORIES.index(each.category) for each in EXAMPLES])
    texts = ["cervecilla", "galletas galleta", "papelon", "a", "jugo de mango", "recargas saldo"]
    theirs = softmax(pipeline.decision_function(texts) / small.temperature, axis=1)
    for text, expected in zip(texts, theirs, strict=True):
        ours = small.shares(text)
        if ours is None:  # no piece known: theirs tells the bias alone
            assert text == "a"
        else:
            np.testing.assert_allclose(ours, expected, atol=1e-6)


def test_the_same_examples_give_the_same_model(small: NameClassifier) -> None:
    again = fit_classifier(EXAMPLES)
    assert again.pieces == small.pieces
    assert np.array_equal(again.weights, small.weights)
    assert again.temperature == small.temperature


def test_letters_tell_words_never_seen(small: NameClassifier) -> None:
    assert small.classify("cervezota")[0] is Category.ALCOHOL
    assert small.classify("galletica")[0] is Category.SNACKS
    assert small.classify("www") == (Category.OTHER, 0.0)
    assert small.classify("") == (Category.OTHER, 0.0)


@given(text=st.text("abcdefgilmnoprstu ", max_size=30))
def test_shares_sum_to_one(small: NameClassifier, text: str) -> None:
    shares = small.shares(text)
    assert shares is None or (shares.sum() == pytest.approx(1) and (shares >= 0).all())


def test_a_category_without_examples_is_refused() -> None:
    with pytest.raises(ValueError, match="tobacco"):
        fit_classifier([each for each in EXAMPLES if each.category is not Category.TOBACCO])


def test_a_model_survives_its_file(small: NameClassifier, tmp_path: Path) -> None:
    write_classifier(small, tmp_path / "model.npz")
    read = read_classifier(tmp_path / "model.npz")
    assert read.pieces == small.pieces
    assert (read.temperature, read.fingerprint) == (small.temperature, small.fingerprint)
    assert read.classify("cervezota") == small.classify("cervezota")
    write_classifier(small, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "model.npz").read_bytes()


def test_a_model_of_other_categories_is_refused(small: NameClassifier, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    write_classifier(small, path)
    with np.load(path, allow_pickle=False) as kept:
        arrays = dict(kept)
    arrays["categories"] = arrays["categories"][::-1]
    np.savez_compressed(path, **arrays)
    with pytest.raises(ValueError, match="other categories"):
        read_classifier(path)


def test_shipped_weights_belong_to_the_shipped_words(shipped: NameClassifier) -> None:
    """Fails when the vocabulary or the labelled names changed and `poe train` was forgotten."""
    words = read_vocabulary(FOLDER / "categories.toml")
    examples = make_examples(words, read_labelled(FOLDER / "labelled_names.csv"))
    assert shipped.fingerprint == fingerprint_of(examples)


@pytest.mark.slow
def test_shipped_weights_are_what_fitting_gives(shipped: NameClassifier) -> None:
    words = read_vocabulary(FOLDER / "categories.toml")
    fitted = fit_classifier(make_examples(words, read_labelled(FOLDER / "labelled_names.csv")))
    assert fitted.pieces == shipped.pieces
    # Where the solver stops differs by machine.
    np.testing.assert_allclose(fitted.weights, shipped.weights, atol=5e-3)
    assert fitted.temperature == pytest.approx(shipped.temperature, rel=1e-3)


@pytest.mark.slow
def test_confidence_holds_true_on_words_never_seen() -> None:
    """Of the names told, at least as many are right as the confidence promises, less a small margin."""
    words = read_vocabulary(FOLDER / "categories.toml")
    said = cross_validate(make_examples(words, read_labelled(FOLDER / "labelled_names.csv")))
    told = [(example.category is category, sure) for example, category, sure in said if sure >= LEAST_SURE]
    assert len(told) > 500
    right, promised = np.mean(told, axis=0)
    assert right >= promised - 0.05
    assert right >= 0.5


def test_only_names_that_no_rule_knows_are_classified(shipped: NameClassifier) -> None:
    both = Categorizer(read_vocabulary(FOLDER / "categories.toml"), shipped)
    rules = dataclasses.replace(both, classifier=None)
    for name, _category in read_labelled(FOLDER / "labelled_names.csv"):
        told = rules.categorize(name)
        if told.source is not CategorySource.NONE:
            assert both.categorize(name) == told
    guess = both.categorize("CERVEZOTA")
    assert (guess.category, guess.source) == (Category.ALCOHOL, CategorySource.CLASSIFIER)
    assert LEAST_SURE <= guess.confidence < 1
    assert both.categorize("CERVEZOTA", "Bebidas alcohólicas").source is CategorySource.POS
    assert both.categorize("CERVEZOTA", "Bebidas").category is Category.BEVERAGES


def test_what_it_is_not_sure_of_stays_other(shipped: NameClassifier) -> None:
    both = Categorizer(read_vocabulary(FOLDER / "categories.toml"), shipped)
    for name in ("Zxcvb", "", "12345 x 24", "QWK"):
        guess = both.categorize(name)
        assert (guess.category, guess.source, guess.confidence) == (Category.OTHER, CategorySource.NONE, 0.0)


def test_telling_a_name_loads_no_learning_library() -> None:
    """Importing scikit-learn takes two seconds of the window's life."""
    code = (
        "import sys; from pathlib import Path;"
        "from colmado_insights.analytics.name_classifier import read_classifier;"
        f"print(read_classifier(Path({str(FOLDER / 'name_classifier.npz')!r})).classify('cervezota')[0]);"
        "print('sklearn' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["alcohol", "False"]
