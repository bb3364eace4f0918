"""The memo on some measures: passages computed from the data, which an analyst changes, strikes out and adds to.

A passage has a key that outlives a refresh of the data ("finding:12"), so what was written by hand stays; where the facts under it
moved since, it says so. Every passage with a number knows the observation it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.charts.chart import Chart
from citystat.city import City
from citystat.city.observations import Progress
from citystat.errors import CityStatError
from citystat.measures.drivers import comparisons, drivers, headline
from citystat.measures.looks import kept_view
from citystat.measures.outlook import outlook, words
from citystat.measures.picture import Showing, charts_of
from citystat.measures.series import Definition, definitions, dimensions
from citystat.measures.standing import Standing, standings_of
from citystat.meetings.suggest import questions_for
from citystat.meetings.wording import capital
from citystat.models import AgendaItem, ImportRun, ItemMeasure, Meeting, Memo, MemoEdit, Observation
from citystat.numbers import quantity
from citystat.texts import plural, tr

PICTURES = 3  # charts that matter
FIRST = {"concern": 0, "neither": 2, "common": 3, "too few": 4, "improvement": 1}
SECTIONS: dict[str, Callable[[], str]] = {
    "finding": lambda: tr("Findings"),
    "changed": lambda: tr("What changed since last time"),
    "driver": lambda: tr("What drives it"),
    "outlook": lambda: tr("Where it is heading"),
    "question": lambda: tr("Questions to ask"),
}


@dataclass(frozen=True)
class Passage:
    """One passage. computed: what the data say now ("" of one written by hand) · text: what stands, None struck out ·
    edited: by hand · moved: the facts under an edited passage are others now · trace: where its number comes from."""

    key: str
    section: str
    text: str | None
    computed: str
    edited: bool = False
    moved: bool = False
    trace: str = ""


@dataclass(frozen=True)
class MemoView:
    """A memo as it reads now. charts: those that matter, by importance."""

    id: int
    title: str
    since: date | None
    passages: tuple[Passage, ...]
    charts: tuple[Chart, ...]

    def of(self, section: str) -> list[Passage]:
        """The passages of a section, in order."""
        return [p for p in self.passages if p.section == section]


def begin(city: City, title: str, measures: Sequence[int], *, now: datetime, meeting_id: int | None = None, since: date | None = None) -> int:  # fmt: skip
    """A new memo; returns its id. CityStatError without a measure."""
    if not measures:
        raise CityStatError(tr("A memo needs a measure to write about"), do=tr("Choose one, or put one on the agenda"))
    with city.change(tr("Begin a memo")) as change:
        row = Memo(title=title, measures=list(measures), made=now, meeting_id=meeting_id, since=since)
        change.add(row)
        change.flush()
        return row.id


def for_meeting(city: City, meeting_id: int, title: str, *, now: datetime) -> int:
    """The memo of a meeting: the one begun before, else a new one on the measures of its agenda, since the series' last meeting."""
    with city.read() as read:
        known = read.scalar(select(Memo.id).where(Memo.meeting_id == meeting_id).order_by(Memo.id.desc()).limit(1))
        items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id)
        found = list(dict.fromkeys(read.scalars(select(ItemMeasure.measure_id).where(ItemMeasure.item_id.in_(items)))))
        row = read.get(Meeting, meeting_id)
        held = None
        if row is not None:
            held = read.scalar(
                select(func.max(Meeting.day)).where(Meeting.series_id == row.series_id, Meeting.day < row.day)
            )
    return known or begin(city, title, found, now=now, meeting_id=meeting_id, since=held)


def view(read: Session, memo_id: int, today: date, progress: Progress | None = None) -> MemoView:
    """The memo computed from the data, with what was changed by hand. Takes a while the first time: it forecasts."""
    row = read.get(Memo, memo_id)
    if row is None:
        raise CityStatError(tr("There is no such memo"), do=tr("It was taken back, or never begun"))
    known = {m.id: m for m in definitions(read, retired=True)}
    wanted = [known[i] for i in row.measures if i in known]
    stand = sorted(standings_of(read, wanted), key=lambda s: (FIRST[s.signal], s.meets != "misses"))
    traces = _traces(
        read, [(s.measure.id, s.series.periods[s.series.last_final]) for s in stand if s.series.last_final is not None]
    )
    computed = list(_computed(read, stand, row.since, traces, progress))
    edits = {e.key: e for e in read.scalars(select(MemoEdit).where(MemoEdit.memo_id == memo_id))}
    shown = [Showing(s.measure, today, kept_view(s.measure.chart)) for s in stand[:PICTURES]]
    return MemoView(row.id, row.title, row.since, tuple(_with_edits(computed, edits)), tuple(charts_of(read, shown)))


