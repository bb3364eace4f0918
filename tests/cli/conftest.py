"""Commands that draw make a QGuiApplication where there is none; tests of windows need the whole QApplication first."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Made before any command runs."""
