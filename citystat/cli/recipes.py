"""citystat recipes, and citystat recipe show, history, export, load, retire."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from typing import Any

from citystat.city import City
from citystat.cli import words
from citystat.collect import plain, recipes
from citystat.files import write_bytes
from citystat.records import recipe as of_records
from citystat.records.recipe import RECORDS

KINDS: tuple[recipes.Kind[Any], ...] = (recipes.FIGURES, RECORDS)


def add_parser(commands: Any) -> None:
    """Declare the two commands."""
    listed: argparse.ArgumentParser = commands.add_parser("recipes", help="list the recipes")
    words.of_a_city(listed, _list)
    one = commands.add_parser("recipe", help="one recipe").add_subparsers(metavar="ACT", required=True)
    for act, does, run in (
        ("show", "say in words how it reads a file", _show), ("history", "its versions, with who and why", _history),
        ("export", "write it as a map", _export), ("retire", "let it go; its imports stay", _retire),
    ):  # fmt: skip
        parser = one.add_parser(act, help=does)
        parser.add_argument("name")
        words.of_a_city(parser, run)
        if act == "export":
            parser.add_argument("-o", "--output", type=words.new_file, metavar="FILE.json", help="else it is printed")
        if act in ("show", "export"):
            parser.add_argument("--version", type=words.count, metavar="N", help="as it was; else as it is now")
    loading = one.add_parser("load", help="keep a map as a recipe, or as its next version")
    loading.add_argument("file", type=words.file, metavar="FILE.json")
    loading.add_argument("--name", default="", help="else the name that the map has")
    loading.add_argument("--why", default="", help="why it was changed")
    words.of_a_city(loading, _load)


def _list(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        known = [(k, kind.name) for kind in KINDS for k in recipes.kept_as(read, kind)]
    known.sort(key=lambda k: k[0].at, reverse=True)
    rows: list[dict[str, Any]] = [
        {"name": k.name, "kind": kind, "version": k.number, "measures": [m.code for m in k.recipe.measures], "last_file": k.source, "last_used": k.at.date().isoformat() if k.source else None}
        for k, kind in known
    ]  # fmt: skip
    _say(arguments, {"recipes": rows}, "\n".join(f"{r['name']}  version {r['version']}  {len(r['measures'])} measure{'s' * (len(r['measures']) != 1)}  {r['last_file']}" for r in rows) or "No recipe yet: the first import makes one")  # fmt: skip
    return 0


def _versions(arguments: argparse.Namespace) -> tuple[list[recipes.Version[Any]], recipes.Kind[Any]]:
    with City.open(arguments.city) as city, city.read() as read:
        kind: recipes.Kind[Any] = RECORDS if recipes.kind_of(read, arguments.name) == RECORDS.name else recipes.FIGURES
        return recipes.versions_as(read, arguments.name, kind), kind


def _version(arguments: argparse.Namespace) -> tuple[recipes.Version[Any], recipes.Kind[Any]]:
    found, kind = _versions(arguments)
    return recipes.at_number(found, arguments.name, arguments.version), kind


def _show(arguments: argparse.Namespace) -> int:
    version, kind = _version(arguments)
    machine = {
        "name": arguments.name,
        "kind": kind.name,
        "version": version.number,
        "recipe": kind.write(version.recipe),
    }
    lines = of_records.told(version.recipe) if kind is RECORDS else recipes.told(version.recipe)
    told = "\n".join(f"  {what}: {how}" for what, how in lines)
    _say(arguments, machine, f"{arguments.name}, version {version.number}\n{told}")
    return 0


def _history(arguments: argparse.Namespace) -> int:
    found, _ = _versions(arguments)
    rows: list[dict[str, Any]] = [
        {"version": v.number, "at": v.at.isoformat(timespec="seconds"), "who": v.who, "why": v.why, "changes": list(v.changes)}
        for v in found
    ]  # fmt: skip
    lines = [
        f"{r['version']}  {r['at'][:10]}  {r['who']}  {r['why'] or '; '.join(r['changes'])}".rstrip() for r in rows
    ]
    _say(arguments, {"name": arguments.name, "versions": rows}, "\n".join(lines))
    return 0


def _export(arguments: argparse.Namespace) -> int:
    version, kind = _version(arguments)
    data = kind.write(version.recipe)
    if arguments.output is None:
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return 0
    write_bytes(arguments.output, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())
    _say(arguments, {"file": str(arguments.output)}, f"Wrote {arguments.output}")
    return 0


def _load(arguments: argparse.Namespace) -> int:
    data = plain.loaded(arguments.file)
    kind: recipes.Kind[Any] = RECORDS if of_records.is_records(data) else recipes.FIGURES
    recipe = kind.read(data)
    name = arguments.name or recipe.name or arguments.file.stem
    with City.open(arguments.city) as city:
        kept = recipes.keep_as(city, name, recipe, kind, now=datetime.now(), why=arguments.why)
    _say(arguments, {"name": kept.name, "version": kept.number}, f"{kept.name} is at version {kept.number}")
    return 0


def _retire(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city:
        recipes.retire(city, arguments.name)
    _say(arguments, {"name": arguments.name}, f"{arguments.name} was let go; its imports stay")
    return 0


def _say(arguments: argparse.Namespace, machine: dict[str, Any], people: str) -> None:
    print(json.dumps(machine, ensure_ascii=False) if arguments.json else people)
