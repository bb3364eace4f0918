"""citystat chain: the results chains of a city, one of them in words, as JSON, or as a picture or Word file."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Any

from citystat.city import City
from citystat.cli import words
from citystat.errors import CityStatError
from citystat.goals.chain import STAGES, Chain, chains, counted, missing
from citystat.measures.series import definitions
from citystat.measures.standing import Standing, standings_of


def add_parser(commands: Any) -> None:
    """Declare `chain`."""
    parser: argparse.ArgumentParser = commands.add_parser("chain", help="the results chain of a goal or a program")
    parser.add_argument("--goal", metavar="NAME", help="its goal, by name or the beginning of it")
    parser.add_argument("--program", metavar="NAME", help="its program, by name or the beginning of it")
    parser.add_argument("--out", type=words.new_file, metavar="FILE", help="write the diagram: .svg, .png or .docx")
    words.of_a_city(parser, _chain)


def _chain(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city:
        with city.read() as read:
            drawn = chains(read)
            if not arguments.goal and not arguments.program:
                _no_picture_of_all(arguments)
                print(
                    json.dumps({"chains": [_short(c) for c in drawn]}, ensure_ascii=False)
                    if arguments.json
                    else _listed(drawn)
                )
                return 0
            one = _named(drawn, arguments)
            used = {s.measure_id for s in one.steps}
            stand = {s.measure.id: s for s in standings_of(read, [m for m in definitions(read) if m.id in used])}
        if arguments.out:
            _write(city, one, stand, arguments)
    print(json.dumps(_whole(one, stand), ensure_ascii=False) if arguments.json else _said(one, stand))
    return 0


def _no_picture_of_all(arguments: argparse.Namespace) -> None:
    if arguments.out:
        raise CityStatError("A picture is of one chain", do="Say which: --goal NAME or --program NAME")


def _named(drawn: list[Chain], arguments: argparse.Namespace) -> Chain:
    """The chain that is asked for; CityStatError where there is none, or where several begin so."""
    typed, of_goal = arguments.goal or arguments.program, bool(arguments.goal)
    kind = "goal" if of_goal else "program"
    own = [c for c in drawn if (c.goal_id is not None) == of_goal]
    found = [c for c in own if c.name.lower() == typed.lower()] or [
        c for c in own if c.name.lower().startswith(typed.lower())
    ]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"“{c.name}”" for c in found or own) or "none is drawn yet"
    what = f"Several results chains begin with “{typed}”" if found else f"No {kind} “{typed}” has a results chain"
    raise CityStatError(what, do=f"There are: {known}")


def _write(city: City, one: Chain, stand: dict[int, Standing], arguments: argparse.Namespace) -> None:
    from citystat.views.chart.picture import ready_to_paint

    ready_to_paint()
    from citystat.views.results.chain import write_chain
    from citystat.views.results.chain_drawing import seen_of

    write_chain(city, one, {m: seen_of(s) for m, s in stand.items()}, arguments.out)


def _short(c: Chain) -> dict[str, Any]:
    of = "goal" if c.goal_id is not None else "program"
    return {"name": c.name, "of": of, "department": c.department, "boxes": len(c.steps), "missing": len(missing(c))}


def _whole(c: Chain, stand: dict[int, Standing]) -> dict[str, Any]:
    steps = []
    for s in c.steps:
        now = stand.get(s.measure_id or 0)
        shown = {"value": now.last, "period": now.last_period, "status": now.meets, "signal": now.signal} if now else {}
        steps.append({"id": s.id, "stage": s.stage, "text": s.text, "code": s.code, "measure": s.measure, **shown})
    lacks = [asdict(lack) for lack in missing(c)]
    return {**_short(c), "steps": steps, "links": [{"from": a, "to": b} for a, b in c.links], "missing": lacks}


def _listed(drawn: list[Chain]) -> str:
    if not drawn:
        return "No results chain is drawn yet."
    return "\n".join(f"{'goal   ' if c.goal_id is not None else 'program'}  {c.name}  ({counted(c)})" for c in drawn)


def _said(c: Chain, stand: dict[int, Standing]) -> str:
    lines = [f"{c.name}: {counted(c)}"]
    for stage, (head, _) in STAGES.items():
        lines += [head] if c.of(stage) else []
        for s in c.of(stage):
            now = stand.get(s.measure_id or 0)
            shown = f"  [{s.code}{': ' + now.headline if now else ''}]" if s.code else ""
            lines.append(f"  {s.text}{shown}")
            lines += [f"    → {t.text}" for t in c.after(s.id)]
    return "\n".join([*lines, *(f"missing: {lack.words}" for lack in missing(c))])
