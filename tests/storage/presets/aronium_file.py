"""A file as Aronium writes it, made from its schema; run as a program it is a till that goes on selling."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

SCHEMA = """
CREATE TABLE "User" (Id INTEGER PRIMARY KEY AUTOINCREMENT, FirstName TEXT, LastName TEXT, Username TEXT,
    Password TEXT, AccessLevel INTEGER, IsEnabled INTEGER (1), Email TEXT);
CREATE TABLE Customer (Id INTEGER PRIMARY KEY AUTOINCREMENT, Code TEXT, Name TEXT NOT NULL, TaxNumber TEXT,
    Address TEXT, PhoneNumber TEXT, DateCreated DATETIME DEFAULT (datetime('now', 'localtime')));
CREATE TABLE ProductGroup (Id INTEGER PRIMARY KEY AUTOINCREMENT, Name TEXT NOT NULL, ParentGroupId INTEGER);
CREATE TABLE Product (Id INTEGER PRIMARY KEY AUTOINCREMENT, ProductGroupId INTEGER, Name TEXT NOT NULL,
    Code TEXT, Plu INTEGER, MeasurementUnit TEXT, Price NUMERIC, Cost NUMERIC DEFAULT (0));
CREATE TABLE Barcode (Id INTEGER PRIMARY KEY AUTOINCREMENT, ProductId INTEGER NOT NULL, Value TEXT NOT NULL);
CREATE TABLE DocumentCategory (Id INTEGER PRIMARY KEY AUTOINCREMENT, Name TEXT NOT NULL);
CREATE TABLE DocumentType (Id INTEGER PRIMARY KEY AUTOINCREMENT, Name TEXT NOT NULL, Code TEXT NOT NULL,
    DocumentCategoryId INTEGER, WarehouseId INTEGER, StockDirection INTEGER (1), PriceType INT);
CREATE TABLE Document (Id INTEGER PRIMARY KEY AUTOINCREMENT, Number TEXT NOT NULL, UserId INTEGER NOT NULL,
    CustomerId INTEGER, OrderNumber TEXT, Date DATE NOT NULL, StockDate DATETIME NOT NULL,
    Total NUMERIC NOT NULL DEFAULT (0), IsClockedOut INTEGER (1) DEFAULT (0), DocumentTypeId INTEGER NOT NULL,
    WarehouseId INTEGER DEFAULT (1), ReferenceDocumentNumber TEXT, InternalNote TEXT, Note TEXT, DueDate DATE,
    Discount NUMERIC DEFAULT (0), DiscountType INT DEFAULT (0), PaidStatus INTEGER DEFAULT (0),
    DateCreated DATETIME DEFAULT (datetime('now', 'localtime')),
    DateUpdated DATETIME DEFAULT (datetime('now', 'localtime')), DiscountApplyRule INTEGER(1) DEFAULT (0),
    ServiceType INTEGER DEFAULT (0));
CREATE TABLE DocumentItem (Id INTEGER PRIMARY KEY AUTOINCREMENT, DocumentId INTEGER NOT NULL,
    ProductId INTEGER NOT NULL, Quantity NUMERIC NOT NULL, ExpectedQuantity NUMERIC DEFAULT (0),
    PriceBeforeTax NUMERIC NOT NULL DEFAULT (0), Price NUMERIC NOT NULL DEFAULT (0),
    Discount NUMERIC NOT NULL DEFAULT (0), DiscountType INTEGER DEFAULT (0), ProductCost NUMERIC DEFAULT (0),
    PriceBeforeTaxAfterDiscount NUMERIC DEFAULT (0), PriceAfterDiscount NUMERIC NOT NULL DEFAULT (0),
    Total NUMERIC NOT NULL DEFAULT (0), TotalAfterDocumentDiscount NUMERIC NOT NULL DEFAULT (0),
    DiscountApplyRule INTEGER(1) DEFAULT (0));
CREATE INDEX IX_DocumentItem_DocumentId ON DocumentItem (DocumentId);
CREATE TABLE PaymentType (Id INTEGER PRIMARY KEY AUTOINCREMENT, Name TEXT NOT NULL, Code TEXT);
CREATE TABLE Payment (Id INTEGER PRIMARY KEY AUTOINCREMENT, DocumentId INTEGER NOT NULL,
    PaymentTypeId INTEGER NOT NULL, Amount NUMERIC NOT NULL, Date DATE, UserId INTEGER, ZReportId INTEGER,
    DateCreated DATETIME DEFAULT (0));
