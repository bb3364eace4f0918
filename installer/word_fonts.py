"""Make resources/fonts/word from resources/fonts: what Word files carry, so that they look the same on every machine.

Word embeds TrueType outlines only, and a memo needs no more than the letters of Europe: this turns the shipped
Inter into TrueType and keeps those. Run by hand when the fonts change: `pip install fonttools`, then this file.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

FONTS = Path(__file__).resolve().parent.parent / "resources" / "fonts"
LETTERS = [
    *range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x2010, 0x2016), *range(0x2018, 0x201F), *range(0x2020, 0x2023),
    0x2026, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, *range(0x2190, 0x2194), 0x2212, 0x2248, 0x2260, 0x2264,
    0x2265, 0x25C6, 0x25CF, 0x2713,
]  # fmt: skip
NO_INSTRUCTIONS = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
    "maxSizeOfInstructions", "maxComponentElements",
)  # fmt: skip


def make(name: str) -> None:
    """Inter-`name`.otf → word/Inter-`name`.ttf."""
    font = TTFont(FONTS / f"Inter-{name}.otf", recalcTimestamp=False)
    options = Options(
        layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "tnum"], hinting=False, glyph_names=False
    )
    options.name_IDs = ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    _quadratic(font)
    font.save(FONTS / "word" / f"Inter-{name}.ttf")


def _quadratic(font: TTFont) -> None:
    """Outlines as TrueType keeps them, within one unit of 2816 to an em."""
    drawn, order = font.getGlyphSet(), font.getGlyphOrder()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    del font["CFF "]
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    font["maxp"].tableVersion, font["maxp"].maxZones = 0x00010000, 1
    for field in NO_INSTRUCTIONS:
        setattr(font["maxp"], field, 0)
    font["head"].glyphDataFormat = 0
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


if __name__ == "__main__":
    for weight in ("Regular", "Bold"):
        make(weight)
