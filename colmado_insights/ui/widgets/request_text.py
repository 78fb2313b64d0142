"""A request to Grok as it would leave: first easy to read, one click away to the letter."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.exact_text import ExactText
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.switch_place import SwitchPlace

EASY, EXACT = range(2)


class RequestText(QWidget):
    """Shows one request whole in either view, and says which of both stands."""

    def __init__(self, look: Look, height: int = 160) -> None:
        super().__init__()
        self._body = ""
        self.views = Segmented(look, (_("Más fácil de leer"), _("Exacto")))
        self.views.setAccessibleName(_("Cómo se ve"))
        self.views.chosen.connect(lambda _index: self._show())
        self._caption = label(look, "", 12.5, 400, "soft", wrap=True)
        self.box = ExactText(look, _("Lo que se manda"), height)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(6))
        column.addWidget(SwitchPlace(look, self.views))
        column.addWidget(self.box, 1)
        column.addWidget(self._caption, 0, Qt.AlignmentFlag.AlignTop)
        self._show()

    @property
    def words(self) -> str:
        """What can be read now."""
        return self.box.toPlainText()

    def show_request(self, body: str) -> None:
        """Take another request; none at all is an empty text."""
        self._body = body
        self._show()

    def show_view(self, view: int) -> None:
        """Show it `EASY` or `EXACT`."""
        self.views.set_index(view)
        self._show()

    def _show(self) -> None:
        is_exact = self.views.index == EXACT
        self.box.show_text(self._body if is_exact else easy_words(self._body))
        self._caption.setText(
            _("Así mismo sale, letra por letra.")
            if is_exact
            else _(
                "Es todo lo que sale, en renglones y con los datos primero. Letra por letra está en «Exacto»."
            )
        )
        self._caption.setVisible(bool(self._body))


def easy_words(body: str) -> str:
    """The same request in lines, the shop's data on top; what is no such request as it is."""
    try:
        values = json.loads(body)
        messages = [(each["role"], each["content"]) for each in values.pop("messages")]
    except (ValueError, TypeError, KeyError, AttributeError):
        return body
    titles = {"system": _("Lo que se le pide"), "user": _("Los datos")}
    messages.sort(key=lambda each: each[0] != "user")
    parts = [f"── {titles.get(role, role)} ──\n{_spread(content)}" for role, content in messages]
    return "\n\n".join((*parts, f"── {_('Cómo debe contestar')} ──\n{_listed(values)}"))


def _spread(content: str) -> str:
    """A text with the data in it, if there is any, line by line."""
    start, end = content.find("{"), content.rfind("}") + 1
    try:
        return f"{content[:start]}\n{_listed(json.loads(content[start:end]))}\n{content[end:]}"
    except ValueError:
        return content


def _listed(value: object, indent: str = "") -> str:
    """A line for each name and each row."""
    if isinstance(value, dict):
        lines = []
        for name, inner in value.items():
            is_deep = isinstance(inner, dict) or (isinstance(inner, list) and any(map(_is_deep, inner)))
            words = f"\n{_listed(inner, indent + '    ')}" if is_deep else f" {_listed(inner)}"
            lines.append(f"{indent}{name}:{words}")
        return "\n".join(lines)
    if isinstance(value, list) and any(map(_is_deep, value)):
        return "\n".join(f"{indent}- {_listed(each)}" for each in value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _is_deep(value: object) -> bool:
    return isinstance(value, dict | list)
