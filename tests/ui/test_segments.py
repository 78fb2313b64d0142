"""The segments: four groups, what is found by itself, one profile, two side by side."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from colmado_insights.analytics.results import (
    LearnedSegments,
    NotEnough,
    Segment,
    SegmentPerformance,
    SegmentType,
)
from colmado_insights.config import Settings
from colmado_insights.domain import Category, Reason
from colmado_insights.personas import describe_segment
from colmado_insights.ui.context import Context
from colmado_insights.ui.icons import segment_icon
from colmado_insights.ui.jumps import jumps_of
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.firmness_card import FirmnessCard
from colmado_insights.ui.widgets.migration_card import MigrationCard
from colmado_insights.ui.widgets.segment_card import SegmentCard
from colmado_insights.ui.widgets.segment_comparison import DOWN, EVEN, UP, Side, differences
from tests.ui.fake_shop import FakeShop, make_learned, make_performance, make_segments
from tests.ui.test_pages import press, settle, words_of

MakeWindow = Callable[..., MainWindow]


def cards_of(widget: QWidget) -> list[SegmentCard]:
    settle()
    return [card for card in widget.findChildren(SegmentCard) if card.isVisible()]


def learned_page(window: MainWindow) -> Any:
    page: Any = window.open_page("segments")
    page.show_kind(SegmentType.LEARNED)
    return page


def shop_of(window: MainWindow) -> Any:
    return window.context.shop


# -- the four groups --


def test_groups_of_segments_take_turns(make_window: MakeWindow) -> None:
    page = make_window().open_page("segments")
    assert "Mañaneros" in words_of(page)
    assert "8 % no cae en ningún segmento" in words_of(page)
    press(page, "Por tamaño de compra")
    assert "Al por mayor" in words_of(page)
    assert "no cae" not in words_of(page)
    press(page, "Descubiertos")
    words = words_of(page)
    assert "Cerveza de noche" in words
    assert "9 grupos" in words
    assert "Al por mayor" not in words


def test_the_week_by_the_hour_has_left_this_page(make_window: MakeWindow) -> None:
    assert "Cuándo viene la gente" not in words_of(make_window().open_page("segments"))


def test_growth_is_only_shown_beyond_chance(make_window: MakeWindow) -> None:
    words = words_of(make_window().open_page("segments"))
    assert "▲ 9 %" in words, "after work grew more than chance makes"
    assert "▲ 4 %" not in words
    assert "▼ 6 %" not in words


def test_cards_say_what_to_do(make_window: MakeWindow) -> None:
    assert "Cuídalos: que nunca les falte lo suyo; de ellos vives." in words_of(
        make_window().open_page("segments")
    )


def test_segment_without_purchases_opens_nothing(make_context: Callable[..., Context], qtbot: Any) -> None:
    empty = replace(
        make_segments().segments[0], transaction_count=0, share=0.0, top_categories=(), peak_days=()
    )
    card = SegmentCard(make_context().look, empty, range(7, 22))
    qtbot.addWidget(card)
    card.show_performance(make_performance()[0])
    words = words_of(card)
    assert "Nadie compró así en estos días." in words
    assert "Perfil" not in words
    assert "Cuídalos" not in words
    with qtbot.assertNotEmitted(card.opened):
        qtbot.keyClick(card, Qt.Key.Key_Return)


def test_reading_again_leaves_what_is_the_same(make_window: MakeWindow) -> None:
    page = learned_page(make_window())
    learned = cards_of(page)
    page.show_kind(SegmentType.TEMPORAL)
    rules = cards_of(page)
    page.load()
    assert cards_of(page) == rules, "the keyboard stays on the card it was on"
    page.show_kind(SegmentType.LEARNED)
    assert cards_of(page) == learned


# -- how each did, apart from who they are --


def test_sums_that_fail_blank_nothing(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).performance = ZeroDivisionError("a sum fails")
    page = window.open_page("segments")
    words = words_of(page)
    assert "Mañaneros" in words
    assert "No se pudo sumar semana por semana." in words
    shop_of(window).performance = make_performance()
    press(page, "Intentar de nuevo")
    assert "No se pudo sumar" not in words_of(page)


# -- what is found by itself --


def test_it_says_how_firm_the_groups_are(make_window: MakeWindow) -> None:
    words = words_of(learned_page(make_window()))
    assert "Tus compras se agrupan solas en 9 tipos distintos." in words
    assert "claramente mejor que por azar" in words
    assert "coincide en un 91 %" in words
    assert "El 46 % de las compras es de un solo producto" in words


def test_groups_that_change_from_try_to_try_are_only_a_hint(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).learned = replace(make_learned(), stability=0.4)
    assert "tómalos como una pista" in words_of(learned_page(window))
    shop_of(window).learned = replace(make_learned(), silhouette=0.1)
    window.page.load()
    assert "No se separan mejor que por azar." in words_of(window.page)


def test_fewer_than_eight_are_said_so(make_window: MakeWindow) -> None:
    window = make_window()
    few = make_learned()
    shop_of(window).learned = replace(
        few, segments=few.segments[:5], reasons=(Reason.of("learned_fewer", count=5, wanted=8),)
    )
    page = learned_page(window)
    assert "solo 5 tipos de compra distintos" in words_of(page)
    assert len(cards_of(page)) == 5


@pytest.mark.usefixtures("with_charts")
def test_how_they_were_found_unfolds_in_place(make_window: MakeWindow) -> None:
    page = learned_page(make_window())
    assert "El programa probó" not in words_of(page)
    press(page, "¿Cómo se hallaron?")
    words = words_of(page)
    assert "El programa probó de 2 a 12 grupos y se quedó con 9" in words
    assert "Otro método (agrupar de dos en dos) coincide en 74 %." in words
    assert "0.34 de 1" in words
    card = page.findChild(FirmnessCard)
    assert card._chart.has_drawn
    press(page, "Ocultar cómo")
    assert "El programa probó" not in words_of(page)


def test_too_few_sales_leave_the_other_groups(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).learned = NotEnough(500, 120, "receipts")
    page = learned_page(window)
    words = words_of(page)
    assert "Todavía hay pocas compras" in words
    assert "Hacen falta 500 compras; por ahora hay 120." in words
    assert page.state.state == "result"
    press(page, "Por hora")
    assert len(cards_of(page)) == 4


def test_search_that_fails_leaves_the_other_groups(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).learned = ZeroDivisionError("the search fails")
    page = learned_page(window)
    words = words_of(page)
    assert "Algo salió mal en el programa." in words
    assert "ZeroDivisionError" not in words
    shop_of(window).learned = make_learned()
    press(page, "Intentar de nuevo")
    assert "Cerveza de noche" in words_of(page)


def test_segments_are_of_the_days_the_page_stands_on(
    make_window: MakeWindow, tasks: Tasks, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    """With `--at`, and on a PC whose clock is set wrong, the real day would answer of other sales."""
    asked: dict[str, Any] = {}
    for name in ("compute_segments", "compute_learned", "compute_performance", "read_migration"):
        work = getattr(FakeShop, name)

        def note(self: FakeShop, as_of: Any, progress: Any, name: str = name, work: Any = work) -> Any:
            asked[name] = as_of
            return work(self, as_of, progress)

        monkeypatch.setattr(FakeShop, name, note)
    window = make_window(tasks=tasks)
    learned_page(window)
    qtbot.waitUntil(lambda: len(asked) == 4)
    today = window.context.clock().date()
    yesterday = today - timedelta(days=1)
    assert asked.pop("compute_segments") == today
    assert set(asked.values()) == {yesterday}
    qtbot.waitUntil(lambda: not tasks.is_busy)


@pytest.fixture
def slow_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that goes on until it is told to stop."""

    def search(self: FakeShop, as_of: Any = None, progress: Any = None) -> LearnedSegments:
        while self.mood == "small":
            progress.step(3, 11, "Probando 4 grupos")
            time.sleep(0.005)
        return make_learned()

    monkeypatch.setattr(FakeShop, "compute_learned", search)


