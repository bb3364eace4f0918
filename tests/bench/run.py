"""make bench: the speeds the issue asks for, as ratios against a named rival in the same run."""

from __future__ import annotations

import csv
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import importing
import numpy as np
import pandas as pd
import records
import spc
from sqlalchemy import update

from citystat import periods
from citystat.city import City
from citystat.city import observations as observed
from citystat.collect.apply import apply
from citystat.collect.readers import read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.store import store
from citystat.models import ImportRun, Measure
from citystat.sample.riverton import make

# Each says "painted" when its window stands; the clock stops there, so that no way of ending a process is measured.
BARE = """
import pyqtgraph
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([]); window = QMainWindow(); window.resize(1440, 900); window.show()
app.processEvents(); window.grab(); print("painted", flush=True)
"""
OURS = """
import sys
from pathlib import Path
from citystat.views.shell.app import start
from citystat.views.shell.recent import Remembered
from PySide6.QtWidgets import QApplication
window = start(Path(sys.argv[1]), Remembered(Path(sys.argv[1]).with_suffix('.json')))
QApplication.processEvents(); window.grab(); print("painted", flush=True)
from citystat.views import jobs
jobs.wait(); window.grab(); print("complete", flush=True); window.close()
"""


def main() -> None:
    """Run every measurement and print it as a table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        sample = place / "Riverton.citystat"
        took(lambda: make(sample).close(), "sample city made", "absolute")
        start_up(sample)
        big_import(place)
        importing.measure(place, report)
        next_item(sample)
        long_minutes(place)
        quality_page(place)
        spc.measure(report)
        screening(place)
        wall(place)
        long_chart()
        records_window(place)
        million(place, sample)
        records.main(report)


def report(what: str, seconds: float, rival: str = "", other: float = 0.0) -> None:
    """One row: seconds, and the ratio where there is a rival."""
    ratio = f"{seconds / other:6.2f} × {rival} ({other:.3f} s)" if other else rival
    print(f"{what:<52} {seconds:8.3f} s   {ratio}", flush=True)


def took(work: Callable[[], object], what: str, rival: str = "", other: float = 0.0) -> float:
    """Time one piece of work and report it."""
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    report(what, seconds, rival, other)
    return seconds


def start_up(sample: Path) -> None:
    """Whole processes in turn, nine of each; medians."""
    bare, ours = [], []
    for _ in range(10):
        bare.append(process(BARE))
        ours.append(process(OURS, str(sample)))
    bare_painted = statistics.median(seconds[0] for seconds in bare[1:])
    for at, what in ((0, "start to painted window, sample city"), (1, "  until the measures are judged too")):
        report(what, statistics.median(s[at] for s in ours[1:]), "bare PySide6 + pyqtgraph window", bare_painted)


def process(code: str, *arguments: str) -> list[float]:
    """Seconds from the start of a process to each line that it prints."""
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        said = [time.perf_counter() - began for _ in running.stdout]
    assert running.returncode == 0, f"the process ended with {running.returncode}"
    return said


def big_import(place: Path) -> None:
    """100,000 rows: read, applied, checked, stored, against pandas and executemany."""
    source = place / "big.csv"
    rng = np.random.default_rng(1)
    months = periods.run(date(2015, 1, 1), date(2025, 4, 1), "month")
    with source.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["period", "district", "value"])
        for n in range(100_000):
            writer.writerow(
                [months[n % len(months)].isoformat(), f"D{n // len(months)}", round(float(rng.normal(100, 9)), 2)]
            )

    def rival() -> None:
        table = pd.read_csv(source)
        with sqlite3.connect(place / "rival.db") as db:
            db.execute("CREATE TABLE o (period, district, value)")
            db.executemany("INSERT INTO o VALUES (?, ?, ?)", table.itertuples(index=False, name=None))

    recipe = Recipe(
        period="period", frequency="month", breakdowns=("district",), measures=(MeasureMap("V", value="value"),)
    )

    def ours(turn: int) -> float:
        with City.create(place / f"big{turn}.citystat", "Big") as city:
            began = time.perf_counter()
            opened = read(source)
            store(city, opened, recipe, apply(opened, recipe), now=datetime.now())
            return time.perf_counter() - began

    others, times = [], []
    for turn in range(5):  # in turn, so that what else the machine does strikes both
        (place / "rival.db").unlink(missing_ok=True)
        began = time.perf_counter()
        rival()
        others.append(time.perf_counter() - began)
        times.append(ours(turn))
    report(
        "import of 100,000 rows, median of 5",
        statistics.median(times),
        "pandas + executemany",
        statistics.median(others),
    )


def next_item(sample: Path) -> None:
    """Space pressed on the console (1440 × 900) to it and the audience window (1920 × 1080) painted.

    What follows the picture (the record of it on disk, the columns refreshed) is a figure of its own: the next key waits for it.
    """
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QMessageBox

    from citystat.meetings.meeting import meetings
    from citystat.views.meetings.console import Console
    from citystat.views.shell import theme

    app = QApplication.instance() or QApplication([])
    theme.apply(app, dark=False)
    with City.open(sample) as city:
        with city.read() as asked:
            held = next(m.id for m in meetings(asked) if m.status == "planned")
        console = Console(city, held)
        stop = city.subscribe(console.refresh)
        console.resize(1440, 900)
        console.show()
        console.begin()
        for box in console.findChildren(QMessageBox):  # planned for another day: held today
            box.defaultButton().click()
        console.audience.resize(1920, 1080)
        app.processEvents()
        painted, settled = [], []
        for turn in range(210):
            forward = turn // (len(console.items) - 1) % 2 == 0
            began = time.perf_counter()
            QTest.keyClick(console, Qt.Key.Key_Space if forward else Qt.Key.Key_Backspace)
            console.repaint()
            console.audience.repaint()
            painted.append(time.perf_counter() - began)
            app.processEvents()
            settled.append(time.perf_counter() - began)
        console.enter(next(i.id for i in console.items if i.measures))
        app.processEvents()
        looks = {key: [] for key in "DZCT"}
        for key, times in looks.items():
            for _ in range(32):
                began = time.perf_counter()
                QTest.keyClick(console, getattr(Qt.Key, f"Key_{key}"))
                console.repaint()
                console.audience.repaint()
                times.append(time.perf_counter() - began)
                app.processEvents()
            report(f"key {key} to both windows painted, median", statistics.median(times))
            report(f"key {key} to both windows painted, slowest of {len(times)}", max(times))
        stop()
        for times, words in ((painted, "both windows painted"), (settled, "recorded and refreshed, too")):
            times.sort()
            report(f"next item to {words}, median", statistics.median(times))
            report(f"next item to {words}, 99th percentile", times[int(len(times) * 0.99)])
        console.leave()


def long_minutes(place: Path) -> None:
    """30 charts, 200 action items; the rival is python-docx writing as many pictures and rows plainly."""
    import io

    import docx

    from citystat.meetings import capture, papers, running
    from citystat.meetings.meeting import meetings
    from citystat.views.chart.picture import document_picture

    path = place / "minutes.citystat"
    now = datetime(2026, 3, 12, 10)
    with make(path) as city:
        with city.read() as asked:
            held = next(m.id for m in meetings(asked) if m.status == "planned")
        running.start(city, held, now)
        with city.read() as asked:
            against = capture.context(asked, held, now.date())
        for n in range(30):
            running.show(city, held, _item(city, held), n + 1, {}, now)
        for n in range(200):
            capture.keep(
                city, held, capture.parse(f"action number {n} @dw ^friday =memo", against), item_id=None, now=now
            )
        running.adjourn(city, held, now)
        pictures: list[bytes] = []

        def picture(chart: object, width: float, height: float) -> bytes:
            pictures.append(document_picture(chart, width, height))
            return pictures[-1]

        def ours() -> None:
            pictures.clear()
            to = place / "minutes.docx"
            papers.write_paper(city, "minutes", held, to, picture=picture, today=now.date(), now=now)

        def rival() -> None:
            plain = docx.Document()
            for data in pictures:
                plain.add_picture(io.BytesIO(data))
            table = plain.add_table(rows=200, cols=6)
            for row in table.rows:
                for cell in row.cells:
                    cell.text = "text"
            plain.save(str(place / "plain.docx"))

        seconds = took(ours, "minutes, 30 charts and 200 action items")
        report(
            "  of which rival writes pictures and rows plainly",
            seconds,
            "python-docx alone",
            took(rival, "  python-docx alone"),
        )


def _item(city: City, held: int) -> int:
    from citystat.meetings.agenda import agenda

    with city.read() as asked:
        return agenda(asked, held)[2].id


def quality_page(place: Path) -> None:
    """500 measures × 84 months: the page asked for to its table painted; pandas makes the three shares of the same rows."""
    from PySide6.QtWidgets import QApplication

    from citystat.views import jobs
    from citystat.views.collect.quality import QualityPage
    from citystat.views.shell import theme

    path, months, today = place / "quality.citystat", periods.run(date(2019, 3, 1), date(2026, 2, 1), "month"), date(2026, 3, 20)  # fmt: skip
    app = QApplication.instance() or QApplication([])
    theme.apply(app, dark=False)
    with _returns(path, months) as city:

        def ours() -> None:
            page = QualityPage(city, today=today)
            page.resize(1440, 820)
            page.show()
            jobs.wait()
            while page.table.model().rowCount() < 500:
                app.processEvents()
            page.grab()
            page.deleteLater()

        def rival() -> None:
            with sqlite3.connect(path) as db:
                table = pd.read_sql(
                    "SELECT o.measure_id, o.period, r.at, f.id AS found FROM observation o JOIN import_run r ON r.id = o.run_id "
                    "LEFT JOIN check_finding f ON f.measure_id = o.measure_id AND f.period = o.period "
                    "WHERE o.superseded_by IS NULL",
                    db, parse_dates=["period", "at"],
                )  # fmt: skip
            table = table[table.period >= "2025-03-01"]
            table["late"] = table["at"] > table.period + pd.DateOffset(months=1, days=15)
            table.groupby("measure_id").agg(
                late=("late", "mean"), there=("period", "nunique"), found=("found", "count")
            )

        ours()  # the first time imports the page
        times, others = [], []
        for _ in range(5):
            for work, into in ((rival, others), (ours, times)):
                began = time.perf_counter()
                work()
                into.append(time.perf_counter() - began)
    report(
        "quality page, 500 measures × 84 months, median of 5", statistics.median(times),
        "pandas read_sql + groupby, nothing shown", statistics.median(others),
    )  # fmt: skip


def screening(place: Path) -> None:
    """500 measures × 120 months looked at, half of them with a target: signals, targets, changes of level; again after a new period of one
    of them and of all; and every target forecast. Each as the page does it, the reading included."""
    from citystat.measures.outlook import outlooks
    from citystat.measures.series import all_series, definitions
    from citystat.models import Target
    from citystat.screening.ahead import with_forecasts
    from citystat.screening.found import screen

    months = periods.run(date(2016, 3, 1), date(2026, 2, 1), "month")
    with _returns(place / "screened.citystat", months) as city:
        with city.read() as read:
            ids = [m.id for m in definitions(read)]
        with city.change("Set targets") as change:
            change.add_all(Target(measure_id=i, since=months[0], value=50.0) for i in ids[::2])
            change.execute(update(Measure).values(direction="higher"))

        def looked() -> None:
            with city.read() as read:
                screen(read)

        took(looked, "500 measures × 120 months screened", "absolute (3 s at most)")
        took(looked, "  again, nothing new", "absolute")
        _one_more(city, ids[:1])
        took(looked, "  again, a new period of one measure", "absolute")
        _one_more(city, ids[1:])
        took(looked, "  again, a new period of all others", "absolute")

        def forecast() -> None:
            with city.read() as read:
                with_forecasts(screen(read))

        def of_all() -> None:
            with city.read() as read:
                outlooks(all_series(read, definitions(read)))

        took(forecast, "  the 250 with a target forecast", "absolute")
        took(of_all, "  the other 250 forecast, too", "absolute (20 s at most for 500)")
        took(forecast, "  again, nothing new", "absolute")


def _one_more(city: City, ids: list[int]) -> None:
    with city.change("Bring in") as change:
        run = ImportRun(at=datetime(2026, 4, 14), who="bench", source="more.csv")
        change.add(run)
        change.flush()
        rows = [observed.Incoming(i, date(2026, 3, 1), 1, 51.0, None, None, "final", "", "") for i in ids]
        observed.store(change, run, rows)


def wall(place: Path) -> None:
    """500 small charts: the first screen painted, with its charts, and frames while it is scrolled to its end."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication, QMainWindow

    from citystat.views import jobs
    from citystat.views.screening.wall import WallPage
    from citystat.views.shell import theme

    app = QApplication.instance() or QApplication([])
    theme.apply(app, dark=False)
    months = periods.run(date(2016, 3, 1), date(2026, 2, 1), "month")
    with _returns(place / "wall.citystat", months) as city:
        window = QMainWindow()  # as in the application: the page comes into a window that stands
        window.resize(1440, 820)
        window.show()
        window.setCentralWidget(WallPage(city))  # the first time imports what it needs
        jobs.wait()
        window.grab()
        named, charted, busy = [], [], []
        for _ in range(5):
            began, worked = time.perf_counter(), time.process_time()
            page = WallPage(city)
            window.setCentralWidget(page)
            window.grab()
            named.append(time.perf_counter() - began)
            while not (page.tiles.charts and _charts_in_sight(page)):
                app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            page.tiles.viewport().grab()
            charted.append(time.perf_counter() - began)
            busy.append(time.process_time() - worked)
            jobs.wait()
        report("wall of 500 measures, names and values painted, median of 5", statistics.median(named), "absolute")
        report("  first screen with its charts painted", statistics.median(charted), "absolute (0.3 s at most)")
        report("    of which the processor worked", statistics.median(busy), "absolute")
        bar, frames = page.tiles.verticalScrollBar(), []
        for at in range(0, bar.maximum(), 40):
            bar.setValue(at)
            began, worked = time.perf_counter(), time.process_time()
            page.tiles.viewport().grab()
            frames.append((time.perf_counter() - began, time.process_time() - worked))
        for at, what in ((0, "  a frame while scrolling, 99th of 100"), (1, "    of which the processor worked")):
            report(what, sorted(f[at] for f in frames)[int(len(frames) * 0.99)], "absolute (0.033 s at most)")
        window.close()


