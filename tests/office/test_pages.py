"""LibreOffice turns the Word files into pages: nothing is lost, nothing stands alone, the family is the same."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from citystat.city import City
from citystat.documents.content import Document, Figure, Heading, Table
from citystat.meetings import agenda, capture, papers, running
from citystat.meetings.meeting import next_meeting
from citystat.sample.riverton import make

MISSING = [p for p in ("soffice", "pdftotext", "pdftoppm", "pdfimages", "pdffonts") if shutil.which(p) is None]
pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(
        bool(MISSING), reason=f"{', '.join(MISSING)} missing: `make test` installs LibreOffice and poppler"
    ),
]
TODAY, NOW = date(2026, 3, 10), datetime(2026, 3, 12, 10)
WORDS = (
    "explain why the three worst months stand out",
    "compare with three neighbouring cities",
    "fill the four posts",
)


@dataclass
class Paper:
    """A Word file as content, as pages of text, and as a PDF."""

    content: Document
    pages: list[str]
    pdf: Path

    @property
    def text(self) -> str:
        return plain(" ".join(self.pages))


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u2011", "-").split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, qapp: object) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def short(folder: Path) -> dict[str, Paper]:
    """The sample's meeting with four charts and twelve promises."""
    return held(folder / "short", charts=4, promises=12)


@pytest.fixture(scope="module")
def long(folder: Path) -> dict[str, Paper]:
    """Thirty charts and two hundred promises."""
    return held(folder / "long", charts=30, promises=200)


@pytest.fixture(scope="module")
def empty(folder: Path) -> dict[str, Paper]:
    """A meeting in which nothing was shown or said."""
    return held(folder / "empty", charts=0, promises=0)


def held(folder: Path, *, charts: int, promises: int) -> dict[str, Paper]:
    from citystat.views.chart.picture import document_picture

    folder.mkdir()
    made: dict[str, Document] = {}
    with make(folder / "Riverton.citystat", today=TODAY) as city:
        meeting = hold(city, charts, promises)
        for kind in papers.KINDS:
            to = folder / f"{kind}.docx"
            papers.write_paper(city, kind, meeting, to, picture=document_picture, today=TODAY, now=NOW)
            with city.read() as read:
                made[kind] = papers.KINDS[kind].compose(read, meeting, today=TODAY)
    convert = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    files = [str(folder / f"{kind}.docx") for kind in made]
    subprocess.run([*convert, "--outdir", str(folder), *files], check=True, capture_output=True, timeout=240)
    return {kind: paper(content, folder / f"{kind}.pdf") for kind, content in made.items()}


def hold(city: City, charts: int, promises: int) -> int:
    with city.read() as read:
        found = next_meeting(read, TODAY)
        assert found is not None
        items = [i.id for i in agenda.agenda(read, found.id) if i.measures]
        against = capture.context(read, found.id, NOW.date())
    running.start(city, found.id, NOW)
    for n in range(charts):
        running.show(city, found.id, items[n % len(items)], n + 1, {}, NOW)
    for n in range(promises):
        line = f"action {WORDS[n % 3]} in case {n} @{('dw', 'lo', 'rh')[n % 3]} ^in {n % 5 + 1} weeks =memo"
        capture.keep(city, found.id, capture.parse(line, against), item_id=items[n % len(items)], now=NOW)
    running.adjourn(city, found.id, NOW + timedelta(minutes=88))
    return found.id


def paper(content: Document, pdf: Path) -> Paper:
    said = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    return Paper(content, said.split("\f")[:-1], pdf)


def pictures(pdf: Path) -> list[int]:
    """The page of every picture."""
    said = subprocess.run(["pdfimages", "-list", str(pdf)], check=True, capture_output=True, text=True).stdout
    return [int(line.split()[0]) for line in said.splitlines() if " image " in line]


