"""A first look at a file: whether each row is a record, what its columns hold, and a first recipe, which a person corrects."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from citystat.city import City
from citystat.city.observations import Progress
from citystat.collect import recipes, text, workbook
from citystat.collect.guess import CODE_WORDS, name_for
from citystat.collect.words import MISSING, MONTHS
from citystat.errors import CityStatError
from citystat.measures.code import new_code
from citystat.measures.series import definitions
from citystat.records import files
from citystat.records.duck import duck
from citystat.records.recipe import RECORDS, RecordMeasure, RecordRecipe
from citystat.texts import tr

SAMPLE = 20_000  # rows that are looked at
HEAD = 128 * 1024  # bytes that tell whether a file is of records
SHOWN = 20  # rows that are shown
LEAST = 12  # rows of a file that can be told to be of records
MOST_WORDS = 60  # different words of a column that breaks records down, or by which they are chosen
BREAKDOWNS = 4  # at first, those whose titles say that they are one before others
STANDARD = 5.0  # days in which a record should be closed, until a person says another

_DAY = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[ T].*)?$")
_ISO = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[ T].*)?$")
_NAMED = re.compile(r"(?:\d{1,2}[- ]([^\W\d_]{3,})[- ]\d{4}|([^\W\d_]{3,})\.? \d{1,2},? \d{4})(?: .*)?$")
_NUMBER = re.compile(r"[-+−]?[$€£]? ?\d{1,3}(?:,?\d{3})*(?:\.\d+)?$|[-+−]?\d+(?:[.,]\d+)?$")
# titles, as far as they say what a column is; anything else is found in what stands in it
OPENED = re.compile(
    r"creat|open|request|receiv|report|start|issue|filed|submit|occur|incident|arriv|entered|ingreso|apert|inicio|recib",
    re.I,
)
CLOSED = re.compile(r"clos|complet|resol|finish|\bend|final|cerrad|cierre|resuel", re.I)
NUMBERED = re.compile(r"\b(id|no|nr|number|key|case|request|ticket|permit|incident|n[uú]mero|folio)\b|number", re.I)
SPLITS = re.compile(
    r"district|ward|borough|area|zone|precinct|neighbou?rhood|type|categor|kind|nature|depart|agency|distrito|tipo|barrio",
    re.I,
)
STATES = re.compile(r"status|state\b|estado", re.I)


@dataclass(frozen=True)
class Looked:
    """A file of records. titles, rows: its columns and first rows · numbers: columns of figures · words: column → its words, the most
    frequent first, where there are few different ones · recipe: how it is meant · known_as: that recipe's name where it was used before.
    """

    name: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    recipe: RecordRecipe
    known_as: str = ""


@dataclass
class Held:
    """What a column holds, of the rows that were looked at."""

    title: str
    filled: int = 0
    dates: int = 0
    numbers: int = 0
    whole: bool = True
    day_first: int = 0  # dates that can only be read so, less those that cannot
    words: Counter[str] = field(default_factory=Counter)

    @property
    def dated(self) -> bool:
        """A column of days."""
        return self.filled > 0 and self.dates >= 0.95 * self.filled

    @property
    def figures(self) -> bool:
        """A column of numbers that count or measure, and name nothing."""
        names_things = CODE_WORDS.search(self.title.lower()) or NUMBERED.search(self.title) or SPLITS.search(self.title)
        return self.filled > 0 and self.numbers >= 0.98 * self.filled and not names_things

    def own(self, rows: int) -> bool:
        """Whether it holds something of each record's own."""
        return (
            not self.dated
            and self.filled >= 0.95 * rows
            and len(self.words) >= 0.97 * self.filled
            and (self.whole or not self.numbers)
        )


def fitting(city: City, path: Path) -> str:
    """The name of the recipe for records whose last file was called like `path` but for its date; "" where there is none."""
    with city.read() as read:
        found = recipes.fitting(recipes.kept_as(read, RECORDS), path.name)
    return found.name if found else ""


def look(city: City, path: Path, recipe: RecordRecipe | None = None, progress: Progress | None = None) -> Looked:
    """What stands in a file, and how it is meant: by `recipe`, as its last edition was, or guessed. CityStatError: it is no such file."""
    with city.read() as read:
        known = recipes.kept_as(read, RECORDS)
        names = {m.code: m.name for m in definitions(read, retired=True)}
    before = None if recipe is not None else recipes.fitting(known, path.name)
    titles, rows = _sample(path, progress)
    held = _held(titles, rows)
    wanted = recipe or (before.recipe if before else None)
    if wanted is None:
        wanted = replace(_guessed(held, rows, path.name, names), name=recipes.free_name(known, name_for(path.name)))
    words = {
        h.title: tuple(w for w, _ in h.words.most_common())
        for h in held if 0 < len(h.words) <= MOST_WORDS and not h.dated
    }  # fmt: skip
    known_as = (
        before.name if before else next((k.name for k in known if recipe is not None and k.name == recipe.name), "")
    )
    numbers = tuple(h.title for h in held if h.figures)
    return Looked(path.name, titles, tuple(rows[:SHOWN]), numbers, words, wanted, known_as)


