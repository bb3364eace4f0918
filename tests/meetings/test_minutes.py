"""Minutes and memos say what was so on the day, whatever became of it since."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from citystat.city import City
from citystat.city import observations as store
from citystat.documents.content import Document, Figure, Heading, Items, Paragraph, Table
from citystat.documents.template import own_template
from citystat.errors import CityStatError
from citystat.measures.series import definition
from citystat.measures.standing import standing
from citystat.meetings import actions, agenda, approve, briefing, capture, followup, minutes, papers, running, suggest
from citystat.meetings.meeting import next_meeting
from citystat.meetings.wording import capital, sentence
from citystat.models import ImportRun, Target

NOW = datetime(2026, 3, 12, 10, 21)
TODAY = date(2026, 3, 10)
LATER = NOW + timedelta(days=40)


@dataclass
class Held:
    city: City
    id: int
    measure: int

    def minutes(self) -> Document:
        with self.city.read() as read:
            return minutes.compose(read, self.id, today=TODAY)

    def say(self, line: str, item: int | None = None) -> capture.Kept:
        with self.city.read() as read:
            entry = capture.parse(line, capture.context(read, self.id, NOW.date()))
        return capture.keep(self.city, self.id, entry, item_id=item, now=NOW)


@pytest.fixture
def held(sample_city: City) -> Held:
    """The sample's next meeting: EC-01 shown, a promise, a decision and a question written down, adjourned."""
    with sample_city.read() as read:
        found = next_meeting(read, TODAY)
        assert found is not None
        items = agenda.agenda(read, found.id)
        measure = definition(read, "EC-01").id
    item = next(i for i in items if i.measures).id
    made = Held(sample_city, found.id, measure)
    running.start(sample_city, found.id, NOW)
    running.show(sample_city, found.id, item, measure, {}, NOW)
    running.show(sample_city, found.id, item, measure, {"by": "Ward"}, NOW)
    for line in (
        "action explain the worst months @dw ^in 3 weeks =memo",
        "decision the night plan stays",
        "q why Sundays",
    ):
        made.say(line, item)
    running.adjourn(sample_city, found.id, NOW + timedelta(minutes=80))
    return made


def observe(city: City, measure: int, period: date, value: float) -> int:
    with city.change("Bring in figures") as change:
        run = ImportRun(at=LATER, who="tester", source="later.csv")
        change.add(run)
        change.flush()
        row = store.Incoming(measure, period, 1, value, value, 100.0, "final", "", "")
        store.store(change, run, [row])
        change.run_id = run.id
        return run.id


def set_target(city: City, measure: int, value: float) -> None:
    with city.change("Set target") as change:
        change.add(Target(measure_id=measure, since=date(2025, 7, 1), value=value))


def words(document: Document) -> str:
    found = [document.title, document.under, document.footer]
    for b in document.blocks:
        if isinstance(b, Paragraph):
            found.append(f"{b.lead} {b.text}".strip())
        elif isinstance(b, Heading):
            found.append(b.text)
        elif isinstance(b, Items):
            found += b.items
        elif isinstance(b, Table):
            found += [" | ".join(row) for row in b.rows]
        elif isinstance(b, Figure):
            found.append(b.chart.reading)
    return "\n".join(found)


def test_what_was_captured_in_a_hurry_reads_as_sentences(held: Held) -> None:
    said = words(held.minutes())
    assert "Decision 27. The night plan stays." in said
    assert "Question. Why Sundays?" in said
    assert "A-196 | Explain the worst months | Dana Whitfield\nEmergency communications | Memo" in said
    assert "What came of it: one decision, one action item and one open question." in said
    assert "Thursday 12 March 2026, 10:21 to 11:41" in said
    assert "Draft of 10 March 2026" in said