def _charts_in_sight(page: object) -> bool:
    """Whether every tile that is seen has its chart."""
    tiles = page.tiles
    seen = tiles.viewport().rect()
    rows = [row for at, row in enumerate(tiles.rows) if seen.intersects(tiles.visualRect(tiles.model().index(at, 0)))]
    return bool(rows) and all(row.measure.id in tiles.charts for row in rows)


def long_chart() -> None:
    """A chart of 1,000,000 points, panned and zoomed."""
    from PySide6.QtWidgets import QApplication

    from citystat.charts.chart import Chart, Line, Mark
    from citystat.views.chart.interactive import InteractiveChart
    from citystat.views.shell import theme

    app = QApplication.instance() or QApplication([])
    theme.apply(app, dark=False)
    values = np.cumsum(np.random.default_rng(1).normal(size=1_000_000))
    marks = tuple(Mark(float(i), v, "common" if i % 5000 else "concern") for i, v in enumerate(values.tolist()))
    line = Line("A measure", values, marks)
    labels = tuple(map(str, range(len(values))))
    shown = InteractiveChart()
    shown.resize(1400, 800)
    shown.show()
    shown.set_chart(Chart("A-1", "", "", "", (line,), labels, y_low=float(values.min()), y_high=float(values.max())))
    shown.grab()
    for what, move in (
        ("panned", lambda: shown.plotItem.vb.translateBy(x=5000, y=0)),
        ("zoomed", lambda: shown.plotItem.vb.scaleBy(x=0.8, y=1)),
    ):
        frames = []
        for _ in range(40):
            began = time.perf_counter()
            move()
            shown.grab()
            frames.append(time.perf_counter() - began)
        report(f"a chart of 1,000,000 points {what}, slowest frame", max(frames), "absolute (0.05 s at most)")
    shown.deleteLater()


