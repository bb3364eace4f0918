"""The questions where a file is, and where one shall go: the system's own dialogs, opened in the folder that
was used last for files of their kind."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget


def file_to_open(owner: QWidget, title: str, kinds: str) -> Path | None:
    """An existing file, or None where the person gives up. kinds: "Word (*.docx)"."""
    found, _ = QFileDialog.getOpenFileName(owner, title, folder(owner, kinds), kinds)
    return _kept(owner, found, kinds)


def file_to_write(owner: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Where to write, `name` proposed; the dialog has asked before it returns a file that exists."""
    found, _ = QFileDialog.getSaveFileName(owner, title, str(Path(folder(owner, kinds)) / name), kinds)
    return _kept(owner, found, kinds)


def folder(owner: QWidget, kinds: str) -> str:
    """The folder of the file of this kind chosen last on this machine; the person's documents before there is one."""
    remembered = _remembered(owner)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return str(remembered.get("folders", {}).get(_purpose(kinds), documents)) if remembered is not None else documents


def _kept(owner: QWidget, found: str, kinds: str) -> Path | None:
    if not found:
        return None
    remembered = _remembered(owner)
    if remembered is not None:
        remembered.set("folders", {**remembered.get("folders", {}), _purpose(kinds): str(Path(found).parent)})
    return Path(found)


def _purpose(kinds: str) -> str:
    """What the files are for, by their first ending: departments' tables and the office's own papers lie in other folders."""
    ending = re.search(r"\*\.(\w+)", kinds)
    return ending[1] if ending else ""


def _remembered(owner: QWidget) -> Any:
    """What the main window remembers of this person; it is found upwards, through dialogs too."""
    at: QWidget | None = owner
    while at is not None and not hasattr(at, "remembered"):
        at = at.parentWidget()
    return getattr(at, "remembered", None)
