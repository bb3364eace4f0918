"""Every public function that changes a city leaves an act in the audit trail, under a name and in the person's name,
and undo brings everything back as it was."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import citystat
from citystat.city import City
from citystat.city.journal import LEARNED, UNWATCHED, details, last_act, trail
from citystat.city.settings import keep_settings
from citystat.collect import (
    asking,
    calendar,
    close,
    recipes,
    reminders,
    returned,
    settle,
    sources,
    stopped,
    typed,
    watching,
)
from citystat.collect import store as imports
from citystat.collect.apply import apply
from citystat.collect.checks import Own
from citystat.collect.guess import guess
from citystat.collect.readers import read as read_file
from citystat.collect.recipe import Recipe
from citystat.contracts import edit as contracts
from citystat.documents.template import own_template
from citystat.goals import chain, tree
from citystat.measures import catalogue, charting, edit, kept_view, peers, targets
from citystat.measures.target import TargetStep
from citystat.meetings import (
    actions,
    agenda,
    approve,
    capture,
    meeting,
    memo,
    minutes,
    papers,
    plan,
    record,
    running,
    shown,
    suggest,
)
from citystat.meetings import series as series_
from citystat.models import (
    ActionItem,
    AgendaItem,
    Annotation,
    CheckFinding,
    Contract,
    ContractPayment,
    ContractStandard,
    GoalMeasure,
    ImportRun,
    Measure,
    Meeting,
    MeetingSeries,
    Observation,
    Person,
    Priority,
    Target,
    whole,
)
from citystat.people import roster
from citystat.records.recipe import RECORDS, RecordMeasure, RecordRecipe
from citystat.screening import answers
from citystat.screening.finding import Finding
from citystat.screening.found import screen
from tests.collect import sheets

SUBJECTS = (
    "city",
    "measures",
    "goals",
    "meetings",
    "collect",
    "people",
    "today",
    "documents",
    "charts",
    "contracts",
    "screening",
)

REQUESTS = RecordRecipe("Requests", opened="Opened", measures=(RecordMeasure("N", "Requests opened"),))
NOW = datetime(2026, 3, 10, 10, 30)
DAY = date(2031, 5, 14)
ONLY_READS = {
    "meetings.papers.write_paper", "contracts.papers.write_scorecard", "contracts.papers.write_renewal",
    "measures.inventory.write_inventory", "collect.picking.pick", "collect.watching.look", "collect.watching.read_as",
    "meetings.memo_paper.write_memo", "collect.return_sheet.write_return_sheet", "collect.return_sheet.workbook", "collect.return_sheet.city_uid", "collect.returned.read_return", "collect.trying.tried",
}  # fmt: skip


def first(city: City, query: Any) -> Any:
    """The first answer of a query."""
    with city.read() as read:
        return read.scalars(query.limit(1)).first()


def planned(city: City) -> int:
    return int(first(city, select(Meeting.id).where(Meeting.status == "planned")))


def item(city: City) -> int:
    return int(first(city, select(AgendaItem.id).where(AgendaItem.meeting_id == planned(city))))


def measure(city: City) -> int:
    return int(first(city, select(Measure.id)))


def action(city: City) -> int:
    return int(first(city, select(ActionItem.id).where(ActionItem.status == "open")))


def series(city: City) -> int:
    return int(first(city, select(MeetingSeries.id)))


def kept(city: City, line: str = "note Something was said") -> capture.Kept:
    with city.read() as read:
        entry = capture.parse(line, capture.context(read, planned(city), NOW.date()))
    return capture.keep(city, planned(city), entry, item_id=None, now=NOW)


def peer(city: City) -> int:
    """A figure of another city."""
    figure = peers.PeerFigure(0, "Harlow", "city", DAY, 5.0, source="A report")
    return peers.save(city, measure(city), figure, multiplier=1.0)


def finding(city: City) -> Finding:
    """The first finding of the screening."""
    with city.read() as read:
        return screen(read).findings[0]


def memo_of(city: City) -> tuple[int, memo.Passage]:
    """A memo and a passage of one's own in it."""
    which = memo.begin(city, "A memo", [measure(city)], now=NOW)
    return which, memo.Passage(memo.add(city, which, "finding", "Something"), "finding", "Something", "")


