"""citystat contracts and contract: the list, one contract, its scorecard, its renewal, contractors side by side."""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from citystat import periods
from citystat.city import City
from citystat.cli import words
from citystat.contracts import compare, papers, register, renewal, scorecard
from citystat.contracts.pay import Working
from citystat.contracts.results import Tally, Tracked, tally_words
from citystat.errors import CityStatError


def add_parser(commands: Any) -> None:
    """Declare `contracts`, and `contract` with its acts."""
    words.of_a_city(commands.add_parser("contracts"), _list)
    top = commands.add_parser("contract", help="scorecard, renewal, side by side")
    top = top.add_subparsers(required=True, metavar="ACT")
    words.of_a_city(top.add_parser("show"), _show).add_argument("number")
    card = words.of_a_city(top.add_parser("scorecard"), _scorecard)
    card.add_argument("number")
    card.add_argument("--month", type=words.month, metavar="YYYY-MM")
    sheet = words.of_a_city(top.add_parser("renewal"), _renewal)
    sheet.add_argument("number")
    words.of_a_city(top.add_parser("compare"), _compare).add_argument("service")
    for document in (card, sheet):
        document.add_argument("--out", "-o", type=words.new_file, metavar="FILE.docx")
        document.add_argument("--language", choices=("en", "es"))


def _list(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        rows = renewal.standings(read, date.today())
    if arguments.json:
        _print({"contracts": [_standing(s) for s in rows]})
        return 0
    for s in rows:
        shown = (
            f"{s.now.met} of {s.now.judged} met {periods.label(s.month, 'month')}" if s.now.judged else "no figure yet"
        )
        print(f"{s.contract.number:<12} {s.notice.short:<18} {shown:<22} {s.contract.title} ({s.contract.vendor})")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    today = date.today()
    with City.open(arguments.city) as city, city.read() as read:
        found = renewal.renewal(read, arguments.number, today=today)
        contract = register.contract(read, arguments.number)
    if arguments.json:
        standards = [_standard(p.tracked) | {"term": _tally(p.term), "year": _tally(p.year)} for p in found.performance]
        said: dict[str, object] = {"notice": found.notice.words, "money": asdict(found.term), "standards": standards}
        _print({"contract": asdict(contract)} | said)
        return 0
    print(
        f"{contract.number}  {contract.title}\n{contract.vendor}. {found.notice.words[:1].upper()}{found.notice.words[1:]}."
    )
    for line in papers.facts(found):
        print(line)
    for p in found.performance:
        t = p.tracked
        print(
            f"  {t.measure.code:<8} {t.standard_words:<16} {tally_words(p.year, t.measure.frequency):<24} {t.measure.name}"
        )
    return 0


def _scorecard(arguments: argparse.Namespace) -> int:
    today = date.today()
    with City.open(arguments.city) as city:
        if arguments.out is not None:
            return _written(arguments, city, papers.write_scorecard, arguments.number, arguments.month, today=today)
        with city.read() as read:
            card = scorecard.scorecard(read, arguments.number, arguments.month, today=today)
    if arguments.json:
        lines = [
            _standard(line.tracked)
            | {
                "value": _plain(line.result.value if line.result else math.nan),
                "outcome": line.outcome,
                "year": _tally(line.tally),
            }
            for line in card.lines
        ]
        said: dict[str, object] = {"headline": card.headline, "standards": lines, "payment": _payment(card.payment)}
        _print({"number": card.contract.number, "month": f"{card.month:%Y-%m}"} | said | {"year": asdict(card.year)})
        return 0
    print(f"{card.contract.number}  {card.contract.title}, {card.label}\n{card.headline}.")
    for line in card.lines:
        print(
            f"  {line.value:>10}  {line.tracked.standard_words:<16} {line.words:<22} {line.over_the_year:<24} {line.name}"
        )
    if card.payment is not None:
        print(f"{papers.payment_words(card.payment)}.")
        for hold in card.payment.holds:
            print(f"  {hold.words}")
    return 0


def _renewal(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city:
        if arguments.out is not None:
            return _written(arguments, city, papers.write_renewal, arguments.number, today=date.today())
    return _show(arguments)


def _compare(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        found = compare.side_by_side(read, arguments.service, today=date.today())
    if arguments.json:
        compared = [
            {
                "measure": one.name, "fair": one.fair, "how": one.how, "months": one.n, "first": f"{one.first:%Y-%m}",
                "last": f"{one.last:%Y-%m}",
                "contracts": {s.contract.number: {"value": _plain(s.value), "met": _tally(s.tally)} for s in one.sides},
            }
            for one in found.compared
        ]  # fmt: skip
        _print(
            {"service": found.service, "compared": compared, "not_compared": [asdict(n) for n in found.not_compared]}
        )
        return 0
    for one in found.compared:
        print(f"{one.name}, {periods.label(one.first, 'month')} to {periods.label(one.last, 'month')}: {one.how}")
        for s in one.sides:
            print(f"  {s.words:>10}  {tally_words(s.tally, s.tracked.measure.frequency):<24} {s.contract.vendor}")
    for alone in found.not_compared:
        print(f"{alone.name}: cannot be compared, {alone.reason}")
    return 0


def _written(arguments: argparse.Namespace, city: City, write: Any, *what: Any, today: date) -> int:
    """Write a Word file and say where."""
    from citystat.views.chart.picture import document_picture, ready_to_paint

    if arguments.out.suffix.lower() != ".docx":
        raise CityStatError("A scorecard is a Word file", where=str(arguments.out), do="Give it the ending .docx")
    ready_to_paint()
    write(
        city,
        *what,
        arguments.out,
        picture=document_picture,
        today=today,
        now=datetime.now(),
        language=arguments.language,
    )
    print(json.dumps({"file": str(arguments.out)}) if arguments.json else f"Wrote {arguments.out}")
    return 0


def _print(found: dict[str, object]) -> None:
    print(json.dumps(found, default=str, ensure_ascii=False))


def _standing(s: renewal.Standing) -> dict[str, object]:
    c = s.contract
    kept = (
        "number",
        "title",
        "vendor",
        "department",
        "owner",
        "service",
        "amount",
        "begins",
        "ends",
        "notice_by",
        "renews",
    )
    about: dict[str, object] = {k: getattr(c, k) for k in kept}
    about |= {"days": s.notice.days, "level": s.notice.level, "notice": s.notice.words, "month": f"{s.month:%Y-%m}"}
    return about | {"now": _tally(s.now), "year": _tally(s.year), "money": asdict(s.money)}


def _standard(t: Tracked) -> dict[str, object]:
    s = t.standard
    return {
        "code": t.measure.code,
        "measure": t.measure.name,
        "sense": s.sense,
        "standard": s.value,
        "pay_share": s.pay_share,
    }


def _payment(w: Working | None) -> dict[str, object] | None:
    if w is None:
        return None
    holds = [
        {"code": h.tracked.measure.code, "outcome": h.result.outcome, "share": h.share, "amount": h.amount}
        for h in w.holds
    ]
    return {"state": w.state, "due": w.payment.due, "held": w.held, "paid_on": w.payment.paid_on, "holds": holds}


def _tally(found: Tally) -> dict[str, int]:
    return {"met": found.met, "missed": found.missed, "without": found.without}


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value