def _computed(
    read: Session, stand: Sequence[Standing], since: date | None, traces: dict[int, str], progress: Progress | None
) -> Iterable[Passage]:
    for s in stand:
        yield Passage(
            f"finding:{s.measure.id}", "finding", (text := _finding(s)), text, trace=traces.get(s.measure.id, "")
        )
    for measure, text in _changed(read, [s.measure for s in stand], since):
        yield Passage(f"changed:{measure}", "changed", text, text, trace=traces.get(measure, ""))
    for s in stand[:PICTURES]:
        yield from _drivers(read, s.measure, traces.get(s.measure.id, ""))
    for n, s in enumerate(stand):
        if progress is not None:
            progress.report(n / len(stand), tr("Looking ahead"))
        yield from _outlook(s, traces.get(s.measure.id, ""))
    for s in stand[:PICTURES]:
        for n, question in enumerate(questions_for(s), 1):
            text = f"{s.measure.name}: {question}"
            yield Passage(f"question:{s.measure.id}:{n}", "question", text, text)


def _finding(s: Standing) -> str:
    """ "Emergency calls answered within 10 seconds: above target for eleven months. 93.7 % in Jan 2026"."""
    head = f"{s.measure.name}: {s.headline[:1].lower()}{s.headline[1:]}."
    last = s.series.last_final
    if last is None:
        return head
    value = quantity(float(s.series.values[last]), s.measure.unit, s.measure.decimals)
    return tr("{finding} {value} in {period}.", finding=head, value=value, period=s.series.label(last))


def _changed(read: Session, measures: Sequence[Definition], since: date | None) -> list[tuple[int, str]]:
    """By measure what came since that day, in one question for all."""
    if since is None:
        return []
    o = Observation
    query = (
        select(o.measure_id, o.period, func.max(o.revision))
        .join(ImportRun, ImportRun.id == o.run_id)
        .where(o.measure_id.in_([m.id for m in measures]), o.superseded_by.is_(None), func.date(ImportRun.at) > since.isoformat())
        .group_by(o.measure_id, o.period).order_by(o.measure_id, o.period)
    )  # fmt: skip
    came: dict[int, list[tuple[date, int]]] = {}
    for measure, period, revision in read.execute(query):
        came.setdefault(measure, []).append((period, revision))
    return [(m.id, _came_words(m, came[m.id], since)) for m in measures if m.id in came]


def _came_words(m: Definition, came: Sequence[tuple[date, int]], since: date) -> str:
    new, revised = [p for p, r in came if not r], [p for p, r in came if r]
    parts = []
    if new:
        parts.append(plural(len(new), "{n} new figure ({when})", "{n} new figures ({when})", when=_span(m, new)))
    if revised:
        parts.append(plural(len(revised), "{n} corrected ({when})", "{n} corrected ({when})", when=_span(m, revised)))
    return tr("{name}, since {day}: {what}.", name=m.name, day=periods.day_label(since), what=", ".join(parts))


def _span(m: Definition, found: Sequence[date]) -> str:
    return m.label(found[0]) if len(found) == 1 else f"{m.label(found[0])} – {m.label(found[-1])}"


def _drivers(read: Session, m: Definition, trace: str) -> Iterable[Passage]:
    """What drives its newest change, by each of its breakdowns; nothing where that cannot be said."""
    for by in dimensions(read, m):
        try:
            found = drivers(read, m, by, comparisons(m.frequency)[0])
        except CityStatError:  # the parts do not make the whole: there is nothing to tell
            continue
        text = f"{m.name}: {(said := headline(found))[:1].lower()}{said[1:]}."
        yield Passage(f"driver:{m.id}:{by}", "driver", text, text, trace=trace)