def begun(city: City) -> int:
    running.start(city, planned(city), NOW)
    return int(first(city, select(Meeting.id).where(Meeting.status == "running")))


def on_the_wall(city: City) -> int:
    under, which = item(city), begun(city)
    running.show(city, which, under, measure(city), {}, NOW)
    return which


def looks(city: City, which: int) -> list[shown.Look]:
    with city.read() as read:
        return shown.looks(read, which)


def adjourned(city: City) -> int:
    which = begun(city)
    running.adjourn(city, which, NOW)
    return which


def approved(city: City, which: int | None = None) -> int:
    which = which or adjourned(city)
    with city.read() as read:
        content = minutes.compose(read, which, today=NOW.date())
    approve.approve(city, which, content, "Elena Reyes", NOW)
    return which


def new_goal(city: City) -> int:
    return tree.add_goal(city, first(city, select(Priority.id)), "A goal of its own")


def drawn(city: City) -> int:
    """An empty chain of a program."""
    return chain.begin_program(city, "A program")


def boxes(city: City) -> tuple[int, int, int, int]:
    """A chain with an input that leads to the first of two outputs."""
    row = drawn(city)
    crew = chain.add_step(city, row, "input", "A crew")
    filled = chain.add_step(city, row, "output", "Potholes filled", from_id=crew)
    return row, crew, filled, chain.add_step(city, row, "output", "Streets sealed")


def bring(city: City) -> None:
    path = city.path.with_name("trips.csv")
    path.write_text("Month,Trips\n2025-01,10\n2025-02,12\n", encoding="utf-8")
    source = read_file(path)
    recipe = guess(source)
    imports.store(city, source, recipe, apply(source, recipe), now=NOW)


def held_back(city: City) -> int:
    """A finding: a figure of a month that has not begun."""
    path = city.path.with_name("ahead.csv")
    path.write_text("Month,Trips\n2025-01,10\n2025-02,12\n2062-03,11\n", encoding="utf-8")
    source = read_file(path)
    recipe = guess(source)
    imports.store(city, source, recipe, apply(source, recipe), now=NOW)
    return int(first(city, select(CheckFinding.id).where(CheckFinding.rule == "future")))


class Nowhere:
    """No passwords."""

    def get(self, name: str) -> str:
        return ""

    def put(self, name: str, password: str) -> None:
        assert not password


def owing(city: City) -> list[calendar.Debtor]:
    with city.read() as read:
        return calendar.debtors(read, NOW.date())


def trips(city: City, **changes: Any) -> Recipe:
    with city.read() as read:
        return replace(recipes.named(read, "trips").recipe, **changes)


def folder(city: City) -> sources.SourceRow:
    return sources.save(city, "Returns", "folder", str(city.path.parent), {"pattern": "trips*"}, secrets=Nowhere())


def due(city: City) -> None:
    """A watched database whose recipe is known, and that has a month more."""
    import sqlite3
    from datetime import timedelta

    path = city.path.with_name("permits.db")
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE permit (month TEXT, permits INTEGER)")
        file.executemany("INSERT INTO permit VALUES (?, ?)", [(f"2024-{n:02d}", 40 + n) for n in range(1, 12)])
    place, sql = f"sqlite:///{path}", {"sql": "select * from permit"}
    row = sources.save(city, "Permits", "database", place, sql, secrets=Nowhere(), watched=True)
    source = sources.fetch(row, Nowhere())
    recipe = guess(source)
    imports.store(city, source, recipe, apply(source, recipe), now=NOW - timedelta(days=2), source_id=row.id)
    with sqlite3.connect(path) as file:
        file.execute("INSERT INTO permit VALUES ('2024-12', 52)")
    file.close()


