"""One window at a time holds a city: a lock that the operating system frees when the process dies."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

from citystat.errors import CityStatError
from citystat.texts import tr


class FileLock:
    """Holds `path`.lock and writes in it who holds it and since when."""

    def __init__(self, path: Path, who: str) -> None:
        self._path = path.with_name(path.name + ".lock")
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise CityStatError(
                tr("The folder cannot be written"),
                where=str(path.parent),
                do=tr("Copy the city to a folder of your own"),
            ) from error
        try:
            _take(self._file)
        except (BlockingIOError, PermissionError):
            holder = self._path.read_text(encoding="utf-8", errors="replace").strip()
            os.close(self._file)
            raise CityStatError(
                tr("This city is open in another window ({holder})", holder=holder)
                if holder
                else tr("This city is open in another window"),
                where=path.name,
                do=tr("Close it there, or save a copy and open that"),
            ) from None
        except OSError as error:
            os.close(self._file)
            raise CityStatError(
                tr("This folder cannot keep two windows from writing at once"),
                where=str(path.parent),
                do=tr("Copy the city to a folder on this computer"),
            ) from error
        os.truncate(self._file, 0)
        os.write(self._file, f"{who}, since {datetime.now():%H:%M on %d %b %Y}".encode())

    def release(self) -> None:
        """Let others open the city."""
        self._path.unlink(missing_ok=True) if sys.platform != "win32" else None
        os.close(self._file)


def _take(file: int) -> None:
    """Lock the open file or raise OSError at once."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(file, 1024, os.SEEK_SET)  # beyond the words, which must stay readable
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
