"""The tables of a city, one module a subject: columns and keys, no queries and no rules.

Mapping a table takes a millisecond of every start, so those that no first page asks for are read when they are wanted;
`whole()` has all. No annotations are postponed in these modules: SQLAlchemy would have to read each out of its words.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData

from citystat.models.base import Base
from citystat.models.checks import CheckFinding
from citystat.models.goals import Goal, GoalContributor, GoalMeasure, Priority
from citystat.models.journal import Act, ActRow
from citystat.models.measures import Annotation, Measure, Target
from citystat.models.meetings import (
    AgendaItem,
    Attendance,
    ItemMeasure,
    Meeting,
    MeetingSeries,
    SeriesMeasure,
    SeriesMember,
    Shown,
)
from citystat.models.observations import Cell, CellPart, ImportRun, Observation, Total
from citystat.models.people import CitySettings, Department, Person
from citystat.models.record import ActionItem, ActionUpdate, Decision, Note, Question

if TYPE_CHECKING:
    from citystat.models.benchmarks import Benchmark, Peer
    from citystat.models.calendar import ClosedPeriod, Reminder
    from citystat.models.contracts import Contract, ContractPayment, ContractStandard, Vendor
    from citystat.models.documents import DocumentTemplate, StoredFile
    from citystat.models.memos import Memo, MemoEdit
    from citystat.models.minutes import Amendment, Minutes
    from citystat.models.results import ChainLink, ChainStep, ResultsChain
    from citystat.models.rules import CheckRule
    from citystat.models.screening import FindingAnswer
    from citystat.models.sources import NamedRecipe, RecipeVersion, Source

LATER = {
    "benchmarks": ("Benchmark", "Peer"),
    "calendar": ("ClosedPeriod", "Reminder"),
    "contracts": ("Contract", "ContractPayment", "ContractStandard", "Vendor"),
    "documents": ("DocumentTemplate", "StoredFile"),
    "memos": ("Memo", "MemoEdit"),
    "minutes": ("Amendment", "Minutes"),
    "results": ("ChainLink", "ChainStep", "ResultsChain"),
    "rules": ("CheckRule",),
    "screening": ("FindingAnswer",),
    "sources": ("NamedRecipe", "RecipeVersion", "Source"),
}

__all__ = [
    "Act", "ActRow", "ActionItem", "ActionUpdate", "AgendaItem", "Amendment", "Annotation", "Attendance", "Base",
    "Benchmark", "Cell", "CellPart", "ChainLink", "ChainStep", "CheckFinding", "CheckRule", "CitySettings",
    "ClosedPeriod", "Contract", "ContractPayment", "ContractStandard", "Decision", "Department", "DocumentTemplate",
    "FindingAnswer", "Goal", "GoalContributor", "GoalMeasure", "ImportRun", "ItemMeasure", "Measure", "Meeting",
    "MeetingSeries", "Memo", "MemoEdit", "Minutes", "NamedRecipe", "Note", "Observation", "Peer", "Person", "Priority",
    "Question", "RecipeVersion", "Reminder", "ResultsChain", "SeriesMeasure", "SeriesMember", "Shown", "Source",
    "StoredFile", "Target", "Total", "Vendor", "whole",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """A table that is read when it is asked for."""
    for module, tables in LATER.items():
        if name in tables:
            return getattr(import_module(f"citystat.models.{module}"), name)
    raise AttributeError(f"there is no table {name}")


def whole() -> MetaData:
    """Every table of a city, to make, migrate or look one up by its name."""
    for module in LATER:
        import_module(f"citystat.models.{module}")
    return Base.metadata
