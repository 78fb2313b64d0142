"""The door to one shop: everything that the window and the command line may ask or tell it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from colmado_insights import config, insights, questions, sample_shop, schedule, vault
from colmado_insights.analytics.results import (
    Basket,
    CareBoard,
    CustomerSegment,
    DayView,
    Forecast,
    HourForecast,
    HourPattern,
    LearnedSegments,
    LiveInsight,
    Migration,
    ModelTrack,
    Normal,
    NormalSpan,
    NotEnough,
    PayCurve,
    PredictionTrack,
    PriceAdvice,
    PriceBoard,
    PriceWeek,
    RecommendationKind,
    Recommendations,
    Seasons,
    SegmentPerformance,
    Segments,
)
from colmado_insights.config import Settings
from colmado_insights.domain import (
    Arm,
    BackupFacts,
    BadGroup,
    CatalogProduct,
    Category,
    Customer,
    GrokCall,
    ImportReport,
    MappingChoice,
    Merge,
    ModelPrice,
    MonthSpending,
    Preview,
    PriceChange,
    QualityIssue,
    Restored,
    Role,
    Snooze,
    Subject,
    Target,
    Topic,
    Twins,
    day_number,
)
from colmado_insights.errors import EmptyFile, ShopError
from colmado_insights.feeds import FolderFeed, TillFeed, take_posted
from colmado_insights.insights import (
    Advice,
    CacheUse,
    CustomerBook,
    CustomerView,
    LedgerEntry,
    OfferBook,
    SpanSales,
    Summary,
)
from colmado_insights.live import CashierView, LiveFeed, LiveMoment
from colmado_insights.personas import Persona, PersonaRun, Question, asking, budget, experiments, talk
from colmado_insights.personas import Preview as WordsPreview
from colmado_insights.personas.asking import Adviser
from colmado_insights.personas.budget import GrokState
from colmado_insights.personas.experiments import ExperimentReport
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.questions import ShopAnswer
from colmado_insights.reports import make_report, tables, write_report
from colmado_insights.reports.person import PersonFile, write_person
from colmado_insights.sample_shop import SampleShop
from colmado_insights.schedule import Job, JobState
from colmado_insights.storage import (
    advices,
    answers,
    assignments,
    backup,
    catalog,
    consents,
    corrections,
    customer_results,
    customers,
    health,
    invented,
    notices,
    products,
    quality,
    restore,
    results,
    sales,
    spending,
    stock,
    twins,
)
from colmado_insights.storage.catalog import CategoryGuess
from colmado_insights.storage.importing import customer_lists, history, quarantine, retry
from colmado_insights.storage.importing.history import Batch
from colmado_insights.storage.importing.intake import import_files
from colmado_insights.storage.importing.preview import preview_files
from colmado_insights.storage.importing.product_lists import ListedCounts, import_catalog
from colmado_insights.storage.schema import open_database
from colmado_insights.text import _
from colmado_insights.vault import KeyPlace


class Shop:
    """One shop's data and settings. Every method may be called from any thread and may block."""

    def __init__(self, path: Path, settings: Settings | None = None) -> None:
        """Open the shop's file.

        Raises
        ------
        DataProblem
            The file cannot be used; nothing is changed.
        """
        self.path = path
        self._database = open_database(path)
        self._live_at: datetime | None = None  # when the live insights were last asked for
        self._running: set[str] = set()  # jobs
        try:
            self._begin(settings or Settings().with_values(config.read_machine_settings()))
        except BaseException:
            self._database.close()
            raise

    def _begin(self, machine: Settings) -> None:
        """Take from the file what is held in memory."""
        self.settings = machine.with_values(results.read_settings(self._database))
        self._live = LiveFeed(self._database, self.settings)
        self._offers: OfferBook | None = None  # what may be offered to a customer

    def close(self) -> None:
        """Close the file; the shop is not to be used after this."""
        with suppress(ShopError):  # another program holds the file: a few counts are lost
            insights.flush_uses(self._database)
        self._database.close()

    def let_go(self) -> None:
        """Free what is kept in memory only to read it faster again."""
        self._database.let_go()

    def __enter__(self) -> Shop:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    # ── what happened ──

    def read_summary(self, as_of: date | None = None) -> Summary:
        """The shop at a glance."""
        return insights.read_summary(self._database, as_of)

    def read_day(self, now: datetime) -> DayView | NotEnough:
        """The day of `now` against what is usual; the last day with sales when it has none."""
        return self._live.read_day(now)

    def read_live(self, now: datetime, *, is_replay: bool = False) -> tuple[LiveInsight, ...]:
        """The live insights of a moment."""
        self._live_at = self._live_at if is_replay else now
        return self._live.read_live(now, is_replay=is_replay)

    def replay_live(self, day: date, step: timedelta | None = None) -> Iterator[LiveMoment]:
        """Walk a past day's live insights, each minute and after each sale, or by a step."""
        return self._live.replay_day(day, step)

    def read_snoozes(self, now: datetime | None = None) -> tuple[Snooze, ...]:
        """The live insights that sleep at a moment, now if not said."""
        return notices.read_snoozes(self._database, now or datetime.now())

    def snooze_insight(self, type: str, subject: str, until: datetime, now: datetime | None = None) -> Snooze:
        """Put a live insight, or with no subject all of its type, to sleep until a moment."""
        snooze = Snooze(type, subject, until)
        notices.write_snooze(self._database, snooze, now or datetime.now())
        return snooze

    def wake_insight(self, type: str, subject: str) -> bool:
        """Take a snooze back; False when there was none."""
        return notices.delete_snooze(self._database, type, subject)

    def take_notices(self, now: datetime) -> tuple[LiveInsight, ...]:
        """The live insights to push to the owner now: at most three a day, noted as pushed."""
        self._live_at = now
        return self._live.take_notices(now)

    def read_cashier(self, now: datetime) -> CashierView:
        """What the cashier's panel shows."""
        self._live_at = now
        return self._live.read_cashier(now)

    def read_whole_day(self, now: datetime) -> date | None:
        """The last day with sales that is over at a moment; None without one."""
        return insights.read_whole_day(self._database, now)

    # ── segments ──

    def compute_segments(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> Segments | NotEnough:
        """The twelve rule segments."""
        return insights.find_segments(self._database, self.settings, as_of, progress)

    def compute_learned(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> LearnedSegments | NotEnough:
        """The segments that the baskets fall into by themselves."""
        return insights.find_learned(self._database, self.settings, as_of, progress)

    def read_migration(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> Migration | NotEnough:
        """What became of the learned segments since the run before."""
        return insights.find_migration(self._database, self.settings, as_of, progress)

    def compute_performance(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> tuple[SegmentPerformance, ...]:
        """How every segment has done, rule and learned, and what to do with it."""
        return insights.find_performance(self._database, self.settings, as_of, progress)

    def find_sale_segments(self, sale_id: int) -> tuple[str, ...]:
        """The segments of one sale, rule and learned."""
        return insights.find_sale_segments(self._database, self.settings, sale_id)

    def find_receipts(self, number: str) -> tuple[int, ...]:
        """Ids of the sales with that receipt number, the newest first."""
        return assignments.find_receipts(self._database, number)

    # ── what is expected ──

    def compute_forecast(
        self,
        subject: Subject | Target,
        horizon: int = insights.HORIZON_DAYS,
        as_of: date | None = None,
        progress: Progress | None = None,
    ) -> Forecast | NotEnough:
        """The days ahead of the shop, of a category or of a product."""
        return insights.find_forecast(self._database, self.settings, subject, horizon, as_of, progress)

    def compute_hours(
        self,
        target: Target,
        horizon: int = insights.HORIZON_DAYS,
        as_of: date | None = None,
        progress: Progress | None = None,
    ) -> HourForecast | NotEnough:
        """The hours ahead."""
        return insights.find_hours(self._database, self.settings, target, horizon, as_of, progress)

    def read_track(self, subject: Subject | Target, as_of: date | None = None) -> ModelTrack | NotEnough:
        """How the kept forecasts of a subject turned out."""
        return insights.find_track(self._database, self.settings, subject, as_of)

    # ── prices ──

    def read_product_names(self) -> dict[int, str]:
        """What each product is called, by its id; a merged one as the one it counts as."""
        return catalog.read_product_names(self._database)

    def find_product(self, words: str) -> int:
        """The product of that id or name."""
        return insights.find_product(self._database, words)

    def compute_price_advice(
        self, product_id: int, as_of: date | None = None, progress: Progress | None = None
    ) -> PriceAdvice | NotEnough:
        """What to charge for one product, and what other prices would bring."""
        return insights.find_price_advice(self._database, self.settings, product_id, as_of, progress)

    def compute_prices(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> PriceBoard | NotEnough:
        """What to charge for everything whose price moved, and the costs that ate a margin."""
        return insights.find_prices(self._database, self.settings, as_of, progress)

    def read_price_weeks(self, product_id: int, as_of: date | None = None) -> tuple[PriceWeek, ...]:
        """The weeks of one product: units sold, and the price."""
        return insights.read_price_weeks(self._database, product_id, as_of)

    # ── what is usual ──

    def compute_pattern(self, as_of: date | None = None) -> HourPattern | NotEnough:
        """When people come."""
        return insights.find_pattern(self._database, as_of)

    def compute_pay_curve(
        self, target: Target = Target.REVENUE, as_of: date | None = None
    ) -> PayCurve | NotEnough:
        """How the days around a pay day stand to plain ones."""
        return insights.find_pay_curve(self._database, self.settings, target, as_of)

    def compute_seasons(
        self, target: Target = Target.REVENUE, as_of: date | None = None
    ) -> Seasons | NotEnough:
        """What weekdays, months, holidays and the years do."""
        return insights.find_seasons(self._database, self.settings, target, as_of)

    def compute_normal(self, target: Target, day: date, as_of: date | None = None) -> Normal | NotEnough:
        """What is normal for a whole day, by weekday, pay phase and kind of holiday."""
        return insights.find_normal(self._database, self.settings, target, day, as_of)

    def compute_normal_basket(
        self, day: date, receipts: int | None = None, as_of: date | None = None
    ) -> Normal | NotEnough:
        """What mean purchase (cents) is normal for a day of so many receipts."""
        return insights.find_normal_basket(self._database, self.settings, day, receipts, as_of)

    def compute_normal_span(self, first: date, last: date) -> NormalSpan | NotEnough:
        """What a stretch of whole days sold, judged by what is normal for such a stretch."""
        return insights.find_normal_span(self._database, self.settings, first, last)

    def compute_span(
        self, first: date, last: date, progress: Progress | None = None
    ) -> SpanSales | NotEnough:
        """What a stretch of whole days sold: by day, hour, product and category."""
        return insights.find_span(self._database, self.settings, first, last, progress)

    # ── baskets ──

    def compute_baskets(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> Basket | NotEnough:
        """What goes together, in which bundles, what grows and whose season comes."""
        return insights.find_baskets(self._database, self.settings, as_of, progress)

    def recommend(
        self,
        kind: RecommendationKind,
        product_id: int | None = None,
        customer_id: int | None = None,
        as_of: date | None = None,
        progress: Progress | None = None,
        beside_id: int | None = None,
    ) -> Recommendations | NotEnough:
        """What to offer: with a product (and one beside it), instead of it, beyond it, to a customer, or to everybody."""
        return insights.find_recommendations(
            self._database, self.settings, kind, product_id, customer_id, as_of, progress, beside_id
        )

    # ── what to do ──

    def compute_actions(
        self,
        now: datetime,
        progress: Progress | None = None,
        *,
        most: int | None = None,
        is_replay: bool = False,
    ) -> tuple[Advice, ...]:
        """What is worth doing, at most so many, and a note in the ledger that it was shown; none of a look back."""
        found = insights.find_actions(self._database, self.settings, now, progress)[:most]
        if not is_replay:
            with suppress(ShopError):  # another program holds the file: it is noted the next time
                insights.note_shown(self._database, found, now)
        return found

    def write_answer(self, key: str, done: bool) -> None:
        """Remember that an advice was done, or is not wanted now."""
        advices.write_answer(self._database, key, done=done, at=datetime.now())

    def note_advice(self, advice: Advice, now: datetime) -> None:
        """Note in the ledger that an advice was shown elsewhere than among what to do: it can be answered."""
        insights.note_shown(self._database, (advice,), now)

    def has_advice(self, key: str) -> bool:
        """Whether an advice of that key was ever shown."""
        return advices.has_advice(self._database, key)

    def undo_answer(self, key: str) -> bool:
        """Take the answer to an advice back; False when there was none."""
        return advices.delete_answer(self._database, key)

    def read_ledger(self, now: datetime) -> tuple[LedgerEntry, ...]:
        """All advice that was ever shown, how it was answered and what came of it, newest first."""
        return insights.read_ledger(self._database, now)

    def compute_care(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> CareBoard | NotEnough:
        """What each product weighs and leaves, what sleeps, and how long the stock lasts."""
        return insights.find_care(self._database, as_of, progress)

    # ── what is done by itself ──

    def read_jobs(self, now: datetime) -> tuple[JobState, ...]:
        """How each job stands: last done, due next, running, failing and what to do about it."""
        states = schedule.read_states(self._database, now, frozenset(self._running))
        return tuple(
            replace(state, done_at=self._live_at) if state.job.work is None else state for state in states
        )

    def read_due_jobs(self, now: datetime) -> tuple[Job, ...]:
        """The jobs to be done now."""
        return schedule.read_due(self._database, now)

    def run_job(self, name: str, now: datetime, progress: Progress) -> None:
        """Do one job now and write down how it went."""
        self._running.add(name)
        try:
            schedule.run_job(self._database, self.settings, schedule.find_job(name), now, progress)
        finally:
            self._running.discard(name)

    def refresh(
        self,
        progress: Progress | None = None,
        *,
        now: datetime | None = None,
        as_of: date | None = None,
        is_forced: bool = False,
    ) -> dict[str, Any]:
        """Bring everything that is due up to date; what was done, for the CLI.

        Raises
        ------
        Exception
            The first trouble of a job, once the others have been done.
        """
        started, progress = monotonic(), progress or Progress()
        now = end_of(as_of) if as_of else now or datetime.now()
        if as_of:
            runs = schedule.answer_as_of(self._database, self.settings, now, progress)
        else:
            runs = schedule.refresh(self._database, self.settings, now, progress, is_forced=is_forced)
        if trouble := next((run.error for run in runs if run.error), None):
            raise trouble
        answers = {run.name: run.answer for run in runs}
        segments = self.compute_segments(now.date(), progress)
        return {
            "days": answers.get("features", 0),
            "receipts": self.read_summary(as_of).receipts,
            "segments": len(segments.segments) if isinstance(segments, Segments) else 0,
            "clusters": insights.count_learned(self._database, now.date()),
            "jobs": [
                {"name": run.name, "outcome": run.outcome, "seconds": round(run.seconds, 3)} for run in runs
            ],
            "seconds": round(monotonic() - started, 3),
        }

    # ── what comes in ──

    def read_imports(self) -> tuple[Batch, ...]:
        """All imports, newest first."""
        return history.read_batches(self._database)

    def import_files(
        self,
        paths: Sequence[Path],
        progress: Progress | None = None,
        *,
        preset: str = "",
        is_dry_run: bool = False,
        choices: Mapping[Path, MappingChoice] | None = None,
    ) -> list[ImportReport]:
        """Bring sales files in and understand what they changed; choices of columns are remembered."""
        reports = import_files(
            self._database,
            paths,
            categorize=insights.categorizer().categorize_many,
            now=datetime.now(),
            progress=progress,
            preset=preset,
            is_dry_run=is_dry_run,
            choices=choices,
            who=config.user_name(),
        )
        if not is_dry_run:
            self._understand(progress)
        return reports

    def _understand(self, progress: Progress | None) -> None:
        """Make what days that changed lack; whoever stops here keeps the change, the rest is made when needed."""
        with suppress(Cancelled):
            insights.refresh_features(self._database, self.settings, progress)

    def preview_files(
        self,
        paths: Sequence[Path],
        progress: Progress | None = None,
        choices: Mapping[Path, MappingChoice] | None = None,
    ) -> tuple[Preview, ...]:
        """What would come of files, with their first sales; nothing is written."""
        return preview_files(
            self._database,
            paths,
            categorize=insights.categorizer().categorize_many,
            now=datetime.now(),
            progress=progress,
            choices=choices,
        )

    def watch_folder(self, folder: Path) -> FolderFeed:
        """A feed of the files that appear in a folder; poll it every few seconds."""
        return FolderFeed(self._database, folder)

    def follow_till(self, path: Path) -> TillFeed:
        """A feed of what a till writes into its own database; poll it every few seconds."""
        return TillFeed(self._database, path)

    def take_posted(self, body: Any) -> ImportReport:
        """Take in a sale that the sibling web till posted."""
        return take_posted(self._database, body, datetime.now())

    def read_quarantine(self) -> tuple[BadGroup, ...]:
        """The rows that wait to be looked at, by their reason."""
        return retry.read_groups(self._database)

    def retry_quarantine(
        self, code: str, fix: Mapping[str, str], progress: Progress | None = None
    ) -> ImportReport:
        """Mend all rows of a reason alike and bring them in."""
        report = retry.retry(
            self._database,
            code,
            fix,
            categorize=insights.categorizer().categorize_many,
            now=datetime.now(),
            progress=progress,
        )
        self._understand(progress)
        return report

    def dismiss_quarantine(self, code: str) -> int:
        """Put the rows of a reason aside as no sales."""
        return retry.dismiss(self._database, code, now=datetime.now())

    def write_quarantine(self, path: Path) -> int:
        """Write all rows that wait as a workbook; returns their number."""
        rows = retry.read_waiting(self._database)
        write_report(tables.bad_rows_report(rows, self.settings.shop_name, datetime.now()), path)
        return len(rows)

    def write_rejected(self, batch: int, path: Path) -> int:
        """Write the rows of an import that could not become sales, with their reasons, as CSV."""
        return tables.write_bad_rows(quarantine.read_bad_rows(self._database, batch), path)

    def undo_import(self, batch: int, progress: Progress | None = None) -> None:
        """Take an import back whole; of a sample shop all that came with it goes too."""
        sample = invented.read_invented(self._database)
        history.undo_batch(self._database, batch, now=datetime.now(), progress=progress)
        if sample is not None and batch in sample.batches:
            standing = {each.batch for each in self.read_imports() if not each.is_undone}
            for each in sorted(standing & set(sample.batches)):
                history.undo_batch(self._database, each, now=datetime.now(), progress=progress)
            invented.forget_invented(self._database, sample)
        self._understand(progress)

    def make_sample(
        self,
        progress: Progress | None = None,
        *,
        days: int = sample_shop.DEMO_DAYS,
        seed: int = sample_shop.DEMO_SEED,
        last_day: date | None = None,
        folder: Path | None = None,
        now: datetime | None = None,
    ) -> list[ImportReport]:
        """Make up a shop, write its till's files (into `folder` if given) and import them."""
        with tempfile.TemporaryDirectory() as temporary:
            target = folder or Path(temporary)
            target.mkdir(parents=True, exist_ok=True)
            now = now or datetime.now()
            shop = sample_shop.generate(
                sample_shop.read_parameters(),
                last_day=last_day or now.date(),
                days=days,
                seed=seed,
                # Sales after this moment would be in the future; a till has none of those.
                until=now.time() if last_day is None else None,
                progress=progress,
            )
            files = sample_shop.write_loyverse(shop, target, "en" if self.settings.language == "en" else "es")
            if folder:
                sample_shop.write_truth(shop, folder / "truth.json")
                sample_shop.write_missions(shop, folder / "missions.json")
            before = invented.read_last_ids(self._database)
            reports = self.import_files(files, progress)
            self._take_sample_lists(shop, target, progress)
            batches = [report.batch for report in reports if report.batch is not None]
            invented.write_invented(self._database, batches, before)
            return reports

    def _take_sample_lists(self, shop: SampleShop, folder: Path, progress: Progress | None) -> None:
        """Bring the sample's lists in as of its last day, and note which of its customers agreed to be written to."""
        items, people = sample_shop.write_lists(shop, folder)
        now = datetime.combine(shop.last_day, time(12))
        import_catalog(
            self._database,
            items,
            categorize=insights.categorizer().categorize_many,
            day=shop.last_day,
            progress=progress,
        )
        customer_lists.import_customers(self._database, people, now=now, progress=progress)
        consents = sample_shop.draw_consents(shop)
        for known in customers.read_customers(self._database):
            if known.name in consents:
                asked = replace(known, consent=consents[known.name], consent_at=now)
                customers.write_customer(self._database, asked, now)
        self._understand(progress)

    # ── the catalog ──

    def read_catalog(self, as_of: date | None = None) -> tuple[CatalogProduct, ...]:
        """All products with their category, price, cost and what they brought."""
        return products.read_catalog(self._database, as_of)

    def read_price_history(self, product: int) -> tuple[PriceChange, ...]:
        """A product's prices and costs over time."""
        return products.read_price_history(self._database, product)

    def write_cost(self, product: int, cost_cents: int) -> None:
        """Note what one unit costs the shop from today on."""
        products.write_cost(self._database, product, cost_cents, datetime.now().date())

    def write_stock(self, product_id: int, stock_milli: int) -> None:
        """Note how much of a product was counted today."""
        stock.write_stock(self._database, product_id, stock_milli, datetime.now().date())

    def read_suppliers(self) -> dict[int, str]:
        """Who supplies each product, by its id, where that is known."""
        return products.read_suppliers(self._database)

    def write_supplier(self, product_id: int, name: str) -> None:
        """Note who supplies a product; an empty name takes it back."""
        stock.write_supplier(self._database, product_id, name)

    def write_category(
        self, product_ids: Sequence[int], category: Category, progress: Progress | None = None
    ) -> int:
        """Put products into a category, for all history and all imports to come; returns the change."""
        change = corrections.write_category(self._database, product_ids, category, datetime.now())
        self._understand(progress)
        return change

    def read_taught(self, change: int) -> tuple[str, ...]:
        """The names of the products that follow a correction though they were not chosen."""
        return corrections.read_taught(self._database, change)

    def undo_category(self, change: int, progress: Progress | None = None) -> None:
        """Take a correction back."""
        corrections.undo_category(self._database, change, datetime.now())
        self._understand(progress)

    def categorize(
        self, names: Sequence[str], source: Path | None = None, column: str | None = None
    ) -> list[tuple[str, CategoryGuess]]:
        """Categories of these names, of a column of a CSV file, or else of the shop's own products."""
        if not names and source is None:
            return catalog.read_guesses(self._database)
        wanted = [*names, *(tables.read_column(source, column) if source else ())]
        guesses = insights.categorizer().categorize_many(wanted)
        return list(zip(wanted, catalog.follow_corrections(self._database, wanted, guesses), strict=True))

    def find_twins(self, progress: Progress | None = None) -> tuple[Twins, ...]:
        """Products that look like one and were not said to be two."""
        refused = corrections.read_not_twins(self._database)
        return twins.find_twins(self.read_catalog(), refused, progress)

    def write_not_twins(self, first: int, other: int) -> None:
        """Remember that two products only look alike."""
        corrections.write_not_twins(self._database, first, other)

    def read_merges(self) -> tuple[Merge, ...]:
        """The merges that stand, newest first."""
        return corrections.read_merges(self._database)

    def merge_products(self, kept: int, others: Sequence[int], progress: Progress | None = None) -> int:
        """Let products count as one of them; returns the merge."""
        merge = corrections.merge_products(self._database, kept, others, datetime.now())
        self._understand(progress)
        return merge

    def undo_merge(self, merge: int, progress: Progress | None = None) -> None:
        """Part again what a merge made one."""
        corrections.undo_merge(self._database, merge, datetime.now())
        self._understand(progress)

    def import_catalog(self, path: Path, progress: Progress | None = None) -> ListedCounts:
        """Take costs and categories from a list of products: how many are known, and what is new."""
        counts = import_catalog(
            self._database,
            path,
            categorize=insights.categorizer().categorize_many,
            day=datetime.now().date(),
            progress=progress,
        )
        self._understand(progress)
        return counts

    # ── known customers ──

    def read_customers(self, as_of: date | None = None) -> tuple[Customer, ...]:
        """All customers with the sums of their sales, who spent most first."""
        return customers.read_customers(self._database, as_of)

    def compute_customers(
        self, as_of: date | None = None, progress: Progress | None = None
    ) -> CustomerBook | NotEnough:
        """What is expected of all known customers."""
        book = insights.find_customers(self._database, self.settings, as_of, progress)
        # One of them is looked at next, and shall not wait for what may be offered.
        self._offers = insights.read_offers(self._database, datetime.now(), self._offers)
        return book

    def read_customer(
        self, customer_id: int, as_of: date | None = None, progress: Progress | None = None
    ) -> CustomerView:
        """Everything about one customer."""
        return insights.find_customer_view(
            self._database, self.settings, customer_id, as_of, progress, self._offers
        )

    def read_segment_history(self, customer_id: int) -> tuple[tuple[date, CustomerSegment], ...]:
        """The segment that one customer was in at each month's end."""
        return insights.read_segment_history(self._database, customer_id)

    def read_prediction_tracks(self, as_of: date | None = None) -> tuple[PredictionTrack, ...]:
        """How what was expected of customers turned out."""
        return insights.find_prediction_tracks(self._database, as_of)

    def find_customer(self, words: str) -> int:
        """The customer of that id, name or nickname."""
        return customers.find_customer(self._database, words)

    def write_customer(self, customer: Customer) -> int:
        """Keep what the owner says of a customer, a new one for id 0; returns the id."""
        return customers.write_customer(self._database, customer, datetime.now())

    def import_customers(self, path: Path, progress: Progress | None = None) -> customer_lists.ListedCounts:
        """Take telephones and addresses from a list of customers: how many are known, and how many are new."""
        return customer_lists.import_customers(self._database, path, now=datetime.now(), progress=progress)

    def erase_customer(self, customer_id: int) -> None:
        """Forget a person: their sales stay, without a name."""
        customers.erase_customer(self._database, customer_id, datetime.now())

    def export_customer(self, customer_id: int, path: Path) -> Path:
        """Write everything that is known about one customer as .json, .xlsx or .pdf, to be given to them."""
        known = PersonFile(
            customers.read_customer(self._database, customer_id),
            customers.read_purchases(self._database, customer_id),
            customer_results.read_findings(self._database, customer_id),
        )
        return write_person(known, path, self.settings.shop_name, datetime.now())

    # ── questions ──

    def ask(
        self,
        question: str,
        now: datetime,
        progress: Progress | None = None,
        *,
        with_grok: bool = False,
        role: Role = Role.OWNER,
    ) -> ShopAnswer:
        """Answer a question in Spanish from this shop's figures; Grok may help to understand it, never to count."""
        return questions.ask(
            self._database, self.settings, question, now, progress, with_grok=with_grok, role=role
        )

    def suggest_questions(self, now: datetime, *, role: Role = Role.OWNER) -> tuple[str, ...]:
        """Questions that this shop's data can answer."""
        return questions.suggest_questions(self._database, self.settings, now, role=role)

    # ── in words, and Grok ──

    def read_words(
        self,
        topic: Topic,
        subject: str = "",
        as_of: date | None = None,
        now: datetime | None = None,
        progress: Progress | None = None,
    ) -> Persona | NotEnough:
        """A segment, a customer or the week in words, without asking anybody: Grok's last answer, else the rules'."""
        question = self._make_question(topic, subject, as_of, progress)
        return (
            question
            if isinstance(question, NotEnough)
            else self._adviser.read(question, now or datetime.now())
        )

    def ask_words(
        self,
        topic: Topic,
        subjects: Sequence[str] = (),
        as_of: date | None = None,
        now: datetime | None = None,
        progress: Progress | None = None,
    ) -> PersonaRun:
        """Ask Grok for words about these subjects, without any about all segments; what fails, the rules answer."""
        return asking.ask_words(
            self._database,
            self.settings,
            topic,
            subjects,
            as_of,
            now or datetime.now(),
            progress or Progress(),
        )

    def preview_words(
        self, topic: Topic, subject: str = "", as_of: date | None = None, now: datetime | None = None
    ) -> WordsPreview | NotEnough:
        """What would leave this PC to have something put into words, to the letter, and what it would cost at most.

        Of a question the subject is its words; an empty text says that nothing would leave.
        """
        now = now or datetime.now()
        if topic is Topic.QUESTION:
            return questions.preview(self._database, self.settings, subject, now)
        question = self._make_question(topic, subject, as_of)
        return question if isinstance(question, NotEnough) else self._adviser.preview(question, now)

    def _make_question(
        self, topic: Topic, subject: str, as_of: date | None, progress: Progress | None = None
    ) -> Question | NotEnough:
        return asking.make_question(self._database, self.settings, topic, subject, as_of, progress)

    @property
    def _adviser(self) -> Adviser:
        return Adviser(self._database, self.settings)

    def write_vote(self, call_id: int, vote: int) -> None:
        """Note the owner's thumb for an answer: 1 up, -1 down, 0 takes it back."""
        answers.write_vote(self._database, call_id, vote)

    def read_grok(self, now: datetime) -> GrokState:
        """How things stand with Grok: what is allowed, the key's place, the model, and what the month has cost."""
        return budget.read_state(self._database, self.settings, now)

    def allow_grok(self, topic: Topic, is_allowed: bool) -> None:
        """Note that figures of a topic may leave this PC, or may not any more."""
        consents.write_consent(
            self._database, topic, is_allowed=is_allowed, at=datetime.now(), user=config.user_name()
        )

    def write_grok_key(self, key: str) -> KeyPlace:
        """Put the key for Grok away; where it was put."""
        return vault.write_key(key)

    def forget_grok_key(self) -> None:
        """Forget the key for Grok."""
        vault.forget_key()

    def read_models_online(self, progress: Progress | None = None) -> tuple[ModelPrice, ...]:
        """Ask which models Grok offers at what price, and keep the list."""
        return talk.read_models_online(self._database, self.settings, datetime.now(), progress or Progress())

    def read_models(self) -> tuple[ModelPrice, ...]:
        """The models of Grok whose price is known."""
        return spending.read_models(self._database)

    def read_grok_calls(self, limit: int = 200) -> tuple[GrokCall, ...]:
        """The last requests that left this PC, newest first."""
        return spending.read_calls(self._database, limit)

    def read_spending(self, now: datetime, months: int = 12) -> tuple[MonthSpending, ...]:
        """What Grok cost in the last months, oldest first."""
        return budget.read_spending(self._database, now, months)

    # ── experiments with ways to ask Grok ──

    def read_experiments(self, now: datetime) -> tuple[ExperimentReport, ...]:
        """All experiments and what they tell, the newest first."""
        return experiments.read_reports(self._database, now)

    def start_experiment(self, topic: Topic, arms: Sequence[Arm], now: datetime) -> int:
        """Begin to compare ways to ask about a topic; the id of the experiment."""
        return experiments.start(self._database, topic, arms, now)

    def end_experiment(self, experiment_id: int, now: datetime, winner: Arm | None = None) -> None:
        """End an experiment; a winner becomes the shop's own way to ask."""
        experiments.end(self._database, experiment_id, now, winner, self._way_to_ask)
        if winner is not None:
            self._use_way(winner)

    def resume_experiment(self, experiment_id: int) -> None:
        """Let an ended experiment run on, and ask as before if its winner is still the way to ask."""
        ended = experiments.resume(self._database, experiment_id)
        if ended.replaced is not None and ended.adopted == self._way_to_ask:
            self._use_way(ended.replaced)

    @property
    def _way_to_ask(self) -> Arm:
        return Arm(self.settings.grok_prompt, self.settings.grok_model)

    def _use_way(self, arm: Arm) -> None:
        values = {"grok_prompt": arm.prompt, "grok_model": arm.model}
        self.write_settings(self.settings.with_values(values))

    # ── what goes out ──

    def write_report(
        self,
        kind: str,
        path: Path,
        now: datetime,
        progress: Progress | None = None,
        days: tuple[date, date] | None = None,
    ) -> tuple[Path, tuple[str, ...]]:
        """Write a report of `kind` (one of `reports.REPORTS`) as .xlsx or .pdf; its file and its tables' keys."""
        report = make_report(kind, self, now, progress, days)
        return write_report(report, path), tuple(table.key for table in report.tables)

    def write_features(self, path: Path, as_of: date | None = None) -> int:
        """Write the transaction features of the whole history as CSV; returns the number of receipts."""
        last = day_number(as_of) if as_of else 2**30
        daily = sales.read_daily(self._database, last=last)
        if daily.empty:
            raise EmptyFile(_("Todavía no hay ventas."), _("Importa un archivo de ventas primero."))
        first, until = int(daily["day"].iloc[0]), int(daily["day"].iloc[-1])
        features = insights.read_features(self._database, self.settings, first, until)
        return tables.write_features(features, path)

    # ── care ──

    def write_settings(self, settings: Settings) -> None:
        """Keep settings: the machine's in its file, the shop's with its data."""
        config.write_machine_settings(settings)
        is_new_start = insights.shop_parameters(self.settings) != insights.shop_parameters(settings)
        with self._database.alone(
            insights.FEATURES
        ):  # who makes features does it with the old or with the new
            results.write_settings(self._database, settings.part(machine=False), is_new_start=is_new_start)
            self.settings = settings
        self._live = LiveFeed(self._database, settings)

    def write_backup(self) -> Path:
        """Make a verified backup."""
        return backup.write_backup(self._database)

    def read_backups(self) -> list[tuple[datetime, Path]]:
        """The backups, newest first."""
        return backup.list_backups(self.path)

    def read_backup_facts(self) -> tuple[BackupFacts, ...]:
        """What each backup holds, newest first."""
        return restore.read_backups(self.path)

    def read_backup(self, path: Path) -> BackupFacts:
        """What a file holds that may be a backup, and whether it can be put back."""
        return restore.read_backup(path)

    def restore(self, chosen: Path, progress: Progress | None = None) -> Restored:
        """Put a backup in the place of this shop's data; what is there becomes a backup first."""
        done = restore.restore(self.path, chosen, progress=progress, may_replace_file=False)
        self._begin(Settings().with_values(self.settings.part(machine=True)))
        return done

    def find_problems(self) -> tuple[health.Problem, ...]:
        """What is wrong with the file, physically and in its sums; empty when all is well."""
        return health.find_problems(self._database)

    def read_cache_use(self) -> tuple[CacheUse, ...]:
        """How often kept answers served as they were, by kind."""
        return insights.read_cache_use(self._database)

    def find_quality(self, now: datetime) -> tuple[QualityIssue, ...]:
        """What makes the figures worse than they could be, the weightiest first."""
        return quality.find_quality(self._database, now)


def end_of(day: date) -> datetime:
    """The last second of a day: the moment that stands for the whole of it."""
    return datetime.combine(day, time(23, 59, 59))
