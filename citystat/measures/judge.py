"""The one judgement of a measure: chart, icon, wall, memo and minutes all take it from here."""

from __future__ import annotations

from citystat.analysis.spc import Judgement, judge
from citystat.measures.series import Series

IMPROVEMENT = {"higher": "up", "lower": "down"}


def judged(series: Series) -> Judgement:
    """XmR by the NHS rules: rebases and exclusions from the measure's remarks; preliminary periods are not judged.

    Where the definition changed, the limits restart: what came before is another measure.

    A preliminary value is taken as missing for limits and rules; the chart still shows it, hollow.
    """
    values = series.values.copy()
    for i, status in enumerate(series.status):
        if status == "preliminary":
            values[i] = float("nan")
    place = {p: i for i, p in enumerate(series.periods)}
    restarts, left_out = (
        [place[r.period] for r in series.remarks if r.kind in kinds and r.period in place]
        for kinds in (("rebase", "definition"), ("exclude",))
    )
    last = series.last_final
    step = series.target_at(series.periods[last]) if last is not None else None
    return judge(
        values,
        improvement=IMPROVEMENT.get(series.measure.direction, "neither"),
        target=step.value if step and step.upper is None else None,
        rebase=restarts,
        exclude=left_out,
    )
