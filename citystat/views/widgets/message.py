"""Words to the person: a bar that passes, and empty places that say what belongs there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from citystat.texts import tr
from citystat.views.widgets import icons
from citystat.views.widgets.marks import Button, button, label, mark


class MessageBar(QFrame):
    """One line at the foot of the window: a message with at most one act, or the progress of a job."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._words = label("", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 100)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(180)
        self._act = Button()
        self._act.setObjectName("link")
        self._do: Callable[[], object] = lambda: None
        self._act.clicked.connect(lambda: self._do())
        close = button("", self._close, kind="link", tip=tr("Close this message"))
        icons.put(close, "x")
        close.setAccessibleName(tr("Close this message"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 6, 12, 6)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._bar)
        layout.addWidget(self._act)
        layout.addWidget(close)
        self._cancel: Callable[[], object] | None = None  # of the job whose progress is shown
        self._kept: tuple[str, tuple[str, Callable[[], object]] | None] | None = None  # a concern not yet closed
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, words: str, *, concern: bool = False, act: tuple[str, Callable[[], object]] | None = None) -> None:
        """Show `words`; errors stay until closed, news passes after some seconds."""
        self._kept = (words, act) if concern else None
        self._cancel = None
        self._show(words, "concern" if concern else "")
        self._offer(act)
        self._bar.hide()
        if concern:
            self._timer.stop()
        else:
            self._timer.start(8000)

    def pass_by(self) -> None:
        """Another page is shown: news of the one before goes; a concern and the progress of a job stay."""
        if self._timer.isActive():
            self._timer.stop()
            self.hide()

    def progress(self, words: str, share: float, cancel: Callable[[], object]) -> None:
        """Show how far a job is, and offer to stop it."""
        self._timer.stop()
        self._cancel = cancel
        self._show(words, "")
        self._bar.setRange(0, 100 if share else 0)  # a share of nothing: how long it takes is not known
        self._bar.setValue(round(share * 100))
        self._bar.show()
        self._offer((tr("Cancel"), cancel))

    def ended(self, cancel: Callable[[], object]) -> None:
        """The job that `cancel` stops is over: its progress goes, and a concern that it covered comes back."""
        if self._cancel != cancel:
            return
        self._cancel = None
        if self._kept is not None:
            self.say(self._kept[0], concern=True, act=self._kept[1])
        else:
            self.hide()

    def _close(self) -> None:
        self._kept = None
        self.hide()

    def _show(self, words: str, kind: str) -> None:
        self._words.setText(words)
        self.setAccessibleName(words)
        mark(self, "kind", kind)
        self.show()

    def _offer(self, act: tuple[str, Callable[[], object]] | None) -> None:
        self._act.setVisible(act is not None)
        if act is not None:
            self._act.setText(act[0])
            self._do = act[1]


class EmptyPlace(QWidget):
    """What belongs here, why it is empty, and the first step."""

    def __init__(self, title: str, words: str, act: tuple[str, Callable[[], object]] | None = None) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 40, 0, 40)
        layout.setSpacing(8)
        layout.addWidget(label(title, "section"))
        layout.addWidget(label(words, "soft", wrap=True))
        if act is not None:
            layout.addSpacing(8)
            first = button(act[0], act[1], kind="primary")
            self.setFocusProxy(first)
            layout.addWidget(first, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
