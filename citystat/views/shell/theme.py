"""The look of the whole application from its tokens: one palette, one family in four sizes, one style sheet."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

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


def current() -> Theme:
    """The theme in force."""
    return _current


def apply(app: QApplication, *, dark: bool | None = None, scale: float = 1.0) -> Theme:
    """Dress the application; dark None follows the system."""
    global _current
    load()
    if dark is None:
        dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    _current = Theme(DARK if dark else LIGHT, scale)
    app.setStyle("Fusion")
    app.setPalette(_qpalette(_current.palette))
    app.setFont(font(_current.px(13)))
    app.setStyleSheet(style_sheet(_current))
    return _current


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
    QPushButton:focus, QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QSpinBox:focus, QDateEdit:focus,
    QTextEdit:focus {{ border: 2px solid {p.accent}; }}
    QPushButton:disabled {{ color: {p.faint}; }}
    QPushButton#primary {{ background: {p.accent}; color: {on_accent}; border: 1px solid {p.accent}; font-weight: 600; }}
    QPushButton#primary:focus {{ border: 2px solid {p.ink}; }}
    QPushButton#primary:disabled {{ background: {p.band}; color: {p.faint}; border-color: {p.rule}; }}
    QPushButton#link {{ border: 0; color: {p.accent}; padding: 2px 4px; background: transparent; text-align: left; }}
    QPushButton#link:hover {{ text-decoration: underline; }}
    QPushButton#link:focus {{ border: 2px solid {p.accent}; }}
    QPushButton#place {{ border: 0; background: transparent; text-align: left; padding: 5px 12px; border-radius: 6px; }}
    QPushButton#place:hover {{ background: {p.band}; }}
    QPushButton#place:checked {{ background: {p.tint}; color: {p.accent}; font-weight: 600; }}
    QPushButton#place:focus {{ border: 2px solid {p.accent}; padding: 3px 10px; }}
    QLabel#recordRow {{ border-bottom: 1px solid {p.rule}; padding: 8px 0; }}
    QLabel#recordRow:hover {{ background: {p.panel}; }}
    QPushButton#search {{ color: {p.faint}; text-align: left; min-width: 220px; }}
    QPushButton[chosen="true"] {{ background: {p.tint}; color: {p.accent}; border-color: {p.tint}; font-weight: 600; }}
    QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QSpinBox, QDateEdit, QDoubleSpinBox, QTimeEdit {{
        background: {p.paper}; border: 1px solid {p.rule}; border-radius: 6px; padding: 5px 8px;
        selection-background-color: {p.tint}; selection-color: {p.ink}; }}
    QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QDateEdit:disabled {{
        background: {p.panel}; color: {p.soft}; }}
    QComboBox::drop-down {{ border: 0; width: 22px; }}
    QTimeEdit::up-button, QTimeEdit::down-button, QSpinBox::up-button, QSpinBox::down-button, QDateEdit::drop-down, QDoubleSpinBox::up-button,
    QDoubleSpinBox::down-button {{ border: 0; width: 18px; }}
    QComboBox QAbstractItemView {{ background: {p.paper}; border: 1px solid {p.rule}; outline: 0; }}
    QWidget#capture {{ background: {p.panel}; border-top: 1px solid {p.rule}; }}
    QLineEdit#captureLine {{ border: 2px solid {p.accent}; border-radius: 8px; padding: 9px 14px; {names["heading"]} font-weight: 400; }}
    QTableView, QTreeView, QListView {{ background: {p.paper}; border: 0; outline: 0; gridline-color: {p.rule};
        selection-background-color: {p.tint}; selection-color: {p.ink}; }}
    QTableView::item, QTreeView::item {{ border-bottom: 1px solid {p.rule}; padding: 4px 6px; }}
    QTableView::item:focus, QTreeView::item:focus, QListView::item:focus {{ border: 2px solid {p.accent}; }}
    QListView::item {{ padding: 6px 8px; border-radius: 6px; }}
    QListView::item:selected {{ background: {p.tint}; color: {p.ink}; }}
    QHeaderView {{ background: {p.paper}; }}
    QHeaderView::section {{ background: {p.paper}; color: {p.soft}; border: 0; border-bottom: 1px solid {p.rule};
        padding: 6px; {names["small"]} font-weight: 600; }}
    QTableCornerButton::section {{ background: {p.paper}; border: 0; }}
    QScrollArea {{ background: transparent; border: 0; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {p.rule}; border-radius: 5px; min-height: 30px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle:horizontal {{ background: {p.rule}; border-radius: 5px; min-width: 30px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QSplitter::handle {{ background: {p.rule}; }}
    QSplitter::handle:horizontal {{ width: 1px; }}
    QMenuBar {{ background: {p.panel}; border-bottom: 1px solid {p.rule}; }}
    QMenuBar::item:selected, QMenu::item:selected {{ background: {p.tint}; }}
    QMenu {{ background: {p.paper}; border: 1px solid {p.rule}; padding: 4px; }}
    QMenu::item {{ padding: 5px 24px 5px 16px; border-radius: 4px; }}
    QToolTip {{ background: {p.panel}; color: {p.ink}; border: 1px solid {p.rule}; padding: 4px; }}
    QProgressBar {{ border: 0; background: {p.band}; border-radius: 3px; max-height: 6px; }}
    QProgressBar::chunk {{ background: {p.accent}; border-radius: 3px; }}
    """
