"""Help (F1): what each page answers, and the keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from colmado_insights import config
from colmado_insights.text import N_, _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.label import label

Rows = Sequence[tuple[str, str]]

PAGE_HELP: Rows = (
    (
        N_("Inicio"),
        N_("Cómo va el día contra un día normal igual a este, qué pasa ahora y qué conviene hacer."),
    ),
    (
        N_("Qué hacer"),
        N_(
            "Todos los consejos, primero lo que más deja. Di si lo hiciste o si ahora no: a las dos semanas te dice"
            " qué trajo de verdad, y todo se puede deshacer."
        ),
    ),
    (
        N_("Preguntar"),
        N_(
            "Escribe una pregunta como la dirías, y sale la respuesta de tus ventas con sus números. Al lado, tu"
            " semana en palabras. La flecha hacia arriba trae lo que ya preguntaste; con Ctrl+K preguntas desde"
            " cualquier página."
        ),
    ),
    (
        N_("Segmentos"),
        N_(
            "Quién compra: por hora, por tamaño de la compra, por gusto y en grupos que se descubren solos."
            " Abre uno para ver su perfil, qué hacer, y ponerlo al lado de otro."
        ),
    ),
    (
        N_("Clientes"),
        N_(
            "A quién conoces por su nombre: cuánto dejará, quién se está yendo, a quién le toca qué, y un mensaje"
            " para recuperarlo. Abre uno para verlo todo de él. Quien dice que no, solo tiene sumas."
        ),
    ),
    (
        N_("Patrones"),
        N_("A qué horas viene la gente, cuánto pesa el día de cobro, y los días y fechas que se salen."),
    ),
    (N_("Pronóstico"), N_("Lo que se venderá los próximos días, por qué, y qué tan bien se acertó antes.")),
    (
        N_("Productos"),
        N_(
            "Qué es, cuánto cuesta y a cómo se vende cada cosa; corrige categorías y junta los repetidos. Arriba:"
            " cuáles pesan, qué deja cada familia, qué duerme y qué se acaba. Doble clic abre uno: prueba otro"
            " precio, escribe su costo y cuánto queda, y mira qué va con él."
        ),
    ),
    (
        N_("Precios"),
        N_(
            "Qué precios conviene subir o bajar y cuánto traería, los costos que subieron sin que subiera el precio,"
            " y qué le falta a cada producto para poder decirlo."
        ),
    ),
    (
        N_("Canastas"),
        N_(
            "Qué se llevan junto y a quién ofrecerle qué, los combos que convienen, lo que sube y baja de verdad y"
            " lo que viene. En Prueba eliges uno o dos productos y sale qué ofrecer."
        ),
    ),
    (N_("Importar"), N_("Trae el archivo de tu caja. Lo repetido no se duplica y todo se puede deshacer.")),
    (N_("Reportes"), N_("El día y los segmentos en Excel o PDF.")),
    (
        N_("Ajustes"),
        N_(
            "El nombre, los días de cobro, el idioma, los colores y el tamaño de la letra. Ahí también está Grok y"
            " privacidad: qué puede salir a internet, que al principio es nada, y cuánto puede costar."
        ),
    ),
)
KEYS: Rows = (
    ("Ctrl+1 … Ctrl+9, Ctrl+0", N_("ir a una de las diez primeras páginas")),
    ("Ctrl+,", N_("ir a Ajustes")),
    ("Ctrl+K", N_("buscar páginas, segmentos, clientes y acciones, o preguntarle al colmado")),
    ("Ctrl+I", N_("traer archivos")),
    ("Ctrl+P", N_("guardar la página como PDF")),
    ("Ctrl+F", N_("buscar en la lista de clientes o de productos")),
    ("Alt+← Alt+→", N_("en un segmento, un cliente o un producto, el anterior o el siguiente")),
    ("F5", N_("leer de nuevo")),
    ("F1", N_("esta ayuda")),
    ("Esc", N_("cerrar, o volver a Inicio")),
)
PANEL_HELP: Rows = (
    (N_("Arriba"), N_("Cuánta gente hay contra lo normal a esta hora. La raya marca lo normal.")),
    (N_("Van a pedir"), N_("Lo que más se lleva la gente a esta hora: tenlo a mano.")),
    (N_("Ofrece"), N_("Una cosa que combina con lo que llevan. Di si lo llevó o no.")),
)


class Help(QDialog):
    """A page of words in two columns."""

    def __init__(self, look: Look, title: str, sections: Sequence[Rows], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        inside = QWidget()
        inside.setProperty("ground", "none")
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(look.px(12))
        box.addWidget(label(look, title, 19, 600))
        for rows in sections:
            box.addWidget(_make_section(look, rows))
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*(look.px(18) for _side in range(4)))
        outer.addWidget(area, 1)
        foot = QHBoxLayout()
        if guide := config.guide():
            open_guide = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(guide)))
            foot.addWidget(button(look, _("Abrir la guía"), open_guide, symbol="file-text"))
        foot.addStretch(1)
        foot.addWidget(button(look, _("Cerrar"), self.close, kind="primary"))
        outer.addLayout(foot)
        room = parent.screen().availableSize()
        self.resize(min(look.px(620), room.width() - 40), min(look.px(600), room.height() - 80))


def _make_section(look: Look, rows: Rows) -> Card:
    card = Card(look)
    grid = QGridLayout()
    grid.setHorizontalSpacing(look.px(16))
    grid.setVerticalSpacing(look.px(6))
    grid.setColumnStretch(1, 1)
    for place, (name, words) in enumerate(rows):
        grid.addWidget(label(look, _(name), 14, 600), place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(look, _(words), 14, 400, "soft", wrap=True), place, 1)
    card.body.addLayout(grid)
    return card
