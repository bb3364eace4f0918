"""citystat import: what a dry run prints is what a real run stores; next month's file goes in with one command."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from servers import open_data
from test_commands import Out, run
from test_real_figures import COLOGNE, MTA, NHS, OAKLAND_2016, OAKLAND_2022

KEYS = ["rows_read", "observations_new", "observations_revised", "observations_unchanged", "errors", "warnings"]


class Office:
    """A city and its command line."""

    def __init__(self, folder: Path, capsys: Out) -> None:
        self.folder, self.capsys, self.city = folder, capsys, folder / "C.citystat"
        assert run(capsys, "new", self.city)[0] == 0

    def bring(self, file: object, *words: object, status: int = 0) -> dict[str, Any]:
        """The report of an import; its shape is the agreed one."""
        got, out, err = run(self.capsys, "import", file, *words, "--json", "--city", self.city)
        assert got == status, err
        assert ("Traceback" in err, bool(err)) == (False, status == 1)
        report = dict(json.loads(out))
        assert list(report) == KEYS
        assert all(set(r) == {"place", "reason"} for r in report["errors"] + report["warnings"])
        return report

    def values(self, code: str) -> dict[str, float]:
        _, out, _ = run(self.capsys, "measure", code, "--json", "--city", self.city)
        return {p["period"]: p["value"] for p in json.loads(out)["series"]}

    def stored(self) -> tuple[int, int]:
        """Observations that hold, and that were superseded."""
        with sqlite3.connect(self.city) as file:
            found = file.execute(
                "SELECT count(*) FILTER (WHERE superseded_by IS NULL), count(superseded_by) FROM observation"
            ).fetchone()
        file.close()
        return found

    def map(self, how: dict[str, Any]) -> Path:
        path = self.folder / "map.json"
        path.write_text(json.dumps(how), encoding="utf-8")
        return path

    def file(self, text: str, name: str = "trips-2026-01.csv") -> Path:
        (self.folder / name).write_text(text, encoding="utf-8")
        return self.folder / name


@pytest.fixture
def office(tmp_path: Path, capsys: Out) -> Office:
    return Office(tmp_path, capsys)


JANUARY = "Month,District,Trips\n2026-01,North,10\n2026-01,South,20\n"


def same(office: Office, file: Path, *words: object) -> dict[str, Any]:
    """A dry run, which stores nothing, and a real one, which stores exactly what the dry one printed."""
    before = office.stored()
    dry = office.bring(file, *words, "--dry-run")
    assert office.stored() == before
    real = office.bring(file, *words)
    assert dry == real
    after = office.stored()
    assert after[0] - before[0] == real["observations_new"]
    assert after[1] - before[1] == real["observations_revised"]
    return real


def test_new_revised_and_unchanged_are_what_was_said(office: Office) -> None:
    assert same(office, office.file(JANUARY))["observations_new"] == 2
    text = JANUARY.replace("20", "20").replace("South,20", "South,21") + "2026-02,North,11\n2026-02,South,n/a\n"
    found = same(office, office.file(text, "trips-2026-02.csv"))
    assert [found[k] for k in KEYS[:4]] == [4, 1, 1, 1]
    assert found["errors"] == []


def test_a_cell_that_cannot_be_read_is_reported_and_nothing_is_stored(office: Office) -> None:
    path = office.file(JANUARY + "2026-02,North,oops\n")
    how = office.map({"name": "Trips", "period": "Month", "measures": [{"code": "T", "value": "Trips"}]})
    for words in (("--dry-run",), ()):
        found = office.bring(path, "--map", how, *words, status=1)
        assert found["errors"] == [{"place": "C4", "reason": "“oops” is not a number"}]
        assert (found["rows_read"], found["observations_new"]) == (3, 0)
    assert office.stored() == (0, 0)


def test_a_file_that_cannot_be_read_at_all_is_a_report_too(office: Office) -> None:
    found = office.bring(office.file("\n\n", "empty.csv"), status=1)
    assert found["errors"] == [{"place": "empty.csv", "reason": "The file is empty"}]


def test_a_file_that_drifted_is_refused_with_the_proposal_and_taken_with_accept(office: Office) -> None:
    office.bring(office.file(JANUARY))
    path = office.file(
        JANUARY.replace("2026-01", "2026-02").replace("District", "Council District"), "trips-2026-02.csv"
    )
    for how in ((), ("--recipe", "trips")):
        found = office.bring(path, *how, status=1)
        assert found["errors"] == [
            {"place": "District", "reason": "There is no column “District”: “Council District” is proposed"}
        ]
    _, _, err = run(office.capsys, "import", path, "--city", office.city)
    assert "“Council District” is proposed" in err and "--accept" in err and err.count("\n") == 1
    assert office.stored() == (2, 0)
    dry = office.bring(path, "--accept", "--dry-run")
    assert office.bring(path, "--accept") == dry
    assert office.bring(path)["observations_unchanged"] == 2, "what was accepted is known"
    _, out, _ = run(office.capsys, "recipe", "history", "trips", "--json", "--city", office.city)
    versions = json.loads(out)["versions"]
    assert [(v["version"], v["why"]) for v in versions] == [(2, "District → Council District"), (1, "")]


def test_several_differences_one_behind_the_other_are_accepted_together(office: Office) -> None:
    office.bring(office.file(JANUARY))
    text = "Transit\n\n" + JANUARY.replace("2026-01", "2026-02").replace("District", "Districts").replace("South", "Sout h") + "2026-02,Bay,3\n"  # fmt: skip
    path = office.file(text, "trips-2026-02.csv")
    assert office.bring(path, status=1)["errors"][0]["reason"].startswith("The headings are not in row 1")
    assert office.bring(path, "--accept")["observations_new"] == 3
    assert office.bring(path)["observations_unchanged"] == 3


def test_what_cannot_be_accepted_is_refused(office: Office) -> None:
    office.bring(office.file(JANUARY), "--recipe", "nothing", status=1)
    office.bring(office.file(JANUARY))
    path = office.file("District,Trips\nNorth,10\n", "trips-2026-02.csv")
    found = office.bring(path, "--recipe", "trips", "--accept", status=1)
    assert "There is no column “Month”" in found["errors"][0]["reason"]


def test_a_guess_does_not_overwrite_a_recipe_of_the_same_name(office: Office) -> None:
    office.bring(office.file(JANUARY, "data.csv"))
    other = office.folder / "other"
    other.mkdir()
    (other / "data.csv").write_text("Year,Trees,Benches\n2024,3,4\n2025,5,6\n", encoding="utf-8")
    office.bring(other / "data.csv")
    _, out, _ = run(office.capsys, "recipes", "--json", "--city", office.city)
    assert [(r["name"], r["version"]) for r in json.loads(out)["recipes"]] == [("data (2)", 1), ("data", 1)]


def test_a_recipe_goes_out_and_into_another_city(office: Office, tmp_path: Path) -> None:
    office.bring(
        office.file(JANUARY),
        "--map",
        office.map({"name": "Trips", "period": "Month", "measures": [{"code": "T", "value": "Trips"}]}),
    )
    out = tmp_path / "trips.json"
    assert run(office.capsys, "recipe", "export", "Trips", "-o", out, "--city", office.city)[0] == 0
    _, printed, _ = run(office.capsys, "recipe", "export", "Trips", "--city", office.city)
    assert json.loads(printed) == json.loads(out.read_text(encoding="utf-8"))
    assert run(office.capsys, "recipe", "load", out, "--city", office.city)[1] == "Trips is at version 1\n"
    (tmp_path / "b").mkdir()
    other = Office(tmp_path / "b", office.capsys)
    assert (
        run(office.capsys, "recipe", "load", out, "--why", "From the north", "--city", other.city)[1]
        == "Trips is at version 1\n"
    )
    assert other.bring(office.file(JANUARY), "--recipe", "Trips")["observations_new"] == 1
    assert run(office.capsys, "recipe", "show", "Trips", "--version", 3, "--city", other.city)[0] == 1


def test_words_of_a_recipe_are_readable(office: Office) -> None:
    office.bring(office.file(JANUARY))
    _, out, _ = run(office.capsys, "recipe", "show", "trips", "--city", office.city)
    assert "breakdowns: District" in out and "Trips: Trips, sum, count" in out and "{" not in out


def test_a_folders_files_are_tried_one_upon_the_other(office: Office) -> None:
    """The second corrects what the first brings: a dry run says so, too, and stores nothing."""
    office.bring(office.file(JANUARY))
    folder = office.folder / "returns"
    folder.mkdir()
    for n, value in ((2, 30), (3, 31)):
        path = office.file(JANUARY + f"2026-02,North,{value}\n2026-0{n},South,5\n", f"returns/trips-2026-0{n}.csv")
        os.utime(path, (1000 + n, 1000 + n))
    assert (
        run(office.capsys, "source", "add", "Transit", "folder", folder, "--recipe", "trips", "--city", office.city)[0]
        == 0
    )
    found = same(office, Path("Transit"))
    assert [found[k] for k in KEYS[:4]] == [8, 3, 1, 4]
    assert [office.bring("Transit")[k] for k in KEYS[:4]] == [0, 0, 0, 0]
    _, out, _ = run(office.capsys, "sources", "--json", "--city", office.city)
    row = json.loads(out)["sources"][0]
    assert (row["recipe"], row["new"], bool(row["last_import"])) == ("trips", [], True)


def test_a_database_and_a_service_come_in_with_one_command(office: Office) -> None:
    database = office.folder / "permits.db"
    with sqlite3.connect(database) as file:
        file.execute("CREATE TABLE permit (month TEXT)")
        file.executemany("INSERT INTO permit VALUES (?)", [(f"2025-{1 + n % 6:02d}",) for n in range(60)])
    file.close()
    sql = "select month, count(*) as permits from permit group by month"
    add = ("source", "add", "Permits", "database", f"sqlite:///{database}", "--sql", sql, "--city", office.city)
    assert run(office.capsys, *add)[0] == 0
    assert same(office, Path("Permits"))["observations_new"] == 6
    with sqlite3.connect(database) as file:
        file.executemany("INSERT INTO permit VALUES (?)", [("2025-07",)] * 9)
    file.close()
    assert office.bring("Permits")["observations_new"] == 1
    with open_data() as service:
        add = ("source", "add", "Requests", "ckan", service.base, "--dataset", "abcd-1234", "--city", office.city)
        assert run(office.capsys, *add)[0] == 0
        assert same(office, Path("Requests"))["observations_new"] == 25
        service.rows[0]["requests"] = "999"
        assert office.bring("Requests")["observations_revised"] == 1
        service.rows = []
        assert office.bring("Requests", status=1)["errors"] == [
            {"place": "Requests", "reason": "The service has no rows"}
        ]


def test_a_password_is_read_from_standard_input_and_refused_where_there_is_no_keyring(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hush\n"))
    add = (
        "source",
        "add",
        "Permits",
        "ckan",
        "https://data.example.gov",
        "--dataset",
        "x",
        "--password-stdin",
        "--city",
        office.city,
    )
    status, _, err = run(office.capsys, *add)
    assert (status, "CITYSTAT_PASSWORD_PERMITS" in err, "hush" in err) == (1, True, False)
    assert run(office.capsys, *add[:-3], *add[-2:])[0] == 0
    assert run(office.capsys, "source", "remove", "Permits", "--city", office.city)[0] == 0


## The real files: by a recipe, equal to what was counted, and next month's with one command


def longer(path: Path, to: Path, change: Callable[[dict[str, str]], dict[str, str] | None], encoding: str = "utf-8-sig") -> Path:  # fmt: skip
    """`path` and the rows that `change` makes of its rows, as next month's file has them."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.DictReader(file)
        rows, titles = list(reader), list(reader.fieldnames or [])
    made = [new for row in rows if (new := change(dict(row))) is not None]
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, titles)
        writer.writeheader()
        writer.writerows(rows + made)
    return to


