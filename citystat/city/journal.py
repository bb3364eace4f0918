"""Every change as rows before and after: audit trail, undo and "who changed this" in one mechanism."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Column, Table, and_, case, delete, event, func, insert, inspect, select, text, update
from sqlalchemy.orm import Session

from citystat.city import observations
from citystat.errors import CityStatError
from citystat.models import Act, ActRow, AgendaItem, ImportRun, Measure, whole
from citystat.printable import one_line, printable
from citystat.texts import tr

Values = dict[str, Any]
LEARNED = {"recipe", "recipe_version"}  # what an import taught stays when the import is taken back
PASSED_OVER = 400  # acts that undo looks at for one that may be taken back
UNWATCHED = {"act", "act_row", "observation", "total", "import_run", "cell", "cell_part", "stored_file"}


@dataclass
class Row:
    """One row that an act touched: values by column, as JSON keeps them."""

    table: str
    key: str
    before: Values | None
    after: Values | None


@dataclass(frozen=True)
class AuditLine:
    """One act as the audit trail tells it."""

    id: int
    at: datetime
    who: str
    what: str
    state: str


@dataclass(frozen=True)
class Detail:
    """One field that an act changed; "" where there was none or is none."""

    table: str
    key: str
    field: str
    before: str
    after: str


def watch(session: Session) -> list[Row]:
    """Collect into the returned list every row that `session` adds, changes or deletes from now on."""
    rows: list[Row] = []
    fresh: list[Any] = []

    @event.listens_for(session, "before_flush")
    def _before(session: Session, _context: object, _instances: object) -> None:
        for item in (*session.new, *session.dirty):
            _clean(item)
        fresh.extend(o for o in session.new if _watched(o))
        rows.extend(Row(_table(o), _key(o), _values(o, old=True), None) for o in session.deleted if _watched(o))
        for item in session.dirty:
            if _watched(item) and session.is_modified(item):
                rows.append(Row(_table(item), _key(item), _values(item, old=True), _values(item)))

    @event.listens_for(session, "after_flush")
    def _after(_session: Session, _context: object) -> None:
        rows.extend(Row(_table(o), _key(o), None, _values(o)) for o in fresh)
        fresh.clear()

    return rows


def keep(
    session: Session,
    rows: list[Row],
    *,
    who: str,
    what: str,
    run_id: int | None,
    at: datetime,
    undoable: bool = True,
) -> frozenset[str]:
    """Write the act and its rows; returns the keys it touched. An act that changed nothing leaves no entry.

    What corrects a closed period is named with its reason.

    undoable False: undo and redo go on as if the act had not been.
    """
    rows = _folded(rows)
    keys = _touched(rows) | (observations.touched_by(session, run_id) if run_id else set())
    if not keys:
        return frozenset()
    reason = session.scalar(select(ImportRun.reason).where(ImportRun.id == run_id)) if run_id else ""
    what = what if not reason or reason in what else _with(what, reason)
    run_id, computed = _followed(session, keys, run_id, who, at)
    keys |= computed
    act_id = session.execute(
        insert(Act)
        .values(at=at, who=who, what=what, run_id=run_id, state="done" if undoable else "final")
        .returning(Act.id)
    ).scalar_one()
    if undoable:
        session.execute(update(Act).where(Act.state == "undone").values(state="final"))
    if rows:
        session.execute(insert(ActRow), [{"act_id": act_id, **vars(row)} for row in rows])
    return frozenset(keys | {"act"})


def _followed(
    session: Session, keys: Iterable[str], run_id: int | None, who: str, at: datetime
) -> tuple[int | None, set[str]]:
    """Let derived measures follow what was touched."""
    from citystat.city import derived  # the first paint changes nothing, and need not wait for it

    return derived.follow(session, keys, run_id, who=who, at=at)


def undo(session: Session, *, who: str, at: datetime, reason: str = "") -> tuple[str, frozenset[str]] | None:
    """Take the newest act back that is still done; reason: needed where a figure of a closed period changes by that.

    What belongs to approved minutes is locked: it is passed over, and so is what it stands on; the next older act that
    has nothing to do with it is taken back. CityStatError names the newest one that stays where there is none.
    """
    locked: set[str] = set()
    refusal: CityStatError | None = None
    for act in session.scalars(select(Act).where(Act.state == "done").order_by(Act.id.desc()).limit(PASSED_OVER)):
        rows = _movable(session, act)
        try:
            _unsealed(session, act, rows)
        except CityStatError as error:
            refusal = refusal or error
            locked |= _touched(rows)
            continue
        if any(f"{row.table}:{row.key}" in locked for row in rows):
            locked |= _touched(rows)
            continue
        what, keys = _take_back(session, act, who, at, reason)
        return (tr("{what} (what belongs to approved minutes stays)", what=what) if refusal else what), keys
    if refusal is not None:
        raise refusal
    return None


def undo_run(
    session: Session, run_id: int, *, who: str, at: datetime, reason: str = ""
) -> tuple[str, frozenset[str]] | None:
    """Take back the act that brought import `run_id`; reason: as for undo()."""
    act = session.scalars(select(Act).where(Act.run_id == run_id, Act.state == "done")).first()
    return _take_back(session, act, who, at, reason) if act else None


def redo(session: Session, *, who: str, at: datetime, reason: str = "") -> tuple[str, frozenset[str]] | None:
    """Bring the act back that was taken back last; a new act in between closes this door. reason: as for undo()."""
    undone = session.scalars(select(Act).where(Act.state == "undone").order_by(Act.id.asc()).limit(1)).first()
    if undone is None:
        return None
    rows = _movable(session, undone)
    _unsealed(session, undone, rows)
    _expect(session, [(row, row.before) for row in rows], undone.what)
    _apply(session, [(row, row.after) for row in rows])
    keys = _touched(rows)
    if undone.run_id:
        keys |= observations.bring_back(session, undone.run_id, reason)
    keys |= _followed(session, keys, None, who, at)[1]
    undone.state = "done"
    _note(session, undone, _with(tr("Redo: {what}", what=undone.what), reason), who, at)
    return undone.what, frozenset(keys | {"act"})


def trail(session: Session, *, limit: int = 200, key: str = "") -> list[AuditLine]:
    """The newest acts, newest first; with `key` ("measure:42") only those that made, changed or deleted that row."""
    query = select(Act).order_by(Act.id.desc()).limit(limit)
    if key:
        table, row_key = key.split(":", 1)
        touching = Act.id.in_(select(ActRow.act_id).where(ActRow.table == table, ActRow.key == row_key))
        query = query.where(touching | Act.run_id.in_(_runs_that_made(row_key)) if table == "measure" else touching)
    return [AuditLine(a.id, a.at, a.who, a.what, a.state) for a in session.scalars(query)]


def last_act(session: Session) -> int:
    """The newest act: what was known until now; 0 in a city in which nothing happened yet."""
    return session.scalar(select(func.max(Act.id))) or 0


def values_at(session: Session, tables: Sequence[str], act_id: int) -> dict[tuple[str, str], Values | None]:
    """Rows of `tables` whose values differ from how they stood when `act_id` was the newest act.

    Answers (table, key) → the values then, by column; None where the row was not there.
    """
    counted, then = _flipped(session, act_id)
    later = select(Act.id).where(Act.id > act_id, Act.undoes.is_(None))
    query = select(ActRow).where(ActRow.table.in_(tables), ActRow.act_id.in_(later) | ActRow.act_id.in_(list(then)))
    found: dict[tuple[str, str], Values | None] = {}
    for row in session.scalars(query.order_by(ActRow.act_id.desc(), ActRow.id.desc())):
        stands = counted.get(row.act_id, 0) % 2 == 0
        if row.act_id > act_id and stands:
            found[row.table, row.key] = row.before
    for row in session.scalars(query.where(ActRow.act_id <= act_id).order_by(ActRow.act_id, ActRow.id)):
        found[row.table, row.key] = row.after if then[row.act_id] else row.before
    return {
        (table, key): None if values is None else _typed(whole().tables[table], values)
        for (table, key), values in found.items()
    }


def runs_withdrawn_since(session: Session, act_id: int) -> list[int]:
    """Import runs that counted when `act_id` was the newest act and were taken back later."""
    _, then = _flipped(session, act_id)
    stood = [act for act, counted in then.items() if counted]
    return list(session.scalars(select(Act.run_id).where(Act.id.in_(stood), Act.run_id.is_not(None))))


def runs_absent(session: Session, act_id: int | None) -> set[int]:
    """Import runs that did not count when `act_id` was the newest act (None: that do not count now)."""
    absent = set(session.scalars(select(ImportRun.id).where(ImportRun.undone_at.is_not(None))))
    if act_id is None:
        return absent
    _, then = _flipped(session, act_id)
    query = select(Act.id, Act.run_id).where(Act.id.in_(list(then)), Act.run_id.is_not(None))
    for act, run in session.execute(query):
        if run is not None:
            (absent.discard if then[act] else absent.add)(run)
    return absent


def runs_turned_since(session: Session, act_id: int) -> bool:
    """Whether any import that was in by `act_id` was taken back or brought back since, and stands otherwise now."""
    _, then = _flipped(session, act_id)
    query = select(Act.id).where(Act.id.in_(list(then)), Act.run_id.is_not(None)).limit(1)
    return bool(then) and session.scalar(query) is not None


def _flipped(session: Session, act_id: int) -> tuple[dict[int, int], dict[int, bool]]:
    """How often each act taken back since was taken back or brought back in all; and of those up to `act_id`
    that stand otherwise now than then, whether they stood then."""
    touched = select(Act.undoes).where(Act.id > act_id, Act.undoes.is_not(None))
    query = (
        select(Act.undoes, func.count(), func.sum(case((Act.id <= act_id, 1), else_=0)))
        .where(Act.undoes.in_(touched))
        .group_by(Act.undoes)
    )
    steps = {int(act): (int(n), int(before)) for act, n, before in session.execute(query)}
    then = {
        act: before % 2 == 0 for act, (n, before) in steps.items() if act <= act_id and (n - before) % 2
    }  # each step turns an act over, so an odd number of steps since leaves it otherwise
    return {act: n for act, (n, _) in steps.items()}, then


def details(session: Session, act_id: int) -> list[Detail]:
    """What the act changed, field by field; fields that stayed as they were are left out."""
    found = []
    for row in _rows(session, act_id):
        before, after = row.before or {}, row.after or {}
        found += [
            Detail(row.table, row.key, name, _said(before.get(name)), _said(after.get(name)))
            for name in (after or before)
            if before.get(name) != after.get(name)
        ]
    run = session.scalar(select(Act.run_id).where(Act.id == act_id))
    made = session.scalar(select(ImportRun.made).where(ImportRun.id == run)) or []
    measures = session.execute(select(Measure.id, Measure.code, Measure.name).where(Measure.id.in_(made)))
    for key, code, name in measures:  # part of the run rather than rows of the journal: see observations.take_back
        found += [Detail("measure", str(key), "code", "", code), Detail("measure", str(key), "name", "", name)]
    return found


def _runs_that_made(measure: str) -> Any:
    """The import runs that made a measure."""
    made = func.json_each(ImportRun.made).table_valued("value")
    return select(ImportRun.id).where(select(made.c.value).where(made.c.value == int(measure)).exists())


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _take_back(session: Session, act: Act, who: str, at: datetime, reason: str = "") -> tuple[str, frozenset[str]]:
    rows = _movable(session, act)
    _unsealed(session, act, rows)
    _expect(session, [(row, row.after) for row in rows], act.what)
    keys = _touched(rows)
    if act.run_id:
        keys |= observations.take_back(session, act.run_id, at, reason)
    _apply(session, [(row, row.before) for row in reversed(rows)])
    keys |= _followed(session, keys, None, who, at)[1]
    act.state = "undone"
    _note(session, act, _with(tr("Undo: {what}", what=act.what), reason), who, at)
    return act.what, frozenset(keys | {"act"})


def _with(what: str, reason: str) -> str:
    """The words of an act, and why it was done where somebody said so."""
    return f"{what} · {one_line(reason)}" if reason.strip() else what


def _note(session: Session, act: Act, what: str, who: str, at: datetime) -> None:
    session.add(Act(at=at, who=who, what=what, undoes=act.id, state="final"))


def _unsealed(session: Session, act: Act, rows: list[Row]) -> None:
    """Refuse to move what belongs to a meeting whose minutes were approved after the act: they are locked.

    What was done after the approval (a promise followed up) is as free as any other act.
    """
    touched = [key.split(":", 1) for key in _touched(rows) if key.count(":")]
    meetings = {key for table, key in touched if table == "meeting"}
    items = [int(key) for table, key in touched if table == "agenda_item"]
    meetings |= {str(found) for found in session.scalars(select(AgendaItem.meeting_id).where(AgendaItem.id.in_(items)))}
    approved = select(ActRow.id).where(
        ActRow.act_id > act.id, ActRow.table == "minutes", ActRow.key.in_(meetings), ActRow.before.is_(None)
    )
    if session.scalar(approved.limit(1)) is not None:
        raise CityStatError(
            f"“{act.what}” stays: the minutes of its meeting were approved since, and are locked",
            do="Add an amendment to the minutes; it will be marked",
        )


def _expect(session: Session, wanted: Iterable[tuple[Row, Values | None]], what: str) -> None:
    """Refuse to touch rows that somebody changed since."""
    for row, values in wanted:
        if _current(session, row) != _with_newer_columns(row.table, values):
            raise CityStatError(
                tr("“{what}” cannot be taken back, because what it changed was changed again since", what=what),
                do=tr("Change it by hand; the audit trail has the earlier values"),
            )


def _apply(session: Session, wanted: Iterable[tuple[Row, Values | None]]) -> None:
    """Make each row what it was (None: gone); foreign keys are judged when all are in place."""
    session.execute(text("PRAGMA defer_foreign_keys=ON"))
    for row, values in wanted:
        table = whole().tables[row.table]
        if values is None:
            if row.table == "measure":
                observations.forget_computed(session, json.loads(row.key))
            session.execute(delete(table).where(_is(table, row.key)))
        elif _current(session, row) is None:
            session.execute(insert(table).values(_typed(table, values)))
        else:
            session.execute(update(table).where(_is(table, row.key)).values(_typed(table, values)))


def _current(session: Session, row: Row) -> Values | None:
    table = whole().tables[row.table]
    found = session.execute(select(table).where(_is(table, row.key))).mappings().first()
    return None if found is None else {name: _plain(value) for name, value in found.items()}


def _with_newer_columns(table: str, values: Values | None) -> Values | None:
    """What the journal holds of a row, and the columns that tables were given since, as nobody has filled them yet."""
    if values is None:
        return None
    since = {c.name: _unfilled(c) for c in whole().tables[table].columns if c.name not in values}
    return {**since, **values}


def _unfilled(column: Column[Any]) -> Any:
    """What a row that was there before its column has in it."""
    default = column.default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg  # type: ignore[attr-defined]


def _rows(session: Session, act_id: int) -> list[Row]:
    found = session.scalars(select(ActRow).where(ActRow.act_id == act_id).order_by(ActRow.id))
    return [Row(r.table, r.key, r.before, r.after) for r in found]


def _movable(session: Session, act: Act) -> list[Row]:
    """The rows of an act that undo and redo move: what an import taught is not among them."""
    return [row for row in _rows(session, act.id) if not (act.run_id and row.table in LEARNED)]


def _folded(rows: list[Row]) -> list[Row]:
    """One row each, though several flushes may have touched it: first before, last after."""
    folded: dict[tuple[str, str], Row] = {}
    for row in rows:
        known = folded.setdefault((row.table, row.key), row)
        known.after = row.after
    return [row for row in folded.values() if row.before != row.after]


def _touched(rows: list[Row]) -> set[str]:
    """A row's own key, and the keys of the rows it belongs to."""
    keys: set[str] = set()
    for row in rows:
        keys |= {row.table, f"{row.table}:{row.key}"}
        for column in whole().tables[row.table].columns:
            for foreign in column.foreign_keys:
                for values in (row.before, row.after):
                    if values and values.get(column.name) is not None:
                        keys.add(f"{foreign.column.table.name}:{values[column.name]}")
    return keys


