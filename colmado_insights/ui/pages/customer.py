"""One customer: who they are, what to do now, what they are worth, and what, when and how they buy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QElapsedTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import (
    CustomerProfile,
    CustomerSegment,
    NotEnough,
    RecommendationKind,
    Recommendations,
)
from colmado_insights.domain import Consent, Customer, Role, Topic
from colmado_insights.insights import CustomerView
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _
from colmado_insights.ui.ages import ago
from colmado_insights.ui.context import Context
from colmado_insights.ui.dialogs.customer_form import CustomerForm, EraseQuestion
from colmado_insights.ui.pages.page import CUSTOMERS, SALES, SETTINGS, Page
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.customer_cards import (
    action_card,
    habits_card,
    history_card,
    months_card,
    numbers_card,
    personal_card,
    receipts_card,
    self_card,
    taste_card,
    when_card,
)
from colmado_insights.ui.widgets.customer_methods import MethodsFoot, simple_words
from colmado_insights.ui.widgets.customer_words import (
    RISK_TONES,
    SEGMENT_SYMBOLS,
    consent_tone,
    risk_hint,
    risk_words,
    segment_tone,
)
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.label import Tone, chip, label
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.persona_card import PersonaCard
from colmado_insights.ui.widgets.slot import Slot
from colmado_insights.ui.widgets.state_view import Message, not_enough_words
from colmado_insights.ui.widgets.subject_heading import subject_title, subject_tools
from colmado_insights.ui.words_book import WordsBook

CHANGED = frozenset({CUSTOMERS, SALES})
GAP = 10
"""Between cards; everything about a person stands on one screen."""


@dataclass(frozen=True)
class ShownCustomer:
    """What the page shows, and who stands before and after."""

    view: CustomerView
    among: tuple[int, ...]
    history: tuple[tuple[date, CustomerSegment], ...]  # segments at month ends


class CustomerPage(Page):
    """Everything about the customer that was chosen, on one screen; Alt+← and Alt+→ go to the next."""

    NAME = "customer"
    TITLE = N_("Cliente")
    ICON = "user"
    PARENT = "customers"
    ROLE = Role.MANAGER
    NEEDS = frozenset({SALES, SETTINGS, CUSTOMERS})
    BLOCKS = ((50, (1,)), (74, (1,)), (250, (14, 10, 10)), (230, (14, 10, 10)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._chosen = 0  # the first of all until one is chosen
        self._among: tuple[int, ...] = ()
        self._shown: ShownCustomer | None = None
        self._timer = QElapsedTimer()
        self.body.setSpacing(self.look.px(GAP))
        self.took_ms = 0  # from asking to showing
        self._notices = NoticePlace(self.look)
        self.body.addLayout(self._notices)
        self._heading, self._content = Slot(), Slot()
        self.words = WordsBook(ctx, Topic.CUSTOMER, self)
        self._persona = PersonaCard(ctx, self.words)
        self.body.addWidget(self._heading)
        self.body.addWidget(self._content, 1)
        self._foot = MethodsFoot(self.look)
        self._foot.more.hide()
        self.body.addWidget(self._foot)
        for keys, by in (("Alt+Left", -1), ("Alt+Right", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(partial(self.step, by))

    # -- reading and showing --

    def load(self) -> None:
        """Read again and show, and note how long that takes."""
        self._timer.start()
        super().load()

    def read(self, progress: Progress) -> ShownCustomer | NotEnough:
        """The customer that was chosen, or the one who brings most."""
        shop, today = self.ctx.shop, self.ctx.clock().date()
        chosen, among = self._chosen, self._among
        if not chosen or not among:
            people = sorted(
                shop.read_customers(today), key=lambda each: (each.consent is Consent.NO, -each.spent_cents)
            )
            if not people:
                return NotEnough(1, shop.read_summary(today).receipts, "customers")
            among = tuple(each.customer_id for each in people)
            chosen = chosen or among[0]
        return ShownCustomer(
            shop.read_customer(chosen, today, progress), among, shop.read_segment_history(chosen)
        )

    def show_result(self, result: ShownCustomer) -> None:
        """Show the person whole; what is the same as before is left alone."""
        self.took_ms = self._timer.elapsed()
        self._chosen, self._among = result.view.customer.customer_id, result.among
        if result == self._shown:
            return
        self._shown = result
        self._persona.setParent(self)  # or it would go with the card it stands in
        self._heading.fill(self._make_heading(result.view))
        self._content.fill(self._make_content(result))
        self._show_words(result.view)
        self._show_foot(result.view)

    def show_not_enough(self, answer: NotEnough) -> None:
        """Nobody is known: without sales as on every page, with sales where people are added."""
        if not answer.have:
            super().show_not_enough(answer)
            return
        todo = _("Apúntalo en Clientes, o marca al cliente en la caja y trae otra vez las ventas.")
        what = _("Todavía no conoces a nadie por su nombre.")
        back = (_("Ver Clientes"), partial(self.ctx.go, self.PARENT))
        self.state.show_message(Message(self.look, "contact", what, todo, (back,)))

    def show_customer(self, customer_id: int, among: Sequence[int] = ()) -> None:
        """Show this one; `among` is the list they were chosen from."""
        self._notices.clear()
        self._among = tuple(among)
        if customer_id != self._chosen:
            self._chosen = customer_id
            self.load()

    def step(self, by: int) -> None:
        """Go to the next customer of the list, or to the one before."""
        if self._chosen in self._among:
            place = self._among.index(self._chosen) + by
            self.show_customer(self._among[place % len(self._among)], self._among)

    # -- writing --

    def edit(self) -> None:
        """Change what is written of them."""
        if self._shown is None:
            return
        form = CustomerForm(self.look, self.window(), self._shown.view.customer)
        form.saved.connect(self._write)
        form.open()

    def export(self) -> None:
        """Write all that is known of them into a file they may take along."""
        name, _filter = QFileDialog.getSaveFileName(
            self, _("Guardar lo que se sabe de este cliente"), str(Path.home() / _("cliente.pdf")),
            _("PDF (*.pdf);;Excel (*.xlsx);;JSON (*.json)"),
        )  # fmt: skip
        if name:
            self.write_file(Path(name))

    def write_file(self, path: Path) -> None:
        """Write it there."""
        chosen = self._chosen
        self.ctx.tasks.run(
            lambda _progress: self.ctx.shop.export_customer(chosen, path), owner=self, key="export",
            done=lambda _nothing: self._notices.say_done(_("Listo: {file}").format(file=path.name)),
            error=self._notices.say_trouble,
        )  # fmt: skip

    def ask_erase(self) -> None:
        """Ask first: what goes does not come back."""
        if self._shown is None:
            return
        question = EraseQuestion(self.look, self.window(), self._shown.view.customer.shown_name)
        question.agreed.connect(self.erase)
        question.open()

    def erase(self) -> None:
        """Forget this customer, and go back to the others."""
        chosen = self._chosen

        def leave(_nothing: Any) -> None:
            self._chosen, self._among, self._shown = 0, (), None
            self._is_stale = True
            self.ctx.go(self.PARENT)

        self.ctx.tasks.run(
            lambda _progress: self.ctx.shop.erase_customer(chosen), owner=self, key="write",
            done=leave, error=self._notices.say_trouble, changes=CHANGED,
        )  # fmt: skip

    def _write(self, customer: Customer) -> None:
        self.ctx.tasks.run(
            lambda _progress: self.ctx.shop.write_customer(customer), owner=self, key="write",
            done=lambda _id: self._notices.say_done(_("Guardado.")),
            error=self._notices.say_trouble, changes=CHANGED,
        )  # fmt: skip

    # -- parts --

    def _make_heading(self, view: CustomerView) -> QWidget:
        look, customer = self.look, view.customer
        outlook = view.outlook if customer.consent is not Consent.NO else None
        symbol = SEGMENT_SYMBOLS[outlook.rfm.segment] if outlook else "user"
        tone = segment_tone(outlook.rfm.segment) if outlook else Tone.BRAND
        back = ("arrow-left", partial(self.ctx.go, self.PARENT), _("Volver a Clientes"))
        tile = SymbolTile(look, symbol, tone)
        grid = CardGrid(look, 430, 2, shares=(11, 12))
        grid.add(subject_title(look, back, tile, customer.shown_name, about_words(customer)))
        grid.add(self._make_tools(view))
        return grid

    def _make_tools(self, view: CustomerView) -> QWidget:
        """The chips, then the buttons."""
        look, customer = self.look, view.customer
        chips = QWidget()
        flow = Flow(look, 5)
        chips.setLayout(flow)
        if view.outlook is not None and customer.consent is not Consent.NO:
            segment, churn = view.outlook.rfm.segment, view.outlook.churn
            flow.addWidget(chip(look, text.customer_segment_name(segment), segment_tone(segment)))
            if churn is not None:
                made = chip(
                    look, _("Riesgo: {risk}").format(risk=risk_words(churn).lower()), RISK_TONES[churn.level]
                )
                made.setToolTip(risk_hint(churn))
                flow.addWidget(made)
        flow.addWidget(chip(look, text.consent_name(customer.consent), consent_tone(customer.consent)))
        acts = (
            ("chevron-left", partial(self.step, -1), _("Cliente anterior (Alt+←)")),
            ("chevron-right", partial(self.step, 1), _("Cliente siguiente (Alt+→)")),
            ("pencil", self.edit, _("Cambiar nombre, teléfono o permiso")),
            ("download", self.export, _("Guardar lo que se sabe, para dárselo")),
            ("trash-2", self.ask_erase, _("Borrar a este cliente")),
        )
        return subject_tools(look, chips, acts)

    def _make_content(self, shown: ShownCustomer) -> QWidget:
        """The strip of numbers, then three columns of cards."""
        look, today, view = self.look, self.ctx.clock().date(), shown.view
        customer = view.customer
        if customer.consent is Consent.NO:
            return self._stacked(numbers_card(look, customer, None, None, today), self._refused_card())
        if not customer.receipts:
            return self._without_purchases(customer)
        profile = view.profile if isinstance(view.profile, CustomerProfile) else None
        numbers = numbers_card(look, customer, profile, view.outlook, today)
        action = action_card(look, customer, view.outlook, view.product_names)
        if profile is None:
            return self._stacked(numbers, self._lacking_card(view.profile), action)
        numbers.body.addWidget(self._persona)
        names = view.product_names
        columns = CardGrid(look, 300, 3, shares=(17, 10, 10), gap=GAP)
        habits = habits_card(look, profile, view.outlook, names, today)
        lower = CardGrid(look, 200, 2, gap=GAP)
        lower.add(self._make_personal(view))
        lower.add(receipts_card(look, profile.recent, today))
        columns.add(self._stacked(habits, lower, grows=habits))
        months = months_card(look, self.ctx.tasks, profile)
        middle: list[QWidget] = [action, when_card(look, profile), months]
        right: list[QWidget] = [taste_card(look, profile), self_card(look, profile)]
        short = middle if view.outlook is None else right  # where little is known there is little to do
        short.append(history_card(look, shown.history))
        columns.add(self._stacked(*middle, grows=months))
        columns.add(self._stacked(*right))
        return self._stacked(numbers, columns)

    def _show_words(self, view: CustomerView) -> None:
        """In words only who has bought and has not said no."""
        customer = view.customer
        is_told = customer.consent is not Consent.NO and isinstance(view.profile, CustomerProfile)
        self._persona.setVisible(is_told)
        if is_told:
            self.words.open(str(customer.customer_id))

    def _make_personal(self, view: CustomerView) -> QWidget:
        """What may be offered; looked for beside the page when nothing was ready."""
        look, names, place = self.look, view.product_names, Slot()
        if view.personal is not None:
            place.fill(personal_card(look, view.personal, names))
            return place
        place.fill(personal_card(look, None, names, is_awaited=True))
        customer_id, today = view.customer.customer_id, self.ctx.clock().date()

        def show(answer: Recommendations | NotEnough | None) -> None:
            found = answer if isinstance(answer, Recommendations) else None
            place.fill(personal_card(look, found, names))

        self.ctx.tasks.run(
            lambda progress: self.ctx.shop.recommend(
                RecommendationKind.PERSONAL, customer_id=customer_id, as_of=today, progress=progress
            ),
            owner=place, key="personal", done=show, error=lambda _error: show(None),
        )  # fmt: skip
        return place

    def _without_purchases(self, customer: Customer) -> Message:
        """Written down, but the till has not named them yet."""
        todo = _("En la caja, márcalo como «{name}»: desde la próxima venta todo se junta aquí.")
        what = _("Todavía no tiene compras a su nombre.")
        return Message(self.look, "hourglass", what, todo.format(name=customer.name))

    def _refused_card(self) -> Card:
        look = self.look
        card = Card(look, _("No quiere que se le mire"), "shield-check")
        words = _("Dijo que no: aquí solo están sus sumas. No se calcula nada de esta persona ni se le escribe. "
                  "Si cambia de idea, apúntalo con el lápiz.")  # fmt: skip
        card.body.addWidget(label(look, words, 14, 400, wrap=True))
        card.body.addStretch(1)
        return card

    def _lacking_card(self, answer: CustomerProfile | NotEnough) -> Card:
        look = self.look
        card = Card(look, _("Todavía se sabe poco"), "hourglass")
        words = not_enough_words(answer) if isinstance(answer, NotEnough) else ""
        card.body.addWidget(label(look, words, 14, 400, wrap=True))
        card.body.addStretch(1)
        return card

    def _stacked(self, *parts: QWidget, grows: QWidget | None = None) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.look.px(GAP))
        for part in parts:
            column.addWidget(part)
        column.setStretchFactor(grows or parts[-1], 1)  # a taller window gives its room to this one
        return holder

    def _show_foot(self, view: CustomerView) -> None:
        """When it was found out, and whether a simple rule had to do."""
        profile = view.profile
        said = [_("Calculado {age}.").format(age=ago(view.made_at, self.ctx.clock()))]
        if isinstance(profile, CustomerProfile):
            said += [text.sentence(reason) for reason in profile.reasons]
        said.append(simple_words(view.reasons))
        took = _("Esta página tardó {ms} ms.").format(ms=text.number(self.took_ms))
        hint = f"{took} {_('Ya estaba lista.')}" if view.is_kept else took
        self._foot.show_words(
            "" if view.customer.consent is Consent.NO else " ".join(filter(None, said)), hint
        )


def about_words(customer: Customer) -> str:
    """809-555-0123 · cliente desde mar 2025 · última visita hace 2 días · nota."""
    parts = [customer.phone]
    if customer.nickname and customer.name != customer.nickname:
        parts.insert(0, customer.name)
    if customer.first_day:
        month = text.month_name(customer.first_day.month, short=True)
        parts.append(_("desde {month} {year}").format(month=month, year=customer.first_day.year))
    parts.append(customer.note)
    return " · ".join(filter(None, parts))
