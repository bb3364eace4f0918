"""From the meeting to the wall: which chart, which list of promises, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from citystat import periods
from citystat.charts.chart import Chart
from citystat.charts.table import table_of
from citystat.measures.looks import PARTS, kept_view
from citystat.measures.picture import chart_of, looks_borne, next_zoom
from citystat.measures.series import Definition, definition, dimensions, last_import, series
from citystat.measures.standing import standing
from citystat.meetings.actions import ActionRow, actions, promises_for
from citystat.meetings.agenda import Item
from citystat.meetings.capture import captured
from citystat.meetings.forms import STATUSES
from citystat.meetings.meeting import MeetingRow
from citystat.meetings.wording import capital
from citystat.numbers import begin_in_words, in_words
from citystat.texts import dotted, plural, tr
from citystat.views.meetings.wall import Wall
from citystat.views.meetings.wall_rows import Promise

YEAR = "year"


@dataclass(frozen=True)
class View:
    """How a measure is looked at.

    since: as in measures.picture ("" the usual periods); by: a breakdown, "" for the whole; compare: "year" for the
    same measure a year earlier, or the code of another measure to stand beside it; table: its values in place of the chart;
    look, split: as in measures.picture.
    """

    measure: str = ""
    since: str = ""
    by: str = ""
    compare: str = ""
    table: bool = False
    look: str = ""
    split: str = ""

    @classmethod
    def of(cls, code: str, view: Mapping[str, str]) -> View:
        """The measure as an item prepares it, or as it is kept with the measure."""
        fields = {name: view.get(name, "") for name in ("since", "by", "compare", "look", "split")}
        return cls(code, **fields, table=bool(view.get("table")))

    @property
    def stored(self) -> dict[str, str]:
        """The view as the record keeps it: what of the measure was seen, as a picture or in figures."""
        fields = (
            ("since", self.since), ("by", self.by), ("compare", self.compare if not self.other else ""),
            ("look", self.look), ("split", self.split),
        )  # fmt: skip
        return {name: value for name, value in fields if value}

    @property
    def other(self) -> str:
        """The code of the measure beside this one; "" where it stands alone."""
        return self.compare if self.compare != YEAR else ""


@dataclass(frozen=True)
class Scene:
    """What the console and the wall show together; the charts the item has, and the one on view."""

    item: Item
    charts: tuple[str, ...]
    at: int
    view: View
    wall: Wall
    stored: dict[str, str] = field(default_factory=dict)  # the view as the record keeps it
    measure: Definition | None = None
    promise_ids: tuple[int, ...] = ()  # the promises listed on the wall, in its order
    beside: Definition | None = None  # the measure that is compared with it
    earlier: tuple[str, ...] = ()  # what was promised before about this measure and is still owed


def scene(
    read: Session,
    meeting: MeetingRow,
    items: list[Item],
    item: Item,
    view: View,
    *,
    today: date,
    current: int | None = None,
) -> Scene:
    """What to show for `item` with `view`; current: the action read aloud, for the lists of promises."""
    codes = tuple(c.code for c in item.measures)
    place = tr("item {n} of {all}", n=[i.id for i in items].index(item.id) + 1, all=len(items))
    if view.measure:
        return _chart_scene(read, meeting, item, codes, view, place, today)
    if item.kind in ("promises", "read-back"):
        wall, ids = _promises_wall(read, meeting, item, place, today, current)
        return Scene(item, codes, 0, view, wall, promise_ids=ids)
    wall = words_wall(meeting, item.title, place)
    if item.kind == "good-news":
        wins = tuple(capital(e.text) for e in captured(read, meeting.id) if e.kind == "win")
        wall = replace(wall, told=wins)
    return Scene(item, codes, 0, view, wall)


def first_view(item: Item) -> View:
    """How an item begins: its first chart as it was prepared."""
    if not item.measures:
        return View()
    chart = item.measures[0]
    return View.of(chart.code, chart.view)


def jumped_to(read: Session, code: str) -> View:
    """Any measure, as it is kept with it."""
    return View.of(code, kept_view(definition(read, code).chart))


def next_look(read: Session, view: View, today: date) -> View:
    """The next look that the measure's figures bear: signals → years → … → signals."""
    found = looks_borne(read, definition(read, view.measure), as_of=today, view=view.stored)
    look = found[(found.index(view.look) + 1) % len(found)] if view.look in found else ""
    return replace(view, look=look, by=view.by if look == PARTS else "", compare="")


def next_by(read: Session, view: View) -> str:
    """The breakdown after the one on view: whole → first → … → whole; panels are of some breakdown always."""
    known = dimensions(read, definition(read, view.measure))
    choices = known if view.look == PARTS else ["", *known]
    here = view.by or next(iter(choices), "")
    return choices[(choices.index(here) + 1) % len(choices)] if here in choices else ""


