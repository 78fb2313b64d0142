"""The language in use: Spanish is what the program is written in, English a gettext catalogue."""

from __future__ import annotations

import gettext

_catalogues: dict[str, gettext.NullTranslations] = {"es": gettext.NullTranslations()}
_language = "es"


def N_(message: str) -> str:
    """Mark a message for translation without translating it yet."""
    return message


def _(message: str) -> str:
    """The message in the language in use."""
    return _catalogues[_language].gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The singular or plural form in the language in use."""
    return _catalogues[_language].ngettext(one, many, count)


def language() -> str:
    """The language in use, `es` or `en`."""
    return _language


def use_language(code: str, catalogue: gettext.NullTranslations | None = None) -> None:
    """Switch the program's language; `catalogue` is needed once for a language other than Spanish."""
    global _language
    if catalogue is not None:
        _catalogues[code] = catalogue
    _language = code if code in _catalogues else "es"
