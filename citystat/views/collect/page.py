"""Past imports: what came, what it left open, and taking it back."""

from __future__ import annotations

from datetime import date
from typing import Any

from citystat import periods
from citystat.city import City, Touched
from citystat.collect.store import RunRow, newest_month, runs
from citystat.numbers import in_words
from citystat.texts import plural, tr
from citystat.views import acts
from citystat.views.collect.return_dialog import ReturnDialog
from citystat.views.collect.sources_list import SourcesList
from citystat.views.measures.closing import CloseDialog, ReopenDialog
from citystat.views.widgets.marks import label
from citystat.views.widgets.menu import menu_under
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page
from citystat.views.widgets.table import Column, Table


class DataPage(Page):
    """Every import; run: the one that is chosen to begin with."""

    def __init__(self, city: City, run: int | str = "") -> None:
        super().__init__()
        self._city = city
        self.title = tr("Data")
        self.table = Table(_columns(), tr("Imports"))
        self.table.chosen.connect(self._show)
        self._remarks = label("", "soft", wrap=True)
        self.sources = SourcesList(city)
        self.sources.go.connect(self.go)
        self.sources.said.connect(self.said)
        self.sources.looked.connect(self._say)
        self._heading = label(tr("Imports"), "heading")
        self._empty = EmptyPlace(
            tr("Imports stand here, newest first"),
            tr("Bring in last month's file from a department: you see how it is read before anything is written."),
            (tr("Bring in a file"), lambda: self.go.emit("import")),
        )
        self.body.addWidget(self.sources)
        self.body.addSpacing(16)
        self.body.addWidget(self._heading)
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._remarks)
        self.refresh()
        self._choose(run)

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Calendar"), lambda: self.go.emit("calendar"), ""),
            (tr("Quality"), lambda: self.go.emit("quality"), ""),
            (tr("Take back"), self.take_back, ""),
            (tr("Again with this recipe…"), self.again, ""),
            (tr("Recipes"), lambda: self.go.emit("recipes"), ""),
            (tr("Returns"), self._returns_menu, "menu"),
            (tr("Bring in a file"), lambda: self.go.emit("import"), "primary"),
        ]

    def own_acts(self) -> list[tuple[str, Any]]:
        """What Ctrl+K offers of the menu “Returns”."""
        return [
            (tr("Return sheet…"), lambda: ReturnDialog(self._city, self).open()),
            (tr("Close a period…"), lambda: CloseDialog(self._city, self).open()),
            (tr("Open a period again…"), lambda: ReopenDialog(self._city, self).open()),
        ]

    def _returns_menu(self) -> None:
        menu_under(self, self.own_acts())

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        with self._city.read() as read:
            rows, month = runs(read), newest_month(read)
        self._rows = rows
        self.table.set_rows(rows)
        self.table.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._heading.setVisible(bool(rows))
        if touched is not None:
            self.sources.refresh()
        standing = [r for r in rows if not r.undone]
        self._come = _news(standing, month) if rows else tr("Nothing has been brought in yet")
        self._say()

    def _choose(self, run: int | str) -> None:
        """The import that somebody came for, in sight and under the keyboard."""
        at = next((n for n, row in enumerate(self._rows) if row.id == run), None)
        if at is not None:
            self.table.selectRow(at)  # the newest first, as they are asked for
            self.setFocusProxy(self.table)

    def _say(self) -> None:
        """The sentence: what waits, or what has come."""
        waiting = self.sources.waiting
        n = sum(len(line.arrivals or ()) for line in waiting)
        names = ", ".join(line.source.name for line in waiting)
        self.head(
            plural(n, "{n} new file in {names}", "{n} new files in {names}", names=names) if n else self._come,
            tr("Drop a file anywhere in the window to bring it in. Every import can be taken back."),
        )

    def take_back(self) -> None:
        """Undo the chosen import."""
        row: RunRow | None = self.table.current()
        if row is None:
            self.said.emit(tr("Choose an import first"))
            return
        if not row.brought:
            self.said.emit(tr("This import brought nothing new: there is nothing to take back"))
            return

        def back(reason: str) -> None:
            what = self._city.undo_run(row.id, reason)
            self.said.emit(tr("Taken back: {what}", what=what) if what else tr("It was taken back already"))

        acts.reasoned(self, back, lambda error: self.said.emit(str(error)), done=tr("Take back"))

    def again(self) -> None:
        """Bring in another file by the recipe of the chosen import."""
        row: RunRow | None = self.table.current()
        if row is None:
            self.said.emit(tr("Choose an import first"))
        else:
            self.go.emit(f"import:run:{row.id}")

    def _show(self, row: RunRow) -> None:
        lines = [f"{place}: {reason}" for place, reason in row.remarks[:6]]
        more = len(row.remarks) - 6
        self._remarks.setText(
            "\n".join([*lines, tr("{n} more", n=more) if more > 0 else ""]).strip() or tr("Nothing is left open.")
        )


def _news(standing: list[RunRow], month: tuple[date, int, int] | None) -> str:
    """ "October is in; one file has 5 remarks": what is there, and what was left open."""
    open_ = [r for r in standing if r.remarks]
    left = (
        plural(len(open_[0].remarks), "one file has {n} remark", "one file has {n} remarks")
        if len(open_) == 1
        else tr("{count} files have remarks", count=in_words(len(open_)))
    )
    if month is None:
        words = plural(len(standing), "{n} import", "{n} imports")
    else:
        name = tr(periods.MONTH_NAMES_LONG[month[0].month - 1])
        words = tr("{month} is in", month=name) if month[1] == month[2] else tr(
            "{month} is in for {n} of {all} monthly measures", month=name, n=month[1], all=month[2]
        )  # fmt: skip
    return f"{words}; {left}" if open_ else words


def _columns() -> list[Column]:
    return [
        Column(tr("When"), lambda r: f"{periods.day_label(r.at.date())}, {r.at:%H:%M}", width=150, key=lambda r: r.at),
        Column(tr("File"), lambda r: r.source, bold=True),
        Column(tr("Who"), lambda r: r.who, width=130, spare=5, colour=lambda _: "soft"),
        Column(tr("Rows"), lambda r: f"{r.rows_read:,}", right=True, width=90, key=lambda r: r.rows_read, spare=4),
        Column(tr("New"), lambda r: f"{r.added:,}", right=True, width=90, key=lambda r: r.added, spare=1),
        Column(
            tr("Revised"),
            lambda r: f"{r.revised:,}" if r.revised else "",
            right=True,
            spare=3,
            width=90,
            key=lambda r: r.revised,
        ),
        Column(
            tr("State"),
            lambda r: (
                tr("taken back")
                if r.undone
                else tr("nothing new")
                if not r.brought
                else plural(len(r.remarks), "{n} remark", "{n} remarks")
                if r.remarks
                else ""
            ),
            width=130,
            spare=2,
            colour=lambda _: "soft",
        ),
    ]