def test_nhs_by_its_recipe_and_next_month(office: Office, shared: Path, tmp_path: Path) -> None:
    known = json.loads((shared / "expected.json").read_text(encoding="utf-8"))["nhs-ae-attendances.csv"]
    first = same(office, shared / "nhs-ae-attendances.csv", "--map", office.map(NHS))
    assert first["rows_read"] == known["rows"]
    assert office.values("ATT") == known["measures"]["attendances"]["by_period"]
    last = max(known["measures"]["attendances"]["by_period"])
    year, month = int(last[:4]), int(last[5:])
    new = f"{year + month // 12}-{month % 12 + 1:02d}"
    path = longer(
        shared / "nhs-ae-attendances.csv", tmp_path / "nhs-ae-attendances-2019-04.csv",
        lambda row: {**row, "period": f"{new}-01"} if row["period"].startswith(last) else None,
    )  # fmt: skip
    again = office.bring(path)
    assert (again["observations_revised"], again["observations_unchanged"]) == (0, first["observations_new"])
    assert again["observations_new"] > 0
    assert office.values("ATT") == {
        **known["measures"]["attendances"]["by_period"],
        new: known["measures"]["attendances"]["by_period"][last],
    }


def test_ridership_by_its_recipe_and_the_next_day(office: Office, shared: Path, tmp_path: Path) -> None:
    known = json.loads((shared / "expected.json").read_text(encoding="utf-8"))["mta-daily-ridership.csv"]["measures"]
    same(office, shared / "mta-daily-ridership.csv", "--map", office.map(MTA))
    rides = known["Subways: Total Estimated Ridership"]["by_period"]
    assert office.values("RIDES") == rides
    path = longer(
        shared / "mta-daily-ridership.csv", tmp_path / "mta-daily-ridership-2031-01.csv",
        lambda row: {**row, "Date": "01/15/2031"} if row["Date"] in ("03/01/2020", "2020-03-01") else None,
    )  # fmt: skip
    assert office.bring(path, "--believe", "not begun yet")["observations_new"] == 2
    assert set(office.values("RIDES")) == {*rides, "2031-01"}


