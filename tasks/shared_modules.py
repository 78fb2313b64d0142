"""Runs first in both built programs (PyInstaller's run-time hook): they take their modules from one archive.

PyInstaller would put everything into each of the two programs. build.spec writes all but Python's own library to
modules.zip instead, beside the libraries; a module found there believes to lie where it would without the archive.
"""

import os
import sys
from importlib.machinery import ModuleSpec, SourcelessFileLoader
from importlib.util import spec_from_file_location
from zipfile import ZipFile


class SharedLoader(SourcelessFileLoader):
    """Loads a module's code from the archive, and its other files from the folder it believes to lie in."""

    def __init__(self, name: str, path: str, archive: ZipFile, member: str) -> None:
        super().__init__(name, path)
        self.archive, self.member = archive, member

    def get_data(self, path: str) -> bytes:
        """The bytes of the module itself, or of a file beside it."""
        return self.archive.read(self.member) if path == self.path else super().get_data(path)


class SharedModules:
    """Finds modules by their name in the archive of a folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.archive = ZipFile(os.path.join(folder, "modules.zip"))

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Where the module is; None when the archive does not have it."""
        stem = name.replace(".", "/")
        for member in (f"{stem}/__init__.pyc", f"{stem}.pyc"):
            if member in self.archive.NameToInfo:
                location = os.path.join(self.folder, *member.split("/"))
                return spec_from_file_location(
                    name, location, loader=SharedLoader(name, location, self.archive, member)
                )
        return None


if hasattr(sys, "_MEIPASS"):
    sys.meta_path.insert(0, SharedModules(sys._MEIPASS))
