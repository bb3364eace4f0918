"""Bring files in, one number after the other, in a process of its own: `trying.py FIRST LAST`. A crash names its number."""

from __future__ import annotations

import collections
import faulthandler
import sqlite3
import sys
import tempfile
import traceback
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from making import made

from citystat.city import City
from citystat.collect.apply import apply
from citystat.collect.checks import ERROR
from citystat.collect.picking import pick
from citystat.collect.readers import read
from citystat.collect.recipe import from_json
from citystat.collect.store import store
from citystat.errors import CityStatError

NOW = datetime(2026, 3, 10, 9, 0)
LONGEST = 60  # seconds for one file; then the process ends and says where it hung
MEMORY = 6 << 30  # bytes; more than that for a file of some kilobytes is a failure


def bring(city: City, path: Path, how: object) -> str:
    """One file as the window and the command line bring it in: what became of it. AssertionError where that is not in order."""
    with closing(sqlite3.connect(city.path)) as looked:
        before = _state(looked)
        try:
            source = read(path)
            picked = pick(city, source, recipe=None if how is None else from_json(how, "map.json"))
            if picked.changes:
                assert all(d.said for d in picked.changes)
                return "asked"
            batch = picked.batch or apply(source, picked.recipe)
            assert all(r.place and r.reason for r in batch.remarks), [r for r in batch.remarks if not r.place]
            done = store(city, source, picked.recipe, batch, now=NOW)
        except CityStatError as error:
            assert error.what and error.where and "\n" not in str(error), repr(str(error))
            assert _state(looked) == before, "a refused file left something behind"
            return "refused"
        held = sum(f.level == ERROR and f.value is not None for f in done.findings)
        brought = done.added + done.revised
        assert brought + done.unchanged + held >= batch.value_count - _missing(batch) and brought <= batch.value_count
        if done.run_id is None:
            return "nothing new"
        kept = looked.execute("SELECT count(*) FROM observation WHERE run_id = ?", (done.run_id,)).fetchone()[0]
        assert kept == brought, f"{kept} kept of {brought}"
        return "brought in"


def _missing(batch: object) -> int:
    """Values without a figure: held ones of them cannot be told apart in the findings."""
    return int((batch.values.value != batch.values.value).sum())  # type: ignore[attr-defined]


def _state(looked: sqlite3.Connection) -> tuple[int, ...]:
    """Which changes again only when something was committed to the file."""
    return tuple(looked.execute("PRAGMA data_version").fetchone())


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in str(number))


def main(first: int, last: int) -> None:
    """Try files `first` to `last`; end with 1 where one failed."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    seen: collections.Counter[str] = collections.Counter()
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        city = City.create(Path(folder) / "Fuzz.citystat", "Fuzz")
        for number in range(first, last):
            name, data, how = made(number)
            path = Path(folder) / f"{_letters(number)} {name}"  # by its name a file would be read as another was
            path.write_bytes(data)
            print(f"at {number}", flush=True)
            faulthandler.dump_traceback_later(LONGEST, exit=True)
            try:
                seen[bring(city, path, how)] += 1
            except BaseException:
                failed.append(number)
                print(f"FAILED {number} ({name}, {len(data)} bytes)\n{traceback.format_exc(limit=-6)}", flush=True)
            faulthandler.cancel_dump_traceback_later()
            path.unlink()
        city.close()
    print(f"{last - first} files: {dict(seen)}; failed: {failed}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
