"""Which of the twelve categories a product belongs to, from its name and its till's department.

The words live in a vocabulary file (`read_vocabulary`); here are only the rules:
accents, sizes and small words are dropped, the longest known phrase is taken at
each place, whole words and declared stems only, and the first thing named decides,
because in Spanish it is the thing itself ("leche de coco", "galleta de chocolate").
In English the last noun is ("chocolate milk"), and some words change what came
before them ("ajo en polvo", "cerveza sin alcohol"). A name of which they know no
word goes to the classifier of `name_classifier`, which judges by its letters.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from colmado_insights.analytics.name_classifier import LEAST_SURE, Example, NameClassifier
from colmado_insights.domain import Category, CategorySource

_TOKEN = re.compile(r"[a-z][a-z0-9]*|\d+(?:[.,]\d+)?[a-z]*")
_DIMINUTIVE = re.compile(r"([a-z]{3,}?)(e?c)?it([ao])s?|([a-z]{3,}?(?=ec)|[a-z]{4,}?)(e?c)?ic([ao])s?")
_WITHOUT = re.compile(r"\bs/\s*")  # the till's "s/alcohol"
_PASTE = re.compile(r"\bp[/. ]\s*(?=tom)")  # "p/tomate": not for a tomato
_DEPARTMENT_PARTS = re.compile(r"[/&,;>|+\\-]|\b(?:y|e|and)\b")
_SHORTEST_STEM = 3
_SHORTEST_MISSPELT = 4
_SHORTEST_CUT = 3
_MOST_CUT = 1  # letters that a cut word may lack when longer ones that begin like it mean something else
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxyz]{3,}|[aeiou][bcdfghjklmnpqrstvwxyz]{3,}")
_INNER_VOWELS = re.compile(r"(?<=[a-z])[aeiou]")
# How a word is said here, whatever the hand that typed it knew of spelling: "abichuela", "mantequiya", "keso".
_SOUNDS = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        (r"c(?=[ei])|z", "s"), (r"qu(?=[ei])|k", "c"), (r"g(?=[ei])", "j"), (r"gu(?=[ei])", "g"),
        (r"[cs]h", "x"), (r"[lr](?=[bcdfgjmnpqstvxz])", "l"), (r"h", ""), (r"ll", "y"), (r"v", "b"), (r"([^r])\1", r"\1"),
    )
)  # fmt: skip
# A word cut by a till most often ends where no Spanish word does: "choc", "deterg", "chocolat".
_CUT_WORD = re.compile(r"[a-z]{4,}[bcdfghjklmnpqrtvwxz]")

_PHRASE_CONFIDENCE = 0.95
_WORD_CONFIDENCE = 0.9
_TURNED_CONFIDENCE = 0.85
_WEAK_CONFIDENCE = 0.6
_CUT_WORD_CONFIDENCE = 0.5
_DISPUTE_COSTS = 0.1
_DEPARTMENT_CONFIDENCE = 0.95
_BROAD_DEPARTMENT_CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True)
class CategoryGuess:
    """A category, who said so, how sure (0-1) and by which words."""

    category: Category
    source: CategorySource
    confidence: float
    matched: str


NO_GUESS = CategoryGuess(Category.OTHER, CategorySource.NONE, 0.0, "")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that tell a category; `is_weak` ones speak only when no others do."""

    words: tuple[str, ...]
    category: Category
    is_weak: bool = False
    is_english: bool = False
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Words that change a category: a name that is `source` becomes `target` by one of `by`."""

    source: Category | None  # None = any
    target: Category
    by: tuple[tuple[str, ...], ...]
    words: frozenset[str]  # only for names decided by one of these; empty = all
    unless: frozenset[str]
    by_any: bool = False  # also by any other phrase of the target: "jabón" and a brand of personal care


@dataclass(slots=True)
class _Node:
    """A word on the way to a phrase, with the words that may follow."""

    children: dict[str, _Node] = field(default_factory=dict)
    phrase: Phrase | None = None


@dataclass(frozen=True, eq=False)  # one vocabulary is like no other, and may be a key
class Vocabulary:
    """The words of the categories, ready to be looked up; made by `read_vocabulary`."""

    phrases: tuple[Phrase, ...]
    turns: tuple[Turn, ...]
    departments: dict[tuple[str, ...], tuple[Category, ...]]  # none at all = says nothing
    abbreviations: dict[str, str]
    ignored: frozenset[str]
    joints: frozenset[str]
    root: _Node
    words: frozenset[str]
    stems: frozenset[str]
    sounds: dict[str, tuple[str, ...]]  # how words are said → those said so
    bones: dict[str, str]  # a word's consonants → the only word that has them: "arrz", "dtrgnt"
    cut_words: tuple[tuple[str, Category], ...]  # single words in order, to find those a till cut short


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a name: the forms under which the vocabulary may know it."""

    text: str
    forms: tuple[str, ...]
    is_ignored: bool
    after_joint: bool


