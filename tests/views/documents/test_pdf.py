"""A document as PDF: every word of it on the page, tables that go on with their head, nothing half-written."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication

from citystat.city import City
from citystat.documents.content import Block, Document, Figure, Heading, Image, Items, Paragraph, Signatures, Table
from citystat.errors import CityStatError
from citystat.goals.glance import compose
from citystat.measures.picture import chart_of_series
from citystat.measures.standing import standing
from citystat.views.chart.picture import png
from citystat.views.documents.paper import write_paper
from citystat.views.documents.pdf import write_pdf
from citystat.views.shell import theme


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    """As in the window: the application's own font has tabular figures."""
    theme.apply(qapp, dark=False)


def a_document(*blocks: Block, wide: bool = False) -> Document:
    return Document(
        "briefing", "Goals at a glance", "City of Riverton", "12 goals", "As of 10 Mar 2026", "en", blocks, wide=wide
    )


def text_of(path: Path) -> list[str]:
    """The words of each page, as a reader for PDF finds them."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


def test_every_block_is_there(sample_city: City, tmp_path: Path, qapp: object) -> None:
    with sample_city.read() as read:
        now = standing(read, "EC-01")
    chart = chart_of_series(now.series, now.judgement, as_of=None)
    document = a_document(
        Heading("Safe streets"), Paragraph("Whoever calls is answered.", lead="On track."),
        Items(("First thing", "Second thing"), numbered=True), Table(("Measure", "So far"), (("Calls", "92.9 %\nFY26"),), right=(1,)),
        Figure(chart, "Calls answered"), Image(png(chart), "the same", "Calls once more"), Signatures((("Mayor", "Ana Reyes", ""),)),
    )  # fmt: skip
    write_pdf(document, tmp_path / "a.pdf")
    said = " ".join(text_of(tmp_path / "a.pdf"))
    for words in (
        "Goals at a glance", "City of Riverton", "12 goals", "As of 10 Mar 2026", "Page 1 of", "Safe streets", "On track. Whoever calls",
        "First thing", "Second thing", "92.9 % FY26", "Figure 1. Calls answered", "Figure 2. Calls once more", "Ana Reyes",
    ):  # fmt: skip
        assert words in said, words
    assert sum(len(page.images) for page in PdfReader(tmp_path / "a.pdf").pages) == 2
    assert PdfReader(tmp_path / "a.pdf").metadata.title == "Goals at a glance"


def test_a_long_table_repeats_its_head_on_every_page(tmp_path: Path, qapp: object) -> None:
    rows = tuple((f"Measure {n}", "1") for n in range(120))
    write_pdf(a_document(Table(("Name of the measure", "Value"), rows)), tmp_path / "long.pdf")
    pages = text_of(tmp_path / "long.pdf")
    assert len(pages) > 2
    assert all("Name of the measure" in page for page in pages)
    found = re.findall(r"Measure (\d+)", " ".join(pages))
    assert [int(n) for n in found] == list(range(120))
    assert [f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)


def test_rows_are_not_parted_and_headings_stay_with_what_they_head(tmp_path: Path, qapp: object) -> None:
    rows = tuple((f"Measure {n}", f"1\nsecond line {n}") for n in range(60))
    blocks = [
        b
        for n in range(9)
        for b in (Heading(f"Goal {n}", 2), Paragraph("Its owner.", keep=True), Table(("A", "B"), rows[: n + 5]))
    ]
    write_pdf(a_document(*blocks, Table(("A", "B"), rows)), tmp_path / "kept.pdf")
    pages = text_of(tmp_path / "kept.pdf")
    for page in pages:
        assert (
            len(re.findall(r"Measure \d+ 1 second line \d+", page))
            == page.count("Measure ")
            == page.count("second line ")
        )
        assert re.search(r"Goal \d( Its owner\.)?( A B)? As of", page) is None  # nothing but its head at the foot


def test_a_wide_document_lies_across(tmp_path: Path, qapp: object) -> None:
    write_pdf(a_document(wide=True), tmp_path / "wide.pdf")
    box = PdfReader(tmp_path / "wide.pdf").pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (842, 595)  # A4 in points


def test_goals_at_a_glance_as_pdf_and_as_word(sample_city: City, today: date, tmp_path: Path, qapp: object) -> None:
    with sample_city.read() as read:
        content = compose(read, today)
    for ending in ("pdf", "docx"):
        to = tmp_path / f"glance.{ending}"
        assert write_paper(content, to, template=None, now=datetime(2026, 3, 10, 9)) == to
    said = " ".join(text_of(tmp_path / "glance.pdf"))
    assert "Help arrives in time" in said
    assert "How this is found." in said
    with pytest.raises(CityStatError, match=r"\.docx or \.pdf"):
        write_paper(content, tmp_path / "glance.odt", template=None, now=datetime(2026, 3, 10, 9))


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path: Path, qapp: object) -> None:
    with pytest.raises(CityStatError):
        write_pdf(a_document(), tmp_path / "nowhere" / "a.pdf")
    assert list(tmp_path.iterdir()) == []