def _returns(path: Path, months: list[date]) -> City:
    """500 measures with a return a month, some of them late, and a finding in every twentieth figure of the last year."""
    from datetime import timedelta

    from citystat.models import CheckFinding, Department

    city = City.create(path, "Quality")
    rng = np.random.default_rng(3)
    with city.change("Make") as change:
        places = [Department(code=f"D{n}", name=f"Department {n}") for n in range(12)]
        change.add_all(places)
        change.flush()
        made = [Measure(code=f"Q-{n:03d}", name=f"Measure {n}", department_id=places[n % 12].id) for n in range(500)]
        change.add_all(made)
        change.flush()
        runs = []
        for month in months:
            at = datetime.combine(periods.end_of(month, "month"), datetime.min.time()) + timedelta(days=14)
            for shift, part in ((0, made[:450]), (9, made[450:])):
                rows = [
                    observed.Incoming(m.id, month, 1, float(rng.normal(50, 5)), None, None, "final", "", "")
                    for m in part
                ]
                runs.append((ImportRun(at=at + timedelta(days=shift), who="bench", source="r.csv"), rows))
        change.add_all(run for run, _ in runs)
        change.flush()
        observed.store_history(change, runs)
        change.add_all(
            CheckFinding(measure_id=r.measure_id, period=r.period, run_id=run.id, rule="jump", level="warning", words="A jump", value=r.value)
            for run, rows in runs[-24:] for r in rows[::20]
        )  # fmt: skip
    return city


