"""Every error a shopkeeper may read: what happened, and what to do about it.

The sentences arrive already in the user's language (callers wrap them in `_()`),
so that an error may be shown, printed and logged as it stands. They never carry
a customer's name or phone.
"""

from __future__ import annotations


class ShopError(Exception):
    """A known trouble of the environment or the input, never a bug of ours."""

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo

    def __str__(self) -> str:
        return f"{self.what} {self.todo}".strip()


class FileProblem(ShopError):
    """A file the user offered cannot be used."""


class UnreadableFile(FileProblem):
    """The file cannot be opened or is not a table: a picture, a folder, no permission, damaged."""


class FileHeld(UnreadableFile):
    """Another program has the file to itself just now, or it may not be read at all."""


class UnknownColumns(FileProblem):
    """A table, but the columns a sale needs (date, product or receipt, amount) were not found."""


class EmptyFile(FileProblem):
    """The file holds no rows."""


class NotSales(FileProblem):
    """The file is a report of sums (per product, per day), not of sales."""


class BadRelease(FileProblem):
    """A file that is no newer version of this program, or not a whole one."""


class DataProblem(ShopError):
    """The database cannot be used."""


class DatabaseLocked(DataProblem):
    """Another program holds the database for longer than we wait."""


class DatabaseDamaged(DataProblem):
    """SQLite says that the file is damaged or is no database."""


class ForeignDatabase(DatabaseDamaged):
    """A database that is whole, but another program's."""


class DatabaseTooNew(DataProblem):
    """The file was written by a newer version of this program."""


class DiskFull(DataProblem):
    """The disk has no room, or the folder cannot be written."""


class AccessProblem(ShopError):
    """The user may not do this."""


class AdviceProblem(ShopError):
    """An answer from the outside could not be had."""


class NoNetwork(AdviceProblem):
    """The service could not be reached, or gave no whole answer in time."""


class NoKey(AdviceProblem):
    """There is no key for the service, or it does not accept the one there is."""


class NotAllowed(AdviceProblem):
    """The owner has not allowed that this kind of figures leaves the PC."""


class BudgetSpent(AdviceProblem):
    """The month's limit would be passed, or what it would cost is not known."""


class AdviceRefused(AdviceProblem):
    """The service answered, but not with something that can be used."""


class UnknownModel(AdviceProblem):
    """The service does not offer that model (any more)."""


class UnknownBatch(DataProblem):
    """An import that is not in the history, or was undone already, cannot be undone."""


class UnknownProduct(DataProblem):
    """Words that name no product, or several."""


class UnknownCustomer(DataProblem):
    """Words or an id that name no customer, or several; their names are never in the message."""


class BadCustomer(ShopError):
    """What the owner wrote of a customer cannot be kept: no name, or another's."""


class UnknownAdvice(DataProblem):
    """A key that no advice in the ledger has."""


class PortTaken(ShopError):
    """Another program listens where the web till would post its sales."""


class BadExperiment(ShopError):
    """Ways to ask that cannot be compared, or an experiment that cannot be begun, ended or resumed."""
