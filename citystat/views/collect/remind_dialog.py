"""Reminders as e-mail drafts: to whom, with or without a return sheet, into which folder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City
from citystat.collect.asked import NothingToAsk, asked, named
from citystat.collect.calendar import Debtor, owes, remember
from citystat.collect.reminders import write_drafts
from citystat.collect.return_sheet import workbook
from citystat.errors import CityStatError
from citystat.texts import dotted, plural, tr
from citystat.views import jobs
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.choose import folder
from citystat.views.widgets.fields import FieldsDialog
from citystat.views.widgets.marks import label

KINDS = "*.eml"


class RemindDialog(FieldsDialog):
    """only: the key of the one debtor who is chosen to begin with; "" chooses all who are late."""

    def __init__(
        self, city: City, rows: Sequence[Debtor], parent: QWidget, *, today: date | None = None, only: str = ""
    ) -> None:
        super().__init__(
            tr("Remind of figures that are owed"), parent, done=tr("Write the drafts…"),
            about=tr("One e-mail draft for each person; you read and send them in your own mail program."),
        )  # fmt: skip
        self._city, self._today = city, today or date.today()
        self._rows = [d for d in rows if d.person is not None]
        late = [d for d in self._rows if d.late]
        self.boxes: dict[str, QCheckBox] = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        for d in self._rows:
            box = QCheckBox(dotted((d.name, owes(d), *self._cautions(d))))
            box.setChecked(d.key == only if only else d in late or not late)
            box.toggled.connect(lambda _: self._say())
            column.addWidget(box)
            self.boxes[d.key] = box
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setMinimumHeight(round(theme().px(min(320, 30 * len(self._rows) + 8))))
        self.setMinimumWidth(round(theme().px(640)))
        self.sheet = QCheckBox(tr("Attach a return sheet that reads back without mapping"))
        self.sheet.setChecked(True)
        self._says = label("", "faint", wrap=True)
        self.fields.field(tr("To"), scroll)
        self.fields.field("", self.sheet, spoken=self.sheet.text())
        self.fields.wide(self._says)
        self._say()

    def _cautions(self, d: Debtor) -> list[str]:
        assert d.person is not None
        found = [] if d.person.email else [tr("no e-mail address")]
        if d.reminded and d.reminded.date() == self._today:
            found.append(tr("◆ reminded today already"))
        elif d.reminded:
            found.append(tr("reminded {day}", day=periods.day_label(d.reminded.date())))
        return found

    @property
    def chosen(self) -> list[Debtor]:
        """Who is reminded."""
        return [d for d in self._rows if self.boxes[d.key].isChecked()]

    def _say(self) -> None:
        n = len(self.chosen)
        self._says.setText(plural(n, "{n} draft", "{n} drafts") if n else tr("Nobody is chosen"))
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
        with_sheet = self.sheet.isChecked()

        def work(progress: jobs.Progress) -> list[Path]:
            sheets = {}
            for n, d in enumerate(rows):
                progress.report(n / len(rows) * 0.9, d.name)
                if with_sheet and (made := return_sheet(city, d, today)):
                    sheets[d.key] = made
            settings = city.settings
            written = write_drafts(to, rows, settings.name, settings.office, today, sheets)
            remember(city, rows, datetime.now())
            return written

        def done(written: list[Path]) -> None:
            bar = jobs.message_bar(window)
            if bar is not None:
                words = plural(len(written), "{n} draft is in {folder}", "{n} drafts are in {folder}", folder=to.name)
                bar.say(words, act=(tr("Show the folder"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(to)))))  # fmt: skip

        jobs.run(window, work, done, title=tr("Writing the drafts"))


def return_sheet(city: City, debtor: Debtor, today: date) -> tuple[str, bytes] | None:
    """Name and content of the sheet for what a debtor owes; None where nothing that has ended is missing."""
    assert debtor.person is not None
    who = {"person": debtor.person.name} if debtor.owns else {"department": debtor.department}
    try:
        with city.read() as read:
            found = asked(read, today=today, **who)
    except NothingToAsk:
        return None
    return f"{named(found)}.xlsx", workbook(city, found, datetime.now())
