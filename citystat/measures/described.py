"""A measure and its series in the charts' terms."""

from __future__ import annotations

from datetime import date

import numpy as np

from citystat import periods
from citystat.charts.describe import Data, Subject
from citystat.measures.series import Definition, Remark, Series
from citystat.texts import tr

ADDED_UP = ("sum", "count")  # aggregations whose whole is the sum of its parts


def subject_of(measure: Definition) -> Subject:
    """What its charts are about."""
    return Subject(
        measure.code, measure.name, measure.unit, measure.decimals, measure.frequency, measure.direction,
        measure.source, measure.year_start, measure.zero_baseline, adds_up=measure.aggregation in ADDED_UP,
    )  # fmt: skip


def data_of(whole: Series, as_of: date | None) -> Data:
    """The series in the chart's terms: targets period by period, remarks as flags."""
    steps = [whole.target_at(p) for p in whole.periods]
    place = {p: i for i, p in enumerate(whole.periods)}
    flags = tuple((place[r.period], r.kind, _flag_words(r, whole)) for r in whole.remarks if r.period in place)
    rebases, defined = (
        [(place[r.period], r.text) for r in whole.remarks if r.kind == kind and r.period in place]
        for kind in ("rebase", "definition")
    )
    definition = defined[-1] if defined else None
    return Data(
        whole.periods,
        whole.values,
        np.array([np.nan if s is None else s.value for s in steps], float),
        np.array([np.nan if s is None or s.upper is None else s.upper for s in steps], float),
        tuple(s == "preliminary" for s in whole.status),
        flags,
        rebases[-1] if rebases and (definition is None or rebases[-1][0] > definition[0]) else None,
        as_of,
        definition,
        tuple(sorted(rebases + defined)),
    )


def _flag_words(remark: Remark, whole: Series) -> str:
    words = tr("New definition: {words}", words=remark.text) if remark.kind == "definition" else remark.text
    return f"{words}, {periods.label(remark.period, whole.measure.frequency, whole.measure.year_start)}"