def test_search_shows_how_far_it_is_and_can_be_stopped(
    make_window: MakeWindow, tasks: Tasks, slow_search: None, qtbot: Any
) -> None:
    window = make_window(tasks=tasks)
    page = learned_page(window)
    qtbot.waitUntil(lambda: "Probando 4 grupos" in words_of(page))
    assert page._learned.state.state == "loading", "grey blocks keep the layout"
    press(page, "Por hora")
    assert len(cards_of(page)) == 4, "the others are there meanwhile"
    press(page, "Descubiertos")
    press(page, "Parar")
    qtbot.waitUntil(lambda: "Se paró la búsqueda." in words_of(page))
    shop_of(window).mood = "closed"
    press(page, "Buscar otra vez")
    qtbot.waitUntil(lambda: len(cards_of(page)) == 9)
    qtbot.waitUntil(lambda: not tasks.is_busy)


# -- who moved --


def test_moves_are_told_in_a_table_the_movers_first(make_window: MakeWindow) -> None:
    page = learned_page(make_window())
    assert "89 % de las compras siguen en el mismo grupo que el vie 13 nov." in words_of(page)
    table = page.findChild(MigrationCard).table
    first = [column.words(table.rows.shown[0]) for column in table.rows.columns]
    assert first == ["Cerveza de noche", "Recargas", "210", "3 %"]
    last = [column.words(table.rows.shown[-1]) for column in table.rows.columns]
    assert last[1] == "siguen ahí"


