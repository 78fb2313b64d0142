"""Known customers: written once, found in any writing, forgotten whole, and never lost by accident."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colmado_insights.domain import LINE_COLUMNS, RECEIPT_COLUMNS, Consent, Customer, Payment, day_number
from colmado_insights.errors import BadCustomer, FileProblem, NotSales, UnknownColumns, UnknownCustomer
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.storage import customer_results, health
from colmado_insights.storage.customers import (
    blank_names,
    erase_customer,
    find_customer,
    format_phone,
    name_key,
    read_customer,
    read_customer_sales,
    read_customers,
    read_purchases,
    write_customer,
)
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.customer_lists import import_customers
from colmado_insights.storage.importing.history import undo_batch
from colmado_insights.storage.importing.quarantine import read_bad_rows
from colmado_insights.storage.sales import count_known, read_sales
from colmado_insights.storage.schema import open_database
from tests.storage.till import NOW, bring_one, dump, write_rows

TATA, ROWS = "Doña Tata Ñúñez", 6
LAST = day_number(date(2026, 12, 31))
LIST = ("Nombre", "Teléfono", "Correo")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def till_file(folder: Path, *, extra: bool = False, name: str = TATA) -> Path:
    """Two receipts of one person, one of another, an anonymous one, and a row that cannot be read."""
    rows: list[tuple[object, ...]] = [
        (1, "02/11/2026 08:00", "Leche", 2, 130, "Efectivo", "Ana", name),
        (1, "02/11/2026 08:00", "Pan", 5, 50, "Efectivo", "Ana", name),
        (2, "05/11/2026 18:30", "Leche", 1, 65, "Fiado", "Ana", name),
        (3, "05/11/2026 19:00", "Ron", 1, 500, "Efectivo", "Ana", "Luis"),
        (4, "06/11/2026 09:00", "Pan", 1, 10, "Efectivo", "Ana", ""),
        (5, "ayer", "Pan", 1, 10, "Efectivo", "Ana", name),
    ]
    if extra:
        rows.append((6, "07/11/2026 10:00", "Arroz", 1, 200, "Efectivo", "Ana", name.upper()))
    return write_rows(folder / "ventas.csv", rows)


def import_till(shop: Database, folder: Path, **how: bool) -> int:
    batch = bring_one(shop, till_file(folder, **how)).batch
    assert batch is not None
    return batch


def by_name(shop: Database) -> dict[str, Customer]:
    return {customer.name: customer for customer in read_customers(shop)}


# ── reading ──


def test_customers_come_with_the_sums_of_their_sales(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    luis, tata = read_customers(shop)
    assert (luis.name, luis.spent_cents, luis.receipts) == ("Luis", 500_00, 1)
    assert (tata.name, tata.spent_cents, tata.receipts) == (TATA, 245_00, 2)
    assert (tata.first_day, tata.last_day) == (date(2026, 11, 2), date(2026, 11, 5))
    assert read_customer(shop, tata.customer_id) == tata


def test_as_of_a_past_day_later_sales_are_unknown(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    (tata,) = read_customers(shop, date(2026, 11, 4))
    assert (tata.receipts, tata.spent_cents, tata.last_day) == (1, 180_00, date(2026, 11, 2))
    assert read_customer(shop, tata.customer_id, date(2026, 11, 4)) == tata


def test_a_customer_is_found_by_id_name_or_part_of_it(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    tata = by_name(shop)[TATA].customer_id
    for words in (str(tata), TATA, "dona tata nunez", "TATA"):
        assert find_customer(shop, words) == tata
    for words in ("nadie", "", "a", "9999"):
        with pytest.raises(UnknownCustomer):
            find_customer(shop, words if words != "a" else "U")  # Luis and Ñúñez
    with pytest.raises(UnknownCustomer):
        read_customer(shop, 9999)


def test_the_number_of_nobody_finds_nobody_whose_name_has_that_digit(shop: Database, tmp_path: Path) -> None:
    bring_one(shop, till_file(tmp_path, name="Casa 777"))
    with pytest.raises(UnknownCustomer):
        find_customer(shop, "777")
    assert find_customer(shop, "casa 777")


def test_the_sales_of_all_and_of_one_are_the_same_frames(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    everything, known = read_sales(shop, 0, LAST), read_customer_sales(shop, LAST)
    assert {name: str(dtype) for name, dtype in known.receipts.dtypes.items()} == RECEIPT_COLUMNS
    assert {name: str(dtype) for name, dtype in known.lines.dtypes.items()} == LINE_COLUMNS
    assert len(known.receipts) == (everything.receipts["customer_id"] > 0).sum() == 3
    assert len(known.lines) == 4
    tata = by_name(shop)[TATA].customer_id
    one = read_customer_sales(shop, LAST, tata)
    of_all = known.receipts[known.receipts["customer_id"] == tata]
    assert one.receipts.to_numpy().tolist() == of_all.to_numpy().tolist()
    assert one.lines["amount_cents"].tolist() == [130_00, 50_00, 65_00]
    assert read_customer_sales(shop, day_number(date(2026, 11, 2)), tata).receipts["sale_id"].size == 1


def test_who_said_no_is_in_no_frame_but_in_the_sums(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    tata = by_name(shop)[TATA]
    write_customer(shop, replace(tata, consent=Consent.NO), NOW)
    assert set(read_customer_sales(shop, LAST).receipts["customer_id"]) == {by_name(shop)["Luis"].customer_id}
    assert read_customer_sales(shop, LAST, tata.customer_id).receipts.empty
    assert by_name(shop)[TATA].spent_cents == 245_00


# ── writing ──


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("8095550101", "809-555-0101"),
        (" (829) 555 0101 ", "829-555-0101"),
        ("+1 849.555.0101", "849-555-0101"),
        ("1-809-555-0101", "809-555-0101"),
        ("787-555-0101", "787-555-0101"),
        ("555 0101", "555 0101"),
        ("la vecina", "la vecina"),
        ("", ""),
    ],
)
def test_dominican_telephones_are_written_one_way(written: str, kept: str) -> None:
    assert format_phone(written) == kept


def test_a_new_customer_is_kept_without_sales(shop: Database) -> None:
    key = write_customer(
        shop,
        Customer(0, "  Doña  Tata ", "Tata", "8295550101", note=" vive arriba ", consent=Consent.YES),
        NOW,
    )
    (tata,) = read_customers(shop)
    assert tata == Customer(
        key, "Doña Tata", "Tata", "829-555-0101", "", "vive arriba", Consent.YES, NOW, is_listed=True
    )
    assert tata.shown_name == "Tata"
    assert count_known(shop)[0] == 0  # customers that sales mention


def test_names_are_there_and_only_once(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    luis = by_name(shop)["Luis"]
    for name in ("", "   "):
        with pytest.raises(BadCustomer):
            write_customer(shop, Customer(0, name), NOW)
    for customer in (Customer(0, "dona tata NUNEZ"), replace(luis, name=TATA.upper())):
        with pytest.raises(BadCustomer) as trouble:
            write_customer(shop, customer, NOW)
        assert "tata" not in str(trouble.value).casefold()  # errors are logged
    with pytest.raises(UnknownCustomer):
        write_customer(shop, Customer(9999, "Nadie"), NOW)
    assert write_customer(shop, replace(luis, name="LUIS", phone="8095550000"), NOW) == luis.customer_id


def test_consent_is_dated_when_it_changes(shop: Database) -> None:
    key = write_customer(shop, Customer(0, "Luis"), NOW)
    assert read_customer(shop, key).consent_at is None
    later = datetime(2026, 12, 1, 9)
    write_customer(shop, replace(read_customer(shop, key), consent=Consent.YES), later)
    write_customer(shop, replace(read_customer(shop, key), note="fía"), datetime(2026, 12, 5))
    assert read_customer(shop, key).consent_at == later
    write_customer(shop, replace(read_customer(shop, key), consent=Consent.UNKNOWN), later)
    assert read_customer(shop, key).consent_at is None


def test_a_no_takes_back_what_was_found_out(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    tata, luis = by_name(shop)[TATA], by_name(shop)["Luis"]
    keep_findings(shop, tata.customer_id, luis.customer_id)
    write_customer(shop, replace(tata, consent=Consent.NO), NOW)
    assert customer_results.read_outlook(shop, tata.customer_id) is None
    assert customer_results.read_profile(shop, tata.customer_id) is None
    assert customer_results.read_months(shop, NOW.date())["customer_id"].tolist() == [luis.customer_id]
    keep_findings(shop, tata.customer_id, luis.customer_id)  # a batch that was under way meanwhile
    assert [key for key, _kept in customer_results.read_outlooks(shop)] == [luis.customer_id]


def keep_findings(shop: Database, *ids: int) -> None:
    day, how = date(2026, 11, 7), {"made_at": NOW, "version": 1}
    customer_results.write_outlooks(shop, [(key, "loyal", "{}") for key in ids], until=day, **how)
    for key in ids:
        customer_results.write_profile(shop, key, "{}", until=day, **how)
    customer_results.write_month(shop, day, [(key, "loyal", 1, 2, 300, *[None] * 7) for key in ids])


# ── undo ──


def test_undo_keeps_who_is_listed(shop: Database, tmp_path: Path) -> None:
    batch = import_till(shop, tmp_path)
    write_customer(shop, replace(by_name(shop)[TATA], phone="8095550101"), NOW)
    write_customer(shop, Customer(0, "Sin compras"), NOW)
    undo_batch(shop, batch, now=NOW)
    kept = by_name(shop)
    assert set(kept) == {TATA, "Sin compras"}
    assert kept[TATA].phone == "809-555-0101"
    assert kept[TATA].receipts == 0


# ── forgetting ──


def everywhere(shop: Database) -> str:
    """All that the tables hold, as text."""
    tables = [name for (name,) in shop.read("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return repr([shop.read(f"SELECT * FROM {table}") for table in tables]).casefold()


def test_an_erased_person_is_gone_and_the_sums_stay(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    tata = by_name(shop)[TATA].customer_id
    write_customer(
        shop, replace(by_name(shop)[TATA], nickname="Tatica", phone="809-555-0177", note="la del 2do"), NOW
    )
    keep_findings(shop, tata)
    with shop.transaction() as connection:
        connection.execute(
            "INSERT INTO advice (key, kind, measure, body, shown_at, seen_at) VALUES ('a', 'win_back', ?, '{}', 0, 0)",
            (f"customer:{tata}",),
        )
        connection.execute("INSERT INTO advice_answer (key, done, answered_at) VALUES ('a', 1, 0)")
    before = dump(shop)
    erase_customer(shop, tata, NOW)
    after = dump(shop)
    assert {name: after[name] for name in ("lines", "daily", "hourly", "products")} == {
        name: before[name] for name in ("lines", "daily", "hourly", "products")
    }
    assert [row[:-1] for row in after["sales"]] == [row[:-1] for row in before["sales"]]
    assert set(by_name(shop)) == {"Luis"}
    assert health.find_problems(shop) == ()
    for trace in ("tata", "tatica", "ñúñez", "0177", "2do"):
        assert trace not in everywhere(shop)
    assert not shop.read("SELECT * FROM advice UNION ALL SELECT *, 0, 0, 0, 0, 0, 0 FROM advice_answer")
    with pytest.raises(UnknownCustomer):
        erase_customer(shop, tata, NOW)


def test_the_next_export_does_not_bring_them_back(shop: Database, tmp_path: Path) -> None:
    batch = import_till(shop, tmp_path)
    erase_customer(shop, by_name(shop)[TATA].customer_id, NOW)
    revenue = shop.read_one("SELECT sum(revenue_cents) FROM daily")
    again = bring_one(shop, till_file(tmp_path, extra=True))
    assert (again.receipts_new, again.quarantined) == (1, 1)  # a new sale of theirs is anybody's
    assert shop.read_one("SELECT sum(revenue_cents) FROM daily") == revenue + 200_00
    assert set(by_name(shop)) == {"Luis"}
    (bad,) = read_bad_rows(shop, batch)
    assert json.loads(bad.raw)[-1] == ""
    assert "tata" not in everywhere(shop)


def test_other_writings_of_the_name_are_the_same_person(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path, extra=True)
    tata = by_name(shop)[TATA]
    assert (len(read_customers(shop)), tata.receipts) == (2, 3)
    with shop.transaction() as connection:  # as older versions kept them
        connection.execute("INSERT INTO customer (name) VALUES (?)", (TATA.upper(),))
        connection.execute("UPDATE sale SET customer_id = last_insert_rowid() WHERE number = '6'")
    assert len(read_customers(shop)) == 3
    import_till(shop, tmp_path, extra=True)
    assert len(read_customers(shop)) == 3
    erase_customer(shop, tata.customer_id, NOW)
    assert set(by_name(shop)) == {"Luis"}


@pytest.mark.parametrize(
    "nobody", ["Consumidor Final", "CLIENTE GENERAL", "Público  general", "nan", "0", "VARIOS"]
)
def test_a_till_s_word_for_nobody_is_no_customer(shop: Database, tmp_path: Path, nobody: str) -> None:
    bring_one(shop, till_file(tmp_path, name=nobody))
    people = [(nobody, "809-555-0101", ""), ("Eva", "809-555-0102", "")]
    import_customers(shop, write_rows(tmp_path / "lista.csv", people, LIST), now=NOW)
    with pytest.raises(BadCustomer):
        write_customer(shop, Customer(0, nobody), NOW)
    assert set(by_name(shop)) == {"Luis", "Eva"}


@pytest.mark.parametrize("what", ["nope.csv", "."])
def test_a_list_that_is_not_there_is_told_in_a_sentence(shop: Database, tmp_path: Path, what: str) -> None:
    with pytest.raises(FileProblem):
        import_customers(shop, tmp_path / what, now=NOW)


def test_the_name_is_in_no_byte_of_the_files(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    erase_customer(shop, by_name(shop)[TATA].customer_id, NOW)
    bring_one(shop, till_file(tmp_path, extra=True))
    (tmp_path / "ventas.csv").unlink()
    for _vacuumed in (False, True):
        for file in tmp_path.glob("shop.db*"):
            assert b"tata" not in file.read_bytes().lower(), file
        shop.read("VACUUM")


def test_who_is_entered_again_is_known_again(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    erase_customer(shop, by_name(shop)[TATA].customer_id, NOW)
    key = write_customer(shop, Customer(0, TATA, consent=Consent.YES), NOW)
    import_till(shop, tmp_path)
    assert by_name(shop)[TATA].customer_id == key
    assert by_name(shop)[TATA].receipts == 2  # the till's word counts again


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(
        st.characters(categories=["L", "Zs", "Nd"], include_characters=".'-"), min_size=4, max_size=24
    )
)
def test_any_name_can_be_forgotten(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("erased")
    file = till_file(folder, name=f"zq {name}")
    with open_database(folder / "shop.db") as shop:
        bring_one(shop, file)
        person = next(customer for customer in read_customers(shop) if customer.name != "Luis")
        sums = shop.read("SELECT * FROM daily")
        erase_customer(shop, person.customer_id, NOW)
        bring_one(shop, file)
        assert shop.read("SELECT * FROM daily") == sums
        assert [customer.name for customer in read_customers(shop)] == ["Luis"]
        assert "zq " not in everywhere(shop)


def test_a_key_tells_the_name_in_any_writing_only() -> None:
    assert name_key("Doña  Ana") == name_key("DONA ANA") != name_key("Doña Eva")
    assert 0 <= name_key("x") < 2**63
    row = json.dumps(["1", "Doña Ana", "dona ana", "Ana"], ensure_ascii=False)
    assert json.loads(blank_names(row, {name_key("doña ana")})) == ["1", "", "", "Ana"]
    assert blank_names(row, set()) == row


# ── what a person may be told ──


def test_all_that_a_person_bought_can_be_told(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    lines = read_purchases(shop, by_name(shop)[TATA].customer_id)
    assert [(line.receipt, line.product, line.amount_cents) for line in lines] == [
        ("1", "Leche", 130_00), ("1", "Pan", 50_00), ("2", "Leche", 65_00),
    ]  # fmt: skip
    assert lines[0].total_cents == 180_00
    assert lines[2].payment is Payment.CREDIT
    assert lines[2].sold_at == datetime(2026, 11, 5, 18, 30)


# ── lists ──


def take(shop: Database, folder: Path, *rows: tuple[str, ...]) -> tuple[int, int]:
    return import_customers(shop, write_rows(folder / "clientes.csv", rows, LIST), now=NOW)


def test_a_list_fills_what_is_empty_and_adds_who_is_new(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    write_customer(shop, replace(by_name(shop)["Luis"], phone="809-555-0000"), NOW)
    counts = take(
        shop, tmp_path,
        ("DONA TATA NUNEZ", "8295550101", "tata@example.com"), ("Luis", "8095559999", ""), ("Eva", "", "eva@example.com"),
        ("eva", "8495550101", ""),
    )  # fmt: skip
    assert counts == (2, 1)
    people = by_name(shop)
    assert (people[TATA].phone, people[TATA].contact) == ("829-555-0101", "tata@example.com")
    assert people["Luis"].phone == "809-555-0000"  # the owner's word
    assert (people["Eva"].phone, people["Eva"].contact) == ("849-555-0101", "eva@example.com")
    assert all(person.is_listed and person.consent is Consent.UNKNOWN for person in people.values())
    assert take(shop, tmp_path, ("Eva", "8095551234", "")) == (1, 0)
    assert by_name(shop)["Eva"].phone == "849-555-0101"


def test_loyverse_customers_are_taken(shop: Database) -> None:
    path = Path(__file__).parent.parent / "data" / "catalogs" / "customers.csv"
    assert import_customers(shop, path, now=NOW) == (0, 2)
    assert by_name(shop)["Doña Ana"].phone == "809-555-0101"
    with pytest.raises(NotSales, match="Clientes"):
        bring_one(shop, path)


def test_a_list_of_products_is_led_to_the_products(shop: Database) -> None:
    path = Path(__file__).parent.parent / "data" / "catalogs" / "export_items.csv"
    with pytest.raises(UnknownColumns, match="Productos"):
        import_customers(shop, path, now=NOW)
    assert not read_customers(shop)


def test_a_list_does_not_bring_back_who_was_erased(shop: Database, tmp_path: Path) -> None:
    import_till(shop, tmp_path)
    erase_customer(shop, by_name(shop)[TATA].customer_id, NOW)
    assert take(shop, tmp_path, (TATA.lower(), "8095550101", "")) == (0, 0)
    assert set(by_name(shop)) == {"Luis"}


def test_a_cancelled_list_changes_nothing(shop: Database, tmp_path: Path) -> None:
    progress = Progress(lambda *_step: progress.cancel())
    path = write_rows(
        tmp_path / "clientes.csv", [(f"Cliente {n}", "8095550101", "") for n in range(50)], LIST
    )
    with pytest.raises(Cancelled):
        import_customers(shop, path, now=NOW, progress=progress)
    assert not read_customers(shop)
