"""The results chain of a goal or a program: boxes from what is put in to what comes of it, and which leads to which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.city import Change, City
from citystat.errors import CityStatError
from citystat.models import ChainLink, ChainStep, Department, Goal, GoalMeasure, Measure, ResultsChain
from citystat.texts import plural, tr

# stage → the head of its column, what stands in it
STAGES = {
    "input": ("Inputs", "What is put in"),
    "activity": ("Activities", "What is done"),
    "output": ("Outputs", "What is delivered"),
    "intermediate outcome": ("Intermediate outcomes", "What changes first"),
    "outcome": ("Outcomes", "What it is all for"),
}
ORDER = tuple(STAGES)
MEASURED = ("output", "intermediate outcome", "outcome")  # stages of which a number should tell whether they happen
STAGE_OF = {  # a measure's kind → the stage it shows
    "input": "input", "output": "output", "efficiency": "output", "quality": "output",
    "intermediate outcome": "intermediate outcome", "outcome": "outcome",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One box; code and measure (its name) are "" where nothing is attached."""

    id: int
    stage: str
    text: str
    measure_id: int | None = None
    code: str = ""
    measure: str = ""

    @property
    def column(self) -> int:
        """0 for an input … 4 for an outcome."""
        return ORDER.index(self.stage)


@dataclass(frozen=True)
class Chain:
    """A chain as it stands: boxes by column and place, links as (from, to). goal_id None: of a program."""

    id: int
    name: str
    goal_id: int | None
    department: str
    department_id: int | None
    steps: tuple[Step, ...]
    links: tuple[tuple[int, int], ...]

    def step(self, step_id: int | None) -> Step | None:
        """The box with this id."""
        return next((s for s in self.steps if s.id == step_id), None)

    def of(self, stage: str) -> list[Step]:
        """The boxes of a stage in their order."""
        return [s for s in self.steps if s.stage == stage]

    def after(self, step_id: int) -> list[Step]:
        """The boxes that a box leads to."""
        return [s for s in self.steps if (step_id, s.id) in self.links]


@dataclass(frozen=True)
class Lack:
    """Something that is missing. kind: no boxes, no outcome, nowhere, from nowhere, no measure · step_id: where, if it
    is in one place."""

    kind: str
    words: str
    step_id: int | None = None


## Asking


def chains(read: Session) -> list[Chain]:
    """All chains: those of goals in the order of the goals, then programs by name."""
    steps: dict[int, list[Step]] = {}
    boxes = select(ChainStep, Measure.code, Measure.name).outerjoin(Measure, Measure.id == ChainStep.measure_id)
    for row, code, name in read.execute(boxes.order_by(ChainStep.position, ChainStep.id)):
        steps.setdefault(row.chain_id, []).append(
            Step(row.id, row.stage, row.text, row.measure_id, code or "", name or "")
        )
    home = {s.id: chain for chain, found in steps.items() for s in found}
    links: dict[int, list[tuple[int, int]]] = {}
    for link in read.scalars(select(ChainLink).order_by(ChainLink.from_id, ChainLink.to_id)):
        links.setdefault(home[link.from_id], []).append((link.from_id, link.to_id))
    query = (
        select(ResultsChain, Goal.name.label("goal"), Department.name.label("department"))
        .outerjoin(Goal, Goal.id == ResultsChain.goal_id)
        .outerjoin(Department, Department.id == ResultsChain.department_id)
        .order_by(ResultsChain.goal_id.is_(None), Goal.priority_id, Goal.position, ResultsChain.name, ResultsChain.id)
    )
    return [
        Chain(
            row.id, goal or row.name, row.goal_id, department or "", row.department_id,
            tuple(sorted(steps.get(row.id, ()), key=lambda s: s.column)), tuple(links.get(row.id, ())),
        )
        for row, goal, department in read.execute(query)
    ]  # fmt: skip


