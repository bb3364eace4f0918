"""Riverton's departments, people, goals and measures, as tables."""

from __future__ import annotations

from typing import NamedTuple

DEPARTMENTS = (
    ("EC", "Emergency communications"), ("FD", "Fire"), ("PD", "Police"), ("PW", "Public works"),
    ("PB", "Permits and buildings"), ("PK", "Parks and libraries"), ("HS", "Housing and health"),
    ("FN", "Budget and finance"), ("HR", "People and technology"),
)  # fmt: skip

# name, initials, title, department, heads it
PEOPLE = (
    ("Elena Reyes", "er", "Mayor", "", False),
    ("Tomás Aguilar", "ta", "Chief of staff", "", False),
    ("Grace Okafor", "go", "City attorney", "", False),
    ("Noah Petersen", "np", "Director of performance", "FN", False),
    ("Mina Haddad", "mh", "Performance analyst", "FN", False),
    ("Dana Whitfield", "dw", "Director of emergency communications", "EC", True),
    ("Luis Camargo", "lc", "Shift supervisor", "EC", False),
    ("Raymond Hall", "rh", "Fire chief", "FD", True),
    ("Joan Nakamura", "jn", "Deputy fire chief", "FD", False),
    ("Patricia Sloan", "ps", "Police chief", "PD", True),
    ("Marcus Bell", "mb", "Deputy police chief", "PD", False),
    ("Ingrid Solberg", "is", "Director of public works", "PW", True),
    ("Amadou Diallo", "ad", "Street operations manager", "PW", False),
    ("Chloe Brandt", "cb", "Fleet manager", "PW", False),
    ("Samir Rao", "sr", "Director of permits", "PB", True),
    ("Helen Novak", "hn", "Chief building inspector", "PB", False),
    ("Ana Lindqvist", "al", "Director of parks and libraries", "PK", True),
    ("Peter Owusu", "po", "City librarian", "PK", False),
    ("Ruth Feldman", "rf", "Director of housing and health", "HS", True),
    ("Dev Malhotra", "dm", "Housing program manager", "HS", False),
    ("Lucia Ortiz", "lo", "Budget director", "FN", True),
    ("Karl Jansen", "kj", "Controller", "FN", False),
    ("Yvonne Mbeki", "ym", "Director of people and technology", "HR", True),
    ("Owen Fraser", "of", "Technology manager", "HR", False),
)

# priority → goals (name, owner's initials)
PRIORITIES: dict[str, tuple[tuple[str, str], ...]] = {
    "Safe streets": (("Help arrives in time", "dw"), ("Fewer people are hurt", "ps"), ("Fires are prevented", "rh")),
    "A city that works": (("Streets are kept in repair", "is"), ("Clean and reliable water", "is"), ("Permits without waiting", "sr")),
    "Homes and health": (("More homes people can afford", "rf"), ("Healthier neighborhoods", "rf")),
    "Places to meet": (("Parks and libraries used by all", "al"),),
    "Money well spent": (("A balanced budget", "lo"), ("A city people want to work for", "ym"), ("Services that answer", "ym")),
}  # fmt: skip


class M(NamedTuple):
    """A measure of the sample. level: its usual value; noise: standard deviation; season: amplitude over the year;
    trend: change a year. denominator: usual size for a ratio (0: no ratio). targets: (first period, value)."""

    code: str
    name: str
    unit: str
    decimals: int
    direction: str
    kind: str
    goal: str
    level: float
    noise: float
    season: float = 0.0
    trend: float = 0.0
    denominator: int = 0
    target: float | None = None
    wards: bool = False
    frequency: str = "month"


G = tuple(name for goals in PRIORITIES.values() for name, _ in goals)
TIME, HURT, FIRES, STREETS, WATER, PERMITS, HOMES, HEALTH, PLACES, BUDGET, WORK, ANSWER = G
UP, DOWN = "higher", "lower"

