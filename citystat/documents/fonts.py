"""The type family inside the Word file itself, so that it looks the same where Inter is not installed."""

from __future__ import annotations

import uuid
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from citystat.texts import RESOURCES

FAMILY = "Inter"
INSTEAD = "Arial"  # where a program does not read embedded fonts
FACES = {"w:embedRegular": "Inter-Regular.ttf", "w:embedBold": "Inter-Bold.ttf"}
OBFUSCATED = "application/vnd.openxmlformats-officedocument.obfuscatedFont"


def embed(word: Any) -> None:
    """Put the family's regular and bold faces into the document `word`, and say what may stand in for it."""
    table = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = parse_xml(table.blob)
    font = OxmlElement("w:font")
    font.set(qn("w:name"), FAMILY)
    for name, value in (("altName", INSTEAD), ("charset", "00"), ("family", "swiss"), ("pitch", "variable")):
        child = OxmlElement(f"w:{name}")
        child.set(qn("w:val"), value)
        font.append(child)
    for number, (face, file) in enumerate(FACES.items(), 1):
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"citystat/{file}")
        data = _obfuscated((RESOURCES / "fonts" / "word" / file).read_bytes(), key)
        part = Part(PackURI(f"/word/fonts/font{number}.odttf"), OBFUSCATED, data, word.part.package)
        child = OxmlElement(face)
        child.set(qn("r:id"), table.relate_to(part, RELATIONSHIP_TYPE.FONT))
        child.set(qn("w:fontKey"), f"{{{key}}}".upper())
        font.append(child)
    fonts.append(font)
    table._blob = serialize_part_xml(fonts)
    for place, name in enumerate(("w:embedTrueTypeFonts", "w:saveSubsetFonts"), 1):
        word.settings.element.insert(place, OxmlElement(name))  # after w:zoom, where the schema wants them


def _obfuscated(data: bytes, key: uuid.UUID) -> bytes:
    """As ECMA-376 part 4 asks: the first 32 bytes mixed with the key, read backwards."""
    mixed = bytes(b ^ k for b, k in zip(data[:32], key.bytes[::-1] * 2, strict=True))
    return mixed + data[32:]
