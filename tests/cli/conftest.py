"""Commands that draw make a QGuiApplication where there is none; tests of windows need the whole QApplication first."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests leave the person's own keyring alone."""
    import keyring
    from keyring.backends.fail import Keyring as Nothing

    monkeypatch.setattr(keyring.core, "_keyring_backend", Nothing())


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Made before any command runs."""
