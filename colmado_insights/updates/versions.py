"""Versions as numbers: 0.10.0 comes after 0.9.1, and a trial of 0.2.0 before 0.2.0."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Self

from colmado_insights import __version__

_STAGES = ("dev", "a", "b", "rc")
FINAL = len(_STAGES)
_SPELLINGS = {"alpha": "a", "beta": "b"}
_WORDS = re.compile(
    r"v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:[-.]?(dev|alpha|beta|a|b|rc)[-.]?(\d{1,6}))?", re.ASCII
)


@dataclass(frozen=True, order=True)
class Version:
    """One version of the program; a greater one is newer."""

    major: int
    minor: int
    patch: int = 0
    stage: int = FINAL  # dev, a, b, rc, then the version itself
    number: int = 0  # of the trial

    @classmethod
    def parse(cls, words: str) -> Self | None:
        """The version that a text is from end to end, or None."""
        found = _WORDS.fullmatch(words)
        if found is None:
            return None
        major, minor, patch, stage, number = found.groups()
        stage = _SPELLINGS.get(stage, stage)
        return cls(
            int(major),
            int(minor),
            int(patch or 0),
            _STAGES.index(stage) if stage else FINAL,
            int(number or 0),
        )

    @property
    def is_trial(self) -> bool:
        """True for what was published to be tried, before the version itself."""
        return self.stage < FINAL

    def __str__(self) -> str:
        plain = f"{self.major}.{self.minor}.{self.patch}"
        if not self.is_trial:
            return plain
        return f"{plain}{'.' if self.stage == 0 else ''}{_STAGES[self.stage]}{self.number}"


@cache
def own_version() -> Version:
    """The version of this program."""
    own = Version.parse(__version__)
    assert own is not None, __version__
    return own
