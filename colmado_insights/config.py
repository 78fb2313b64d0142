"""Where things lie, and every setting declared once: type, default, check and words."""

from __future__ import annotations

import dataclasses
import getpass
import gettext
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import platformdirs

from colmado_insights import text
from colmado_insights.errors import DiskFull
from colmado_insights.files import patiently, write_json
from colmado_insights.text import N_, _

log = logging.getLogger(__name__)

APP = "ColmadoInsights"
LANGUAGES = ("es", "en")
THEMES = ("light", "dark", "system")
PORTABLE = "portable.txt"
"""Beside the built program: all that it keeps lies there too, as on a stick that goes from PC to PC."""
RELEASE_FILE = re.compile(
    rf"{APP}-(?P<version>[0-9][0-9A-Za-z.]{{0,39}})-(?P<kind>setup|portable|linux-x86_64)(?: ?\([0-9]{{1,3}}\))?"
    r"(?P<suffix>\.exe|\.zip|\.tar\.xz)", re.IGNORECASE
)  # fmt: skip


def _roots() -> list[Path]:
    """Where what comes along with the program may lie: in the built one, in a source tree or in a wheel."""
    here = Path(__file__).resolve().parent
    bundled = getattr(sys, "_MEIPASS", None)
    return [Path(bundled)] if bundled else [here.parent, here]


def _find(*names: str) -> Path | None:
    """The first of these files that came along."""
    return next((path for root in _roots() for name in names if (path := root / name).exists()), None)


def resource(name: str) -> Path:
    """Path of a file in resources/."""
    if path := _find(f"resources/{name}"):
        return path
    raise FileNotFoundError(f"resources/{name}")


def guide() -> Path | None:
    """The shopkeeper's guide: as the program brings it along, or as it lies in a source tree."""
    return _find("guide/guia.html", "docs/guia.md")


def changelog(language: str) -> Path | None:
    """What each version brought, in that language if it was written."""
    return _find(f"CHANGELOG.{language}.md", "CHANGELOG.md")


def is_release_file(name: str) -> bool:
    """True for what this program's own versions are published as; a browser may have added "(1)"."""
    return RELEASE_FILE.fullmatch(name) is not None


def use_language(code: str) -> None:
    """Switch the program's words to a language; Spanish needs no catalogue."""
    if code == "es":
        text.use_language(code)
        return
    with resource(f"locale/{code}/LC_MESSAGES/colmado.mo").open("rb") as file:
        text.use_language(code, gettext.GNUTranslations(file))


def asked_language(args: Sequence[str]) -> str:
    """The language that `--lang` names, else that of this PC; known before anything can be wrong with the rest."""
    said = [value for name, value in pairwise(args) if name == "--lang"]
    said += [arg.removeprefix("--lang=") for arg in args if arg.startswith("--lang=")]
    known = [language for language in said if language in LANGUAGES]
    return known[-1] if known else Settings().with_values(read_machine_settings()).language


def use_library_language(library: str, code: str) -> None:
    """Switch the own words of the library that reads the command line, which asks gettext for them."""
    os.environ["LANGUAGE"] = code
    gettext.bindtextdomain(library, resource("locale"))
    gettext.textdomain(library)


def user_name() -> str:
    """Who is at this PC, as the operating system knows them; nobody where it does not."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def program_folder() -> Path | None:
    """Where the built program lies; None when it runs from its source."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else None


def on_windows() -> bool:
    """Whether this is Windows, where programs are installed."""
    return sys.platform == "win32"


def is_portable() -> bool:
    """Whether the built program goes from PC to PC in its folder, and is not installed."""
    folder = program_folder()
    return folder is not None and (folder / PORTABLE).is_file()


def portable_folder() -> Path | None:
    """The program's own folder when all it keeps lies there too."""
    return program_folder() if is_portable() and not os.environ.get("COLMADO_HOME") else None


def data_folder() -> Path:
    """The user's own data folder; `COLMADO_HOME` moves everything elsewhere, `portable.txt` beside the program."""
    if moved := os.environ.get("COLMADO_HOME"):
        return Path(moved)
    portable = portable_folder()
    return portable / "datos" if portable else platformdirs.user_data_path(APP, appauthor=False)


