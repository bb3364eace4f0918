"""While a formula is typed: the measures whose code or name holds the word begun, completed as their code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit

from citystat.formula.language import written
from citystat.measures.series import Definition

CODE = Qt.ItemDataRole.UserRole
_BEGUN = re.compile(r"\[?[^\W\d_][\w.\-]*$")  # the last word, where it begins with a letter


class CodeCompleter(QCompleter):
    """Offers "PD-01  Violent crimes" for "PD" and for "viol", and leaves PD-01 in the line."""

    def __init__(self, measures: Sequence[Definition], line: QLineEdit, parent: QObject) -> None:
        super().__init__(parent)
        model = QStandardItemModel(self)
        for m in measures:
            item = QStandardItem(f"{m.code}  {m.name}")
            item.setData(written(m.code), CODE)
            model.appendRow(item)
        self._line = line
        self.setModel(model)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setMaxVisibleItems(8)
        line.setCompleter(self)

    def splitPath(self, path: str) -> list[str]:
        """What is compared: the last word; nothing fits a sign or a number."""
        begun = _BEGUN.search(path)
        return [begun[0].lstrip("[")] if begun else ["\0"]

    def pathFromIndex(self, index: QModelIndex) -> str:
        """The line with the last word replaced by the code."""
        text = self._line.text()
        begun = _BEGUN.search(text)
        return (text[: begun.start()] if begun else text) + str(index.data(CODE))
