"""A memo, edited before it is written: passages computed from the data, changed, struck out and added by hand."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.meetings import memo
from citystat.meetings.memo import SECTIONS, MemoView, Passage
from citystat.meetings.memo_paper import write_memo
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.chart.picture import document_picture
from citystat.views.chart.view import ChartView
from citystat.views.documents.paper import say_written
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.choose import file_to_write
from citystat.views.widgets.fields import FieldsDialog, choice, paragraph
from citystat.views.widgets.marks import label
from citystat.views.widgets.page import Page, clear
from citystat.views.widgets.rows import Row, RowList

TOUCHES = ("memo", "memo_edit", "observation", "measure", "target", "annotation")
PICTURE = 220  # pixels at 100 % that a chart beside the passages is high


class MemoPage(Page):
    """The memo with this id; Enter changes a passage, Delete strikes it out or brings it back, N adds one."""

    def __init__(self, city: City, memo_id: int, today: date | None = None) -> None:
        super().__init__()
        self._city, self._id, self._today = city, memo_id, today or date.today()
        self._memo: MemoView | None = None
        self._work = jobs.Newest(self)
        self.title = f"{tr('Meetings')} › {tr('Memo')}"
        self.list = RowList(tr("Passages of the memo"))
        self.list.opened.connect(lambda _: self.change())
        self.list.removed.connect(lambda _: self.strike())
        self._told = label("", "soft", wrap=True)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.list, 1)
        left.addWidget(self._told)
        left.addWidget(
            label(tr("Enter changes · N adds · Delete strikes out or brings back · Ctrl Z takes back"), "faint")
        )
        self.list.chosen.connect(lambda _: self._tell())
        self._charts = QVBoxLayout()
        self._charts.setSpacing(16)
        right.addWidget(label(tr("The charts that matter"), "heading"))
        right.addLayout(self._charts)
        right.addStretch(1)
        self.list.setMinimumHeight(round(theme().px(320)))
        self.body.addWidget(Beside(left, right, shares=(5, 4), gap=36, narrow=860), 1)
        QShortcut(QKeySequence("N"), self, self.add)
        self.head(tr("Writing the memo…"), "")
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Add a passage…"), self.add, ""),
            (tr("Write as Word…"), self._ask_file, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Compute it again, in the background: what was written by hand stays."""
        if touched is not None and not touched.any(*TOUCHES):
            return
        city, memo_id, today = self._city, self._id, self._today

        def work(progress: jobs.Progress) -> MemoView:
            with city.read() as read:
                return memo.view(read, memo_id, today, progress)

        self._work.run(work, self._came, self._failed, tr("Writing the memo…"))

    def _failed(self, error: CityStatError) -> None:
        self._told.setText(f"◆ {error}")

    def _came(self, found: MemoView) -> None:
        first = self._memo is None
        self._memo = found
        moved, struck = sum(p.moved for p in found.passages), sum(p.text is None for p in found.passages)
        said = [plural(len(found.passages) - struck, "{n} passage", "{n} passages")]
        said += [plural(moved, "{n} was changed by hand and its facts moved since", "{n} were changed by hand and their facts moved since")] if moved else []  # fmt: skip
        said += [plural(struck, "{n} struck out", "{n} struck out")] if struck else []
        self.head(found.title, " · ".join(said))
        kept = self.list.current()
        rows = [row for section in SECTIONS for row in self._rows(section, found)]
        keys = {row.key for row in rows if row.key is not None}
        self.list.show_rows(rows, kept if kept in keys else next((r.key for r in rows if r.key), None))
        self._show_charts(found)
        if first:
            self.list.setFocus()

    def _rows(self, section: str, found: MemoView) -> list[Row]:
        mine = found.of(section)
        if not mine:
            return []
        return [Row(None, SECTIONS[section]()), *(_row(p) for p in mine)]

    def _show_charts(self, found: MemoView) -> None:
        clear(self._charts)
        for chart in found.charts:
            picture = ChartView()
            picture.setFixedHeight(round(theme().px(PICTURE)))
            picture.set_chart(chart)
            self._charts.addWidget(label(f"{chart.headline}", "strong", wrap=True))
            self._charts.addWidget(picture)
            if chart.caveat:
                self._charts.addWidget(label(chart.caveat, "faint", wrap=True))

    def _tell(self) -> None:
        """The chosen passage in full, and where its number comes from."""
        p = self._chosen()
        if p is None:
            self._told.setText("")
            return
        said = [p.text or tr("Struck out: {words}", words=p.computed)]
        if p.moved and p.computed:
            said.append(tr("◆ The data say now: {words}", words=p.computed))
        if p.trace:
            said.append(tr("From {source}", source=p.trace))
        self._told.setText("\n".join(said))

    def _chosen(self) -> Passage | None:
        key = self.list.current()
        return next((p for p in self._memo.passages if p.key == key), None) if self._memo else None

    ## Acts

    def change(self) -> None:
        """The chosen passage in other words."""
        p = self._chosen()
        if p is not None:
            PassageDialog(self._city, self._id, self, p).open()

    def strike(self) -> None:
        """The chosen passage out, or in again."""
        p = self._chosen()
        if p is not None:
            (memo.restore if p.text is None else memo.strike)(self._city, self._id, p)

    def add(self) -> None:
        """A passage of one's own, in the section that is chosen."""
        p = self._chosen()
        PassageDialog(self._city, self._id, self, None, p.section if p else "finding").open()

    def _ask_file(self) -> None:
        name = (self._memo.title if self._memo else tr("Memo")).replace("/", "-")
        path = file_to_write(self, tr("Save as Word file"), f"{name}.docx", "Word (*.docx)")
        if path is not None:
            self.write(path)

    def write(self, to: Path) -> None:
        """Write it in the background."""
        city, memo_id, today = self._city, self._id, self._today

        def work(progress: jobs.Progress) -> Path:
            return write_memo(
                city, memo_id, to, picture=document_picture, today=today, now=datetime.now(), progress=progress
            )

        jobs.run(self, work, partial(say_written, self), title=tr("Writing {file}", file=to.name))


