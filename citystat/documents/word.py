"""Word files with python-docx: real styles, header rows that repeat, alternative texts, fields for page numbers.

The same content gives the same bytes but for the dates. A file is written beside its place and moved there
when it is whole, so nothing is ever half-written.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from citystat.charts.chart import Chart
from citystat.documents import content
from citystat.documents.template import TABLE, own_template
from citystat.files import write_bytes
from citystat.printable import printable
from citystat.texts import speaking, tr

Picture = Callable[[Chart, float, float], bytes]  # chart, width in cm, height in cm → PNG
EPOCH = (1980, 1, 1, 0, 0, 0)
LANGUAGES = {"en": "en-US", "es": "es-US"}
PARAGRAPHS = {"body": "Normal", "lead": "Normal", "small": "Caption"}
AFTER_TABLE = Pt(10)  # a table has no space of its own beneath it
TOGETHER = 4  # rows: a table no longer than this stays on one page


def write(
    document: content.Document, to: Path, *, picture: Picture, now: datetime, template: bytes | None = None
) -> None:
    """Write `document` to `to`; picture paints its charts; template: of read_template(), None for CityStat's own.

    CityStatError where the file cannot be written.
    """
    document = _printable(document)
    with speaking(document.language):
        word = docx.Document(io.BytesIO(template or own_template()))
        _clear_end(word)
        if document.wide:
            _lay_across(word)
        _properties(word, document, document.stamp or now)
        writer = _Writer(word, picture, compact=document.compact)
        writer.title(document)
        for block in document.blocks:
            writer.write(block)
        _running_title(word, document, own=template is None)
        _footers(word, document.footer)
    write_bytes(to, _stable(word))


def _printable(value: Any) -> Any:
    """The same content without the control characters that no XML may hold: one of them would cost the whole document."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, tuple):
        return tuple(_printable(v) for v in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _printable(getattr(value, f.name)) for f in fields(value)})
    return value


