"""CityStat's own template, made by code, and the check of an office's template."""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from citystat.documents import fonts
from citystat.errors import CityStatError
from citystat.files import read_bytes
from citystat.texts import tr

INK, SOFT, RULE = RGBColor(0x1B, 0x1F, 0x23), RGBColor(0x4F, 0x57, 0x5F), "D5D8DB"
LARGEST = 10_000_000  # bytes of a template that a city keeps

# style → (size in points, bold, soft colour, space before, space after)
STYLES: dict[str, tuple[float, bool, bool, float, float]] = {
    "Normal": (10.5, False, False, 0, 6),
    "Title": (21, True, False, 0, 3),
    "Subtitle": (10.5, False, True, 0, 12),
    "Heading 1": (14, True, False, 16, 5),
    "Heading 2": (11.5, True, False, 8, 3),
    "Heading 3": (10.5, True, False, 8, 3),
    "Caption": (8.5, False, True, 3, 9),
    "List Bullet": (10.5, False, False, 0, 3),
    "List Number": (10.5, False, False, 0, 4),
    "Header Line": (9, False, True, 0, 4),
    "Table Head": (9, True, True, 3, 3),
    "Table Text": (9.5, False, False, 3, 3),
    "Header": (8.5, False, True, 0, 0),
    "Footer": (8.5, False, True, 0, 0),
}
TABLE = "CityStat Table"
NEEDED = (*STYLES, TABLE)
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"


@cache
def own_template() -> bytes:
    """A blank document with CityStat's styles: Letter, 2.5 cm margins, one family that it carries, black on white."""
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21.59), Cm(27.94)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.2)
    section.header_distance = section.footer_distance = Cm(1.1)
    section.different_first_page_header_footer = True
    for name in STYLES:
        _style(word, name, fonts.FAMILY)
    _table_style(word)
    stops = word.styles["Footer"].paragraph_format.tab_stops
    while len(stops):
        del stops[0]
    stops.add_tab_stop(section.page_width - section.left_margin - section.right_margin, WD_TAB_ALIGNMENT.RIGHT)
    fonts.embed(word)
    _modern(word)
    return _bytes(word)


def read_template(path: Path) -> bytes:
    """The office's template as documents are written with it, a .dotx taken as a .docx.

    CityStatError where it is no Word file or lacks a style that documents use; it names them.
    """
    data = word_file(path)
    missing = missing_styles(data)
    if missing:
        raise CityStatError(
            tr("The template lacks these styles: {names}", names=", ".join(missing)),
            where=path.name,
            do=tr("Add them in Word under these names, or start from CityStat's own template"),
        )
    return data


def word_file(path: Path) -> bytes:
    """The bytes of a Word file or template; CityStatError says what it is instead."""
    data = read_bytes(path)
    choose = tr("Choose a Word file (.docx or .dotx)")
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise CityStatError(
            tr("The template is protected with a password, or is a Word file of before 2007"),
            where=path.name,
            do=tr("Save it in Word as .docx without a password"),
        )
    if len(data) > LARGEST:
        raise CityStatError(
            tr("The template is larger than 10 MB"), where=path.name, do=tr("Make its pictures smaller in Word")
        )
    try:
        data = _as_document(data)
        docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, SyntaxError, NotImplementedError) as error:
        raise CityStatError(tr("The template is not a Word file (.docx)"), where=path.name, do=choose) from error
    return data


def missing_styles(data: bytes) -> list[str]:
    """The styles that documents use and this Word file lacks."""
    known = {style.name for style in docx.Document(io.BytesIO(data)).styles}
    return [name for name in NEEDED if name not in known]


def completed(data: bytes) -> bytes:
    """The same file with the styles it lacks, in the family of its own text."""
    word = docx.Document(io.BytesIO(data))
    for name in missing_styles(data):
        if name == TABLE:
            _table_style(word)
        else:
            _style(word, name, None)
    return _bytes(word)


def _style(word: Any, name: str, family: str | None) -> None:
    size, bold, soft, before, after = STYLES[name]
    styles = word.styles
    style = styles[name] if name in [s.name for s in styles] else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = SOFT if soft else INK
    if family:
        _family(style, family)
    for tracking in style.element.get_or_add_rPr().findall(qn("w:spacing")):
        style.element.rPr.remove(tracking)
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing = 1.2 if name in ("Normal", "List Bullet", "List Number") else 1.1
    form.keep_with_next = name.startswith("Heading")
    form.widow_control = True
    border = style.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        style.element.pPr.remove(border)


def _family(style: Any, family: str) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), family)


def _modern(word: Any) -> None:
    """No compatibility mode, and no thumbnail of somebody else's document."""
    for setting in word.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    rels = word.part.package.rels
    for key in [k for k, rel in rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del rels[key]


def _as_document(data: bytes) -> bytes:
    """A .dotx differs from a .docx in one word of its list of contents."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        kinds = source.read("[Content_Types].xml")
        if TEMPLATE.encode() not in kinds:
            return data
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                content = source.read(name)
                changed = name == "[Content_Types].xml"
                target.writestr(name, content.replace(TEMPLATE.encode(), DOCUMENT.encode()) if changed else content)
    return made.getvalue()


def _bytes(word: Any) -> bytes:
    data = io.BytesIO()
    word.save(data)
    return data.getvalue()


def _table_style(word: Any) -> None:
    """Hairlines under every row, nothing else."""
    style = word.styles.add_style(TABLE, WD_STYLE_TYPE.TABLE)
    style.base_style = next((s for s in word.styles if s.name == "Normal Table"), None)
    properties = OxmlElement("w:tblPr")
    borders = OxmlElement("w:tblBorders")
    for edge in ("bottom", "insideH"):
        line = OxmlElement(f"w:{edge}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    properties.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("left", "0"), ("right", "120")):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), width)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.append(margins)
    style.element.append(properties)
