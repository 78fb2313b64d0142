"""Make the pictures of the documents anew, by the program itself (`poe pictures [NAME…]`).

A shop of a fixed moment, in an empty home that is thrown away afterwards: first with nothing in it, then with the
sample's sales, then with a stand-in for Grok on this PC, which answers with words written here. Nothing goes out. Each
picture is made light and dark; no folder of this machine is to be read in any.
"""

from __future__ import annotations

import dataclasses
import io
import os
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import keyring
from keyring.backend import KeyringBackend
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QLocale
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from colmado_insights import config, sample_shop
from colmado_insights.analytics.results import SegmentType
from colmado_insights.analytics.segments import SEGMENT_IDS
from colmado_insights.config import Settings
from colmado_insights.domain import Arm, Consent, Topic, wall_seconds
from colmado_insights.progress import Progress
from colmado_insights.shop import Shop
from colmado_insights.storage import backup
from colmado_insights.storage.database import Database
from colmado_insights.ui.dialogs.grok_consent import GrokConsent
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages import customers, products
from colmado_insights.ui.style import Look, load_fonts
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.walk import wait_until_calm
from colmado_insights.ui.widgets.version_bar import VersionBar
from colmado_insights.updates import Version
from tasks.guide import DARK_SUFFIX
from tests.grok_server import GrokServer, Handler, answer

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
SIZE = (1366, 768)
MOMENT = datetime(2026, 11, 20, 18, 30)
OWNER = "Rafaela"
HOME_SHOWN = rf"C:\Users\{OWNER}\AppData\Local\ColmadoInsights"
REPORTS_SHOWN = rf"C:\Users\{OWNER}\Documents\Colmado Insights"
"""The folders that a picture tells: a believable owner's, never this machine's."""


@dataclass
class Stage:
    """The window that is looked at, and what it needs to come to rest."""

    home: Path
    shop: Shop
    tasks: Tasks
    window: MainWindow

    def page(self, name: str) -> Any:
        """The page of that name, at rest and read from its beginning."""
        page = self.window.open_page(name)
        self.calm()
        page.stand_at(0)
        return page

    def read_anew(self) -> None:
        """Let every page know that the shop has changed behind it."""
        for page in self.window.pages.values():
            page.take_change(page.NEEDS)
        self.calm()

    def calm(self) -> None:
        """Wait until nothing works any more; twice, as a PC with much to do may sleep through once."""
        wait_until_calm(self.tasks)
        wait_until_calm(self.tasks)


Scene = Callable[[Stage], QWidget]


def page(name: str, show: Callable[[Any], object] | None = None) -> Scene:
    """The window with a page, after `show` has chosen what of it stands."""

    def see(stage: Stage) -> QWidget:
        standing = stage.page(name)
        if show is not None:
            show(standing)
            stage.calm()
        return stage.window

    return see


# ── the scenes, in the three states of the shop ──


def see_preview(stage: Stage) -> QWidget:
    """What a till's two files would bring in."""
    stage.page("imports").bring_files(sorted(stage.home.glob("caja/*.csv")))
    stage.calm()
    return stage.window


def see_columns(stage: Stage) -> QWidget:
    """The same files, with their columns to correct."""
    see_preview(stage)
    next(iter(stage.page("imports").waiting.cards.values())).open_editor()
    stage.calm()
    return stage.window


def see_answers(stage: Stage) -> QWidget:
    """Two questions with their answers."""
    asking = stage.page("ask")
    for question in ("¿cuánto vendí de cerveza el domingo?", "¿qué se me está acabando?"):
        asking.ask(question)
        stage.calm()
    return stage.window


def see_customer(stage: Stage) -> QWidget:
    """Who came most of those who agreed to be written to."""
    known = [each for each in stage.shop.read_customers(MOMENT.date()) if each.consent is Consent.YES]
    best = max(known, key=lambda each: each.receipts)
    return page("customer", lambda standing: standing.show_customer(best.customer_id))(stage)


def see_consent(stage: Stage) -> QWidget:
    """The question before anything may leave."""
    preview = stage.shop.preview_words(Topic.SEGMENT, SEGMENT_IDS[0], MOMENT.date(), MOMENT)
    return _opened(stage, GrokConsent(stage.window.context.look, stage.window, preview, "Mañaneros"))


