"""Records of a source that is asked, such as the city's warehouse: looked at before they are taken in, where that needs a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from citystat.city import City, Touched
from citystat.city.closing import ReasonWanted
from citystat.collect import answers
from citystat.collect.drift import Drift, reason
from citystat.collect.recipes import named_as
from citystat.collect.secrets import Keyring
from citystat.collect.sources import SourceRow, sources
from citystat.errors import CityStatError
from citystat.records import changed
from citystat.records.bring import Brought, ask
from citystat.records.figures import as_map
from citystat.records.recipe import RECORDS, RecordRecipe
from citystat.texts import dotted, plural, tr
from citystat.views import acts, jobs
from citystat.views.collect import outcome
from citystat.views.collect.changed_shape import ChangedShape
from citystat.views.widgets.marks import label
from citystat.views.widgets.page import Page, clear


class AskedRecordsPage(Page):
    """The source with this id: what its records would come to, what is new in them, and then taken in."""

    def __init__(self, city: City, source_id: int) -> None:
        super().__init__()
        self._city, self._id = city, source_id
        self.title = f"{tr('Data')} › {tr('Bring in records')}"
        self._source: SourceRow | None = None
        self._recipe = RecordRecipe()
        self._why: list[str] = []
        self._settled_all = False  # what is new was answered: it is not asked again
        self._ready: Brought | None = None
        self._work = jobs.Newest(self)
        self.shape: ChangedShape | None = None
        self._inside = QVBoxLayout()
        self._inside.setSpacing(12)
        self.body.addLayout(self._inside)
        self.body.addStretch(1)
        with city.read() as read:
            self._source = next((s for s in sources(read) if s.id == source_id), None)
            if self._source is not None and self._source.recipe:
                self._recipe = named_as(read, self._source.recipe, RECORDS).recipe
        self._look()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Cancel"), lambda: self.go.emit("data"), ""),
            (tr("Ask again"), self._look, ""),
            (tr("Bring in"), self.bring_in, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """What the source said stays until it is asked again."""

    def _look(self) -> None:
        """Ask the source; nothing is written."""
        self._ready = None
        source = self._source
        if source is None:
            self.head(tr("The source is gone"), tr("It was removed, or its making was taken back"))
            return
        self.head(tr("Asking {name}", name=source.name), source.location)
        self._run(dry=True, then=self._seen)

    def _run(self, *, dry: bool, then: Any, because: str = "") -> None:
        city, source, recipe, why = self._city, self._source, self._recipe, "; ".join(self._why)
        assert source is not None

        def work(progress: jobs.Progress) -> Brought:
            return ask(
                city, source, recipe, secrets=Keyring(), now=datetime.now(), dry=dry, progress=progress, why=why, reason=because,
                asking=not self._settled_all,
            )  # fmt: skip

        self._work.run(work, then, self._failed, tr("Asking {name}", name=source.name))

    def _failed(self, error: CityStatError) -> None:
        """What is new is asked; anything else is said."""
        clear(self._inside)
        self.shape = None
        if isinstance(error, ReasonWanted):
            acts.ask_why(self, error, self.bring_in, tr("Bring in"))
        elif isinstance(error, changed.Changed):
            n = len(error.changes)
            self.head(
                plural(n, "{n} thing is new in {name}", "{n} things are new in {name}", name=self._name()),
                tr("Say first what it means"),
            )
            self.shape = ChangedShape(error.changes, guess=False)
            self.shape.settled.connect(self._settled)
            self._inside.addWidget(self.shape)
            self.shape.go_on.setFocus()
        else:
            self.head(tr("Nothing can be brought in as it is"), str(error))

    def _settled(self, said: Mapping[Drift, str]) -> None:
        self._why.append(reason(list(said), said))
        self._recipe = changed.accepted(self._recipe, said)
        self._settled_all = not any(d.kind == "column" for d in said)
        self._look()

    def _seen(self, brought: Brought) -> None:
        """What would come of it."""
        clear(self._inside)
        self.shape = None
        self._ready = brought
        done = brought.imported
        rows = plural(brought.rows_read, "{some} record", "{some} records", some=f"{brought.rows_read:,}")
        self.head(
            tr("{records} of {name} are understood", records=rows, name=self._name()),
            dotted(
                (
                    plural(done.added, "{n} new value", "{n} new values"), plural(done.revised, "{n} revised", "{n} revised"),
                    tr("nothing is written yet"),
                )
            ),
        )  # fmt: skip
        for remark in brought.remarks:
            self._inside.addWidget(label(remark.reason, "soft", wrap=True))

    def bring_in(self, because: str = "") -> None:
        """Take them in, as one act. because: why figures of closed periods change."""
        if self._ready is not None or because:
            self._run(dry=False, then=self._kept, because=because)

    def _kept(self, brought: Brought) -> None:
        clear(self._inside)
        self._ready = None
        with self._city.read() as read:
            answers.forget(read, self._id)
        sentence, under = outcome.counted(brought.imported)
        self.head(sentence, under)
        maps = tuple(map(as_map, self._recipe.measures))
        self._inside.addWidget(
            outcome.came_in(brought.imported, maps, self.go.emit, None, lambda: self.go.emit("data"))
        )

    def _name(self) -> str:
        return self._source.name if self._source else ""
