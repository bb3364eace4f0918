"""Making return sheets: for whom and for when; one workbook, or one for each department."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from citystat import periods
from citystat.city import City
from citystat.collect.asked import Asked, asked, asked_of_all, named, people
from citystat.collect.close import ended_months
from citystat.collect.return_sheet import write_return_sheet
from citystat.errors import CityStatError
from citystat.people.roster import departments
from citystat.texts import LANGUAGES, language, plural, speaking, tr
from citystat.views import jobs
from citystat.views.widgets.choose import file_to_write, folder
from citystat.views.widgets.fields import FieldsDialog, choice
from citystat.views.widgets.marks import label

KINDS = "*.xlsx"
EVERYBODY = ("", "")


class ReturnDialog(FieldsDialog):
    """department, person: chosen to begin with, by name."""

    def __init__(
        self, city: City, parent: QWidget, *, department: str = "", person: str = "", today: date | None = None
    ) -> None:
        super().__init__(tr("Return sheet"), parent, done=tr("Write the sheet…"))
        self._city, self._today = city, today or date.today()
        with city.read() as read:
            units, owners = [d.name for d in departments(read)], people(read)
        offers = [(tr("Every department, a sheet each"), EVERYBODY)] if len(units) > 1 else []
        offers += [(name, ("department", name)) for name in units] + [(name, ("person", name)) for name in owners]
        offers += [(person, ("person", person))] if person and person not in owners else []
        chosen = ("person", person) if person else ("department", department or (units or [""])[0])
        self.who = choice(tr("For"), offers, chosen)
        months = [(tr("What is missing so far"), None), *ended_months(self._today)]
        self.month = choice(tr("Period"), months, None)
        self.language = choice(tr("Language"), [(name, code) for code, name in LANGUAGES.items()], language())
        self._says = label("", "faint", wrap=True)
        self.found: list[Asked] = []  # the sheets, once it is known what they ask
        self._asks = 0
        self.fields.field(tr("For"), self.who)
        self.fields.field(tr("Period"), self.month)
        self.fields.field(tr("Language"), self.language)
        self.fields.wide(self._says)
        for box in (self.who, self.month, self.language):
            box.currentIndexChanged.connect(lambda _: self._ask())
        self._ask()

    def save(self) -> None:
        """Ask where, and write in the background."""
        found = self.found
        if not found:
            raise CityStatError(tr("There is nothing to ask"), do=tr("Choose another month"))
        if self.who.currentData() == EVERYBODY:
            place = QFileDialog.getExistingDirectory(self, tr("Where to?"), folder(self, KINDS))
            paths = [Path(place) / f"{named(one)}.xlsx" for one in found] if place else []
        else:
            one = file_to_write(self, tr("Write the sheet"), f"{named(found[0])}.xlsx", KINDS)
            paths = [one] if one is not None else []
        if not paths:
            raise CityStatError(tr("No place was chosen; nothing was written"))
        self.write(found, paths)

    def write(self, found: list[Asked], paths: list[Path]) -> None:
        """Write the sheets; what was written is said by the window."""
        city, code, window = self._city, self.language.currentData(), self.parentWidget()

        def work(progress: jobs.Progress) -> int:
            with speaking(code):
                for n, (one, path) in enumerate(zip(found, paths, strict=True)):
                    progress.report(n / len(found), path.name)
                    write_return_sheet(city, one, path, now=datetime.now())
            return sum(len(one.lines) for one in found)

        def done(rows: int) -> None:
            bar = jobs.message_bar(window)
            if bar is not None:
                what = paths[0].name if len(paths) == 1 else tr("{n} sheets", n=len(paths))
                bar.say(
                    plural(rows, "Written: {what}, {n} row to fill", "Written: {what}, {n} rows to fill", what=what)
                )

        jobs.run(window, work, done, title=tr("Writing the return sheet"))

    def _ask(self) -> None:
        """What the sheet would ask, found in the background; only the newest question is answered."""
        kind, name = self.who.currentData()
        months = [self.month.currentData()] if self.month.currentData() else []
        city, code, today = self._city, self.language.currentData(), self._today
        self.found = []
        self.go_button.setEnabled(False)
        self._asks += 1
        mine = self._asks

        def work(_progress: jobs.Progress) -> list[Asked]:
            with city.read() as read, speaking(code):
                if kind:
                    return [asked(read, months=months, today=today, **{kind: name})]
                return asked_of_all(read, months=months, today=today)

        def done(found: list[Asked]) -> None:
            if mine == self._asks:
                self.found = found
                self._say(_words(found))

        jobs.run(self, work, done, failed=lambda error: self._say(str(error)), quiet=True)

    def _say(self, words: str) -> None:
        self._says.setText(words)
        self.go_button.setEnabled(bool(self.found))


def _words(found: list[Asked]) -> str:
    """ "9 measures, 19 rows to fill, wanted by 15 Apr 2026", "9 sheets, 140 rows to fill"."""
    if not found:
        return tr("Nothing is missing")
    rows = sum(len(one.lines) for one in found)
    words = plural(rows, "{n} row to fill", "{n} rows to fill")
    if len(found) > 1:
        return f"{plural(len(found), '{n} sheet', '{n} sheets')}, {words}"
    measures = len({line.measure.id for line in found[0].lines})
    wanted = tr("wanted by {day}", day=periods.day_label(found[0].due))
    return f"{plural(measures, '{n} measure', '{n} measures')}, {words}, {wanted}"
