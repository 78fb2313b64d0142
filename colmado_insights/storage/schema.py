"""The tables, as one function per version: oldest first, never edited once shipped.

Version 1 - a shop's sales (receipts and their lines), what they mention (products,
categories, customers, cashiers, shifts), where they came from (batches, quarantine,
superseded versions for undo), sums kept on insert (hourly, daily), what analyses
answered (features, segments, forecasts, insights) and the shop's settings.

Version 2 - what the owner makes of products (merges, costs, corrected categories and the
pairs that are no twins), how files were read (mappings, layouts, watched folders, who
brought them) and rows in quarantine that were put aside.

Version 3 - what is done by itself (jobs, their last outcome and when they are tried again), live insights
that were put to sleep, and notices that were pushed to the owner.

Version 4 - known customers (what the owner wrote of them, consent, who was erased, what is expected of each and what
was expected at each month's end), suppliers and stock of products, the ledger of advice, and how often kept answers
served.

Version 5 - Grok: what the owner allowed and when, every request that left with its cost, answers kept, prices of
models, experiments.

To add a version: append a function to MIGRATIONS that does everything itself (it may
not call helpers that could change later), add a filled file of the version before to
tests/databases/, and say one line about it here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from colmado_insights.errors import ForeignDatabase
from colmado_insights.storage import backup
from colmado_insights.storage.database import APPLICATION_ID, Database
from colmado_insights.text import _

if TYPE_CHECKING:
    from sqlite3 import Connection

_VERSION_1 = (
    # ── where sales came from ──
    """CREATE TABLE batch (
        id INTEGER PRIMARY KEY,
        file TEXT NOT NULL,              -- name without folder
        preset TEXT NOT NULL,
        imported_at INTEGER NOT NULL,    -- wall-clock seconds
        rows_read INTEGER NOT NULL DEFAULT 0,
        new INTEGER NOT NULL DEFAULT 0,
        unchanged INTEGER NOT NULL DEFAULT 0,
        replaced INTEGER NOT NULL DEFAULT 0,
        voided INTEGER NOT NULL DEFAULT 0,
        quarantined INTEGER NOT NULL DEFAULT 0,
        receipts_new INTEGER NOT NULL DEFAULT 0,
        knows INTEGER NOT NULL DEFAULT 0,  -- bits: lines 1, payment 2, cashier 4, customer 8
        first_day INTEGER, last_day INTEGER,
        undone_at INTEGER
    )""",
    """CREATE TABLE quarantine (
        id INTEGER PRIMARY KEY,
        batch_id INTEGER NOT NULL REFERENCES batch(id) ON DELETE CASCADE,
        line INTEGER NOT NULL,           -- row of the file, the header is 1
        code TEXT NOT NULL,
        detail TEXT NOT NULL,
        raw TEXT NOT NULL                -- the row's cells as a JSON array
    )""",
    "CREATE INDEX quarantine_batch ON quarantine(batch_id, code)",
    # ── what sales mention ──
    """CREATE TABLE category (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)""",
    """CREATE TABLE product (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        sku TEXT NOT NULL DEFAULT '',
        pos_category TEXT NOT NULL DEFAULT '',
        category_id INTEGER NOT NULL DEFAULT 0 REFERENCES category(id),
        category_source TEXT NOT NULL DEFAULT 'none',
        category_confidence REAL NOT NULL DEFAULT 0,
        cost_cents INTEGER,              -- the last known cost of one unit
        UNIQUE (name, sku)
    )""",
    """CREATE TABLE customer (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        contact TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE cashier (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)""",
    """CREATE TABLE till (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)""",
    """CREATE TABLE shift (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        cashier_id INTEGER REFERENCES cashier(id),
        opened_at INTEGER, closed_at INTEGER
    )""",
    # ── sales ──
    """CREATE TABLE sale (
        id INTEGER PRIMARY KEY,
        batch_id INTEGER NOT NULL REFERENCES batch(id),
        number TEXT NOT NULL,            -- the till's, or one made from the moment
        number_key INTEGER NOT NULL,     -- of number and kind, to find it again
        fingerprint INTEGER NOT NULL,    -- 63 bits of moment and lines, to see whether it changed
        sold_at INTEGER NOT NULL,        -- wall-clock seconds
        has_time INTEGER NOT NULL,
        kind INTEGER NOT NULL,           -- 0 sale, 1 refund
        total_cents INTEGER NOT NULL,    -- negative for a refund
        line_count INTEGER NOT NULL,
        units_milli INTEGER NOT NULL,
        payment INTEGER NOT NULL,        -- position in domain.PAYMENTS
        till_id INTEGER, cashier_id INTEGER, shift_id INTEGER, customer_id INTEGER
    )""",
    "CREATE INDEX sale_sold_at ON sale(sold_at)",
    "CREATE INDEX sale_number ON sale(number_key)",
    """CREATE TABLE sale_line (
        sale_id INTEGER NOT NULL,
        line_no INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        quantity_milli INTEGER NOT NULL,
        amount_cents INTEGER NOT NULL,   -- after discount; negative for a refund
        discount_cents INTEGER,
        cost_cents INTEGER,              -- of the whole line, where the till says it
        PRIMARY KEY (sale_id, line_no)
    ) WITHOUT ROWID""",
    # ── what undoing an import needs ──
    """CREATE TABLE seen (              -- receipts that a batch brought again, as runs of their ids
        batch_id INTEGER NOT NULL REFERENCES batch(id) ON DELETE CASCADE,
        first_id INTEGER NOT NULL,
        last_id INTEGER NOT NULL,
        PRIMARY KEY (batch_id, first_id, last_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE superseded_sale (    -- how receipts stood before a batch changed or cancelled them
        by_batch INTEGER NOT NULL REFERENCES batch(id) ON DELETE CASCADE,
        id INTEGER NOT NULL,
        batch_id INTEGER NOT NULL,
        number TEXT NOT NULL,
        number_key INTEGER NOT NULL,
        fingerprint INTEGER NOT NULL,
        sold_at INTEGER NOT NULL,
        has_time INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        total_cents INTEGER NOT NULL,
        line_count INTEGER NOT NULL,
        units_milli INTEGER NOT NULL,
        payment INTEGER NOT NULL,
        till_id INTEGER, cashier_id INTEGER, shift_id INTEGER, customer_id INTEGER,
        PRIMARY KEY (by_batch, id)
    ) WITHOUT ROWID""",
    "CREATE INDEX superseded_sale_id ON superseded_sale(id, by_batch)",
    """CREATE TABLE superseded_line (
        by_batch INTEGER NOT NULL REFERENCES batch(id) ON DELETE CASCADE,
        sale_id INTEGER NOT NULL,
        line_no INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        quantity_milli INTEGER NOT NULL,
        amount_cents INTEGER NOT NULL,
        discount_cents INTEGER,
        cost_cents INTEGER,
        PRIMARY KEY (by_batch, sale_id, line_no)
    ) WITHOUT ROWID""",
    """CREATE TABLE cancelled (          -- cancelled receipts that a batch spoke of, known before or not
        batch_id INTEGER NOT NULL REFERENCES batch(id) ON DELETE CASCADE,
        number TEXT NOT NULL,
        sold_at INTEGER NOT NULL,
        PRIMARY KEY (number, batch_id, sold_at)
    ) WITHOUT ROWID""",
    # ── sums kept with every write ──
    """CREATE TABLE daily (
        day INTEGER PRIMARY KEY,
        receipts INTEGER NOT NULL, lines INTEGER NOT NULL, units_milli INTEGER NOT NULL,
        revenue_cents INTEGER NOT NULL, returns_cents INTEGER NOT NULL
    )""",
    """CREATE TABLE hourly (
        day INTEGER NOT NULL,
        hour INTEGER NOT NULL,           -- -1: the till gave no time
        receipts INTEGER NOT NULL, lines INTEGER NOT NULL, units_milli INTEGER NOT NULL,
        revenue_cents INTEGER NOT NULL, returns_cents INTEGER NOT NULL,
        PRIMARY KEY (day, hour)
    ) WITHOUT ROWID""",
    # ── what analyses answered ──
    """CREATE TABLE sale_features (
        day INTEGER PRIMARY KEY,         -- one row a day, columns packed: derived, made anew at will
        receipts INTEGER NOT NULL,
        layout TEXT NOT NULL,
        data BLOB NOT NULL
    )""",
    """CREATE TABLE result (
        kind TEXT NOT NULL,              -- segments, forecast:revenue …
        until INTEGER NOT NULL,          -- last day of data used
        made_at INTEGER NOT NULL,
        data_version INTEGER NOT NULL,   -- of the sales it was made from
        parameters TEXT NOT NULL,
        body TEXT NOT NULL,              -- JSON
        PRIMARY KEY (kind, until, parameters)
    )""",
    """CREATE TABLE segment (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,       -- stable word such as morning_commute
        type TEXT NOT NULL
    )""",
    """CREATE TABLE segment_assignment (
        day INTEGER NOT NULL,
        segment_id INTEGER NOT NULL REFERENCES segment(id),
        receipts INTEGER NOT NULL, revenue_cents INTEGER NOT NULL,
        PRIMARY KEY (day, segment_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE forecast (
        target TEXT NOT NULL,
        until INTEGER NOT NULL,
        day INTEGER NOT NULL,
        mean REAL NOT NULL, lo80 REAL NOT NULL, hi80 REAL NOT NULL, lo95 REAL NOT NULL, hi95 REAL NOT NULL,
        model TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        PRIMARY KEY (target, until, day)
    ) WITHOUT ROWID""",
    """CREATE TABLE insight (
        type TEXT NOT NULL,
        subject TEXT NOT NULL,
        created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (type, subject)
    ) WITHOUT ROWID""",
    """CREATE TABLE advice_answer (
        key TEXT PRIMARY KEY,
        done INTEGER NOT NULL,
        answered_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID""",
)

_CATEGORIES_1 = (
    "alcohol", "staples", "bakery", "household", "snacks", "beverages",
    "fresh", "other", "meat", "personal_care", "tobacco", "recharges",
)  # fmt: skip


def _migrate_1(connection: Connection) -> None:
    for statement in _VERSION_1:
        connection.execute(statement)
    connection.executemany("INSERT INTO category (id, name) VALUES (?, ?)", enumerate(_CATEGORIES_1))
    connection.execute("INSERT INTO setting (name, value) VALUES ('data_version', '0')")


_VERSION_2 = (
    # ── what the owner makes of products ──
    "ALTER TABLE product ADD COLUMN merged_into INTEGER REFERENCES product(id)",  # the one it counts as
    "ALTER TABLE product ADD COLUMN is_listed INTEGER NOT NULL DEFAULT 0",  # a catalog names it, sold or not
    "CREATE INDEX product_merged_into ON product(merged_into) WHERE merged_into IS NOT NULL",
    """CREATE TABLE product_cost (
        product_id INTEGER NOT NULL REFERENCES product(id) ON DELETE CASCADE,
        day INTEGER NOT NULL,            -- from this day on
        cost_cents INTEGER NOT NULL,     -- of one unit
        source TEXT NOT NULL,            -- owner, catalog
        PRIMARY KEY (product_id, day)
    ) WITHOUT ROWID""",
    """CREATE TABLE product_merge (        -- one row a product that was made part of another
        id INTEGER NOT NULL,             -- of the merge: several rows may share it
        kept_id INTEGER NOT NULL REFERENCES product(id) ON DELETE CASCADE,
        other_id INTEGER NOT NULL REFERENCES product(id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        undone_at INTEGER,
        PRIMARY KEY (id, other_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX product_merge_kept ON product_merge(kept_id)",
    "CREATE INDEX product_merge_other ON product_merge(other_id)",
    """CREATE TABLE not_twins (            -- pairs that look alike and are two, smaller id first
        first_id INTEGER NOT NULL REFERENCES product(id) ON DELETE CASCADE,
        other_id INTEGER NOT NULL REFERENCES product(id) ON DELETE CASCADE,
        PRIMARY KEY (first_id, other_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX not_twins_other ON not_twins(other_id)",
    """CREATE TABLE category_change (
        id INTEGER PRIMARY KEY,
        product_id INTEGER NOT NULL REFERENCES product(id) ON DELETE CASCADE,
        change_id INTEGER NOT NULL,      -- of the correction: several rows may share it
        category INTEGER NOT NULL REFERENCES category(id),  -- what the owner said
        before_category INTEGER NOT NULL REFERENCES category(id),
        before_source TEXT NOT NULL,
        before_confidence REAL NOT NULL,
        is_inherited INTEGER NOT NULL DEFAULT 0,  -- a later product of the same name got it by itself
        at INTEGER NOT NULL,
        undone_at INTEGER
    )""",
    "CREATE INDEX category_change_product ON category_change(product_id)",
    "CREATE INDEX category_change_change ON category_change(change_id)",
    # ── how files were read ──
    """CREATE TABLE layout (
        header_key TEXT PRIMARY KEY,     -- of a file's header
        choice TEXT NOT NULL,            -- JSON: what the owner said its columns mean
        used_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "ALTER TABLE quarantine ADD COLUMN dismissed_at INTEGER",
    "ALTER TABLE quarantine ADD COLUMN mended_by INTEGER REFERENCES batch(id)",  # the import that took it in
    "ALTER TABLE quarantine ADD COLUMN fix TEXT",  # JSON: how; the same row is mended alike when it comes again
    "ALTER TABLE batch ADD COLUMN mapping TEXT",  # JSON, to read a row of it again
    "ALTER TABLE batch ADD COLUMN who TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE watch (                -- files of watched folders that need not be looked at again
        folder TEXT NOT NULL,
        name TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified_ns INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        PRIMARY KEY (folder, name)
    ) WITHOUT ROWID""",
)


def _migrate_2(connection: Connection) -> None:
    for statement in _VERSION_2:
        connection.execute(statement)


_VERSION_3 = (
    """CREATE TABLE job (
        name TEXT PRIMARY KEY,           -- features, segments, learned, forecasts …
        done_at INTEGER,                 -- wall-clock seconds of the last success
        data_version INTEGER,            -- of the sales it saw then
        tried_at INTEGER,
        failures INTEGER NOT NULL DEFAULT 0,  -- in a row
        next_at INTEGER,                 -- not to be tried before, after a failure
        trouble TEXT NOT NULL DEFAULT '',     -- the last failure's error class, never its words
        seconds REAL,                    -- how long the last success took
        until INTEGER,                   -- last whole day the last success saw
        receipts INTEGER,                -- it saw up to that day
        failed_at INTEGER                -- the first of the failures in a row
    ) WITHOUT ROWID""",
    """CREATE TABLE snooze (               -- live insights the owner put to sleep
        type TEXT NOT NULL,
        subject TEXT NOT NULL,           -- '' = the whole type
        until INTEGER NOT NULL,          -- wall-clock seconds
        PRIMARY KEY (type, subject)
    ) WITHOUT ROWID""",
    """CREATE TABLE notice (               -- live insights that were pushed to the owner
        type TEXT NOT NULL,
        subject TEXT NOT NULL,
        at INTEGER NOT NULL,             -- wall-clock seconds
        PRIMARY KEY (at, type, subject)
    ) WITHOUT ROWID""",
)


def _migrate_3(connection: Connection) -> None:
    for statement in _VERSION_3:
        connection.execute(statement)


_VERSION_4 = (
    # ── known customers ──
    "ALTER TABLE customer ADD COLUMN nickname TEXT NOT NULL DEFAULT ''",  # what the owner calls them
    "ALTER TABLE customer ADD COLUMN phone TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN note TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN consent INTEGER NOT NULL DEFAULT 0",  # 0 not asked, 1 yes, 2 no
    "ALTER TABLE customer ADD COLUMN consent_at INTEGER",
    "ALTER TABLE customer ADD COLUMN is_listed INTEGER NOT NULL DEFAULT 0",  # kept without sales too
    "ALTER TABLE customer ADD COLUMN added_at INTEGER",
    # With all that is summed of each customer, so that the sums of thousands are read from it alone.
    "CREATE INDEX sale_customer ON sale(customer_id, sold_at, kind, total_cents) WHERE customer_id IS NOT NULL",
    # Tills' words for who is nobody; until now nobody minded.
    """UPDATE sale SET customer_id = NULL WHERE customer_id IN (
        SELECT id FROM customer WHERE replace(replace(lower(trim(name)), 'ú', 'u'), 'Ú', 'u') IN (
            'consumidor final', 'cliente general', 'publico general', 'publico en general', 'mostrador', 'contado',
            'cliente de contado', 'cliente contado', 'clientes varios', 'cliente varios', 'varios', 'cliente',
            'walk in customer', 'walk-in customer', 'walk-in', 'sin cliente', 'sin nombre', 'desconocido', 'unknown',
            'none', 'nan', 'null', 'n/a', '0'
        )
    )""",
    """CREATE TABLE erased_customer (       -- so that the next export of the till does not bring them back
        name_key INTEGER PRIMARY KEY,    -- 63 bits of the folded name
        at INTEGER NOT NULL
    )""",
    """CREATE TABLE customer_outlook (      -- what the batch expects of each
        customer_id INTEGER PRIMARY KEY REFERENCES customer(id) ON DELETE CASCADE,
        until INTEGER NOT NULL,
        made_at INTEGER NOT NULL,
        data_version INTEGER NOT NULL,
        segment TEXT NOT NULL,
        body TEXT NOT NULL               -- JSON
    )""",
    """CREATE TABLE customer_profile (
        customer_id INTEGER PRIMARY KEY REFERENCES customer(id) ON DELETE CASCADE,
        until INTEGER NOT NULL,
        made_at INTEGER NOT NULL,
        data_version INTEGER NOT NULL,
        body TEXT NOT NULL               -- JSON
    )""",
    """CREATE TABLE customer_month (        -- what was said of each at a month's end, to be compared with what came
        day INTEGER NOT NULL,            -- last day of data used
        customer_id INTEGER NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
        segment TEXT NOT NULL,
        recency_days INTEGER NOT NULL, frequency INTEGER NOT NULL, monetary_cents INTEGER NOT NULL,
        churn REAL, churn_days INTEGER,
        next_day INTEGER, next_lo INTEGER, next_hi INTEGER,
        clv_cents INTEGER, clv_days INTEGER,
        PRIMARY KEY (day, customer_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX customer_month_customer ON customer_month(customer_id)",
    # ── products ──
    "ALTER TABLE product ADD COLUMN supplier TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE product_stock (
        product_id INTEGER NOT NULL REFERENCES product(id) ON DELETE CASCADE,
        day INTEGER NOT NULL,            -- counted at the end of this day
        stock_milli INTEGER NOT NULL,
        source TEXT NOT NULL,            -- owner, catalog
        PRIMARY KEY (product_id, day)
    ) WITHOUT ROWID""",
    # ── the ledger of advice; the owner's answers stay in advice_answer ──
    """CREATE TABLE advice (
        key TEXT PRIMARY KEY,
        kind TEXT NOT NULL,              -- price, bundle, peak, win_back …
        measure TEXT NOT NULL,           -- what shows whether it helped: shop, category:…, product:…, customer:… or ''
        body TEXT NOT NULL,              -- JSON: what and why, as it was said
        gain_cents INTEGER,              -- promised, over 14 days
        shown_at INTEGER NOT NULL,       -- first
        seen_at INTEGER NOT NULL,        -- last
        outcome TEXT,                    -- JSON, once the 14 days are over
        judged_at INTEGER
    ) WITHOUT ROWID""",
    # ── kept answers ──
    """CREATE TABLE answer_use (
        kind TEXT PRIMARY KEY,           -- outlook, profile …
        hits INTEGER NOT NULL,           -- served as kept
        misses INTEGER NOT NULL          -- had to be made
    ) WITHOUT ROWID""",
)


def _migrate_4(connection: Connection) -> None:
    for statement in _VERSION_4:
        connection.execute(statement)


_VERSION_5 = (
    """CREATE TABLE grok_consent (        -- nothing is ever changed here: the last row of a topic holds
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        topic TEXT NOT NULL,
        is_allowed INTEGER NOT NULL,
        user TEXT NOT NULL               -- as the operating system knows them
    )""",
    """CREATE TABLE grok_call (           -- written before the request leaves, completed when it came back
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        topic TEXT NOT NULL,
        subject TEXT NOT NULL,           -- of a customer the id, "" once they are erased
        question_key TEXT NOT NULL,
        model TEXT NOT NULL,
        prompt TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        sent_bytes INTEGER NOT NULL,
        cost_nano INTEGER NOT NULL,      -- thousand-millionths of a US$
        is_estimate INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        status INTEGER,
        prompt_tokens INTEGER, cached_tokens INTEGER, answer_tokens INTEGER,
        latency_ms INTEGER,
        experiment_id INTEGER REFERENCES grok_experiment(id),
        failed_checks TEXT NOT NULL DEFAULT '[]',
        vote INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX grok_call_at ON grok_call(at)",
    """CREATE TABLE grok_answer (
        question_key TEXT PRIMARY KEY,
        topic TEXT NOT NULL,
        subject TEXT NOT NULL,
        language TEXT NOT NULL,
        model TEXT NOT NULL,
        prompt TEXT NOT NULL,
        call_id INTEGER NOT NULL REFERENCES grok_call(id),
        made_at INTEGER NOT NULL,
        body TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX grok_answer_subject ON grok_answer(topic, subject, language)",
    """CREATE TABLE grok_model (          -- prices in ten-thousandths of a US$ per million tokens
        name TEXT PRIMARY KEY,
        prompt_price INTEGER NOT NULL,
        cached_price INTEGER NOT NULL,
        answer_price INTEGER NOT NULL,
        aliases TEXT NOT NULL DEFAULT '[]',
        is_offered INTEGER NOT NULL,
        read_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE grok_experiment (
        id INTEGER PRIMARY KEY,
        topic TEXT NOT NULL,
        arms TEXT NOT NULL,              -- [[prompt, model], …]
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        adopted TEXT,                    -- the arm that became the shop's own way to ask, if one did
        replaced TEXT                    -- the way that it took the place of
    )""",
    # One topic is dealt out by one experiment at a time.
    "CREATE UNIQUE INDEX grok_experiment_running ON grok_experiment(topic) WHERE ended_at IS NULL",
)


def _migrate_5(connection: Connection) -> None:
    for statement in _VERSION_5:
        connection.execute(statement)


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (
    _migrate_1,
    _migrate_2,
    _migrate_3,
    _migrate_4,
    _migrate_5,
)


def open_database(path: Path, key: str | None = None) -> Database:
    """Open a shop's file, made or brought up to date as needed; a backup is taken before a change.

    Raises
    ------
    DatabaseTooNew, DatabaseDamaged, DatabaseLocked, DiskFull
        With nothing changed.
    """
    database = Database(path, key)
    try:
        version = database.check_version(len(MIGRATIONS))
        refuse_foreign(database)
        database.use_wal()
        if 0 < version < len(MIGRATIONS):
            backup.write_backup(database)
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def refuse_foreign(database: Database) -> None:
    """Let through what is ours, or still empty.

    Raises
    ------
    ForeignDatabase
        It is another program's.
    """
    # Emptiness first: another process may be making the tables, and they appear together with our mark.
    if is_empty(database) or database.read_one("PRAGMA application_id") == APPLICATION_ID:
        return
    raise ForeignDatabase(
        _("«{file}» es una base de datos de otro programa.").format(file=database.path.name),
        _("Escoge otro archivo. No se cambió nada."),
    )


def is_empty(database: Database) -> bool:
    """Whether nothing was ever written into the file."""
    version, tables = database.read(
        "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version"
    )[0]
    return not version and not tables


def migrate(database: Database) -> None:
    """Bring the file to the newest version: all pending steps and their number in one transaction."""
    if int(database.read_one("PRAGMA user_version")) == len(MIGRATIONS):
        return
    with database.transaction() as connection:
        # Another process may have migrated while this one waited for the lock.
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for step in MIGRATIONS[version:]:
            step(connection)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
