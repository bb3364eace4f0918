"""Records by the million: counted, measured, checked and stored, beside DuckDB alone; run alone or by `make bench`."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.append(str(Path(__file__).resolve().parents[1] / "records"))

import duckdb
from generated import requests

from citystat.city import City
from citystat.errors import Cancelled
from citystat.records.bring import bring
from citystat.records.recipe import RecordMeasure, RecordRecipe

NOW = datetime(2026, 3, 10)
RECIPE = RecordRecipe(
    "Requests", opened="Opened", closed="Closed", key="Request", breakdowns=("District", "Category"), crossed=True,
    measures=(RecordMeasure("N"), RecordMeasure("DAYS", kind="median")),
)  # fmt: skip
PLAIN = RecordRecipe(**{**vars(RECIPE), "keep": False, "key": "", "complete": True})
ALONE = """
SELECT date_trunc('month', Opened) AS month, District, Category, count(*), median(date_diff('day', Opened, Closed))
FROM read_csv('{file}') GROUP BY GROUPING SETS ((month), (month, District), (month, Category), (month, District, Category))"""


def duckdb_alone(file: Path) -> float:
    """The same counts and medians: of the whole, by district, by category and by both."""
    began = time.perf_counter()
    with duckdb.connect() as connection:
        connection.execute(ALONE.format(file=file)).fetchnumpy()
    return time.perf_counter() - began


def ours(file: Path, city: Path, recipe: RecordRecipe) -> float:
    """A new city each time."""
    with City.create(city, "Bench") as opened:
        began = time.perf_counter()
        done = bring(opened, file, recipe, now=NOW)
        assert done.imported.added > 6_000
        return time.perf_counter() - began


def peak(file: Path, city: Path, kept: bool) -> tuple[float, float]:
    """Seconds and megabytes of a process that does nothing else."""
    code = f"import sys; sys.path[:0] = {[str(Path(__file__).parent)]!r}; import records; records.child({str(file)!r}, {str(city)!r}, {kept})"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    seconds, megabytes = done.stdout.split()[-2:]
    return float(seconds), float(megabytes)


def child(file: str, city: str, kept: bool) -> None:
    """Says how long it took and how much memory at most."""
    seconds = ours(Path(file), Path(city), RECIPE if kept else PLAIN)
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


class Stop:
    """Stops when told to; notes when."""

    def __init__(self) -> None:
        self.at: float | None = None
        self.event = threading.Event()

    def report(self, share: float, words: str = "") -> None:
        if self.event.is_set():
            raise Cancelled

    def stop(self) -> None:
        self.at = time.perf_counter()
        self.event.set()


def cancelled(file: Path, city: Path, after: float) -> float:
    """Seconds from the wish to stop to the end; nothing is left."""
    with City.create(city, "Bench") as opened:
        stop = Stop()
        timer = threading.Timer(after, stop.stop)
        timer.start()
        try:
            bring(opened, file, RECIPE, now=NOW, progress=stop)
        except Cancelled:
            assert stop.at is not None and not city.with_suffix(".records").exists()
            return time.perf_counter() - stop.at
        finally:
            timer.cancel()
    return 0.0


def longest_gap(file: Path, city: Path) -> float:
    """The longest time that the event loop was not at work while the records came in."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    from citystat.views import jobs

    app = QApplication.instance() or QApplication([])
    owner, ticks, done = QWidget(), [time.perf_counter()], []
    timer = QTimer()
    timer.setInterval(5)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    with City.create(city, "Bench") as opened:
        timer.start()
        jobs.run(owner, lambda progress: bring(opened, file, RECIPE, now=NOW, progress=progress), done.append)
        while not done:
            app.processEvents()
            time.sleep(0.001)
        timer.stop()
    return max(b - a for a, b in zip(ticks, ticks[1:], strict=False))


def main(report=None) -> None:  # type: ignore[no-untyped-def]
    """Every figure of records."""
    from run import report as usual

    report = report or usual
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        million = requests(place / "million.csv", 1_000_000)
        others, plain, kept = [], [], []
        for turn in range(6):  # in turn, so that what else the machine does strikes all
            others.append(duckdb_alone(million))
            plain.append(ours(million, place / f"plain{turn}.citystat", PLAIN))
            kept.append(ours(million, place / f"kept{turn}.citystat", RECIPE))
        rival = statistics.median(others[1:])
        report(
            "1,000,000 records, checked and stored, median of 5", statistics.median(plain[1:]), "DuckDB alone", rival
        )
        report("  kept beside the city and by their keys, too", statistics.median(kept[1:]), "DuckDB alone", rival)
        for what, file, keep in (("1,000,000", million, False), ("1,000,000, kept", million, True)):
            seconds, megabytes = peak(file, place / f"peak{keep}.citystat", keep)
            report(f"  a process of its own: {what}", seconds, f"{megabytes:.0f} MB at most")
        report(
            "  stopped: to the end of it, slowest of 5",
            max(cancelled(million, place / f"stop{n}.citystat", 0.1 + 0.2 * n) for n in range(5)),
        )
        report("  longest gap of the event loop", longest_gap(million, place / "gap.citystat"))
        ten = requests(place / "ten.csv", 10_000_000)
        for what, keep in (("10,000,000 records", False), ("10,000,000 records, kept", True)):
            seconds, megabytes = peak(ten, place / f"ten{keep}.citystat", keep)
            report(f"{what}: a process of its own", seconds, f"{megabytes:.0f} MB at most")


if __name__ == "__main__":
    main()
