"""The command line: keys that others rely on, exit statuses, one clear sentence for each trouble."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from colmado_insights.cli import main
from colmado_insights.domain import Category
from colmado_insights.logs import stop_log
from colmado_insights.shop import Shop

SALES = """fecha,recibo,producto,cantidad,total
2026-05-04 08:10:00,1,Pan de agua,2,20.00
2026-05-04 08:10:00,1,Queso de freír,0.5,90.50
2026-05-04 19:30:00,2,Cerveza Presidente jumbo,6,900.00
2026-05-05 12:00:00,3,Arroz Campos 5 lb,1,195.00
"""

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Call `colmado` in an empty home."""
    monkeypatch.setenv("COLMADO_HOME", str(tmp_path / "home"))
    yield lambda *words: CliRunner().invoke(main, [str(word) for word in words])
    stop_log()


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    path = tmp_path / "ventas.csv"
    path.write_text(SALES, encoding="utf-8")
    return path


def answer(result: Result) -> Any:
    """The JSON of a run that went well, with nothing else on stdout."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_import_tells_what_became_of_each_row(run: Run, sales: Path) -> None:
    (first,) = answer(run("import", sales, "--json"))
    assert set(first) == {
        "file", "preset", "rows_read", "new", "unchanged", "replaced", "voided", "quarantined",
        "receipts_new", "first_day", "last_day", "batch",
    }  # fmt: skip
    assert (first["rows_read"], first["new"], first["receipts_new"]) == (4, 4, 3)
    (second,) = answer(run("import", sales, "--json"))
    assert (second["new"], second["unchanged"]) == (0, 4)


def test_dry_run_changes_nothing(run: Run, sales: Path) -> None:
    (report,) = answer(run("import", sales, "--dry-run", "--json"))
    assert report["new"] == 4
    assert answer(run("summary", "--json"))["receipts"] == 0


def test_summary_obeys_as_of(run: Run, sales: Path) -> None:
    run("import", sales)
    whole = answer(run("summary", "--json"))
    assert (whole["receipts"], whole["lines"], whole["revenue"]) == (3, 4, 1205.5)
    part = answer(run("summary", "--json", "--as-of", "2026-05-04"))
    assert (part["receipts"], part["revenue"], part["products"]) == (2, 1010.5, 3)


def test_undo_takes_the_batch_back(run: Run, sales: Path) -> None:
    batch = answer(run("import", sales, "--json"))[0]["batch"]
    assert answer(run("imports", "undo", batch, "--json")) == {"batch": batch, "undone": True}
    assert answer(run("summary", "--json"))["receipts"] == 0
    assert answer(run("imports", "--json"))["batches"][0]["is_undone"] is True
    again = run("imports", "undo", batch)
    assert again.exit_code == 1
    assert "deshacer" in again.stderr


def test_what_is_said_before_an_order_counts_for_it(run: Run, sales: Path, tmp_path: Path) -> None:
    batch = answer(run("import", sales, "--json"))[0]["batch"]
    other = tmp_path / "otra.db"
    said = ["imports", "--db", str(other), "--json", "undo", str(batch)]
    assert CliRunner().invoke(main, said).exit_code == 1  # not in that shop, and not in one's own instead
    assert CliRunner().invoke(main, ["import", str(sales), "--db", str(other)]).exit_code == 0
    assert json.loads(CliRunner().invoke(main, said).stdout) == {"batch": batch, "undone": True}
    assert not answer(run("imports", "--json"))["batches"][0]["is_undone"]


def test_rejected_rows_are_kept_and_written(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "con-errores.csv"
    path.write_text(SALES + "2026-05-05 12:01:00,4,Salami,1,mucho\n", encoding="utf-8")
    (report,) = answer(run("import", path, "--json"))
    assert (report["rows_read"], report["new"], report["quarantined"]) == (5, 4, 1)
    out = tmp_path / "rechazadas.csv"
    assert answer(run("imports", "rejected", report["batch"], "--out", out, "--json"))["rows"] == 1
    assert "Salami" in out.read_text(encoding="utf-8-sig")


def test_segments_have_their_keys_and_add_up(run: Run, sales: Path) -> None:
    run("import", sales)
    found = answer(run("segments", "--json"))
    assert len(found["segments"]) == 12
    assert {
        "segment_id", "name", "type", "transaction_count", "share", "avg_basket_value", "peak_hours",
        "peak_days", "confidence_score", "top_categories", "persona_description",
    } <= set(found["segments"][0])  # fmt: skip
    for kind, rest in found["unassigned"].items():
        shares = [segment["share"] for segment in found["segments"] if segment["type"] == kind]
        assert sum(shares) + rest == pytest.approx(1, abs=1e-4)


def test_empty_shop_answers_everything(run: Run) -> None:
    assert answer(run("segments", "--json"))["segments"] == []
    assert answer(run("forecast", "--json"))["points"] == []
    assert answer(run("live", "--json"))["insights"] == []
    assert answer(run("check", "--json"))["ok"] is True


def test_live_says_why_and_sleeps_when_asked(run: Run, sales: Path) -> None:
    run("import", sales)
    then = ("live", "--at", "2026-05-05T19:40")
    before = answer(run(*then, "--json"))
    assert before["snoozes"] == []
    subjects = {insight["subject"] for insight in before["insights"]}
    assert {"beer_and_snacks", "after_work"} <= subjects
    beer = next(insight for insight in before["insights"] if insight["subject"] == "beer_and_snacks")
    assert beer["expires_at"] == "2026-05-05T21:40:00"
    assert {"code": "segment_sample", "receipts": 1, "open_days": 1} in beer["numbers"]
    assert "Vienen sobre todo a las" in run(*then, "--why").stdout
    assert "Vienen sobre todo a las" not in run(*then).stdout

    one = answer(run(*then, "--snooze", "product_demand:beer_and_snacks", "--json"))
    assert {insight["subject"] for insight in one["insights"]} == subjects - {"beer_and_snacks"}
    assert one["snoozes"] == [
        {"type": "product_demand", "subject": "beer_and_snacks", "until": "2026-05-05T20:40:00"}
    ]
    whole = answer(run(*then, "--snooze", "product_demand", "--for", "week", "--json"))
    assert whole["insights"] == []
    assert "Callado hasta el mar 12 may" in run(*then).stdout
    run(*then, "--wake", "product_demand")
    awake = answer(run(*then, "--wake", "product_demand:beer_and_snacks", "--json"))
    assert awake == before


def test_demo_is_the_same_for_a_seed(run: Run) -> None:
    made = answer(run("demo", "--days", 20, "--seed", 5, "--as-of", "2026-03-31", "--json"))
    assert set(made) == {"receipts", "lines", "first_day", "last_day"}
    assert made["last_day"] == "2026-03-31"
    assert made["receipts"] > 2000


def test_features_go_to_a_file(run: Run, sales: Path, tmp_path: Path) -> None:
    run("import", sales)
    out = tmp_path / "rasgos.csv"
    assert answer(run("features", "--out", out, "--json"))["rows"] == 3
    header = out.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert {"hour_of_day", "day_of_week", "is_payroll_day", "total_value", "has_alcohol"} <= set(header)


def test_categorize_names(run: Run) -> None:
    found = answer(run("categorize", "aguacate", "Presidente jumbo", "--json"))
    assert [guess["category"] for guess in found] == ["fresh", "alcohol"]


def test_categorize_says_who_says_so_and_how_sure(run: Run) -> None:
    found = answer(run("categorize", "aguacate", "CERVEZOTA", "Zxcvb", "--json"))
    assert [guess["source"] for guess in found] == ["rules", "classifier", "none"]
    assert [guess["category"] for guess in found] == ["fresh", "alcohol", "other"]
    assert 0.4 <= found[1]["confidence"] < found[0]["confidence"] < 1
    assert found[2]["confidence"] == 0
    lines = run("categorize", "aguacate", "CERVEZOTA", "Zxcvb").stdout.splitlines()
    assert [line.partition(" · ")[2].partition(",")[0] for line in lines] == [
        "por sus palabras", "por sus letras", "nadie la sabe",
    ]  # fmt: skip


def test_categorize_follows_what_the_owner_taught(run: Run, sales: Path, tmp_path: Path) -> None:
    database = tmp_path / "shop.db"
    run("import", sales, "--db", database)
    with Shop(database) as shop:
        bread = next(each for each in shop.read_catalog() if each.name == "Pan de agua")
        shop.write_category([bread.product_id], Category.SNACKS)
    asked = ("categorize", "PAN DE AGUA 2 UND", "Pan sobao", "--db", database)
    found = answer(run(*asked, "--json"))
    assert [(guess["category"], guess["source"]) for guess in found] == [
        ("snacks", "owner"), ("bakery", "rules"),
    ]  # fmt: skip
    assert "aprendida de otro que corregiste, 97" in run(*asked).stdout


def test_catalog_lists_products_and_takes_costs(run: Run, sales: Path, tmp_path: Path) -> None:
    run("import", sales)
    products = {product["name"]: product for product in answer(run("catalog", "--json"))["products"]}
    assert products["Pan de agua"]["price"] == 10.0
    assert products["Pan de agua"]["cost"] is None
    listed = tmp_path / "export_items.csv"
    listed.write_text(
        "Handle,SKU,Name,Category,Sold by weight,Cost,Barcode,Price [Colmado],In stock [Colmado]\n"
        "pan,1,Pan de agua,Panadería,N,6.50,,10.00,5\n",
        encoding="utf-8",
    )
    assert answer(run("catalog", listed, "--json"))["matched"] == 1
    products = {product["name"]: product for product in answer(run("catalog", "--json"))["products"]}
    assert products["Pan de agua"]["cost"] == 6.5


def test_quality_says_what_is_missing(run: Run, sales: Path) -> None:
    run("import", sales)
    codes = {issue["code"] for issue in answer(run("quality", "--json"))["issues"]}
    assert "missing_cost" in codes


def test_report_and_backup_write_files(run: Run, sales: Path, tmp_path: Path) -> None:
    run("import", sales)
    out = tmp_path / "segmentos.xlsx"
    assert answer(run("report", "segments", "--out", out, "--json"))["file"] == str(out)
    assert out.read_bytes().startswith(b"PK")
    whole, days = tmp_path / "dias.pdf", ("--from", "2026-05-04", "--to", "2026-05-05")
    assert "days" in answer(run("report", "range", *days, "--out", whole, "--json"))["sections"]
    assert whole.read_bytes().startswith(b"%PDF")
    assert Path(answer(run("backup", "--json"))["file"]).exists()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("import", "no-existe.csv"), 1),
        (("import",), 2),
        (("forecast", "--as-of", "hoy"), 2),
        (("live", "--at", "ayer"), 2),
        (("live", "--snooze", "clock"), 2),
        (("live", "--wake", "nada"), 2),
        (("live", "--snooze", "traffic", "--for", "siempre"), 2),
        (("report", "segments", "--out", "x.docx"), 1),
        (("report", "range", "--from", "2026-11-01"), 2),
        (("report", "week", "--from", "2026-11-01", "--to", "2026-11-02"), 2),
        (("report", "range", "--from", "2026-11-02", "--to", "2026-11-01"), 2),
        (("report", "customers"), 1),
        (("features", "--out", "x.csv"), 1),
    ],
)
def test_trouble_is_one_sentence(run: Run, words: tuple[str, ...], status: int) -> None:
    result = run(*words)
    assert result.exit_code == status
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.strip()


def test_a_newer_database_is_refused(run: Run, tmp_path: Path) -> None:
    from colmado_insights.storage.schema import open_database

    path = tmp_path / "nueva.db"
    with open_database(path) as database:
        database.connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    result = run("summary", "--db", path)
    assert result.exit_code == 1
    assert "más nueva" in result.stderr
    assert path.read_bytes() == before


def test_refresh_does_what_is_due_and_tells_it(run: Run, sales: Path) -> None:
    run("import", sales)
    first = answer(run("refresh", "--json"))
    assert {"receipts", "segments", "clusters", "seconds", "jobs"} <= set(first)
    assert (first["receipts"], first["segments"]) == (3, 12)
    assert {"features", "segments", "backup"} <= {job["name"] for job in first["jobs"]}
    assert {job["outcome"] for job in first["jobs"]} == {"done"}
    assert answer(run("refresh", "--json"))["jobs"] == []
    assert answer(run("refresh", "--due", "--json"))["jobs"] == []
    assert len(answer(run("refresh", "--force", "--json"))["jobs"]) == len(first["jobs"])


def test_refresh_lists_how_jobs_stand(run: Run, sales: Path) -> None:
    run("import", sales)
    listed = answer(run("refresh", "--jobs", "--json"))["jobs"]
    keys = {"name", "every", "is_due", "done_at", "seconds", "next_at", "failures", "trouble"}
    assert keys <= set(listed[0])
    assert not any(job["done_at"] for job in listed), "listing does nothing"
    due = answer(run("refresh", "--due", "--json"))["jobs"]
    assert [job["name"] for job in due] == [job["name"] for job in listed if job["is_due"]]
    assert "toca ahora" in run("refresh", "--jobs").stdout
    run("refresh")
    assert "hecho el" in run("refresh", "--jobs").stdout


def test_patterns_tell_the_rhythms_or_what_is_missing(run: Run, sales: Path) -> None:
    empty = answer(run("patterns", "--json"))
    assert all("not_enough" in empty[part] for part in ("week", "pay_curve", "seasons"))
    run("demo", "--days", 60, "--as-of", "2026-11-19")
    found = answer(run("patterns", "--json", "--target", "receipts"))
    assert len(found["week"]["receipts"]) == 7
    assert {point["offset"] for point in found["pay_curve"]["points"]} >= set(range(-7, 8))
    assert set(found["pay_curve"]["points"][0]) == {"offset", "factor", "lo", "hi", "days"}
    assert len(found["seasons"]["weekdays"]) == 7
    assert found["seasons"]["months"] == [] and found["seasons"]["trend"] is None
    words = run("patterns").output
    assert "día de cobro" in words and "viernes" in words
    assert found == answer(run("patterns", "--json", "--target", "receipts")), (
        "what is kept is what was found"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("live", "--at", "2026-05-05T12:00+05:00"),
        ("live", "--at", "9999-12-31T23:59"),
        ("live", "--at", ""),
        ("live", "--snooze", ""),
        ("summary", "--as-of", ""),
        ("summary", "--as-of", "0001-01-01"),
        ("forecast", "--category", ""),
        ("forecast", "--by", "hour", "--track"),
        ("import", "ventas.csv", "--preset", "nope"),
    ],
)
def test_what_makes_no_sense_is_refused_as_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_bug_is_one_sentence_and_its_details_are_in_the_log(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_args: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("colmado_insights.shop.Shop.read_summary", fail)
    result = run("summary")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Algo salió mal en el programa" in result.stderr
    assert "Traceback" not in result.stderr
    log = next((tmp_path / "home" / "logs").glob("*.log"))
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["nada.db", "nota.txt"])
def test_what_cannot_be_put_back_is_said_before_anything_is_asked(
    run: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / "nota.txt").write_text("esto no es una copia", encoding="utf-8")
    done = run("restore", str(tmp_path / name))
    assert done.exit_code == 1
    assert name in done.stderr and "No se cambió nada." in done.stderr and "¿Seguro?" not in done.stderr


def test_restore_lists_asks_and_puts_back(run: Run, sales: Path, tmp_path: Path) -> None:
    assert answer(run("restore", "--list", "--json")) == {"backups": []}
    assert "No hay copias" in run("restore").stderr
    run("import", sales)
    run("backup")
    (listed,) = answer(run("restore", "--list", "--json"))["backups"]
    assert set(listed) == {"file", "made_at", "size", "receipts", "first_day", "last_day", "trouble"}
    assert (listed["receipts"], listed["first_day"], listed["last_day"]) == (3, "2026-05-04", "2026-05-05")
    run("imports", "undo", "1")
    assert run("restore").exit_code == 1, "nobody said yes"
    assert answer(run("summary", "--json"))["receipts"] == 0
    done = answer(run("restore", "--yes", "--json", Path(listed["file"]).name))
    assert (done["file"], done["is_kept_whole"]) == (listed["file"], True)
    assert answer(run("summary", "--json"))["receipts"] == 3
    assert len(answer(run("restore", "--list", "--json"))["backups"]) == 2
    (tmp_path / "home" / "colmado.db").write_bytes(b"\xa5" * 50_000)
    assert "Recupera una copia" in run("summary").stderr
    assert "El archivo dañado quedó" in run("restore", "--yes", listed["file"]).stdout
    assert answer(run("summary", "--json"))["receipts"] == 3
