"""Words of the meeting as tables: kinds of agenda items, forms of a deliverable, states of an action item."""

from __future__ import annotations

# kind → (title, minutes) in the order in which a stat meeting takes them
KINDS: dict[str, tuple[str, int]] = {
    "good-news": ("Good news", 5),
    "promises": ("Promises from last time", 15),
    "measure": ("Measure review", 10),
    "topic": ("This month's subject", 15),
    "cross-department": ("What crosses departments", 13),
    "parking-lot": ("Parking lot", 5),
    "read-back": ("Read-back", 10),
}
STANDARD = ("good-news", "promises", "topic", "cross-department", "read-back")

# form of the deliverable → letters that call it in the capture line
FORMS: dict[str, tuple[str, ...]] = {
    "memo": ("me",),
    "report": ("re",),
    "analysis": ("an",),
    "briefing": ("br",),
    "budget request": ("bu",),
    "launch": ("la",),
    "policy": ("po",),
    "site visit": ("si", "visit"),
    "data": ("da",),
    "other": ("ot",),
}

# status → (words, open: still owed)
STATUSES: dict[str, tuple[str, bool]] = {
    "open": ("open", True),
    "in progress": ("on the way", True),
    "blocked": ("blocked", True),
    "done": ("done, to be verified", False),
    "verified": ("verified", False),
    "dropped": ("dropped", False),
}
OPEN = tuple(status for status, (_, owed) in STATUSES.items() if owed)

# capture line: word → kind; one letter is enough
CAPTURES: dict[str, str] = {
    "action": "action", "a": "action", "decision": "decision", "d": "decision", "question": "question",
    "q": "question", "note": "note", "n": "note", "win": "win", "w": "win", "park": "parked", "p": "parked",
    "acción": "action", "decisión": "decision", "pregunta": "question", "nota": "note", "logro": "win",
}  # fmt: skip

# first words of a line that is written on the chart on the wall, not into the record
ON_CHART = ("chart:", "gráfico:")

ROLES = ("chair", "panel", "department head", "budget", "counsel", "analyst", "guest")
