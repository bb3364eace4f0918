"""The look of the whole application from its tokens: one palette, one family in four sizes, one style sheet."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from citystat.texts import RESOURCES
from citystat.views.chart.fonts import font, load
from citystat.views.chart.palette import DARK, LIGHT, Palette

SIZES = {"title": (28, 650), "section": (20, 600), "heading": (15, 600), "text": (13, 400), "small": (12, 400)}


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


def style_sheet(theme: Theme) -> str:
    """The style sheet; widgets opt in by object name."""
    p = theme.palette
    names = {
        name: f"font-size: {theme.px(size):.0f}px; font-weight: {weight};" for name, (size, weight) in SIZES.items()
    }
    on_accent = p.paper if not p.dark else "#0E1512"
    tone = "dark" if p.dark else "light"
    down, up = ((RESOURCES / "icons" / f"{way}-{tone}.svg").as_posix() for way in ("down", "up"))
    tick = (RESOURCES / "icons" / f"tick-{tone}.svg").as_posix()
    arrow = round(theme.px(12))
    room = round(theme.px(26))
    return f"""
    QWidget {{ color: {p.ink}; }}
    QMainWindow, QDialog {{ background: {p.paper}; }}
    QLabel#title {{ {names["title"]} }}
    QLabel#section {{ {names["section"]} }}
    QLabel#heading {{ {names["heading"]} }}
    QLabel#strong {{ font-weight: 600; }}
    QLabel#soft {{ color: {p.soft}; }}
    QLabel#faint, QLabel#caption {{ color: {p.faint}; {names["small"]} }}
    QLabel#caption {{ font-weight: 600; }}
    QLabel#chip {{ background: {p.band}; color: {p.ink}; border-radius: 9px; padding: 3px 10px; {names["small"]} font-weight: 600; }}
    QLabel#chip[kind="improvement"] {{ background: {p.improvement_ground}; color: {p.improvement}; }}
    QLabel#chip[kind="concern"] {{ background: {p.concern_ground}; color: {p.concern}; }}
    QLabel#chip[kind="accent"] {{ background: {p.tint}; color: {p.accent}; }}
    QLabel#key {{ border: 1px solid {p.rule}; border-radius: 4px; padding: 0 5px; color: {p.soft}; {names["small"]} }}
    QLabel#code {{ border: 1px solid {p.rule}; border-radius: 4px; padding: 1px 6px; color: {p.soft}; {names["small"]} }}
    QFrame#rule {{ background: {p.rule}; max-height: 1px; min-height: 1px; border: 0; }}
    QFrame#sidebar {{ background: {p.panel}; border: 0; border-right: 1px solid {p.rule}; }}
    QFrame#topBar {{ background: {p.paper}; border: 0; border-bottom: 1px solid {p.rule}; }}
    QFrame#card {{ border: 1px solid {p.rule}; border-radius: 8px; }}
    QFrame#message {{ background: {p.tint}; border: 0; border-top: 1px solid {p.rule}; }}
    QFrame#message[kind="concern"] {{ background: {p.concern_ground}; }}
    QPushButton {{ background: {p.paper}; border: 1px solid {p.rule}; border-radius: 6px; padding: 6px 12px; }}
    QPushButton:hover {{ background: {p.panel}; }}
    QPushButton:focus {{ border: 2px solid {p.accent}; padding: 5px 11px; }}
    QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {p.accent}; padding: 4px 7px; }}
    QPushButton:disabled {{ color: {p.faint}; }}
    QPushButton#primary {{ background: {p.accent}; color: {on_accent}; border: 1px solid {p.accent}; font-weight: 600; }}
    QPushButton#primary:focus {{ border: 2px solid {p.ink}; padding: 5px 11px; }}
    QPushButton#primary:disabled {{ background: {p.band}; color: {p.faint}; border-color: {p.rule}; }}
    QPushButton#link {{ border: 0; border-bottom: 2px solid transparent; color: {p.accent}; padding: 0; background: transparent; text-align: left; }}
    QPushButton#link:hover {{ text-decoration: underline; }}
    QPushButton#link:focus {{ border: 0; border-bottom: 2px solid {p.accent}; padding: 0; background: {p.tint}; }}
    QPushButton#place {{ border: 0; background: transparent; text-align: left; padding: 5px 12px; border-radius: 6px; }}
    QPushButton#place:hover {{ background: {p.band}; }}
    QPushButton#place:checked {{ background: {p.tint}; color: {p.accent}; font-weight: 600; }}
    QPushButton#place:focus {{ border: 2px solid {p.accent}; padding: 3px 10px; }}
    QLabel#recordRow {{ border-bottom: 1px solid {p.rule}; padding: 8px 0; }}
    QLabel#recordRow:hover {{ background: {p.panel}; }}
    QPushButton#search {{ text-align: left; min-width: {theme.px(236 if theme.scale < 1.5 else 84):.0f}px; min-height: {theme.px(18):.0f}px; padding: 5px 10px; }}
    QPushButton#search:focus {{ border: 2px solid {p.accent}; padding: 4px 9px; }}
    QPushButton#crumb {{ border: 0; background: transparent; color: {p.soft}; padding: 2px 0; }}
    QPushButton#crumb:hover {{ color: {p.ink}; text-decoration: underline; }}
    QPushButton#crumb:focus {{ border-bottom: 2px solid {p.accent}; padding: 2px 0 0 0; }}
    QCheckBox, QRadioButton {{ spacing: 8px; padding: 2px; border: 2px solid transparent; border-radius: 4px; }}
    QCheckBox:focus, QRadioButton:focus {{ border-color: {p.accent}; }}
    QPushButton[chosen="true"] {{ background: {p.tint}; color: {p.accent}; border-color: {p.tint}; font-weight: 600; }}
    QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QSpinBox, QDateEdit, QDoubleSpinBox, QTimeEdit {{
        background: {p.paper}; border: 1px solid {p.rule}; border-radius: 6px; padding: 5px 8px;
        selection-background-color: {p.tint}; selection-color: {p.ink}; }}
    QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QDateEdit:disabled {{
        background: {p.panel}; color: {p.soft}; }}
    QComboBox {{ padding: 5px {room}px 5px 10px; }}
    QComboBox::drop-down {{ subcontrol-origin: border; subcontrol-position: center right; border: 0; width: {room}px; }}
    QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{down}"); width: {arrow}px; height: {arrow}px; }}
    QAbstractSpinBox {{ padding: 5px {room}px 5px 8px; }}
    QSpinBox, QDoubleSpinBox, QTimeEdit {{ padding: 5px {room}px 5px 8px; }}
    QSpinBox QLineEdit, QDoubleSpinBox QLineEdit, QTimeEdit QLineEdit, QDateEdit QLineEdit {{ border: 0; padding: 0 0 0 8px; }}
    QCheckBox::indicator, QTableView::indicator, QTreeView::indicator {{ width: {arrow + 2}px; height: {arrow + 2}px;
        border: 1px solid {p.faint}; border-radius: 3px; background: {p.paper}; }}
    QCheckBox::indicator:checked, QTableView::indicator:checked, QTreeView::indicator:checked {{
        background: {p.accent}; border-color: {p.accent}; image: url("{tick}"); }}
    QAbstractSpinBox::up-button {{ subcontrol-origin: border; subcontrol-position: top right; border: 0; width: {room}px; }}
    QAbstractSpinBox::down-button {{ subcontrol-origin: border; subcontrol-position: bottom right; border: 0; width: {room}px; }}
    QAbstractSpinBox::up-arrow {{ image: url("{up}"); width: {arrow}px; height: {arrow}px; }}
    QAbstractSpinBox::down-arrow {{ image: url("{down}"); width: {arrow}px; height: {arrow}px; }}
    QDateEdit::drop-down {{ subcontrol-origin: border; subcontrol-position: center right; border: 0; width: {room}px; }}
    QComboBox:focus {{ border: 2px solid {p.accent}; padding: 4px {room - 1}px 4px 9px; }}
    QAbstractSpinBox:focus {{ border: 2px solid {p.accent}; padding: 4px {room - 1}px 4px 7px; }}
    QDialogButtonBox QPushButton:default {{ background: {p.accent}; color: {on_accent}; border: 1px solid {p.accent}; font-weight: 600; }}
    QDialogButtonBox QPushButton:default:focus {{ border: 2px solid {p.ink}; padding: 5px 11px; }}
    QDialog#palette {{ border: 1px solid {p.faint}; }}
    QComboBox QAbstractItemView {{ background: {p.paper}; border: 1px solid {p.rule}; outline: 0; }}
    QWidget#capture {{ background: {p.panel}; border-top: 1px solid {p.rule}; }}
    QLineEdit#captureLine {{ border: 2px solid {p.accent}; border-radius: 8px; padding: 9px 14px; {names["heading"]} font-weight: 400; }}
    QTableView, QTreeView, QListView {{ background: {p.paper}; border: 0; outline: 0; gridline-color: {p.rule};
        selection-background-color: {p.tint}; selection-color: {p.ink}; }}
    QTableView::item, QTreeView::item {{ border-bottom: 1px solid {p.rule}; padding: 4px 3px; }}
    QTableView::item:focus, QTreeView::item:focus {{ border: 2px solid {p.accent}; padding: 2px 1px 3px 1px; }}
    QListView::item:focus {{ border: 2px solid {p.accent}; padding: 4px 6px; }}
    QListView::item {{ padding: 6px 8px; border-radius: 6px; }}
    QListView::item:selected {{ background: {p.tint}; color: {p.ink}; }}
    QHeaderView {{ background: {p.paper}; }}
    QHeaderView::section {{ background: {p.paper}; color: {p.soft}; border: 0; border-bottom: 1px solid {p.rule};
        padding: 6px 9px; {names["small"]} font-weight: 600; }}
    QTableCornerButton::section {{ background: {p.paper}; border: 0; }}
    QScrollArea {{ background: transparent; border: 0; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {p.rule}; border-radius: 5px; min-height: 30px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle:horizontal {{ background: {p.rule}; border-radius: 5px; min-width: 30px; }}
    QScrollBar::handle:hover {{ background: {p.faint}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QSplitter::handle {{ background: {p.rule}; }}
    QSplitter::handle:horizontal {{ width: 1px; }}
    QMenuBar {{ background: {p.panel}; border-bottom: 1px solid {p.rule}; }}
    QMenuBar::item:selected, QMenu::item:selected {{ background: {p.tint}; }}
    QMenu {{ background: {p.paper}; border: 1px solid {p.rule}; padding: 4px; }}
    QMenu::item {{ padding: 6px 24px 6px 20px; border-radius: 4px; }}
    QMenu::icon {{ padding-left: 10px; }}
    QMenu::item:disabled {{ color: {p.faint}; }}
    QMenu::separator {{ height: 1px; background: {p.rule}; margin: 4px 8px; }}
    QToolTip {{ background: {p.panel}; color: {p.ink}; border: 1px solid {p.rule}; padding: 4px; }}
    QProgressBar {{ border: 0; background: {p.band}; border-radius: 3px; max-height: 6px; }}
    QProgressBar::chunk {{ background: {p.accent}; border-radius: 3px; }}
    """
