"""What a person reads in CityStat, and what of it the Spanish catalogue lacks: `python installer/texts.py`.

Collected are the literals inside tr() and plural(), and the tables below, whose words reach tr() by a key.
`--todo` writes the missing texts as JSON, ready to be filled in; `--merge FILE` takes them into the catalogue;
`--prune` takes out what no code says any more; `--heard FILE` compares with what `pytest --texts=FILE` heard tr() asked for.
"""

from __future__ import annotations

import argparse
import ast
import json
import string
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import citystat

CODE = Path(citystat.__file__).parent
CATALOGUE = Path(__file__).resolve().parent.parent / "resources" / "translations" / "es.json"
NOT_SHOWN = {"cli"}  # the command line speaks English


def strings(found: object) -> Iterator[str]:
    """Every text in nested tables."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, Mapping):
        for value in found.values():
            yield from strings(value)
    elif isinstance(found, Iterable):
        for value in found:
            yield from strings(value)


def keys(found: Iterable[str]) -> Iterable[str]:
    """A table whose keys are the words."""
    return list(found)


def firsts(found: Any) -> list[str]:
    """A table of rows that begin with the words."""
    return [row[0] for row in (found.values() if isinstance(found, Mapping) else found)]


def seconds(found: Any) -> list[str]:
    """A table of rows that have the words in the second place: (key, words)."""
    return [row[1] for row in found]


# module, its table, which part of the table is words: a new table whose words go through tr() gets a line here
TABLES: tuple[tuple[str, str, Callable[[Any], Iterable[str]]], ...] = (
    ("charts.describe", "KINDS", strings),
    ("charts.describe", "ADVERBS", strings),
    ("charts.headline", "PERIOD_WORDS", strings),
    ("charts.headline", "PLACES", strings),
    ("city.file", "SENTENCES", strings),
    (
        "collect.checks",
        "RULES",
        lambda rules: [w for r in rules for w in (r.title, r.says, *(o.words for o in r.options))],
    ),
    ("collect.calendar_words", "STATES", strings),
    ("views.collect.calendar_page", "FREQUENCIES", strings),
    ("collect.recipes", "WORDS", strings),
    ("collect.return_sheet", "EVERY", strings),
    ("collect.sources", "KINDS", strings),
    ("collect.dated", "WHERE", strings),
    ("records.recipe", "KINDS", strings),
    ("records.recipe", "DATES", strings),
    ("records.recipe", "WORDS", strings),
    ("records.sentence", "EACH", strings),
    ("views.records.measure_dialog", "WHAT", strings),
    ("views.measures.charting", "CHART_WORDS", strings),
    ("views.measures.compared", "KIND_WORDS", strings),
    ("views.screening.page", "KIND_WORDS", strings),
    ("views.screening.wall", "ICONS", strings),
    ("views.screening.wall", "SORTS", strings),
    ("views.screening.page", "STATE_WORDS", strings),
    ("views.measures.charting", "RULE_WORDS", strings),
    ("views.measures.charting", "SEASON_WORDS", strings),
    ("views.collect.source_dialog", "HINTS", strings),
    ("goals.chain", "STAGES", strings),
    ("views.results.chain_canvas", "ADD", strings),
    ("views.results.chain_canvas", "PROMPTS", strings),
    ("measures.changes", "FIELDS", strings),
    ("measures.progress", "STATES", strings),
    ("measures.target", "HOW", strings),
    ("sample.agreed", "MEANS", strings),
    ("meetings.actions", "DUE", firsts),
    ("meetings.capture", "ROWS", keys),
    ("meetings.marks", "WANTED", strings),
    ("meetings.meaning", "PRIORITIES", strings),
    ("meetings.marks", "NAMES", strings),
    ("meetings.marks", "WANTING", strings),
    ("meetings.forms", "KINDS", firsts),
    ("meetings.forms", "FORMS", keys),
    ("meetings.forms", "STATUSES", firsts),
    ("meetings.forms", "ROLES", keys),
    ("meetings.papers", "NAMES", strings),
    ("meetings.suggest", "RANK", keys),
    ("numbers", "WORDS", strings),
    ("numbers", "UNITS", keys),
    ("periods", "FREQUENCIES", keys),
    ("periods", "MONTH_NAMES", strings),
    ("periods", "MONTH_NAMES_LONG", strings),
    ("periods", "WEEKDAYS", strings),
    ("views.collect.how_it_is_read", "LAYOUTS", strings),
    ("views.collect.how_it_is_read", "FREQUENCIES", strings),
    ("views.collect.preview", "ROLE_WORDS", strings),
    ("views.collect.pointing", "ROLE_HINTS", strings),
    ("views.collect.measure_dialog", "COMBINED", seconds),
    ("views.collect.measure_dialog", "BETTER", seconds),
    ("views.collect.measure_dialog", "WHERE", strings),
    ("views.measures.checks", "LEVELS", strings),
    ("views.measures.define", "CHOICES", strings),
    ("views.measures.edit", "KINDS", strings),
    ("measures.looks", "LOOK_WORDS", strings),
    ("views.measures.looks", "KEYS", seconds),
    ("views.measures.on_the_chart", "KEYS", seconds),
    ("views.measures.together", "KEYS", seconds),
    ("views.measures.note_in_place", "HINTS", strings),
    ("views.measures.facts", "EVERY", strings),
    ("views.meetings.keys", "KEYS", lambda keys: [words for key in keys for words in (key.long, key.short, key.bare)]),
    ("views.meetings.item_form", "HINTS", strings),
    ("views.meetings.list", "STATUS", keys),
    ("views.meetings.list", "STATUS", strings),
    ("views.meetings.review", "GROUPS", firsts),
    ("views.meetings.review", "NAMES", strings),
    ("views.meetings.review_dialogs", "STATES", keys),
    ("views.meetings.stage", "WRITING", seconds),
    ("views.today.page", "OPENS", lambda opens: opens.values()),
    ("views.shell.places", "PLACES", lambda places: [w for p in places for w in (p.title, p.group) if w != "foot"]),
)
SPOKEN_BY_KEY = ("priority", "goal", "chart")  # goals.tree speaks of a row by its kind; the capture line of a chart


def called(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls of tr(), plural() and because() in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in ("tr", "plural", "because"):
                yield node


def literals(tree: ast.AST) -> Iterator[str]:
    """The texts in what tr() and plural() are called with; of a conditional expression both branches."""
    for call in called(tree):
        for argument in call.args[1:3] if len(call.args) == 3 else call.args[:1]:
            yield from _said(argument)


def _said(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from [*_said(node.body), *_said(node.orelse)]
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _said(value)
    elif isinstance(node, ast.Call):  # table.get(key, "otherwise")
        for value in node.args[1:]:
            yield from _said(value)


def _handed_on(tree: ast.AST) -> Iterator[str]:
    """(n, "one", "many") in a row or a call that hands them to plural(): two literals side by side, the same holes."""
    for node in ast.walk(tree):
        members = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
        if len(members) == 3 and all(isinstance(m, ast.Constant) and isinstance(m.value, str) for m in members[1:]):
            one, many = (m.value for m in members[1:] if isinstance(m, ast.Constant))
            if isinstance(one, str) and isinstance(many, str) and "{" in one and holes(one) == holes(many):
                yield from (one, many)


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Every module whose texts a person sees."""
    for path in sorted(CODE.rglob("*.py")):
        if path.relative_to(CODE).parts[0] not in NOT_SHOWN:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def collect() -> dict[str, str]:
    """Each text → where it is said first."""
    found: dict[str, str] = {}
    for path, tree in modules():
        for text in [*literals(tree), *_handed_on(tree)]:
            found.setdefault(text, str(path.relative_to(CODE)))
    for module, table, words in TABLES:
        found_table = getattr(import_module(f"citystat.{module}"), table, None)
        if found_table is None:
            raise SystemExit(f"citystat.{module} has no {table} any more: mend its line in TABLES of {__file__}")
        for text in words(found_table):
            found.setdefault(text, f"{module}.{table}")
    for text in SPOKEN_BY_KEY:
        found.setdefault(text, "goals/tree.py")
    return {text: where for text, where in found.items() if text.strip()}


