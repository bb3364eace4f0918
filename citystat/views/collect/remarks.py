"""What wants a look: remarks folded by kind, errors first, each leading to its cell and to what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Signal

from citystat.collect.apply import Remark
from citystat.collect.reading import Folded
from citystat.texts import plural, tr
from citystat.views.widgets.table import ROW, Column, Table

OPENED_AT_MOST = 500  # lines of one kind that are listed when it is opened


@dataclass(frozen=True)
class Line:
    """A line of the list: a kind (remark None) or one remark; inner: under its kind."""

    kind: Folded
    remark: Remark | None
    inner: bool = False
    open: bool = False

    @property
    def place(self) -> str:
        """Where it is, or how often."""
        if self.remark is not None:
            return self.remark.place
        return plural(len(self.kind.members), "{n} cell", "{n} cells")

    @property
    def words(self) -> str:
        """The reason."""
        return self.remark.reason if self.remark is not None else self.kind.reason

    @property
    def act(self) -> str:
        """What a click at the right does."""
        if self.remark is None:
            return tr("Close") if self.open else tr("Show")
        return tr("Change") if self.remark.place else ""


class Remarks(Table):
    """Signals: place_chosen(place) when a line is chosen; change_asked(remark) at "Change"."""

    place_chosen = Signal(str)
    change_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            [
                Column(tr("Cell"), _where, width=96, colour=_colour),
                Column(tr("What"), lambda x: x.words, tip=lambda x: x.words),
                Column(tr("Do"), lambda x: x.act, width=64, right=True, colour=lambda _: "accent"),
            ],
            tr("Please look at"),
            sortable=False,
        )
        self.horizontalHeader().hide()
        self._kinds: list[Folded] = []
        self._open: set[tuple[bool, str]] = set()
        self.chosen.connect(lambda line: line.remark and self.place_chosen.emit(line.remark.place))
        self.opened.connect(self._do)
        self.clicked.connect(self._clicked)

    def show_kinds(self, kinds: Sequence[Folded]) -> None:
        """List remarks that were folded by kind."""
        self._kinds = list(kinds)
        self._list()

    def _list(self) -> None:
        lines: list[Line] = []
        for kind in self._kinds:
            if len(kind.members) == 1:
                lines.append(Line(kind, kind.members[0]))
                continue
            opened = (kind.error, kind.reason) in self._open
            lines.append(Line(kind, None, open=opened))
            if opened:
                lines += [Line(kind, remark, inner=True) for remark in kind.members[:OPENED_AT_MOST]]
        self.set_rows(lines)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == 2:
            self._do(index.data(ROW))

    def _do(self, line: Line) -> None:
        if line.remark is not None:
            self.change_asked.emit(line.remark)
            return
        self._open ^= {(line.kind.error, line.kind.reason)}
        self._list()


def _where(line: Line) -> str:
    """Its place, errors with their shape."""
    return ("    " if line.inner else "") + ("◆ " if line.kind.error else "") + line.place


def _colour(line: Line) -> str:
    return "concern" if line.kind.error else "soft"