@pytest.mark.parametrize(
    ("file", "how", "year"), [("oakland-budget-2022-23.csv", OAKLAND_2022, "2022-07"), ("oakland-budget-2016-17.xlsx", OAKLAND_2016, "2016-07")]
)  # fmt: skip
def test_budgets_by_their_recipe_and_next_year(office: Office, shared: Path, tmp_path: Path, file: str, how: dict[str, Any], year: str) -> None:  # fmt: skip
    known = json.loads((shared / "expected.json").read_text(encoding="utf-8"))[file]["by_account_type"]
    first = same(office, shared / file, "--map", office.map(how))
    assert office.values("EXPENSE") == pytest.approx({year: known["Expense"]}, rel=1e-12)
    path = tmp_path / _next_year(file)
    if file.endswith(".csv"):
        rows = _original(shared / file)
        at = rows[0].index("budget_year")
        rows = [[c if n != at else _next_year(c) for n, c in enumerate(r)] for r in rows]
        with path.open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows(rows)
    else:
        _next_workbook(shared / file, path, "Budget Year Name")
    again = office.bring(path)
    assert again["observations_new"] == first["observations_new"]
    assert sorted(office.values("EXPENSE")) == [year, f"{int(year[:4]) + 1}-07"]


def _original(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.reader(source))


