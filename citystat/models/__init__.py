"""The tables of a city, one module a subject: columns and keys, no queries and no rules."""

from citystat.models.base import Base
from citystat.models.checks import CheckFinding, CheckRule, ClosedPeriod, Reminder
from citystat.models.contracts import Contract, ContractPayment, ContractStandard, Vendor
from citystat.models.documents import DocumentTemplate, StoredFile
from citystat.models.goals import Goal, GoalMeasure, Priority
from citystat.models.journal import Act, ActRow
from citystat.models.measures import Annotation, Measure, Target
from citystat.models.meetings import (
    AgendaItem,
    Amendment,
    Attendance,
    ItemMeasure,
    Meeting,
    MeetingSeries,
    Minutes,
    SeriesMeasure,
    SeriesMember,
    Shown,
)
from citystat.models.observations import Cell, CellPart, ImportRun, Observation, Total
from citystat.models.people import CitySettings, Department, Person
from citystat.models.record import ActionItem, ActionUpdate, Decision, Note, Question
from citystat.models.results import ChainLink, ChainStep
from citystat.models.sources import NamedRecipe, RecipeVersion, Source

__all__ = [
    "Act", "ActRow", "ActionItem", "ActionUpdate", "AgendaItem", "Amendment", "Annotation", "Attendance", "Base",
    "Cell", "CellPart", "ChainLink", "ChainStep", "CheckFinding", "CheckRule", "CitySettings", "ClosedPeriod",
    "Contract", "ContractPayment", "ContractStandard", "Decision", "Department", "DocumentTemplate", "Goal",
    "GoalMeasure", "ImportRun", "ItemMeasure", "Measure", "Meeting", "MeetingSeries", "Minutes", "NamedRecipe",
    "Note", "Observation", "Person", "Priority", "Question", "RecipeVersion", "Reminder", "SeriesMeasure",
    "SeriesMember", "Shown", "Source", "StoredFile", "Target", "Total", "Vendor",
]  # fmt: skip
