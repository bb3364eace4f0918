"""citystat recipes, and citystat recipe show, history, export, load, retire."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from citystat.city import City
from citystat.cli import words
from citystat.collect import recipes
from citystat.collect.recipe import load, to_json
from citystat.files import write_bytes


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
        known = recipes.kept(read)
    rows: list[dict[str, Any]] = [
        {"name": k.name, "version": k.number, "measures": [m.code for m in k.recipe.measures], "last_file": k.source, "last_used": k.at.date().isoformat() if k.source else None}
        for k in known
    ]  # fmt: skip
    _say(arguments, {"recipes": rows}, "\n".join(f"{r['name']}  version {r['version']}  {len(r['measures'])} measure{'s' * (len(r['measures']) != 1)}  {r['last_file']}" for r in rows) or "No recipe yet: the first import makes one")  # fmt: skip
    return 0


def _version(arguments: argparse.Namespace) -> recipes.Version[Any]:
    with City.open(arguments.city) as city, city.read() as read:
        found = recipes.versions(read, arguments.name)
    return recipes.at_number(found, arguments.name, arguments.version)


def _show(arguments: argparse.Namespace) -> int:
    version = _version(arguments)
    machine = {"name": arguments.name, "version": version.number, "recipe": to_json(version.recipe)}
    told = "\n".join(f"  {what}: {how}" for what, how in recipes.told(version.recipe))
    _say(arguments, machine, f"{arguments.name}, version {version.number}\n{told}")
    return 0


def _history(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        found = recipes.versions(read, arguments.name)
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
    data = to_json(_version(arguments).recipe)
    if arguments.output is None:
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return 0
    write_bytes(arguments.output, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())
    _say(arguments, {"file": str(arguments.output)}, f"Wrote {arguments.output}")
    return 0


def _load(arguments: argparse.Namespace) -> int:
    recipe = load(arguments.file)
    recipe = replace(recipe, name=arguments.name or recipe.name or arguments.file.stem)
    with City.open(arguments.city) as city:
        kept = recipes.keep(city, recipe, now=datetime.now(), why=arguments.why)
    _say(arguments, {"name": kept.name, "version": kept.number}, f"{kept.name} is at version {kept.number}")
    return 0


def _retire(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city:
        recipes.retire(city, arguments.name)
    _say(arguments, {"name": arguments.name}, f"{arguments.name} was let go; its imports stay")
    return 0


def _say(arguments: argparse.Namespace, machine: dict[str, Any], people: str) -> None:
    print(json.dumps(machine, ensure_ascii=False) if arguments.json else people)
