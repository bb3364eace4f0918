"""Looks at watched sources every minute, in the background, and says what it found."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from citystat.city import City
from citystat.collect import watching
from citystat.collect.secrets import Keyring
from citystat.collect.watching import Arrival, Taken
from citystat.errors import Cancelled, CityStatError
from citystat.records import taking
from citystat.texts import tr
from citystat.views import jobs

if TYPE_CHECKING:
    from citystat.views.shell.window import MainWindow

EVERY = 60_000  # milliseconds
Key = tuple[int, str, int, bool]


class Watch(QObject):
    """Looks while a city is open in `window`. What it told once it does not tell again."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._busy = False
        self._told: set[Key] = set()
        self._trouble = ""
        timer = QTimer(self)
        timer.timeout.connect(self.look)
        timer.start(EVERY)

    def look(self) -> None:
        """Look now, unless it is looking already."""
        city = self._window.city
        if city is None or self._busy:
            return
        self._busy = True

        def work(progress: jobs.Progress) -> tuple[list[Arrival], list[Taken]]:
            found = watching.look(city)
            new = [a for a in found if self._key(a) not in self._told and a.path is not None]
            taken = [
                taking.take_in(city, a, Keyring(), now=datetime.now(), progress=progress) for a in new if a.source.by_itself
            ]  # fmt: skip
            return new, taken

        jobs.run(self._window, work, lambda answer: self._looked(city, *answer), failed=self._failed, quiet=True)

    def _failed(self, error: CityStatError) -> None:
        """Say it once; a minute later it is tried again."""
        self._busy = False
        if str(error) != self._trouble and not isinstance(error, Cancelled):
            self._window.bar.say(str(error), concern=True)
        self._trouble = str(error)

    def _looked(self, city: City, found: list[Arrival], taken: list[Taken]) -> None:
        self._busy = False
        if self._window.city is not city:
            return
        self._told |= {self._key(a) for a in found}
        words = watching.told(found, taken)
        if words:
            self._window.bar.say(words, act=(tr("See"), lambda: self._window.go("data")))

    def _key(self, arrival: Arrival) -> Key:
        """A file as it is now; changed again, or to be brought in from now on, it is looked at again."""
        try:
            changed = arrival.path.stat().st_mtime_ns if arrival.path else 0
        except OSError:
            changed = 0
        return arrival.source.id, str(arrival.path), changed, arrival.source.by_itself