def waiting(city: City) -> watching.Arrival:
    """Next month's file in a folder, which a recipe reads."""
    bring(city)
    path = city.path.with_name("trips-2025-03.csv")
    path.write_text("Month,Trips\n2025-03,14\n", encoding="utf-8")
    row = sources.save(city, "Returns", "folder", str(city.path.parent), {}, secrets=Nowhere(), recipe="trips")
    return watching.Arrival(row, path)


def came_back(city: City) -> tuple[Any, Any]:
    """A return sheet that the Fire department filled."""
    path = city.path.with_name("Fire.xlsx")
    sheets.blank(city, path, department="Fire")
    return sheets.back(city, sheets.fill(path, {("FD-08", "", "value"): 301}))


def link(city: City) -> tuple[int, int]:
    with city.read() as read:
        row = read.scalars(select(GoalMeasure)).first()
        assert row is not None
        return row.goal_id, row.measure_id


def template(city: City) -> Path:
    path = city.path.with_name("t.docx")
    path.write_bytes(own_template())
    return path


def written(city: City, kind: str = "briefing") -> None:
    papers.keep_template(city, [kind], "t.docx", own_template())


def win(city: City) -> None:
    suggest.note_win(city, measure(city), "Two hundred days without a missed pickup", NOW)


def taken(city: City) -> None:
    suggestion = suggest.Suggestion(
        kind="measure", measure_ids=(measure(city),), title="A topic", minutes=8, mark="", reason="", questions=()
    )
    suggest.take(city, planned(city), suggestion)


def vendor(city: City) -> int:
    return contracts.save_vendor(city, None, name="A vendor")


def contract(city: City) -> int:
    return contracts.save_contract(
        city, None, number="N-1", title="A contract", vendor_id=vendor(city), begins=DAY, ends=DAY.replace(month=12)
    )


def standard(city: City, contract_id: int) -> int:
    return contracts.save_standard(
        city, None, contract_id=contract_id, measure_id=measure(city), sense="at least", value=5.0
    )


def unpaid(city: City) -> int:
    return int(first(city, select(ContractPayment.id).where(ContractPayment.paid_on.is_(None))))


