"""Versions compare as numbers, and nothing that is no version is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights import __version__
from colmado_insights.updates.versions import FINAL, Version, own_version

numbers = st.integers(0, 999_999)
versions = st.builds(Version, numbers, numbers, numbers) | st.builds(
    Version, numbers, numbers, numbers, st.integers(0, FINAL - 1), numbers
)

ORDER = (
    "0.1.0.dev1", "0.1.0a1", "0.1.0a2", "0.1.0b1", "0.1.0rc1", "0.1.0rc10", "0.1.0", "0.1.1", "0.2.0", "0.9.1",
    "0.10.0rc2", "0.10.0", "1.0", "1.0.1", "10.0.0",
)  # fmt: skip


def test_newer_is_greater() -> None:
    parsed = [Version.parse(words) for words in ORDER]
    assert None not in parsed
    assert parsed == sorted(parsed)  # type: ignore[type-var]
    assert len(set(parsed)) == len(parsed)


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("1.0", "1.0.0"),
        ("v0.2.0", "0.2.0"),
        ("0.2.0-rc.1", "0.2.0rc1"),
        ("0.2.0-beta2", "0.2.0b2"),
        ("00.02.0", "0.2"),
    ],
)
def test_one_version_has_several_spellings(words: str, same: str) -> None:
    assert Version.parse(words) == Version.parse(same) is not None


@pytest.mark.parametrize(
    "words",
    ["", "1", "1.", "1.2.3.4", "1.2.x", " 1.2.3", "1.2.3\n", "1.2.3rc", "-1.2.3", "1.2.3/..", "\u0660.\u0661.\u0662", "1.2.3+local",
     "1" * 400 + ".0.0", "1.2.3.post1"],
)  # fmt: skip
def test_what_is_no_version_is_none(words: str) -> None:
    assert Version.parse(words) is None


@given(versions)
def test_a_version_reads_what_it_writes(version: Version) -> None:
    assert Version.parse(str(version)) == version


@given(versions, versions)
def test_the_order_is_that_of_the_numbers(one: Version, other: Version) -> None:
    def key(version: Version) -> tuple[int, ...]:
        return (version.major, version.minor, version.patch, version.stage, version.number)

    assert (one < other) == (key(one) < key(other))


@given(st.text(max_size=30))
def test_any_text_is_a_version_or_none(words: str) -> None:
    version = Version.parse(words)
    assert version is None or Version.parse(str(version)) == version


def test_the_programs_own_version_is_one() -> None:
    assert str(own_version()) == __version__