MEASURES = (
    M("EC-01", "Emergency calls answered within 10 seconds", "percent", 1, UP, "outcome", TIME, 86.4, 0.75, 0, 0, 21000, 92),
    M("EC-02", "Emergency calls offered", "count", 0, "none", "input", TIME, 21000, 520, 260),
    M("EC-03", "Calls abandoned", "percent", 1, DOWN, "quality", TIME, 3.1, 0.35, 0, 0, 21000, 3.5),
    M("EC-04", "Call-taker posts filled", "percent", 1, UP, "input", TIME, 91.0, 1.6, 0, 0, 64, 92),
    M("EC-05", "Non-emergency calls answered in 60 s", "percent", 1, UP, "quality", TIME, 81.5, 2.0, 0, 0, 9000, 78),
    M("EC-06", "Dispatch time, median", "seconds", 0, DOWN, "outcome", TIME, 71, 2.6, 0, 0, 0, 80),
    M("EC-07", "Overtime hours, dispatch", "hours", 0, DOWN, "efficiency", TIME, 640, 46, 0, 0, 0, 700),
    M("EC-08", "Calls from text and app", "count", 0, "none", "output", TIME, 1250, 70),
    M("FD-01", "Ambulance response, 90th percentile", "minutes", 1, DOWN, "outcome", TIME, 8.7, 0.22, 0, 0, 0, 9.0, True),
    M("FD-02", "Fire response within 6 minutes", "percent", 1, UP, "outcome", TIME, 88.2, 1.5, 0, 0, 900, 86),
    M("FD-03", "Structure fires", "count", 0, DOWN, "outcome", FIRES, 31, 4.6, 1, 0, 0, None, True),
    M("FD-04", "Fire loss", "USD", 0, DOWN, "outcome", FIRES, 1900000, 300000),
    M("FD-05", "Home safety visits", "count", 0, UP, "output", FIRES, 410, 33, 0, 0, 0, 380),
    M("FD-06", "Commercial inspections on schedule", "percent", 1, UP, "output", FIRES, 82, 2.5, 0, 0, 520, 95),
    M("FD-07", "Apparatus out of service", "percent", 1, DOWN, "input", FIRES, 6.2, 0.9, 0, 0, 46, 8),
    M("FD-08", "Smoke alarms installed", "count", 0, UP, "output", FIRES, 275, 24),
    M("FD-09", "Cardiac survival", "percent", 1, UP, "outcome", HURT, 31, 3.2, 0, 0, 40, 30),
    M("PD-01", "Violent crimes", "count", 0, DOWN, "outcome", HURT, 112, 8.5, 4, 0, 0, 100, True),
    M("PD-02", "Property crimes", "count", 0, DOWN, "outcome", HURT, 640, 29, 12, 0, 0, 700, True),
    M("PD-03", "Traffic injuries", "count", 0, DOWN, "outcome", HURT, 84, 7.4, 3, 0, 0, 90, True),
    M("PD-04", "Priority calls answered in 7 minutes", "percent", 1, UP, "outcome", TIME, 79, 1.9, 0, 0, 2600, 76),
    M("PD-05", "Cases cleared, violent crime", "percent", 1, UP, "outcome", HURT, 47, 3.1, 0, 0, 112, 45),
    M("PD-06", "Complaints about officers", "count", 0, DOWN, "quality", HURT, 14, 2.9, 0, 0, 0, 18),
    M("PD-07", "Community walks", "count", 0, UP, "output", HURT, 52, 5.1),
    M("PD-08", "Sworn posts filled", "percent", 1, UP, "input", HURT, 93, 0.8, 0, 0, 410, 92),
    M("PD-09", "Overtime hours, police", "hours", 0, DOWN, "efficiency", BUDGET, 7600, 380, 150, 0, 0, 8500),
    M("PD-10", "Youth diversion places used", "count", 0, UP, "output", HURT, 61, 5.4),
    M("PW-01", "Pothole repair, days", "days", 1, DOWN, "outcome", STREETS, 11.0, 0.9, 0, 0, 0, 12, True),
    M("PW-02", "Streets in good condition", "percent", 1, UP, "outcome", STREETS, 68, 0.9, 0, 0, 1240, 66),
    M("PW-03", "Snow routes cleared in 12 hours", "percent", 1, UP, "quality", STREETS, 94, 1.6, 0, 0, 60, 92),
    M("PW-04", "Street lights out", "count", 0, DOWN, "quality", STREETS, 210, 17, 7, 0, 0, 240, True),
    M("PW-05", "Trash collected on its day", "percent", 1, UP, "quality", STREETS, 97.6, 0.4, 0, 0, 88000, 97),
    M("PW-06", "Recycling share", "percent", 1, UP, "outcome", STREETS, 31, 0.8, 0, 0, 9100, 40),
    M("PW-07", "Illegal dumping reports", "count", 0, DOWN, "outcome", STREETS, 145, 11, 5, 0, 0, 170, True),
    M("PW-08", "Water main breaks", "count", 0, DOWN, "outcome", WATER, 9, 2.3, 1, 0, 0, 14),
    M("PW-09", "Water samples within standard", "percent", 1, UP, "outcome", WATER, 100, 0, 0, 0, 320, 100),
    M("PW-10", "Water lost in the network", "percent", 1, DOWN, "efficiency", WATER, 13.4, 0.6, 0, 0, 910, 15),
    M("PW-11", "Sewer overflows", "count", 0, DOWN, "outcome", WATER, 4.6, 1.7, 0, 0, 0, 8),
    M("PW-12", "Fleet available", "percent", 1, UP, "input", STREETS, 92.4, 0.9, 0, 0, 610, 91),
    M("PW-13", "Fuel cost per mile", "USD", 2, DOWN, "efficiency", BUDGET, 0.62, 0.03),
    M("PB-01", "Permit decision, days", "days", 1, DOWN, "outcome", PERMITS, 14.0, 1.1, 0, 0, 0, 12),
    M("PB-02", "Permits issued", "count", 0, "none", "output", PERMITS, 520, 29, 12),
    M("PB-03", "Plans approved at first review", "percent", 1, UP, "quality", PERMITS, 54, 2.8, 0, 0, 260, 50),
    M("PB-04", "Inspections within two days", "percent", 1, UP, "quality", PERMITS, 88, 1.8, 0, 0, 1450, 85),
    M("PB-05", "Inspection backlog", "count", 0, DOWN, "quality", PERMITS, 340, 22, 0, 0, 0, 400),
    M("PB-06", "Code complaints", "count", 0, "none", "input", PERMITS, 512, 28, 12, 0, 0, None, True),
    M("PB-07", "Code cases closed in 30 days", "percent", 1, UP, "outcome", PERMITS, 72, 2.1, 0, 0, 480, 70),
    M("PB-08", "Vacant buildings", "count", 0, DOWN, "outcome", HOMES, 431, 7, 0, 0, 0, 450),
    M("PK-01", "Library visits", "count", 0, UP, "outcome", PLACES, 41200, 1500, 600, 0, 0, 38000),
    M("PK-02", "Items lent", "count", 0, UP, "output", PLACES, 73500, 1900, 700),
    M("PK-03", "Park visits", "count", 0, UP, "outcome", PLACES, 88300, 3300, 21000, 0, 0, None, True),
    M("PK-04", "Summer camp places used", "percent", 1, UP, "output", PLACES, 86, 2.4, 0, 0, 1900, 80),
    M("PK-05", "Park work orders done in 10 days", "percent", 1, UP, "quality", PLACES, 78, 2.2, 0, 0, 310, 75),
    M("PK-06", "Residents within a ten-minute walk", "percent", 1, UP, "outcome", PLACES, 71, 0.35, 0, 0, 248000, 70),
    M("PK-07", "Swimming lessons", "count", 0, UP, "output", PLACES, 640, 36, 14),
    M("PK-08", "Trees planted", "count", 0, UP, "output", HEALTH, 118, 12, 5),
    M("HS-01", "Housing starts", "count", 0, UP, "outcome", HOMES, 96, 9.5, 4, 0, 0, 85),
    M("HS-02", "Affordable homes completed", "count", 0, UP, "outcome", HOMES, 22, 4.3, 0, 0, 0, 16),
    M("HS-03", "People in shelter", "count", 0, DOWN, "outcome", HOMES, 412, 15, 6, 0, 0, 450),
    M("HS-04", "Days to a home", "days", 0, DOWN, "outcome", HOMES, 96, 5.2, 0, 0, 0, 110),
    M("HS-05", "Evictions filed", "count", 0, DOWN, "outcome", HOMES, 138, 10.5, 0, 0, 0, 160),
    M("HS-06", "Lead tests above the limit", "percent", 1, DOWN, "outcome", HEALTH, 2.4, 0.5, 0, 0, 640, 3.5),
    M("HS-07", "Restaurant inspections on schedule", "percent", 1, UP, "output", HEALTH, 91, 1.7, 0, 0, 260, 88),
    M("HS-08", "Overdose deaths", "count", 0, DOWN, "outcome", HEALTH, 8.5, 2.2, 0, 0, 0, 12),
    M("HS-09", "Children vaccinated on time", "percent", 1, UP, "outcome", HEALTH, 83, 1.2, 0, 0, 900, 81),
    M("FN-01", "Budget variance, general fund", "percent", 1, "none", "outcome", BUDGET, 0.4, 0.9),
    M("FN-02", "Invoices paid in 30 days", "percent", 1, UP, "quality", BUDGET, 94, 1.1, 0, 0, 3800, 92),
    M("FN-03", "Property tax collected", "percent", 1, UP, "outcome", BUDGET, 97.2, 0.35, 0, 0, 61000, 96.5),
    M("FN-04", "Purchase, days to contract", "days", 0, DOWN, "efficiency", BUDGET, 61, 3.8, 0, 0, 0, 70),
    M("FN-05", "Grants won", "count", 0, UP, "output", BUDGET, 6, 1.9),
    M("FN-06", "Cash reserve, days", "days", 0, UP, "outcome", BUDGET, 74, 2.2, 0, 0, 0, 65),
    M("HR-01", "Sick days per employee", "days", 2, DOWN, "outcome", WORK, 0.78, 0.06, 0, 0, 0, 0.95),
    M("HR-02", "Posts vacant", "percent", 1, DOWN, "input", WORK, 9.1, 0.6, 0, 0, 2140, 11),
    M("HR-03", "Days to hire", "days", 0, DOWN, "efficiency", WORK, 84, 4.6, 0, 0, 0, 100),
    M("HR-04", "Employees leaving", "percent", 2, DOWN, "outcome", WORK, 0.9, 0.13, 0, 0, 2140, 1.3),
    M("HR-05", "Training hours", "count", 0, UP, "output", WORK, 1930, 140),
    M("HR-06", "Workplace injuries", "count", 0, DOWN, "outcome", WORK, 17, 3.2, 0, 0, 0, 24),
    M("HR-07", "311 requests closed within 5 days", "percent", 1, UP, "outcome", ANSWER, 70, 1.7, 0, 0, 8200, 80),
    M("HR-08", "Online services available", "percent", 2, UP, "quality", ANSWER, 99.62, 0.12, 0, 0, 0, 99.2),
    M("HR-09", "Residents satisfied with services", "percent", 1, UP, "outcome", ANSWER, 66, 1.5, 0, 0, 1200, 64, False, "quarter"),
)  # fmt: skip
SOURCES = {
    "EC": "Dispatch system", "FD": "Fire records system", "PD": "Police records system", "PW": "Work-order system",
    "PB": "Permit system", "PK": "Parks and library systems", "HS": "Housing and health systems",
    "FN": "Finance system", "HR": "Personnel and 311 systems",
}  # fmt: skip
WARDS = ("Ward 1", "Ward 2", "Ward 3", "Ward 4", "Ward 5", "Ward 6")