@dataclass(frozen=True, slots=True)
class _Match:
    """A phrase found in the tokens start to end (end not included)."""

    phrase: Phrase
    start: int
    end: int


def read_vocabulary(path: Path) -> Vocabulary:
    """Read the words of the categories from their TOML file.

    Parameters
    ----------
    path : Path
        A file as described in `resources/README.md`, section "vocabulary".

    Returns
    -------
    Vocabulary

    Raises
    ------
    ValueError
        When the same phrase is given to two categories, or a category is unknown.
    """
    with path.open("rb") as file:
        table = tomllib.load(file)
    joints = frozenset(table["joints"]["words"])
    phrases = _read_phrases(table, joints)
    turns = tuple(_read_turn(turn, joints) for turn in table["turns"])
    known = {word for phrase in phrases for word in phrase.words}
    known |= {word for turn in turns for words in turn.by for word in words}
    stems = frozenset(word[:-1] for word in known if word.endswith("*"))
    words = frozenset(word for word in known if not word.endswith("*"))
    return Vocabulary(
        phrases=phrases,
        turns=turns,
        departments=_read_departments(table, joints),
        abbreviations={fold(short): fold(long) for short, long in table["abbreviations"].items()},
        ignored=frozenset(table["ignored"]["words"]),
        joints=joints,
        root=_grow(phrases),
        words=words,
        stems=stems,
        sounds=_read_sounds(known),
        bones=_read_bones(words),
        cut_words=tuple(
            sorted(
                (phrase.words[0].rstrip("*"), phrase.category)
                for phrase in phrases
                if len(phrase.words) == 1 and not phrase.is_weak
            )
        ),
    )


