"""Settings: what holds for the city, and what this person likes on this machine."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QWidget

from citystat import periods
from citystat.city import City, Touched
from citystat.city.settings import keep_settings
from citystat.errors import CityStatError
from citystat.texts import LANGUAGES, tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import label
from citystat.views.widgets.page import Page

SCALES = (1.0, 1.25, 1.5, 1.75, 2.0)


class SettingsPage(Page):
    """Signals beyond a page's: liked(name, value) when the person chose how the application looks or speaks."""

    liked = Signal(str, object)

    def __init__(self, city: City) -> None:
        super().__init__()
        self._city = city
        self.title = tr("Settings")
        self.head(tr("Settings"), tr("The city's are shared with everyone who opens it; yours stay on this computer."))
        self._labels: list[QLabel] = []
        self._name, self._office, self._population = (QLineEdit() for _ in range(3))
        self._fiscal = QComboBox()
        for month, name in enumerate(periods.MONTH_NAMES_LONG, 1):
            self._fiscal.addItem(tr(name), month)
        self._form(
            tr("City"),
            (tr("Name"), self._name),
            (tr("Office"), self._office),
            (tr("Fiscal year begins in"), self._fiscal),
            (tr("Population"), self._population),
        )
        self.body.addSpacing(24)
        self._who = QLineEdit(city.who)
        self._who.editingFinished.connect(self._call)
        self._form(tr("You"), (tr("Your name in the audit trail"), self._who), *self._choices())
        self.body.addStretch(1)
        wide = max(said.sizeHint().width() for said in self._labels)
        for said in self._labels:  # both forms have one column of labels
            said.setMinimumWidth(wide)
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right; what a person likes is kept as it is chosen."""
        return [(tr("Audit trail"), lambda: self.go.emit("history"), ""), (tr("Save"), self.keep, "primary")]

    def refresh(self, touched: Touched | None = None) -> None:
        """Show what holds now."""
        if touched is not None and not touched.any("city_settings"):
            return
        settings = self._city.settings
        self._name.setText(settings.name)
        self._office.setText(settings.office)
        self._fiscal.setCurrentIndex(settings.fiscal_year_start - 1)
        self._population.setText("" if settings.population is None else f"{settings.population:,}")

    def begin(self) -> None:
        """Show the person's choices, which the window remembers."""
        for name, box in self._boxes.items():
            at = box.findData(self.window().remembered.get(name, None))
            box.setCurrentIndex(max(0, at))
            box.activated.connect(lambda _, n=name, b=box: self.liked.emit(n, b.currentData()))

    def keep(self) -> None:
        """Save the city's settings, or say which field cannot be."""
        words = self._population.text().replace(",", "").replace(" ", "")
        try:
            if words and not words.isdigit():
                raise CityStatError(tr("A population is a whole number"), where=tr("Population"))
            keep_settings(
                self._city,
                name=self._name.text(),
                office=self._office.text(),
                fiscal_year_start=self._fiscal.currentData(),
                population=int(words) if words else None,
            )
        except CityStatError as error:
            self.said.emit(str(error))
            return
        self.said.emit(tr("Saved"))

    def _call(self) -> None:
        name = self._who.text().strip()
        if name and name != self._city.who:
            self._city.who = name
            self.liked.emit("who", name)

    def _choices(self) -> list[tuple[str, QComboBox]]:
        """What a person may like, as combo boxes; the first is what holds when nothing was chosen."""
        tables = {
            "language": (tr("Language"), list(LANGUAGES.items())),
            "theme": (
                tr("Colours"),
                [(None, tr("As the system")), (False, tr("Light")), (True, tr("Dark")), ("contrast", tr("High contrast"))],
            ),
            "scale": (tr("Text size"), [(s, f"{s:.0%}".replace("%", " %")) for s in SCALES]),
        }  # fmt: skip
        self._boxes: dict[str, QComboBox] = {}
        for name, (_, values) in tables.items():
            self._boxes[name] = QComboBox()
            for value, words in values:
                self._boxes[name].addItem(words, value)
        return [(title, self._boxes[name]) for name, (title, _) in tables.items()]

    def _form(self, title: str, *rows: tuple[str, QWidget]) -> None:
        self.body.addWidget(label(title, "section"))
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, field in rows:
            field.setAccessibleName(words)
            field.setMinimumWidth(round(theme().px(160)))
            field.setMaximumWidth(round(theme().px(320)))
            self._labels.append(label(words, "soft"))
            form.addRow(self._labels[-1], field)
        self.body.addLayout(form)
        self.body.addSpacing(8)