def see_version(stage: Stage) -> QWidget:
    """Home, with the line that tells of a newer version."""
    stage.page("home")
    bar = stage.window.findChild(VersionBar)
    bar.say_offer(Version(0, 2, 0), *(3 * [lambda: None]))
    stage.calm()
    return stage.window


def see_help(stage: Stage) -> QWidget:
    """The help of the window."""
    return _opened(stage, stage.window.open_help())


def see_search(stage: Stage) -> QWidget:
    """The quick list."""
    found = stage.window.open_search()
    found.line.setText("cerveza")
    return _opened(stage, found)


def see_panel(stage: Stage) -> QWidget:
    """The cashier's panel."""
    panel = stage.window.open_panel()
    stage.calm()
    return panel


def _opened(stage: Stage, dialog: QWidget) -> QWidget:
    dialog.show()
    stage.calm()
    return dialog


EMPTY: dict[str, Scene] = {
    "primera-vez": page("home"),
    "importar-vista-previa": see_preview,
    "importar-columnas": see_columns,
}
SCENES: dict[str, Scene] = {
    "inicio": page("home"),
    "que-hacer": page("actions"),
    "preguntar": see_answers,
    "segmentos": page("segments"),
    "descubiertos": page("segments", lambda standing: standing.show_kind(SegmentType.LEARNED)),
    "clientes": page("customers", lambda standing: standing.show_tab(customers.ALL)),
    "clientes-en-riesgo": page("customers", lambda standing: standing.show_tab(customers.RISK)),
    "clientes-segmentos": page("customers", lambda standing: standing.show_tab(customers.SEGMENTS)),
    "cliente": see_customer,
    "patrones": page("patterns"),
    "pronostico": page("forecast"),
    "modelos": page("models"),
    "productos": page("products", lambda standing: standing.show_view(products.LIST)),
    "margenes": page("products", lambda standing: standing.show_view(products.MARGINS)),
    "producto": page("product"),
    "precios": page("prices"),
    "canastas": page("baskets"),
    "importar": page("imports"),
    "calidad": page("quality"),
    "reportes": page("reports"),
    "ajustes": page("settings"),
    "grok-apagado": page("grok"),
    "permiso": see_consent,
    "version-nueva": see_version,
    "caja": see_panel,
    "ayuda": see_help,
    "buscar": see_search,
}
WITH_GROK: dict[str, Scene] = {
    "segmento": page("segment", lambda standing: standing.show_segment(SEGMENT_IDS[0])),
    "grok": page("grok"),
    "pruebas": page("experiments"),
}
REPORTS = {"reporte-imagen": "day"}
"""Reports as pictures for WhatsApp, by the name of the picture: paper is white, by day and by night."""


# ── taking them ──


