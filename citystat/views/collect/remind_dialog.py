"""Reminders as e-mail drafts: to whom, in which language, with or without a return sheet, into which folder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from citystat.city import City
from citystat.collect.calendar import Debtor
from citystat.collect.calendar_words import owes, reminded_words
from citystat.collect.reminders import address, again_today, remind
from citystat.errors import CityStatError
from citystat.texts import LANGUAGES, dotted, language, plural, speaking, tr
from citystat.views import jobs
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.choose import folder
from citystat.views.widgets.fields import FieldsDialog, choice
from citystat.views.widgets.marks import label

KINDS = "*.eml"


class RemindDialog(FieldsDialog):
    """only: the key of the one debtor who is chosen to begin with; "" chooses all who are late and were not reminded today."""

    def __init__(
        self, city: City, rows: Sequence[Debtor], parent: QWidget, *, today: date | None = None, only: str = ""
    ) -> None:
        super().__init__(
            tr("Remind of figures that are owed"), parent, done=tr("Write the drafts…"),
            about=tr("One e-mail draft for each person; you read and send them in your own mail program."),
        )  # fmt: skip
        self._city, self._today = city, today or date.today()
        self._rows = [d for d in rows if d.named]
        today_ = {d.key for d in again_today(self._rows, self._today)}
        late = [d for d in self._rows if d.late and d.key not in today_]
        self.boxes: dict[str, QCheckBox] = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for d in self._rows:
            box = QCheckBox(d.name)
            box.setChecked(d.key == only if only else d in late)
            box.toggled.connect(lambda _: self._say())
            about = label(dotted((owes(d, self._today), *self._cautions(d))), "faint", wrap=True)
            about.setContentsMargins(round(theme().px(26)), 0, 8, round(theme().px(8)))
            box.setAccessibleDescription(about.text())
            column.addWidget(box)
            column.addWidget(about)
            self.boxes[d.key] = box
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setMinimumHeight(round(theme().px(min(320, 52 * len(self._rows) + 8))))
        self.setMinimumWidth(round(theme().px(680)))
        self.language = choice(tr("Language"), [(name, code) for code, name in LANGUAGES.items()], language())
        self.sheet = QCheckBox(tr("Attach a return sheet that reads back without mapping"))
        self.sheet.setChecked(True)
        self._says = label("", "soft", wrap=True)
        self.fields.field(tr("To"), scroll)
        self.fields.field(tr("Language"), self.language)
        self.fields.field("", self.sheet, spoken=self.sheet.text())
        self.fields.wide(self._says)
        self._say()

    def _cautions(self, d: Debtor) -> list[str]:
        found = [] if address(d) else [tr("no e-mail address: To stays empty")]
        return found + ([reminded_words(d.reminded, self._today)] if d.reminded else [])

    @property
    def chosen(self) -> list[Debtor]:
        """Who is reminded."""
        return [d for d in self._rows if self.boxes[d.key].isChecked()]

    def _say(self) -> None:
        """How many drafts; and whom it would be the second of today."""
        chosen, words = self.chosen, []
        n = len(chosen)
        words.append(plural(n, "{n} draft", "{n} drafts") if n else tr("Nobody is chosen"))
        if again := again_today(chosen, self._today):
            words.append("◆ " + tr("reminded today already: {names}", names=", ".join(d.name for d in again)))
        self._says.setText(dotted(words))
        self.go_button.setEnabled(n > 0)

    def save(self) -> None:
        """Ask where, and write in the background."""
        place = QFileDialog.getExistingDirectory(self, tr("Where to?"), folder(self, KINDS))
        if not place:
            raise CityStatError(tr("No place was chosen; nothing was written"))
        self.write(Path(place))

    def write(self, to: Path) -> None:
        """Write the drafts, keep who was reminded, and say where they are."""
        city, rows, today, window = self._city, self.chosen, self._today, self.parentWidget()
        code, with_sheet = self.language.currentData(), self.sheet.isChecked()

        def work(progress: jobs.Progress) -> list[Path]:
            with speaking(code):
                now = datetime.now()
                return remind(city, rows, to, now=now, today=today, sheets=with_sheet, progress=progress.report)

        def done(written: list[Path]) -> None:
            bar = jobs.message_bar(window)
            if bar is not None:
                words = plural(len(written), "{n} draft is in {folder}", "{n} drafts are in {folder}", folder=to.name)
                bar.say(words, act=(tr("Show the folder"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(to)))))  # fmt: skip

        jobs.run(window, work, done, title=tr("Writing the drafts"))
