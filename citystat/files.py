"""A file that a person names: read whole, or a sentence says what it is instead."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from citystat.errors import CityStatError
from citystat.texts import tr


def found(path: Path) -> os.stat_result | None:
    """What stands at `path`, None where nothing does; CityStatError where the system cannot even look."""
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise cannot(path, error) from error


def size_of(path: Path) -> int:
    """Bytes of the file at `path`.

    CityStatError where there is none, or something that is no file: a pipe or a device would be read for ever.
    """
    there = found(path)
    if there is None:
        raise CityStatError(tr("There is no such file"), where=str(path), do=tr("Check the name"))
    if stat.S_ISDIR(there.st_mode):
        raise CityStatError(tr("This is a folder, not a file"), where=str(path), do=tr("Choose one of the files in it"))
    if not stat.S_ISREG(there.st_mode):
        raise CityStatError(
            tr("This is a device or a pipe, not a file"), where=str(path), do=tr("Save it as a file and choose that")
        )
    return there.st_size


def read_bytes(path: Path) -> bytes:
    """All of the file at `path`; CityStatError as size_of(), or where it may not be read."""
    size_of(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise cannot(path, error) from error


def cannot(path: Path, error: OSError | ValueError) -> CityStatError:
    """The sentence for what the system refused."""
    return CityStatError(
        tr("The file cannot be read ({why})", why=getattr(error, "strerror", None) or str(error)),
        where=_short(str(path)),
        do=tr("Close it elsewhere, or copy it first"),
    )


def _short(name: str) -> str:
    return name if len(name) <= 120 else f"{name[:100]}…"


def same(one: Path, other: Path) -> bool:
    """Whether two names mean one file."""
    try:
        return one.resolve() == other.resolve()
    except (OSError, RuntimeError):  # a name too long, or links that lead round in a circle
        return False


def replaceable(path: Path) -> None:
    """CityStatError where `path` is taken by something that is no file: a folder, or a device, which would be lost."""
    there = found(path)
    if there and not stat.S_ISREG(there.st_mode):
        raise CityStatError(
            tr("This is a folder or a device, not a file"), where=str(path), do=tr("Choose another name")
        )


def write_bytes(path: Path, data: bytes) -> None:
    """Write the file at `path`; one that stands there is replaced only by the finished one. CityStatError where not."""
    replaceable(path)
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise CityStatError(
            tr("The file cannot be written ({why})", why=error.strerror or str(error)),
            where=_short(str(path)),
            do=tr("Close it in the program that has it open, or choose another folder"),
        ) from error
