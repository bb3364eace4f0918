"""What Ctrl+K offers: places, measures, meetings, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from citystat import periods
from citystat.measures.series import definitions
from citystat.meetings.meeting import meetings
from citystat.texts import tr
from citystat.views.shell.palette import Offer
from citystat.views.shell.places import PLACES

if TYPE_CHECKING:
    from citystat.views.shell.window import MainWindow


def offers(window: MainWindow) -> list[Offer]:
    """Everything that can be reached from here."""
    found = [Offer(tr(p.title), tr("place"), lambda a=p.prefix: window.go(a)) for p in PLACES if p.title]
    found.append(Offer(tr("Bring in a file"), tr("do"), lambda: window.go("import")))
    found.append(Offer(tr("Undo"), tr("do"), window.undo))
    found.append(Offer(tr("Audit trail: who changed what"), tr("place"), lambda: window.go("history")))
    if window.city is not None:
        found.append(Offer(tr("Document templates"), tr("do"), window.choose_templates))
        with window.city.read() as read:
            found += [
                Offer(f"{m.code}  {m.name}", tr("measure"), lambda a=f"measure:{m.code}": window.go(a))
                for m in definitions(read)
            ]
            found += [
                Offer(
                    f"{m.series}, {periods.day_label(m.day)}", tr("meeting"), lambda a=f"meeting:{m.id}": window.go(a)
                )
                for m in meetings(read)
            ]
    return found