CREATE TABLE StartingCash (Id INTEGER PRIMARY KEY AUTOINCREMENT, UserId INTEGER, Amount NUMERIC,
    Description TEXT, StartingCashType INTEGER, DateCreated DATETIME);
CREATE TABLE PosVoid (Id INTEGER PRIMARY KEY AUTOINCREMENT, ProductId INTEGER, Quantity NUMERIC, Total NUMERIC);
INSERT INTO "User" VALUES (1, 'Ana', 'Díaz', 'ana', '', 9, 1, NULL), (2, NULL, NULL, 'luis', '', 0, 1, NULL);
INSERT INTO Customer (Id, Name) VALUES (1, 'Unknown'), (2, 'Doña Altagracia');
INSERT INTO ProductGroup VALUES (1, 'Provisiones', NULL), (2, 'Bebidas', NULL);
INSERT INTO Product (Id, ProductGroupId, Name, Code, Price, Cost) VALUES (1, 1, 'Arroz selecto lb', '10', 35, 28),
    (2, 2, 'Cerveza 650 ml', '20', 175, 140), (3, NULL, 'Queso de freír', NULL, 240, 0), (4, 1, 'Mentas', '40', 10, 5);
INSERT INTO Barcode (ProductId, Value) VALUES (2, '7460020000017'), (2, '7460020000018');
INSERT INTO DocumentType (Id, Name, Code, DocumentCategoryId) VALUES (1, 'Compra', '100', 1), (2, 'Venta', '200', 2),
    (3, 'Conteo de inventario', '300', 3), (4, 'Reembolso', '220', 2), (5, 'Devolución de stock', '120', 1),
    (6, 'Pérdidas y daños', '400', 4), (7, 'Proforma', '230', 2);
INSERT INTO PaymentType VALUES (1, 'Efectivo', '1'), (2, 'Tarjeta', '2'), (3, 'Fiao', '3');
"""


@dataclass(frozen=True)
class Sold:
    """An item of a document: product, quantity, unit cost, total, and total after the document's discount."""

    product: int
    quantity: float
    cost: float
    total: float
    after: float


def make_file(path: Path, *, journal: str = "DELETE") -> Path:
    """An Aronium file without documents."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.executescript(SCHEMA)
    return path


def write_document(
    connection: sqlite3.Connection, number: str, kind: int, moment: str, items: Iterable[Sold],
    payments: Iterable[tuple[int, float]] = (), *, user: int = 1, customer: int | None = 1,
    stocked: str | None = None, created: str | None = None, total: float | None = None, updated: str | None = None,
) -> int:  # fmt: skip
    """Write a document as the till does, in one transaction; `moment` is its date and, unless told, its clocks."""
    sold = list(items)
    with connection:
        cursor = connection.execute(
            "INSERT INTO Document (Number, UserId, CustomerId, Date, StockDate, Total, DocumentTypeId,"
            " DateCreated, DateUpdated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number, user, customer, f"{moment[:10]} 00:00:00", stocked or moment,
                sum(item.after for item in sold) if total is None else total, kind,
                created or moment, updated or created or moment,
            ),
        )  # fmt: skip
        document = cursor.lastrowid
        assert document is not None
        for item in sold:
            price = item.total / item.quantity if item.quantity else 0
            connection.execute(
                "INSERT INTO DocumentItem (DocumentId, ProductId, Quantity, Price, PriceAfterDiscount,"
                " ProductCost, Total, TotalAfterDocumentDiscount) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (document, item.product, item.quantity, price, price, item.cost, item.total, item.after),
            )
        connection.executemany(
            "INSERT INTO Payment (DocumentId, PaymentTypeId, Amount, Date) VALUES (?, ?, ?, ?)",
            [(document, kind_, amount, moment[:10]) for kind_, amount in payments],
        )
    return document


def sell_on(path: Path, documents: int) -> None:
    """Write one sale after the other, each of three lines, as fast as a till never would."""
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        for at in range(documents):
            moment = f"2026-10-07 {8 + at // 3600 % 12:02}:{at // 60 % 60:02}:{at % 60:02}"
            items = [Sold(1, 2, 28, 70, 70), Sold(2, 1, 140, 175, 175), Sold(4, 1 + at % 5, 5, 10, 10)]
            write_document(connection, f"26-200-{at + 1:06}", 2, moment, items, [(1, 255)])
            time.sleep(0.001)


if __name__ == "__main__":
    sell_on(Path(sys.argv[1]), int(sys.argv[2]))