class _Writer:
    """Writes blocks one after the other; counts figures."""

    def __init__(self, word: Any, picture: Picture, *, compact: bool) -> None:
        self._word, self._picture, self._compact = word, picture, compact
        self._figures = 0
        self._after_table = False
        self._styles = {style.name: style.style_id for style in word.styles}
        section = word.sections[0]
        self._width: int = section.page_width - section.left_margin - section.right_margin
        self._tall = 0.72 * (section.page_height - section.top_margin - section.bottom_margin)

    def title(self, document: content.Document) -> None:
        """The title block: the small line, the title, the line beneath."""
        for text, style in ((document.over, "Header Line"), (document.title, "Title"), (document.under, "Subtitle")):
            if text:
                self._add(text, style)

    def write(self, block: content.Block) -> None:
        """Write one block by its kind."""
        {
            content.Heading: self._heading, content.Paragraph: self._paragraph, content.Items: self._items,
            content.Table: self._table, content.Figure: self._figure, content.Image: self._image,
            content.Signatures: self._signatures,
        }[type(block)](block)  # type: ignore[operator]  # fmt: skip

    def _add(self, text: str, style: str) -> Any:
        paragraph = self._word.add_paragraph(text, style=style)
        if self._after_table and not style.startswith("Heading"):
            paragraph.paragraph_format.space_before = AFTER_TABLE
        self._after_table = False
        return paragraph

    def _heading(self, block: content.Heading) -> None:
        paragraph = self._add(block.text, f"Heading {block.level}")
        if self._compact:
            paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(9), Pt(3)
            paragraph.runs[0].font.size = Pt(11)

    def _paragraph(self, block: content.Paragraph) -> None:
        paragraph = self._add("", PARAGRAPHS[block.style])
        if block.lead:
            paragraph.add_run(block.lead + " ").bold = True
        paragraph.add_run(block.text)
        if block.keep:
            paragraph.paragraph_format.keep_with_next = True
        if self._compact:
            paragraph.paragraph_format.space_after = Pt(2)

    def _items(self, block: content.Items) -> None:
        for place, text in enumerate(block.items):
            paragraph = self._add(text, "List Number" if block.numbered else "List Bullet")
            paragraph.paragraph_format.keep_together = True
            if self._compact:
                paragraph.paragraph_format.space_after, paragraph.runs[0].font.size = Pt(2), Pt(10)
            if place == 0 and len(block.items) > 1:
                paragraph.paragraph_format.keep_with_next = True

    def _table(self, block: content.Table, *, height: int = 0) -> None:
        """A header row that repeats, rows that are never split; the first and the last two stay together."""
        table = self._word.add_table(rows=0, cols=len(block.header))
        table.style = TABLE
        table.autofit = False
        shares = block.widths or (1.0,) * len(block.header)
        widths = [round(self._width * share / sum(shares)) for share in shares]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Emu(width)
        n = len(block.rows)
        table._tbl.append(self._row(block.header, widths, block.right, header=True, keep=True))
        for at, texts in enumerate(block.rows):
            keep = at < n - 1 and (n <= TOGETHER or at in (0, n - 2))
            table._tbl.append(self._row(texts, widths, block.right, header=False, keep=keep, height=height))
        if block.summary:
            _element(table._tbl.tblPr, "w:tblDescription", {"w:val": block.summary})
        self._after_table = True

    def _row(
        self, texts: Sequence[str], widths: Sequence[int], right: tuple[int, ...], *, header: bool, keep: bool,
        height: int = 0,
    ) -> Any:  # fmt: skip
        """One row as XML: python-docx's own cells take ten times as long."""
        row = OxmlElement("w:tr")
        properties = _element(row, "w:trPr", {})
        _element(properties, "w:cantSplit", {})
        if height:
            _element(properties, "w:trHeight", {"w:val": str(height // 635), "w:hRule": "atLeast"})
        if header:
            _element(properties, "w:tblHeader", {})
        style = self._styles["Table Head" if header else "Table Text"]
        for place, text in enumerate(texts):
            cell = _element(row, "w:tc", {})
            _element(_element(cell, "w:tcPr", {}), "w:tcW", {"w:w": str(widths[place] // 635), "w:type": "dxa"})
            inside = _element(cell, "w:p", {})
            form = _element(inside, "w:pPr", {})
            _element(form, "w:pStyle", {"w:val": style})
            if keep:
                _element(form, "w:keepNext", {})
            paragraph = WordParagraph(inside, self._word)
            paragraph.add_run(text)
            if place in right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        return row

    def _figure(self, block: content.Figure) -> None:
        width = self._width / Cm(1)
        data = self._picture(block.chart, width, width * block.height)
        self._pictured(data, block.chart.reading, block.caption, self._width)

    def _image(self, block: content.Image) -> None:
        """As wide as the text, unless it would then be higher than most of the page."""
        self._pictured(block.data, block.alt, block.caption, round(min(self._width, self._tall / block.height)))

    def _pictured(self, data: bytes, alt: str, caption: str, width: int) -> None:
        self._figures += 1
        paragraph = self._add("", "Normal")
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_after = Pt(0)
        shape = paragraph.add_run().add_picture(io.BytesIO(data), width=Emu(width))
        name = tr("Figure {n}", n=self._figures)
        for side in ("distT", "distB", "distL", "distR"):
            shape._inline.set(side, "0")  # LibreOffice takes silence for a third of a centimetre
        shape._inline.docPr.set("descr", alt)
        shape._inline.docPr.set("name", name)
        under = self._add(f"{name}. {caption}", "Caption")
        under.paragraph_format.keep_together = True

    def _signatures(self, block: content.Signatures) -> None:
        signed = all(day for _, _, day in block.lines)
        head = (tr("Role"), tr("Name"), tr("Date") if signed else tr("Signature and date"))
        table = content.Table(head, block.lines, (2, 2.6, 3), summary=tr("Approval"))
        self._table(table, height=0 if signed else Cm(1.2))


def _lay_across(word: Any) -> None:
    """Pages turned on their side; the margins stay where they are."""
    for section in word.sections:
        if section.page_width < section.page_height:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width


def _clear_end(word: Any) -> None:
    """A template's empty last paragraphs go, so that none is left in the document."""
    body = word.element.body
    for paragraph in reversed(body.findall(qn("w:p"))):
        if paragraph.getnext() is not None and paragraph.getnext().tag != qn("w:sectPr"):
            return
        if any(paragraph.iter(qn("w:t"), qn("w:drawing"), qn("w:pict"), qn("w:br"), qn("w:sectPr"))):
            return
        body.remove(paragraph)


def _running_title(word: Any, document: content.Document, *, own: bool) -> None:
    """The title at the head of every page but the first; an office's own header stays as it is."""
    if own:
        header = word.sections[0].header
        paragraph = header.paragraphs[0]
        paragraph.style = "Header"
        paragraph.add_run(f"{document.title} · {document.under.split(' · ')[0]}")


def _footers(word: Any, text: str) -> None:
    """The document's line and "Page 1 of 4" at the foot of every page, beneath what an office has there."""
    section = word.sections[0]
    places = [section.footer]
    if section.different_first_page_header_footer:
        places.append(section.first_page_footer)
    if word.settings.odd_and_even_pages_header_footer:
        places.append(section.even_page_footer)
    width = section.page_width - section.left_margin - section.right_margin
    for footer in places:
        _footer(word, footer, text, width)


def _footer(word: Any, footer: Any, text: str, width: int) -> None:
    numbered = any("PAGE" in (f.text or f.get(qn("w:instr")) or "")
                   for f in footer._element.iter(qn("w:instrText"), qn("w:fldSimple")))  # fmt: skip
    paragraph = footer.paragraphs[-1] if footer.paragraphs else footer.add_paragraph()
    if len(paragraph._p) and any(paragraph._p.iter(qn("w:r"))):
        paragraph = footer.add_paragraph()
    paragraph.style = "Footer"
    stops = paragraph.paragraph_format.tab_stops
    for stop in word.styles["Footer"].paragraph_format.tab_stops:
        if stop.position < width - Cm(0.1):
            stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    stops.add_tab_stop(Emu(width), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(text)
    if numbered:
        return
    paragraph.add_run(f"\t{tr('Page')} ")
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
    for setting in word.settings.element.iter(qn("w:themeFontLang")):
        setting.set(qn("w:val"), LANGUAGES[document.language])


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
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return steady.getvalue()
