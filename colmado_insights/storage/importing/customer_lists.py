"""Lists of customers come in: telephones and addresses for customers known and still to come."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from colmado_insights.domain import wall_seconds
from colmado_insights.errors import UnknownColumns
from colmado_insights.progress import Progress
from colmado_insights.storage.customers import format_phone, name_key
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.dumps import is_somebody
from colmado_insights.storage.importing.presets import catalogs
from colmado_insights.storage.importing.presets.catalogs import CustomerItem
from colmado_insights.storage.importing.readers import read_head
from colmado_insights.storage.importing.vocabulary import fold
from colmado_insights.text import _

if TYPE_CHECKING:
    from sqlite3 import Connection


class ListedCounts(NamedTuple):
    """What a list of customers brought."""

    matched: int  # customers of the list that the shop knew
    new: int


def import_customers(
    database: Database, path: Path, *, now: datetime, progress: Progress | None = None
) -> ListedCounts:
    """Take telephones and e-mail addresses from a list of customers, all of it or nothing.

    Customers are found by name, however it is written. What the owner wrote stays, whether somebody agreed to
    anything is not asked of a list, and who was erased is not brought back.

    Raises
    ------
    FileProblem
        The file is no list of customers.
    Cancelled
        The user asked to stop; nothing is changed then.
    """
    progress = progress or Progress()
    head = read_head(path)
    if catalogs.recognise(path, head) >= catalogs.LIKELY and not catalogs.lists_customers(path, head):
        raise UnknownColumns(
            _("«{file}» es una lista de productos, no de clientes.").format(file=path.name),
            _("Impórtala en Productos, o escoge la lista de clientes."),
        )
    items = list(dict.fromkeys(catalogs.read_customers(path)))
    with database.transaction() as connection:
        intake = _Intake(connection, wall_seconds(now))
        for done, item in enumerate(items):
            progress.step(done, len(items), _("Leyendo {file}").format(file=path.name))
            intake.take(item)
        progress.step(len(items), len(items), _("Leyendo {file}").format(file=path.name))
    return ListedCounts(len(intake.matched), intake.new)


class _Intake:
    """Matches the people of one list with the shop's customers; lives for one transaction."""

    def __init__(self, connection: Connection, at: int) -> None:
        self._connection = connection
        self._at = at
        self._ids = {
            fold(name): key
            for key, name in connection.execute("SELECT id, name FROM customer ORDER BY id DESC")
        }
        self._erased = {key for (key,) in connection.execute("SELECT name_key FROM erased_customer")}
        self._added: set[int] = set()
        self.matched: set[int] = set()

    @property
    def new(self) -> int:
        """Customers that the shop did not know."""
        return len(self._added)

    def take(self, item: CustomerItem) -> None:
        """Bring one person to the customer they are, or to a new one."""
        if name_key(item.name) in self._erased or not is_somebody(item.name):
            return
        key = self._ids.get(fold(item.name))
        if key is None:
            key = self._add(item.name)
        elif key not in self._added:
            self.matched.add(key)
        self._connection.execute(
            "UPDATE customer SET is_listed = 1, phone = iif(phone = '', ?, phone),"
            " contact = iif(contact = '', ?, contact) WHERE id = ?",
            (format_phone(item.phone), item.email, key),
        )

    def _add(self, name: str) -> int:
        key = self._connection.execute(
            "INSERT INTO customer (name, added_at) VALUES (?, ?)", (name, self._at)
        ).lastrowid
        assert key is not None
        self._ids[fold(name)] = key
        self._added.add(key)
        return key
