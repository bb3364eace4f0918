"""How documents write what was captured in a hurry: as sentences, with days in words and lists that read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from citystat import periods
from citystat.charts.chart import Chart
from citystat.texts import tr


def capital(text: str) -> str:
    """`text` with a capital at its beginning; words with a capital of their own ("iPads") stay as they are."""
    text = text.strip()
    at = next((i for i, letter in enumerate(text) if letter.isalnum()), None)
    if at is None or any(letter.isupper() for letter in text[at:].split(maxsplit=1)[0]):
        return text
    return text[:at] + text[at].upper() + text[at + 1 :]


def sentence(text: str) -> str:
    """`text` with a capital and an end."""
    text = capital(text)
    return text if not text or text.rstrip("”\"')»").endswith((".", "?", "!", "…", ":")) else text + "."


def listed(words: Sequence[str]) -> str:
    """ "one decision, two action items and one question"."""
    if len(words) < 2:
        return "".join(words)
    return tr("{words} and {last}", words=", ".join(words[:-1]), last=words[-1])


def day_in_words(day: date) -> str:
    """ "Thursday 12 March 2026"."""
    return tr(
        "{weekday} {day} {month} {year}",
        weekday=tr(periods.WEEKDAYS[day.weekday()]), day=day.day,
        month=tr(periods.MONTH_NAMES_LONG[day.month - 1]), year=day.year,
    )  # fmt: skip


def date_in_words(day: date) -> str:
    """ "12 March 2026"."""
    return tr("{day} {month} {year}", day=day.day, month=tr(periods.MONTH_NAMES_LONG[day.month - 1]), year=day.year)


def day_in_table(day: date | None) -> str:
    """ "12 Mar 2026", breaking before the year where a column is narrow; a dash where there is none."""
    return periods.day_label(day).replace(" ", "\u00a0", 1) if day else "–"


def caption_of(chart: Chart, *, headline: bool = False) -> str:
    """Beneath a picture on paper: what it shows, what must be said with it, and where its figures come from."""
    said = [capital(chart.headline)] if headline else []
    return " ".join(
        f"{words.removesuffix('.')}." for words in (*said, capital(chart.subject), chart.caveat, chart.source) if words
    )
