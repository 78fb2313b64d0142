"""An installer is read without starting it, however hostile the file is."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colmado_insights.updates.setups import CutOff, NoProgram, SetupWords, read_setup
from tests.updates.release_files import make_setup

GOOD = make_setup("0.2.0")
FOREIGN = (NoProgram, CutOff)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], Path]:
    path = tmp_path_factory.mktemp("setups") / "setup.exe"

    def write(data: bytes) -> Path:
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize("is_long", [True, False])
def test_it_says_whose_it_is_and_which_version(written: Callable[[bytes], Path], is_long: bool) -> None:
    words = read_setup(written(make_setup("0.2.0rc1", is_long=is_long)))
    assert words == SetupWords("Colmado Insights", "0.2.0rc1")


def test_numbers_stand_in_where_there_are_no_words(written: Callable[[bytes], Path]) -> None:
    data = make_setup("3.14.15").replace("ProductVersion".encode("utf-16-le"), b"\0" * 28)
    assert read_setup(written(data)).version == "3.14.15"


def test_without_a_version_block_it_says_nothing(written: Callable[[bytes], Path]) -> None:
    data = bytearray(GOOD)
    struct.pack_into("<I", data, 512 + 16, 24)  # another kind of resource
    assert read_setup(written(bytes(data))) == SetupWords("", "")


def test_one_cut_anywhere_is_not_whole(written: Callable[[bytes], Path]) -> None:
    for size in range(64, len(GOOD), 37):
        with pytest.raises(FOREIGN):
            read_setup(written(GOOD[:size]))
    for size in (1024, len(GOOD) - 1):
        with pytest.raises(CutOff):
            read_setup(written(GOOD[:size]))


@pytest.mark.parametrize(
    "data", [b"", b"MZ", b"#!/bin/sh\n" * 99, b"PK\x03\x04" + bytes(200), b"MZ" + bytes(200), b"\xff" * 500]
)
def test_anything_else_is_no_program(written: Callable[[bytes], Path], data: bytes) -> None:
    with pytest.raises(FOREIGN):
        read_setup(written(data))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 4), st.integers(0, 2**32 - 1)), min_size=1, max_size=6))
def test_no_number_in_it_is_believed(written: Callable[[bytes], Path], lies: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for place, number in lies:
        struct.pack_into("<I", data, place, number)
    try:
        words = read_setup(written(bytes(data)))
    except FOREIGN:
        return
    assert len(words.product) <= 256 and len(words.version) <= 256


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=600))
def test_noise_is_refused(written: Callable[[bytes], Path], noise: bytes) -> None:
    with pytest.raises(FOREIGN):
        read_setup(written(b"MZ" + noise))


def test_a_tree_of_resources_that_leads_to_itself_ends(written: Callable[[bytes], Path]) -> None:
    data = bytearray(GOOD)
    for table in (512 + 20, 512 + 44, 512 + 68):
        struct.pack_into("<I", data, table, 0x80000000)
    assert read_setup(written(bytes(data))) == SetupWords("", "")