def keep_matplotlib_at_home() -> None:
    """Have the built program's list of the PC's typefaces lie with its data, not in the user's own folders."""
    if program_folder() is not None:
        os.environ.setdefault("MPLCONFIGDIR", str(data_folder() / "matplotlib"))


def open_data_folder() -> Path:
    """The data folder, made when it is missing, and tried: a program that can keep nothing must not start.

    Raises
    ------
    DiskFull
        It cannot be written.
    """
    folder = data_folder()
    probe = folder / f".{os.getpid()}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as exc:
        what = _("No se puede escribir en «{folder}», donde van tus datos; lo que ya había ahí está intacto.")
        todo = (
            _("Copia la carpeta del programa a un disco en el que se pueda escribir y ábrelo desde ahí.")
            if portable_folder()
            else _("Mira que haya espacio en el disco y permiso para escribir en esa carpeta.")
        )
        raise DiskFull(what.format(folder=folder), todo) from exc
    return folder


def default_database() -> Path:
    """The database used when none is named."""
    return data_folder() / "colmado.db"


def reports_folder() -> Path:
    """Where reports go when no file is named: the user's documents, where a shopkeeper looks."""
    if os.environ.get("COLMADO_HOME"):
        return data_folder() / "reports"
    if portable := portable_folder():
        return portable / "reportes"
    return platformdirs.user_documents_path() / "Colmado Insights"


def downloads_folder() -> Path:
    """Where the user's browser leaves what it brings."""
    if os.environ.get("COLMADO_HOME"):
        return data_folder() / "downloads"
    return platformdirs.user_downloads_path()


def _setting(
    default: Any, label: str, check: Callable[[Any], bool], *, machine: bool = False, unit: str = ""
) -> Any:
    """Declare one setting. `machine` ones live in a file of this PC, the others in the database."""
    return field(
        default=default,
        metadata={"label": label, "check": check, "machine": machine, "unit": unit},
    )


