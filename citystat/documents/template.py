"""CityStat's own template, made by code, and the check of an office's template."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from citystat.errors import CityStatError
from citystat.texts import tr

FONT = "Inter"
INK, SOFT, RULE = RGBColor(0x1B, 0x1F, 0x23), RGBColor(0x4F, 0x57, 0x5F), "D5D8DB"

# style → (size in points, bold, soft colour, space before, space after)
STYLES: dict[str, tuple[float, bool, bool, float, float]] = {
    "Normal": (10.5, False, False, 0, 6),
    "Title": (21, True, False, 0, 2),
    "Subtitle": (10.5, False, True, 0, 14),
    "Heading 1": (14, True, False, 16, 6),
    "Heading 2": (12, True, False, 12, 4),
    "Heading 3": (10.5, True, False, 8, 3),
    "Caption": (8.5, False, True, 2, 10),
    "List Bullet": (10.5, False, False, 0, 3),
    "List Number": (10.5, False, False, 0, 4),
    "Header Line": (9, False, True, 0, 4),
    "Table Head": (9, True, True, 3, 3),
    "Table Text": (9.5, False, False, 3, 3),
    "Footer": (8.5, False, True, 0, 0),
}
NEEDED = (*STYLES, "CityStat Table")


def own_template() -> bytes:
    """A blank document with CityStat's styles: Letter, 2.5 cm margins, one family, black on white."""
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21.59), Cm(27.94)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.2)
    for name, form in STYLES.items():
        _style(word, name, *form)
    _table_style(word)
    stops = word.styles["Footer"].paragraph_format.tab_stops
    while len(stops):
        del stops[0]
    stops.add_tab_stop(section.page_width - section.left_margin - section.right_margin, WD_TAB_ALIGNMENT.RIGHT)
    data = io.BytesIO()
    word.save(data)
    return data.getvalue()


def check_template(path: Path) -> None:
    """CityStatError where `path` is no Word file or lacks a style that documents use; it names them."""
    try:
        word = docx.Document(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise CityStatError(
            tr("The template is not a Word file (.docx)"), where=str(path), do=tr("Choose a .docx file")
        ) from error
    known = {style.name for style in word.styles}
    missing = [name for name in NEEDED if name not in known]
    if missing:
        raise CityStatError(
            tr("The template lacks these styles: {names}", names=", ".join(missing)),
            where=path.name,
            do=tr("Add them in Word under these names, or start from CityStat's own template"),
        )


def _style(word: Any, name: str, size: float, bold: bool, soft: bool, before: float, after: float) -> None:
    styles = word.styles
    style = styles[name] if name in [s.name for s in styles] else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    style.font.italic = False
    style.font.color.rgb = SOFT if soft else INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    for tracking in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(tracking)
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing = 1.2 if name in ("Normal", "List Bullet", "List Number") else 1.1
    form.keep_with_next = name.startswith("Heading")
    border = style.element.pPr.find(qn("w:pBdr")) if style.element.pPr is not None else None
    if border is not None:
        style.element.pPr.remove(border)


def _table_style(word: Any) -> None:
    """Hairlines under every row, nothing else."""
    style = word.styles.add_style("CityStat Table", WD_STYLE_TYPE.TABLE)
    style.base_style = word.styles["Normal Table"]
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