@dataclass(frozen=True)
class Categorizer:
    """Tells the category of products by rules, and by their letters where no rule knows a word.

    The owner's own corrections stand above it and are applied where products are kept.

    Parameters
    ----------
    vocabulary : Vocabulary
        What `read_vocabulary` gives.
    classifier : NameClassifier, optional
        What `read_classifier` gives; without it a name that no rule knows is `other`.
    """

    vocabulary: Vocabulary
    classifier: NameClassifier | None = None

    def categorize(self, name: str, pos_category: str = "") -> CategoryGuess:
        """Tell the category of one product.

        Parameters
        ----------
        name : str
            As the till writes it: any case, accents or none, cut words, sizes.
        pos_category : str
            The department the till keeps it in; believed when it means one of our categories.

        Returns
        -------
        CategoryGuess
            Of source POS, RULES, CLASSIFIER, or NONE (category `other`, confidence 0) when nothing is known.
        """
        allowed = self._department(pos_category) if pos_category else ()
        if len(allowed) == 1:
            return CategoryGuess(allowed[0], CategorySource.POS, _DEPARTMENT_CONFIDENCE, pos_category)
        guess = self._by_name(name)
        if guess.source is CategorySource.NONE and not allowed:
            return self._by_letters(name)
        if allowed and guess.category not in allowed:
            return CategoryGuess(allowed[0], CategorySource.POS, _BROAD_DEPARTMENT_CONFIDENCE, pos_category)
        return guess

    def categorize_many(
        self, names: Iterable[str], pos_categories: Iterable[str] | None = None
    ) -> list[CategoryGuess]:
        """Tell the category of many products, each distinct pair of name and department once.

        Parameters
        ----------
        names : iterable of str
        pos_categories : iterable of str, optional
            As many as names.

        Returns
        -------
        list of CategoryGuess
            One a name, in order.
        """
        names = list(names)
        departments = [""] * len(names) if pos_categories is None else list(pos_categories)
        pairs = list(zip(names, departments, strict=True))
        guesses = {pair: self.categorize(*pair) for pair in dict.fromkeys(pairs)}
        return [guesses[pair] for pair in pairs]

    def spell(self, name: str) -> str:
        """The words of a name as the classifier reads them: folded, in full, without sizes and numbers."""
        return _spell(name, self.vocabulary)

    def _by_letters(self, name: str) -> CategoryGuess:
        """What the classifier says of a name, when it is sure enough."""
        if self.classifier is None:
            return NO_GUESS
        category, confidence = self.classifier.classify(self.spell(name))
        if confidence < LEAST_SURE:
            return NO_GUESS
        return CategoryGuess(category, CategorySource.CLASSIFIER, confidence, "")

    def _by_name(self, name: str) -> CategoryGuess:
        """What the rules say of a name."""
        tokens = _tokens(name, self.vocabulary)
        matches = _matches(tokens, self.vocabulary.root)
        strong = [match for match in matches if not match.phrase.is_weak]
        if strong:
            return _decide(strong, tokens, self.vocabulary)
        if matches:
            phrase = matches[0].phrase
            guess = CategoryGuess(phrase.category, CategorySource.RULES, _WEAK_CONFIDENCE, _text(phrase))
            return _turned(guess, matches[0], tokens, self.vocabulary)
        return _by_cut_word(tokens, self.vocabulary)

    def _department(self, text: str) -> tuple[Category, ...]:
        """The categories a till's department may hold, the likeliest first; none when it says nothing."""
        folded = fold(text)
        whole = self._known_department(folded)
        if whole is not None:
            return whole
        answers = [self._part_of_department(part) for part in _DEPARTMENT_PARTS.split(folded)]
        told = [answer for answer in answers if answer is not None]
        if not told:
            return ()
        return tuple(category for category in told[0] if all(category in answer for answer in told[1:]))

    def _part_of_department(self, text: str) -> tuple[Category, ...] | None:
        """As `_department`, of one of the words joined by a slash or "y"; None when it is not known."""
        known = self._known_department(text)
        if known is not None:
            return known
        guess = self._by_name(text)
        return (guess.category,) if guess.confidence > _WEAK_CONFIDENCE else None

    def _known_department(self, folded: str) -> tuple[Category, ...] | None:
        """The vocabulary's own word on a department, None when it has none."""
        key = _department_key(folded, self.vocabulary.joints)
        return self.vocabulary.departments.get(key) if key else None


def read_labelled(path: Path) -> list[tuple[str, Category]]:
    """The product names that somebody sorted, from a CSV file with the columns name and category."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["name"], Category(row["category"])) for row in csv.DictReader(file)]


def make_examples(vocabulary: Vocabulary, labelled: Iterable[tuple[str, Category]]) -> list[Example]:
    """What the classifier learns from: names that somebody sorted, and the vocabulary's own phrases.

    Parameters
    ----------
    vocabulary : Vocabulary
    labelled : iterable of name and Category
        As tills write them.

    Returns
    -------
    list of Example
        Each text and category once. Weak words are left out: they stand for many things.
    """
    names = [Example(_spell(name, vocabulary), category) for name, category in labelled]
    phrases = [
        Example(" ".join(word.rstrip("*") for word in phrase.words), phrase.category)
        for phrase in vocabulary.phrases
        if not phrase.is_weak
    ]
    return [example for example in dict.fromkeys([*names, *phrases]) if example.text]


def fold(text: str) -> str:
    """Small letters without accents; ñ becomes n."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _read_phrases(table: dict[str, Any], joints: frozenset[str]) -> tuple[Phrase, ...]:
    """The phrases of all categories, each once."""
    found: dict[tuple[str, ...], Phrase] = {}
    for category in Category:
        lists = table[category.value]
        heads = {_words(text, joints) for text in lists["heads"]}
        english = heads | {_words(text, joints) for text in lists["en"]}
        strong = [_words(text, joints) for kind in ("es", "en", "heads", "brands") for text in lists[kind]]
        weak = {_words(text, joints) for text in lists["weak"]}.difference(strong)
        for words in dict.fromkeys([*strong, *sorted(weak)]):
            if words in found:
                rival = found[words].category
                raise ValueError(f"“{' '.join(words)}” is given to both {rival} and {category}")
            found[words] = Phrase(words, category, words in weak, words in english, words in heads)
    return tuple(found.values())


