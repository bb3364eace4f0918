"""The import's figures: a workbook of 100,000 rows beside python-calamine, a million observations beside sqlite3 alone.

`importing.py NAME FOLDER` does one of the works in a process of its own and prints the most memory it held, in MB.
"""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np

from citystat import periods
from citystat.city import City
from citystat.collect.apply import apply
from citystat.collect.batch import Batch
from citystat.collect.readers import Source, read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.store import Imported, store

LINES = 100_000
MONTHS = periods.run(date(2019, 1, 1), date(2026, 2, 1), "month")[:84]
LEDGER = (
    "Posted",
    "Department",
    "Fund",
    "Account",
    "Vendor",
    "Purpose",
    "Project",
    "Amount",
    "Tax",
    "Quantity",
    "Invoice",
    "Remark",
)
BY_DEPARTMENT = Recipe(
    name="Ledger", period="Posted", frequency="month", breakdowns=("Department",),
    measures=(MeasureMap("SPENT", value="Amount", unit="USD", decimals=2), MeasureMap("LINES", aggregation="count")),
)  # fmt: skip
BY_CELL = Recipe(
    name="Much", period="period", frequency="month", breakdowns=("cell",),
    measures=tuple(MeasureMap(f"X-{n:02d}", value=f"m{n}") for n in range(20)),
)  # fmt: skip


def ledger(path: Path) -> Path:
    """A workbook as a finance system gives it out: 100,000 lines of twelve columns."""
    import xlsxwriter

    rng = np.random.default_rng(1)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet, day = book.add_worksheet("Lines"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, LEDGER)
    for n, amount in enumerate(rng.normal(900, 400, LINES).round(2).tolist(), 1):
        sheet.write_datetime(n, 0, datetime.combine(MONTHS[n % 84], datetime.min.time()), day)
        sheet.write_row(
            n,
            1,
            [
                f"Dept {n % 40}",
                f"F{n % 9}",
                f"{50_000 + n % 700}",
                f"Vendor {n % 900}",
                f"Purpose {n % 60}",
                f"P-{n % 300}",
            ],
        )
        sheet.write_row(n, 7, [amount, round(amount * 0.07, 2), n % 12, f"I-{n}", f"Line {n % 50}"])
    book.close()
    return path


def calamine_alone(path: Path) -> object:
    """The rival: every sheet as lists of cells."""
    import python_calamine

    with python_calamine.load_workbook(path) as book:
        return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def whole(folder: Path, path: Path, recipe: Recipe) -> Imported:
    """A file brought in: read, applied, checked, stored with its run, recipe and act."""
    with _fresh(folder) as city:
        source = read(path)
        return store(city, source, recipe, apply(source, recipe), now=datetime.now())


def _fresh(folder: Path) -> City:
    path = folder / "Import.citystat"
    path.unlink(missing_ok=True)
    return City.create(path, "Import")


def many(path: Path, *, corrected: bool = False) -> Path:
    """A million figures as text: 84 months × 596 cells, 20 measures side by side; corrected: every tenth is another."""
    figures = np.random.default_rng(2).normal(50, 5, (84 * 596, 20)).round(2)
    if corrected:
        figures.ravel()[::10] += 1
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(["period", "cell", *(f"m{n}" for n in range(20))]) + "\n")
        for at, row in enumerate(figures.tolist()):
            file.write(f"{MONTHS[at // 596]:%Y-%m},C{at % 596}," + ",".join(map(str, row)) + "\n")
    return path


def plain_rows(path: Path) -> list[tuple[object, ...]]:
    """The rows of the observation table that come of a file, as the rival inserts them."""
    source = read(path)
    v = apply(source, BY_CELL).values
    days = {n: date.fromordinal(n).isoformat() for n in set(v.start.tolist())}
    columns = (v.measure.tolist(), v.start.tolist(), v.cell.tolist(), v.value.tolist(), v.row.tolist())
    return [
        (m + 1, days[d], c, x, None, None, "final", "", f"C{r}", 0, 1, None)
        for m, d, c, x, r in zip(*columns, strict=True)
    ]


