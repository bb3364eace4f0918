"""A new city: its name, and when its fiscal year begins; then where to keep it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QWidget

from citystat import periods
from citystat.errors import CityStatError
from citystat.texts import tr
from citystat.views.widgets.fields import FieldsDialog, choice, line
from citystat.views.widgets.marks import label

# the month in which most cities of a country begin their fiscal year; January everywhere else
FISCAL_YEAR_STARTS = {
    "US": 7, "AU": 7, "NZ": 7, "PK": 7, "BD": 7, "KE": 7, "ZA": 7, "EG": 7,
    "GB": 4, "IN": 4, "JP": 4, "SG": 4, "HK": 4, "JM": 4,
}  # fmt: skip


def usual_start(country: str) -> int:
    """The month (1 to 12) in which a fiscal year usually begins in `country` ("US")."""
    return FISCAL_YEAR_STARTS.get(country.upper(), 1)


class NewCityDialog(FieldsDialog):
    """done(name, month) is told what was typed, once it can be a city."""

    def __init__(self, parent: QWidget, done: Callable[[str, int], object], country: str = "") -> None:
        super().__init__(tr("New city"), parent, done=tr("Choose where to keep it…"))
        self._done = done
        self.name = line(hint="Riverton")
        months = [(tr(name), month) for month, name in enumerate(periods.MONTH_NAMES_LONG, 1)]
        known = country or QLocale.territoryToCode(QLocale.system().territory())
        self.fiscal = choice(tr("Fiscal year begins in"), months, usual_start(known))
        self.fields.field(tr("Name"), self.name)
        self.fields.field(tr("Fiscal year begins in"), self.fiscal)
        words = tr("Years on charts and in tables follow it. It can be changed in the settings.")
        self.fields.wide(label(words, "soft", wrap=True))

    def save(self) -> None:
        """Hand on what was typed."""
        name = " ".join(self.name.text().split())
        if not name:
            raise CityStatError(tr("A city needs a name"), where=tr("Name"), do=tr("Type one"))
        self._done(name, self.fiscal.currentData())
