"""A value typed by hand: held against the same checks as one that is brought in, and kept as a revision with its reason."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np

from citystat.city import City
from citystat.city.observations import Columns
from citystat.collect.checks import Finding
from citystat.collect.store import Imported, take_in
from citystat.errors import CityStatError
from citystat.models import ImportRun, Measure
from citystat.models.observations import WHOLE
from citystat.texts import tr


class NotBelieved(CityStatError):
    """A check calls the typed value an error. finding: what it says."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.words, do=tr("Correct it, or say why it is right all the same"))


def correct_value(
    city: City, measure_id: int, period: date, value: float, note: str, now: datetime, *, believed: str = ""
) -> Imported:
    """Correct the whole value of a period as a revision; the reason is kept with it, and marked where a check warns.

    believed: why a value is right that a check calls an error; NotBelieved where it does and there is no such reason.
    """
    if not note.strip():
        raise CityStatError(tr("A correction needs a reason"), do=tr("Say where the right figure comes from"))
    with city.change(tr("Correct value")) as change:
        run = ImportRun(at=now, who=city.who, source=tr("typed by hand"), rows_read=1, reason=note.strip())
        change.add(run)
        change.flush()
        code = change.get_one(Measure, measure_id).code
        done = take_in(change, run, _typed(measure_id, period, value, note.strip()), (code,), believed=believed.strip())
        if done.errors and not believed.strip():
            raise NotBelieved(done.errors[0])
    return done


def _typed(measure_id: int, period: date, value: float, note: str) -> Columns:
    none = np.array([np.nan])
    measure, day, cell = (np.array([key], dtype=np.int64) for key in (measure_id, period.toordinal(), WHOLE))
    return Columns(measure, day, cell, np.array([float(value)]), none, none, [""], [note])
