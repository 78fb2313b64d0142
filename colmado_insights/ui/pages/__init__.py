"""One file per screen, all of one shape; `PAGES` is their order on the rail.

To add a page: write it beside these (see `page.py`) and name it in `PAGES`. One with a `PARENT`
has no place of its own on the rail: it is reached from its parent, whose place is marked meanwhile.
"""

from colmado_insights.ui.pages.actions import ActionsPage
from colmado_insights.ui.pages.ask import AskPage
from colmado_insights.ui.pages.baskets import BasketsPage
from colmado_insights.ui.pages.customer import CustomerPage
from colmado_insights.ui.pages.customers import CustomersPage
from colmado_insights.ui.pages.experiments import ExperimentsPage
from colmado_insights.ui.pages.forecast import ForecastPage
from colmado_insights.ui.pages.grok import GrokPage
from colmado_insights.ui.pages.home import HomePage
from colmado_insights.ui.pages.imports import ImportsPage
from colmado_insights.ui.pages.models import ModelsPage
from colmado_insights.ui.pages.page import Page
from colmado_insights.ui.pages.patterns import PatternsPage
from colmado_insights.ui.pages.prices import PricesPage
from colmado_insights.ui.pages.product import ProductPage
from colmado_insights.ui.pages.products import ProductsPage
from colmado_insights.ui.pages.quality import QualityPage
from colmado_insights.ui.pages.quarantine import QuarantinePage
from colmado_insights.ui.pages.reports import ReportsPage
from colmado_insights.ui.pages.segment import SegmentPage
from colmado_insights.ui.pages.segments import SegmentsPage
from colmado_insights.ui.pages.settings import SettingsPage

PAGES: tuple[type[Page], ...] = (
    HomePage,
    ActionsPage,
    AskPage,
    SegmentsPage,
    SegmentPage,
    CustomersPage,
    CustomerPage,
    PatternsPage,
    ForecastPage,
    ModelsPage,
    ProductsPage,
    ProductPage,
    PricesPage,
    BasketsPage,
    ImportsPage,
    QuarantinePage,
    QualityPage,
    ReportsPage,
    SettingsPage,
    GrokPage,
    ExperimentsPage,
)

RAIL_PAGES: tuple[type[Page], ...] = tuple(page for page in PAGES if not page.PARENT)

__all__ = ["PAGES", "RAIL_PAGES", "Page"]
