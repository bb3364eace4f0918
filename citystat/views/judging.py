"""Where measures stand, for a page: of few at once; of many their last values first, and the rest in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from citystat.city import City
from citystat.errors import Cancelled, CityStatError
from citystat.measures.latest import Latest, latest
from citystat.measures.series import Definition
from citystat.measures.standing import MANY, PORTION, Standing, standings_by_portions, standings_of
from citystat.views import jobs
from citystat.views.widgets.page import Page


class Judging:
    """Judges for `page`. part: takes what was judged since, with what `beside` made of it in the background;
    done: called when all is judged · many: from so many measures on it is done in the background · first: so many are judged and
    handed over before the others (those in sight).
    Asking again drops what is under way."""

    def __init__(
        self,
        page: Page,
        city: City,
        *,
        part: Callable[[list[Standing], Any], None],
        done: Callable[[], None],
        beside: Callable[[list[Standing]], Any] = lambda found: None,
        many: int = MANY,
        first: int = PORTION,
    ) -> None:
        self._page, self._city = page, city
        self._part, self._done, self._beside, self._many, self._first = part, done, beside, many, first
        self._known: dict[int, Standing] = {}
        self._work: jobs.Progress | None = None

    @property
    def going_on(self) -> bool:
        """Whether some are not judged yet, or judged anew."""
        return self._work is not None

    def ask(self, read: Session, measures: Sequence[Definition]) -> list[Standing | Latest]:
        """Where `measures` stand, in their order. What was found before stands until it is judged anew."""
        if self._work is not None:
            self._work.cancel()
            self._work = None
        if len(measures) < self._many:
            self._known = {s.measure.id: s for s in standings_of(read, measures)}
            return list(self._known.values())
        rows = [_still(self._known.get(r.measure.id), r) for r in latest(read, measures)]
        self._work = jobs.run(
            self._page, lambda progress: self._look(measures, progress), lambda _: self._ended(), part=self._found,
            failed=self._failed, quiet=True,
        )  # fmt: skip
        return rows

    def _look(self, measures: Sequence[Definition], progress: jobs.Progress) -> None:
        """In the background."""
        with self._city.read() as read:
            standings_by_portions(
                read, measures, lambda found: progress.part((found, self._beside(found))), self._first
            )

    def _found(self, answer: tuple[list[Standing], Any]) -> None:
        self._known |= {s.measure.id: s for s in answer[0]}
        self._part(*answer)

    def _ended(self) -> None:
        self._work = None
        self._done()

    def _failed(self, error: CityStatError) -> None:
        if not isinstance(error, Cancelled):  # cancelled: a newer look is on its way
            self._page.said.emit(str(error))


def _still(before: Standing | None, now: Latest) -> Standing | Latest:
    """What was found before, with the values and names of now."""
    if before is None:
        return now
    return replace(
        before, measure=now.measure, last=now.last, period=now.period, last_period=now.last_period, target=now.target,
        place=now.place, judged_period=now.judged_period, meets=before.meets if before.place == now.place else "",
    )  # fmt: skip
