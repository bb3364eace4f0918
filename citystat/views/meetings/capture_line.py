"""The capture line: one line of typing, read back in chips before Enter."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QLocale, QMimeData, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QKeySequence,
    QMoveEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextOption,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QPlainTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from citystat.meetings.capture import Entry
from citystat.meetings.complete import Completions
from citystat.meetings.kinds import named, on_chart
from citystat.meetings.marks import MARK
from citystat.texts import tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.flow import Flow
from citystat.views.widgets.marks import Chip

GAP = 8  # pixels between the line and what fits, above it
LONGEST = 10_000  # characters; a line this long is a pasted document


class Line(QPlainTextEdit):
    """One line of text whose kind is coloured and whose marks are bold; pasted lines become one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("captureLine")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fit()
        self._colours = _Colours(self.document())

    def changeEvent(self, event: QEvent) -> None:
        """Another look: the coloured words, too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_colours"):
            self._colours.rehighlight()
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fit()

    def _fit(self) -> None:
        """As high as its letters, also when their size is changed in a meeting."""
        self.setFixedHeight(round(theme().px(42)))

    def text(self) -> str:
        """What is typed."""
        return self.toPlainText()

    def setText(self, text: str) -> None:
        """Type `text` in place of what is there; Ctrl+Z in the line takes that back."""
        cursor = self.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(_one_line(text))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste as one line; never more than the line can hold."""
        self.insertPlainText(_one_line(source.text())[: max(0, LONGEST - len(self.text()))])


class _Colours(QSyntaxHighlighter):
    """The kind in the accent, what follows a mark in bold."""

    def highlightBlock(self, text: str) -> None:
        """Called by Qt at every change; an input method's unfinished letters are left alone."""
        kind, mark = QTextCharFormat(), QTextCharFormat()
        kind.setForeground(QColor(theme().palette.accent))
        for style in (kind, mark):
            style.setFontWeight(QFont.Weight.DemiBold)
        first, said = text.split(" ", 1)[0], named(text)
        if on_chart(first):
            self.setFormat(0, len(first), kind)
        elif said.kind:
            self.setFormat(0, len(text) - len(said.rest), kind)
        starts = [found.start() for found in MARK.finditer(text)]
        for start, end in zip(starts, [*starts[1:], len(text)], strict=False):
            self.setFormat(start, end - start, mark)


def day_first() -> bool:
    """Whether this system writes the day before the month in figures; a format that spells the month says nothing."""
    form = QLocale.system().dateFormat(QLocale.FormatType.ShortFormat)
    return "MMM" not in form and 0 <= form.find("d") < form.find("M")


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


