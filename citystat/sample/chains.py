"""Riverton's results chains: of the goal “Help arrives in time”, and of a program of public works."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from citystat.city import Change
from citystat.models import ChainLink, ChainStep, Goal, ResultsChain
from citystat.sample.tables import TIME

IN, DO, OUT, FIRST, END = "input", "activity", "output", "intermediate outcome", "outcome"


class B(NamedTuple):
    """A box. code: its measure; to: keys of the boxes it leads to."""

    stage: str
    text: str
    to: str = ""
    code: str = ""


HELP = {
    "posts": B(IN, "Call takers and dispatchers on every shift", "train staff", "EC-04"),
    "system": B(IN, "Dispatch system and map of the streets", "staff route"),
    "crews": B(IN, "Ambulance and engine crews", "place"),
    "train": B(DO, "Train call takers to ask the first questions in order", "answer"),
    "staff": B(DO, "Set shifts to the hours in which most calls come", "answer hours"),
    "route": B(DO, "Send the unit that can be there first", "sent"),
    "place": B(DO, "Post crews where calls are expected", "sent"),
    "answer": B(OUT, "Emergency calls taken by a trained person", "fast", "EC-02"),
    "hours": B(OUT, "Overtime stays within the plan", "kept", "EC-07"),
    "sent": B(OUT, "Units sent on every priority call", "dispatch"),
    "fast": B(FIRST, "Calls are answered within 10 seconds", "ambulance fire", "EC-01"),
    "kept": B(FIRST, "Few callers give up", "ambulance", "EC-03"),
    "dispatch": B(FIRST, "A unit is on its way soon after the call", "ambulance fire police", "EC-06"),
    "ambulance": B(END, "Ambulances reach nine of ten patients in time", "", "FD-01"),
    "fire": B(END, "Engines are at a fire within six minutes", "", "FD-02"),
    "police": B(END, "Priority calls to the police are answered in time", "", "PD-04"),
}
POTHOLES = {
    "reports": B(IN, "Reports to 311, the app and crews' own rounds", "sort"),
    "trucks": B(IN, "Trucks and hot boxes that run", "patch", "PW-12"),
    "crews": B(IN, "Two patching crews", "patch seal"),
    "sort": B(DO, "Sort reports by danger and put them on a route", "filled"),
    "patch": B(DO, "Patch what was reported", "filled"),
    "seal": B(DO, "Seal the cracks before winter", "sealed"),
    "filled": B(OUT, "Potholes filled, each with a photo", "quick stay"),
    "sealed": B(OUT, "Miles of cracks sealed", "stay"),
    "quick": B(FIRST, "A pothole is gone within twelve days", "good", "PW-01"),
    "stay": B(FIRST, "Patches hold over the winter", "good"),
    "good": B(END, "Streets are in good condition", "", "PW-02"),
}


def draw(change: Change, departments: dict[str, int], measures: dict[str, int]) -> None:
    """Both chains, as part of making the sample city."""
    goal = change.scalars(select(Goal).where(Goal.name == TIME)).one()
    _draw(change, ResultsChain(name=TIME, goal_id=goal.id), HELP, measures)
    _draw(change, ResultsChain(name="Pothole patrol", department_id=departments["PW"]), POTHOLES, measures)


def _draw(change: Change, row: ResultsChain, boxes: dict[str, B], measures: dict[str, int]) -> None:
    change.add(row)
    change.flush()
    made = {
        key: ChainStep(chain_id=row.id, stage=b.stage, text=b.text, measure_id=measures.get(b.code), position=place)
        for place, (key, b) in enumerate(boxes.items())
    }
    change.add_all(made.values())
    change.flush()
    change.add_all(ChainLink(from_id=made[a].id, to_id=made[b].id) for a, box in boxes.items() for b in box.to.split())
