"""Words that files use, as tables: missing values, totals, months, currencies."""

from __future__ import annotations

MISSING = (
    "", "-", "–", "—", ".", "..", "...", "…", "n/a", "na", "n.a.", "#n/a", "nan", "null", "none", "missing", "not available",
    "not yet available", "nyv", "no data", "x", "*", "k.a.", "k. a.", "s/d", "nd", "n.d.", "tbd", "pending",
    "suppressed", "not reported", "s/o", "nicht verfügbar",
)  # fmt: skip
TOTALS = ("total", "totals", "sum", "grand total", "insgesamt", "summe", "gesamt", "total general", "subtotal")
AVERAGES = ("average", "avg", "mean", "durchschnitt", "promedio", "fy avg", "ytd", "year to date", "fy total", "fytd")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar enero ene janvier", "february feb februar febrero",
            "march mar märz maerz mär mrz marzo", "april apr abril abr", "may mai mayo",
            "june jun juni junio", "july jul juli julio", "august aug agosto ago",
            "september sep sept septiembre", "october oct oktober okt octubre",
            "november nov noviembre", "december dec dezember dez diciembre dic",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
YEAR_WORDS = ("fy", "year", "jahr", "plan", "ergebnis", "budget", "actual", "adopted", "result")


def folded(text: str) -> str:
    """Small letters, one space between words."""
    return " ".join(text.lower().split())
