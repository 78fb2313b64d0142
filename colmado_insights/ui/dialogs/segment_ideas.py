"""What is known of one segment and what to do with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import Segment
from colmado_insights.personas import describe_segment
from colmado_insights.text import _
from colmado_insights.ui.icons import SEGMENT_ICONS, Icon
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.share_rows import ShareRows


class SegmentIdeas(QDialog):
    """Days, categories, payments and suggestions of one segment."""

    def __init__(self, look: Look, segment: Segment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._segment = look, segment
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text.segment_title(segment))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*(look.px(side) for side in (20, 18, 20, 16)))
        outer.setSpacing(look.px(12))
        outer.addLayout(self._make_heading())
        inside = QWidget()
        inside.setProperty("ground", "none")
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(look.px(12))
        box.addWidget(self._make_ideas())
        facts = CardGrid(look, 260, 2)
        facts.add(self._make_shares(_("Qué compran"), "shopping-basket", self._categories()))
        facts.add(self._make_shares(_("Cómo pagan"), "wallet", self._payments()))
        box.addWidget(facts)
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        outer.addWidget(area, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button(look, _("Cerrar"), self.close, kind="primary"))
        outer.addLayout(foot)
        self.resize(look.px(640), min(look.px(510), 720))

    def _make_heading(self) -> QHBoxLayout:
        look, segment = self._look, self._segment
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(SymbolTile(look, SEGMENT_ICONS.get(segment.segment_id, "users"), size=44))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(look, text.segment_title(segment), 19, 600))
        sample = " ".join(text.sentence(reason) for reason in segment.reasons)
        about = " · ".join(filter(None, (text.segment_about(segment), sample)))
        words.addWidget(label(look, about, 13, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        return row

    def _make_ideas(self) -> Card:
        look = self._look
        card = Card(look, _("Ideas para vender más"), "lightbulb")
        persona = describe_segment(self._segment)
        for idea in (*persona.operations, *persona.marketing):
            row = QHBoxLayout()
            row.setSpacing(look.px(10))
            row.addWidget(Icon(look, "circle-check", "brand", 16), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(look, idea, 14, 400, wrap=True), 1)
            card.body.addLayout(row)
        return card

    def _make_shares(self, title: str, symbol: str, rows: list[tuple[str, float]]) -> Card:
        card = Card(self._look, title, symbol)
        card.body.addWidget(ShareRows(self._look, rows))
        card.body.addStretch(1)
        return card

    def _categories(self) -> list[tuple[str, float]]:
        return [(text.category_name(category), share) for category, share in self._segment.top_categories]

    def _payments(self) -> list[tuple[str, float]]:
        return [(text.payment_name(kind), share) for kind, share in self._segment.payment_preferences[:5]]
