"""citystat goals: every goal with its progress, in words or as JSON; Goals at a glance as Word or PDF."""

from __future__ import annotations

import argparse
import json
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from citystat.city import City
from citystat.cli import words
from citystat.goals.progress import GoalProgress, headline
from citystat.goals.standing import every_goal, owners
from citystat.goals.tree import GoalRow, PriorityRow
from citystat.measures.progress import STATES, Progress, figures
from citystat.meetings.papers import template_for


def add_parser(commands: Any) -> None:
    """Declare `goals`."""
    parser = words.of_a_city(commands.add_parser("goals", help="every goal with its progress"), _goals)
    parser.add_argument("--out", type=words.new_file, metavar="FILE", help="write Goals at a glance: .docx or .pdf")


def _goals(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        rows, _, found = every_goal(read)
        if arguments.out:
            _write(read, arguments)
    if arguments.json:
        print(json.dumps({"priorities": [_priority(p, found) for p in rows]}, ensure_ascii=False))
        return 0
    for priority in rows:
        print(priority.name)
        for goal in priority.goals:
            print(f"  {headline(goal.name, found[goal.id])} ({owners(goal, '')})")
            for c in found[goal.id].measures:
                print(f"    {STATES[c.progress.state]:<11} {c.progress.measure.code}: {figures(c.progress)}")
    return 0


def _write(read: Session, arguments: argparse.Namespace) -> None:
    from citystat.goals.glance import compose
    from citystat.views.chart.picture import ready_to_paint

    ready_to_paint()
    from citystat.views.documents.paper import check_name, write_paper

    check_name(arguments.out)
    content = compose(read, date.today())
    write_paper(content, arguments.out, template=template_for(read, "briefing"), now=datetime.now())


def _priority(p: PriorityRow, found: dict[int, GoalProgress]) -> dict[str, Any]:
    return {"name": p.name, "goals": [_goal(g, found[g.id]) for g in p.goals]}


def _goal(g: GoalRow, found: GoalProgress) -> dict[str, Any]:
    measures = [{"weight": c.weight, **_measure(c.progress)} for c in found.measures]
    return {
        "name": g.name, "owner": g.owner, "department": g.department, "state": STATES[found.state], "share": found.share,
        "measures": measures,
    }  # fmt: skip


def _measure(p: Progress) -> dict[str, Any]:
    return {
        "code": p.measure.code, "state": STATES[p.state], "judged": p.judged, "value": p.value, "wanted": p.wanted,
        "upper": p.upper, "gone": p.gone, "due": p.due, "working": list(p.working),
    }  # fmt: skip