def chain(read: Session, chain_id: int) -> Chain:
    """One chain; CityStatError where there is none of this id."""
    found = next((c for c in chains(read) if c.id == chain_id), None)
    if found is None:
        raise CityStatError(tr("There is no such results chain"), do=tr("It may have been removed; take that back"))
    return found


def chain_of(read: Session, goal_id: int) -> int | None:
    """The id of a goal's chain, None where nobody drew one."""
    return read.scalar(select(ResultsChain.id).where(ResultsChain.goal_id == goal_id))


def missing(c: Chain) -> list[Lack]:
    """What a chain lacks, the gravest first."""
    if not c.steps:
        return [Lack("no boxes", tr("Nothing is drawn yet"))]
    found = [] if c.of("outcome") else [Lack("no outcome", tr("No outcome: nothing says what it is for"))]
    begins, ends = {a for a, _ in c.links}, {b for _, b in c.links}
    inner = [s for s in c.steps if s.stage != "outcome" and s.id not in begins]
    found += [Lack("nowhere", tr("“{step}” leads nowhere", step=s.text), s.id) for s in inner]
    loose = [s for s in c.of("outcome") if s.id not in ends]
    found += [Lack("from nowhere", tr("Nothing leads to “{step}”", step=s.text), s.id) for s in loose]
    bare = [s for s in c.steps if s.stage in MEASURED and s.measure_id is None]
    found += [Lack("no measure", tr("No measure shows “{step}”", step=s.text), s.id) for s in bare]
    return found


def counted(c: Chain) -> str:
    """ "11 boxes, 8 with a measure"."""
    if not c.steps:
        return tr("nothing is drawn yet")
    shown = sum(s.measure_id is not None for s in c.steps)
    boxes = plural(len(c.steps), "{n} box", "{n} boxes")
    return tr("{boxes}, {n} with a measure", boxes=boxes, n=shown)


def whose(c: Chain) -> str:
    """What kind of chain it is."""
    return tr("Results chain of a goal") if c.goal_id is not None else tr("Results chain of a program")


def in_words(c: Chain) -> str:
    """The whole diagram for who cannot see it: the boxes of each stage, then what leads to what."""
    said = [tr("Results chain: {name}", name=c.name)]
    for stage, (head, _) in STAGES.items():
        own = c.of(stage)
        if own:
            boxes = "; ".join(s.text + (f" ({s.code})" if s.code else "") for s in own)
            said.append(f"{tr(head)}: {boxes}")
    for s in c.steps:
        after = c.after(s.id)
        if after:
            said.append(tr("“{step}” leads to {steps}", step=s.text, steps=", ".join(f"“{t.text}”" for t in after)))
    return ". ".join(said) + "."


## Whole chains


def begin(city: City, goal_id: int, *, suggested: bool) -> int:
    """The chain of a goal, made where there is none: from its measures where `suggested`, else empty; returns its id."""
    with city.change(tr("Draw results chain")) as change:
        known = chain_of(change, goal_id)
        if known is not None:
            return known
        goal = change.get(Goal, goal_id)
        if goal is None:
            raise CityStatError(tr("This goal is not there any more"), do=tr("Choose another one"))
        row = ResultsChain(name=goal.name, goal_id=goal_id)
        change.add(row)
        change.flush()
        if suggested:
            _suggest(change, row.id, goal)
        return row.id


def begin_program(city: City, name: str, department_id: int | None = None) -> int:
    """An empty chain of a program; returns its id."""
    with city.change(tr("Add results chain")) as change:
        row = ResultsChain(name=_words(name), department_id=department_id)
        change.add(row)
        change.flush()
        return row.id


def save_program(city: City, chain_id: int, *, name: str, department_id: int | None) -> None:
    """Another name or department of a program's chain."""
    with city.change(tr("Change results chain")) as change:
        row = change.get(ResultsChain, chain_id)
        if row is not None:
            row.name, row.department_id = _words(name), department_id


def remove_chain(city: City, chain_id: int) -> None:
    """Take a chain away with its boxes; the goal and the measures stay."""
    with city.change(tr("Remove results chain")) as change:
        drop(change, chain_id)


