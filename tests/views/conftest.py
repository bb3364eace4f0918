"""What tests of views share: a watch that nothing becomes a window of its own by mistake."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

PARTS = (
    QLabel,
    QPushButton,
)  # what is always a part of something; a label that Qt shows as a tip has a window flag of its own


class _Strays(QObject):
    """Notes labels and buttons that are shown before they have a place: on a real desktop each is a window for a
    moment, which flashes and takes the keyboard from whoever types."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, PARTS) and _is_stray(watched):
            self.seen.append(f"{type(watched).__name__} “{watched.text()}”")
        return False


def _is_stray(widget: QWidget) -> bool:
    return widget.isWindow() and widget.metaObject().className() not in ("QTipLabel",)


@pytest.fixture
def no_stray_windows(qapp: QApplication) -> Iterator[None]:
    """Fails where a part was shown without a place. It hears every event: for tests that are worth it."""
    strays = _Strays()
    qapp.installEventFilter(strays)
    yield
    qapp.removeEventFilter(strays)
    assert not strays.seen, f"shown without a place: {strays.seen[:5]}"