def looks_like_records(path: Path) -> bool:
    """Whether each row of a delimited file is probably one event: dated to the day, several a day or with a number of its own."""
    if path.suffix.lower() in workbook.SUFFIXES:
        return False  # would have to be read whole
    try:
        titles, rows = _head(path)
    except (OSError, CityStatError):
        return False  # whoever reads it says what is wrong
    held = _held(titles, rows)
    dated = [h for h in held if h.dated]
    if len(rows) < LEAST or not dated:
        return False
    numbered = any(h.own(len(rows)) and not h.figures for h in held)
    repeated = any(len(h.words) < 0.9 * h.filled for h in dated)
    return numbered and (repeated or len(dated) > 1)


def _head(path: Path) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The same of the first part of a delimited file, whatever its length."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip() or head[:4] in (workbook.OLE, workbook.ZIP):
        return (), []
    text.refuse_binary(path.name, head)
    encoding = "utf-16" if head[:2] in text.UTF16 else "utf-8-sig"
    words = head.decode(encoding, errors="replace")
    rows = list(csv.reader(io.StringIO(words, newline=""), delimiter=text.delimiter(words)))
    if len(head) == HEAD:
        rows = rows[:-1]  # it may be cut
    titles = files.headings(path.name, rows[0]) if rows else ()
    wide = len(titles)
    return titles, [tuple(c.strip() for c in (row + [""] * wide)[:wide]) for row in rows[1:] if any(row)]


def _sample(path: Path, progress: Progress | None) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Titles and first rows; cells that are empty are ""."""
    with duck(progress) as d:
        file = files.open_file(path, d)
        try:
            d.run("SET preserve_insertion_order = true")
            found = d.rows(f"SELECT * FROM ({file.sql}) LIMIT {SAMPLE}")
        except d.errors as error:
            raise files.reason(error, file.name) from error
    return file.titles, [tuple("" if c is None else str(c).strip() for c in row) for row in found]


def _held(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Held]:
    found = []
    for at, title in enumerate(titles):
        held = Held(title, words=Counter(row[at] for row in rows if row[at].lower() not in MISSING and row[at]))
        for word, n in held.words.items():
            held.filled += n
            first = _is_day(word)
            held.dates += n * (first is not None)
            held.day_first += first or 0
            if first is None and _NUMBER.match(word):
                held.numbers += n
                held.whole = held.whole and "." not in word
        found.append(held)
    return found


def _is_day(word: str) -> int | None:
    """None: no date; 1: only with the day first, -1: only with the month first, 0: either."""
    found = _DAY.match(word)
    if found:
        a, b = int(found[1]), int(found[3])
        if not (1 <= a <= 31 and 1 <= b <= 31 and min(a, b) <= 12):
            return None
        return 1 if a > 12 or found[2] == "." else -1 if b > 12 else 0
    if _ISO.match(word):
        return 0
    found = _NAMED.match(word)
    return 0 if found and (found[1] or found[2]).lower() in MONTHS else None


## A first recipe


def _guessed(
    held: Sequence[Held], rows: Sequence[Sequence[str]], called: str, names: Mapping[str, str]
) -> RecordRecipe:
    dated = [h for h in held if h.dated]
    closed = next((h for h in dated if CLOSED.search(h.title) and len(dated) > 1), None)
    begins = [h for h in dated if h is not closed]
    opened = next((h for h in begins if OPENED.search(h.title)), None) or max(
        begins, key=lambda h: h.filled, default=None
    )
    own = [h for h in held if h.own(len(rows)) and h not in dated]
    key = next((h for h in own if NUMBERED.search(h.title)), own[0] if own else None)
    splits = [
        h for h in held
        if 1 < len(h.words) <= MOST_WORDS and h.filled >= 0.8 * len(rows) and not h.dated and not h.figures and not STATES.search(h.title)
    ]  # fmt: skip
    splits.sort(key=lambda h: (not SPLITS.search(h.title), len(h.words)))
    base = RecordRecipe(
        opened=opened.title if opened else "", closed=closed.title if closed else "", key=key.title if key else "",
        breakdowns=tuple(h.title for h in splits[:BREAKDOWNS]), day_first=sum(h.day_first for h in dated) > 0,
    )  # fmt: skip
    return replace(base, measures=_measures(base, [h.title for h in held if h.figures], name_for(called), names))


def _measures(
    recipe: RecordRecipe, numbers: Sequence[str], called: str, names: Mapping[str, str]
) -> tuple[RecordMeasure, ...]:
    """How many were opened; with a date of closing how many were closed, how quickly, and how many wait; a sum of each column of figures."""
    thing = called.replace("_", " ").replace("-", " ").strip()
    thing = thing[:1].upper() + thing[1:]
    wanted = [RecordMeasure("", tr("{thing}: opened", thing=thing))]
    if recipe.closed:
        wanted += [
            RecordMeasure("", tr("{thing}: closed", thing=thing), by="closed"),
            RecordMeasure("", tr("{thing}: median days to close", thing=thing), "median", decimals=1, direction="lower"),
            RecordMeasure(
                "", tr("{thing}: closed within {n} days", thing=thing, n=f"{STANDARD:g}"), "share", within=STANDARD, decimals=1, direction="higher"
            ),
            RecordMeasure("", tr("{thing}: open at the end of the month", thing=thing), "backlog", direction="lower"),
        ]  # fmt: skip
    wanted += [RecordMeasure("", f"{thing}: {n}", "sum", value=n) for n in numbers[:2]]
    taken = set(names)
    known = {name: code for code, name in names.items()}
    made = []
    for m in wanted:
        code = known.get(m.name) or new_code(m.name, taken)
        taken.add(code)
        made.append(replace(m, code=code))
    return tuple(made)
