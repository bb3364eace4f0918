"""Goals at a glance: all priorities and goals on a page, then each goal with its measures, for the mayor and the public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city.observations import Progress as Report
from citystat.documents.content import Block, Document, Heading, Paragraph, Table
from citystat.goals.progress import GoalProgress, counts, priority_progress, rule
from citystat.goals.standing import every_goal, moved_words, owners
from citystat.goals.tree import GoalRow, PriorityRow
from citystat.measures.outlook import Outlook, chance_words, end_words, outlooks
from citystat.measures.progress import Progress, state_words
from citystat.measures.series import Series
from citystat.measures.targets import Moved, moved
from citystat.models import CitySettings
from citystat.numbers import brief, quantity
from citystat.texts import language, plural, tr


@dataclass(frozen=True)
class _Facts:
    """What the document says, by a measure's or a goal's id. ends: what a measure is heading for, and the chance of its target."""

    measures: Mapping[int, Progress]
    ends: Mapping[int, str]
    goals: Mapping[int, GoalProgress]
    moved: Sequence[Moved]


def compose(read: Session, today: date, report: Report | None = None) -> Document:
    """The whole document; report: told how far it is, since forecasts take a while."""
    settings = read.scalars(select(CitySettings)).one()
    rows, series, goals = every_goal(read)
    far = {c.progress.measure.id: c.progress for g in goals.values() for c in g.measures}
    facts = _Facts(far, _ends(series, report), goals, moved(read, list(series)))
    blocks: list[Block] = [_overview(rows, facts)]
    for priority in rows:
        state = priority_progress(priority, goals)[1]
        blocks.append(Heading(f"{priority.name}: {state_words(state)}" if state else priority.name))
        for goal in priority.goals:
            blocks += _goal(goal, facts)
    blocks.append(Paragraph(_rule(), lead=tr("How this is found."), style="small"))
    every = list(goals.values())
    many = plural(len(every), "{n} goal", "{n} goals")
    return Document(
        kind="briefing",
        title=tr("Goals at a glance"),
        over=" · ".join(filter(None, (tr("City of {name}", name=settings.name), settings.office))),
        under=f"{many}: {counts(every)}" if every else tr("No goals yet"),
        footer=tr("As of {day}", day=periods.day_label(today)),
        language=language(),
        blocks=tuple(blocks),
        wide=True,
    )


def _overview(rows: Sequence[PriorityRow], facts: _Facts) -> Table:
    """A row a goal."""
    lines = [
        (p.name if g is p.goals[0] else "", g.name, g.owner or "–", state_words(facts.goals[g.id].state),
         counts([c.progress for c in facts.goals[g.id].measures]) or tr("no measure"))
        for p in rows for g in p.goals
    ]  # fmt: skip
    head = (tr("Priority"), tr("Goal"), tr("Owner"), tr("Progress"), tr("Its measures"))
    return Table(head, tuple(lines), (5, 7, 4.4, 2.8, 5.4), summary=tr("All goals and where they stand"))


def _goal(goal: GoalRow, facts: _Facts) -> list[Block]:
    found = facts.goals[goal.id]
    whose = owners(goal, "")
    words = [
        Paragraph(f"{whose[:1].upper()}{whose[1:]}. {found.working}", lead=f"{state_words(found.state)}.", keep=True)
    ]
    if goal.description:
        words.insert(0, Paragraph(goal.description, keep=True))
    blocks: list[Block] = [Heading(goal.name, 2), *words]
    if found.measures:
        head = (tr("Measure"), tr("Baseline"), tr("So far"), tr("Wanted"), tr("Progress"), tr("Where it is heading"))
        lines = tuple(_measure(c.progress, facts) for c in found.measures)
        blocks.append(
            Table(head, lines, (7.2, 3.4, 3.8, 2.8, 2.4, 5.6), summary=tr("The measures of {goal}", goal=goal.name))
        )
    mine = set(goal.measure_ids)
    for one in facts.moved:
        if one.measure_id in mine:
            m = facts.measures[one.measure_id].measure
            blocks.append(Paragraph(f"{m.name}. {moved_words(one, m)}.", style="small"))
    return blocks


def _measure(p: Progress, facts: _Facts) -> tuple[str, ...]:
    m = p.measure

    def said(value: float | None) -> str:
        return "–" if value is None else quantity(value, m.unit, m.decimals)

    base = f"{brief(m.baseline.value, m.unit, m.decimals)}\n{m.label(m.baseline.period)}" if m.baseline else "–"
    so_far = f"{said(p.value)}\n{p.judged}" if p.value is not None else "–"
    aim = said(p.wanted) if p.upper is None else f"{said(p.wanted)} – {said(p.upper)}"
    return m.name, base, so_far, aim, state_words(p.state), facts.ends[m.id]


def _ends(series: Mapping[int, Series], report: Report | None) -> dict[int, str]:
    """ "FY26: 91.4 %\\nchance of its target: 23 %" by a measure's id."""
    if report is not None:
        report.report(0.0)  # what was forecast before takes no time: it can be stopped all the same
    found = outlooks(list(series.values()), report)
    return {key: _end(s, ahead) for (key, s), ahead in zip(series.items(), found, strict=True)}


def _end(series: Series, ahead: Outlook | None) -> str:
    m = series.measure
    if ahead is None:
        return tr("too few values to say")
    end = f"{end_words(series, ahead)}: {quantity(ahead.end.mean, m.unit, m.decimals)}"
    chance = "" if ahead.chance is None else tr("chance of its target: {n}", n=chance_words(ahead.chance))
    return "\n".join(filter(None, (end, chance)))


def _rule() -> str:
    held = tr(
        "A measure is held against what was wanted of the same periods along its trajectory: the year to date by its own rule over time, "
        "three periods at least, or its newest value where periods make no year; near is within the tolerance."
    )
    return " ".join((held, rule(), tr("A priority is the mean of its goals.")))