def _read_turn(turn: dict[str, Any], joints: frozenset[str]) -> Turn:
    """One rule of the table of turns."""
    return Turn(
        source=None if turn["from"] == "any" else Category(turn["from"]),
        target=Category(turn["to"]),
        by=tuple(_words(text, joints) for text in turn["by"]),
        words=frozenset(fold(text) for text in turn.get("words", ())),
        unless=frozenset(fold(text) for text in turn.get("unless", ())),
        by_any=turn.get("by_any", False),
    )


def _read_departments(
    table: dict[str, Any], joints: frozenset[str]
) -> dict[tuple[str, ...], tuple[Category, ...]]:
    """What departments may hold, by their words; broad ones win over narrow, generic over both."""
    known: dict[tuple[str, ...], tuple[Category, ...]] = {}
    for name, texts in table["departments"].items():
        known |= {_department_key(fold(text), joints): (Category(name),) for text in texts}
    for text, names in table["broad_departments"].items():
        known[_department_key(fold(text), joints)] = tuple(Category(name) for name in names)
    known |= {_department_key(fold(text), joints): () for text in table["generic"]["departments"]}
    return known


def _department_key(folded: str, joints: frozenset[str]) -> tuple[str, ...]:
    """The words of a department, without small words and plural s."""
    return tuple(word.rstrip("s") for word in re.findall(r"[a-z0-9]+", folded) if word not in joints)


def _words(text: str, joints: frozenset[str]) -> tuple[str, ...]:
    """The words of a phrase of the vocabulary, a final star kept."""
    words = re.findall(r"[a-z0-9.]+\*?", fold(text))
    kept = tuple(word for word in words if word not in joints)
    return kept or tuple(words)


def _grow(phrases: Iterable[Phrase]) -> _Node:
    """The tree in which phrases are looked up word by word."""
    root = _Node()
    for phrase in phrases:
        node = root
        for word in phrase.words:
            node = node.children.setdefault(word, _Node())
        node.phrase = phrase
    return root


def _tokens(name: str, vocabulary: Vocabulary) -> list[_Token]:
    """The words of a name that can mean something; unknown numbers and small words are dropped."""
    tokens: list[_Token] = []
    after_joint = False
    for text in _TOKEN.findall(_PASTE.sub("pasta ", _WITHOUT.sub("sin ", fold(name)))):
        if text in vocabulary.joints:
            after_joint = True
            continue
        token = _token(text, after_joint, vocabulary)
        if token.forms or not text[0].isdigit():
            tokens.append(token)
            after_joint = False
    return tokens


@lru_cache(maxsize=65_536)
def _token(text: str, after_joint: bool, vocabulary: Vocabulary) -> _Token:
    """A word of a name; kept, because a shop's products share most of their words."""
    return _Token(text, _forms(text, vocabulary), text in vocabulary.ignored, after_joint)


def _spell(name: str, vocabulary: Vocabulary) -> str:
    """See `Categorizer.spell`."""
    words = [token.text for token in _tokens(name, vocabulary) if not token.is_ignored]
    return " ".join(vocabulary.abbreviations.get(word, word) for word in words)


