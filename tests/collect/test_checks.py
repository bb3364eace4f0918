"""Checks before belief: each rule on a file that breaks it, what is held back, what is marked, and undoing it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from citystat import periods
from citystat.city import City
from citystat.collect.apply import apply
from citystat.collect.checks import ERROR, OFF, RULES, WARNING, Finding, Own
from citystat.collect.readers import read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.settle import save_rules
from citystat.collect.store import Imported, checked, store
from citystat.collect.typed import correct_value
from citystat.measures.doubts import doubts, open_count
from citystat.models import CheckFinding
from citystat.texts import speaking
from tests.collect.bringing import NOW, measure, values

MONTHS = periods.run(date(2022, 1, 1), date(2026, 1, 1), "month")
RNG = np.random.default_rng(7)
STEADY = [round(float(v)) for v in 500 + RNG.normal(0, 6, len(MONTHS))]
V = (MeasureMap("V", value="value"),)
SHARE = (MeasureMap("S", numerator="top", denominator="bottom", unit="percent", direction="higher"),)


def bring(
    city: City, tmp_path: Path, rows: Sequence[Sequence[Any]], titles: str = "period,value",
    measures: tuple[MeasureMap, ...] = V, breakdowns: tuple[str, ...] = (), believed: str = "", dry: bool = False,
) -> Imported:  # fmt: skip
    """Import rows of text as a file of their own."""
    path = tmp_path / f"file{len(list(tmp_path.glob('file*')))}.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(titles.split(","))
        writer.writerows(rows)
    source = read(path)
    recipe = Recipe(period="period", frequency="month", breakdowns=breakdowns, measures=measures)
    return store(city, source, recipe, apply(source, recipe), now=NOW, believed=believed, dry=dry)


def history(city: City, tmp_path: Path, figures: Sequence[float] = STEADY) -> None:
    """Four years that nothing is said against."""
    done = bring(city, tmp_path, list(zip(MONTHS, figures, strict=True)))
    assert done.findings == ()


def said(done: Imported) -> list[tuple[str, str, str]]:
    """Rule, level and place of each finding."""
    return [(f.rule, f.level, f.place) for f in done.findings]


def test_an_ordinary_next_month_is_believed(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    assert bring(city, tmp_path, [("2026-02", 503)]).findings == ()


@pytest.mark.parametrize(
    ("value", "rule", "level", "words"),
    [
        (50, "unit", ERROR, "10 times smaller"),
        (50_300, "unit", ERROR, "100 times the usual 50"),
        (502_000, "unit", ERROR, "1,000 times the usual 50"),
        (99_999, "wild", ERROR, "99,999, where it never was beyond 5"),
        (640, "jump", WARNING, "A jump to 640 from about 50"),
        (-498, "sign", WARNING, "−498 is below zero"),
        (503.5, "type", WARNING, "503.5 is no whole number"),
    ],
)
def test_an_odd_figure_is_found_by_its_rule(
    city: City, tmp_path: Path, value: float, rule: str, level: str, words: str
) -> None:
    history(city, tmp_path)
    done = bring(city, tmp_path, [("2026-02", value)])
    assert said(done) == [(rule, level, "B2")]
    assert words in done.findings[0].words
    assert ("2026-02" in values(measure(city, "V"))) is (level == WARNING)


def test_a_month_that_has_not_begun_is_held_back_and_the_rest_comes_in(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    done = bring(city, tmp_path, [("2026-02", 500), ("2062-03", 501)])
    assert said(done) == [("future", ERROR, "B3")]
    assert (done.added, done.revised) == (1, 0)
    assert "2062-03" not in values(measure(city, "V"))


def test_this_month_is_no_future(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    assert [f.rule for f in bring(city, tmp_path, [("2026-02", 500), ("2026-03", 501)]).findings] == []


def test_a_share_of_more_than_the_whole_is_held_back(city: City, tmp_path: Path) -> None:
    rows = [(m, 80 + n % 5, 100) for n, m in enumerate(MONTHS)]
    bring(city, tmp_path, rows, "period,top,bottom", SHARE)
    done = bring(city, tmp_path, [("2026-02", 130, 100)], "period,top,bottom", SHARE)
    assert said(done)[0][:2] == ("numerator", ERROR)
    assert done.findings[0].numerator == 130


def test_a_share_of_something_else_may_be_more_than_all_of_it(city: City, tmp_path: Path) -> None:
    rows = [(m, 95 + n % 12, 100) for n, m in enumerate(MONTHS)]
    assert bring(city, tmp_path, rows, "period,top,bottom", SHARE).findings == ()


def test_limits_that_a_person_gave_hold(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    save_rules(city, 1, {"range": Own(ERROR, {"least": 400.0, "most": 520.0})}, "")
    done = bring(city, tmp_path, [("2026-02", 521)])
    assert said(done) == [("range", ERROR, "B2")]
    assert done.findings[0].words == "521 is above 520, the most it can be"


def test_equal_rows_that_were_added_up_are_said(city: City, tmp_path: Path) -> None:
    rows = list(zip(MONTHS, STEADY, strict=True))
    done = bring(city, tmp_path, [*rows, rows[3]])
    assert ("duplicate", WARNING) in [(f.rule, f.level) for f in done.findings]
    assert "2 equal rows" in done.findings[0].words


def test_a_file_with_many_rows_a_month_has_no_duplicates(city: City, tmp_path: Path) -> None:
    rows = [(m, 1) for m in MONTHS for _ in range(3)]
    assert bring(city, tmp_path, rows).findings == ()


def test_last_month_sent_again_under_a_new_date_is_found(city: City, tmp_path: Path) -> None:
    rows = [(m, d, STEADY[n] + 9 * i) for n, m in enumerate(MONTHS) for i, d in enumerate("EWN")]
    bring(city, tmp_path, rows, "period,district,value", breakdowns=("district",))
    again = [("2026-02", d, v) for _, d, v in rows[-3:]]
    done = bring(city, tmp_path, again, "period,district,value", breakdowns=("district",))
    assert done.findings[0].words == "All 3 figures of the period are those of Jan 2026"


def test_a_figure_that_stands_still_is_found(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    same = [(f"2026-{n:02d}", 500) for n in range(2, 4)]
    assert bring(city, tmp_path, same).findings == ()
    save_rules(city, 1, {"stale": Own(WARNING, {"times": 2})}, "")
    correct_value(city, 1, date(2026, 1, 1), 511, "set apart", NOW)
    done = bring(city, tmp_path, [("2026-02", 503), ("2026-03", 503)])
    assert done.findings[0].words == "503 for 2 periods running"


def test_a_total_that_its_parts_do_not_add_up_to_is_found(city: City, tmp_path: Path) -> None:
    districts = [(m, d, v) for m in MONTHS[-14:] for d, v in (("E", 300), ("W", 200))]
    bring(city, tmp_path, districts, "period,district,value", breakdowns=("district",))
    assert bring(city, tmp_path, [(MONTHS[-2], 502)]).findings == ()  # within half a per cent
    done = bring(city, tmp_path, [(MONTHS[-1], 540)])
    assert said(done) == [("parts", WARNING, "B2")]
    assert done.findings[0].words == "The total 540 is not the sum of its parts by district, 500"


def test_parts_that_arrive_after_their_total_are_held_against_it(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    rows = [("2026-01", "E", 300), ("2026-01", "W", 100)]
    done = bring(city, tmp_path, rows, "period,district,value", breakdowns=("district",))
    assert [(f.rule, f.place) for f in done.findings] == [("parts", "C2")]


def test_missing_months_and_districts_are_said_until_they_come(city: City, tmp_path: Path) -> None:
    rows = [(m, d, STEADY[n] + 50 * i) for n, m in enumerate(MONTHS) for i, d in enumerate("EWN")]
    bring(city, tmp_path, rows, "period,district,value", breakdowns=("district",))
    done = bring(
        city,
        tmp_path,
        [("2026-03", "E", 503), ("2026-03", "W", 551)],
        "period,district,value",
        breakdowns=("district",),
    )
    assert [f.words for f in done.findings] == ["Feb 2026 is missing", "district N is missing in Mar 2026"]
    with city.read() as asked:
        assert open_count(asked) == (0, 2)
    late = [("2026-02", "E", 500), ("2026-02", "W", 549), ("2026-02", "N", 600), ("2026-03", "N", 604)]
    bring(city, tmp_path, late, "period,district,value", breakdowns=("district",))
    with city.read() as asked:
        assert open_count(asked) == (0, 0)


def test_a_district_that_sends_its_own_file_is_not_missed_in_another_s(city: City, tmp_path: Path) -> None:
    for i, district in enumerate("EW"):
        rows = [(m, district, STEADY[n] + 50 * i) for n, m in enumerate(MONTHS)]
        bring(city, tmp_path, rows, "period,district,value", breakdowns=("district",))
    done = bring(city, tmp_path, [("2026-02", "E", 503)], "period,district,value", breakdowns=("district",))
    assert done.findings == ()


def test_in_a_first_import_comparisons_only_warn(city: City, tmp_path: Path) -> None:
    figures = [*STEADY[:-1], 50_000]
    done = bring(city, tmp_path, list(zip(MONTHS, figures, strict=True)))
    assert said(done) == [("unit", WARNING, f"B{len(MONTHS) + 1}")]
    assert len(values(measure(city, "V"))) == len(MONTHS)


def test_a_figure_known_already_is_not_judged_again(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    rows = [*zip(MONTHS, STEADY, strict=True), ("2026-02", 640)]
    assert len(bring(city, tmp_path, rows).findings) == 1
    done = bring(city, tmp_path, rows)
    assert (done.findings, done.run_id) == ((), None)


def test_what_is_held_back_again_is_told_and_not_recorded_twice(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    first = bring(city, tmp_path, [("2026-02", 50_300)])
    again = bring(city, tmp_path, [("2026-02", 50_300)])
    assert first.run_id is not None and again.run_id is None
    assert len(again.findings) == 1
    with city.read() as asked:
        assert open_count(asked) == (1, 0)


def test_a_later_right_figure_settles_it(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 50_300)])
    bring(city, tmp_path, [("2026-02", 503)])
    with city.read() as asked:
        assert doubts(asked) == []
    city.undo()
    with city.read() as asked:
        assert [d.words for d in doubts(asked)] != []


def test_findings_go_and_come_back_with_their_import(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 640)])
    city.undo()
    with city.read() as asked:
        assert open_count(asked) == (0, 0)
    city.redo()
    with city.read() as asked:
        assert open_count(asked) == (0, 1)


def test_a_dry_run_says_what_the_real_one_does(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    rows = [("2026-02", 640), ("2026-03", 50_300), ("2062-01", 1)]
    dry = bring(city, tmp_path, rows, dry=True)
    with city.read() as asked:
        assert open_count(asked) == (0, 0)
    real = bring(city, tmp_path, rows)
    assert (dry.findings, dry.added) == (real.findings, real.added)


def test_before_anything_is_written_the_same_is_found(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    path = tmp_path / "next.csv"
    path.write_text("period,value,other\n2026-02,640,1\n2026-03,50300,2\n")
    recipe = Recipe(period="period", frequency="month", measures=(*V, MeasureMap("NEW", value="other")))
    source = read(path)
    batch = apply(source, recipe)
    with city.read() as asked:
        report = checked(asked, recipe, batch, today=NOW.date())
    done = store(city, source, recipe, batch, now=NOW)
    strip = [(f.rule, f.level, f.words, f.place) for f in report.findings]
    assert strip == [(f.rule, f.level, f.words, f.place) for f in done.findings]
    assert int(report.held.sum()) == len(report.errors) == 1


def test_believed_with_a_reason_it_is_taken_in_and_settled(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 50_300)], believed="the new system counts parts")
    assert values(measure(city, "V"))["2026-02"] == 50_300
    with city.read() as asked:
        assert open_count(asked) == (0, 0)


def test_a_rule_that_is_off_says_nothing(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    save_rules(city, 1, {name: Own(OFF, {}) for name in ("jump", "unit", "wild")}, "a new service that grows")
    assert bring(city, tmp_path, [("2026-02", 50_300)]).findings == ()


def test_of_several_rules_the_first_speaks(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    assert [f.rule for f in bring(city, tmp_path, [("2062-02", -50_300.5)]).findings] == ["future"]


def test_every_rule_says_what_it_looks_for() -> None:
    assert len({r.name for r in RULES}) == len(RULES) == 12
    for rule in RULES:
        assert rule.title and rule.says and rule.level in rule.levels and OFF in rule.levels


def test_a_finding_names_the_file_and_its_cell(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 640)])
    with city.read() as asked:
        (found,) = doubts(asked)
    assert (found.source, found.place, found.value, found.period) == ("file1.csv", "B2", 640, date(2026, 2, 1))
    assert isinstance(bring(city, tmp_path, [("2026-03", 20)]).findings[0], Finding)


def test_what_was_found_is_told_in_the_language_of_whoever_reads_it(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    with speaking("es"):
        done = bring(city, tmp_path, [("2026-02", 50_300)])
    english = "50,300 is about 100 times the usual 501: another unit?"
    assert done.findings[0].words != english
    with city.read() as asked:
        assert doubts(asked)[0].words.split(" the usual")[0] == english.split(" the usual")[0]
        with speaking("es"):
            assert doubts(asked)[0].words == done.findings[0].words
    with city.change("as before facts were kept") as change:
        change.scalars(select(CheckFinding)).one().facts = {}
    with city.read() as asked:
        assert doubts(asked)[0].words == done.findings[0].words
