"""Riverton tells its stories, and no others, on whatever day it is made."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from citystat import periods
from citystat.city import City
from citystat.collect.store import runs
from citystat.measures.picture import chart_of
from citystat.measures.series import broken_down, definition, series
from citystat.measures.standing import Standing, standing, standings
from citystat.meetings import approve
from citystat.meetings.actions import actions, history
from citystat.meetings.agenda import agenda
from citystat.meetings.meeting import attendance, meetings
from citystat.sample.arriving import DERIVED, RETURN
from citystat.sample.contracts import STANDARDS
from citystat.sample.riverton import make
from citystat.sample.stories import CORRECTIONS, STORIES, Calendar
from citystat.today.wanted import from_data, wanted

# ends of months, a leap day, both sides of a fiscal year's border, a weekend, the turn of the year
DAYS = (
    date(2026, 3, 10), date(2026, 2, 28), date(2028, 2, 29), date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 1),
    date(2026, 8, 29), date(2026, 12, 31), date(2027, 1, 1),
)  # fmt: skip
TRAPS = {"PK-03"}  # seasonal: limits without a season take summer and winter for a change


@pytest.fixture(scope="module", params=DAYS, ids=str)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[City, date]:
    path = tmp_path_factory.mktemp("riverton") / "Riverton.citystat"
    return make(path, today=request.param), request.param


def standing_of(city: City, code: str) -> Standing:
    with city.read() as read:
        return standing(read, code)


def test_every_planted_story_is_found(made: tuple[City, date]) -> None:
    city, _ = made
    with city.read() as read:
        found = {s.measure.code: s.signal for s in standings(read)}
    assert {s.code: found[s.code] for s in STORIES if s.finds} == {s.code: s.finds for s in STORIES if s.finds}


def test_no_other_measure_of_the_eighty_raises_an_alarm(made: tuple[City, date]) -> None:
    city, _ = made
    told = {s.code for s in STORIES} | TRAPS
    with city.read() as read:
        found = standings(read)
    assert len(found) == 80 + len(STANDARDS) + len(DERIVED) + len(RETURN.measures)
    assert [
        s.measure.code for s in found if s.signal in ("concern", "improvement") and s.measure.code not in told
    ] == []


def test_the_reform_holds_above_its_target(made: tuple[City, date]) -> None:
    city, today = made
    found = standing_of(city, "EC-01")
    after, before = found.series.values[-12:], found.series.values[-36:-12]
    assert found.headline.startswith("Above target for eleven months, since the new shift plan")
    assert min(after) > 92 and max(after) < 95
    assert min(before) > 84 and max(before) < 88.5 and 85.5 < before.mean() < 87
    assert found.series.status[-1] == "preliminary" and found.series.periods[-1] == Calendar(today).last
    assert [t.value for t in found.series.targets] == [88.0, 90.0, 92.0]
    assert {t.since.month for t in found.series.targets} == {7}


def test_ward_six_drives_the_slower_ambulances(made: tuple[City, date]) -> None:
    city, _ = made
    with city.read() as read:
        parts = {p.category: p.values for p in broken_down(read, definition(read, "FD-01"), "Ward")}
    risen = {ward: values[-4:].mean() - values[-16:-4].mean() for ward, values in parts.items()}
    assert max(risen, key=lambda ward: risen[ward]) == "Ward 6"
    assert risen["Ward 6"] > 3 * max(v for ward, v in risen.items() if ward != "Ward 6")


def test_today_looks_alive(made: tuple[City, date]) -> None:
    city, today = made
    with city.read() as read:
        found, data = wanted(read, today), from_data(read, today)
    coming = today + timedelta(days=2)
    assert found.meeting is not None and found.meeting.title.startswith("PublicSafetyStat, ")
    if coming.weekday() < 5:
        assert found.meeting.title == "PublicSafetyStat, in two days"
    late = [p.days_late for p in found.promises if p.days_late]
    assert 3 <= len(late) <= 6 and max(late) <= 26 and len(set(late)) == len(late)
    assert data.signals and data.missed
    assert any(p.due and today <= p.due <= today + timedelta(days=31) for p in found.promises)
    kept = int(found.promises_words.split(" · ")[1].split(" ")[0])
    assert 70 <= kept <= 85


def test_promises_stand_in_every_state_and_repeat_little(made: tuple[City, date]) -> None:
    city, today = made
    with city.read() as read:
        found = actions(read, today)
        dropped = [history(read, a.id)[-1].comment for a in found if a.status == "dropped"]
    assert {a.status for a in found} >= {"open", "in progress", "blocked", "done", "verified", "dropped"}
    assert all(dropped)
    assert len({a.text for a in found}) > 0.97 * len(found)
    assert all(a.text[0].isupper() and a.owner and a.form and a.due for a in found)
    assert all(a.due and a.due.weekday() < 5 for a in found)


def test_past_minutes_are_approved_and_one_waits(made: tuple[City, date]) -> None:
    city, _ = made
    with city.read() as read:
        found = meetings(read)
        by_status = {s: [m for m in found if m.status == s] for s in ("planned", "adjourned", "approved")}
        contents = [approve.approved_content(read, m.id) for m in by_status["approved"]]
        stood_in = [a for m in by_status["approved"] for a in attendance(read, m.id) if a.stands_in]
    assert len(by_status["planned"]) == len(by_status["adjourned"]) == 1
    assert len(by_status["approved"]) >= 48 and all(contents)
    assert stood_in


def test_a_past_meeting_saw_only_what_had_come_in_by_then(made: tuple[City, date]) -> None:
    city, today = made
    fault = next(c for c in CORRECTIONS if c.code == "EC-01")
    month = Calendar(today).moved(fault.period)
    with city.read() as read:
        measure = definition(read, "EC-01")
        now = series(read, measure)
        runs = _runs(city, periods.add_months(month, 1))
        then = series(read, measure, as_of=runs)
    assert then.periods[-1] == month
    assert round(then.values[-1], 1) == 92.1
    assert round(now.values[now.periods.index(month)], 1) == 92.8


def _runs(city: City, month: date) -> int:
    """The newest import that had come in by the middle of `month`."""
    from citystat.collect.store import runs

    with city.read() as read:
        return max(r.id for r in runs(read) if r.at.date() <= month.replace(day=10))


def test_a_chart_shown_two_months_ago_ends_before_it(sample_city: City, today: date) -> None:
    from sqlalchemy import select

    from citystat.models import Shown

    with sample_city.read() as read:
        for shown in read.scalars(select(Shown)):
            measure = next(m for m in [definition(read, shown.measure_id)])
            chart = chart_of(read, measure, as_of=shown.at.date(), run=shown.run_id)
            assert chart.periods, measure.code
            assert f"as of {periods.day_label(shown.at.date())}" in chart.source
            assert series(read, measure, as_of=shown.run_id).periods[-1] < shown.at.date().replace(day=1)


def test_the_next_agenda_is_complete(sample_city: City) -> None:
    with sample_city.read() as read:
        planned = next(m for m in meetings(read) if m.status == "planned")
        items = agenda(read, planned.id)
    assert sum(i.minutes for i in items) <= planned.minutes
    assert all(i.presenter for i in items)
    assert "What changed in November?" in items[3].questions


def test_it_is_marked_as_a_sample_wherever_it_is_read(sample_city: City) -> None:
    assert sample_city.settings.sample
    assert "sample" in sample_city.settings.office


def test_opening_it_leaves_nothing_of_its_making_to_undo(sample_city: City) -> None:
    assert (sample_city.undo() or "").startswith("Import transit-2026-01")
    assert len(meetings_of(sample_city)) > 50


def meetings_of(city: City) -> list[object]:
    with city.read() as read:
        return list(meetings(read))


def test_the_same_day_gives_the_same_city(tmp_path: Path, today: date, sample_file: Path) -> None:
    with make(tmp_path / "again.citystat", today=today) as again, City.open(sample_file) as first:
        for city in (again, first):
            with city.read() as read:
                values = [(s.measure.code, s.last, s.headline) for s in standings(read)]
                texts = [(a.text, a.due, a.status) for a in actions(read, today)]
            if city is again:
                wanted_values, wanted_texts = values, texts
    assert (values, texts) == (wanted_values, wanted_texts)


def test_a_return_waits_in_a_watched_folder_and_its_recipe_reads_it(made: tuple[City, date]) -> None:
    from datetime import datetime

    from citystat.collect import sources, watching
    from citystat.collect.secrets import Keyring

    city, today = made
    with city.read() as read:
        row = sources.sources(read)[0]
    assert (row.name, row.recipe, row.department, row.watched) == (
        "Transit returns",
        "Transit return",
        "Public works",
        True,
    )
    waiting = watching.look(city)
    last = Calendar(today).last
    assert [a.path.name for a in waiting if a.path] == [f"transit-{last:%Y-%m}.csv"]
    taken = watching.take_in(city, waiting[0], Keyring(), now=datetime.combine(today, datetime.min.time()))
    assert (taken.why, taken.done and taken.done.added) == ("", 8)
    city.undo()


def test_derived_measures_have_values_and_a_chart_breaks_where_a_definition_changed(made: tuple[City, date]) -> None:
    city, today = made
    last = Calendar(today).last
    with city.read() as read:
        rate, crimes = (series(read, definition(read, code)) for code in ("PD-11", "PD-02"))
        year, calls = (series(read, definition(read, code)) for code in ("EC-09", "EC-02"))
    assert rate.periods[-1] == year.periods[-1] == last
    assert rate.values[-1] == pytest.approx(crimes.values[-1] / 248)
    assert year.values[-1] == pytest.approx(calls.values[-12:].sum())
    with city.read() as read:
        chart = chart_of(read, definition(read, "PW-10"), as_of=today)
    assert any("Meters are read" in flag.text for flag in chart.flags)


def test_every_return_of_the_last_years_stands_among_the_imports_newest_first(sample_city: City) -> None:
    with sample_city.read() as read:
        rows = [r for r in runs(read) if r.source.startswith("riverton-returns")]
    months = [r.source[-12:-5] for r in rows]
    assert months == sorted(months, reverse=True)
    assert months[0] == "2026-02" and all(r.rows_read >= r.added > 0 for r in rows)
