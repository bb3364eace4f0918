"""The style sheet, one part a subject. Widgets opt in by object name or property and hold no colour of their own, so a
change of look reaches everything that is on the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from citystat.texts import RESOURCES

if TYPE_CHECKING:
    from citystat.views.shell.theme import Theme

SIZES = {"title": (28, 650), "section": (20, 600), "heading": (15, 600), "text": (13, 400), "small": (12, 400)}
TONES = ("soft", "faint", "accent", "improvement", "concern")  # tokens that words may be set in, by property "tone"


def style_sheet(theme: Theme) -> str:
    """All parts."""
    parts = (_words, _marks, _frames, _buttons, _fields, _arrows, _lists, _menus, _console)
    return "\n".join(part(theme) for part in parts)


def _size(theme: Theme, name: str) -> str:
    size, weight = SIZES[name]
    return f"font-size: {theme.px(size):.0f}px; font-weight: {weight};"


def _on_accent(theme: Theme) -> str:
    return "#0E1512" if theme.palette.dark else theme.palette.paper


def _words(theme: Theme) -> str:
    """Labels by kind; a line of 13-px text is 20 px high."""
    p = theme.palette
    tones = "\n".join(f'QLabel[tone="{token}"] {{ color: {getattr(p, token)}; }}' for token in TONES)
    return f"""
    QWidget {{ color: {p.ink}; }}
    QLabel#text, QLabel#strong, QLabel#soft {{ min-height: {theme.px(20):.0f}px; }}
    QLabel#title {{ {_size(theme, "title")} }}
    QLabel#section {{ {_size(theme, "section")} }}
    QLabel#heading {{ {_size(theme, "heading")} min-height: {theme.px(22):.0f}px; }}
    QLabel#strong {{ font-weight: 600; }}
    QLabel#soft {{ color: {p.soft}; }}
    QLabel#faint, QLabel#caption {{ color: {p.faint}; {_size(theme, "small")} min-height: {theme.px(16):.0f}px; }}
    QLabel#caption {{ font-weight: 600; }}
    {tones}
    """


def _marks(theme: Theme) -> str:
    """Chips, keys, codes, hairlines."""
    p, small = theme.palette, _size(theme, "small")
    return f"""
    QLabel#chip {{ background: {p.band}; color: {p.ink}; border-radius: 9px; padding: 3px 10px; {small} font-weight: 600; }}
    QLabel#chip[kind="improvement"] {{ background: {p.improvement_ground}; color: {p.improvement}; }}
    QLabel#chip[kind="concern"] {{ background: {p.concern_ground}; color: {p.concern}; }}
    QLabel#chip[kind="accent"] {{ background: {p.tint}; color: {p.accent}; }}
    QLabel#key {{ border: 1px solid {p.rule}; border-radius: 4px; padding: 0 5px; color: {p.soft}; {small} }}
    QLabel#code {{ border: 1px solid {p.rule}; border-radius: 4px; padding: 1px 6px; color: {p.soft}; {small} }}
    QFrame#rule {{ background: {p.rule}; max-height: 1px; min-height: 1px; border: 0; }}
    QFrame#upright {{ background: {p.rule}; max-width: 1px; min-width: 1px; border: 0; }}
    QProgressBar {{ border: 0; background: {p.band}; border-radius: 3px; max-height: 6px; }}
    QProgressBar::chunk {{ background: {p.accent}; border-radius: 3px; }}
    """


def _frames(theme: Theme) -> str:
    """Window, dialogs, sidebar, bars, cards."""
    p = theme.palette
    return f"""
    QMainWindow, QDialog {{ background: {p.paper}; }}
    QDialog {{ border: 1px solid {p.rule}; }}
    QFrame#palette {{ background: {p.paper}; border: 1px solid {p.rule}; border-radius: 8px; }}
    QFrame#sidebar {{ background: {p.panel}; border: 0; border-right: 1px solid {p.rule}; }}
    QFrame#topBar {{ background: {p.paper}; border: 0; border-bottom: 1px solid {p.rule}; }}
    QFrame#card {{ border: 1px solid {p.rule}; border-radius: 8px; }}
    QFrame#message {{ background: {p.tint}; border: 0; border-top: 1px solid {p.rule}; }}
    QFrame#message[kind="concern"] {{ background: {p.concern_ground}; }}
    QSplitter::handle {{ background: {p.rule}; }}
    QSplitter::handle:horizontal {{ width: 1px; }}
    QToolTip {{ background: {p.panel}; color: {p.ink}; border: 1px solid {p.rule}; padding: 4px; }}
    """


def _buttons(theme: Theme) -> str:
    """Quiet, primary, links, places of the sidebar, the search button, crumbs. Focus is a ring of 2 px."""
    p, ring, on_accent = theme.palette, f"border: 2px solid {theme.palette.accent};", _on_accent(theme)
    search, short = theme.px(236), theme.px(84)
    return f"""
    QPushButton {{ background: {p.paper}; border: 1px solid {p.rule}; border-radius: 6px; padding: 6px 12px; }}
    QPushButton:hover {{ background: {p.panel}; }}
    QPushButton:focus {{ {ring} padding: 5px 11px; }}
    QPushButton:disabled {{ color: {p.faint}; }}
    QPushButton[chosen="true"] {{ background: {p.tint}; color: {p.accent}; border-color: {p.tint}; font-weight: 600; }}
    QPushButton#primary, QDialogButtonBox QPushButton:default {{
        background: {p.accent}; color: {on_accent}; border: 1px solid {p.accent}; font-weight: 600; }}
    QPushButton#primary:focus, QDialogButtonBox QPushButton:default:focus {{ border: 2px solid {p.ink}; padding: 5px 11px; }}
    QPushButton#primary:disabled {{ background: {p.band}; color: {p.faint}; border-color: {p.rule}; }}
    QPushButton#link {{ border: 0; border-bottom: 2px solid transparent; color: {p.accent}; padding: 0;
        min-height: {theme.px(18):.0f}px; background: transparent; text-align: left; }}
    QPushButton#link:hover {{ text-decoration: underline; }}
    QPushButton#link:focus {{ border: 0; border-bottom: 2px solid {p.accent}; padding: 0; background: {p.tint}; }}
    QPushButton#place {{ border: 0; background: transparent; text-align: left; padding: 5px 12px; border-radius: 6px; }}
    QPushButton#place:hover {{ background: {p.band}; }}
    QPushButton#place:checked {{ background: {p.tint}; color: {p.accent}; font-weight: 600; }}
    QPushButton#place:focus {{ {ring} padding: 3px 10px; }}
    QPushButton#look {{ border: 0; border-bottom: 2px solid transparent; border-radius: 0; background: transparent;
        color: {p.soft}; padding: 3px 0; }}
    QPushButton#look:hover {{ color: {p.ink}; }}
    QPushButton#look:checked {{ color: {p.ink}; border-bottom-color: {p.accent}; font-weight: 600; }}
    QPushButton#look[does="true"] {{ color: {p.accent}; }}
    QPushButton#look:focus {{ border-bottom-color: {p.accent}; background: {p.tint}; padding: 3px 0; }}
    QPushButton#search {{ text-align: left; min-width: {search:.0f}px; min-height: {theme.px(18):.0f}px; padding: 5px 10px; }}
    QPushButton#search[short="true"] {{ min-width: {short:.0f}px; }}
    QPushButton#search:focus {{ {ring} padding: 4px 9px; }}
    QPushButton#crumb {{ border: 0; background: transparent; color: {p.soft}; padding: 2px 0; }}
    QPushButton#crumb:hover {{ color: {p.ink}; text-decoration: underline; }}
    QPushButton#crumb:focus {{ border-bottom: 2px solid {p.accent}; padding: 2px 0 0 0; }}
    """


def _fields(theme: Theme) -> str:
    """What is typed in or chosen from."""
    p, ring, room = theme.palette, f"border: 2px solid {theme.palette.accent};", round(theme.px(26))
    high = round(theme.px(18))  # of the words; with padding and border every field is as high as a button
    return f"""
    QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QSpinBox, QDateEdit, QDoubleSpinBox, QTimeEdit {{
        background: {p.paper}; border: 1px solid {p.rule}; border-radius: 6px; padding: 5px 9px;
        selection-background-color: {p.tint}; selection-color: {p.ink}; }}
    QLineEdit, QComboBox, QAbstractSpinBox {{ min-height: {high}px; max-height: {high}px; }}
    QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{ min-height: 0; max-height: 999px; }}
    QLineEdit:focus {{ {ring} padding: 4px 8px; }}
    QPlainTextEdit, QTextEdit {{ padding: 5px 7px; }}
    QPlainTextEdit:focus, QTextEdit:focus {{ {ring} padding: 4px 6px; }}
    QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QDateEdit:disabled {{
        background: {p.panel}; color: {p.soft}; }}
    QComboBox {{ padding: 5px {room}px 5px 11px; }}
    QComboBox:focus {{ {ring} padding: 4px {room - 1}px 4px 10px; }}
    QComboBox:editable {{ padding: 5px {room}px 5px 9px; }}
    QComboBox:editable:focus {{ padding: 4px {room - 1}px 4px 8px; }}
    QComboBox QAbstractItemView {{ background: {p.paper}; border: 1px solid {p.rule}; outline: 0; }}
    QAbstractSpinBox {{ padding: 5px {room}px 5px 8px; }}
    QAbstractSpinBox:focus {{ {ring} padding: 4px {room - 1}px 4px 7px; }}
    QSpinBox QLineEdit, QDoubleSpinBox QLineEdit, QTimeEdit QLineEdit, QDateEdit QLineEdit {{ border: 0; padding: 0 0 0 8px; }}
    QCheckBox, QRadioButton {{ spacing: 8px; padding: 2px; border: 2px solid transparent; border-radius: 4px; }}
    QCheckBox:focus, QRadioButton:focus {{ border-color: {p.accent}; }}
    """


def _arrows(theme: Theme) -> str:
    """The small pictures in fields: arrows and ticks."""
    p, arrow, room = theme.palette, round(theme.px(12)), round(theme.px(26))
    tone = "dark" if p.dark else "light"
    down, up, tick = ((RESOURCES / "icons" / f"{what}-{tone}.svg").as_posix() for what in ("down", "up", "tick"))
    return f"""
    QComboBox::drop-down, QDateEdit::drop-down {{ subcontrol-origin: border; subcontrol-position: center right;
        border: 0; width: {room}px; }}
    QComboBox::down-arrow, QDateEdit::down-arrow, QAbstractSpinBox::down-arrow {{
        image: url("{down}"); width: {arrow}px; height: {arrow}px; }}
    QAbstractSpinBox::up-arrow {{ image: url("{up}"); width: {arrow}px; height: {arrow}px; }}
    QAbstractSpinBox::up-button {{ subcontrol-origin: border; subcontrol-position: top right; border: 0; width: {room}px; }}
    QAbstractSpinBox::down-button {{ subcontrol-origin: border; subcontrol-position: bottom right; border: 0; width: {room}px; }}
    QCheckBox::indicator, QTableView::indicator, QTreeView::indicator, QListView::indicator {{
        width: {arrow + 2}px; height: {arrow + 2}px; border: 1px solid {p.faint}; border-radius: 3px; background: {p.paper}; }}
    QCheckBox::indicator:checked, QTableView::indicator:checked, QTreeView::indicator:checked, QListView::indicator:checked {{
        background: {p.accent}; border-color: {p.accent}; image: url("{tick}"); }}
    """


def _lists(theme: Theme) -> str:
    """Tables, trees, lists, their heads and scroll bars."""
    p = theme.palette
    return f"""
    QTableView, QTreeView, QListView {{ background: {p.paper}; border: 0; outline: 0; gridline-color: {p.rule};
        selection-background-color: {p.tint}; selection-color: {p.ink}; }}
    QTableView::item, QTreeView::item {{ border-bottom: 1px solid {p.rule}; padding: 4px 3px; }}
    QTreeView::item:focus, QTableView#sheet::item:focus {{ border: 2px solid {p.accent}; padding: 2px 1px 3px 1px; }}
    QListView::item {{ padding: 6px 8px; border-radius: 6px; }}
    QListView::item:focus {{ border: 2px solid {p.accent}; padding: 4px 6px; }}
    QListView::item:selected {{ background: {p.tint}; color: {p.ink}; }}
    QListView#ticks {{ border: 1px solid {p.rule}; border-radius: 6px; }}
    QTreeView#tree::item, QTreeView#tree::item:focus {{ border: 0; padding: 0 6px; }}
    QTreeView#tree QHeaderView::section {{ padding: 6px 9px; }}
    QTreeView#tree::item:selected {{ background: {p.tint}; }}
    QHeaderView {{ background: {p.paper}; }}
    QHeaderView::section {{ background: {p.paper}; color: {p.soft}; border: 0; border-bottom: 1px solid {p.rule};
        padding: 6px 6px; {_size(theme, "small")} font-weight: 600; }}
    QTableView#list QHeaderView::section:first, QTableView#list QHeaderView::section:only-one,
    QTreeView#tree QHeaderView::section:first {{ padding-left: 0; }}
    QTableCornerButton::section {{ background: {p.paper}; border: 0; }}
    QScrollArea {{ background: transparent; border: 0; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {p.rule}; border-radius: 5px; min-height: 30px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle:horizontal {{ background: {p.rule}; border-radius: 5px; min-width: 30px; }}
    QScrollBar::handle:hover {{ background: {p.faint}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


def _menus(theme: Theme) -> str:
    """Menu bar and menus."""
    p = theme.palette
    return f"""
    QMenuBar {{ background: {p.panel}; border-bottom: 1px solid {p.rule}; }}
    QMenuBar::item:selected, QMenu::item:selected {{ background: {p.tint}; }}
    QMenu {{ background: {p.paper}; border: 1px solid {p.rule}; padding: 4px; }}
    QMenu::item {{ padding: 6px 24px 6px 20px; border-radius: 4px; }}
    QMenu::icon {{ padding-left: 10px; }}
    QMenu::item:disabled {{ color: {p.faint}; }}
    QMenu::separator {{ height: 1px; background: {p.rule}; margin: 4px 8px; }}
    """


def _console(theme: Theme) -> str:
    """The meeting's console: the capture line is the one thing with a strong border."""
    p = theme.palette
    return f"""
    QWidget#capture {{ background: {p.panel}; border-top: 1px solid {p.rule}; }}
    QPlainTextEdit#captureLine:focus {{ border: 2px solid {p.accent}; }}
    QPlainTextEdit#captureLine {{ background: {p.paper}; border: 2px solid {p.faint};
        border-radius: 8px; padding: {theme.px(4):.0f}px {theme.px(9):.0f}px; {_size(theme, "heading")} font-weight: 400; }}
    QListWidget#captureOffers {{ background: {p.paper}; border: 1px solid {p.rule}; border-radius: 8px; padding: 4px; }}
    QLabel#wallState {{ background: {p.concern_ground}; color: {p.concern}; font-weight: 600; padding: 8px 12px; }}
    QFrame#recordRow {{ border: 0; border-bottom: 1px solid {p.rule}; }}
    QFrame#recordRow:hover {{ background: {p.panel}; }}
    QFrame#recordRow QPushButton#link {{ font-weight: 600; }}
    """
