"""Settling findings: accepted, left out, switched off; each with a reason, each taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from citystat.city import City, journal
from citystat.collect import settle
from citystat.collect.checks import ERROR, OFF, WARNING, Own, own_rules
from citystat.errors import CityStatError
from citystat.measures.doubts import Doubt, doubts
from tests.collect.bringing import NOW, measure, values
from tests.collect.test_checks import bring, history


def open_ones(city: City) -> list[Doubt]:
    with city.read() as asked:
        return doubts(asked)


def last_act(city: City) -> str:
    with city.read() as asked:
        return journal.trail(asked, limit=1)[0].what


def test_a_warning_is_accepted_with_a_reason_and_taken_back(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 640)])
    (found,) = open_ones(city)
    with pytest.raises(CityStatError, match="reason"):
        settle.accept(city, [found.id], "  ", NOW)
    settle.accept(city, [found.id], "storm week, confirmed by dispatch", NOW)
    assert open_ones(city) == []
    assert last_act(city) == "Accept a figure: storm week, confirmed by dispatch"
    with pytest.raises(CityStatError, match="already"):
        settle.accept(city, [found.id], "again", NOW)
    city.undo()
    assert [d.id for d in open_ones(city)] == [found.id]


def test_what_was_held_back_is_taken_in_once_somebody_vouches_for_it(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 50_300)])
    (found,) = open_ones(city)
    settle.accept(city, [found.id], "parts are counted from now on", NOW)
    series = measure(city, "V")
    assert values(series)["2026-02"] == 50_300
    assert series.note[-1] == "parts are counted from now on"
    assert open_ones(city) == []
    city.undo()
    assert "2026-02" not in values(measure(city, "V"))
    assert [d.id for d in open_ones(city)] == [found.id]
    city.redo()
    assert values(measure(city, "V"))["2026-02"] == 50_300


def test_a_ratio_that_was_held_back_comes_in_with_its_parts(city: City, tmp_path: Path) -> None:
    from tests.collect.test_checks import MONTHS, SHARE

    bring(city, tmp_path, [(m, 80 + n % 5, 100) for n, m in enumerate(MONTHS)], "period,top,bottom", SHARE)
    bring(city, tmp_path, [("2026-02", 130, 100)], "period,top,bottom", SHARE)
    settle.accept(city, [d.id for d in open_ones(city)], "calls of the neighbour city", NOW)
    series = measure(city, "S")
    assert (series.values[-1], series.numerator[-1], series.denominator[-1]) == (130, 130, 100)


def test_what_is_wrong_is_left_out_and_no_longer_waited_for(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 50_300)])
    settle.leave_out(city, [d.id for d in open_ones(city)], "a slip of the pen", NOW)
    assert open_ones(city) == []
    assert "2026-02" not in values(measure(city, "V"))
    assert bring(city, tmp_path, [("2026-02", 50_300)]).run_id is None  # still held back, still nobody is asked


def test_what_stands_is_not_left_out(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 640)])
    with pytest.raises(CityStatError, match="stands"):
        settle.leave_out(city, [d.id for d in open_ones(city)], "wrong", NOW)


def test_several_are_accepted_as_one_act(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 640), ("2026-03", 300)])
    found = open_ones(city)
    assert len(found) == 2
    settle.accept(city, [d.id for d in found], "the great storm", NOW)
    assert last_act(city) == "Accept 2 figures: the great storm"
    city.undo()
    assert len(open_ones(city)) == 2


def test_an_import_is_taken_back_though_a_finding_of_it_was_accepted(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    done = bring(city, tmp_path, [("2026-02", 640)])
    settle.accept(city, [d.id for d in open_ones(city)], "checked", NOW)
    assert done.run_id is not None
    assert city.undo_run(done.run_id) is not None
    assert "2026-02" not in values(measure(city, "V"))


def test_switching_a_rule_off_needs_a_reason_that_the_journal_tells(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    with pytest.raises(CityStatError, match="without a reason"):
        settle.save_rules(city, 1, {"jump": Own(OFF, {})}, "")
    settle.save_rules(city, 1, {"jump": Own(OFF, {})}, "grows by campaign")
    assert last_act(city) == "Checks of V · off: Unexpected jump, because: grows by campaign"
    settle.save_rules(city, 1, {"jump": Own(OFF, {}), "sign": Own(ERROR, {})}, "")  # it is off already
    with city.read() as asked:
        assert own_rules(asked, 1) == {"jump": Own(OFF, {}), "sign": Own(ERROR, {})}
    settle.save_rules(city, 1, {"jump": Own(WARNING, {}), "sign": Own(WARNING, {})}, "")
    with city.read() as asked:
        assert own_rules(asked, 1) == {}
    city.undo()
    with city.read() as asked:
        assert own_rules(asked, 1)["jump"].level == OFF


def test_a_correction_by_hand_settles_what_was_in_doubt(city: City, tmp_path: Path) -> None:
    from citystat.collect.typed import correct_value

    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 640)])
    correct_value(city, 1, date(2026, 2, 1), 504, "recount", NOW)
    assert open_ones(city) == []
