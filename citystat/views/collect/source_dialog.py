"""A source: where it is, how it is asked, and whether CityStat looks at it by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from citystat.city import City
from citystat.collect import recipes, sources, trying
from citystat.collect.secrets import Secrets
from citystat.collect.sources import KINDS, SourceRow
from citystat.errors import CityStatError
from citystat.people import roster
from citystat.texts import tr
from citystat.views import jobs
from citystat.views.widgets.choose import file_to_open, folder
from citystat.views.widgets.fields import FieldsDialog, choice, line, paragraph
from citystat.views.widgets.marks import button, label

HINTS = {
    "file": "A file that is written over each month", "folder": "A folder here or on a network share",
    "database": "postgresql://user@server/database", "socrata": "https://data.example.gov", "ckan": "https://data.example.gov",
}  # fmt: skip
# kind → the fields that it has besides name, kind and place
FIELDS = {
    "file": ("watch",), "folder": ("pattern", "watch"), "database": ("sql", "password", "watch"),
    "socrata": ("dataset", "where", "password", "watch"), "ckan": ("dataset", "password", "watch"),
}  # fmt: skip


class SourceDialog(FieldsDialog):
    """Adds a source, or changes one."""

    def __init__(self, city: City, secrets: Secrets, parent: QWidget, row: SourceRow | None = None) -> None:
        super().__init__(tr("Source") if row else tr("Add a source"), parent, done="" if row else tr("Add"))
        self._city, self._secrets, self._was = city, secrets, row.name if row else ""
        options = row.options if row else {}
        with city.read() as read:
            names = [(k.name, k.name) for k in recipes.kept(read)]
            theirs: list[tuple[str, object]] = [(d.name, d.id) for d in roster.departments(read)]
        self.name = line(row.name if row else "", hint=tr("Transit returns"))
        self.kind = choice(
            tr("Kind"), [(tr(words), kind) for kind, words in KINDS.items()], row.kind if row else "folder"
        )
        self.department = choice(
            tr("Department"), [(tr("no department"), None), *theirs], row.department_id if row else None
        )
        self.place, self._choose = line(row.location if row else ""), button(tr("Choose…"), self._ask)
        self.pattern = line(str(options.get("pattern", "")), hint="*.csv")
        self.sql = paragraph(
            str(options.get("sql", "")), lines=4, hint="SELECT month, count(*) AS permits FROM permit GROUP BY month"
        )
        self.dataset = line(str(options.get("dataset", "")), hint="h9gi-nx95")
        self.where = line(str(options.get("where", "")), hint="district = '3'")
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(
            tr("Stays as it is") if row else tr("Goes to the system's keyring, never into the city")
        )
        self.recipe = choice(tr("Recipe"), [(tr("the first import makes one"), ""), *names], row.recipe if row else "")
        self.watched = QCheckBox(tr("Look at it every minute and say what is new"))
        self.by_itself = QCheckBox(tr("And bring it in where nothing needs me"))
        self.watched.setChecked(bool(row and row.watched))
        self.by_itself.setChecked(bool(row and row.by_itself))
        self._trying: jobs.Progress | None = None
        self.try_button = button(tr("Try the connection"), self.try_it)
        self.answer = label("", "soft", wrap=True)
        self.answer.hide()
        self._new = row is None
        self._lay_out()
        self.finished.connect(self.stop)
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self.watched.toggled.connect(self._show_kind)
        self._show_kind()

    def _lay_out(self) -> None:
        where, ticks = QWidget(), QWidget()
        row = QHBoxLayout(where)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.place, 1)
        row.addWidget(self._choose)
        where.setFocusProxy(self.place)
        self.place.setAccessibleName(tr("Where"))
        both = QVBoxLayout(ticks)
        both.setContentsMargins(0, 4, 0, 0)
        both.setSpacing(4)
        both.addWidget(self.watched)
        both.addWidget(self.by_itself)
        self._parts: dict[str, QWidget] = {}
        for key, words, widget in (
            ("name", tr("Name"), self.name), ("kind", tr("Kind"), self.kind), ("place", tr("Where"), where), ("pattern", tr("Only files"), self.pattern),
            ("sql", tr("Query"), self.sql), ("dataset", tr("Dataset"), self.dataset), ("where", tr("Only rows"), self.where),
            ("password", tr("Password"), self.password), ("recipe", tr("Recipe"), self.recipe), ("department", tr("Department"), self.department), ("watch", tr("By itself"), ticks),
        ):  # fmt: skip
            self.fields.field(words, widget)
            self._parts[key] = widget
        trial = QWidget()
        beside = QHBoxLayout(trial)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.try_button)
        beside.addStretch(1)
        self.fields.wide(trial)
        self.fields.wide(self.answer)
        self.fields.wide(label(tr("A source only reads; nothing at the other end is changed."), "faint"))

    def _kind_chosen(self) -> None:
        """A new database or service is asked by itself, unless somebody says no."""
        if self._new:
            self.watched.setChecked(self.kind.currentData() not in ("file", "folder"))
        self._show_kind()

    def _show_kind(self) -> None:
        """The fields of this kind."""
        kind = str(self.kind.currentData())
        for key in ("pattern", "sql", "dataset", "where", "password", "watch"):
            self.fields.show_row(self._parts[key], key in FIELDS[kind])
        self.place.setPlaceholderText(tr(HINTS[kind]))
        files = kind in ("file", "folder")
        self._choose.setVisible(files)
        self.watched.setText(
            tr("Look at it every minute and say what is new") if files
            else tr("Ask it on the day figures are due, and bring them in")
        )  # fmt: skip
        self.by_itself.setVisible(files)
        self.by_itself.setEnabled(self.watched.isChecked())
        self.adjustSize()

    def _ask(self) -> None:
        kinds = tr("All files") + " (*)"
        if self.kind.currentData() == "file":
            found: str | Path | None = file_to_open(self, tr("Choose the file"), kinds)
        else:
            found = QFileDialog.getExistingDirectory(self, tr("Choose the folder"), folder(self, kinds))
        if found:
            self.place.setText(str(found))
            if not self.name.text().strip():
                self.name.setText(Path(found).stem)

    def _said(self) -> tuple[str, dict[str, object]]:
        """The kind, and what it needs besides."""
        kind = str(self.kind.currentData())
        told = {
            "pattern": self.pattern.text().strip(), "sql": self.sql.toPlainText().strip(), "dataset": self.dataset.text().strip(),
            "where": self.where.text().strip(),
        }  # fmt: skip
        return kind, {k: v for k, v in told.items() if k in FIELDS[kind]}

    ## Trying

    def try_it(self) -> None:
        """Ask the source as it is typed, in the background; again: stop asking."""
        if self._trying is not None:
            self.stop()
            self._answered(tr("Stopped. Nothing was kept"))
            return
        kind, options = self._said()
        try:
            row, inside = sources.drafted(
                self.name.text(), kind, self.place.text(), options, recipe=str(self.recipe.currentData() or "")
            )
            password = self.password.text() or inside or (self._secrets.get(self._was) if self._was else "")
        except CityStatError as error:
            self._failed(error)
            return
        self.try_button.setText(tr("Stop"))
        self._answered(tr("Asking…"))

        def work(progress: jobs.Progress) -> trying.Tried:
            return trying.tried(self._city, row, trying.Alone(password), _Spoken(progress))

        job: jobs.Progress | None = None

        def mine(then: Callable[[Any], None]) -> Callable[[Any], None]:
            """What comes of a trial that was stopped is dropped."""
            return lambda answer: then(answer) if self._trying is job else None

        job = jobs.run(
            self, work, mine(self._done), failed=mine(self._failed), part=mine(lambda words: self._answered(str(words))), quiet=True
        )  # fmt: skip
        self._trying = job

    def stop(self) -> None:
        """Ask no longer."""
        if self._trying is not None:
            self._trying.cancel()
            self._trying = None
        self.try_button.setText(tr("Try the connection"))

    def _done(self, found: trying.Tried) -> None:
        self.stop()
        self._answered(f"✓ {trying.told(found)}")

    def _failed(self, error: CityStatError) -> None:
        self.stop()
        self._answered(f"◆ {error}")

    def _answered(self, words: str) -> None:
        self.answer.setText(words)
        self.answer.setVisible(bool(words))
        self.body.activate()
        self.resize(self.width(), max(self.height(), self.body.totalHeightForWidth(self.width())))

    def save(self) -> None:
        """Keep it."""
        self.stop()
        kind, options = self._said()
        watched = "watch" in FIELDS[kind] and self.watched.isChecked()
        if watched and kind in ("file", "folder") and self.by_itself.isChecked():
            options["by_itself"] = True
        sources.save(
            self._city, self.name.text(), kind, self.place.text(), options, secrets=self._secrets, watched=watched,
            recipe=str(self.recipe.currentData() or ""), password=self.password.text() or None, was=self._was,
            department_id=self.department.currentData(),
        )  # fmt: skip


class _Spoken:
    """Hands on how far the reading is, as words for the dialog."""

    def __init__(self, progress: jobs.Progress) -> None:
        self._progress, self._words = progress, ""

    def report(self, share: float, words: str = "") -> None:
        """How far the work is; raises Cancelled when the person stopped it."""
        self._progress.report(share, words)
        if words and words != self._words:
            self._words = words
            self._progress.part(words)