class CaptureLine(QWidget):
    """Takes a line, shows how it is understood, and hands it over on Enter.

    parse: line → Entry, called at every key; it must be quick and never raise. complete: line, cursor → what fits.
    Lines follow one another: the keyboard stays in it. Signals: kept(line) on Enter with words in it; left() on Enter, Escape
    or Space in an empty line; undone() on Ctrl+Z in one; writing(whether) when it gets or loses the keyboard.
    """

    kept = Signal(str)
    left = Signal()
    undone = Signal()
    writing = Signal(bool)
    turned = Signal(int)  # Page Down (1), Page Up (−1): the presenter's keys work while typing, too

    def __init__(
        self,
        parse: Callable[[str], Entry],
        parent: QWidget | None = None,
        *,
        complete: Callable[[str, int], Completions] = lambda _line, cursor: Completions(cursor, ()),
    ) -> None:
        super().__init__(parent)
        self._parse, self._complete = parse, complete
        self.setObjectName("capture")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.line = Line(self)
        self.line.setPlaceholderText(tr("action, decision, question or note … @owner ^due #measure =form"))
        self.line.setAccessibleName(tr("Capture line"))
        self.line.setAccessibleDescription(tr("Enter keeps the line; Escape clears it"))
        self.line.textChanged.connect(lambda: self._read_back(self.line.text()))
        self.line.installEventFilter(self)
        self._offers = QListWidget(parent or self)
        self._offers.setAccessibleName(tr("What fits"))
        self._offers.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._offers.setObjectName("captureOffers")
        self._offers.itemClicked.connect(lambda _: self._take())
        self._offers.hide()
        self._offered = Completions(0, ())
        self._was_empty = True
        self._chips = Flow(self)
        self._state = QLabel(self)
        self._state.setObjectName("faint")
        below = QHBoxLayout()
        below.addWidget(self._chips, 1)
        below.addWidget(self._state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 14)
        layout.setSpacing(8)
        layout.addWidget(self.line)
        layout.addLayout(below)
        self._said = ""
        self.line.textChanged.connect(self._say_keys)
        self._say_keys()

    def focus(self) -> None:
        """Begin to type."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def put(self, line: str) -> None:
        """Take a line back to be changed."""
        self.line.setText(line)
        self.focus()

    @property
    def said(self) -> str:
        """The line of state at the right."""
        return self._said

    def say(self, words: str) -> None:
        """A line of state at the right: what was just kept, and what keys do now."""
        self._said = words
        self._say_keys()

    def _say_keys(self) -> None:
        if not self.line.hasFocus():
            keys = tr("/ writes · Ctrl Z takes back")
        elif self.line.text():
            keys = tr("Enter keeps it · Esc clears")
        else:
            keys = tr("Space next item · Esc back to the keys")
        self._state.setText(" · ".join(filter(None, [self._said, keys])))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Escape, the presenter's keys and the list of what fits; everything else is typing."""
        if not isValid(self._offers):  # the page is being taken down, the list before the line
            return False
        if event.type() == QEvent.Type.FocusOut:
            self._offers.hide()
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            QTimer.singleShot(0, self, self._moved_in_or_out)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.matches(QKeySequence.StandardKey.Undo) and not self.line.text():
                self.undone.emit()
                return True
            if self._begins_with(event):
                return True
            if self._offers.isVisible() and self._choose(Qt.Key(event.key())):
                return True
            act = {
                Qt.Key.Key_Return: self._keep,
                Qt.Key.Key_Enter: self._keep,
                Qt.Key.Key_Escape: self._clear,
                Qt.Key.Key_PageDown: lambda: self.turned.emit(1),
                Qt.Key.Key_PageUp: lambda: self.turned.emit(-1),
            }.get(Qt.Key(event.key()))
            if act is not None:
                act()
                return True
        return super().eventFilter(watched, event)

    def _begins_with(self, event: QKeyEvent) -> bool:
        """What is no beginning of a line: the key that leads into it, and a space, which turns to the next item."""
        whole = self.line.textCursor().selectedText() == self.line.text()
        if event.text() == "/" and whole:
            self.line.clear()
            return True
        if event.text() == " " and not self.line.text():
            self.left.emit()
            self.turned.emit(1)
            return True
        return False

    def _moved_in_or_out(self) -> None:
        self._say_keys()
        self.writing.emit(self.line.hasFocus())

    def _choose(self, key: Qt.Key) -> bool:
        """Keys while something is offered. Enter takes an offer only when an arrow went to it before."""
        at = self._offers.currentRow()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._offers.setCurrentRow((at + (1 if key == Qt.Key.Key_Down else -1)) % self._offers.count())
        elif key == Qt.Key.Key_Tab:
            self._offers.setCurrentRow(max(0, at))
            self._take()
        elif key == Qt.Key.Key_Escape:
            self._offers.hide()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at >= 0:
            self._take()
        else:
            return False
        return True

    def _take(self) -> None:
        """Put the chosen words in place of the letters typed."""
        words = self._offered.choices[self._offers.currentRow()].words
        cursor = self.line.textCursor()
        end = cursor.position()
        cursor.setPosition(self._offered.start)
        cursor.setPosition(end, cursor.MoveMode.KeepAnchor)
        cursor.insertText(words + " ")
        self._offers.hide()

    def _offer(self) -> None:
        """Show what fits, above the line, where the cursor is; nothing is chosen until an arrow or Tab is pressed."""
        self._offered = self._complete(self.line.text(), self.line.textCursor().position())
        self._offers.clear()
        for choice in self._offered.choices:
            self._offers.addItem(choice.shown)
        self._offers.setCurrentRow(-1)
        shown = bool(self._offered.choices) and self.window().focusWidget() is self.line
        self._offers.setVisible(shown)
        if shown:
            QTimer.singleShot(0, self._place_offers)  # when the chips have found their rows

    def moveEvent(self, event: QMoveEvent) -> None:
        """The chips took another row: what is offered stays above the line."""
        QTimer.singleShot(0, self._place_offers)

    def _place_offers(self) -> None:
        if isValid(self._offers) and self._offers.isVisible():
            frame = self._offers.parentWidget()
            width = min(frame.width() - 40, self._offers.sizeHintForColumn(0) + 40)
            height = self._offers.sizeHintForRow(0) * self._offers.count() + 14
            mark = self.line.textCursor()
            mark.setPosition(max(0, self._offered.start - 1))
            at = self.line.viewport().mapTo(frame, QPoint(self.line.cursorRect(mark).left(), 0))
            top = self.line.mapTo(frame, QPoint(0, 0)).y() - height - GAP
            self._offers.setGeometry(max(8, min(at.x(), frame.width() - width - 20)), top, width, height)
            self._offers.raise_()

    def _keep(self) -> None:
        """The line is cleared by the console, and only when it is on disk; there is none to keep: back to the keys."""
        if self.line.text().strip():
            self.kept.emit(self.line.text())
        else:
            self._clear()
            self.left.emit()

    def _clear(self) -> None:
        if self.line.text():
            self.line.clear()
        else:
            self.left.emit()

    def _read_back(self, text: str) -> None:
        """Show owner, due date, form and measure as understood; what was not understood says why."""
        self._offer()
        if text and self._was_empty:
            self.say("")
        self._was_empty = not text
        if not text.strip():
            self._chips.put([])
            return
        entry = self._parse(text)
        shown = [Chip(tr(entry.kind) + ("?" if entry.guessed else ""), kind="accent")]
        for chip in entry.chips:
            words = chip.value if chip.ok else f"{chip.value}: {chip.why}"
            shown.append(Chip(words, label=chip.label, kind="plain" if chip.ok else "concern"))
        self._chips.put(shown)
