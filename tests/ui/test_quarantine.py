"""Rows that wait: grouped, explained, mended once for all, or left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from colmado_insights import config
from colmado_insights.domain import BadGroup, BadRow
from colmado_insights.text.names import BAD_ROWS
from colmado_insights.ui.fixes import FIXES, Fix, is_good, likeliest, reading_of
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.widgets.bad_group_card import BadGroupCard, files_words, fix_words, shortened
from tests.ui.test_pages import press, words_of

MakeWindow = Callable[..., MainWindow]


def open_quarantine(make_window: MakeWindow, mood: str = "small") -> tuple[Any, Any]:
    window = make_window(mood)
    return window.open_page("quarantine"), window.context.shop


def card_of(page: Any, code: str) -> BadGroupCard:
    return next(card for card in page.findChildren(BadGroupCard) if card.group.code == code)


def test_every_reason_can_be_answered() -> None:
    assert set(FIXES) == set(BAD_ROWS)


def test_reasons_are_said_with_their_rows(make_window: MakeWindow) -> None:
    page, _shop = open_quarantine(make_window)
    words = words_of(page)
    for piece in (
        "15 filas están guardadas",
        "12 filas: la fecha no se entiende",
        "2 filas: el monto no es un número",
        "1 fila: tiene más celdas que columnas",
        "fila 14",
        "R-1014 · 03/14/2026 · Refresco Coca-Cola 2 L",
        "y 8 filas más",
        "ventas-noviembre.csv, caja2.csv y 1 archivo más",
    ):
        assert piece in words


def test_likeliest_fix_is_chosen_and_explained_before_it_is_done(make_window: MakeWindow) -> None:
    page, shop = open_quarantine(make_window)
    card = card_of(page, "bad_date")
    assert card.fix is not None
    assert card.fix.value == "mdy"
    assert "«03/14/2026» se lee sábado 14 de marzo de 2026" in words_of(card)
    card.choice.chosen.emit(0)
    card.choice.set_index(0)
    card._show_fix()
    assert "tampoco se entienden" in words_of(card)
    assert shop.told == []
    card.choice.set_index(1)
    press(card, "Arreglar 12 filas")
    assert shop.told == [("retry", "bad_date", {"date_order": "mdy"})]
    assert "Entraron 9 compras" in words_of(page)
    assert "No hay nada por revisar." in words_of(page)


def test_typed_fix_waits_for_a_good_value(make_window: MakeWindow) -> None:
    page, shop = open_quarantine(make_window)
    card = card_of(page, "bad_date")
    card.choice.set_index(3)
    card._show_fix()
    assert not card.mend.isEnabled()
    card.typed.setText("31/31")
    assert not card.mend.isEnabled()
    card.typed.setText("2026-11-20")
    assert "viernes 20 de noviembre de 2026" in words_of(card)
    card.typed.returnPressed.emit()
    assert shop.told == [("retry", "bad_date", {"date": "2026-11-20"})]


def test_leaving_out_asks_in_place_first(make_window: MakeWindow) -> None:
    page, shop = open_quarantine(make_window)
    card = card_of(page, "too_many_cells")
    press(card, "No son ventas")
    assert shop.told == []
    press(card, "Sí, dejarlas fuera")
    assert shop.told == [("dismiss", "too_many_cells")]
    assert "Siguen en la historia de su archivo" in words_of(page)


def test_all_good_leads_back(make_window: MakeWindow) -> None:
    page, _shop = open_quarantine(make_window, "empty")
    press(page, "Volver a Importar")
    assert page.window().page.NAME == "imports"


def test_badge_goes_when_nothing_waits(make_window: MakeWindow) -> None:
    page, _shop = open_quarantine(make_window)
    rail = page.window()._rail
    place = next(made for made in rail.buttons if made.text().strip() == "Importar")
    assert place._badge.text() == "15"
    press(card_of(page, "too_many_cells"), "No son ventas")
    press(card_of(page, "too_many_cells"), "Sí, dejarlas fuera")
    assert place._badge.isHidden()


def test_rows_are_written_for_excel(
    make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "reports_folder", lambda: tmp_path / "reports")
    page, shop = open_quarantine(make_window)
    press(page, "Excel")
    assert shop.written == [("quarantine", tmp_path / "reports" / "por-revisar-2026-11-20.xlsx")]
    assert "Listo: por-revisar-2026-11-20.xlsx" in words_of(page)


@pytest.mark.parametrize(
    ("fix", "cell", "said"),
    [
        (Fix("", "date_order", "dmy"), "03/04/2026", "viernes 3 de abril de 2026"),
        (Fix("", "date_order", "mdy"), "03/04/26", "miércoles 4 de marzo de 2026"),
        (Fix("", "date_order", "ymd"), "2026-02-30", ""),
        (Fix("", "date_order", "dmy"), '["R-1", "20/11/2026 5:00 p. m."]', "viernes 20 de noviembre de 2026"),
        (Fix("", "decimal", ","), "1.234,50", "RD$ 1,234.50"),
        (Fix("", "decimal", "."), "1.234,50", ""),
        (Fix("", "decimal", "."), "RD$1,234.5", "RD$ 1,234.50"),
        (Fix("", "decimal", ","), "gratis", ""),
        (Fix("", "quantity", "1"), "uno", "1 unidad"),
    ],
)
def test_cell_is_read_as_the_fix_says(fix: Fix, cell: str, said: str) -> None:
    assert reading_of(fix, cell) == said


@pytest.mark.parametrize(("typed", "good"), [("0", True), ("12.50", True), ("-1", False), ("1,5", False)])
def test_typed_amounts(typed: str, good: bool) -> None:
    assert is_good(Fix("", "amount"), typed) is good


def test_nothing_is_promised_of_cells_that_are_not_known() -> None:
    row = BadRow(2, '["R-2001", "x", "gratis"]', "bad_amount")
    group = BadGroup("bad_amount", 1, (1,), ("a.csv",), (row,))
    assert "R-2001" not in fix_words(group, FIXES["bad_amount"][0], "")
    assert "escritos como 1,234.50" in fix_words(group, FIXES["bad_amount"][0], "")
    assert likeliest(FIXES["bad_amount"], []) == 0
    assert likeliest(FIXES["bad_date"], ["31/31/2026"]) == len(FIXES["bad_date"]) - 1


def test_long_rows_and_many_files_are_shortened() -> None:
    assert shortened('["a", "", "b"]') == "a · b"
    assert shortened("not json [") == "not json ["
    assert len(shortened("x" * 500)) <= 110
    assert files_words(BadGroup("x", 1, (), ("a", "b", "c", "d"), ())) == "a, b y 2 archivos más"