def _forms(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The words and stems of the vocabulary that a written word may stand for, the nearest first."""
    forms = [word for word in _singulars(text) if word in vocabulary.words]
    if not forms and text not in vocabulary.ignored:
        forms += [word for word in (*_grown(text), text + "s") if word in vocabulary.words][:1]
    long = vocabulary.abbreviations.get(text, text)
    if long != text:
        forms.append(long)
    forms += _stems(text, vocabulary) + (_stems(long, vocabulary) if long != text else [])
    if forms:
        return tuple(forms)
    meant = _misspelt(text, vocabulary)
    return (*meant, *(stem for word in meant for stem in _stems(word, vocabulary) if stem not in meant))


def _stems(word: str, vocabulary: Vocabulary) -> list[str]:
    """The stems of the vocabulary that a word begins with, the longest first."""
    starts = (word[:length] for length in range(len(word), _SHORTEST_STEM - 1, -1))
    return [start + "*" for start in starts if start in vocabulary.stems]


def _misspelt(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The words that somebody may have meant who writes by ear, or leaves the vowels out."""
    if len(text) >= _SHORTEST_MISSPELT:
        for word in (*_singulars(text), *_grown(text)):
            if meant := vocabulary.sounds.get(_sound(word)):
                return meant
    alone = vocabulary.bones.get(text) if _CONSONANTS.fullmatch(text) else None
    return () if alone is None else (alone,)


def _read_sounds(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The words and stems by how they are said, to know them when they are misspelt."""
    known: dict[str, tuple[str, ...]] = {}
    for word in sorted(words):
        if len(word) >= _SHORTEST_MISSPELT:
            sound = _sound(word.rstrip("*"))
            known[sound] = (*known.get(sound, ()), word)
    return known


def _read_bones(words: Iterable[str]) -> dict[str, str]:
    """The words by their first letter and their other consonants, where those are of one word alone."""
    known: dict[str, set[str]] = {}
    for word in words:
        if word.isalpha():
            known.setdefault(_INNER_VOWELS.sub("", word), set()).add(word)
    shortest = {bones: min(alike, key=len) for bones, alike in known.items()}
    return {
        bones: word
        for bones, word in shortest.items()
        if all(other.startswith(word) for other in known[bones])
    }


def _sound(word: str) -> str:
    """The word as it is said."""
    for spelling, sound in _SOUNDS:
        word = spelling.sub(sound, word)
    return word


def _grown(word: str) -> Iterator[str]:
    """What a diminutive is said of: "quesito", "limoncito", "panecico", "cafecito"."""
    small = _DIMINUTIVE.fullmatch(word)
    if small is None:
        return
    stem, joint, vowel = small.groups()[:3] if small[1] else small.groups()[3:]
    if joint:
        yield stem
    yield from (stem + vowel, stem + "e")


def _singulars(word: str) -> Iterator[str]:
    """The word, and what it may be the plural of, in Spanish or English."""
    yield word
    if len(word) <= _SHORTEST_STEM or not word.endswith("s"):
        return
    yield word[:-1]
    if word.endswith("es") and len(word) > _SHORTEST_STEM + 1:
        yield word[:-2]
    if word.endswith("ces"):
        yield word[:-3] + "z"
    if word.endswith("ies"):
        yield word[:-3] + "y"


def _matches(tokens: Sequence[_Token], root: _Node) -> list[_Match]:
    """The phrases of a name from left to right, the longest at each place, none overlapping."""
    found: list[_Match] = []
    place = 0
    while place < len(tokens):
        match = _longest(tokens, place, place, root)
        if match is None:
            place += 1
        else:
            found.append(match)
            place = match.end
    return found


def _longest(tokens: Sequence[_Token], start: int, place: int, node: _Node) -> _Match | None:
    """The longest phrase that begins at `start`, of which `node` is reached before `place`."""
    best = None if node.phrase is None else _Match(node.phrase, start, place)
    if place == len(tokens):
        return best
    token = tokens[place]
    ways = [node.children[form] for form in token.forms if form in node.children]
    if not ways and place > start and len(token.text) >= _SHORTEST_CUT:  # "toalla san", "agua oxig"
        ways = [child for word, child in node.children.items() if word.startswith(token.text)]
    if not ways and token.is_ignored and place > start:
        longer = _longest(tokens, start, place + 1, node)
        return longer if longer is not None and longer.phrase is not node.phrase else best
    for way in ways:
        longer = _longest(tokens, start, place + 1, way)
        if longer is not None and (best is None or longer.end > best.end):
            best = longer
    return best


def _decide(strong: Sequence[_Match], tokens: Sequence[_Token], vocabulary: Vocabulary) -> CategoryGuess:
    """The category of a name by its strong phrases."""
    chosen = strong[0]
    for match in strong[1:]:
        is_one_noun = not any(token.after_joint for token in tokens[chosen.end : match.start + 1])
        if not (chosen.phrase.is_english and is_one_noun):
            break
        if match.phrase.is_head:
            chosen = match
    phrase = chosen.phrase
    confidence = _PHRASE_CONFIDENCE if len(phrase.words) > 1 else _WORD_CONFIDENCE
    if any(match.phrase.category != phrase.category for match in strong):
        confidence -= _DISPUTE_COSTS
    guess = CategoryGuess(phrase.category, CategorySource.RULES, confidence, _text(phrase))
    others = [match.phrase for match in strong if match is not chosen]
    return _turned(guess, chosen, tokens, vocabulary, others)


def _turned(
    guess: CategoryGuess,
    chosen: _Match,
    tokens: Sequence[_Token],
    vocabulary: Vocabulary,
    others: Sequence[Phrase] = (),
) -> CategoryGuess:
    """The guess, changed where other words of the name say that the thing is something else."""
    rest = [*tokens[: chosen.start], *tokens[chosen.end :]]
    for turn in vocabulary.turns:
        if turn.source not in (None, guess.category) or turn.target is guess.category:
            continue
        if turn.words and turn.words.isdisjoint((*chosen.phrase.words, _text(chosen.phrase))):
            continue
        if any(not turn.unless.isdisjoint((token.text, *token.forms)) for token in tokens):
            continue
        words = next((words for words in turn.by if _has(rest, words)), None)
        if words is None and turn.by_any and not any(each.category is guess.category for each in others):
            words = next((phrase.words for phrase in others if phrase.category is turn.target), None)
        if words is not None:
            matched = f"{guess.matched} + {' '.join(words)}"
            return CategoryGuess(turn.target, CategorySource.RULES, _TURNED_CONFIDENCE, matched)
    return guess


def _has(tokens: Sequence[_Token], words: tuple[str, ...]) -> bool:
    """Tell whether the words stand one after the other among the tokens."""
    last = len(tokens) - len(words)
    return any(
        all(
            word in tokens[start + offset].forms or word == tokens[start + offset].text
            for offset, word in enumerate(words)
        )
        for start in range(last + 1)
    )


def _by_cut_word(tokens: Sequence[_Token], vocabulary: Vocabulary) -> CategoryGuess:
    """The guess for a name whose words the till cut short: "detergen", "chocol"."""
    for token in tokens:
        if token.forms or not _CUT_WORD.fullmatch(token.text):
            continue
        words = list(_words_beginning(token.text, vocabulary.cut_words))
        nearly = [pair for pair in words if len(pair[0]) <= len(token.text) + _MOST_CUT]
        for meant in (words, nearly):
            if meant and len({category for _word, category in meant}) == 1:
                word, category = meant[0]
                return CategoryGuess(category, CategorySource.RULES, _CUT_WORD_CONFIDENCE, word)
    return NO_GUESS


def _words_beginning(start: str, ordered: Sequence[tuple[str, Category]]) -> Iterator[tuple[str, Category]]:
    """The words of an ordered list that begin with `start`."""
    for word, category in ordered[bisect_left(ordered, start, key=lambda pair: pair[0]) :]:
        if not word.startswith(start):
            return
        yield word, category


def _text(phrase: Phrase) -> str:
    """The words of a phrase as one text."""
    return " ".join(phrase.words)
