"""The Word file itself: real styles, tables that read, nothing half-written, the same bytes for the same words."""

from __future__ import annotations

import base64
import io
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import numpy as np
import pytest
from docx.oxml.ns import qn
from docx.shared import RGBColor

from citystat.charts.chart import Chart, Line
from citystat.documents import content
from citystat.documents.template import STYLES, completed, own_template, read_template
from citystat.documents.word import write
from citystat.errors import CityStatError

NOW = datetime(2026, 3, 12, 12)
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CHART = Chart(
    "EC-01", "Above target", "Calls", "Source: dispatch", (Line("Calls", np.array([1.0]), ()),), ("Feb 2026",),
    reading="Above target. Calls.",
)  # fmt: skip
DOCUMENT = content.Document(
    "minutes", "Stat, minutes", "City of Test", "Thursday 12 March 2026", "Draft of 12 March 2026", "en",
    (
        content.Heading("1 Calls"), content.Paragraph("Above target.", "Shown.", keep=True),
        content.Figure(CHART, "Calls, monthly."), content.Heading("Questions", 2), content.Items(("Why?", "Who?")),
        content.Items(("First", "Second"), numbered=True),
        content.Table(("No.", "Who"), (("A-001", "Dana\nFire"), ("A-002", "Lucia")), (1, 3), summary="Promises"),
        content.Paragraph("After the table."), content.Signatures((("Chair", "Elena", ""),)),
    ),
)  # fmt: skip


def picture(_chart: Chart, _width: float, _height: float) -> bytes:
    return DOT


def written(to: Path, document: content.Document = DOCUMENT, template: bytes | None = None, now: datetime = NOW):
    write(document, to, picture=picture, now=now, template=template)
    return docx.Document(str(to))


@pytest.fixture
def word(tmp_path: Path):
    return written(tmp_path / "a.docx")


def test_text_stands_in_styles_and_no_paragraph_is_empty(word) -> None:
    used = [p.style.name for p in word.paragraphs]
    assert used[:4] == ["Header Line", "Title", "Subtitle", "Heading 1"]
    assert {"List Bullet", "List Number", "Caption", "Normal"} <= set(used)
    empty = [p for p in word.paragraphs if not p.text.strip() and not list(p._p.iter(qn("w:drawing")))]
    assert empty == []


def test_headings_go_down_without_gaps(word) -> None:
    levels = [int(p.style.name[-1]) for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_header_rows_repeat_and_no_row_is_split(word) -> None:
    for table in word.tables:
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows][0]
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    assert word.tables[0].cell(1, 1).text == "Dana\nFire"


def test_pictures_say_what_they_show(word) -> None:
    drawn = [e for e in word.element.body.iter() if e.tag.endswith("}docPr")]
    assert [e.get("descr") for e in drawn] == ["Above target. Calls."]
    assert [drawn[0].getparent().get(side) for side in ("distL", "distR")] == ["0", "0"], "flush with the text"


def test_title_language_and_page_numbers_are_set(word) -> None:
    assert (word.core_properties.title, word.core_properties.language) == ("Stat, minutes", "en-US")
    assert {e.get(qn("w:val")) for e in word.styles.element.iter(qn("w:lang"))} == {"en-US"}
    for footer in (word.sections[0].footer, word.sections[0].first_page_footer):
        assert "Draft of 12 March 2026" in footer.paragraphs[0].text
        fields = [e.text for e in footer._element.iter(qn("w:instrText"))]
        assert fields == ["PAGE", "NUMPAGES"]


def test_every_colour_of_text_reads_on_white() -> None:
    def light(colour: RGBColor) -> float:
        parts = [c / 255 for c in colour]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    word = docx.Document(io.BytesIO(own_template()))
    assert all(1.05 / (light(word.styles[name].font.color.rgb) + 0.05) >= 4.5 for name in STYLES)


def test_the_file_carries_its_fonts(tmp_path: Path) -> None:
    written(tmp_path / "a.docx")
    with zipfile.ZipFile(tmp_path / "a.docx") as file:
        fonts = [n for n in file.namelist() if n.endswith(".odttf")]
        assert len(fonts) == 2
        assert b'w:altName w:val="Arial"' in file.read("word/fontTable.xml")
        assert b"embedTrueTypeFonts" in file.read("word/settings.xml")


def test_the_same_words_give_the_same_bytes_but_for_the_dates(tmp_path: Path) -> None:
    for name, now in (("a", NOW), ("b", NOW), ("c", datetime(2027, 1, 1))):
        written(tmp_path / f"{name}.docx", now=now)
    first, again, later = ((tmp_path / f"{n}.docx").read_bytes() for n in "abc")
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as a, zipfile.ZipFile(io.BytesIO(later)) as c:
        assert [n for n in a.namelist() if a.read(n) != c.read(n)] == ["docProps/core.xml"]


def test_what_the_disk_refuses_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder.docx").mkdir()
    for to in (tmp_path / "folder.docx", tmp_path / "nowhere" / "a.docx"):
        with pytest.raises(CityStatError, match="cannot be written|not a file"):
            written(to)
    assert [p.name for p in tmp_path.iterdir()] == ["folder.docx"]


def test_a_template_that_is_no_word_file_is_refused_by_name(tmp_path: Path) -> None:
    for name, data in (("notes.docx", b"hello"), ("old.doc", b"\xd0\xcf\x11\xe0" + b"x" * 99), ("zip.docx", _zip())):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(CityStatError) as refused:
            read_template(tmp_path / name)
        assert refused.value.where == name
    with pytest.raises(CityStatError, match="no such file"):
        read_template(tmp_path / "absent.docx")


def _zip() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("a.txt", "a")
    return data.getvalue()


def test_a_template_without_the_styles_is_refused_with_their_names_and_can_be_completed(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "plain.docx"))
    with pytest.raises(CityStatError, match="Header Line, Table Head, Table Text, CityStat Table"):
        read_template(tmp_path / "plain.docx")
    (tmp_path / "done.docx").write_bytes(completed((tmp_path / "plain.docx").read_bytes()))
    assert written(tmp_path / "a.docx", template=read_template(tmp_path / "done.docx")).tables


def test_an_offices_template_keeps_its_header_and_gives_its_styles(tmp_path: Path) -> None:
    office = docx.Document(io.BytesIO(own_template()))
    office.sections[0].different_first_page_header_footer = False
    office.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(DOT))
    office.styles["Heading 1"].font.name = "Georgia"
    office.add_paragraph("")
    office.save(str(tmp_path / "office.docx"))
    word = written(tmp_path / "a.docx", template=read_template(tmp_path / "office.docx"))
    assert list(word.sections[0].header._element.iter(qn("w:drawing")))
    assert "Stat, minutes" not in word.sections[0].header.paragraphs[0].text
    assert word.styles["Heading 1"].font.name == "Georgia"
    assert word.paragraphs[0].text == "City of Test"


def test_a_dotx_serves_as_a_template(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(own_template())) as source, zipfile.ZipFile(tmp_path / "t.dotx", "w") as target:
        for name in source.namelist():
            target.writestr(
                name, source.read(name).replace(b"wordprocessingml.document.main", b"wordprocessingml.template.main")
            )
    assert written(tmp_path / "a.docx", template=read_template(tmp_path / "t.dotx")).paragraphs
