"""Files before they come in: what was understood, what would come of them, and the columns corrected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from colmado_insights.domain import ImportReport, MappingChoice, Payment, PreviewLine, Reason, SaleKind
from colmado_insights.errors import UnknownColumns
from colmado_insights.storage.importing.fields import AmountRule, Field
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.readings import (
    AMOUNTS,
    FIELDS,
    PRESETS,
    is_sure,
    preset_name,
    reading_words,
    understood_words,
)
from colmado_insights.ui.widgets.import_result import reason_words
from colmado_insights.ui.widgets.mapping_editor import UNUSED, MappingEditor, first_values
from colmado_insights.ui.widgets.preview_card import coming_words
from colmado_insights.ui.widgets.receipt_slip import amount_words, line_words, moment_words, payment_words
from colmado_insights.ui.widgets.waiting_files import waiting_words
from tests.ui.fake_shop import FakeShop, make_preview
from tests.ui.test_pages import press, settle, words_of

MakeWindow = Callable[..., MainWindow]
SURE, TABLE, PHOTO = Path("receipts-by-item.csv"), Path("tabla.csv"), Path("foto.png")


def bring(make_window: MakeWindow, *paths: Path) -> tuple[Any, Any]:
    window = make_window()
    page: Any = window.open_page("imports")
    page.bring_files(list(paths))
    settle()
    return page, window.context.shop


def open_editor(page: Any) -> MappingEditor:
    press(page, "Cambiar columnas…")
    editor = page.findChild(MappingEditor)
    assert isinstance(editor, MappingEditor)
    return editor


def try_now(editor: MappingEditor) -> None:
    """Do not wait until the typing is over."""
    editor._timer.stop()
    editor._timer.timeout.emit()
    settle()


def test_everything_a_column_or_rule_can_be_has_its_words() -> None:
    assert set(FIELDS) == {str(name) for name in Field}
    assert set(AMOUNTS) == {str(rule) for rule in AmountRule}


def test_sure_file_is_one_key_away(make_window: MakeWindow, qtbot: Any) -> None:
    page, shop = bring(make_window, SURE)
    words = words_of(page)
    for piece in (
        "Todo se entendió. Entrarían 48 compras.",
        "Loyverse, recibos por artículo · 100 % seguro",
        "vie 20 nov 2026, 5:22 p. m.",
        "6 × Huevo",
        "0.455 × Salami Induveca",
        "y 1 línea más",
        "Entran 48 compras por RD$ 12,030, del 1 nov 2026 al 20 nov 2026.",
        "10 ya estaban",
    ):
        assert piece in words
    assert shop.imported == []
    focused = QApplication.focusWidget()
    assert focused is page.waiting.bring
    qtbot.keyClick(focused, Qt.Key.Key_Return)
    assert shop.imported == [SURE]
    assert page.waiting.isHidden()
    assert QApplication.focusWidget() is page, "the ring does not jump to the rail"


def test_several_files_are_brought_in_together(make_window: MakeWindow) -> None:
    page, shop = bring(make_window, SURE, TABLE, PHOTO)
    words = words_of(page)
    assert "Entrarían 96 compras de 2 archivos. Mira si está bien" in words
    assert "Eso es una foto." in words
    press(page, "Traer todo")
    assert shop.imported == [SURE, TABLE], "what cannot be read stays out"


def test_file_may_be_left_out_and_all_given_up(make_window: MakeWindow) -> None:
    page, shop = bring(make_window, SURE, TABLE)
    page.waiting.cards[SURE, SURE.name].left_out.emit()
    assert page.waiting.paths == (TABLE,)
    press(page, "Cancelar")
    assert page.waiting.paths == ()
    assert shop.imported == []
    assert "Suelta aquí los archivos" in words_of(page)
    assert "Lo que se ha traído" in words_of(page)


def test_nothing_to_bring_is_said(make_window: MakeWindow) -> None:
    page, _shop = bring(make_window, PHOTO)
    assert "Aquí no hay ventas que traer." in words_of(page)
    assert page.waiting.bring.isHidden()


def test_doubtful_file_says_what_was_assumed(make_window: MakeWindow) -> None:
    page, _shop = bring(make_window, TABLE)
    words = words_of(page)
    assert "72 % seguro" in words
    assert "Las fechas se leyeron día/mes/año" in words
    assert "5 por revisar" in words


def test_column_is_corrected_with_a_live_preview(make_window: MakeWindow) -> None:
    page, shop = bring(make_window, TABLE)
    editor = open_editor(page)
    assert "doña Ana" in words_of(editor)
    editor.columns[6].choose("customer")
    editor.dates.choose("mdy")
    assert not [told for told in shop.told[1:] if told[0] == "preview"], "several changes are tried together"
    try_now(editor)
    choice = shop.told[-1][2][TABLE]
    assert choice.columns["customer"] == 6
    assert choice.columns["receipt"] == 0
    assert choice.date_order == "mdy"
    assert "con las columnas que elegiste" in words_of(page)
    assert page.findChild(MappingEditor) is editor, "the editor stays open"
    assert page.waiting.bring.isEnabled()
    press(page, "Traer")
    assert shop.told[-1] == ("choices", {TABLE: choice})


def test_a_thing_is_one_column(make_window: MakeWindow) -> None:
    page, _shop = bring(make_window, TABLE)
    editor = open_editor(page)
    editor.columns[6].choose("product")
    assert editor.columns[2].key == UNUSED
    assert editor.choice().columns["product"] == 6
    editor.columns[0].choose(UNUSED)
    assert "receipt" not in editor.choice().columns


def test_choice_that_cannot_be_is_said_in_place(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _shop = bring(make_window, TABLE)
    editor = open_editor(page)

    def refuse(self: FakeShop, paths: Any, progress: Any, choices: Any = None) -> Any:
        raise UnknownColumns("Falta la fecha.", "Di qué columna es.")

    monkeypatch.setattr(FakeShop, "preview_files", refuse)
    editor.columns[1].choose(UNUSED)
    try_now(editor)
    assert "Falta la fecha. Di qué columna es." in words_of(page)
    assert page.waiting.bring.isHidden()
    monkeypatch.undo()
    editor.columns[1].choose("moment")
    try_now(editor)
    assert page.waiting.bring.isEnabled()
    assert not page.waiting.bring.isHidden()


def test_file_given_again_is_shown_anew(make_window: MakeWindow) -> None:
    page, _shop = bring(make_window, SURE)
    page.bring_files([SURE])
    assert page.waiting.paths == (SURE,)


def test_file_with_several_tables_has_a_card_each(make_window: MakeWindow, monkeypatch: Any) -> None:
    def look(self: FakeShop, paths: Any, progress: Any = None, choices: Any = None) -> Any:
        return tuple(replace(make_preview(paths[0]), file=name) for name in ("enero.csv", "febrero.csv"))

    monkeypatch.setattr(FakeShop, "preview_files", look)
    page, shop = bring(make_window, Path("ventas.zip"))
    assert len(page.waiting.cards) == 2
    page.waiting.cards[Path("ventas.zip"), "enero.csv"].left_out.emit()
    press(page, "Traer")
    assert shop.imported == [Path("ventas.zip")], "a file comes in whole or not at all"


def test_files_read_as_one_come_and_go_together(make_window: MakeWindow, monkeypatch: Any) -> None:
    pair = [Path("items.csv"), Path("transactions.csv")]

    def look(self: FakeShop, paths: Any, progress: Any = None, choices: Any = None) -> Any:
        return (
            replace(make_preview(pair[0]), others=(pair[1],)),
            *([make_preview(SURE)] if SURE in paths else ()),
        )

    monkeypatch.setattr(FakeShop, "preview_files", look)
    page, shop = bring(make_window, *pair, SURE)
    assert page.waiting.good_paths() == [*pair, SURE]
    page.waiting.cards[pair[0], "items.csv"].left_out.emit()
    press(page, "Traer")
    assert shop.imported == [SURE]


def test_many_files_are_brief(make_window: MakeWindow) -> None:
    page, _shop = bring(make_window, *(Path(f"mes-{number}.csv") for number in range(5)))
    assert words_of(page).count("Huevo") == 3 * 3
    press(page, "Ver sus primeras ventas")
    assert words_of(page).count("Huevo") == 4 * 3


# -- words --


def test_how_sure_is_said() -> None:
    preview = make_preview(TABLE)
    assert understood_words(preview) == "Tabla de ventas · 72 % seguro"
    assert not is_sure(preview)
    chosen = make_preview(TABLE, MappingChoice({"moment": 1}, "dmy", ".", "line_total"))
    assert "la otra vez" in understood_words(chosen)
    assert is_sure(chosen)
    assert not is_sure(replace(make_preview(SURE), report=None))
    assert preset_name("new_export") == "New export"
    assert all(PRESETS.values())


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (ImportReport("a", "p", unchanged=5), "Todo esto ya está: no se duplica nada."),
        (ImportReport("a", "p", quarantined=5), "Ninguna fila de este archivo entra como venta."),
        (ImportReport("a", "p", replaced=5), "No entra ninguna compra nueva; se completan o corrigen las que ya estaban."),
        (ImportReport("a", "p", new=2, receipts_new=1), "Entra 1 compra."),
    ],
)  # fmt: skip
def test_what_would_come_is_said(report: ImportReport, words: str) -> None:
    assert coming_words(report) == words


def test_one_row_is_not_many() -> None:
    assert (
        reason_words(Reason.of("quarantined", rows=1, code="bad_date")) == "1 fila: la fecha no se entiende"
    )
    assert reason_words(Reason.of("no_time_of_day")).startswith("No trae la hora")


def test_what_was_not_understood_can_still_be_said() -> None:
    preview = replace(make_preview(PHOTO), header=("a",), can_map=True)
    assert reading_words(preview) == "No se entendió como ventas."
    assert "di qué es cada columna" in waiting_words([preview])
    assert reading_words(make_preview(PHOTO)) == "No se pudo leer."


def test_receipt_says_when_how_and_what() -> None:
    sale = make_preview(SURE).sales[0]
    assert moment_words(replace(sale, has_time=False)) == "vie 20 nov 2026, sin hora"
    assert payment_words(replace(sale, payment=Payment.UNKNOWN)) == ""
    line = PreviewLine("", sale.lines[0].category, 1000, 500)
    assert line_words(line) == "Sin nombre"
    assert line_words(replace(line, product="Pan", quantity_milli=2500)) == "2.5 × Pan"
    assert line_words(replace(line, product="Pan", quantity_milli=-1000)) == "Pan"
    assert amount_words(-25_000) == "−250.00"
    assert sale.kind is SaleKind.SALE


def test_first_values_tell_a_column() -> None:
    assert first_values(["Pan", "", "Pan", "Leche"]) == "Pan · Leche"
    assert first_values(["", " "]) == "vacía"
    assert len(first_values(["x" * 200])) == 60
