"""Grok and privacy: what may leave this PC, to the letter, with which key, and what it has cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import NotEnough, Segments
from colmado_insights.domain import Consent, GrokCall, ModelPrice, MonthSpending, Role, Topic
from colmado_insights.personas import Preview
from colmado_insights.personas.budget import GrokState
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.dialogs.grok_consent import GrokConsent
from colmado_insights.ui.pages.page import CUSTOMERS, GROK, SETTINGS, Page
from colmado_insights.ui.tasks import Lane
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.grok_budget import BudgetCard, ModelCard
from colmado_insights.ui.widgets.grok_consent import ConsentCard
from colmado_insights.ui.widgets.grok_head import HeadCard
from colmado_insights.ui.widgets.grok_key import KeyCard
from colmado_insights.ui.widgets.grok_ledger import MOST_CALLS, LedgerCard, SpendingCard
from colmado_insights.ui.widgets.grok_preview import EXAMPLE_QUESTION, PreviewCard
from colmado_insights.ui.widgets.grok_words import typical_use
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.link_card import LinkCard
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.vault import KeyPlace

EXPERIMENTS = "experiments"
MOST_TRIES = 12
"""Customers looked at for an example: the best first, who are the ones there is something to say of."""


@dataclass(frozen=True)
class GrokView:
    """How Grok stands, what it could be, and all that it was asked."""

    state: GrokState
    models: tuple[ModelPrice, ...]
    calls: tuple[GrokCall, ...]
    months: tuple[MonthSpending, ...]


@dataclass(frozen=True)
class Subjects:
    """What can be looked at before it is sent: segments as id and name; customers as name and id, best first."""

    segments: tuple[tuple[str, str], ...]
    customers: Mapping[str, str]


class GrokPage(Page):
    """State and what Grok is, consent, key and model, what it costs, what is sent, the ledger."""

    NAME = "grok"
    TITLE = N_("Grok y privacidad")
    ICON = "sparkles"
    PARENT = "settings"
    ROLE = Role.OWNER
    CLOSED_TO = frozenset({Role.MANAGER, Role.CASHIER})
    CLOSED_WORDS = (
        N_("Esto lo ve solo el dueño."), N_("Aquí se decide qué sale a internet y cuánto se paga."),
    )  # fmt: skip
    NEEDS = frozenset({SETTINGS, GROK, CUSTOMERS, "personas"})
    BLOCKS = ((210, (1,)), (330, (1, 1)), (300, (1,)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look, settings = self.look, ctx.settings
        self._view: GrokView | None = None
        self._handle = Progress()
        self.head = HeadCard(look)
        self.consents, self.key = ConsentCard(look), KeyCard(look)
        self.preview = PreviewCard(look)
        self.budget, self.model = BudgetCard(look, settings), ModelCard(look, settings)
        self.spending, self.ledger = SpendingCard(look, ctx.tasks), LedgerCard(look)
        self.experiments = self._make_experiments()
        self._arrange()
        self._connect()

    def make_control(self) -> QWidget:
        """The way back to the settings."""
        self.back = self.make_way_back(_("Volver a Ajustes"))
        return self.back

    def read(self, progress: Progress) -> GrokView:
        """How Grok stands; nothing of this waits for the internet."""
        shop, now = self.ctx.shop, self.ctx.clock()
        return GrokView(
            shop.read_grok(now), shop.read_models(), shop.read_grok_calls(MOST_CALLS), shop.read_spending(now)
        )

    def show_result(self, result: GrokView) -> None:
        """Fill the page; what is being written stays."""
        self._view = result
        state, use = result.state, typical_use(result.calls)
        self.head.show_state(state, use, self.ctx.clock().date())
        self.consents.show_allowed(state.allowed)
        self.key.show_place(state.key_place)
        self.budget.show_state(state)
        self.model.show_models(state, result.models, use)
        self.spending.show_months(result.months, state.limit_nano)
        self.ledger.show_calls(result.calls)
        has_begun = bool(state.allowed or state.key_place or result.calls)
        for part in (self.model, self._money, self.ledger, self.experiments):
            part.setVisible(has_begun)  # before that there is nothing to choose, to pay or to look back on
        self._load_subjects()

    # -- what may leave --

    def ask_consent(self, topic: Topic, is_allowed: bool) -> None:
        """Allow a topic after its text was seen; take the permission back at once."""
        if not is_allowed:
            self._allow(topic, is_allowed=False)
            return
        self.ctx.tasks.run(
            partial(self._read_example, topic), owner=self, key="consent",
            done=partial(self._show_consent, topic), error=self.consents.notices.say_trouble,
        )  # fmt: skip

    def _read_example(self, topic: Topic, progress: Progress) -> tuple[Preview | NotEnough, str]:
        """What would be sent about the first subject of a topic that there is enough to say of, and its name."""
        for subject, name in self._examples(topic, progress):
            progress.step()
            preview = self._read_preview(topic, subject, progress)
            if not isinstance(preview, NotEnough) and preview.text:
                return preview, name
        return NotEnough(1, 0, "receipts"), ""

    def _examples(self, topic: Topic, progress: Progress) -> Sequence[tuple[str, str]]:
        if topic is Topic.WEEK:
            return (("", ""),)
        subjects = self._read_subjects(progress)
        if topic is Topic.SEGMENT:
            return subjects.segments
        best = list(subjects.customers.items())[:MOST_TRIES]
        if topic is Topic.CUSTOMER:
            return [(subject, name) for name, subject in best]
        questions = [_("¿qué es lo de {name}?").format(name=name) for name, _subject in best]
        questions.append(_(EXAMPLE_QUESTION))
        return [(question, question) for question in questions]

    def _show_consent(self, topic: Topic, found: tuple[Preview | NotEnough, str]) -> None:
        preview, about = found
        if isinstance(preview, NotEnough):
            words = _("Todavía no hay datos con que enseñarte qué saldría: por ahora queda apagado.")
            self.consents.notices.say(words, Tone.ACCENT, "hourglass")
            return
        question = GrokConsent(self.look, self, preview, about)
        question.agreed.connect(partial(self._allow, topic, is_allowed=True))
        question.open()

    def _allow(self, topic: Topic, *, is_allowed: bool) -> None:
        shop, name, notices = self.ctx.shop, text.topic_name(topic), self.consents.notices

        def tell(_nothing: object) -> None:
            if is_allowed:
                notices.say_done(_("Permitido: {topic}. Puedes quitarlo cuando quieras.").format(topic=name))
            else:
                words = _("Apagado: {topic}. Desde ahora no sale nada de eso.").format(topic=name)
                notices.say_done(words, partial(self._allow, topic, is_allowed=True))

        def fail(error: Exception) -> None:
            notices.say_trouble(error)
            self.load()  # the switch goes back to how the shop has it

        self.ctx.tasks.run(
            lambda _progress: shop.allow_grok(topic, is_allowed),
            owner=self, key="allow", done=tell, error=fail, changes=frozenset({GROK}),
        )  # fmt: skip

    # -- what is sent --

    def show_preview(self, topic: Topic, subject: str) -> None:
        """Make the text of a subject and show it."""
        self.ctx.tasks.run(
            partial(self._read_preview, topic, subject), owner=self, key="preview",
            done=self.preview.show_preview, error=self.preview.show_trouble,
        )  # fmt: skip

    def _read_preview(self, topic: Topic, subject: str, _progress: Progress) -> Preview | NotEnough:
        now = self.ctx.clock()
        preview = self.ctx.shop.preview_words(topic, subject, now.date(), now)
        assert isinstance(preview, NotEnough) or preview.topic is topic, "another topic's text is no example"
        return preview

    def _read_subjects(self, progress: Progress) -> Subjects:
        shop, today = self.ctx.shop, self.ctx.clock().date()
        found = shop.compute_segments(today, progress)
        segments = found.segments if isinstance(found, Segments) else ()
        known = [each for each in shop.read_customers() if each.consent is not Consent.NO]
        customers: dict[str, str] = {}
        for each in sorted(known, key=lambda each: -each.receipts):
            name = each.shown_name
            customers[f"{name} · {each.name}" if name in customers else name] = str(each.customer_id)
        return Subjects(
            tuple((each.segment_id, text.segment_title(each)) for each in segments if each.transaction_count),
            customers,
        )

    def _load_subjects(self) -> None:
        def show(subjects: Subjects) -> None:
            self.preview.show_subjects(subjects.segments, subjects.customers)

        self.ctx.tasks.run(
            self._read_subjects, owner=self, key="subjects", done=show, error=self.preview.show_trouble
        )

    # -- key --

    def keep_key(self, key: str) -> None:
        """Put the key where this PC keeps such things."""
        shop = self.ctx.shop

        def tell(place: KeyPlace) -> None:
            if place is KeyPlace.SESSION:
                words = _(
                    "Esta computadora no tiene llavero: al cerrar el programa habrá que pegarla otra vez."
                )
                self.key.notices.say(words, Tone.ACCENT, "info")
            else:
                self.key.notices.say_done(_("Llave guardada. Pruébala."))

        self._run_key(lambda _progress: shop.write_grok_key(key), tell)

    def forget_key(self) -> None:
        """Take the key out of this PC."""
        shop = self.ctx.shop

        def tell(_nothing: object) -> None:
            self.key.notices.say_done(_("Llave olvidada: ya no está en esta computadora."))

        self._run_key(lambda _progress: shop.forget_grok_key(), tell)

    def _run_key(self, work: Callable[[Progress], object], tell: Callable[[Any], None]) -> None:
        self.ctx.tasks.run(
            work, owner=self, key="key", done=tell, error=self.key.notices.say_trouble,
            changes=frozenset({GROK}),
        )  # fmt: skip

    def try_key(self) -> None:
        """Read the list of models with the key there is: nothing of the shop leaves."""
        self._read_models(self.key.notices, _("La llave sirve: {models}."))

    def refresh_models(self) -> None:
        """Read the list of models and prices anew."""
        self._read_models(self.model.notices, _("Lista al día: {models}."))

    def _read_models(self, notices: NoticePlace, words: str) -> None:
        self._show_reading(is_on=True)

        def tell(models: tuple[ModelPrice, ...]) -> None:
            self._show_reading(is_on=False)
            offered = sum(each.is_offered for each in models)
            count = ngettext("{n} modelo", "{n} modelos", offered).format(n=text.number(offered))
            notices.say_done(words.format(models=count))

        def fail(error: Exception) -> None:
            self._show_reading(is_on=False)
            notices.say_trouble(error)

        self._handle = self.ctx.tasks.run(
            self.ctx.shop.read_models_online, owner=self, key="models", done=tell, error=fail,
            cancelled=partial(self._show_reading, is_on=False), changes=frozenset({GROK}), lane=Lane.NET,
        )  # fmt: skip

    def _show_reading(self, *, is_on: bool) -> None:
        self.key.show_trying(is_on=is_on)
        self.model.show_refreshing(is_on=is_on)

    def _stop_reading(self) -> None:
        self._handle.cancel()

    # -- settings --

    def change(self, name: str, value: object) -> None:
        """Take one new value and apply it at once."""
        changed = self.ctx.settings.with_values({name: value})
        if changed != self.ctx.settings:
            self.ctx.change_settings(changed)

    # -- parts --

    def _arrange(self) -> None:
        """What is decided stands before what is paid, and that before what can be looked up."""
        look = self.look
        source = QWidget()
        column = QVBoxLayout(source)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        column.addWidget(self.key)
        column.addWidget(self.model, 1)
        choices, self._money = CardGrid(look, 400, 2), CardGrid(look, 400, 2)
        for grid, left, right in (
            (choices, self.consents, source),
            (self._money, self.budget, self.spending),
        ):
            grid.add(left)
            grid.add(right)
        for part in (self.head, choices, self._money, self.preview, self.ledger, self.experiments):
            self.body.addWidget(part, int(part is self.preview))  # there is always more of it to read

    def _connect(self) -> None:
        self.consents.asked.connect(self.ask_consent)
        self.preview.asked.connect(self.show_preview)
        self.key.given.connect(self.keep_key)
        self.key.forgotten.connect(self.forget_key)
        self.key.try_asked.connect(self.try_key)
        self.key.stop_asked.connect(self._stop_reading)
        self.model.refresh_asked.connect(self.refresh_models)
        self.model.changed.connect(self.change)
        self.budget.changed.connect(self.change)

    def _make_experiments(self) -> LinkCard:
        return LinkCard(
            self.look, "target", _("¿Qué manera de preguntar te sirve más?"),
            _("Una prueba compara dos maneras o dos modelos con tus opiniones."),
            _("Ver pruebas"), lambda: self.ctx.go(EXPERIMENTS),
        )  # fmt: skip