def _clean(item: Any) -> None:
    """No control character gets into a row: pictures, Word files and lists could not show it."""
    for attribute in inspect(item).mapper.column_attrs:
        value = item.__dict__.get(attribute.key)
        if isinstance(value, str) and value != (clean := printable(value)):
            setattr(item, attribute.key, clean)


def _watched(item: Any) -> bool:
    return _table(item) not in UNWATCHED


def _table(item: Any) -> str:
    return str(item.__tablename__)


def _key(item: Any) -> str:
    return json.dumps(inspect(type(item)).primary_key_from_instance(item)).strip("[]").replace(" ", "")


def _values(item: Any, *, old: bool = False) -> Values:
    state = inspect(item)
    found: Values = {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        value = history.deleted[0] if old and history.deleted else getattr(item, attribute.key)
        found[attribute.columns[0].name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def _typed(table: Table, values: Values) -> Values:
    return {name: _restored(table.columns[name].type.python_type, value) for name, value in values.items()}


def _restored(kind: type, value: Any) -> Any:
    return kind.fromisoformat(value) if isinstance(value, str) and kind in (date, datetime, time) else value


def _is(table: Table, key: str) -> Any:
    parts = json.loads(f"[{key}]")
    return and_(*(column == part for column, part in zip(table.primary_key.columns, parts, strict=True)))
