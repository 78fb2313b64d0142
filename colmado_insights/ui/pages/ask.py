"""Ask the shop: a question in one's own words, answered from the sales; beside it the week in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from colmado_insights.analytics.results import NotEnough
from colmado_insights.domain import Role, Topic
from colmado_insights.errors import ShopError
from colmado_insights.personas import Preview
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _
from colmado_insights.ui.context import Context
from colmado_insights.ui.dialogs.sent_text import SentText
from colmado_insights.ui.pages.customer import CustomerPage
from colmado_insights.ui.pages.page import CUSTOMERS, GROK, SALES, SETTINGS, Page
from colmado_insights.ui.pages.product import ProductPage
from colmado_insights.ui.pages.segment import SegmentPage
from colmado_insights.ui.tasks import Lane
from colmado_insights.ui.widgets.answer_card import AnswerCard, suggestion_row
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.persona_card import PersonaCard
from colmado_insights.ui.widgets.question_line import QuestionLine
from colmado_insights.ui.widgets.slot import Slot
from colmado_insights.ui.words_book import WordsBook

if TYPE_CHECKING:
    from colmado_insights.questions import ShopAnswer

MOST_ANSWERS = 40
"""Of a long conversation the oldest go."""


@dataclass(frozen=True)
class AskView:
    """What stands before anything is asked."""

    suggestions: tuple[str, ...]
    helps: bool | None  # Grok may be asked what a question means; none where nothing is known of Grok


class AskPage(Page):
    """A line to ask in, the answers of this session with the newest on top, and how the week went."""

    NAME = "ask"
    TITLE = N_("Preguntar")
    ICON = "message-circle-question-mark"
    ROLE = Role.MANAGER
    CLOSED_TO = frozenset({Role.CASHIER})  # it answers with costs and profits
    NEEDS = frozenset({SALES, SETTINGS, CUSTOMERS, GROK})
    BLOCKS = ((150, (11, 7)), (180, (11, 7)), (180, (11, 7)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look = self.look
        self._helps: bool | None = None
        self.suggestions: tuple[str, ...] = ()
        self.answers: list[AnswerCard] = []  # newest first
        self.words = WordsBook(ctx, Topic.WEEK, self)
        self.line = QuestionLine(look)
        self.line.asked.connect(self._ask)
        self._suggestions = Slot()
        talk, week = QWidget(), QWidget()
        self._talk, beside = QVBoxLayout(talk), QVBoxLayout(week)
        for column in (self._talk, beside):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(look.px(12))
        self._talk.addWidget(self._make_question_card())
        self._talk.addStretch(1)
        beside.addWidget(PersonaCard(ctx, self.words, _("Tu semana en palabras"), "calendar-days"))
        beside.addStretch(1)
        grid = CardGrid(look, 370, 2, shares=(11, 7))
        grid.add(talk)
        grid.add(week)
        self.body.addWidget(grid, 1)

    def read(self, progress: Progress) -> AskView | NotEnough:
        """What can be asked, and whether Grok may help to understand."""
        shop, now = self.ctx.shop, self.ctx.clock()
        receipts = shop.read_summary(now.date()).receipts
        if not receipts:
            return NotEnough(1, receipts, "receipts")
        state = shop.read_grok(now)
        can_help = Topic.QUESTION in state.allowed and state.key_place is not None
        return AskView(shop.suggest_questions(now, role=self.ctx.role), can_help)

    def show_result(self, result: AskView) -> None:
        """Offer questions; what was answered stays."""
        self._helps, self.suggestions = result.helps, result.suggestions
        self._suggestions.fill(suggestion_row(self.look, result.suggestions, self.ask))
        self.words.open()
        if self.isVisible() and not self.answers:
            self.line.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """One comes here to write."""
        super().showEvent(event)
        self.line.setFocus()

    def ask(self, question: str) -> None:
        """Ask as if it had been written."""
        self.line.remember(question)
        self._ask(question)

    # -- asking --

    def _ask(self, question: str) -> None:
        card = AnswerCard(self.look, question)
        card.asked.connect(self.ask)
        card.more_asked.connect(self._open_more)
        card.help_asked.connect(partial(self._find_with_grok, card))
        card.preview_asked.connect(partial(self._preview, card))
        self.answers.insert(0, card)
        self._talk.insertWidget(1, card)
        for old in self.answers[MOST_ANSWERS:]:
            old.hide()
            old.deleteLater()
        del self.answers[MOST_ANSWERS:]
        self._find(card)

    def _find(self, card: AnswerCard) -> None:
        """Look for the answer on this PC."""
        shop, now = self.ctx.shop, self.ctx.clock()
        card.show_waiting(_("Buscando en tus ventas…"))
        again = partial(self._find, card)
        handle = self.ctx.tasks.run(
            lambda progress: shop.ask(card.question, now, progress, role=self.ctx.role),
            owner=card, key="ask", done=partial(self._show_answer, card),
            error=lambda error: card.show_trouble(error, again),
            cancelled=lambda: card.show_trouble(ShopError(_("Se paró la búsqueda.")), again),
        )  # fmt: skip
        card.stop_asked.connect(handle.cancel)

    def _find_with_grok(self, card: AnswerCard) -> None:
        """Let Grok choose what to look for; who does not want to wait gets the answer of before."""
        shop, now = self.ctx.shop, self.ctx.clock()
        card.show_waiting(_("Grok está leyendo la pregunta…"))
        handle = self.ctx.tasks.run(
            lambda progress: shop.ask(card.question, now, progress, with_grok=True, role=self.ctx.role),
            owner=card, key="ask", done=partial(self._show_help, card),
            error=lambda error: card.show_trouble(error, partial(self._find, card)),
            cancelled=partial(self._find, card), changes=frozenset({GROK}), lane=Lane.NET,
        )  # fmt: skip
        card.stop_asked.connect(handle.cancel)

    def _show_help(self, card: AnswerCard, answer: ShopAnswer) -> None:
        self._show_answer(card, answer)
        if not answer.is_known:
            card.say(_("Grok no pudo ayudar con esta pregunta."))

    def _preview(self, card: AnswerCard) -> None:
        """Show what would leave this PC if Grok were asked what is meant."""
        shop, now = self.ctx.shop, self.ctx.clock()

        def show(preview: Preview | NotEnough) -> None:
            if isinstance(preview, Preview) and preview.text:
                SentText(self.look, self.window(), preview).open()
            else:
                card.say(_("De esta pregunta no saldría nada."))

        self.ctx.tasks.run(
            lambda _progress: shop.preview_words(Topic.QUESTION, card.question, now.date(), now),
            owner=card, key="preview", done=show,
            error=lambda error: card.show_trouble(error, partial(self._find, card)),
        )  # fmt: skip

    def _show_answer(self, card: AnswerCard, answer: ShopAnswer) -> None:
        card.show_answer(answer, self._helps)

    def _see(self, card: AnswerCard) -> None:
        """Bring an answer into sight where large words have pushed it down."""
        area = self.findChild(QScrollArea)
        assert isinstance(area, QScrollArea)
        area.ensureWidgetVisible(card, 0, self.look.px(12))

    def _open_more(self, page: str, subject: str) -> None:
        """Show the page an answer leads to, with whom or what it is about."""
        shown = self.ctx.go(page)
        if not subject:
            return
        if isinstance(shown, CustomerPage):
            shown.show_customer(int(subject))
        elif isinstance(shown, ProductPage):
            shown.show_product(int(subject))
        elif isinstance(shown, SegmentPage):
            shown.show_segment(subject)

    # -- parts --

    def _make_question_card(self) -> Card:
        look = self.look
        card = Card(look)
        card.body.setContentsMargins(*(look.px(side) for side in (18, 16, 18, 16)))
        card.body.setSpacing(look.px(10))
        card.body.addWidget(label(look, _("Pregúntale al colmado"), 17, 650))
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(self.line, 1)
        row.addWidget(button(look, _("Preguntar"), self.line.ask, kind="bigprimary"))
        card.body.addLayout(row)
        card.body.addWidget(self._suggestions)
        about = _("Se busca en tus ventas, aquí mismo y sin internet. Escribe como hablas.")
        card.body.addWidget(label(look, about, 12.5, 400, "soft", wrap=True))
        return card
