"""The places of the application: an address such as "measure:EC-01" and the page that shows it.

Pages are imported when they are first opened, so that the window stands quickly.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from citystat.city import City
from citystat.texts import tr


class Place(NamedTuple):
    """prefix of the address; module and class of its page; title in the sidebar ("" when it is not there); group; icon."""

    prefix: str
    module: str
    page: str
    title: str = ""
    group: str = ""
    icon: str = ""


PLACES = (
    Place("today", "citystat.views.today.page", "TodayPage", "Today", "", "sun"),
    Place("goals", "citystat.views.goals.page", "GoalsPage", "Goals", "Commit", "target"),
    Place("goal", "citystat.views.goals.goal", "GoalPage"),
    Place("measures", "citystat.views.measures.list", "MeasuresPage", "Measures", "Measure", "chart-line"),
    Place("data", "citystat.views.collect.page", "DataPage", "Data", "Measure", "table"),
    Place("results", "citystat.views.results.page", "ResultsPage", "Results", "Measure", "check-circle"),
    Place("findings", "citystat.views.screening.page", "FindingsPage", "Findings", "Take stock", "magnifying-glass"),
    Place("meetings", "citystat.views.meetings.list", "MeetingsPage", "Meetings", "Take stock", "presentation-chart"),
    Place("actions", "citystat.views.actions.page", "ActionsPage", "Actions", "Take stock", "check-square"),
    Place("people", "citystat.views.people.page", "PeoplePage", "People", "Commit", "users"),
    Place("contracts", "citystat.views.contracts.list", "ContractsPage", "Contracts", "Measure", "handshake"),
    Place("settings", "citystat.views.shell.settings", "SettingsPage", "Settings", "foot", "gear"),
    Place("history", "citystat.views.shell.history", "HistoryPage"),
    Place("measure", "citystat.views.measures.page", "MeasurePage"),
    Place("drivers", "citystat.views.measures.drivers", "DriversPage"),
    Place("compared", "citystat.views.measures.compared", "ComparedPage"),
    Place("together", "citystat.views.measures.together", "TogetherPage"),
    Place("wall", "citystat.views.screening.wall", "WallPage"),
    Place("catalogue", "citystat.views.results.catalogue", "CataloguePage"),
    Place("chains", "citystat.views.results.chains", "ChainsPage"),
    Place("chain", "citystat.views.results.chain", "ChainPage"),
    Place("import", "citystat.views.collect.bring_in", "ImportPage"),
    Place("import-records", "citystat.views.records.bring_in", "RecordsImportPage"),
    Place("ask-records", "citystat.views.records.asked", "AskedRecordsPage"),
    Place("records", "citystat.views.records.page", "RecordsPage"),
    Place("quality", "citystat.views.collect.quality", "QualityPage"),
    Place("calendar", "citystat.views.collect.calendar_page", "CalendarPage"),
    Place("recipes", "citystat.views.collect.recipe_page", "RecipesPage"),
    Place("recipe", "citystat.views.collect.recipe_page", "RecipePage"),
    Place("meeting", "citystat.views.meetings.prepare", "MeetingPage"),
    Place("memo", "citystat.views.meetings.memo", "MemoPage"),
    Place("contract", "citystat.views.contracts.page", "ContractPage"),
    Place("renewal", "citystat.views.contracts.renewal", "RenewalPage"),
    Place("contractors", "citystat.views.contracts.side_by_side", "SideBySidePage"),
    Place("console", "citystat.views.meetings.console", "Console"),
)
FOOT = tuple(p for p in PLACES if p.group == "foot")
# a page that belongs to a place of the sidebar
HOME = {
    "goal": "goals", "measure": "measures", "drivers": "measures", "wall": "findings", "compared": "measures", "together": "measures", "catalogue": "results", "chains": "results", "chain": "results", "import": "data",
    "import-records": "data", "ask-records": "data", "records": "measures", "quality": "data", "calendar": "data", "recipes": "data",
    "recipe": "data", "meeting": "meetings", "memo": "meetings", "console": "meetings", "history": "settings", "contract": "contracts",
    "renewal": "contracts", "contractors": "contracts",
}  # fmt: skip


def place_of(address: str) -> Place:
    """The place that an address means; Today for one that is unknown."""
    prefix = address.split(":", 1)[0]
    return next((p for p in PLACES if p.prefix == prefix), PLACES[0])


def open_page(address: str, city: City) -> QWidget:
    """A new page for `address`; what follows the colon is handed to it (a number where it is one)."""
    place = place_of(address)
    page = getattr(import_module(place.module), place.page)
    _, _, rest = address.partition(":")
    if not rest:
        made: QWidget = page(city)
    else:
        made = page(city, int(rest) if rest.isdigit() else rest)
    return made


def records_behind(measure_id: int | str, start: date, part: str = "") -> str:
    """The address of the records behind a number. start: first day of its period; part: "Ward=35", "" for the whole."""
    return ":".join(filter(None, ("records", str(measure_id), start.isoformat(), part)))


def measures_together(ids: Sequence[int]) -> str:
    """The address of measures below each other."""
    return f"together:{'+'.join(map(str, ids))}"


def groups() -> list[tuple[str, list[Place]]]:
    """The sidebar: group titles with their places."""
    found: dict[str, list[Place]] = {}
    for place in PLACES:
        if place.title and place not in FOOT:
            found.setdefault(place.group, []).append(place)
    return [(tr(group) if group else "", places) for group, places in found.items()]