def main(names: Sequence[str]) -> int:
    """Make all pictures, or those named."""
    known = {*EMPTY, *SCENES, *WITH_GROK, *REPORTS}
    if unknown := set(names) - known:
        print(f"no picture is named {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
        return 2
    wanted = set(names) or known
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["LOGNAME"] = OWNER
    os.environ.pop("XAI_API_KEY", None)
    keyring.set_keyring(Drawer())
    with tempfile.TemporaryDirectory(prefix="pictures-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "ColmadoInsights"
        os.environ["COLMADO_HOME"] = str(home)
        with open_stage(home) as stage:
            for prepare, scenes in ((lay_out_files, EMPTY), (fill, SCENES), (ask_grok, WITH_GROK)):
                if wanted:  # a state stands on the one before
                    prepare(stage)
                    take(stage, scenes, wanted)
                if scenes is SCENES:
                    take_reports(stage, wanted)
                    wanted -= REPORTS.keys()
                wanted -= scenes.keys()
    sizes = [path.stat().st_size for path in FOLDER.glob("*.png")]
    print(f"docs/pictures: {len(sizes)} pictures, {sum(sizes) / 1e6:.1f} MB")
    return 0


@contextmanager
def open_stage(home: Path) -> Iterator[Stage]:
    """The program's window over an empty shop at that moment; closed at the end."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    QLocale.setDefault(QLocale("es_DO"))
    config.use_language("es")
    load_fonts()

    def dress(settings: Settings) -> Look:
        look = Look.of(settings)
        look.dress(application)
        return look

    def fail(error: Exception) -> None:
        raise error

    settings = Settings()
    dress(settings)
    tasks = Tasks(fail)
    shop = Shop(home / "colmado.db", settings)
    window = MainWindow(shop, tasks, lambda: MOMENT, dress)
    window.resize(*SIZE)
    window.show()
    window.open_page("home")
    try:
        yield Stage(home, shop, tasks, window)
    finally:
        window.close()
        tasks.stop()
        shop.close()


def take(stage: Stage, scenes: dict[str, Scene], wanted: set[str]) -> None:
    """Make the pictures that are wanted of a shop in this state, light and dark."""
    for theme in ("light", "dark"):
        stage.window.change_settings(dataclasses.replace(stage.window.settings, theme=theme))
        stage.calm()
        stage.window.load_foot()
        for name, see in scenes.items():
            if name in wanted:
                standing = see(stage)
                hide_folders(standing, stage.home)
                write_picture(standing, FOLDER / f"{name}{DARK_SUFFIX if theme == 'dark' else ''}.png")
                if standing is not stage.window:
                    standing.close()
        stage.window.open_page("home")


def take_reports(stage: Stage, wanted: set[str]) -> None:
    """Write the reports that are pictures, half as large."""
    for name in wanted & REPORTS.keys():
        written, _keys = stage.shop.write_report(REPORTS[name], stage.home / f"{name}.png", MOMENT)
        seen = Image.open(written).convert("RGB")
        write_quantized(seen.resize((seen.width // 2, seen.height // 2)), FOLDER / f"{name}.png")


def hide_folders(widget: QWidget, home: Path) -> None:
    """Say an owner's folders where this machine's stand."""
    for shown in (*widget.findChildren(QLabel), *widget.findChildren(QLineEdit)):
        words = shown.text()
        for ours, theirs in ((config.reports_folder(), REPORTS_SHOWN), (home, HOME_SHOWN)):
            if str(ours) in words:
                words = words.replace(str(ours), theirs).replace("/", "\\")
        if words != shown.text():
            shown.setText(words)
        if str(home.parent) in shown.text() + shown.toolTip():
            raise RuntimeError(f"a folder of this machine would be seen: {shown.text()}")
    QApplication.processEvents()


def write_picture(widget: QWidget, path: Path) -> None:
    """Save what a widget shows."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")
    write_quantized(Image.open(io.BytesIO(buffer.data().data())).convert("RGB"), path)


def write_quantized(seen: Image.Image, path: Path) -> None:
    """Save a picture in the 256 colours that serve it best."""
    path.parent.mkdir(parents=True, exist_ok=True)
    seen.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=6).save(path, optimize=True)


# ── the states of the shop ──


def lay_out_files(stage: Stage) -> None:
    """Two files of a till, as its owner would bring them."""
    month = sample_shop.generate(
        sample_shop.read_parameters(), last_day=MOMENT.date() - timedelta(days=1), days=31, seed=7
    )
    sample_shop.write_loyverse(month, stage.home / "caja")


def fill(stage: Stage) -> None:
    """The sample's sales, brought in and backed up two hours ago, and all that is learnt from them."""
    stage.page("imports").waiting.clear()
    stage.shop.make_sample(Progress(), now=MOMENT)
    stage.shop.refresh(Progress(), now=MOMENT)
    before = MOMENT - timedelta(hours=2)
    with Database(stage.shop.path) as database:
        with database.transaction() as connection:
            connection.execute("UPDATE batch SET imported_at = ?", (wall_seconds(before),))
        for _made_at, path in backup.list_backups(database.path):
            path.unlink()
        backup.write_backup(database, before)
    stage.read_anew()


class Drawer(KeyringBackend):
    """A vault in memory: this machine's own is left alone."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """What was put in."""
        return self._kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Put in."""
        self._kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Take out."""
        self._kept.pop((service, username), None)


def ask_grok(stage: Stage) -> None:
    """Two months of asking the stand-in, then an experiment with an owner's thumbs."""
    shop, chance = stage.shop, random.Random(20)
    own = shop.settings
    shop.write_grok_key("xai-" + "muestra" * 4)
    for topic in (Topic.SEGMENT, Topic.WEEK):
        shop.allow_grok(topic, is_allowed=True)
    with GrokServer() as grok:
        grok.always(speak)
        shop.write_settings(dataclasses.replace(own, grok_url=grok.url))
        for days in (71, 64, 57, 43, 36, 29):
            shop.ask_words(Topic.SEGMENT, now=MOMENT - timedelta(days=days))
        first, second = Arm("plain", "grok-3"), Arm("warm", "grok-3")
        shop.start_experiment(Topic.SEGMENT, (first, second), MOMENT - timedelta(days=9))
        for days in range(9, -1, -1):
            run = shop.ask_words(Topic.SEGMENT, now=MOMENT - timedelta(days=days, minutes=40))
            for persona in run.personas.values():
                likes = 0.75 if persona.prompt.startswith("warm") else 0.5
                if days and persona.call_id is not None:
                    shop.write_vote(persona.call_id, 1 if chance.random() < likes else -1)
    with Database(shop.path) as database, database.transaction() as connection:
        connection.execute(
            "UPDATE grok_call SET latency_ms = 2100 + id * 37 % 900"
        )  # a service is not this near
    shop.write_settings(own)
    stage.read_anew()


