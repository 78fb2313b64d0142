"""How firm the groups are that were found in the purchases, and on demand how they were found."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import LearnedSegments
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.label import Tone, label
from colmado_insights.ui.widgets.slot import Slot

FIRM = 0.70
"""Agreement (adjusted Rand) between refits from which groups may be called firm."""

IN_THE_SEARCH = ("learned_apart",)
"""Reasons that only mean something beside the picture of the search."""


class FirmnessCard(Card):
    """What was found and how far to believe it; the search itself unfolds in place."""

    def __init__(self, look: Look, tasks: Tasks) -> None:
        super().__init__(look)
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        self._tile = Slot()
        row.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(look.px(1))
        self._found = label(look, "", 14, 600, wrap=True)
        self._believe = label(look, "", 13, 400, "soft", wrap=True)
        words.addWidget(self._found)
        words.addWidget(self._believe)
        self._more = button(look, "", self._turn, kind="link")
        words.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(words, 1)
        self.body.addLayout(row)
        self._chart = ChartView(look, tasks, 190)
        self._how = label(look, "", 13, 400, "soft", wrap=True)
        self._search = self._make_search()
        self.body.addWidget(self._search)
        self._show_search(False)

    def show_learned(self, learned: LearnedSegments) -> None:
        """Say how firm these are."""
        is_firm = learned.stability >= FIRM and learned.silhouette > learned.shuffled_silhouette
        symbol, tone = ("shield-check", Tone.GOOD) if is_firm else ("circle-question-mark", Tone.ACCENT)
        self._tile.fill(SymbolTile(self.look, symbol, tone))
        plain = [text.sentence(reason) for reason in learned.reasons if reason.code not in IN_THE_SEARCH]
        self._found.setText("".join(plain[:1]))
        self._believe.setText(" ".join([firm_words(learned), *plain[1:]]))
        self._how.setText(search_words(learned))
        self._chart.show_chart(partial(charts.trials_chart, learned), search_words(learned))

    def _make_search(self) -> QWidget:
        holder = CardGrid(self.look, 300, 2, shares=(3, 2), gap=16)
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._how)
        column.addStretch(1)
        holder.add(self._chart)
        holder.add(words)
        return holder

    def _turn(self) -> None:
        self._show_search(self._search.isHidden())

    def _show_search(self, is_shown: bool) -> None:
        self._search.setVisible(is_shown)
        self._more.setText(_("Ocultar cómo") if is_shown else _("¿Cómo se hallaron?"))


def firm_words(learned: LearnedSegments) -> str:
    """Whether one may build on these groups, in plain words."""
    if learned.silhouette <= learned.shuffled_silhouette:
        return _("No se separan mejor que por azar.")
    if learned.stability >= FIRM:
        return _("Son firmes y se separan claramente mejor que por azar.")
    return _("Se separan mejor que por azar, pero cambian de una prueba a otra: tómalos como una pista.")


def search_words(learned: LearnedSegments) -> str:
    """How many groups were tried, which number was taken, and whether another method agrees."""
    ks = [trial.k for trial in learned.trials] or [len(learned.segments)]
    parts = [
        _(
            "El programa probó de {first} a {last} grupos y se quedó con {count}: el número en que las compras"
            " de un grupo se parecen más entre sí que a las de los demás, sin grupos que cambien de una prueba a otra."
        ).format(first=min(ks), last=max(ks), count=len(learned.segments)),
        _(
            "Mira de cada compra cuánto suma, cuántas cosas lleva, de qué son, la hora, el día de la semana"
            " y si es quincena."
        ),
    ]
    parts += [text.sentence(reason) for reason in learned.reasons if reason.code in IN_THE_SEARCH]
    if learned.agreement is not None:
        parts.append(
            _("Otro método (agrupar de dos en dos) coincide en {share}.").format(
                share=text.percent(max(learned.agreement, 0.0))
            )
        )
    return " ".join(parts)