# public function → (what must stand already, the call itself)
Call = tuple[Callable[[City], Any] | None, Callable[[City, Any], Any]]
CALLS: dict[str, Call] = {
    "city.settings.keep_settings": (None, lambda c, _: keep_settings(c, name="R", office="O", fiscal_year_start=10, population=5)),
    "measures.edit.save_measure": (None, lambda c, _: edit.save_measure(c, None, code="NEW", name="New")),
    "measures.catalogue.use": (None, lambda c, _: catalogue.use(c, catalogue.found("potholes")[0])),
    "measures.charting.set_charting": (None, lambda c, _: charting.set_charting(c, measure(c), charting.Charting(rules="anhoej"))),
    "measures.kept_view.keep_view": (None, lambda c, _: kept_view.keep_view(c, measure(c), {"look": "years"})),
    "measures.peers.save": (None, lambda c, _: peer(c)),
    "measures.peers.remove": (peer, lambda c, row: peers.remove(c, row)),
    "collect.stopped.keep_asking": (None, lambda c, _: stopped.keep_asking(c, measure(c))),
    "collect.stopped.retire": (None, lambda c, _: stopped.retire(c, measure(c))),
    "screening.answers.answer": (finding, lambda c, f: answers.answer(c, f, answers.ACCEPTED, now=NOW)),
    "meetings.memo.begin": (None, lambda c, _: memo.begin(c, "A memo", [measure(c)], now=NOW)),
    "meetings.memo.for_meeting": (None, lambda c, _: memo.for_meeting(c, planned(c), "A memo", now=NOW)),
    "meetings.memo.add": (memo_of, lambda c, m: memo.add(c, m[0], "question", "Why?")),
    "meetings.memo.edit": (memo_of, lambda c, m: memo.edit(c, m[0], m[1], "Other words")),
    "meetings.memo.strike": (memo_of, lambda c, m: memo.strike(c, *m)),
    "meetings.memo.restore": (memo_of, lambda c, m: memo.restore(c, *m)),
    "meetings.memo.rename": (memo_of, lambda c, m: memo.rename(c, m[0], "Another title")),
    "measures.targets.set_target": (None, lambda c, _: targets.set_target(c, measure(c), TargetStep(DAY, 5.0))),
    "measures.targets.remove_target": (None, lambda c, _: targets.remove_target(c, first(c, select(Target.id)))),
    "measures.targets.set_baseline": (None, lambda c, _: targets.set_baseline(c, measure(c), 80.0, DAY)),
    "measures.edit.annotate": (None, lambda c, _: edit.annotate(c, measure(c), date(2025, 1, 1), "note", "Snow")),
    "measures.edit.remove_annotation": (None, lambda c, _: edit.remove_annotation(c, first(c, select(Annotation.id)))),
    "collect.typed.correct_value": (None, lambda c, _: typed.correct_value(c, measure(c), date(2025, 1, 1), 5.0, "Typo", NOW)),
    "goals.tree.add_priority": (None, lambda c, _: tree.add_priority(c, "A priority")),
    "goals.tree.add_goal": (None, lambda c, _: new_goal(c)),
    "goals.tree.rename": (new_goal, lambda c, goal: tree.rename(c, "goal", goal, "Another name")),
    "goals.tree.save_goal": (new_goal, lambda c, goal: tree.save_goal(c, goal, name="G", owner_id=None, description="D")),
    "goals.tree.set_weights": (link, lambda c, ids: tree.set_weights(c, ids[0], {ids[1]: 2.5})),
    "goals.tree.link_measure": (new_goal, lambda c, goal: tree.link_measure(c, goal, measure(c))),
    "goals.tree.unlink_measure": (link, lambda c, ids: tree.unlink_measure(c, *ids)),
    "goals.tree.move": (new_goal, lambda c, goal: tree.move(c, "goal", goal, -1)),
    "goals.tree.put_priority": (lambda c: tree.add_priority(c, "Last"), lambda c, row: tree.put_priority(c, row, 0)),
    "goals.tree.put_goal": (new_goal, lambda c, goal: tree.put_goal(c, goal, first(c, select(Priority.id).order_by(Priority.id.desc())), 0)),
    "goals.tree.move_measure": (lambda c: (*link(c), new_goal(c)), lambda c, ids: tree.move_measure(c, ids[1], ids[0], ids[2])),
    "goals.chain.begin": (new_goal, lambda c, goal: chain.begin(c, goal, suggested=True)),
    "goals.chain.begin_program": (None, lambda c, _: drawn(c)),
    "goals.chain.save_program": (drawn, lambda c, row: chain.save_program(c, row, name="Another name", department_id=None)),
    "goals.chain.remove_chain": (boxes, lambda c, b: chain.remove_chain(c, b[0])),
    "goals.chain.add_step": (drawn, lambda c, row: chain.add_step(c, row, "output", "Potholes filled")),
    "goals.chain.change_text": (boxes, lambda c, b: chain.change_text(c, b[1], "Two crews")),
    "goals.chain.attach": (boxes, lambda c, b: chain.attach(c, b[2], measure(c))),
    "goals.chain.move_step": (boxes, lambda c, b: chain.move_step(c, b[1], "activity", 0)),
    "goals.chain.remove_step": (boxes, lambda c, b: chain.remove_step(c, b[1])),
    "goals.chain.link": (boxes, lambda c, b: chain.link(c, b[1], b[3])),
    "goals.chain.unlink": (boxes, lambda c, b: chain.unlink(c, b[1], b[2])),
    "goals.chain.put_in_order": (boxes, lambda c, b: chain.put_in_order(c, b[0], [[b[1]], [b[3], b[2]]])),
    "goals.tree.remove": (new_goal, lambda c, goal: tree.remove(c, "goal", goal)),
    "meetings.actions.update_action": (None, lambda c, _: actions.update_action(c, action(c), now=NOW, comment="Asked again")),
    "meetings.actions.rank": (None, lambda c, _: actions.rank(c, [action(c)])),
    "meetings.actions.read_back": (lambda c: kept(c, "action Do it").id, lambda c, row: actions.read_back(c, row)),
    "meetings.agenda.add_item": (None, lambda c, _: agenda.add_item(c, planned(c), "topic", "A topic")),
    "meetings.agenda.standard_agenda": (lambda c: meeting.plan_meeting(c, series(c), DAY), lambda c, m: agenda.standard_agenda(c, m)),
    "meetings.agenda.copy_agenda": (lambda c: meeting.plan_meeting(c, series(c), DAY), lambda c, m: agenda.copy_agenda(c, m, planned(c))),
    "meetings.agenda.move_item": (None, lambda c, _: agenda.move_item(c, item(c), 2)),
    "meetings.agenda.change_item": (None, lambda c, _: agenda.change_item(c, item(c), minutes=33)),
    "meetings.agenda.extend_item": (None, lambda c, _: agenda.extend_item(c, item(c), questions=["Why?"])),
    "meetings.agenda.remove_item": (lambda c: agenda.add_item(c, planned(c), "topic", "T"), lambda c, i: agenda.remove_item(c, i)),
    "meetings.approve.approve": (adjourned, approved),
    "meetings.approve.amend": (approved, lambda c, m: approve.amend(c, m, "A name was misspelt", "Elena Reyes", NOW)),
    "meetings.approve.set_sent": (None, lambda c, _: approve.set_sent(c, planned(c), "memo", NOW)),
    "meetings.capture.keep": (None, lambda c, _: kept(c)),
    "meetings.capture.rewrite": (kept, lambda c, k: capture.rewrite(c, k.kind, k.id, capture.Entry(kind="note", text="x", line="note x"))),
    "meetings.capture.edit_captured": (kept, lambda c, k: capture.edit_captured(c, k.kind, k.id, text="Something else")),
    "meetings.capture.remove_captured": (kept, lambda c, k: capture.remove_captured(c, k.kind, k.id)),
    "meetings.meeting.plan_meeting": (None, lambda c, _: meeting.plan_meeting(c, series(c), DAY)),
    "meetings.meeting.set_present": (None, lambda c, _: meeting.set_present(c, planned(c), first(c, select(Person.id)), "excused")),
    "meetings.papers.keep_template": (None, lambda c, _: written(c)),
    "meetings.papers.forget_templates": (written, lambda c, _: papers.forget_templates(c, ["briefing"])),
    "meetings.plan.plan": (None, lambda c, _: plan.plan(c, series(c), DAY)),
    "meetings.plan.move": (None, lambda c, _: plan.move(c, planned(c), day=DAY, starts=time(9), minutes=60, place="Room 1")),
    "meetings.plan.cancel": (None, lambda c, _: plan.cancel(c, planned(c))),
    "meetings.plan.plan_again": (lambda c: (m := planned(c), plan.cancel(c, m))[0], lambda c, m: plan.plan_again(c, m)),
    "meetings.record.change_entry": (kept, lambda c, k: record.change_entry(c, k.kind, k.id, NOW, text="Corrected")),
    "meetings.record.change_kind": (kept, lambda c, k: record.change_kind(c, k.kind, k.id, "decision", NOW.date())),
    "meetings.shown.leave_out": (on_the_wall, lambda c, m: shown.leave_out(c, m, looks(c, m)[0])),
    "meetings.running.start": (None, lambda c, _: running.start(c, planned(c), NOW)),
    "meetings.running.enter": (lambda c: (item(c), begun(c)), lambda c, ids: running.enter(c, ids[1], ids[0], NOW)),
    "meetings.running.show": (lambda c: (item(c), begun(c)), lambda c, ids: running.show(c, ids[1], ids[0], measure(c), {}, NOW)),
    "meetings.running.adjourn": (begun, lambda c, m: running.adjourn(c, m, NOW)),
    "meetings.series.save_series": (None, lambda c, _: series_.save_series(c, None, name="NewStat")),
    "meetings.series.remove_series": (lambda c: series_.save_series(c, None, name="NewStat"), lambda c, s: series_.remove_series(c, s)),
    "meetings.suggest.take": (None, lambda c, _: taken(c)),
    "meetings.suggest.take_finding": (finding, lambda c, f: suggest.take_finding(c, planned(c), f, now=NOW)),
    "meetings.suggest.note_win": (None, lambda c, _: win(c)),
    "collect.store.store": (None, lambda c, _: bring(c)),
    "collect.calendar.remember": (None, lambda c, _: calendar.remember(c, owing(c), NOW)),
    "collect.reminders.remind": (None, lambda c, _: reminders.remind(c, owing(c), c.path.parent / "drafts", now=NOW, today=NOW.date())),
    "collect.settle.accept": (held_back, lambda c, found: settle.accept(c, [found], "A forecast", NOW)),
    "collect.returned.store_return": (came_back, lambda c, sheet: returned.store_return(c, *sheet, now=NOW)),
    "collect.close.close": (None, lambda c, _: close.close(c, date(2025, 12, 1), close.Scope(), now=NOW)),
    "collect.close.reopen": (lambda c: close.close(c, date(2025, 12, 1), close.Scope(), now=NOW), lambda c, _: close.reopen(c, date(2025, 11, 1), close.Scope(), "A late recount", now=NOW)),
    "collect.settle.leave_out": (held_back, lambda c, found: settle.leave_out(c, [found], "A slip of the pen", NOW)),
    "collect.settle.save_rules": (None, lambda c, _: settle.save_rules(c, measure(c), {"jump": Own("off", {})}, "Seasonal work")),
    "contracts.edit.save_vendor": (None, lambda c, _: vendor(c)),
    "contracts.edit.remove_vendor": (vendor, lambda c, row: contracts.remove_vendor(c, row)),
    "contracts.edit.save_contract": (vendor, lambda c, row: contracts.save_contract(c, None, number="N-2", title="T", vendor_id=row, begins=DAY, ends=DAY)),
    "contracts.edit.remove_contract": (None, lambda c, _: contracts.remove_contract(c, first(c, select(Contract.id)))),
    "contracts.edit.save_standard": (contract, standard),
    "contracts.edit.remove_standard": (None, lambda c, _: contracts.remove_standard(c, first(c, select(ContractStandard.id)))),
    "contracts.edit.save_payment": (contract, lambda c, row: contracts.save_payment(c, None, contract_id=row, period=DAY, due=5.0)),
    "contracts.edit.remove_payment": (None, lambda c, _: contracts.remove_payment(c, first(c, select(ContractPayment.id)))),
    "contracts.edit.plan_payments": (contract, lambda c, row: contracts.plan_payments(c, row, 5.0)),
    "contracts.edit.pay": (unpaid, lambda c, row: contracts.pay(c, row, DAY)),
    "collect.recipes.keep_as": (None, lambda c, _: recipes.keep_as(c, "Requests", REQUESTS, RECORDS, now=NOW)),
    "collect.recipes.keep": (bring, lambda c, _: recipes.keep(c, trips(c, frequency="quarter"), now=NOW, why="By quarter")),
    "collect.recipes.retire": (bring, lambda c, _: recipes.retire(c, "trips")),
    "collect.sources.save": (None, lambda c, _: folder(c)),
    "collect.sources.remove": (folder, lambda c, row: sources.remove(c, row.name, Nowhere())),
    "collect.asking.ask": (due, lambda c, _: asking.ask(c, Nowhere(), now=NOW)),
    "collect.watching.take_in": (waiting, lambda c, arrival: watching.take_in(c, arrival, Nowhere(), now=NOW)),
    "people.roster.save_department": (None, lambda c, _: roster.save_department(c, None, code="ZZ", name="Zoo")),
    "people.roster.save_person": (None, lambda c, _: roster.save_person(c, None, name="Zoe Zander")),
    "people.roster.set_active": (None, lambda c, _: roster.set_active(c, first(c, select(Person.id)), False)),
}  # fmt: skip