def test_a_chart_stays_as_it_was_shown_when_figures_are_corrected_and_targets_moved(held: Held) -> None:
    before = words(held.minutes())
    set_target(held.city, held.measure, 99.0)
    observe(held.city, held.measure, date(2026, 2, 1), 50.0)
    observe(held.city, held.measure, date(2026, 3, 1), 40.0)
    assert words(held.minutes()) == before


def test_a_target_changed_and_taken_back_after_the_meeting_leaves_the_chart_alone(held: Held) -> None:
    before = words(held.minutes())
    set_target(held.city, held.measure, 99.0)
    held.city.undo()
    set_target(held.city, held.measure, 70.0)
    assert words(held.minutes()) == before


def test_an_import_taken_back_after_the_meeting_was_still_on_the_wall(sample_city: City) -> None:
    from citystat.measures.series import series

    with sample_city.read() as read:
        measure = definition(read, "EC-01")
    run = observe(sample_city, measure.id, date(2026, 2, 1), 50.0)
    with sample_city.read() as read:
        from citystat.city.journal import last_act

        act = last_act(read)
        seen = series(read, measure).values[-1]
    sample_city.undo()
    with sample_city.read() as read:
        assert series(read, measure).values[-1] != seen
        assert series(read, measure, as_of=run, act=act).values[-1] == seen


def test_earlier_promises_stand_as_on_the_day_of_the_meeting(held: Held) -> None:
    before = words(held.minutes())
    with held.city.read() as read:
        late = next(a for a in actions.promises_for(read, held.id, TODAY) if a.days_late)
    actions.update_action(held.city, late.id, now=LATER, status="done", comment="At last")
    assert words(held.minutes()) == before


def test_approved_minutes_are_written_again_byte_for_byte(held: Held, tmp_path: Path, qapp: object) -> None:
    from citystat.views.chart.picture import document_picture

    def write(name: str, now: datetime) -> bytes:
        to = papers.write_paper(
            held.city, "minutes", held.id, tmp_path / name, picture=document_picture, today=now.date(), now=now
        )
        return to.read_bytes()

    approve.approve(held.city, held.id, held.minutes(), "Elena Reyes", NOW + timedelta(days=2))
    first = write("a.docx", NOW)
    observe(held.city, held.measure, date(2026, 2, 1), 50.0)
    papers.keep_template(held.city, ["minutes"], "office.docx", own_template() + b"\0")
    assert write("b.docx", LATER) == first
    said = words(held.minutes())
    assert "Approved 14 March 2026" in said
    assert "Draft of" not in said


def test_approved_minutes_that_were_tampered_with_are_refused(held: Held) -> None:
    import sqlite3

    approve.approve(held.city, held.id, held.minutes(), "Elena Reyes", NOW)
    with sqlite3.connect(held.city.path) as file:
        file.execute("UPDATE minutes SET content = replace(content, 'night plan', 'day plan')")
    with pytest.raises(CityStatError, match="changed outside CityStat"):
        held.minutes()


def test_the_follow_up_memo_names_what_each_promise_lacks(held: Held) -> None:
    with held.city.read() as read:
        memo = words(followup.compose(read, held.id, today=TODAY))
    assert "A-196. Explain the worst months. [Dana Whitfield] Memo, due 2\u00a0April\u00a02026." in memo
    held.say("action count again")
    with held.city.read() as read, pytest.raises(CityStatError) as refused:
        followup.compose(read, held.id, today=TODAY)
    assert "A-197 lacks owner, form and due date" in str(refused.value)


