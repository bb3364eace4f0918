"""The tables of a city, one module a subject: columns and keys, no queries and no rules."""

from citystat.models.base import Base
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

__all__ = [
    "Act", "ActRow", "ActionItem", "ActionUpdate", "AgendaItem", "Amendment", "Annotation", "Attendance",
    "Base", "Cell", "CellPart", "CitySettings", "Decision", "Department", "DocumentTemplate", "Goal", "GoalMeasure", "ImportRun",
    "ItemMeasure", "Measure", "Meeting", "MeetingSeries", "Minutes", "Note", "Observation", "Person",
    "Priority", "Question", "SeriesMeasure", "SeriesMember", "Shown", "StoredFile", "Target", "Total",
]  # fmt: skip