def drop(change: Change, chain_id: int | None) -> None:
    """Take a chain away as part of another act."""
    row = change.get(ResultsChain, chain_id) if chain_id is not None else None
    if row is None:
        return
    steps = list(change.scalars(select(ChainStep).where(ChainStep.chain_id == chain_id)))
    _unlink_all(change, [s.id for s in steps])
    for step in steps:
        change.delete(step)
    change.flush()
    change.delete(row)


def _suggest(change: Change, chain_id: int, goal: Goal) -> None:
    """A box for each measure, in the column of its kind; each leads to the box of the next column that shares most words.

    Where none shares a word no line is drawn: what leads to what is for people to say.

    A goal without an outcome measure is itself what it is all for, and waits for its measure.
    """
    serving = select(Measure).join(GoalMeasure, GoalMeasure.measure_id == Measure.id)
    own = list(change.scalars(serving.where(GoalMeasure.goal_id == goal.id).order_by(GoalMeasure.position)))
    rows = [
        ChainStep(chain_id=chain_id, stage=STAGE_OF.get(m.kind, "output"), text=m.name, measure_id=m.id) for m in own
    ]
    if not any(row.stage == "outcome" for row in rows):
        rows.append(ChainStep(chain_id=chain_id, stage="outcome", text=goal.name))
    columns = [[row for row in rows if row.stage == stage] for stage in ORDER]
    for column in columns:
        for place, row in enumerate(column):
            row.position = place
    change.add_all(rows)
    change.flush()
    filled = [column for column in columns if column]
    for here, there in zip(filled, filled[1:], strict=False):
        for row in here:
            shared = [_in_common(row, other) for other in there]
            if max(shared):
                change.add(ChainLink(from_id=row.id, to_id=there[shared.index(max(shared))].id))


def _in_common(one: ChainStep, other: ChainStep) -> int:
    """How many words two boxes share."""
    return len(_long_words(one.text) & _long_words(other.text))


def _long_words(text: str) -> set[str]:
    return {word.strip(",.").lower()[:6] for word in text.split() if len(word) > 3}


## Boxes


def add_step(
    city: City, chain_id: int, stage: str, text: str, *, place: int | None = None, from_id: int | None = None,
    measure_id: int | None = None,
) -> int:  # fmt: skip
    """A new box at `place` of its column (at its end unless given), with a link from the box `from_id`; returns its id."""
    with city.change(tr("Add box to results chain")) as change:
        if change.get(ResultsChain, chain_id) is None:
            raise CityStatError(tr("There is no such results chain"), do=tr("It may have been removed; take that back"))
        row = ChainStep(chain_id=chain_id, stage=_stage(stage), text=_words(text), measure_id=measure_id)
        change.add(row)
        change.flush()
        _put(change, row, place)
        if from_id is not None:
            _connect(change, from_id, row.id)
        return row.id


def change_text(city: City, step_id: int, text: str) -> None:
    """Other words in a box."""
    with city.change(tr("Change box of results chain")) as change:
        _box(change, step_id).text = _words(text)


def attach(city: City, step_id: int, measure_id: int | None) -> None:
    """The measure that shows whether a box happens; None takes it off."""
    words = tr("Attach measure to results chain") if measure_id else tr("Take measure from results chain")
    with city.change(words) as change:
        _box(change, step_id).measure_id = measure_id


def move_step(city: City, step_id: int, stage: str, place: int) -> None:
    """A box to `place` (from 0, among the others) of a column. A link that would then lead backwards is turned round."""
    with city.change(tr("Move box of results chain")) as change:
        row = _box(change, step_id)
        row.stage = _stage(stage)
        change.flush()
        _put(change, row, place)
        _turn(change, row)


def remove_step(city: City, step_id: int) -> None:
    """Take a box away with its links."""
    with city.change(tr("Remove box from results chain")) as change:
        row = _box(change, step_id)
        _unlink_all(change, [step_id])
        change.delete(row)