def _outlook(s: Standing, trace: str) -> Iterable[Passage]:
    """Where it ends the year, and the chance of its target; nothing where it is too short or broken to say."""
    try:
        said = words(s.series, outlook(s.series))
    except CityStatError:  # refused: the measure's page says why
        return
    text = f"{s.measure.name}: {' '.join(said[:-1])}"
    yield Passage(f"outlook:{s.measure.id}", "outlook", text, text, trace=trace)


def _traces(read: Session, wanted: Sequence[tuple[int, date]]) -> dict[int, str]:
    """By measure where the figure of a period comes from, in one question for all."""
    o = Observation
    query = (
        select(o.measure_id, o.period, ImportRun.source, func.min(o.place), func.count())
        .join(ImportRun, ImportRun.id == o.run_id)
        .where(o.measure_id.in_([m for m, _ in wanted]), o.period.in_([p for _, p in wanted]), o.superseded_by.is_(None))
        .group_by(o.measure_id, o.period)
    )  # fmt: skip
    found = {}
    for measure, period, source, place, n in read.execute(query):
        if (measure, period) in wanted:
            where = place if n == 1 else plural(n, "{n} figure", "{n} figures")
            found[measure] = ", ".join(filter(None, (source, where)))
    return found


def _with_edits(computed: Sequence[Passage], edits: dict[str, MemoEdit]) -> Iterable[Passage]:
    """The passages as they stand, section by section; those written by hand at the end of theirs."""
    own = sorted((e for e in edits.values() if e.key.startswith("own:")), key=lambda e: (e.position or 0, e.id))
    keys = {p.key for p in computed}
    for section in SECTIONS:
        for p in (p for p in computed if p.section == section):
            e = edits.get(p.key)
            yield p if e is None else Passage(p.key, section, e.text, p.computed, True, e.base != p.computed, p.trace)
        gone = (
            e for e in edits.values() if e.key not in keys and e.key.split(":")[0] == section and e.text is not None
        )
        for e in gone:  # what it was about is no more; what was written stays
            yield Passage(e.key, section, e.text, "", True, True)
        for e in (e for e in own if e.key.split(":")[1] == section):
            yield Passage(e.key, section, e.text, "", True)


## Changing


def edit(city: City, memo_id: int, passage: Passage, text: str) -> None:
    """A passage in other words; those of the data again where they are the same or empty."""
    text = capital(text.strip())
    if not text or text == passage.computed:
        restore(city, memo_id, passage)
    else:
        _keep(city, memo_id, passage, text)


def strike(city: City, memo_id: int, passage: Passage) -> None:
    """A passage is left out; one written by hand goes."""
    if passage.key.startswith("own:"):
        restore(city, memo_id, passage)
    else:
        _keep(city, memo_id, passage, None)


def restore(city: City, memo_id: int, passage: Passage) -> None:
    """What the data say stands again."""
    with city.change(tr("Change a memo")) as change:
        row = change.scalars(select(MemoEdit).where(MemoEdit.memo_id == memo_id, MemoEdit.key == passage.key)).first()
        if row is not None:
            change.delete(row)


def add(city: City, memo_id: int, section: str, text: str) -> str:
    """A passage of one's own at the end of a section; returns its key. CityStatError without words."""
    if not text.strip():
        raise CityStatError(tr("A passage needs words"), do=tr("Write them"))
    with city.change(tr("Change a memo")) as change:
        known = list(
            change.scalars(
                select(MemoEdit.key).where(MemoEdit.memo_id == memo_id, MemoEdit.key.startswith(f"own:{section}:"))
            )
        )
        n = max((int(key.rsplit(":", 1)[1]) for key in known), default=0) + 1
        key = f"own:{section}:{n}"
        change.add(MemoEdit(memo_id=memo_id, key=key, base="", text=capital(text.strip()), position=n))
        return key


def rename(city: City, memo_id: int, title: str) -> None:
    """Another title."""
    with city.change(tr("Change a memo")) as change:
        row = change.get(Memo, memo_id)
        if row is not None and title.strip():
            row.title = title.strip()


def _keep(city: City, memo_id: int, passage: Passage, text: str | None) -> None:
    with city.change(tr("Change a memo")) as change:
        row = change.scalars(select(MemoEdit).where(MemoEdit.memo_id == memo_id, MemoEdit.key == passage.key)).first()
        if row is None:
            row = MemoEdit(memo_id=memo_id, key=passage.key)
            change.add(row)
        row.base, row.text = passage.computed, text
