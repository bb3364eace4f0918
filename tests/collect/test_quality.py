"""Timeliness, completeness and validity: counted from what came when, worst first, by measure and by department."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select

from citystat import periods
from citystat.city import City
from citystat.city import observations as observed
from citystat.collect.quality import BEFORE, LATE, MISSING, ON_TIME, Quality, by_department, quality
from citystat.models import Department, ImportRun, Measure
from tests.collect.test_checks import MONTHS, STEADY, bring

TODAY = date(2026, 3, 10)


def arrive(city: City, at: datetime, measure: int, months: list[date], cells: tuple[str, ...] = ("",)) -> None:
    """Figures of `months` came in at `at`."""
    with city.change("Bring in") as change:
        run = ImportRun(at=at, who="tester", source=f"{at:%Y-%m-%d}.csv")
        change.add(run)
        change.flush()
        ids = observed.cells(change, [(("District", c),) if c else () for c in cells])
        rows = [
            observed.Incoming(measure, m, key, 10.0 + m.month, None, None, "final", "", "")
            for m in months for b, key in ids.items() if bool(b) == bool(cells[0])
        ]  # fmt: skip
        observed.store(change, run, rows)
        change.run_id = run.id


def make(city: City, *codes: str, lag: int = 15) -> None:
    with city.change("Make measures") as change:
        row = Department(code="PW", name="Public works")
        change.add(row)
        change.flush()
        change.add_all(
            Measure(code=code, name=f"Measure {code}", department_id=row.id, reporting_lag=lag) for code in codes
        )


def asked(city: City) -> list[Quality]:
    with city.read() as read:
        return quality(read, TODAY)


def test_what_came_by_its_day_late_and_not_at_all(city: City) -> None:
    make(city, "A")
    arrive(city, datetime(2024, 12, 10), 1, periods.run(date(2024, 1, 1), date(2024, 11, 1), "month"))
    for month in periods.run(date(2024, 12, 1), date(2026, 1, 1), "month"):
        end = periods.end_of(month, "month")
        late = {date(2025, 8, 1): 20, date(2025, 9, 1): 16}.get(month, 15)
        if month != date(2025, 11, 1):
            arrive(city, datetime.combine(end, datetime.min.time()) + (datetime(2000, 1, 1 + late) - datetime(2000, 1, 1)), 1, [month])  # fmt: skip
    (found,) = asked(city)
    came = {p.start: (p.came, p.days) for p in found.periods}
    assert len(came) == 12 and max(came) == date(2026, 1, 1)  # February falls due on 15 March
    assert came[date(2025, 8, 1)] == (LATE, 5) and came[date(2025, 9, 1)] == (LATE, 1)
    assert came[date(2025, 11, 1)] == (MISSING, 0)
    assert (found.timeliness.good, found.timeliness.of) == (9, 12)
    assert (found.completeness.good, found.completeness.of) == (11, 12)
    assert (found.validity.good, found.validity.of) == (11, 11)
    assert found.score is not None
    assert round(found.score, 1) == round((75 + 100 * 11 / 12 + 100) / 3, 1)


def test_what_fell_due_before_the_city_had_the_measure_is_nobody_s_fault(city: City) -> None:
    make(city, "A")
    arrive(city, datetime(2026, 3, 1), 1, periods.run(date(2024, 1, 1), date(2026, 1, 1), "month"))
    (found,) = asked(city)
    assert [p.came for p in found.periods].count(BEFORE) == 12
    assert found.timeliness.per_cent is None
    assert found.score == 100


def test_a_correction_does_not_make_a_figure_late(city: City) -> None:
    make(city, "A")
    arrive(city, datetime(2025, 1, 10), 1, periods.run(date(2024, 1, 1), date(2024, 12, 1), "month"))
    arrive(city, datetime(2025, 2, 10), 1, [date(2025, 1, 1)])
    with city.change("Correct") as change:
        run = ImportRun(at=datetime(2025, 6, 1), who="tester", source="late.csv")
        change.add(run)
        change.flush()
        observed.store(
            change, run, [observed.Incoming(1, date(2025, 1, 1), 1, 99.0, None, None, "final", "", "")]
        )  # fmt: skip
        change.run_id = run.id
    with city.read() as read:
        (found,) = quality(read, date(2025, 6, 20))
    assert {p.start: p.came for p in found.periods}[date(2025, 1, 1)] == ON_TIME


def test_a_district_that_did_not_come_costs_completeness(city: City) -> None:
    make(city, "A")
    months = periods.run(date(2025, 1, 1), date(2025, 12, 1), "month")
    arrive(city, datetime(2025, 1, 2), 1, months, ("E", "W", "N"))
    arrive(city, datetime(2026, 2, 2), 1, [date(2026, 1, 1)], ("E", "W"))
    (found,) = asked(city)
    assert (found.completeness.good, found.completeness.of) == (35, 36)
    assert (found.periods[-1].there, found.periods[-1].expected) == (2, 3)


def test_findings_cost_validity_until_they_are_settled(city: City, tmp_path: Path) -> None:
    from citystat.collect import settle
    from tests.collect.bringing import NOW

    bring(city, tmp_path, list(zip(MONTHS, STEADY, strict=True)))
    bring(city, tmp_path, [("2026-02", 640)])
    (found,) = asked(city)
    assert found.periods[-1].start == date(2026, 2, 1)  # it is there, though it was not due yet
    assert (found.validity.good, found.validity.of, len(found.open)) == (11, 12, 1)
    settle.accept(city, [found.open[0].id], "storm", NOW)
    (found,) = asked(city)
    assert found.validity.per_cent == 100 and found.open == ()


def test_the_worst_comes_first_and_departments_count_their_periods_together(city: City) -> None:
    make(city, "A", "B", "C")
    all_ = periods.run(date(2024, 1, 1), date(2026, 1, 1), "month")
    arrive(city, datetime(2024, 2, 10), 1, all_)
    arrive(city, datetime(2024, 2, 10), 2, [m for m in all_ if m.month != 6])
    rows = asked(city)
    assert [q.measure.code for q in rows if q.measure] == ["B", "A", "C"]  # C has nothing to judge yet
    (department,) = by_department(rows, "none")
    assert (department.name, department.measures) == ("Public works", 3)
    assert (department.completeness.good, department.completeness.of) == (23, 24)


def test_measures_out_of_use_are_left_out(city: City) -> None:
    make(city, "A")
    with city.change("Retire") as change:
        change.scalars(select(Measure)).one().retired = True
    assert asked(city) == []


def test_the_sample_city_has_something_to_look_at(sample_city: City) -> None:
    rows = asked(sample_city)
    assert rows[0].measure is not None and rows[0].measure.code == "PK-06"
    assert sum(p.came == LATE for p in rows[0].periods) == 3
    assert any(q.open for q in rows)
    assert sum(q.score == 100 for q in rows) > 60
