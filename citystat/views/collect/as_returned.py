"""A return sheet that came back: its figures as they will be kept, and what wants a look, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from citystat import periods
from citystat.collect.apply import Remark
from citystat.collect.checks import BY_NAME, ERROR, Finding
from citystat.collect.readers import Source
from citystat.collect.reading import fold
from citystat.collect.returned import Figure, Returned
from citystat.numbers import quantity
from citystat.texts import plural, tr
from citystat.views.collect.remarks import Remarks
from citystat.views.widgets.marks import label
from citystat.views.widgets.table import ROW, Column, Table

IN_SIGHT = 6  # remarks before the list scrolls


class AsReturned(QWidget):
    """findings: what the checks would say of its figures."""

    def __init__(self, source: Source, returned: Returned, findings: Sequence[Finding]) -> None:
        super().__init__()
        self._said: Mapping[str, Finding] = {f.place: f for f in findings if f.place}
        self.table = Table(self._columns(returned), tr("Figures of the return sheet"))
        self.table.set_rows(returned.figures)
        self.table.fit_figures()
        self.remarks = Remarks()
        found = [Remark(f.place, f.words, f.level == ERROR) for f in findings]
        kinds = fold([*returned.remarks, *found])
        self.remarks.show_kinds(kinds)
        self.remarks.setColumnHidden(2, True)
        self.remarks.place_chosen.connect(self._point)
        heading = label(tr("Please look at"), "heading")
        for shown in (heading, self.remarks):
            shown.setVisible(bool(kinds))
        row = self.remarks.verticalHeader().defaultSectionSize()
        self.remarks.setFixedHeight(row * min(len(kinds), IN_SIGHT) + 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.table, 1)
        layout.addSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(self.remarks)
        self.table.setVisible(bool(returned.figures))
        self.setFocusProxy(self.table)

    def _point(self, place: str) -> None:
        """The figure that stands at a place is chosen."""
        model = self.table.model()
        shown = (n for n in range(model.rowCount()) if model.index(n, 0).data(ROW).place == place)
        at = next(shown, None)
        if at is not None:
            self.table.selectRow(at)

    def _columns(self, returned: Returned) -> list[Column]:
        parted = any(f.breakdown for f in returned.figures)
        ratios = any(f.denominator is not None for f in returned.figures)
        columns = [
            Column(tr("Code"), lambda f: f.measure.code, width=76, colour=lambda _: "soft"),
            Column(tr("Measure"), lambda f: f.measure.name, bold=True, tip=lambda f: f.measure.definition),
            Column(tr("Category"), lambda f: f.category, width=120, spare=1),
            Column(tr("Period"), lambda f: f.when, width=96, key=lambda f: f.period),
            Column(tr("Parts"), _parts, right=True, width=110, spare=3, colour=lambda _: "soft"),
            Column(tr("Figure"), lambda f: _quantity(f, f.value), right=True, width=96, bold=True, key=lambda f: f.value),
            Column(tr("So far"), lambda f: _before(f), right=True, width=96, colour=lambda _: "soft", key=lambda f: f.before),
            Column(tr("Check"), self._check, width=190, spare=2, colour=self._tone, tip=self._words),
            Column(tr("Note"), lambda f: f.note, width=220, spare=4, colour=lambda _: "soft", tip=lambda f: f.note),
        ]  # fmt: skip
        left_out: set[str] = set()
        if not parted:
            left_out.add(tr("Category"))
        if not ratios:
            left_out.add(tr("Parts"))
        if not any(f.note for f in returned.figures):
            left_out.add(tr("Note"))
        return [c for c in columns if c.title not in left_out]

    def _check(self, f: Figure) -> str:
        """The rule that objects; what it says stands below, and in the tip."""
        found = self._said.get(f.place)
        if found is None:
            return ""
        title = tr(BY_NAME[found.rule].title)
        return f"◆ {tr('held back')}: {title}" if found.level == ERROR else title

    def _words(self, f: Figure) -> str:
        return self._said[f.place].words if f.place in self._said else ""

    def _tone(self, f: Figure) -> str:
        found = self._said.get(f.place)
        return "concern" if found is not None and found.level == ERROR else "soft"


def sentence(returned: Returned) -> str:
    """ "11 of 19 figures are filled in"."""
    n, errors = len(returned.figures), len(returned.errors)
    if errors:
        return plural(errors, "{n} cell cannot be read", "{n} cells cannot be read")
    if not n:
        return tr("Nothing is filled in on this return sheet")
    return plural(n, "{n} of {all} figures is filled in", "{n} of {all} figures are filled in", all=returned.asked)


def under(source: Source, returned: Returned) -> str:
    """ "Return of Fire · Fire Feb 2026.xlsx · 8 not reported · made 10 Apr 2026"."""
    empty = returned.empty - len(returned.errors)
    left = plural(empty, "{n} not reported", "{n} not reported") if empty > 0 else ""
    made = tr("made {day}", day=periods.day_label(returned.made.date()))
    return " · ".join(filter(None, (tr("Return of {who}", who=returned.who), source.name, left, made)))


def _quantity(f: Figure, value: float | None) -> str:
    return quantity(value, f.measure.unit, f.measure.decimals)


def _before(f: Figure) -> str:
    return _quantity(f, f.before) if f.before is not None else ""


def _parts(f: Figure) -> str:
    """ "799 / 900" of a ratio."""
    if f.numerator is None or f.denominator is None:
        return ""
    return " / ".join(f"{value:,.10g}" for value in (f.numerator, f.denominator))
