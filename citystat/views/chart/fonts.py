"""Inter, shipped with the application, so that a picture is the same on every machine."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from citystat.texts import RESOURCES

FAMILY = "Inter"


@cache
def load() -> bool:
    """Make the shipped family known to Qt, once; whether it is there."""
    ids = [QFontDatabase.addApplicationFont(str(path)) for path in sorted((RESOURCES / "fonts").glob("*.otf"))]
    return bool(ids) and min(ids) >= 0


@cache
def font(px: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The family at `px` pixels, with tabular figures."""
    load()
    made = QFont(FAMILY)
    made.setPixelSize(max(1, round(px)))
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    if px >= 20:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, -0.011 * px)
    return made