def test_page_counts(short: dict[str, Paper], long: dict[str, Paper], empty: dict[str, Paper]) -> None:
    assert len(short["followup"].pages) == 1, "twelve promises fit on one page"
    assert len(empty["followup"].pages) == 1
    assert len(empty["minutes"].pages) == 2
    assert 4 <= len(short["minutes"].pages) <= 5
    assert 6 <= len(short["briefing"].pages) <= 8
    assert len(long["minutes"].pages) <= 36, "two hundred promises, each under its item and in the table"


def test_every_heading_promise_and_page_number_is_on_paper(short: dict[str, Paper], long: dict[str, Paper]) -> None:
    for one in (*short.values(), *long.values()):
        for block in one.content.blocks:
            if isinstance(block, Heading):
                assert plain(block.text) in one.text
        assert f"Page 1 of {len(one.pages)}" in one.text
        assert f"Page {len(one.pages)} of {len(one.pages)}" in one.text
    codes = [
        r[0] for b in long["minutes"].content.blocks if isinstance(b, Table) for r in b.rows if r[0].startswith("A-")
    ]
    assert len(codes) > 200
    assert [c for c in codes if c not in long["minutes"].text] == []


def test_a_long_table_repeats_its_head_on_every_page(long: dict[str, Paper]) -> None:
    pages = long["minutes"].pages
    first = next(n for n, page in enumerate(pages) if "Action items" in page and "No." in page)
    last = next(n for n, page in enumerate(pages) if "Next meeting" in page)
    assert last - first >= 5
    inside = pages[first + 1 : last]
    assert all(page.count("No.") == 1 and "Form" in page and "Status" in page for page in inside)


def test_no_heading_stands_alone_at_a_pages_foot(short: dict[str, Paper], long: dict[str, Paper]) -> None:
    for one in (*short.values(), *long.values()):
        headings = {plain(b.text) for b in one.content.blocks if isinstance(b, Heading)}
        for page in one.pages:
            lines = [plain(line) for line in page.splitlines() if line.strip()]
            assert lines[-1].endswith(f"of {len(one.pages)}"), "the footer is last"
            assert lines[-2] not in headings


def test_no_page_but_the_last_is_nearly_empty(short: dict[str, Paper], long: dict[str, Paper]) -> None:
    for one in (*short.values(), *long.values()):
        assert [n for n, full in enumerate(filled(one.pdf)[:-1], 1) if full < 0.5] == []


def filled(pdf: Path) -> list[float]:
    """How far down each page's text or pictures reach, between its header and its footer."""
    made = pdf.with_name(pdf.stem + "-small")
    subprocess.run(["pdftoppm", "-r", "20", "-gray", str(pdf), str(made)], check=True, capture_output=True)
    found = []
    for page in sorted(pdf.parent.glob(f"{made.name}-*.pgm")):
        _, size, _, pixels = page.read_bytes().split(b"\n", 3)
        width, height = map(int, size.split())
        rows = np.frombuffer(pixels, np.uint8).reshape(height, width)[round(height * 0.075) : round(height * 0.91)]
        inked = np.flatnonzero((rows < 200).any(axis=1))
        found.append(float(inked[-1] + 1) / len(rows) if len(inked) else 0.0)
    return found


def test_every_picture_is_there_with_its_caption_on_the_same_page(
    short: dict[str, Paper], long: dict[str, Paper]
) -> None:
    for one in (short["minutes"], short["briefing"], long["minutes"]):
        figures = sum(isinstance(b, Figure) for b in one.content.blocks)
        captions = [n for n, page in enumerate(one.pages, 1) for _ in range(page.count("Figure "))]
        assert len(captions) == figures
        assert pictures(one.pdf) == captions


def test_the_pages_are_set_in_the_family_that_the_file_carries(short: dict[str, Paper]) -> None:
    for one in short.values():
        said = subprocess.run(["pdffonts", str(one.pdf)], check=True, capture_output=True, text=True).stdout
        assert "Inter-Regular" in said
        assert "Inter-Bold" in said
        assert "DejaVu" not in said