class PassageDialog(FieldsDialog):
    """A passage in the analyst's words; the data's own are beneath, and stand again where the field is emptied."""

    def __init__(self, city: City, memo_id: int, parent: QWidget, known: Passage | None, section: str = "") -> None:
        super().__init__(tr("A passage of the memo"), parent)
        self._city, self._memo, self._known = city, memo_id, known
        self.text = paragraph((known.text or known.computed) if known else "", lines=5)
        self.section = choice(tr("In"), [(title(), name) for name, title in SECTIONS.items()], section or "finding")
        self.fields.field(tr("Words"), self.text)
        if known is None:
            self.fields.field(tr("In"), self.section)
        elif known.computed:
            self.fields.field(tr("The data say"), label(known.computed, "soft", wrap=True))
            self.fields.wide(label(tr("Emptied, the data's own words stand again."), "faint", wrap=True))
        self.fields.first = self.text
        self.resize(round(theme().px(600)), self.sizeHint().height())

    def save(self) -> None:
        """Keep it."""
        words = self.text.toPlainText()
        if self._known is None:
            memo.add(self._city, self._memo, self.section.currentData(), words)
        else:
            memo.edit(self._city, self._memo, self._known, words)


def _row(p: Passage) -> Row:
    """What it is about over what is said of it; how it stands at the right."""
    if p.text is None:
        state = tr("struck out")
    elif p.moved:
        state = tr("facts moved since")
    else:
        state = tr("changed by hand") if p.edited else ""
    about, mark, said = (p.text or p.computed).partition(": ")
    title, under = (about, said) if mark and not p.edited else (p.text or about, "" if p.text else said)
    return Row(p.key, title, under, mark="concern" if p.moved else "", right=state, tone="soft")