def test_the_follow_up_memo_says_by_topic_what_was_decided_and_who_owes_an_answer(held: Held) -> None:
    with held.city.read() as read:
        topics = [i for i in agenda.agenda(read, held.id) if i.measures]
    held.say("q where do the calls come from? @ortiz ^30 apr", topics[1].id)
    held.say("decision it is looked at again in May", topics[1].id)
    with held.city.read() as read:
        memo = followup.compose(read, held.id, today=TODAY)
    said = words(memo).splitlines()
    first, second = said.index(capital(topics[0].title)), said.index(capital(topics[1].title))
    assert first < said.index("Decision 27. The night plan stays.") < second
    assert said[second + 1 : second + 3] == [
        "Decision 28. It is looked at again in May.",
        "Open question. Where do the calls come from? [Lucia Ortiz] Answer due 30\u00a0April\u00a02026.",
    ]
    assert "Open question. Why Sundays? [nobody was named] No day was set." in said
    assert "The last answer is due on Thursday 30 April 2026." in said[-1]
    assert "Lucia Ortiz" in next(line for line in said if line.startswith("To:"))


def test_an_answered_question_is_no_longer_open(held: Held) -> None:
    with held.city.read() as read:
        asked = next(e for e in capture.captured(read, held.id) if e.kind == "question")
    capture.edit_captured(held.city, "question", asked.id, answer="Fewer hands")
    with held.city.read() as read:
        assert "Open question" not in words(followup.compose(read, held.id, today=TODAY))


def test_the_briefing_puts_what_got_worse_first_and_names_every_picture(held: Held) -> None:
    with held.city.read() as read:
        memo = briefing.compose(read, held.id, today=TODAY)
    headings = [b.text for b in memo.blocks if isinstance(b, Heading) and b.level == 1]
    assert headings[:3] == ["Findings", "Outstanding promises", "Agenda"]
    first = next(b for b in memo.blocks if isinstance(b, Items))
    assert "worse" in first.items[0]
    assert all("Source" in b.caption for b in memo.blocks if isinstance(b, Figure))


def test_a_document_speaks_its_own_language(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    from citystat import texts

    monkeypatch.setattr(texts, "_read", lambda code: {"Action items": "Compromisos"} if code == "es" else {})
    with held.city.read() as read:
        spanish = minutes.compose(read, held.id, today=TODAY, language="es")
    assert spanish.language == "es"
    assert "Compromisos" in words(spanish)
    assert "Action items" in words(held.minutes())


@pytest.mark.parametrize(
    ("text", "meant"),
    [("explain", "Explain"), ("¿por qué", "¿Por qué"), ("iPads stay", "iPads stay"), ("", ""), ("…", "…")],
)
def test_capitals(text: str, meant: str) -> None:
    assert capital(text) == meant


def test_sentences() -> None:
    assert sentence("fill four posts") == "Fill four posts."
    assert sentence("why?") == "Why?"


def test_minutes_never_take_the_place_of_the_city(held: Held) -> None:
    from citystat.meetings.papers import write_paper

    with pytest.raises(CityStatError, match="overwrite the city"):
        write_paper(held.city, "minutes", held.id, held.city.path, picture=lambda *_: b"", today=TODAY, now=NOW)


def test_a_control_character_does_not_cost_the_minutes(held: Held, tmp_path: Path) -> None:
    import docx

    from citystat.documents.word import write

    dot = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
    )
    held.say("note the printer wrote \x0b here")
    write(held.minutes(), tmp_path / "m.docx", picture=lambda *_: dot, now=NOW)
    assert any(
        "the printer wrote" in p.text or "The printer wrote" in p.text
        for p in docx.Document(str(tmp_path / "m.docx")).paragraphs
    )


def test_under_its_item_a_promise_is_said_in_words(held: Held) -> None:
    assert any(
        "Explain the worst months (Dana Whitfield, " in line and "A-" in line
        for line in words(held.minutes()).splitlines()
    )


def test_a_suggestion_leaves_the_narrative_to_the_person(held: Held) -> None:
    """The memo says the headline over the picture; copied into the narrative it would say it twice."""
    with held.city.read() as read:
        made = suggest.suggestion_for(standing(read, "EC-01"))
    item = suggest.take(held.city, held.id, made)
    with held.city.read() as read:
        assert next(i.narrative for i in agenda.agenda(read, held.id) if i.id == item) == ""