def link(city: City, from_id: int, to_id: int) -> None:
    """One box leads to another. Drawn from right to left, it is taken the other way round; CityStatError for a circle."""
    with city.change(tr("Connect boxes of results chain")) as change:
        _connect(change, from_id, to_id)


def unlink(city: City, from_id: int, to_id: int) -> None:
    """A box leads to another no longer."""
    with city.change(tr("Disconnect boxes of results chain")) as change:
        row = change.get(ChainLink, (from_id, to_id))
        if row is not None:
            change.delete(row)


def put_in_order(city: City, chain_id: int, columns: Iterable[Sequence[int]]) -> None:
    """Every column in this order of its boxes' ids."""
    with city.change(tr("Tidy results chain")) as change:
        rows = {s.id: s for s in change.scalars(select(ChainStep).where(ChainStep.chain_id == chain_id))}
        for column in columns:
            for place, step_id in enumerate(column):
                if step_id in rows:
                    rows[step_id].position = place


def _connect(change: Change, from_id: int, to_id: int) -> None:
    a, b = _box(change, from_id), _box(change, to_id)
    if ORDER.index(a.stage) > ORDER.index(b.stage):
        a, b = b, a
    if a.chain_id != b.chain_id or a.id == b.id:
        raise CityStatError(tr("A box cannot lead to itself"), do=tr("Choose another one"))
    if change.get(ChainLink, (a.id, b.id)) is not None:
        return
    if a.id in _reached(change, b.id):
        raise CityStatError(
            tr("“{step}” leads back here already", step=b.text),
            do=tr("A chain goes one way: take that connection away first"),
        )
    change.add(ChainLink(from_id=a.id, to_id=b.id))


def _reached(change: Change, step_id: int) -> set[int]:
    """Every box that a box leads to, over others too."""
    after: dict[int, list[int]] = {}
    for row in change.scalars(select(ChainLink)):
        after.setdefault(row.from_id, []).append(row.to_id)
    found, waiting = set(), [step_id]
    while waiting:
        here = waiting.pop()
        waiting += [n for n in after.get(here, ()) if n not in found]
        found.add(here)
    return found


def _turn(change: Change, row: ChainStep) -> None:
    """Links of a box that was moved lead to the right again."""
    touching = select(ChainLink).where((ChainLink.from_id == row.id) | (ChainLink.to_id == row.id))
    links = list(change.scalars(touching))
    stages = {s.id: ORDER.index(s.stage) for s in change.scalars(select(ChainStep).where(ChainStep.chain_id == row.chain_id))}  # fmt: skip
    for found in links:
        if stages[found.from_id] > stages[found.to_id]:
            change.delete(found)
            change.add(ChainLink(from_id=found.to_id, to_id=found.from_id))


def _put(change: Change, row: ChainStep, place: int | None) -> None:
    """The box at its place; the others of its column in their order."""
    same = select(ChainStep).where(
        ChainStep.chain_id == row.chain_id, ChainStep.stage == row.stage, ChainStep.id != row.id
    )
    rows = list(change.scalars(same.order_by(ChainStep.position, ChainStep.id)))
    rows.insert(len(rows) if place is None else max(0, place), row)
    for at, each in enumerate(rows):
        each.position = at


def _unlink_all(change: Change, steps: Sequence[int]) -> None:
    for row in change.scalars(select(ChainLink).where(ChainLink.from_id.in_(steps) | ChainLink.to_id.in_(steps))):
        change.delete(row)
    change.flush()


def _box(change: Change, step_id: int) -> ChainStep:
    row = change.get(ChainStep, step_id)
    if row is None:
        raise CityStatError(tr("This box is not there any more"), do=tr("It may have been removed; take that back"))
    return row


def _stage(stage: str) -> str:
    if stage not in STAGES:
        raise CityStatError(tr("There is no such stage"), where=stage, do=", ".join(ORDER))
    return stage


def _words(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise CityStatError(tr("A name is needed"), do=tr("Type one"))
    return said
