"""The memo: computed from the data, changed by hand, refreshed without losing a word, and written as Word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import docx
import pytest

from citystat.city import City
from citystat.collect.typed import correct_value
from citystat.errors import CityStatError
from citystat.measures.series import definition
from citystat.meetings import memo
from citystat.meetings.meeting import next_meeting
from citystat.meetings.memo import MemoView
from citystat.meetings.memo_paper import write_memo

NOW = datetime(2026, 3, 10, 9, 0)


@pytest.fixture
def on_two(sample_city: City) -> int:
    """A memo on EC-01 (improved) and FD-01 (got worse), since the middle of February."""
    with sample_city.read() as read:
        measures = [definition(read, code).id for code in ("EC-01", "FD-01")]
    return memo.begin(sample_city, "Calls and ambulances", measures, now=NOW, since=date(2026, 2, 15))


def seen(city: City, memo_id: int) -> MemoView:
    with city.read() as read:
        return memo.view(read, memo_id, NOW.date())


def test_findings_come_first_the_worst_first_and_say_where_their_numbers_are_from(
    sample_city: City, on_two: int
) -> None:
    found = seen(sample_city, on_two)
    first, second = found.of("finding")
    assert first.text == (
        "Ambulance response, 90th percentile: above target for four months, and worse since Nov 2025. 10.1 min in Feb 2026."
    )
    assert second.text is not None and second.text.endswith("93.7 % in Jan 2026.")
    assert "riverton-returns-2026-01.xlsx" in second.trace
    assert [c.code for c in found.charts] == ["FD-01", "EC-01"]
    assert (
        found.of("changed")[0].text
        == "Ambulance response, 90th percentile, since 15 Feb 2026: 1 new figure (Feb 2026)."
    )
    assert any("is heading for" in (p.text or "") for p in found.of("outlook"))
    assert len(found.of("question")) >= 4


def test_what_is_changed_by_hand_survives_new_data_and_says_that_the_facts_moved(
    sample_city: City, on_two: int
) -> None:
    finding = seen(sample_city, on_two).of("finding")[0]
    memo.edit(sample_city, on_two, finding, "ambulances come late since November")
    assert seen(sample_city, on_two).of("finding")[0] == replace(
        finding, text="Ambulances come late since November", edited=True
    )
    with sample_city.read() as read:
        measure = definition(read, "FD-01").id
    correct_value(
        sample_city, measure, date(2026, 2, 1), 8.4, "A log was read twice", NOW, believed="the log was checked"
    )
    after = next(p for p in seen(sample_city, on_two).of("finding") if p.key == finding.key)
    assert after.text == "Ambulances come late since November"
    assert after.moved and "8.4 min in Feb 2026" in after.computed


def test_a_passage_is_struck_out_brought_back_and_emptied_to_the_datas_own_words(
    sample_city: City, on_two: int
) -> None:
    p = seen(sample_city, on_two).of("finding")[0]
    memo.strike(sample_city, on_two, p)
    struck = seen(sample_city, on_two).of("finding")[0]
    assert struck.text is None and struck.computed == p.text
    memo.restore(sample_city, on_two, struck)
    assert seen(sample_city, on_two).of("finding")[0] == p
    memo.edit(sample_city, on_two, p, "Other words")
    memo.edit(sample_city, on_two, p, "  ")
    assert seen(sample_city, on_two).of("finding")[0] == p


def test_passages_of_ones_own_stand_at_the_end_of_their_section_and_go_when_struck_out(
    sample_city: City, on_two: int
) -> None:
    memo.add(sample_city, on_two, "question", "who pays after June?")
    memo.add(sample_city, on_two, "question", "Who decides?")
    own = seen(sample_city, on_two).of("question")[-2:]
    assert [p.text for p in own] == ["Who pays after June?", "Who decides?"]
    memo.strike(sample_city, on_two, own[0])
    assert [p.text for p in seen(sample_city, on_two).of("question")][-1] == "Who decides?"
    with pytest.raises(CityStatError):
        memo.add(sample_city, on_two, "question", " ")


def test_every_change_is_taken_back(sample_city: City, on_two: int) -> None:
    before = seen(sample_city, on_two)
    memo.edit(sample_city, on_two, before.passages[0], "Other words")
    sample_city.undo()
    assert seen(sample_city, on_two).passages == before.passages


def test_a_meetings_memo_is_on_its_agenda_and_begun_once(sample_city: City) -> None:
    with sample_city.read() as read:
        row = next_meeting(read, NOW.date())
    assert row is not None
    first = memo.for_meeting(sample_city, row.id, "T", now=NOW)
    assert memo.for_meeting(sample_city, row.id, "T", now=NOW) == first
    assert seen(sample_city, first).since is not None
    with pytest.raises(CityStatError, match="needs a measure"):
        memo.begin(sample_city, "T", [], now=NOW)


def test_it_is_written_as_word_as_it_reads(sample_city: City, on_two: int, tmp_path: Path) -> None:
    finding, other = seen(sample_city, on_two).of("finding")
    memo.edit(sample_city, on_two, finding, "Ambulances come late since November.")
    memo.strike(sample_city, on_two, other)
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
    to = write_memo(sample_city, on_two, tmp_path / "m.docx", picture=lambda *_: pixel, today=NOW.date(), now=NOW)
    text = "\n".join(p.text for p in docx.Document(str(to)).paragraphs)
    assert text.index("Findings") < text.index("What changed since last time") < text.index("Questions to ask")
    assert "Ambulances come late since November." in text and "93.7 % in Jan 2026." not in text
    assert len(docx.Document(str(to)).inline_shapes) == 2