def _next_year(text: str) -> str:
    """Every year in `text` one later: FY2022-23 → FY2023-24."""
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 1), text)


def _next_workbook(path: Path, to: Path, column: str) -> None:
    import xlsxwriter
    from python_calamine import load_workbook

    rows = load_workbook(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    at = rows[0].index(column)
    book = xlsxwriter.Workbook(to, {"constant_memory": True})
    sheet = book.add_worksheet()
    for n, row in enumerate(rows):
        sheet.write_row(n, 0, [_next_year(str(c)) if i == at and n else c for i, c in enumerate(row)])
    book.close()


def test_a_german_budget_by_its_recipe_and_again(office: Office, shared: Path, tmp_path: Path) -> None:
    known = json.loads((shared / "expected.json").read_text(encoding="utf-8"))["cologne-district-budget.csv"]
    first = same(office, shared / "cologne-district-budget.csv", "--map", office.map(COLOGNE))
    years = known["sum of line 17 (ordentliche Aufwendungen) by year"]
    assert office.values("EXPENSE") == {f"{title.split()[1]}-01": value for title, value in years.items()}
    path = tmp_path / "cologne-district-budget-2031.csv"
    data = (shared / "cologne-district-budget.csv").read_bytes()
    last = max(years).split()
    path.write_bytes(data.replace(sorted(years)[-1].encode(), f"{last[0]} 2031".encode()))
    again = office.bring(path, "--believe", "not begun yet")
    assert 0 < again["observations_new"] < first["observations_new"]


def test_a_department_return_and_next_months(office: Office, shared: Path, tmp_path: Path) -> None:
    """Next month the department fills in one cell that was empty in its last fiscal year, and corrects another."""
    import openpyxl

    known = json.loads((shared / "expected.json").read_text(encoding="utf-8"))["department-return.xlsx"]
    assert same(office, shared / "department-return.xlsx")["observations_new"] == known["observations"]
    before = sum(len(p) for p in known["measures"].values())
    book = openpyxl.load_workbook(shared / "department-return.xlsx", data_only=True)
    sheet = [s for s in book.worksheets if s.sheet_state == "visible"][-1]
    figures = [
        c
        for row in sheet.iter_rows(min_row=2)
        for c in row
        if isinstance(c.value, int | float) and not isinstance(c.value, bool)
    ]
    cell = next(c for c in figures if isinstance(c.value, int) and c.column > 2 and c.value > 2100)
    cell.value += 1
    book.save(tmp_path / "department-return-2024-06.xlsx")
    again = office.bring(tmp_path / "department-return-2024-06.xlsx")
    assert (again["observations_revised"], again["observations_new"]) == (1, 0)
    assert again["observations_unchanged"] == known["observations"] - 1
    assert before > 0


def test_unemployment_and_the_month_that_follows(office: Office, shared: Path, tmp_path: Path) -> None:
    """The statistics office adds a row for another year."""
    import xlwt
    from python_calamine import load_workbook

    known = json.loads((shared / "expected.json").read_text(encoding="utf-8"))["cologne-unemployment.xls"]
    same(office, shared / "cologne-unemployment.xls")
    assert office.values("INSG-01") == known["unemployed"]
    book, made = load_workbook(shared / "cologne-unemployment.xls"), xlwt.Workbook()
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        at = next(n for n, row in enumerate(rows) if str(row[0]).startswith("2014"))
        target = made.add_sheet(name)
        new = [2015.0, *(value + 1 if isinstance(value, float) else value for value in rows[at][1:])]
        for n, row in enumerate([*rows[:at], new, *rows[at:]]):
            for i, value in enumerate(row):
                target.write(n, i, value)
    made.save(str(tmp_path / "cologne-unemployment-2015.xls"))
    again = office.bring(tmp_path / "cologne-unemployment-2015.xls")
    assert (again["observations_new"] > 0, again["observations_revised"]) == (True, 0)
    added = {f"2015{k[4:]}": v + 1 for k, v in known["unemployed"].items() if k.startswith("2014")}
    assert office.values("INSG-01") == {**known["unemployed"], **added}


def test_complaints_are_counted_and_next_months_too(office: Office, shared: Path, tmp_path: Path) -> None:
    known = json.loads((shared / "expected.json").read_text(encoding="utf-8"))["chicago-sanitation-complaints.csv"][
        "measures"
    ]["requests opened"]["by_period"]
    how = {
        "name": "Complaints", "period": "Creation Date", "frequency": "month", "breakdowns": ["Ward"],
        "measures": [{"code": "OPENED", "aggregation": "count"}],
    }  # fmt: skip
    same(office, shared / "chicago-sanitation-complaints.csv", "--map", office.map(how))
    assert office.values("OPENED") == known
    first = True

    def change(row: dict[str, str]) -> dict[str, str] | None:
        nonlocal first
        if not first or not row["Ward"]:
            return None
        first = False
        return {**row, "Creation Date": "02/03/2031"}

    path = longer(
        shared / "chicago-sanitation-complaints.csv", tmp_path / "chicago-sanitation-complaints-2031-02.csv", change
    )
    assert office.bring(path, "--believe", "not begun yet")["observations_new"] == 1
    assert office.values("OPENED")["2031-02"] == 1


def test_all_that_is_due_comes_in_by_one_command_and_what_needs_a_person_waits(office: Office, capsys: Out, tmp_path: Path) -> None:  # fmt: skip
    folder, other = tmp_path / "trips", tmp_path / "other"
    for made in (folder, other):
        made.mkdir()
    text = "Month,Trips\n2024-01,10\n"
    (folder / "trips-2024-01.csv").write_text(text)
    (other / "new.csv").write_text(text.replace("Trips", "Visits"))
    with sqlite3.connect(tmp_path / "permits.db") as file:
        file.execute("CREATE TABLE permit (month TEXT, permits INTEGER)")
        file.executemany("INSERT INTO permit VALUES (?, ?)", [(f"2024-{n:02d}", n) for n in range(1, 12)])
    file.close()
    add = lambda *words: run(capsys, "source", "add", *words, "--city", office.city)  # noqa: E731
    add("Trips", "folder", folder)
    add("Permits", "database", f"sqlite:///{tmp_path / 'permits.db'}", "--sql", "select * from permit")
    office.bring("Trips")
    office.bring("Permits")
    add("Other", "folder", other)
    (folder / "trips-2024-02.csv").write_text(text.replace("01,10", "02,20"))
    (folder / "trips-2024-03.csv").write_text(text.replace("Trips", "Journeys").replace("01,10", "03,30"))
    tried = due(office, "--dry-run")
    assert office.values("TRPS-01") == {"2024-01": 10}, "a trial writes nothing"
    report = due(office)
    assert tried == report
    assert [(s["name"], s["file"], s["observations_new"]) for s in report["sources"]] == [
        ("Other", "new.csv", 0), ("Trips", "trips-2024-02.csv", 1), ("Trips", "trips-2024-03.csv", 0)
    ]  # fmt: skip
    assert "no recipe" in report["sources"][0]["why"]
    assert "“Journeys” is proposed" in report["sources"][2]["why"]
    assert office.values("TRPS-01") == {"2024-01": 10, "2024-02": 20}
    assert run(capsys, "import", "--city", office.city)[0] == 2
    assert run(capsys, "import", "Trips", "--all-due", "--city", office.city)[0] == 2


def due(office: Office, *words: str) -> dict[str, Any]:
    status, out, err = run(office.capsys, "import", "--all-due", *words, "--json", "--city", office.city)
    assert (status, "2 of 3 sources wait for a person" in err) == (1, True)
    return dict(json.loads(out))


def test_a_scheduler_is_told_that_nothing_is_due(office: Office) -> None:
    status, out, _ = run(office.capsys, "import", "--all-due", "--city", office.city)
    assert (status, out) == (
        0, "nothing is due: no source of this city has anything new (citystat sources lists them)\n"
    )  # fmt: skip
