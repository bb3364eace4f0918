"""The dialog in which an office chooses its own template for minutes and memos, or begins one from CityStat's."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QMessageBox, QVBoxLayout, QWidget

from citystat.city import City
from citystat.documents.template import completed, missing_styles, own_template, word_file
from citystat.errors import CityStatError
from citystat.files import write_bytes
from citystat.meetings.papers import NAMES, chosen_templates, forget_templates, keep_template
from citystat.texts import tr
from citystat.views.widgets.choose import file_to_open, file_to_write
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.message import MessageBar
from citystat.views.widgets.page import clear

WORD = "Word (*.docx *.dotx)"


class TemplateDialog(QDialog):
    """One line a kind of document: which template it is written with, and how to choose another."""

    def __init__(self, city: City, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._city = city
        self.setWindowTitle(tr("Document templates"))
        self.setMinimumWidth(640)
        self._bar = MessageBar()
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(16)
        self._rows.setVerticalSpacing(8)
        self._rows.setColumnStretch(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(32, 28, 32, 24)
        whole.setSpacing(16)
        whole.addWidget(label(tr("Document templates"), "section"))
        words = label(
            tr(
                "A template is kept in the city, so colleagues write with it too. "
                "Approved minutes keep the template they were approved with."
            ),
            "soft",
        )
        words.setWordWrap(True)
        whole.addWidget(words)
        whole.addLayout(self._rows)
        whole.addWidget(self._bar)
        foot = QHBoxLayout()
        foot.addWidget(button(tr("Start from CityStat's template…"), self._ask_start))
        foot.addStretch(1)
        foot.addWidget(button(tr("Close"), self.accept))
        foot.addWidget(button(tr("Choose for all…"), lambda: self._ask(tuple(NAMES)), kind="primary"))
        whole.addLayout(foot)
        self._show()

    def choose(self, kinds: tuple[str, ...], path: Path, *, complete: bool = False) -> bool:
        """Use the template at `path` for `kinds`; complete: with the styles it lacks added to the city's copy."""
        try:
            data = word_file(path)
            missing = missing_styles(data)
            if missing and not complete:
                self._bar.say(tr("The template lacks these styles: {names}", names=", ".join(missing)), concern=True)
                return False
            keep_template(self._city, kinds, path.name, completed(data) if missing else data)
        except CityStatError as error:
            self._bar.say(str(error), concern=True)
            return False
        self._show()
        self._bar.say(tr("{file} is the template from now on", file=path.name))
        return True

    def start_from_own(self, to: Path) -> None:
        """Write CityStat's template to `to`, to be edited in Word."""
        try:
            write_bytes(to, own_template())
        except CityStatError as error:
            self._bar.say(str(error), concern=True)
            return
        self._bar.say(tr("Wrote {file}; change it in Word, then choose it here", file=to.name))

    def _show(self) -> None:
        clear(self._rows)
        with self._city.read() as read:
            chosen = chosen_templates(read)
        for row, (kind, name) in enumerate(NAMES.items()):
            now = label(chosen.get(kind, tr("CityStat's own")), "" if kind in chosen else "soft")
            choose = button(tr("Choose…"), lambda k=kind: self._ask((k,)))
            choose.setAccessibleName(tr("Choose a template: {document}", document=tr(name)))
            self._rows.addWidget(label(tr(name), "strong"), row, 0, Qt.AlignmentFlag.AlignVCenter)
            self._rows.addWidget(now, row, 1, Qt.AlignmentFlag.AlignVCenter)
            if kind in chosen:
                back = button(tr("Use CityStat's own"), lambda k=kind: self._forget(k), kind="link")
                back.setAccessibleName(tr("Use CityStat's own template: {document}", document=tr(name)))
                self._rows.addWidget(back, row, 2)
            self._rows.addWidget(choose, row, 3)

    def _forget(self, kind: str) -> None:
        forget_templates(self._city, [kind])
        self._show()

    def _ask(self, kinds: tuple[str, ...]) -> None:
        path = file_to_open(self, tr("Choose a template"), WORD)
        if path is None or self.choose(kinds, path) or not self._lacks_styles(path):
            return
        question = tr(
            "Add the missing styles to the city's copy of {file}? The file itself is not changed.", file=path.name
        )
        if QMessageBox.question(self, tr("Styles are missing"), question) == QMessageBox.StandardButton.Yes:
            self.choose(kinds, path, complete=True)

    def _lacks_styles(self, path: Path) -> bool:
        try:
            return bool(missing_styles(word_file(path)))
        except CityStatError:
            return False  # choose() has said what is wrong

    def _ask_start(self) -> None:
        path = file_to_write(self, tr("Where to keep the template"), "CityStat template.docx", WORD)
        if path is not None:
            self.start_from_own(path)
