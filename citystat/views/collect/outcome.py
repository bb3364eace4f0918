"""Before a file and after it: the empty place, a file that cannot be read, and what came in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from citystat import periods
from citystat.collect.checks import told
from citystat.collect.recipe import MeasureMap
from citystat.collect.recipes import Kept
from citystat.collect.store import Imported
from citystat.errors import CityStatError
from citystat.texts import plural, tr
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.message import EmptyPlace

Act = Callable[[], object]


def empty(choose: Act, known: Sequence[Kept], use: Callable[[Kept], object]) -> QWidget:
    """Drop a file, choose one, or take a recipe that was used before."""
    whole, column = _column()
    first = EmptyPlace(
        tr("Drop a file here"),
        tr(
            "You will see how it is read before anything is written: headings, periods, measures, missing values. What cannot be read is listed by cell."
        ),
        (tr("Choose a file…"), choose),
    )
    whole.setFocusProxy(first)
    column.addWidget(first)
    if known:
        column.addWidget(label(tr("Again, as before"), "heading"))
        for one in known[:8]:
            row = QHBoxLayout()
            row.addWidget(button(one.name, lambda k=one: use(k), kind="link", tip=tr("Choose the new file for it")))
            words = tr("last used {day}, on {file}", day=periods.day_label(one.at.date()), file=one.source)
            row.addWidget(label(words, "soft", wrap=True), 1)
            column.addLayout(row)
    column.addStretch(1)
    return whole


def refused(error: CityStatError, choose: Act) -> QWidget:
    """What is wrong with the file and what to do."""
    whole, column = _column()
    column.addWidget(
        EmptyPlace(f"◆ {error.what}", error.do or tr("Choose another file"), (tr("Choose another file…"), choose))
    )
    column.addStretch(1)
    return whole


def came_in(
    done: Imported,
    measures: Sequence[MeasureMap],
    go: Callable[[str], object],
    take_back: Act | None,
    again: Act,
) -> QWidget:
    """The measures that have new values, and taking them back; take_back None: there is nothing to take back."""
    whole, column = _column()
    column.addSpacing(8)
    if done.findings:
        row = QHBoxLayout()
        row.addWidget(button(told(done.findings), lambda: go("quality"), kind="link"))
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(8)
    for measure in [m for m in measures if m.code in done.measures][:40]:
        row = QHBoxLayout()
        row.addWidget(
            button(measure.name or measure.code, lambda c=measure.code: go(f"measure:{c}"), kind="link"),
            0, Qt.AlignmentFlag.AlignLeft,
        )  # fmt: skip
        row.addWidget(label(measure.code, "faint"))
        row.addStretch(1)
        column.addLayout(row)
    column.addSpacing(16)
    acts = QHBoxLayout()
    acts.addWidget(button(tr("See the measures"), lambda: go("measures"), kind="primary"))
    if take_back is not None:
        acts.addWidget(button(tr("Take it back"), take_back, tip="Ctrl+Z"))
    acts.addWidget(button(tr("Bring in another file"), again))
    acts.addStretch(1)
    column.addLayout(acts)
    column.addStretch(1)
    return whole


def counted(done: Imported) -> tuple[str, str]:
    """The sentence and the line beneath it, of what an import did."""
    if done.run_id is None:
        return (
            tr("Nothing is new in this file"),
            plural(
                done.unchanged,
                "Its {n} value is in the city already",
                "All {some} values are in the city already",
                some=f"{done.unchanged:,}",
            )
            + ". "
            + tr("Nothing was changed"),
        )
    n = done.added + done.revised + done.unchanged
    return (
        plural(n, "{some} value is in", "{some} values are in", some=f"{n:,}"),
        tr(
            "{added} new, {revised} corrected, {same} unchanged",
            added=f"{done.added:,}",
            revised=f"{done.revised:,}",
            same=f"{done.unchanged:,}",
        ),
    )


def _column() -> tuple[QWidget, QVBoxLayout]:
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return whole, column