def test_first_run_has_nothing_to_compare_with(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).migration = NotEnough(60, 30, "days")
    page = learned_page(window)
    assert "Todavía no hay con qué comparar" in words_of(page)
    assert not page.findChild(MigrationCard).table.isVisible()


# -- one profile --


def test_card_opens_its_profile(make_window: MakeWindow, qtbot: Any) -> None:
    window = make_window()
    page = window.open_page("segments")
    qtbot.mouseClick(cards_of(page)[2], Qt.MouseButton.LeftButton)
    assert window.page.NAME == "segment"
    words = words_of(window.page)
    assert "Salida del trabajo" in words
    assert "productos por compra y RD$ 142" in words
    assert "Sobre todo viernes y sábado." in words
    assert "más compras por día que antes" in words
    assert "Sigue igual y míralos: no hay nada que cambiar ahora." in words
    assert "Compraron 9 % más veces" in words


def test_keyboard_opens_it_too(make_window: MakeWindow, qtbot: Any) -> None:
    window = make_window()
    page = learned_page(window)
    card = cards_of(page)[2]
    assert card.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert card.accessibleName() == "Cerveza de noche"
    assert "15 % de las compras" in card.accessibleDescription()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        window.open_page("segments")
        qtbot.keyClick(card, key)
        assert window.page.NAME == "segment"
    assert "Cerveza de noche" in words_of(window.page)


def test_quick_list_leads_to_a_profile(make_window: MakeWindow) -> None:
    window = make_window()
    window.open_page("segments")
    found = {jump.words: jump for jump in jumps_of(window)}
    found["Recargas"].act()
    page: Any = window.page
    assert page.NAME == "segment"
    assert page.book.find("learned_9").transaction_count == 426
    assert "Descubiertos · Recargas y otros" in words_of(page)


def test_profile_read_again_is_not_made_anew(make_window: MakeWindow) -> None:
    page: Any = make_window().open_page("segment")
    picker = page.picker
    page.load()
    assert page.picker is picker
    shop_of(page.window()).performance = make_performance()[1:]
    page.load()
    assert "Todavía no hay semanas que mirar." in words_of(page)


def test_next_and_previous_go_round(make_window: MakeWindow) -> None:
    page: Any = make_window().open_page("segment")
    assert page._name.text() == "Mañaneros"
    page.step(1)
    assert page._name.text() == "Hora de almuerzo"
    page.step(-1)
    page.step(-1)
    assert page._name.text() == "Recargas"
    page.step(1)
    assert page._name.text() == "Mañaneros"


def test_growth_that_may_be_chance_makes_no_idea(make_window: MakeWindow) -> None:
    page: Any = make_window().open_page("segment")
    page.show_segment("late_night")
    words = words_of(page)
    assert "Compraron 6 % menos veces" not in words
    assert "lo que cambió no pasa de casualidad" in words
    late = make_segments().segments[3]
    done = make_performance()[3]
    fell = "Compraron 6 % menos veces que en el período anterior: pregúntales a tres de ellos qué no encontraron y consíguelo esta semana."
    assert fell not in describe_segment(late, done).marketing
    assert fell in describe_segment(late, replace(done, is_beyond_noise=True)).marketing
    assert fell not in describe_segment(late).marketing


def test_profile_without_sums_still_says_who_they_are(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).performance = ZeroDivisionError("a sum fails")
    page = window.open_page("segment")
    words = words_of(page)
    assert "Llevan sobre todo" in words
    assert "Pesa y amarra las funditas" in words
    assert "No se pudo sumar semana por semana." in words
    shop_of(window).performance = make_performance()
    press(page, "Intentar de nuevo")
    assert "de lo vendido" in words_of(page)


def test_group_that_is_no_more_leads_back(make_window: MakeWindow) -> None:
    window = make_window()
    page: Any = window.open_page("segment")
    page.show_segment("learned_77")
    assert "Ese grupo ya no está." in words_of(page)
    press(page, "Ver los segmentos")
    assert window.page.NAME == "segments"


def test_excel_and_the_way_back_are_at_hand(make_window: MakeWindow) -> None:
    window = make_window()
    page = window.open_page("segment")
    press(page, "Excel")
    assert window.page.NAME == "reports"
    assert [kind for kind, _path in shop_of(window).written] == ["segments"]
    back = next(made for made in page.findChildren(QWidget) if made.accessibleName() == "Volver a Segmentos")
    back.click()  # type: ignore[attr-defined]
    assert window.page.NAME == "segments"