def changing() -> Iterator[str]:
    """The public functions of the subjects that take a City first."""
    root = Path(citystat.__file__).parent
    for subject in SUBJECTS:
        for found in pkgutil.iter_modules([str(root / subject)]):
            module = import_module(f"citystat.{subject}.{found.name}")
            for name, function in vars(module).items():
                if name.startswith("_") or getattr(function, "__module__", "") != module.__name__:
                    continue
                if inspect.isfunction(function) and "City" in [
                    p.annotation for p in inspect.signature(function).parameters.values()
                ]:
                    yield f"{subject}.{found.name}.{name}"


def everything(read: Session) -> dict[str, list[Any]]:
    """All rows that a person could have changed, and the values that hold."""
    tables = [t for t in whole().sorted_tables if t.name not in UNWATCHED]
    rows = {t.name: [tuple(r) for r in read.execute(select(t).order_by(*t.primary_key.columns))] for t in tables}
    standing = {row.id for row in read.scalars(select(ImportRun).where(ImportRun.undone_at.is_(None)))}
    run = list(CheckFinding.__table__.columns.keys()).index("run_id")
    rows["check_finding"] = [r for r in rows["check_finding"] if r[run] in standing]  # they go and come with their run
    o = Observation
    holds = select(o.measure_id, o.period, o.cell_id, o.value).where(o.superseded_by.is_(None))
    return rows | {"values": sorted(tuple(r) for r in read.execute(holds))}


