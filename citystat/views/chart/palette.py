"""The colours of the application by meaning; every text pair reaches 4.5 : 1."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Tokens as in the design: paper and ink, one accent, improvement and concern with their grounds."""

    paper: str
    panel: str
    ink: str
    soft: str
    faint: str
    rule: str
    band: str
    accent: str
    tint: str
    improvement: str
    improvement_ground: str
    concern: str
    concern_ground: str
    dark: bool = False


LIGHT = Palette(
    "#FFFFFF", "#F7F8F8", "#1B1F23", "#4F575F", "#69717A", "#E3E5E8", "#F1F3F4",
    "#00796B", "#E3F1EF", "#1D6AB0", "#E8F1F9", "#B5440F", "#FBEEE7",
)  # fmt: skip
DARK = Palette(
    "#15181B", "#1B1F23", "#E9ECEE", "#A6AEB5", "#8D969E", "#2C3238", "#20252A",
    "#4DB6A6", "#1D302E", "#6FB1EA", "#1C2A37", "#F08A5D", "#33241C", True,
)  # fmt: skip
