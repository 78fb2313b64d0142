"""Is the file whole? Physical damage first, then everything that must add up; counts, not prose."""

from __future__ import annotations

from dataclasses import dataclass

from colmado_insights.domain import SECONDS_A_DAY
from colmado_insights.storage.database import Database

CHECKS: dict[str, str] = {
    "receipts_without_batch": "SELECT count(*) FROM sale WHERE batch_id NOT IN (SELECT id FROM batch)",
    "receipts_of_undone_batch": "SELECT count(*) FROM sale JOIN batch ON batch.id = batch_id WHERE undone_at IS NOT NULL",
    "lines_without_receipt": "SELECT count(*) FROM sale_line WHERE sale_id NOT IN (SELECT id FROM sale)",
    "lines_without_product": "SELECT count(*) FROM sale_line WHERE product_id NOT IN (SELECT id FROM product)",
    "receipts_of_unknown_customer": """
        SELECT count(*) FROM sale WHERE customer_id IS NOT NULL AND customer_id NOT IN (SELECT id FROM customer)""",
    "receipts_with_wrong_lines": """
        SELECT count(*) FROM sale LEFT JOIN
            (SELECT sale_id, count(*) AS lines, sum(amount_cents) AS cents FROM sale_line GROUP BY sale_id)
            ON sale_id = id
        WHERE line_count <> coalesce(lines, 0) OR (lines > 0 AND total_cents <> cents)""",
    "wrong_daily_sums": f"""
        SELECT count(*) FROM (
            SELECT day FROM daily
            FULL JOIN (
                SELECT sold_at / {SECONDS_A_DAY} AS of_day, sum(total_cents) AS cents, sum(kind = 0) AS sales
                FROM sale GROUP BY of_day) ON of_day = day
            WHERE coalesce(revenue_cents, 0) <> coalesce(cents, 0) OR coalesce(receipts, 0) <> coalesce(sales, 0))""",
    "wrong_hourly_sums": """
        SELECT count(*) FROM (
            SELECT daily.day FROM daily
            LEFT JOIN (SELECT day, sum(revenue_cents) AS cents, sum(receipts) AS sales FROM hourly GROUP BY day) AS hours
            ON hours.day = daily.day
            WHERE cents IS NOT revenue_cents OR sales IS NOT receipts)""",
    "wrong_merges": """
        SELECT count(*) FROM product AS part JOIN product AS whole ON whole.id = part.merged_into
        WHERE whole.merged_into IS NOT NULL
            OR part.id NOT IN (SELECT other_id FROM product_merge WHERE undone_at IS NULL)""",
    "batches_that_do_not_add_up": """
        SELECT count(*) FROM batch WHERE rows_read <> new + unchanged + replaced + voided + quarantined""",
}
"""Each counts what should not be there."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and how often; `detail` holds SQLite's words for damage."""

    code: str
    count: int
    detail: str = ""


def find_problems(database: Database) -> tuple[Problem, ...]:
    """All problems; where the file is damaged only that is said, as nothing else can be trusted."""
    damage = database.find_damage(thorough=True)
    if damage:
        return (Problem("damaged", len(damage), damage[0]),)
    counts = ((code, int(database.read_one(sql))) for code, sql in CHECKS.items())
    return tuple(Problem(code, count) for code, count in counts if count)
