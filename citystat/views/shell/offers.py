"""What Ctrl+K offers: the page's own acts, the menus, places, and every record that has a place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from citystat import periods
from citystat.contracts.register import contracts
from citystat.goals.chain import chains
from citystat.measures.series import definitions
from citystat.meetings.actions import actions
from citystat.meetings.meeting import MeetingRow, meetings
from citystat.people.roster import everyone
from citystat.texts import tr
from citystat.views.shell import menus
from citystat.views.shell.palette import Offer
from citystat.views.shell.places import PLACES

if TYPE_CHECKING:
    from citystat.views.shell.window import MainWindow

# acts of another page: its address, the act's words there, icon
ELSEWHERE = (
    ("measures", "New measure", "plus"),
    ("measures", "Inventory", "table"),
    ("measures", "Catalogue", "book-open"),
    ("meetings", "Plan a meeting", "calendar-plus"),
    ("goals", "Add goal", "target"),
    ("chains", "New chain for a program", "plus"),
    ("people", "Add a person", "user"),
    ("contracts", "New contract", "handshake"),
    ("data", "Return sheet…", "file-arrow-down"),
    ("data", "Close a period…", "lock"),
    ("data", "Open a period again…", "lock-open"),
)


def offers(window: MainWindow) -> list[Offer]:
    """Everything that can be reached from here; without a city, what the menus offer."""
    if window.city is None:
        return _menus(window)
    with window.city.read() as read:
        records = _records(window, read)
    return [*_acts(window), *_menus(window), *_places(window), *records]


def _acts(window: MainWindow) -> list[Offer]:
    """What the page on view offers, and the first steps on other pages."""
    here: list[Any] = getattr(window.page, "acts", list)()
    inside: list[Any] = getattr(window.page, "own_acts", list)()  # acts that stand in the page, not in the top bar
    shown = [*((text, act) for text, act, _kind in here), *inside]
    found = [Offer(text, tr("on this page"), act, "lightning") for text, act in shown]
    said = {text for text, _act in shown}
    for address, words, icon in ELSEWHERE:
        if tr(words) not in said:
            found.append(Offer(tr(words), tr("do"), lambda a=address, w=words: _do_there(window, a, tr(w)), icon))
    return found


def _do_there(window: MainWindow, address: str, words: str) -> None:
    """Go to the page and do its act of that name."""
    window.go(address)
    here: list[Any] = [*getattr(window.page, "acts", list)(), *getattr(window.page, "own_acts", list)()]
    for text, act, *_ in here:
        if text == words:
            act()


def _menus(window: MainWindow) -> list[Offer]:
    """The entries of the menus, with their keys; the places come by themselves."""
    places = {tr(p.title) for p in PLACES if p.title}
    return [
        Offer(a.text(), tr("do"), a.trigger, a.property("iconName") or "lightning", a.shortcut().toString())
        for a in menus.entries(window)
        if a.text() not in places and a.text() != tr("Go to or do…")
    ]


def _places(window: MainWindow) -> list[Offer]:
    keys = {a.text(): a.shortcut().toString() for a in menus.entries(window)}
    found = [
        Offer(tr(p.title), tr("place"), lambda a=p.prefix: window.go(a), p.icon, keys.get(tr(p.title), ""))
        for p in PLACES
        if p.title
    ]
    trail = Offer(
        tr("Audit trail: who changed what"), tr("place"), lambda: window.go("history"), "clock-counter-clockwise"
    )
    quality = Offer(tr("Data quality"), tr("place"), lambda: window.go("quality"), "table")
    calendar = Offer(tr("Collection calendar"), tr("place"), lambda: window.go("calendar"), "calendar-blank")
    drawn = Offer(tr("Results chains"), tr("place"), lambda: window.go("chains"), "check-circle")
    return [*found, trail, quality, calendar, drawn]


def _records(window: MainWindow, read: Any) -> list[Offer]:
    """Measures, meetings with their papers, series, people, action items."""

    def to(words: str, kind: str, address: str, icon: str, also: str = "") -> Offer:
        return Offer(words, kind, lambda: window.go(address), icon, also=also)

    held = meetings(read)
    found = [to(f"{m.code}  {m.name}", tr("measure"), f"measure:{m.code}", "chart-line") for m in definitions(read)]
    found += [to(_meeting(m), tr("meeting"), f"meeting:{m.id}", "presentation-chart") for m in held]
    found += _papers(window, held)
    newest = {m.series: m for m in reversed(held)}
    found += [to(name, tr("series"), f"meeting:{m.id}", "calendar-blank") for name, m in sorted(newest.items())]
    found += [to(c.name, tr("results chain"), f"chain:{c.id}", "check-circle", c.department) for c in chains(read)]
    found += [to(p.name, tr("person"), "people", "user", p.title) for p in everyone(read)]
    found += [
        to(f"{c.number}  {c.title}", tr("contract"), f"contract:{c.id}", "handshake", c.vendor) for c in contracts(read)
    ]
    found += [
        to(f"{a.code}  {a.text}", tr("action item"), f"actions:{a.id}", "check-square", f"{a.owner} {a.measure_code}")
        for a in actions(read, date.today())
    ]
    return found


def _papers(window: MainWindow, held: list[MeetingRow]) -> list[Offer]:
    """Word files: of the last meeting that was held its minutes, of the next its memo; where the page offers them."""
    ended = next((m for m in held if m.status in ("adjourned", "approved")), None)
    coming = next((m for m in reversed(held) if m.status == "planned"), None)
    found = []
    for meeting, title, words in (
        (ended, tr("Write minutes of the last meeting"), tr("Minutes…")),
        (ended, tr("Write the follow-up memo of the last meeting"), tr("Follow-up memo…")),
        (coming, tr("Write the briefing memo of the next meeting"), tr("Briefing memo…")),
    ):
        if meeting is not None:
            act = lambda m=meeting, w=words: _do_there(window, f"meeting:{m.id}", w)  # noqa: E731
            found.append(Offer(title, tr("document"), act, "file-text", also=meeting.series))
    return found


def _meeting(row: MeetingRow) -> str:
    return f"{row.series}, {periods.day_label(row.day)}"
