"""The look of the whole application from its tokens: one palette, one family in four sizes, one style sheet (style.py)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from citystat.views.chart.fonts import font, load
from citystat.views.chart.palette import DARK, LIGHT, Palette
from citystat.views.shell.recent import Remembered
from citystat.views.shell.style import style_sheet


@dataclass(frozen=True)
class Theme:
    """Colours and the text scale (1.0 to 2.0)."""

    palette: Palette = LIGHT
    scale: float = 1.0

    def px(self, size: float) -> float:
        """A size of the design in pixels at this text scale."""
        return size * self.scale


_current = Theme()
_system: QPalette | None = None  # the system's own colours, kept before ours are put on


def current() -> Theme:
    """The theme in force."""
    return _current


def dress(remembered: Remembered) -> None:
    """Apply the person's choice of colours and text size."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        chosen = remembered.get("theme", None)
        apply(
            app,
            dark=chosen if chosen != "contrast" else None,
            scale=float(remembered.get("scale", 1.0)),
            contrast=True if chosen == "contrast" else None if chosen is None else False,
        )


def apply(app: QApplication, *, dark: bool | None = None, scale: float = 1.0, contrast: bool | None = None) -> Theme:
    """Dress the application; dark and contrast None follow the system. High contrast takes the system's colours."""
    global _current, _system
    load()
    _system = _system or QPalette(app.palette())
    if dark is None:
        dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    if contrast or (contrast is None and _wants_contrast(app)):
        _current = Theme(_of_system(_system), scale)
    else:
        _current = Theme(DARK if dark else LIGHT, scale)
    app.setStyle("Fusion")
    app.setPalette(_qpalette(_current.palette))
    app.setFont(font(_current.px(13)))
    app.setStyleSheet(style_sheet(_current))
    return _current


def _wants_contrast(app: QApplication) -> bool:
    hints = getattr(app.styleHints(), "accessibility", None)  # since Qt 6.10
    return hints is not None and hints().contrastPreference() == Qt.ContrastPreference.HighContrast


def _of_system(system: QPalette) -> Palette:
    """The tokens in the system's colours: ink for every text and rule, its highlight for what can be touched."""
    roles = QPalette.ColorRole
    paper, ink = system.color(roles.Base).name(), system.color(roles.Text).name()
    dark = system.color(roles.Base).lightness() < 128
    known = DARK if dark else LIGHT
    return Palette(
        paper, paper, ink, ink, ink, ink, paper, system.color(roles.Link).name(), known.tint,
        known.improvement, known.improvement_ground, known.concern, known.concern_ground, dark,
    )  # fmt: skip


def _qpalette(p: Palette) -> QPalette:
    made = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, p.paper), (roles.WindowText, p.ink), (roles.Base, p.paper), (roles.AlternateBase, p.panel),
        (roles.Text, p.ink), (roles.Button, p.paper), (roles.ButtonText, p.ink), (roles.Highlight, p.tint),
        (roles.HighlightedText, p.ink), (roles.PlaceholderText, p.faint), (roles.ToolTipBase, p.panel),
        (roles.ToolTipText, p.ink), (roles.Link, p.accent), (roles.Mid, p.rule), (roles.Accent, p.accent),
    ):  # fmt: skip
        made.setColor(role, QColor(colour))
    made.setColor(QPalette.ColorGroup.Disabled, roles.Text, QColor(p.faint))
    made.setColor(QPalette.ColorGroup.Disabled, roles.ButtonText, QColor(p.faint))
    return made
