"""Records become measures: counted, measured, for the whole and every breakdown, checked and stored as one act."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from counting import HEAD, MEASURES, NOW, REQUESTS, ROWS, brought, values, written
from sqlalchemy import func, select

from citystat import periods
from citystat.city import City
from citystat.city.closing import ReasonWanted
from citystat.collect import recipes
from citystat.collect.close import Scope, close
from citystat.errors import Cancelled, CityStatError
from citystat.measures.series import definition, series
from citystat.models import ImportRun, Measure, Observation
from citystat.records.bring import bring
from citystat.records.count import Unread
from citystat.records.recipe import RECORDS, RecordMeasure, RecordRecipe


def test_every_kind_of_measure_is_what_the_records_say(city: City, tmp_path: Path) -> None:
    done = brought(city, tmp_path)
    assert (done.rows_read, done.imported.revised) == (6, 0)
    assert values(city, "N") == {"": {"2026-01": 3, "2026-02": 3}}
    assert values(city, "DONE") == {"": {"2026-01": 2, "2026-02": 3}}
    assert values(city, "DAYS")[""] == {"2026-01": 10, "2026-02": 2.5}
    assert values(city, "FAST")[""] == pytest.approx({"2026-01": 100 / 3, "2026-02": 200 / 3})
    assert values(city, "OPEN") == {"": {"2026-01": 1, "2026-02": 1}}
    assert values(city, "COST") == {"": {"2026-01": 60, "2026-02": 90}}


def test_breakdowns_are_counted_for_themselves_and_nothing_is_a_nought(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path)
    assert values(city, "N", "District") == {
        "South": {"2026-01": 1, "2026-02": 2},
        "North": {"2026-01": 2, "2026-02": 1},
    }
    assert values(city, "DAYS", "Category") == {
        "Garbage": {"2026-01": 6, "2026-02": 4},
        "Graffiti": {"2026-01": 14, "2026-02": 1},
    }
    assert values(city, "OPEN", "District") == {
        "South": {"2026-01": 1, "2026-02": 1},
        "North": {"2026-01": 0, "2026-02": 0},
    }


def test_crossed_breakdowns_do_not_count_a_category_twice(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path, crossed=True)
    assert values(city, "N", "District")["North"] == {"2026-01": 2, "2026-02": 1}
    assert values(city, "DAYS", "District")["South"] == {"2026-01": 14, "2026-02": 4}
    assert values(city, "N") == {"": {"2026-01": 3, "2026-02": 3}}


def test_the_whole_of_a_median_is_not_made_of_its_parts(city: City, tmp_path: Path) -> None:
    rows = [f"{n},01/02/2026,01/{2 + n:02d}/2026,North,Garbage,1" for n in range(1, 10)] + [
        "99,01/02/2026,03/02/2026,South,Garbage,1"
    ]
    brought(city, tmp_path, *rows)
    assert values(city, "DAYS") == {"": {"2026-01": 5.5}}
    assert values(city, "DAYS", "District") == {"South": {"2026-01": 59}, "North": {"2026-01": 5}}
    with city.read() as read:
        assert definition(read, "DAYS").over_time == "none"


def test_filters_skips_and_words(city: City, tmp_path: Path) -> None:
    garbage = RecordMeasure("GARBAGE", where={"Category": ["garbage"]})
    brought(
        city,
        tmp_path,
        skip={"Request": "2"},
        where={"District": ["North", "S."]},
        words={"District": {"South": "S."}},
        measures=(*MEASURES, garbage),
    )
    assert values(city, "N", "District") == {"S.": {"2026-01": 1, "2026-02": 2}, "North": {"2026-01": 1, "2026-02": 1}}
    assert values(city, "GARBAGE") == {"": {"2026-01": 1, "2026-02": 2}}


@pytest.mark.parametrize(
    ("frequency", "start", "expected"),
    [
        ("day", 1, {"2026-01-05": 1, "2026-01-09": 1}), ("week", 1, {"2026-01-05": 2, "2026-01-19": 1}),
        ("quarter", 1, {"2026-01-01": 6}), ("quarter", 3, {"2025-12-01": 6}), ("half-year", 7, {"2026-01-01": 6}), ("year", 7, {"2025-07-01": 6}),
    ],
)  # fmt: skip
def test_periods_of_any_frequency(
    frequency: str, start: int, expected: dict[str, float], city: City, tmp_path: Path
) -> None:
    brought(city, tmp_path, frequency=frequency, year_start=start, measures=MEASURES[:1], breakdowns=())
    with city.read() as read:
        query = select(Observation.period, Observation.value).where(Observation.value > 0)
        found = {f"{p:%Y-%m-%d}": v for p, v in read.execute(query)}
    assert expected.items() <= found.items() and sum(found.values()) == 6


@pytest.mark.parametrize(
    ("written_as", "means"),
    [
        ("2026-01-31", "2026-01"), ("2026-01-31T23:59:59.000", "2026-01"), ("01/31/2026 11:59:59 PM", "2026-01"), ("1/31/26", "2026-01"), ("1/31/26 23:59", "2026-01"),
        ("31.01.2026", "2026-01"), ("31-JAN-2026", "2026-01"), ("Jan 31, 2026", "2026-01"), ("20260131", "2026-01"), (" 2026-01-31 ", "2026-01"), ("2026-02-01T02:30:00Z", "2026-02"),
    ],
)  # fmt: skip
def test_dates_as_cities_write_them(written_as: str, means: str, city: City, tmp_path: Path) -> None:
    brought(city, tmp_path, f'1,"{written_as}",,North,Garbage,1', measures=MEASURES[:1], breakdowns=(), closed="")
    assert values(city, "N") == {"": {means: 1}}


def test_day_first_where_the_recipe_says_so(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path, "1,02/01/2026,,North,Garbage,1", measures=MEASURES[:1], day_first=True)
    assert values(city, "N") == {"": {"2026-01": 1}}


@pytest.mark.parametrize(
    ("written_as", "file_zone", "means"),
    [
        ("2026-02-01T02:30:00Z", "", "2026-01"), ("2026-02-01T02:30:00-06:00", "", "2026-02"), ("2026-02-01T02:30:00", "", "2026-02"),
        ("2026-02-01T02:30:00", "UTC", "2026-01"), ("02/01/2026 02:30:00 AM", "UTC", "2026-01"), ("2026-02-01", "UTC", "2026-02"), ("02/01/2026", "UTC", "2026-02"),
    ],
)  # fmt: skip
def test_times_are_moved_into_the_citys_zone(
    written_as: str, file_zone: str, means: str, city: City, tmp_path: Path
) -> None:
    brought(
        city,
        tmp_path,
        f"1,{written_as},,North,Garbage,1",
        measures=MEASURES[:1],
        zone="America/Chicago",
        file_zone=file_zone,
    )
    assert values(city, "N") == {"": {means: 1}}


def test_what_is_odd_is_said_and_does_not_spoil_the_figures(city: City, tmp_path: Path) -> None:
    odd = (
        "7,02/20/2026,02/10/2026,North,Garbage,1",
        "8,,02/10/2026,North,Garbage,1",
        "2,01/09/2026,01/29/2026,North,Garbage,20",
        ",02/21/2026,,,Garbage,1",
        "9,03/01/2026,n/a,North,Garbage,1",
    )
    done = brought(city, tmp_path, *ROWS, *odd)
    said = " ".join(r.reason for r in done.remarks)
    for words in (
        "1 record has no date in “Opened”",
        "1 record was closed before",
        "1 row repeats a record of the same Request",
        "1 record has no Request",
        "Mar 2026 has not ended",
    ):
        assert words in said
    assert values(city, "N")[""] == {"2026-01": 3, "2026-02": 5, "2026-03": 1}
    assert values(city, "DAYS")[""]["2026-01"] == 14  # the repeated one closed later
    assert values(city, "OPEN")[""] == {"2026-01": 1, "2026-02": 2, "2026-03": 3}
    assert values(city, "N", "District")["not stated"] == {"2026-02": 1, "2026-03": 0}


@pytest.mark.parametrize(
    ("rows", "changes", "where", "says"),
    [
        (ROWS, {"opened": "Created"}, "requests.csv", "There is no column “Created”. It has: Request"),
        (ROWS, {"closed": "Closed on"}, "requests.csv", "There is no column “Closed on”. If it is called “Closed” now"),
        (("1,soon,,North,Garbage,1",), {}, "row 2, Opened", "1 cell cannot be read: “soon” is not a date"),
        ((*ROWS, "7,02/20/2026,02/30/2026,North,Garbage,1"), {}, "row 8, Closed", "“02/30/2026” is not a date"),
        ((*ROWS, "7,02/20/2026,,North,Garbage,ten"), {}, "row 8, Cost", "“ten” is not a number"),
        (ROWS, {"where": {"District": "East"}}, "requests.csv", "No record is left by “District = East”. “District” says: North, South"),
        (("1,,,North,Garbage,1",), {}, "requests.csv", "No record has a date in “Opened”"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence_with_its_place_and_nothing_is_written(
    rows: tuple[str, ...], changes: dict[str, object], where: str, says: str, city: City, tmp_path: Path
) -> None:
    with pytest.raises(CityStatError) as refused:
        brought(city, tmp_path, *rows, **changes)
    assert where in str(refused.value) and says in str(refused.value) and refused.value.do
    with city.read() as read:
        assert read.scalar(select(func.count()).select_from(ImportRun)) == 0
    assert not (tmp_path / "Test.records").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "The file is empty"), (HEAD + "\n", "There are no records below the headings"), ("just one column\nx\n", "no heading row"),
        ("A,A\n1,2\n", "Two columns are called “A”"), (b"\x00\x01\x02\x03" * 50, "neither a table of text nor a workbook"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_records_is_refused(content: str | bytes, says: str, city: City, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CityStatError, match=says):
        bring(city, path, REQUESTS, now=NOW)


def test_every_cell_that_cannot_be_read_is_named_by_its_row(city: City, tmp_path: Path) -> None:
    with pytest.raises(Unread) as refused:
        brought(city, tmp_path, *ROWS, "7,never,,North,Garbage,1", "8,02/01/2026,later,North,Garbage,much")
    assert [r.place for r in refused.value.remarks] == ["row 8, Opened", "row 9, Closed", "row 9, Cost"]


def test_files_in_other_encodings_delimiters_and_workbooks(city: City, tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    text = "Request;Opened;District\n1;05.01.2026;Köln – Süd\n2;06.01.2026;Nord\n"
    recipe = RecordRecipe("X", opened="Opened", breakdowns=("District",), keep=False, measures=(RecordMeasure("N"),))
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(text.encode(encoding))
        bring(city, path, recipe, now=NOW)
        assert values(city, "N", "District") == {"Köln – Süd": {"2026-01": 1}, "Nord": {"2026-01": 1}}
    with Workbook(tmp_path / "book.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Request", "Opened", "District"])
        sheet.write_row(1, 0, [7, "", "Nord"])
        sheet.write_datetime(1, 1, datetime(2026, 1, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert bring(city, tmp_path / "book.xlsx", recipe, now=NOW).imported.revised == 2  # the South has none any more
    assert values(city, "N", "District") == {"Nord": {"2026-01": 1}, "Köln – Süd": {"2026-01": 0}}


def test_a_row_that_is_too_long_or_too_short_does_not_end_the_world(city: City, tmp_path: Path) -> None:
    done = brought(city, tmp_path, *ROWS, '7,02/21/2026,,"North, ""old"" part",Garbage,1', "8,02/22/2026")
    assert done.rows_read == 8
    assert values(city, "N", "District")['North, "old" part'] == {"2026-02": 1}


def test_a_dry_run_says_what_the_real_one_does_and_writes_nothing(city: City, tmp_path: Path) -> None:
    tried = brought(city, tmp_path, dry=True)
    with city.read() as read:
        assert read.scalar(select(func.count()).select_from(Measure)) == 0
    assert not (tmp_path / "Test.records").exists()
    done = brought(city, tmp_path)
    assert tried.imported.added == done.imported.added > 0 and tried.rows_read == done.rows_read


def test_an_import_is_one_act_of_undo(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path)
    assert city.undo() == "Import requests.csv"
    with city.read() as read:
        assert (
            read.scalar(select(func.count()).select_from(Observation).where(Observation.superseded_by.is_(None))) == 0
        )
        assert recipes.named_as(read, "Requests", RECORDS).recipe == REQUESTS  # what it taught stays
    city.redo()
    assert values(city, "N") == {"": {"2026-01": 3, "2026-02": 3}}


def test_checks_hold_back_what_cannot_be(city: City, tmp_path: Path) -> None:
    done = brought(city, tmp_path, *ROWS, "7,02/20/2027,,North,Garbage,1", measures=MEASURES[:1])
    assert {(f.rule, f.level, f.place) for f in done.imported.findings if f.level == "error"} == {
        ("future", "error", "2027-02"), ("future", "error", "2027-02, District North"), ("future", "error", "2027-02, Category Garbage"),
    }  # fmt: skip
    assert values(city, "N") == {"": {"2026-01": 3, "2026-02": 3}}


class Stop:
    """Whoever waits, and stops at the nth look."""

    def __init__(self, at: int) -> None:
        self.left = at

    def report(self, share: float, words: str = "") -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


@pytest.mark.parametrize("at", [0, 1, 2, 3, 5, 8, 12])
def test_whoever_stops_it_finds_nothing(at: int, city: City, tmp_path: Path) -> None:
    path = written(tmp_path / "requests.csv", *ROWS)
    with pytest.raises(Cancelled):
        bring(city, path, REQUESTS, now=NOW, progress=Stop(at))
    with city.read() as read:
        assert read.scalar(select(func.count()).select_from(ImportRun)) == 0
    assert not (tmp_path / "Test.records").exists()


def test_recipes_for_records_are_kept_and_no_table_is_read_by_them(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path)
    with city.read() as read:
        assert recipes.kept(read) == []
        assert [(k.name, k.number, k.source) for k in recipes.kept_as(read, RECORDS)] == [
            ("Requests", 1, "requests.csv")
        ]
        with pytest.raises(CityStatError, match="is a recipe for records"):
            recipes.named(read, "Requests")
    changed = replace(REQUESTS, breakdowns=("District",), measures=MEASURES[1:])
    assert recipes.keep_as(city, "Requests", changed, RECORDS, now=NOW, why="Fewer").number == 2
    with city.read() as read:
        assert recipes.versions_as(read, "Requests", RECORDS)[0].changes == (
            "measure N left out",
            "breakdowns: District",
        )


def test_a_recipe_goes_out_and_in_as_json() -> None:
    for recipe in (
        REQUESTS,
        replace(
            REQUESTS,
            zone="America/Chicago",
            file_zone="UTC",
            crossed=True,
            keep=False,
            words={"District": {"N": "North"}},
        ),
    ):
        assert RECORDS.read(json.loads(json.dumps(RECORDS.write(recipe)))) == recipe


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"opened": ""}, "Which column holds the date"), ({"measures": []}, "no measure"), ({"measures": [{"code": ""}]}, "has no code"),
        ({"measures": [{"code": "A"}, {"code": "A"}]}, "Two measures have the code A"), ({"measures": [{"code": "A", "kind": "mode"}]}, "“mode” is no kind"),
        ({"measures": [{"code": "A", "kind": "backlog"}]}, "needs the date on which a record was closed"), ({"measures": [{"code": "A", "kind": "sum"}]}, "what A adds up"),
        ({"measures": [{"code": "A", "kind": "share", "value": "Cost"}]}, "The standard that A"), ({"measures": [{"code": "A", "percentile": 101}]}, "“percentile” cannot be 101"),
        ({"zone": "Mars"}, "no time zone"), ({"file_zone": "UTC"}, "not said whereto"), ({"period": "x"}, "has no “period”"), ({"breakdowns": 7}, "“breakdowns” cannot be 7"),
    ],
)  # fmt: skip
def test_a_recipe_that_cannot_work_is_refused_in_words(change: dict[str, object], says: str) -> None:
    with pytest.raises(CityStatError, match=says):
        RECORDS.read({"kind": "records", "opened": "Opened", "measures": [{"code": "N"}]} | change)


def test_chicagos_complaints_equal_what_is_expected(city: City, shared: Path) -> None:
    expected = json.loads((shared / "expected.json").read_text(encoding="utf-8"))["chicago-sanitation-complaints.csv"]
    recipe = RecordRecipe(
        "Sanitation", opened="Creation Date", closed="Completion Date", breakdowns=("Ward",), keep=False,
        measures=(
            RecordMeasure("requests opened"), RecordMeasure("requests completed", by="closed"), RecordMeasure("median days to complete", kind="median"),
            RecordMeasure("share completed within 5 days", kind="share", within=5), RecordMeasure("open at month end", kind="backlog"),
        ),
    )  # fmt: skip
    done = bring(city, shared / "chicago-sanitation-complaints.csv", recipe, now=NOW)
    assert done.rows_read == expected["rows"]
    for code, told in expected["measures"].items():
        found = values(city, code)[""]
        assert {p: found[p] for p in told["by_period"]} == pytest.approx(told["by_period"], rel=1e-6)
    ward = values(city, "requests opened", "Ward")["25"]
    assert {p: n for p, n in ward.items() if n} == expected["by_breakdown"]["ward 25, requests opened"]


def test_records_of_a_closed_month_are_a_correction_with_a_reason(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path)
    close(city, date(2026, 1, 1), Scope(), now=NOW)
    late = written(tmp_path / "requests.csv", *ROWS, "7,01/06/2026,01/08/2026,North,Garbage,5")
    with pytest.raises(ReasonWanted):
        bring(city, late, REQUESTS, now=NOW)
    done = bring(city, late, REQUESTS, now=NOW, reason="one came by letter")
    with city.read() as read:
        assert read.get_one(ImportRun, done.imported.run_id).reason == "one came by letter"


def test_a_month_that_the_file_breaks_off_in_is_preliminary_and_said(city: City, tmp_path: Path) -> None:
    rows = [
        f"{d}{n},{d:%m/%d/%Y},{d:%m/%d/%Y},North,Garbage,1"
        for d in periods.run(date(2025, 11, 1), date(2026, 1, 12), "day")
        for n in "ab"
    ]
    done = brought(city, tmp_path, *rows)
    assert "The records end on 12 Jan 2026: Jan 2026 is not whole, its figures are preliminary" in [
        r.reason for r in done.remarks
    ]
    with city.read() as read:
        found = series(read, definition(read, "N"))
    assert found.status == ("final", "final", "preliminary")


def test_a_quiet_end_of_a_month_is_no_end_of_the_file(city: City, tmp_path: Path) -> None:
    done = brought(city, tmp_path)  # six requests in two months, the last on the 24th
    assert not any("is not whole" in r.reason for r in done.remarks)


def test_a_share_is_preliminary_where_open_records_may_still_meet_its_standard(city: City, tmp_path: Path) -> None:
    rows = [
        f"{d:%m%d},{d:%m/%d/%Y},{d:%m/%d/%Y},North,Garbage,1"
        for d in periods.run(date(2026, 1, 1), date(2026, 2, 28), "day")
    ]
    done = brought(city, tmp_path, *rows, "A,02/10/2026,,North,Garbage,1", "B,02/25/2026,,North,Garbage,1")
    (said,) = [r.reason for r in done.remarks if "may still meet" in r.reason]
    assert said == "1 open record may still meet “Closed within 5 days”: its figures from Feb 2026 on are preliminary"
    with city.read() as read:
        fast, opened = series(read, definition(read, "FAST")), series(read, definition(read, "N"))
    assert fast.status == ("final", "preliminary")
    assert opened.status == ("final", "final")
    assert fast.values[-1] == pytest.approx(100 * 28 / 30)
