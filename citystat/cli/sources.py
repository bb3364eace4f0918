"""citystat sources, and citystat source add, try, remove."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from citystat.city import City
from citystat.cli import words
from citystat.collect import recipes, sources, trying
from citystat.collect.secrets import Keyring
from citystat.errors import CityStatError
from citystat.people.roster import departments
from citystat.texts import tr


def add_parser(commands: Any) -> None:
    """Declare the two commands."""
    listed = commands.add_parser("sources", help="list the sources and what is new in them")
    listed.add_argument("--department", default="", metavar="NAME", help="only of this department, by name or code")
    words.of_a_city(listed, _list)
    one = commands.add_parser("source", help="add, try or remove a source").add_subparsers(metavar="ACT", required=True)
    add: argparse.ArgumentParser = one.add_parser("add", help="add a source, or change the one of this name")
    add.add_argument("name")
    add.add_argument("kind", choices=tuple(sources.KINDS))
    add.add_argument("location", help="path, database address, or the service's address")
    add.add_argument("--pattern", default="", help="of a folder's files: *.csv")
    add.add_argument("--sql", default="", help="a database's query; @FILE reads it from a file")
    add.add_argument("--dataset", default="", help="of Socrata (h9gi-nx95) or CKAN (the resource's id)")
    add.add_argument("--where", default="", help="Socrata: only these rows")
    add.add_argument("--recipe", default="", metavar="NAME", help="how it is read; else the first import makes one")
    add.add_argument("--department", default="", metavar="NAME", help="whose figures they are, by name or code")
    add.add_argument(
        "--watch",
        action="store_true",
        help="the window looks at files by itself and tells what is new; a database or service is asked when figures are due",
    )
    add.add_argument("--by-itself", action="store_true", help="and brings it in, where nothing needs a person")
    add.add_argument("--password-stdin", action="store_true", help="read the password or token from standard input")
    words.of_a_city(add, _add)
    attempt = one.add_parser("try", help="ask a source and say what it has; nothing is brought in")
    attempt.add_argument("name")
    words.of_a_city(attempt, _try)
    remove = one.add_parser("remove", help="let a source and its password go; its imports stay")
    remove.add_argument("name")
    words.of_a_city(remove, _remove)


def _list(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        known, had = sources.sources(read), sources.imported(read)
        only = _department(read, arguments.department)
        known = [s for s in known if only in (None, s.department_id)]
    rows = [_row(s, had) for s in known]
    lines = [
        f"{r['name']}  {r['kind']}  {r['location']}  {r['department'] + '  ' if r['department'] else ''}last: {r['last_import'] or 'never'}  {_new(r)}".rstrip() for r in rows
    ]  # fmt: skip
    _say(arguments, {"sources": rows}, "\n".join(lines) or "No source yet: source add NAME KIND LOCATION")
    return 0


def _row(source: sources.SourceRow, had: set[str]) -> dict[str, Any]:
    new: list[str] | None
    try:
        new, trouble = [p.name for p in sources.waiting(source, had)], ""
    except CityStatError as error:
        new, trouble = [], str(error)
    return {
        "name": source.name, "kind": source.kind, "location": source.location, "recipe": source.recipe,
        "department": source.department, "watched": source.watched,
        "last_import": source.last_at.isoformat(timespec="seconds") if source.last_at else None, "new": new, "trouble": trouble,
    }  # fmt: skip


def _new(row: dict[str, Any]) -> str:
    return row["trouble"] or (f"new: {', '.join(row['new'][:5])}" if row["new"] else "")


def _add(arguments: argparse.Namespace) -> int:
    sql = arguments.sql
    if sql.startswith("@"):
        from citystat.files import read_bytes

        sql = read_bytes(words.file(sql[1:])).decode("utf-8-sig", errors="replace")
    options = {
        "pattern": arguments.pattern, "sql": sql, "dataset": arguments.dataset, "where": arguments.where, "by_itself": arguments.by_itself,
    }  # fmt: skip
    with City.open(arguments.city) as city:
        with city.read() as read:
            department_id = _department(read, arguments.department)
            was = arguments.name if any(s.name == arguments.name for s in sources.sources(read)) else ""
            if was and not arguments.department:
                department_id = sources.named(read, was).department_id
        kept = sources.save(
            city, arguments.name, arguments.kind, arguments.location, options, secrets=Keyring(), was=was,
            watched=arguments.watch or arguments.by_itself, recipe=arguments.recipe, department_id=department_id,
            password=sys.stdin.readline().rstrip("\n") if arguments.password_stdin else None,
        )  # fmt: skip
    _say(arguments, {"name": kept.name, "location": kept.location}, f"{kept.name}: {kept.kind}, {kept.location}")
    return 0


def _department(read: Session, name: str) -> int | None:
    """The department of this name or code; None where none is asked for."""
    if not name.strip():
        return None
    known = departments(read)
    found = next((d for d in known if name.strip().lower() in (d.name.lower(), d.code.lower())), None)
    if found is None:
        like = recipes.nearest(name, [d.name for d in known])
        raise CityStatError(
            tr("There is no department “{name}”", name=name),
            do=tr("There is “{name}”", name=like) if like else tr("Add it under People first"),
        )
    return found.id


def _try(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city:
        with city.read() as read:
            row = sources.named(read, arguments.name)
        found = trying.tried(city, row, Keyring())
    _say(arguments, {"name": row.name, **asdict(found)}, trying.told(found))
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city:
        sources.remove(city, arguments.name, Keyring())
    _say(arguments, {"name": arguments.name}, f"{arguments.name} was removed; its imports stay")
    return 0


def _say(arguments: argparse.Namespace, machine: dict[str, Any], people: str) -> None:
    print(json.dumps(machine, ensure_ascii=False) if arguments.json else people)
