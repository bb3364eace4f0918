"""Word files with python-docx: real styles, header rows that repeat, alternative texts, fields for page numbers.

The same content gives the same bytes but for the dates. A file is written beside its place and moved there
when it is whole, so nothing is ever half-written.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu

from citystat.charts.chart import Chart
from citystat.documents import content
from citystat.documents.template import check_template, own_template
from citystat.errors import CityStatError
from citystat.texts import tr

Picture = Callable[[Chart, float, float], bytes]  # chart, width in cm, height in cm → PNG
EPOCH = (1980, 1, 1, 0, 0, 0)
LANGUAGES = {"en": "en-US", "es": "es-ES"}


def write(
    document: content.Document, to: Path, *, picture: Picture, now: datetime, template: Path | None = None
) -> None:
    """Write `document` to `to`; picture paints its charts; template: the office's own .docx with the named styles.

    CityStatError where the template does not fit or the file cannot be written.
    """
    if template is not None:
        check_template(template)
    word = docx.Document(str(template) if template else io.BytesIO(own_template()))
    writer = _Writer(word, picture)
    _properties(word, document, now)
    _title(word, document)
    for block in document.blocks:
        writer.write(block)
    _footer(word, document.footer)
    _replace(to, _stable(word))


class _Writer:
    """Writes blocks one after the other; counts figures."""

    def __init__(self, word: Any, picture: Picture) -> None:
        self._word = word
        self._picture = picture
        self._figures = 0
        section = word.sections[0]
        self._width: int = section.page_width - section.left_margin - section.right_margin

    def write(self, block: content.Block) -> None:
        """Write one block by its kind."""
        {
            content.Heading: self._heading, content.Paragraph: self._paragraph, content.Items: self._items,
            content.Table: self._table, content.Figure: self._figure, content.Signatures: self._signatures,
            content.PageBreak: self._page_break,
        }[type(block)](block)  # type: ignore[operator]  # fmt: skip

    def _heading(self, block: content.Heading) -> None:
        self._word.add_paragraph(block.text, style=f"Heading {block.level}")

    def _paragraph(self, block: content.Paragraph) -> None:
        styles = {
            "body": "Normal",
            "lead": "Subtitle",
            "small": "Caption",
            "question": "List Bullet",
            "missing": "Normal",
        }
        paragraph = self._word.add_paragraph(style=styles[block.style])
        if block.lead:
            paragraph.add_run(block.lead + " ").bold = True
        paragraph.add_run(block.text)

    def _items(self, block: content.Items) -> None:
        for text in block.items:
            self._word.add_paragraph(text, style="List Number" if block.numbered else "List Bullet")

    def _table(self, block: content.Table) -> None:
        table = self._word.add_table(rows=1 + len(block.rows), cols=len(block.header))
        table.style = "CityStat Table"
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        shares = block.widths or (1.0,) * len(block.header)
        widths = [round(self._width * share / sum(shares)) for share in shares]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Emu(width)
        for number, (row, texts) in enumerate(zip(table.rows, (block.header, *block.rows), strict=True)):
            _row(row, texts, widths, block.right, header=number == 0)
        if block.summary:
            _element(table._tbl.tblPr, "w:tblDescription", {"w:val": block.summary})

    def _figure(self, block: content.Figure) -> None:
        self._figures += 1
        width = self._width / Cm(1)
        data = self._picture(block.chart, width, width * block.height)
        paragraph = self._word.add_paragraph(style="Normal")
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(data), width=Emu(self._width))
        shape._inline.docPr.set("descr", block.chart.reading)
        shape._inline.docPr.set("name", tr("Figure {n}", n=self._figures))
        self._word.add_paragraph(f"{tr('Figure {n}', n=self._figures)}. {block.caption}", style="Caption")

    def _signatures(self, block: content.Signatures) -> None:
        rows = tuple((role, signed or "") for role, signed in block.lines)
        self._table(content.Table((tr("Approved"), tr("Name and date")), rows, (1, 2), summary=tr("Approval")))

    def _page_break(self, _block: content.PageBreak) -> None:
        paragraphs = self._word.paragraphs
        if paragraphs:
            paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)


def _row(row: Any, texts: tuple[str, ...], widths: list[int], right: tuple[int, ...], *, header: bool) -> None:
    """One row: header rows repeat on every page, and no row is split across two."""
    properties = row._tr.get_or_add_trPr()
    _element(properties, "w:cantSplit", {})
    if header:
        _element(properties, "w:tblHeader", {})
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.width = Emu(widths[place])
        paragraph = cell.paragraphs[0]
        paragraph.style = "Table Head" if header else "Table Text"
        paragraph.add_run(text)
        if place in right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _title(word: Any, document: content.Document) -> None:
    """The title block stands where the template's first paragraph is, so that no empty one is left."""
    first = word.paragraphs[0] if word.paragraphs and not word.paragraphs[0].text else None
    if document.over:
        _line(word, first, document.over, "Header Line")
        first = None
    _line(word, first, document.title, "Title")
    if document.under:
        word.add_paragraph(document.under, style="Subtitle")


def _line(word: Any, into: Any, text: str, style: str) -> None:
    if into is None:
        word.add_paragraph(text, style=style)
    else:
        into.style = style
        into.add_run(text)


def _footer(word: Any, text: str) -> None:
    """The document's line at the left, "Page 1 of 4" at the right; an office's own footer stays."""
    footer = word.sections[0].footer
    paragraph = footer.paragraphs[0] if footer.paragraphs else footer.add_paragraph()
    if paragraph.text.strip():
        paragraph = footer.add_paragraph()
    paragraph.style = "Footer"
    paragraph.add_run(f"{text}\t{tr('Page')} ")
    _field(paragraph, "PAGE")
    paragraph.add_run(f" {tr('of')} ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    for kind, words in (("begin", None), (None, name), ("separate", None), ("shown", "1"), ("end", None)):
        run = paragraph.add_run()
        if kind is None:
            instruction = _element(run._r, "w:instrText", {"xml:space": "preserve"})
            instruction.text = words
        elif kind == "shown":
            run.text = words
        else:
            _element(run._r, "w:fldChar", {"w:fldCharType": kind})


def _properties(word: Any, document: content.Document, now: datetime) -> None:
    core = word.core_properties
    core.title, core.author, core.language = document.title, document.over or "CityStat", LANGUAGES[document.language]
    core.created = core.modified = now
    core.last_modified_by, core.revision, core.comments = "CityStat", 1, ""
    for style in word.styles.element.iter(qn("w:lang")):
        style.set(qn("w:val"), LANGUAGES[document.language])


def _element(parent: Any, name: str, attributes: dict[str, str]) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    parent.append(made)
    return made


def _stable(word: Any) -> bytes:
    """The file with fixed times inside its archive."""
    raw, steady = io.BytesIO(), io.BytesIO()
    word.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return steady.getvalue()


def _replace(to: Path, data: bytes) -> None:
    part = to.with_name(to.name + ".part")
    try:
        part.write_bytes(data)
        os.replace(part, to)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CityStatError(
            tr("The document could not be written ({why})", why=error.strerror or str(error)),
            where=str(to),
            do=tr("Close it in Word if it is open there, or choose another folder"),
        ) from error