def test_no_changing_function_is_left_out_here() -> None:
    assert set(changing()) - ONLY_READS == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_every_change_is_told_in_the_audit_trail_and_can_be_taken_back(name: str, sample_city: City) -> None:
    prepare, call = CALLS[name]
    ready = prepare(sample_city) if prepare else None
    with sample_city.read() as read:
        act, before = last_act(read), everything(read)
    call(sample_city, ready)
    with sample_city.read() as read:
        new = [line for line in trail(read) if line.id > act]
        after = everything(read)
        told = [d for line in new for d in details(read, line.id)]
    assert new and all(line.what and line.who == "tester" for line in new)
    assert after != before
    tables_told = {d.table for d in told}
    changed = {table for table in after if after[table] != before[table]}
    assert changed - tables_told <= {"values", "observation", "check_finding"}, (
        "a table changed that the audit trail does not tell of"
    )
    if all(line.state == "done" for line in new):
        assert [sample_city.undo() for _ in new] == [line.what for line in new]
        with sample_city.read() as read:
            back = everything(read)
        if (
            name == "collect.store.store"
        ):  # a measure that an import made stays, out of use: withdrawn values point to it
            assert {r[0] for r in back["measure"]} >= {r[0] for r in before["measure"]}
            back["measure"] = before["measure"]
            for table in LEARNED:  # and so does the recipe that it taught
                known = len(before[table])
                assert len(back[table]) > known and back[table][:known] == before[table]
                back[table] = before[table]
        assert back == before


def test_a_measure_that_an_import_made_is_told_with_the_import(city: City) -> None:
    bring(city)
    with city.read() as read:
        made = trail(read, key=f"measure:{read.scalar(select(Measure.id))}")
        assert [line.what for line in made] == ["Import trips.csv"]
        assert ("code", "TRPS-01") in {(d.field, d.after) for d in details(read, made[0].id)}


def test_a_retired_measure_that_an_import_brings_back_is_retired_again_by_undo(city: City) -> None:
    bring(city)
    edit.save_measure(city, measure(city), retired=True)
    city.path.with_name("more.csv").write_text("Month,Trips\n2025-03,14\n", encoding="utf-8")
    source = read_file(city.path.with_name("more.csv"))
    recipe = guess(source)
    imports.store(city, source, recipe, apply(source, recipe), now=NOW)
    with city.read() as read:
        act = trail(read)[0]
        assert ("retired", "True", "False") in {(d.field, d.before, d.after) for d in details(read, act.id)}
    assert first(city, select(Measure.retired)) is False
    city.undo()
    assert first(city, select(Measure.retired)) is True
    city.redo()
    assert first(city, select(Measure.retired)) is False
