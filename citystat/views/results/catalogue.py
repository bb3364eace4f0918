"""The catalogue of common outcome measures: searched at the left, read at the right, made the city's own by one key."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from citystat.city import City, Touched
from citystat.measures.catalogue import Suggested, catalogue, found, use
from citystat.measures.definition import BETTER
from citystat.measures.series import definitions
from citystat.numbers import unit_phrase
from citystat.people.roster import departments
from citystat.texts import plural, tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.fields import choice
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page, clear
from citystat.views.widgets.rows import Row, RowList


class CataloguePage(Page):
    """Measures as other cities have them."""

    def __init__(self, city: City, key: str = "") -> None:
        super().__init__()
        self._city = city
        self.title = " › ".join((tr("Results"), tr("Catalogue")))
        self._all = {s.key: s for s in catalogue()}
        self._used: dict[str, str] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search by service, name or what is measured"))
        self.search.setAccessibleName(tr("Search the catalogue"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._narrow())
        services = list(dict.fromkeys(s.service for s in self._all.values()))
        self.service = choice(tr("Service"), [(tr("All services"), ""), *((s, s) for s in services)])
        self.service.currentIndexChanged.connect(lambda _: self._narrow())
        self.list = RowList(tr("Catalogue"))
        self.list.chosen.connect(self._show)
        self.list.opened.connect(lambda _: self.use())
        self._nothing = EmptyPlace(tr("No measure fits"), tr("Search for other words, or choose another service."))
        self._name = label("", "section", wrap=True)
        self._words = label("", "text", wrap=True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(6)
        self._facts.setColumnStretch(1, 1)
        with city.read() as read:
            offers = [(tr("no department"), None), *((d.name, d.id) for d in departments(read))]
        self.department = choice(tr("Department"), offers)
        self.department.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.department.setMinimumContentsLength(12)
        self.use_button = button(tr("Use this"), self.use, kind="primary")
        self.open_button = button("", self._open, kind="link")
        self._lay_out()
        self.refresh()
        self.list.choose(key)

    def _lay_out(self) -> None:
        filters, left, right, acts = QHBoxLayout(), QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        filters.addWidget(self.search, 1)
        filters.addWidget(self.service)
        left.addLayout(filters)
        self.list.setMinimumHeight(round(theme().px(320)))
        left.addWidget(self.list, 1)
        left.addWidget(self._nothing, 1)
        acts.addWidget(self.department, 1)
        acts.addWidget(self.use_button)
        right.setSpacing(12)
        right.addWidget(self._name)
        right.addWidget(self._words)
        right.addLayout(self._facts)
        right.addSpacing(8)
        right.addLayout(acts)
        right.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        right.addStretch(1)
        self.body.addWidget(Beside(left, right, shares=(5, 4), gap=44), 1)

    def refresh(self, touched: Touched | None = None) -> None:
        """Which of them the city has already."""
        if touched is not None and not touched.any("measure"):
            return
        with self._city.read() as read:
            self._used = {m.name.lower(): m.code for m in definitions(read)}
        self._narrow()

    def _narrow(self) -> None:
        """The suggestions that fit; the one chosen stays where it still does."""
        fitting = found(self.search.text(), self.service.currentData())
        kept = self.list.current()
        chosen = kept if any(s.key == kept for s in fitting) else fitting[0].key if fitting else None
        self.list.show_rows([self._row(s) for s in fitting], chosen)
        self.list.setVisible(bool(fitting))
        self._nothing.setVisible(not fitting)
        services = len({s.service for s in self._all.values()})
        self.head(
            tr("What other cities measure"),
            plural(len(fitting), "{n} measure of {all}", "{n} measures of {all}", all=len(self._all))
            + " · " + tr("{n} services", n=services),
        )  # fmt: skip
        if chosen is not None:
            self._show(chosen)

    def _row(self, s: Suggested) -> Row:
        code = self._used.get(s.name.lower(), "")
        return Row(s.key, s.name, f"{s.service} · {tr(s.kind)}", right=code, right_under=tr("in use") if code else "")

    def _show(self, key: Any) -> None:
        """One suggestion in full."""
        s = self._all[key]
        code = self._used.get(s.name.lower(), "")
        self._name.setText(s.name)
        self._words.setText(s.definition)
        clear(self._facts)
        for at, (name, words) in enumerate((
            (tr("Computed as"), s.formula), (tr("Unit"), unit_phrase(s.unit)), (tr("Better is"), BETTER[s.direction]()),
            (tr("Kind"), tr(s.kind)), (tr("Frequency"), tr(s.frequency)),
        )):  # fmt: skip
            self._facts.addWidget(label(name, "soft", wrap=True), at, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(label(words, wrap=True), at, 1, Qt.AlignmentFlag.AlignTop)
        self._facts.setColumnMinimumWidth(0, round(theme().px(96)))
        self.open_button.setText(tr("Open {code}, which the city has already", code=code))
        self.open_button.setVisible(bool(code))
        self.use_button.setEnabled(not code)

    def use(self) -> None:
        """Make it a measure of the city; Ctrl+Z takes it back."""
        key = self.list.current()
        if key is None or self._all[key].name.lower() in self._used:
            return
        code = use(self._city, self._all[key], department_id=self.department.currentData())
        self.refresh()
        self.said.emit(tr("{code} is a measure of the city now; give it an owner and a target", code=code))

    def _open(self) -> None:
        key = self.list.current()
        if key is not None:
            self.go.emit(f"measure:{self._used[self._all[key].name.lower()]}")