def next_comparison(item: Item, view: View) -> str:
    """After alone: a year earlier, then the next other measure of the item, then alone again."""
    codes = [c.code for c in item.measures]
    at = codes.index(view.measure) + 1 if view.measure in codes else 0
    others = [code for code in codes[at:] + codes[:at] if code != view.measure]
    choices = ["", YEAR, *others[:1]]
    return choices[(choices.index(view.compare) + 1) % len(choices)] if view.compare in choices else ""


def zoomed(read: Session, view: View) -> View:
    """The same measure over fewer or more periods: the usual ones → the last twelve → all."""
    found = next_zoom(series(read, definition(read, view.measure)), view.stored)
    return replace(view, since=found.get("since", ""))


def words_wall(meeting: MeetingRow, title: str, place: str = "") -> Wall:
    """The holding picture: the item's (or the meeting's) name and the day."""
    return Wall(title=title, subject=f"{meeting.series} · {periods.day_label(meeting.day)}", place=place)


def _chart_scene(
    read: Session, meeting: MeetingRow, item: Item, codes: tuple[str, ...], view: View, place: str, today: date
) -> Scene:
    measure = definition(read, view.measure)
    chart = chart_of(read, measure, as_of=today, view=view.stored)
    table = table_of(chart) if view.table else None
    beside = definition(read, view.other) if view.other else None
    second = chart_of(read, beside, as_of=today) if beside else None
    source = _source(read, [m for m in (measure, beside) if m], today)
    wall = Wall(
        chart.headline, chart.subject, chart, table, second, source=source, place=place,
        marked=() if table else _marked(chart, second),
    )  # fmt: skip
    at = codes.index(view.measure) if view.measure in codes else 0
    owed = [a for a in promises_for(read, meeting.id, today) if a.measure_code == measure.code and a.open]
    earlier = tuple(_owed(a) for a in owed[:2])
    return Scene(item, codes, at, view, wall, view.stored, measure, beside=beside, earlier=earlier)


def _marked(chart: Chart, beside: Chart | None) -> tuple[str, ...]:
    """What the shapes on the wall mean, and what must be said with the chart; of two charts with their codes."""
    if beside is None:
        return tuple(filter(None, (chart.marked, chart.caveat)))
    return tuple(f"{c.code}: {c.marked}" for c in (chart, beside) if c.marked)


def _source(read: Session, measures: list[Definition], today: date) -> str:
    """Where the figures come from, as of today; of a measure that does not say, its last file and that file's day."""
    said = " · ".join(dict.fromkeys(m.source for m in measures if m.source))
    files = [last_import(read, m) for m in measures if not m.source]
    told = [(said, today)] if said else []
    told += [found for found in dict.fromkeys(files) if found]
    return " · ".join(tr("{source}, as of {day}", source=what, day=periods.day_label(day)) for what, day in told)


def _promises_wall(
    read: Session, meeting: MeetingRow, item: Item, place: str, today: date, current: int | None
) -> tuple[Wall, tuple[int, ...]]:
    """Read-back lists what this meeting wrote down; the item before it what was promised earlier."""
    read_back = item.kind == "read-back"
    day = min(meeting.day, today)  # of the meeting, though somebody catches up with it later
    rows = actions(read, day, meeting=meeting.id) if read_back else promises_for(read, meeting.id, day)
    if read_back:
        rows = sorted(rows, key=lambda a: (a.rank is None, a.rank or 0, a.number))
        title = plural(
            len(rows), "{count} promise made today", "{count} promises made today", count=begin_in_words(len(rows))
        )
    else:
        late = sum(1 for a in rows if a.days_late > 0)
        title = plural(
            len(rows), "{count} promise from before", "{count} promises from before", count=begin_in_words(len(rows))
        )
        if late:
            title = tr("{promises}, {n} late", promises=title, n=in_words(late))
    chosen = current if current in {a.id for a in rows} else None
    lines = tuple(_promise(a, a.id == chosen) for a in rows)
    wall = Wall(title=title if rows else item.title, subject=meeting.series, promises=lines, place=place)
    return wall, tuple(a.id for a in rows)


def finding_of(read: Session, item: Item | None) -> tuple[str, str]:
    """What the data says of an item's first measure: kind (improvement, concern, …) and words; "" where there is none."""
    if item is None or not item.measures:
        return "", ""
    found = standing(read, item.measures[0].code)
    return found.signal, found.words


def _owed(action: ActionRow) -> str:
    late = plural(action.days_late, "{n} day late", "{n} days late") if action.days_late else ""
    due = late or (periods.day_label(action.due) if action.due else "")
    return dotted([f"{action.code}  {action.text}", action.owner, due])


def _promise(action: ActionRow, current: bool) -> Promise:
    late = plural(action.days_late, "{n} day late", "{n} days late") if action.days_late > 0 else ""
    who = action.owner or tr("owner?")
    due = periods.day_label(action.due) if action.due else tr("date?")
    form = tr(action.form) if action.form else tr("form?")
    if not action.open:
        due, form = "✓ " + tr(STATUSES[action.status][0]), ""
    return Promise(
        action.code, action.text, who, due, late, current, form, action.open and not (action.due and action.form),
        action.open and not action.owner,
    )  # fmt: skip