def records_window(place: Path) -> None:
    """1,000,000 records in the window, from the drop to the figures: the longest time in which its event loop did not turn,
    and how long a cancel takes that comes in the midst of it."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from citystat.records.kept import folder
    from citystat.views import jobs
    from citystat.views.cycles import collect_here
    from citystat.views.shell.recent import Remembered
    from citystat.views.shell.theme import dress
    from citystat.views.shell.window import MainWindow

    source = many_requests(place / "requests.csv", 1_000_000)
    app = QApplication.instance() or QApplication([])
    collect_here(app)
    remembered = Remembered(place / "records-window.json")
    dress(remembered)
    window = MainWindow(remembered)
    window.show()
    window.show_open(City.create(place / "Records.citystat", "Records"))
    jobs.wait()
    beats: list[float] = []
    heart = QTimer(interval=2)
    heart.timeout.connect(lambda: beats.append(time.perf_counter()))

    def turn(until: Callable[[], bool]) -> float:
        """Let the event loop turn until something holds; the longest gap between two turns."""
        beats[:] = [time.perf_counter()]
        while not until():
            app.processEvents()
            time.sleep(0.001)
        return max(b - a for a, b in zip(beats, beats[1:], strict=False))

    heart.start()
    began = time.perf_counter()
    window.go(f"import:{source}")
    seen = turn(lambda: bool(getattr(window.page, "_ready", False)))
    report("1,000,000 records seen as measures in the window", time.perf_counter() - began, "absolute")
    report("  longest gap of the event loop", seen, "to be under 0.1 s")
    page = window.page
    page.bring_in()
    turn_for = time.perf_counter() + 0.3
    turn(lambda: time.perf_counter() > turn_for)
    page._work.cancel()
    began = time.perf_counter()
    turn(lambda: bool(page._ready))
    report("  a cancel in the midst of it takes effect", time.perf_counter() - began, "to be under 1 s")
    assert not folder(window.city.path).exists() and page.done is None, "a cancelled import left something"
    began = time.perf_counter()
    page.bring_in()
    kept = turn(lambda: page.done is not None)
    report("1,000,000 records brought in by the window", time.perf_counter() - began, "absolute")
    report("  longest gap of the event loop", kept, "to be under 0.1 s")
    began = time.perf_counter()
    window.go(f"measure:{page.recipe.measures[0].code}")
    window.page.open_records(5)
    opened = turn(lambda: window.page.table.paged.rowCount() > 0)
    report("the records behind its newest figure", time.perf_counter() - began, "absolute")
    report("  longest gap of the event loop", opened, "to be under 0.1 s")
    heart.stop()
    window.close()


def many_requests(path: Path, rows: int) -> Path:
    """Requests of four years: number, opened, closed, kind, district."""
    rng = np.random.default_rng(3)
    opened = np.datetime64("2022-01-01") + np.sort(rng.integers(0, 1461, rows))
    closed = opened + rng.geometric(0.2, rows)
    kinds = np.array(["Garbage in alley", "Pothole in street", "Street light out", "Tree trim", "Graffiti removal"])
    frame = pd.DataFrame(
        {
            "Request": [f"22-{n:08}" for n in range(rows)],
            "Opened": pd.Series(opened).dt.strftime("%m/%d/%Y"),
            "Closed": pd.Series(closed).dt.strftime("%m/%d/%Y").where(rng.random(rows) < 0.95, ""),
            "Kind": kinds[rng.integers(0, len(kinds), rows)],
            "District": rng.integers(1, 23, rows),
        }
    )
    frame.to_csv(path, index=False)
    return path


def million(place: Path, sample: Path) -> None:
    """Start-up with 1,000,000 observations against 10,000 more than the sample."""
    few, many = (grown(place / f"{name}.citystat", rows) for name, rows in (("few", 10_000), ("many", 1_000_000)))
    small, large = [], []
    for _ in range(10):
        small.append(process(OURS, str(few))[0])
        large.append(process(OURS, str(many))[0])
    report(
        "start-up with 1,000,000 observations",
        statistics.median(large[1:]),
        "with 10,000",
        statistics.median(small[1:]),
    )


def grown(path: Path, rows: int) -> Path:
    """Riverton with `rows` more observations, spread over measures, months and cells."""
    with make(path) as city:
        measures, months = 20, periods.run(date(2019, 1, 1), date(2026, 2, 1), "month")
        cells_wanted = max(1, rows // (measures * len(months)))
        with city.change("Add measures") as change:
            made = [Measure(code=f"X-{n:02d}", name=f"Extra {n}") for n in range(measures)]
            change.add_all(made)
            change.flush()
            ids = [m.id for m in made]
        with city.change("Import much") as change:
            run = ImportRun(at=datetime.now(), who="bench", source="much.csv")
            change.add(run)
            change.flush()
            change.run_id = run.id
            cells = observed.cells(change, [(("Cell", str(n)),) for n in range(cells_wanted)])
            rng = np.random.default_rng(2)
            observed.store(
                change, run,
                [
                    observed.Incoming(m, month, cell, float(v), None, None, "final", "", "")
                    for m in ids for month in months
                    for cell, v in zip((c for b, c in cells.items() if b), rng.normal(50, 5, cells_wanted), strict=True)
                ],
            )  # fmt: skip
    return path


if __name__ == "__main__":
    main()
