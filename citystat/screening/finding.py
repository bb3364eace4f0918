"""What a finding is: a sentence on one measure or part, of a kind, with how sure it is and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from citystat.measures.series import Definition
from citystat.measures.standing import Standing

SIGNAL, MISSED, ENDANGERED, CHANGE, ODD = "signal", "missed", "endangered", "change", "odd"  # as tested
AHEAD = "ahead"  # a target that its forecast endangers
Key = tuple[int, int, str, date]


@dataclass(frozen=True)
class Serves:
    """The goal that a measure serves first. worth: what its findings count more, from 1 to 2.5 · place: of its priority, from 1."""

    goal_id: int
    goal: str
    place: int
    worth: float


@dataclass(frozen=True)
class Finding:
    """One finding. by, category, cell: of a part, "" and the whole's cell otherwise · since: where it began · p: as tested ·
    adjusted: the smallest rate at which it stands; both nan for a forecast, which is no test · size: sigmas, or how far from the target in
    them · age: periods since it began · goals: that rest on the measure · standing: where the series stands, for its chart · score: what it
    is ranked by · under: the finding that tells it already, None where it stands by itself · chance: of the target, where that is forecast."""

    measure: Definition
    by: str
    category: str
    cell: int
    kind: str
    since: date
    p: float
    adjusted: float
    words: str
    signal: str
    size: float
    age: int
    goals: tuple[Serves, ...]
    standing: Standing
    score: float = 0.0
    under: Key | None = None
    chance: float | None = None

    @property
    def key(self) -> Key:
        """What tells it from others, the same while it lasts."""
        return self.measure.id, self.cell, self.kind, self.since

    @property
    def name(self) -> str:
        """ "FD-01 · Ambulance response · Ward 3"."""
        return " · ".join(filter(None, (self.measure.code, self.measure.name, self.category)))