def test_its_place_on_the_rail_is_that_of_the_segments(make_window: MakeWindow) -> None:
    window = make_window()
    window.open_page("segment")
    assert [made.text().strip() for made in window._rail.buttons if made.isChecked()] == ["Segmentos"]


# -- two side by side --


def test_any_two_stand_side_by_side(make_window: MakeWindow) -> None:
    page: Any = make_window().open_page("segment")
    page.picker.choose("learned_3")
    words = words_of(page)
    assert "En qué se diferencia Mañaneros de Cerveza de noche" in words
    assert "Gastan RD$ 183 menos por compra: RD$ 142 contra RD$ 325." in words
    assert "▼ RD$ 183 menos" in words
    assert "▲ RD$ 183 más" in words
    assert "Menos cerveza y ron: casi nada contra 52 %." in words
    page.picker.choose("")
    assert "En qué se diferencia" not in words_of(page)
    assert "Quiénes son" in words_of(page)


def test_next_segment_ends_the_comparison(make_window: MakeWindow) -> None:
    page: Any = make_window().open_page("segment")
    page.compare_with("late_night")
    page.step(1)
    assert "En qué se diferencia" not in words_of(page)


def side(number: int = 0, *, growth: float | None = None, sure: bool = True, **changes: Any) -> Side:
    segment: Segment = replace(make_segments().segments[number], **changes)
    done: SegmentPerformance = replace(
        make_performance()[number], receipts_growth=growth, is_beyond_noise=sure
    )
    return Side(segment, done)


def told(one: Side, other: Side) -> dict[str, str]:
    return {each.words: each.mark for each in differences(one, other)}


def test_amounts_near_each_other_are_called_the_same() -> None:
    found = told(side(avg_basket_cents=10_000), side(avg_basket_cents=10_400))
    assert found["Gastan casi lo mismo por compra: RD$ 100 y RD$ 104."] == EVEN
    found = told(side(avg_items_per_basket=2.0), side(avg_items_per_basket=3.1))
    assert found["Llevan 1.1 productos menos: 2.0 contra 3.1."] == DOWN


def test_after_midnight_is_later_than_the_evening() -> None:
    found = told(side(peak_hours=(1,)), side(peak_hours=(21,)))
    assert found["Vienen más tarde: su hora más fuerte es 1 a. m., la del otro 9 p. m."] == UP
    found = told(side(peak_hours=(7,)), side(peak_hours=(21,)))
    assert found["Vienen más temprano: su hora más fuerte es 7 a. m., la del otro 9 p. m."] == DOWN


def test_category_that_is_not_among_the_first_is_no_zero() -> None:
    # GIVEN five categories named, the least of them 8 %: what is not named may be as much as that
    five = tuple(
        (each, share)
        for each, share in zip(
            (Category.STAPLES, Category.MEAT, Category.FRESH, Category.BAKERY, Category.SNACKS),
            (0.4, 0.2, 0.15, 0.1, 0.08),
            strict=True,
        )
    )
    one = side(top_categories=five)
    other = side(top_categories=((Category.ALCOHOL, 0.12), *five[:4]))
    # THEN 12 % of alcohol against at most 8 % is not called a difference
    assert not any("cerveza" in words for words in told(one, other))
    other = side(top_categories=((Category.ALCOHOL, 0.6), *five[:4]))
    assert told(one, other)["Menos cerveza y ron: casi nada contra 60 %."] == DOWN


def test_growth_is_compared_only_beyond_chance() -> None:
    found = told(side(growth=0.2), side(growth=-0.1, sure=False))
    assert found["Van mejor: 20 % más compras por día; el otro, siguen igual."] == UP
    found = told(side(growth=0.2, sure=False), side(growth=-0.1, sure=False))
    assert found["Los dos siguen más o menos igual que antes."] == EVEN
    assert not any("Van" in words for words in told(side(), side(growth=0.3)))


# -- looks --


def test_learned_segments_have_an_icon_of_their_own() -> None:
    icons = [segment_icon(segment) for segment in make_learned().segments]
    assert icons[2] == "beer"
    assert icons[7] == "sunrise", "what it buys says nothing, so when it comes does"
    assert segment_icon(make_segments().segments[0]) == "sunrise"


@pytest.mark.parametrize("percent", (100, 200))
def test_nothing_is_cut_off_sideways(make_window: MakeWindow, percent: int) -> None:
    window = make_window(settings=Settings(text_percent=percent))
    page = learned_page(window)
    press(page, "¿Cómo se hallaron?")
    window.resize(1024, 700)
    profile: Any = window.open_page("segment")
    profile.compare_with("learned_2")
    for shown in (profile, window.open_page("segments")):
        settle()
        area = shown.findChild(QScrollArea)
        assert area.widget().width() <= area.viewport().width()