def _between(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _one_of(*choices: str) -> Callable[[Any], bool]:
    return lambda value: value in choices


def _are_days(value: Any) -> bool:
    return (
        isinstance(value, tuple) and value != () and all(isinstance(d, int) and 1 <= d <= 31 for d in value)
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9][\w.:-]{0,80}", value) is not None


def _is_safe_url(value: Any) -> bool:
    """An address whose talk nobody can overhear: TLS, or a program of this PC."""
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return False
    is_here = parts.scheme == "http" and host in ("127.0.0.1", "localhost")
    return bool(host) and (parts.scheme == "https" or is_here) and "@" not in parts.netloc


def _is_safe_url_or_none(value: Any) -> bool:
    return value == "" or _is_safe_url(value)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


@dataclass(frozen=True)
class Settings:
    """All settings; one field is one setting.

    To add a setting: add a field here. The settings page, the CLI and the two stores follow.
    """

    shop_name: str = _setting(
        "Mi colmado", N_("Nombre del colmado"), lambda v: isinstance(v, str) and 0 < len(v) <= 60
    )
    pay_days: tuple[int, ...] = _setting((15, 30), N_("Días de cobro"), _are_days)
    pay_on_bank_day: bool = _setting(
        False, N_("Si cae en fin de semana o feriado, se cobra el día laborable anterior"), _is_flag
    )
    small_basket_cents: int = _setting(100_00, N_("Compra pequeña: menos de"), _between(0, 10**9), unit="RD$")
    large_basket_cents: int = _setting(500_00, N_("Compra grande: más de"), _between(0, 10**9), unit="RD$")
    segment_window_days: int = _setting(30, N_("Ventana de los segmentos"), _between(7, 366), unit=N_("días"))
    price_grid_pesos: int = _setting(
        5, N_("Los precios terminan en múltiplos de (los de menos de cuatro veces eso, en pesos enteros)"),
        _between(1, 100), unit="RD$",
    )  # fmt: skip
    alcohol_from_hour: int = _setting(8, N_("Se vende alcohol desde las"), _between(0, 23), unit="h")
    alcohol_until_hour: int = _setting(
        24, N_("De domingo a jueves se vende alcohol hasta las"), _between(12, 32), unit="h"
    )
    alcohol_until_hour_late: int = _setting(
        26,
        N_("Viernes y sábado (26 son las 2 de la madrugada) se vende alcohol hasta las"),
        _between(12, 32),
        unit="h",
    )
    alcohol_on_good_friday: bool = _setting(False, N_("Se vende alcohol el Viernes Santo"), _is_flag)
    push_notices: bool = _setting(
        True,
        N_("Avisar en la pantalla lo más importante, tres veces al día como mucho"),
        _is_flag,
        machine=True,
    )
    watch_folder: str = _setting("", N_("Carpeta donde la caja deja sus archivos"), _is_text, machine=True)
    till_file: str = _setting("", N_("Base de datos de la caja (Aronium pos.db)"), _is_text, machine=True)
    web_till: bool = _setting(
        False, N_("Recibir las ventas de la caja web de esta PC"), _is_flag, machine=True
    )
    web_port: int = _setting(8765, N_("Puerto"), _between(1024, 65535), machine=True)
    web_token: str = _setting("", N_("Llave que la caja web debe mandar"), _is_text, machine=True)
    web_origin: str = _setting("", N_("Página de la caja web (https://…)"), _is_text, machine=True)
    grok_model: str = _setting("grok-3", N_("Modelo de Grok"), _is_name, machine=True)
    grok_url: str = _setting(
        "https://api.x.ai/v1", N_("Dirección del servicio de Grok"), _is_safe_url, machine=True
    )
    grok_limit_cents: int = _setting(
        5_00, N_("Lo más que Grok puede gastar al mes"), _between(0, 50_00), machine=True, unit="US$"
    )
    grok_prompt: str = _setting("plain", N_("Manera de preguntarle a Grok"), _is_name, machine=True)
    grok_daily: bool = _setting(
        False, N_("Cada noche, pedirle a Grok palabras sobre los segmentos que cambiaron"), _is_flag,
        machine=True,
    )  # fmt: skip
    look_for_updates: bool = _setting(
        False, N_("Buscar versiones nuevas en internet, una vez al día"), _is_flag, machine=True
    )
    releases_url: str = _setting(
        "", N_("Dirección de las versiones nuevas"), _is_safe_url_or_none, machine=True
    )
    language: str = _setting("es", N_("Idioma"), _one_of(*LANGUAGES), machine=True)
    theme: str = _setting("light", N_("Tema"), _one_of(*THEMES), machine=True)
    text_percent: int = _setting(100, N_("Tamaño del texto"), _between(80, 200), machine=True, unit="%")

    def with_values(self, values: Mapping[str, Any]) -> Self:
        """A copy with `values`; a bad value keeps the present one and is logged, unknown keys are ignored."""
        known = {f.name: f for f in dataclasses.fields(self)}
        good: dict[str, Any] = {}
        for name, value in values.items():
            if name not in known:
                continue
            value = tuple(value) if isinstance(value, list) else value
            if known[name].metadata["check"](value):
                good[name] = value
            else:
                log.warning("setting %s has a value that cannot be used; the default stays", name)
        return dataclasses.replace(self, **good)

    def part(self, *, machine: bool) -> dict[str, Any]:
        """The machine's settings, or the shop's, as plain JSON values."""
        return {
            f.name: getattr(self, f.name)
            for f in dataclasses.fields(self)
            if f.metadata["machine"] == machine
        }


def machine_file() -> Path:
    """The file of the settings that belong to this PC."""
    return data_folder() / "settings.json"


def read_machine_settings() -> dict[str, Any]:
    """The machine's settings as kept; an unreadable file counts as empty and is logged."""
    try:
        kept = json.loads(patiently(machine_file().read_bytes))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        log.warning("the settings file could not be read; defaults are used")
        return {}
    return kept if isinstance(kept, dict) else {}


def write_machine_settings(settings: Settings) -> None:
    """Keep the machine's settings atomically; keys of other versions stay."""
    write_json(machine_file(), read_machine_settings() | settings.part(machine=True))


def releases_url(settings: Settings) -> str:
    """Where newer versions are announced: the owner's address, or the one built in; "" when there is none."""
    if settings.releases_url:
        return settings.releases_url
    try:
        built_in = resource("releases.txt").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
    return built_in if _is_safe_url(built_in) else ""