TABLE = (
    "CREATE TABLE observation (id INTEGER PRIMARY KEY, measure_id INTEGER, period DATE, cell_id INTEGER, value FLOAT, numerator FLOAT, "
    "denominator FLOAT, status TEXT, note TEXT, place TEXT, revision INTEGER, run_id INTEGER, superseded_by INTEGER)"
)
ROW = f"INTO observation VALUES (NULL, {', '.join('?' * 12)})"


def executemany(path: Path, rows: list[tuple[object, ...]]) -> None:
    """The rival: the same rows in one transaction, into a table without an index."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute(TABLE)
    with connection:
        connection.executemany(f"INSERT {ROW}", rows)
    connection.close()


def measure(folder: Path, report: Callable[..., None]) -> None:
    """Every line of the import, in turn with its rival; report(what, seconds, rival, other)."""
    path = ledger(folder / "ledger.xlsx")
    _in_turn(report, "python-calamine reading it alone", lambda: calamine_alone(path), {
        "workbook of 100,000 rows × 12 read, median of 5": lambda: read(path),
        "  … and brought in: applied, checked, stored": lambda: whole(folder, path, BY_DEPARTMENT),
    })  # fmt: skip
    text = many(folder / "many.csv")
    rows = plain_rows(text)
    source = read(text)
    batch = apply(source, BY_CELL)
    _in_turn(report, "sqlite3 executemany of the rows", lambda: executemany(folder / "rival.db", rows), {
        "1,001,280 observations checked and stored": lambda: _stored(folder, source, batch),
        "  … 100,128 of them corrected by a second file": lambda: _corrected(folder),
    }, before={"  … 100,128 of them corrected by a second file": lambda: _stored(folder, source, batch)})  # fmt: skip
    for name, words in (
        ("calamine", "python-calamine alone"),
        ("workbook", "the workbook brought in"),
        ("many", "the million brought in"),
    ):
        print(f"  most memory, {words}: {peak(name, folder):,.0f} MB")


def _stored(folder: Path, source: Source, batch: Batch) -> Imported:
    batch.__dict__.pop("keys", None)
    with _fresh(folder) as city:
        return store(city, source, BY_CELL, batch, now=datetime.now())


def _corrected(folder: Path) -> Imported:
    source = _second(folder)
    with City.open(folder / "Import.citystat") as city:
        return store(city, source[0], BY_CELL, source[1], now=datetime.now())


_kept: list[tuple[Source, Batch]] = []


def _second(folder: Path) -> tuple[Source, Batch]:
    if not _kept:
        source = read(many(folder / "second.csv", corrected=True))
        _kept.append((source, apply(source, BY_CELL)))
    return _kept[0]


def _in_turn(
    report: Callable[..., None], rival: str, other: Callable[[], object], ours: dict[str, Callable[[], object]],
    before: dict[str, Callable[[], object]] | None = None,
) -> None:  # fmt: skip
    """Each work five times in turn with the rival, so that what else the machine does strikes both; medians."""
    times: dict[str, list[float]] = {name: [] for name in ("", *ours)}
    for _ in range(5):
        for name, work in ({"": other} | ours).items():
            (before or {}).get(name, lambda: None)()
            times[name].append(_seconds(work))
    for name in ours:
        report(name, statistics.median(times[name]), rival, statistics.median(times[""]))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak(name: str, folder: Path) -> float:
    """The most memory, in MB, that a process of its own held for a work."""
    done = subprocess.run([sys.executable, __file__, name, str(folder)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _alone(name: str, folder: Path) -> float:
    path = folder / ("many.csv" if name == "many" else "ledger.xlsx")
    if name == "calamine":
        calamine_alone(path)
    else:
        whole(folder, path, BY_CELL if name == "many" else BY_DEPARTMENT)
    return next(_held())


def _held() -> Iterator[float]:
    """MB; from the system's own account where there is one, as getrusage counts what the parent held, too."""
    status = Path("/proc/self/status")
    if status.exists():
        yield from (int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    import resource  # which Windows has not

    yield resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))


if __name__ == "__main__":
    print(_alone(sys.argv[1], Path(sys.argv[2])))
