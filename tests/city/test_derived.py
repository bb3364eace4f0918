"""Derived measures: their values follow what they rest on through corrections, imports, undo and redo."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from citystat import periods
from citystat.city import City, derived
from citystat.city import observations as store
from citystat.city.journal import last_act
from citystat.city.settings import keep_settings
from citystat.collect import typed
from citystat.errors import CityStatError
from citystat.measures import edit
from citystat.measures.series import Series, broken_down, definition, last_run, series
from citystat.measures.table import value_table
from citystat.models import ImportRun, Observation
from citystat.models.observations import WHOLE

NOW = datetime(2026, 3, 10, 9, 0)
MONTHS = [date(2025, m, 1) for m in range(1, 13)]


def measure(city: City, code: str, **fields: object) -> int:
    return edit.save_measure(city, None, code=code, name=code, **fields)


def bring(city: City, values: dict[int, list[float | None]], first: date = MONTHS[0]) -> int:
    """An import: by measure the values from `first` on; returns its run."""
    with city.change("Import") as change:
        run = ImportRun(at=NOW, who="tester", source="file", rows_read=1)
        change.add(run)
        change.flush()
        change.run_id = run.id
        store.store(
            change, run,
            [
                store.Incoming(m, periods.move(first, "month", i), WHOLE, v, v, 10.0, "final", "", "B2")
                for m, column in values.items()
                for i, v in enumerate(column)
                if v is not None
            ],
        )  # fmt: skip
        return run.id


def seen(city: City, code: str, as_of: int | None = None) -> Series:
    with city.read() as read:
        return series(read, definition(read, code), as_of=as_of)


def values(city: City, code: str, as_of: int | None = None) -> list[float | None]:
    return [None if v != v else round(float(v), 6) for v in seen(city, code, as_of).values]


@pytest.fixture
def pair(city: City) -> tuple[int, int]:
    """Two counted measures, A and B, with three months of values."""
    a, b = measure(city, "A"), measure(city, "B")
    bring(city, {a: [10, 20, 30], b: [40, 50, 60]})
    return a, b


def test_values_are_there_as_soon_as_the_formula_is(city: City, pair: tuple[int, int]) -> None:
    measure(city, "S", unit="percent", formula="share(A, B)")
    assert values(city, "S") == [25, 40, 50]
    assert city.undo() == "Save measure S"
    with pytest.raises(CityStatError):
        seen(city, "S")
    city.redo()
    assert values(city, "S") == [25, 40, 50]
    city.undo()
    with city.read() as read:
        assert read.scalar(select(func.count()).select_from(Observation).where(Observation.place.like("=%"))) == 0


def test_a_correction_reaches_them_as_a_revision_and_undo_takes_it_back(city: City, pair: tuple[int, int]) -> None:
    measure(city, "S", unit="percent", formula="share(A, B)")
    typed.correct_value(city, pair[0], MONTHS[1], 25, "recount", NOW)
    found = seen(city, "S")
    assert [round(float(v)) for v in found.values] == [25, 50, 50] and found.revision[1] == 1
    with city.read() as read:
        assert "40" in value_table(read, found)[1].note and "50" in value_table(read, found)[1].note
    city.undo()
    found = seen(city, "S")
    assert [round(float(v)) for v in found.values] == [25, 40, 50] and found.revision == (0, 0, 0)
    city.redo()
    assert values(city, "S") == [25, 50, 50]


def test_a_rolling_measures_year_is_its_last_window(city: City, pair: tuple[int, int]) -> None:
    measure(city, "R", formula="rolling(2, A)")
    assert seen(city, "R").measure.over_time == "last"
    measure(city, "M", formula="rolling(2, A)", over_time="mean")
    assert seen(city, "M").measure.over_time == "mean", "what a person said stands"


def test_the_next_import_and_its_undo_reach_them(city: City, pair: tuple[int, int]) -> None:
    measure(city, "R", formula="rolling(2, A)")
    assert values(city, "R") == [30, 50]
    shown = last_run_of(city)
    bring(city, {pair[0]: [35, 45]}, first=date(2025, 3, 1))
    assert values(city, "R") == [30, 55, 80]
    assert values(city, "R", as_of=shown) == [30, 50], "as it was shown before"
    city.undo()
    assert values(city, "R") == [30, 50]
    city.redo()
    assert values(city, "R") == [30, 55, 80]


def last_run_of(city: City) -> int | None:
    with city.read() as read:
        return last_run(read)


def test_an_import_taken_back_out_of_order_leaves_what_the_rest_gives(city: City, pair: tuple[int, int]) -> None:
    a, b = pair
    measure(city, "D", formula="A + B")
    first = bring(city, {a: [40]}, first=date(2025, 4, 1))
    bring(city, {b: [70]}, first=date(2025, 4, 1))
    assert values(city, "D") == [50, 70, 90, 110]
    city.undo_run(first)
    found = seen(city, "D")
    assert values(city, "D") == [50, 70, 90, None] and found.note[-1] == "A has no value for Apr 2025"
    city.redo()
    assert values(city, "D") == [50, 70, 90, 110]


def test_derived_measures_rest_on_derived_measures(city: City, pair: tuple[int, int]) -> None:
    measure(city, "C", formula="A + B")
    measure(city, "Z", formula="C * 2")
    typed.correct_value(city, pair[0], MONTHS[0], 11, "recount", NOW)
    assert values(city, "C")[0] == 51 and values(city, "Z")[0] == 102


def test_circles_are_refused_with_the_way_round(city: City, pair: tuple[int, int]) -> None:
    c = measure(city, "C", formula="A + B")
    measure(city, "Z", formula="C * 2")
    with pytest.raises(CityStatError, match="rest on itself: C → Z → C"):
        edit.save_measure(city, c, formula="Z + A")
    with pytest.raises(CityStatError, match="rest on itself: C → C"):
        edit.save_measure(city, c, formula="C + A")
    assert values(city, "C") == [50, 70, 90]


def test_the_population_is_part_of_it(city: City, pair: tuple[int, int]) -> None:
    with pytest.raises(CityStatError, match="population is not set"):
        measure(city, "P", unit="per 1,000 residents", formula="A per 1,000 residents")
    keep_settings(city, name="Test", office="", fiscal_year_start=7, population=2000)
    measure(city, "P", unit="per 1,000 residents", formula="A per 1,000 residents")
    assert values(city, "P") == [5, 10, 15]
    keep_settings(city, name="Test", office="", fiscal_year_start=7, population=4000)
    assert values(city, "P") == [2.5, 5, 7.5]
    city.undo()
    assert values(city, "P") == [5, 10, 15]
    keep_settings(city, name="Test", office="", fiscal_year_start=7, population=None)
    assert set(seen(city, "P").note) == {"The city's population is not set"}


def test_division_by_zero_is_explained_and_mended(city: City, pair: tuple[int, int]) -> None:
    measure(city, "S", unit="percent", formula="share(A, B)")
    typed.correct_value(city, pair[1], MONTHS[1], 0, "recount", NOW)
    found = seen(city, "S")
    assert found.values[1] != found.values[1] and found.note[1] == "B is 0, and nothing can be divided by it"
    typed.correct_value(city, pair[1], MONTHS[1], 80, "recount", NOW)
    assert values(city, "S") == [25, 25, 50]


def test_units_are_checked(city: City, pair: tuple[int, int]) -> None:
    measure(city, "D", unit="days")
    with pytest.raises(CityStatError, match="days and count do not go together"):
        measure(city, "X", formula="D + A")
    with pytest.raises(CityStatError, match="gives per cent, and not days"):
        measure(city, "X", unit="days", formula="share(A, B)")
    with city.read() as read, pytest.raises(CityStatError):
        definition(read, "X")


def test_values_are_not_typed_or_brought_in_for_it(city: City, pair: tuple[int, int]) -> None:
    c = measure(city, "C", formula="A + B")
    for act in (lambda: typed.correct_value(city, c, MONTHS[0], 1, "no", NOW), lambda: bring(city, {c: [1]})):
        with pytest.raises(CityStatError, match="C is computed from other measures"):
            act()
    assert values(city, "C") == [50, 70, 90]


def test_a_measure_called_otherwise_is_followed(city: City, pair: tuple[int, int]) -> None:
    measure(city, "C", formula="A + B")
    edit.save_measure(city, pair[0], code="AA-1")
    assert seen(city, "C").measure.formula == "AA-1 + B"
    typed.correct_value(city, pair[0], MONTHS[0], 11, "recount", NOW)
    assert values(city, "C") == [51, 70, 90]
    city.undo()
    city.undo()
    assert seen(city, "C").measure.formula == "A + B" and values(city, "C") == [50, 70, 90]


def test_months_become_a_fiscal_year_by_the_measures_own_rule(city: City) -> None:
    a, r = measure(city, "A"), measure(city, "R", aggregation="ratio", unit="ratio")
    bring(city, {a: [1.0] * 24, r: [float(i) for i in range(24)]}, first=date(2024, 1, 1))
    measure(city, "Y", formula="A", frequency="year")
    found = seen(city, "Y")
    assert [found.label(i) for i in range(len(found.periods))] == ["FY24", "FY25", "FY26"]
    assert values(city, "Y") == [None, 12, None]
    assert found.note[-1] == "A: only 6 of 12 periods are known"
    measure(city, "K", formula="A", frequency="year", fiscal=False)
    assert seen(city, "K").label(0) == "2024" and values(city, "K") == [12, 12]
    measure(city, "Q", formula="R", unit="ratio", frequency="year", fiscal=False)
    assert values(city, "Q")[0] == pytest.approx(sum(range(12)) / 120)
    with pytest.raises(CityStatError, match="A is kept by month"):
        measure(city, "W", formula="A", frequency="week")


def test_brought_values_come_back_when_the_formula_is_undone(city: City, pair: tuple[int, int]) -> None:
    c = measure(city, "C")
    run = bring(city, {c: [1, 2]})
    edit.save_measure(city, c, formula="A + B")
    assert values(city, "C") == [50, 70, 90]
    with pytest.raises(CityStatError, match="later one corrected"):
        city.undo_run(run)
    city.undo()
    assert values(city, "C") == [1, 2]


def test_what_a_derived_measure_rests_on_keeps_its_periods(city: City, pair: tuple[int, int]) -> None:
    measure(city, "C", formula="A + B")
    with pytest.raises(CityStatError, match="A has values by month"):
        edit.save_measure(city, pair[0], frequency="year")
    assert values(city, "C") == [50, 70, 90]
    measure(city, "Y", frequency="year")
    with city.read() as read:
        assert "Y is kept by year" in derived.trouble(read, "Y + B", code="D", frequency="month")


def test_an_act_that_touches_nothing_of_it_leaves_no_run(city: City, pair: tuple[int, int]) -> None:
    measure(city, "C", formula="A + B")
    before = last_run_of(city)
    edit.save_measure(city, pair[0], definition="Calls")
    edit.annotate(city, pair[0], MONTHS[0], "note", "Snow")
    with city.read() as read:
        assert read.scalar(select(func.max(ImportRun.id))) == before


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["correct", "import", "undo", "redo", "take back"]), min_size=3, max_size=14), st.randoms()
)
def test_whatever_is_done_and_undone_the_values_are_what_the_formula_gives(city: City, acts: list[str], rng) -> None:
    tag = f"{len(all_codes(city)):03}"
    a, b = measure(city, f"A{tag}"), measure(city, f"B{tag}")
    runs = [bring(city, {a: [10, 20, 30], b: [40, 50, 60]})]
    measure(city, f"C{tag}", formula=f"A{tag} + rolling(2, B{tag})")
    measure(city, f"Z{tag}", formula=f"C{tag} - A{tag}")
    floor = len(acts_done(city))
    for act in acts:
        which, at, value = rng.choice([a, b]), rng.randrange(5), rng.randrange(1, 99)
        if act == "correct":
            typed.correct_value(city, which, MONTHS[at], value, "recount", NOW)
        elif act == "import":
            runs.append(bring(city, {a: [value], b: [value + 1]}, first=MONTHS[at]))
        elif act == "undo" and len(acts_done(city)) > floor:
            city.undo()
        elif act == "redo":
            city.redo()
        elif act == "take back" and len(runs) > 1:
            with suppress(CityStatError):  # refused: a later one corrected it
                city.undo_run(rng.choice(runs[1:]))
        agree(city, tag)


def acts_done(city: City) -> list[int]:
    from citystat.models import Act

    with city.read() as read:
        return list(read.scalars(select(Act.id).where(Act.state == "done")))


def all_codes(city: City) -> list[str]:
    from citystat.models import Measure

    with city.read() as read:
        return list(read.scalars(select(Measure.code)))


def agree(city: City, tag: str) -> None:
    """Every value of C and Z is what A and B give now."""
    shown = {k: seen(city, f"{k}{tag}") for k in "ABCZ"}
    by = {k: dict(zip(s.periods, s.values, strict=True)) for k, s in shown.items()}
    nan = float("nan")
    for period, value in by["C"].items():
        before = periods.move(period, "month", -1)
        expected = by["A"].get(period, nan) + by["B"].get(period, nan) + by["B"].get(before, nan)
        assert value == pytest.approx(expected, nan_ok=True), period
        assert by["Z"].get(period, nan) == pytest.approx(value - by["A"].get(period, nan), nan_ok=True)
    complete = [p for p in by["B"] if periods.move(p, "month", -1) in by["B"] and p in by["A"]]
    assert set(complete) <= set(by["C"]), "no period is left out"


## As shown then


def snapshot(city: City, codes: Sequence[str]) -> dict[str, dict[date, object]]:
    """What is on the wall now: by measure the value of each period, "-" where it is missing."""
    return {c: plain(seen(city, c)) for c in codes}


def plain(found: Series) -> dict[date, object]:
    return {p: "-" if v != v else round(float(v), 6) for p, v in zip(found.periods, found.values, strict=True)}


def shown_again(city: City, codes: Sequence[str], run: int | None, act: int) -> dict[str, dict[date, object]]:
    with city.read() as read:
        return {c: plain(series(read, definition(read, c), as_of=run, act=act)) for c in codes}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from(["correct", "import", "undo", "redo", "back"]), st.integers(0, 1), st.integers(0, 5), st.integers(1, 9)),
        min_size=3, max_size=14,
    )
)  # fmt: skip
def test_what_was_shown_is_shown_again_whatever_was_taken_back_and_brought_back_since(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int, int, int]]
) -> None:
    with City.create(tmp_path_factory.mktemp("shown") / "S.citystat", "S", who="tester") as city:
        pair = measure(city, "A"), measure(city, "B")
        runs = [bring(city, {pair[0]: [10, 20], pair[1]: [40, 50]})]
        measure(city, "C", formula="A + rolling(2, B)")
        measure(city, "Z", formula="C - A")
        codes, shots, floor = ["A", "B", "C", "Z"], [], len(acts_done(city))
        for act, which, at, value in acts:
            if act == "correct":
                typed.correct_value(city, pair[which], MONTHS[at], value, "recount", NOW)
            elif act == "import":
                runs.append(bring(city, {pair[which]: [value, value + 1][: 1 + value % 2]}, first=MONTHS[at]))
            elif act == "undo" and len(acts_done(city)) > floor:
                city.undo()
            elif act == "redo":
                city.redo()
            elif act == "back" and len(runs) > 1:
                with suppress(CityStatError):  # refused: a later one corrected it
                    city.undo_run(runs[1 + value % (len(runs) - 1)])
            with city.read() as read:
                shots.append((last_run(read), last_act(read), snapshot(city, codes)))
        for run, act_id, then in shots:
            assert shown_again(city, codes, run, act_id) == then, (run, act_id)


def test_what_a_value_was_while_its_import_was_away_stays_what_was_shown(city: City, pair: tuple[int, int]) -> None:
    """The shortest path that once showed another past: taken back out of order, looked at, and brought back."""
    a, b = pair
    measure(city, "D", formula="A + B")
    first = bring(city, {a: [40], b: [1]}, first=date(2025, 4, 1))
    bring(city, {b: [70]}, first=date(2025, 5, 1))
    city.undo_run(first)
    with city.read() as read:
        then, act = last_run(read), last_act(read)
    away = snapshot(city, ["A", "B", "D"])
    city.redo()
    assert snapshot(city, ["D"])["D"][date(2025, 4, 1)] == 41
    assert shown_again(city, ["A", "B", "D"], then, act) == away


## Breakdowns, and what holds all year


def district(city: City, values: dict[int, dict[str, list[float]]]) -> None:
    """An import by district, from January on."""
    with city.change("Import") as change:
        run = ImportRun(at=NOW, who="tester", source="file", rows_read=1)
        change.add(run)
        change.flush()
        change.run_id = run.id
        names = sorted({name for by in values.values() for name in by})
        made = store.cells(change, [(("District", n),) for n in names])
        cells = {n: made[("District", n),] for n in names}
        store.store(
            change, run,
            [
                store.Incoming(m, MONTHS[i], cells[name], v, None, None, "final", "", "B2")
                for m, by in values.items() for name, column in by.items() for i, v in enumerate(column)
            ],
        )  # fmt: skip


def by_district(city: City, code: str) -> dict[str, list[float]]:
    with city.read() as read:
        return {s.category: [float(v) for v in s.values] for s in broken_down(read, definition(read, code), "District")}


def test_measures_that_share_a_breakdown_give_it_to_what_is_derived(city: City) -> None:
    a, b = measure(city, "A"), measure(city, "B")
    district(
        city, {a: {"North": [10, 20], "South": [30, 40]}, b: {"North": [20, 40], "South": [40, 80], "East": [1, 1]}}
    )
    measure(city, "S", unit="percent", formula="share(A, B)")
    assert by_district(city, "S") == {"North": [50, 50], "South": [75, 50]}
    assert values(city, "S") == [65.573770, 49.586777], "the whole is computed from the wholes"
    district(city, {a: {"North": [5, 20]}})
    assert by_district(city, "S")["North"] == [25, 50], "a revised input"
    city.undo()
    assert by_district(city, "S")["North"] == [50, 50]
    with city.read() as read:
        found = derived.understood(read, "share(A, B)", code="S", frequency="month")
        assert derived.broken_by(read, found.tree) == (("District",), "")


def test_it_is_said_why_there_is_no_breakdown(city: City) -> None:
    a, b, c = measure(city, "A"), measure(city, "B"), measure(city, "C")
    keep_settings(city, name="Test", office="", fiscal_year_start=7, population=2000)
    district(city, {a: {"North": [10, 20]}, c: {"West": [1, 2]}})
    bring(city, {b: [40, 50]})
    for formula, why in (
        ("A + B", "A is broken down, but B is not"), ("A + C", "Its measures are broken down, but by nothing that they share"),
        ("A per 1,000 residents", "A is broken down, but the population in Settings is known for the whole city only"), ("B * 2", ""),
    ):  # fmt: skip
        with city.read() as read:
            tree = derived.understood(read, formula, code="X", frequency="month").tree
            assert derived.broken_by(read, tree) == ((), why), formula


def test_a_years_population_holds_for_its_months_and_goes_on_as_preliminary(city: City) -> None:
    a = measure(city, "A")
    people = measure(city, "POP", frequency="year", unit="resident", over_time="last", fiscal=False)
    bring(city, {a: [10.0] * 18}, first=date(2024, 1, 1))
    typed.correct_value(city, people, date(2024, 1, 1), 2000, "census", NOW)
    measure(city, "R", unit="per 1,000 residents", formula="A per 1,000 POP")
    found = seen(city, "R")
    assert [float(v) for v in found.values] == [5.0] * 18
    assert set(found.status[:12]) == {"final"} and set(found.status[12:]) == {"preliminary"}
    typed.correct_value(city, people, date(2025, 1, 1), 2500, "census", NOW)
    found = seen(city, "R")
    assert [float(v) for v in found.values] == [5.0] * 12 + [4.0] * 6
    assert set(found.status) == {"final"} and found.revision[-1] == 1
    measure(city, "FLOW", frequency="year", fiscal=False)
    with pytest.raises(CityStatError, match="FLOW is kept by year, which gives no figure by month"):
        measure(city, "X", formula="A + FLOW")
