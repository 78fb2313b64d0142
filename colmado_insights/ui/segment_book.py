"""What is known of the segments, read part by part: what takes long or fails holds up no other part."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from colmado_insights import text
from colmado_insights.analytics.results import (
    LearnedSegments,
    Migration,
    NotEnough,
    Segment,
    SegmentPerformance,
    Segments,
    SegmentType,
)
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.text import N_, _
from colmado_insights.ui.context import Context

GROUPS: tuple[tuple[SegmentType, str], ...] = (
    (SegmentType.TEMPORAL, N_("Por hora")),
    (SegmentType.BASKET_VALUE, N_("Por tamaño de compra")),
    (SegmentType.PRODUCT_PREFERENCE, N_("Por gusto")),
    (SegmentType.LEARNED, N_("Descubiertos")),
)
"""The ways of cutting the purchases, in the order shown; the last is found in the purchases themselves."""

LearnedAnswer = LearnedSegments | NotEnough | Exception | None
"""What came of looking for groups: None while it runs, `Cancelled` when the user stopped it."""
PerformanceAnswer = tuple[SegmentPerformance, ...] | Exception | None
MigrationAnswer = Migration | NotEnough | Exception | None


class SegmentBook(QObject):
    """The rule segments a page gives it, and what it reads beside them; signals say what came."""

    learned_changed = Signal()
    performance_changed = Signal()
    migration_changed = Signal()
    progressed = Signal(int, int, str)  # of the search for groups

    def __init__(self, ctx: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._search: Progress | None = None
        self.segments: Segments | None = None
        self.learned: LearnedAnswer = None
        self.performance: PerformanceAnswer = None
        self.migration: MigrationAnswer = None

    # -- what is known --

    def all(self) -> tuple[Segment, ...]:
        """Every segment known so far, in the order of the groups."""
        rules = self.segments.segments if self.segments else ()
        learned = self.learned.segments if isinstance(self.learned, LearnedSegments) else ()
        return (*rules, *learned)

    def find(self, segment_id: str) -> Segment | None:
        """The segment of that id, if it is known."""
        return next((each for each in self.all() if each.segment_id == segment_id), None)

    def names(self) -> dict[str, str]:
        """What each known segment is called."""
        return {each.segment_id: text.segment_title(each) for each in self.all()}

    def performance_of(self, segments: Sequence[Segment]) -> tuple[SegmentPerformance, ...]:
        """How each of these did, as far as it is known, in their order."""
        known = {each.segment_id: each for each in self.performances()}
        return tuple(known[each.segment_id] for each in segments if each.segment_id in known)

    def performances(self) -> tuple[SegmentPerformance, ...]:
        """How each segment did; none while it is not known."""
        return self.performance if isinstance(self.performance, tuple) else ()

    def lacking_words(self) -> str:
        """Why it is not known how the segments did."""
        if self.performance is None:
            return _("Sumando semana por semana…")
        if isinstance(self.performance, Cancelled):
            return _("Se paró la búsqueda de grupos, y con ella la suma de cada semana.")
        if isinstance(self.performance, Exception):
            return _("No se pudo sumar semana por semana. Los demás números sí valen.")
        return _("Todavía no hay semanas que mirar.")

    def read_again(self) -> None:
        """Read once more what failed or was stopped."""
        if isinstance(self.learned, LearnedSegments | NotEnough):
            self.read_performance()
        else:
            self.search()

    # -- reading --

    def take(self, segments: Segments) -> None:
        """Take the rule segments, and read what goes with them."""
        self.segments = segments
        self.search()

    def search(self) -> None:
        """Look for groups in the purchases; seconds the first time, at once when they were kept.

        How each segment did, and who moved, stand on what is found and are read after it: asked for at
        the same time they would only wait for it, and keep other pages waiting too.
        """
        if isinstance(self.learned, Exception):
            self._take_learned(None)
        shop, now = self._ctx.shop, self._ctx.clock()
        self._search = self._ctx.tasks.run(
            lambda progress: shop.compute_learned(shop.read_whole_day(now), progress),
            owner=self, key="learned", done=self._take_found, error=self._take_found,
            progress=self.progressed.emit, cancelled=self._take_stop,
        )  # fmt: skip

    def stop_search(self) -> None:
        """Ask the search to stop at its next step."""
        if self._search is not None:
            self._search.cancel()

    def read_performance(self) -> None:
        """Read how each segment did."""
        if not isinstance(self.performance, tuple):
            self._take_performance(None)
        shop, now = self._ctx.shop, self._ctx.clock()
        self._ctx.tasks.run(
            lambda progress: shop.compute_performance(shop.read_whole_day(now), progress),
            owner=self, key="performance", done=self._take_performance, error=self._take_performance,
        )  # fmt: skip

    def read_migration(self) -> None:
        """Read who went where since the last run."""
        shop, now = self._ctx.shop, self._ctx.clock()
        self._ctx.tasks.run(
            lambda progress: shop.read_migration(shop.read_whole_day(now), progress),
            owner=self, key="migration", done=self._take_migration, error=self._take_migration,
        )  # fmt: skip

    def _take_learned(self, answer: LearnedAnswer) -> None:
        """What is the same as before is not shown anew: it would take the keyboard's place away."""
        if answer != self.learned:
            self.learned = answer
            self.learned_changed.emit()

    def _take_found(self, answer: LearnedAnswer) -> None:
        self._take_learned(answer)
        self.read_performance()
        if isinstance(answer, LearnedSegments):
            self.read_migration()

    def _take_stop(self) -> None:
        self._take_learned(Cancelled())
        self._take_performance(Cancelled())

    def _take_performance(self, answer: PerformanceAnswer) -> None:
        if answer != self.performance:
            self.performance = answer
            self.performance_changed.emit()

    def _take_migration(self, answer: MigrationAnswer) -> None:
        if answer != self.migration:
            self.migration = answer
            self.migration_changed.emit()