def holes(text: str) -> set[str]:
    """The {names} a text is filled with."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def broken(known: Mapping[str, str]) -> list[str]:
    """Entries without words, or whose {names} differ from the English ones."""
    return [text for text, said in known.items() if not said.strip() or not _same_holes(text, said)]


def _same_holes(text: str, said: str) -> bool:
    try:
        here, there = holes(text), holes(said)
    except ValueError:  # a lone brace
        return False
    if not all(name.isidentifier() for name in here):  # braces meant as braces: such a text is never filled
        return text.count("{") == said.count("{")
    return here == there


def catalogue() -> dict[str, str]:
    """The Spanish texts as they are."""
    known: dict[str, str] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return known


def write(known: Mapping[str, str]) -> None:
    """The catalogue, sorted, one text a line."""
    CATALOGUE.write_text(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main() -> int:
    """List what is missing, unused and broken; 1 where something is."""
    ask = argparse.ArgumentParser(description="The texts of CityStat against the Spanish catalogue")
    ask.add_argument("--todo", action="store_true", help="write the missing texts as JSON, to be filled in")
    ask.add_argument("--merge", type=Path, metavar="FILE", help="take the texts of a JSON file into the catalogue")
    ask.add_argument("--prune", action="store_true", help="take unused texts out of the catalogue")
    ask.add_argument("--heard", type=Path, metavar="FILE", help="compare with what pytest --texts=FILE wrote")
    asked = ask.parse_args()
    if asked.merge:
        write(catalogue() | json.loads(asked.merge.read_text(encoding="utf-8")))
    said = collect()
    if asked.prune:
        write({text: words for text, words in catalogue().items() if text in said})
    known = catalogue()
    missing = [text for text in said if text not in known]
    if asked.todo:
        print(json.dumps(dict.fromkeys(missing, ""), ensure_ascii=False, indent=1))
        return 0
    heard = json.loads(asked.heard.read_text(encoding="utf-8")) if asked.heard else []
    lists = {
        "missing": [f"{text!r}  ({said[text]})" for text in missing],
        "unused": [repr(text) for text in known if text not in said],
        "broken": [f"{text!r} → {known[text]!r}" for text in broken(known)],
        "heard, not collected": [repr(text) for text in heard if text and text not in said],
    }
    for title, lines in lists.items():
        print(f"{title}: {len(lines)}", *lines, sep="\n  ")
    return int(any(lists.values()))


if __name__ == "__main__":
    sys.exit(main())