def speak(handler: Handler) -> None:
    """An answer about the segment that was asked about."""
    asked = handler.server.grok.asked[-1]
    words = " ".join(message["content"] for message in asked["messages"])
    found = re.search(r'"segmento": ?"([^"]+)"', words)
    answer(SAID.get(found.group(1) if found else "", SAID["Conveniencia"]))(handler)


def say(description: str, marketing: Sequence[str], operations: Sequence[str]) -> dict[str, Any]:
    """Words in the shape in which they are asked for."""
    return {"description": description, "marketing": list(marketing), "operations": list(operations)}


SAID = {
    "Mañaneros": say(
        "Son los vecinos que paran temprano, antes de irse al trabajo: compran rápido y poca cosa."
        " Buscan el pan, la leche y el café del día, y vuelven seguido.",
        (
            "Arma un combo mañanero de pan, huevo y café junto a la caja.",
            "Pon la fruta suelta a la vista: se antoja al pasar.",
            "Deja que aparten el pan desde la noche por WhatsApp.",
        ),
        (
            "Ten el menudo contado antes de abrir.",
            "Surte pan y leche la noche anterior para no parar la fila.",
        ),
    ),
    "Limpieza del hogar": say(
        "Son los que llevan cloro, detergente y papel, casi siempre el fin de semana."
        " Compran para la casa entera y comparan tamaños.",
        (
            "Junta cloro, detergente y esponja en un combo de limpieza.",
            "Ofrece el tamaño grande cuando lleven el pequeño.",
            "Pon el suavizante al lado del detergente.",
        ),
        ("Ten a mano los tamaños que más se llevan.", "Separa la limpieza de la comida en la funda."),
    ),
    "Fresco": say(
        "Buscan plátano, vegetales y carne para cocinar el mismo día. Miran la frescura antes que el precio.",
        (
            "Pon los víveres a la entrada, limpios y secos.",
            "Anuncia en la pizarra lo que llegó hoy.",
            "Arma la funda de la ensalada ya escogida.",
        ),
        ("Aparta temprano lo maduro.", "Pica y pesa la carne antes de la hora de cocinar."),
    ),
    "Cerveza y picadera": say(
        "Compran para compartir: cerveza fría y algo de picar, sobre todo en el fin de semana."
        " Si no está fría, siguen de largo.",
        (
            "Ofrece un combo de cerveza, hielo y picadera para compartir.",
            "Cuelga la picadera al lado de la nevera.",
            "Anuncia el combo en el estado de WhatsApp antes del fin de semana.",
        ),
        ("Llena la nevera temprano.", "Ten los envases contados antes de la noche."),
    ),
    "Compra regular": say(
        "Hacen la compra de completar el día: el arroz, el aceite y algo para acompañar."
        " Saben lo que quieren y se lo llevan todo en un viaje.",
        (
            "Ofrece una cosa más al cobrar, que combine con lo que llevan.",
            "Ten a la vista el combo de la comida del día.",
            "Anota lo que pidieron y no había.",
        ),
        ("Pon juntos los víveres que salen juntos.", "Ten fundas grandes a mano."),
    ),
    "Conveniencia": say(
        "Entran por una cosa y salen enseguida: un refresco, una galleta, una recarga."
        " Son muchos y vienen a toda hora.",
        (
            "Pon junto a la caja lo que se compra sin pensar.",
            "Ofrece la galleta cuando lleven refresco.",
            "Ten la recarga anunciada en la puerta.",
        ),
        ("Despacha en la puerta a quien lleva una sola cosa.", "Ten siempre menudo para devolver."),
    ),
}
"""What the stand-in for Grok answers, by the segment it is asked about."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
