"""Every colour of the program, declared once: the window, the charts, Excel and the PDF take them here."""

from __future__ import annotations

from dataclasses import dataclass

OKABE_ITO: tuple[str, ...] = (
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
"""Series colours after our own: told apart by colour-blind eyes (Okabe & Ito 2008)."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, by what they are for."""

    name: str
    bg: str  # the window's ground
    surface: str  # a card
    raised: str  # an inset on a card
    line: str  # borders and grid lines
    ink: str  # text
    soft: str  # labels
    faint: str  # axes and ages
    brand: str  # our line, selection, links
    brand_soft: str
    on_brand: str  # text on brand
    accent: str  # what asks for attention; pay days
    accent_soft: str
    good: str  # better, always with a sign or a word
    good_soft: str
    bad: str  # worse, always with a sign or a word
    bad_soft: str
    bar: str  # a bar that is not a peak
    band: str  # what is normal: 8 of 10 days
    band_wide: str  # 19 of 20 days
    rail: str
    rail_selected: str
    rail_text: str
    rail_ink: str  # the selected word on the rail
    rail_mark: str  # the shop's mark on the rail

    @property
    def is_dark(self) -> bool:
        """True for the dark theme."""
        return self.name == "dark"

    @property
    def series(self) -> tuple[str, ...]:
        """Chart series in order: brand first, then Okabe-Ito."""
        return (self.brand, *OKABE_ITO)


LIGHT = Palette(
    name="light",
    bg="#F6F4EF",
    surface="#FFFFFF",
    raised="#FBFAF7",
    line="#E4E0D6",
    ink="#1E2A2F",
    soft="#5B6A70",
    faint="#657176",
    brand="#0B5C6B",
    brand_soft="#E1EFF1",
    on_brand="#FFFFFF",
    accent="#AD5008",
    accent_soft="#FBEBDD",
    good="#1B7A4B",
    good_soft="#E2F2E9",
    bad="#B3261E",
    bad_soft="#FBE4E2",
    bar="#A9C6CB",
    band="#ADC8CE",
    band_wide="#DCE8EA",
    rail="#0A3F4A",
    rail_selected="#14616F",
    rail_text="#D5E6E9",
    rail_ink="#FFFFFF",
    rail_mark="#F2A65A",
)

DARK = Palette(
    name="dark",
    bg="#101618",
    surface="#182023",
    raised="#1D272A",
    line="#2C393D",
    ink="#E9EEEF",
    soft="#A9B7BB",
    faint="#8D9BA0",
    brand="#5CC3D3",
    brand_soft="#16343A",
    on_brand="#0B1B1F",
    accent="#F2A65A",
    accent_soft="#3A2A18",
    good="#6FCF97",
    good_soft="#17322A",
    bad="#FF8A80",
    bad_soft="#3D1F1E",
    bar="#2F565E",
    band="#27505A",
    band_wide="#1D363C",
    rail="#0B1B1F",
    rail_selected="#17383F",
    rail_text="#B9CDD1",
    rail_ink="#FFFFFF",
    rail_mark="#F2A65A",
)

PALETTES: dict[str, Palette] = {palette.name: palette for palette in (LIGHT, DARK)}
