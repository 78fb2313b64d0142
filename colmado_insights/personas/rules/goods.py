"""What can be done tomorrow with each family of goods: for who buys little, for who buys much, and to be ready.

Alcohol is never pushed: what is offered is the food that goes with it. Tobacco is not offered at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from colmado_insights import text
from colmado_insights.domain import Category
from colmado_insights.text import N_


@dataclass(frozen=True)
class Goods:
    """What to do with one family; `{share}` is what of their money goes there, `{hour}` their first busy hour."""

    small: str  # to offer with purchases smaller than the shop's; empty: nothing
    large: str  # with larger ones
    ready: str  # to have done before they come
    can_add: bool = True  # may be offered to who came for something else


GOODS: Mapping[Category, Goods] = {
    Category.ALCOHOL: Goods(
        small=N_(
            "El {share} de su dinero va en cerveza y ron: cuelga junto a la nevera la picadera y el hielo, que es lo que les puedes ofrecer de más."
        ),
        large=N_(
            "El {share} de su dinero va en cerveza y ron: arma un paquete para compartir, con hielo, vasos, refresco y picadera a un solo precio."
        ),
        ready=N_(
            "Deja las neveras llenas y el hielo guardado antes de las {hour}, con los envases contados."
        ),
        can_add=False,
    ),
    Category.STAPLES: Goods(
        small=N_(
            "El {share} de su dinero va en víveres secos: vende arroz, habichuela y aceite en la medida de una sola comida, con el precio puesto."
        ),
        large=N_(
            "El {share} de su dinero va en víveres secos: arma la funda de la semana, con arroz, habichuela, aceite y pasta a un solo precio."
        ),
        ready=N_("Pesa y amarra las funditas de arroz, azúcar y habichuela antes de las {hour}."),
    ),
    Category.BAKERY: Goods(
        small=N_(
            "El {share} de su dinero va en pan y lácteos: vende el desayuno armado, pan con queso y leche, a un solo precio."
        ),
        large=N_(
            "El {share} de su dinero va en pan y lácteos: ofrece el cartón de huevos y el paquete de pan entero en vez de la unidad."
        ),
        ready=N_("Que el pan, el queso ya picado y la leche fría estén en el mostrador antes de las {hour}."),
    ),
    Category.HOUSEHOLD: Goods(
        small=N_(
            "El {share} de su dinero va en limpieza: ten cloro, jabón y detergente también en tamaño chiquito o por medida, con el precio a la vista."
        ),
        large=N_(
            "El {share} de su dinero va en limpieza: amarra cloro, detergente y suavizante en un paquete de lavar, a un solo precio."
        ),
        ready=N_("Rellena el tramo de limpieza antes de las {hour}, con el precio escrito en cada fila."),
    ),
    Category.SNACKS: Goods(
        small=N_(
            "El {share} de su dinero va en picadera: ponla a la altura de la mano, con precios redondos que se paguen con una moneda."
        ),
        large=N_(
            "El {share} de su dinero va en picadera: arma fundas surtidas para compartir y cuélgalas donde se vean al entrar."
        ),
        ready=N_("Cuelga las tiras de picadera y galleticas antes de las {hour}, las que más salen delante."),
    ),
    Category.BEVERAGES: Goods(
        small=N_(
            "El {share} de su dinero va en refrescos y jugos: haz un combo de refresco frío con galleta o pan, a un precio redondo."
        ),
        large=N_(
            "El {share} de su dinero va en refrescos y jugos: ofrece la botella familiar en vez de varias chiquitas."
        ),
        ready=N_("Llena la nevera de refrescos, jugos y agua con tiempo, para que estén fríos a las {hour}."),
    ),
    Category.FRESH: Goods(
        small=N_(
            "El {share} de su dinero va en frutas y vegetales: escribe en la pizarra lo que llegó hoy y véndelo por unidad."
        ),
        large=N_(
            "El {share} de su dinero va en frutas y vegetales: arma la funda del sancocho o de la ensalada, a un solo precio."
        ),
        ready=N_("Escoge los vegetales y aparta lo maduro para venderlo hoy, antes de las {hour}."),
    ),
    Category.MEAT: Goods(
        small=N_(
            "El {share} de su dinero va en carnes y embutidos: ten el salami y el pollo picados en los montos que más te piden."
        ),
        large=N_(
            "El {share} de su dinero va en carnes y embutidos: pon a la vista el precio de la libra y del salami entero."
        ),
        ready=N_("Pica y pesa el salami y el pollo antes de las {hour}, que nadie espere por el cuchillo."),
    ),
    Category.PERSONAL_CARE: Goods(
        small=N_(
            "El {share} de su dinero va en cuidado personal: pon los sobrecitos y las unidades sueltas donde se vean desde la puerta."
        ),
        large=N_(
            "El {share} de su dinero va en cuidado personal: junta jabón, pasta y desodorante en un paquete para toda la familia."
        ),
        ready=N_("Ten pañales, toallas y papel al alcance de tu mano antes de las {hour}."),
    ),
    Category.RECHARGES: Goods(
        small=N_(
            "El {share} de su dinero va en recargas, que dejan poco: mientras entra la recarga, ofrece agua fría o algo de picar."
        ),
        large=N_(
            "El {share} de su dinero va en recargas, que dejan poco: pregunta qué más llevan para la casa mientras entra."
        ),
        ready=N_("Revisa el saldo para recargas y la señal antes de las {hour}."),
        can_add=False,
    ),
    Category.TOBACCO: Goods(
        small="",
        large="",
        ready=N_(
            "Guarda los cigarrillos detrás del mostrador y pide cédula: son el {share} de lo que gastan."
        ),
        can_add=False,
    ),
    Category.OTHER: Goods(
        small="",
        large="",
        ready=N_(
            "El {share} de lo que gastan está sin nombre en la caja: márcalo con su nombre, que así sabrás qué reponer."
        ),
        can_add=False,
    ),
}


def say_goods(category: Category) -> str:
    """Pan y lácteos within a sentence: pan y lácteos."""
    return text.category_name(category).lower()
