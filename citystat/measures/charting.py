"""How a measure is charted and judged: by what its data are, unless a person set it otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from citystat.city import City
from citystat.errors import CityStatError
from citystat.models import Measure
from citystat.texts import tr

AUTO = "auto"
CHARTS = (AUTO, "xmr", "p", "p-prime", "u", "u-prime", "c", "run")
RULES = ("nhs", "anhoej", "western-electric")
SEASON = (AUTO, "off")
SEASON_LENGTH = {"day": 7, "week": 52, "month": 12, "quarter": 4, "half-year": 2, "year": 0}
# units that count nothing: a ratio in them is no rate of events
MEASURED = ("USD", "EUR", "GBP", "minutes", "hours", "days", "seconds")


@dataclass(frozen=True)
class Charting:
    """chart: of CHARTS · rules: of RULES · season: of SEASON · baseline: limits come from the first N points of each
    segment; None: from all of them."""

    chart: str = AUTO
    rules: str = "nhs"
    season: str = AUTO
    baseline: int | None = None


def charting(kept: Mapping[str, Any]) -> Charting:
    """What is kept with the measure; what a newer version wrote there and this one does not know counts as not set."""
    chart, rules, season, baseline = (kept.get(k) for k in ("chart", "rules", "season", "baseline"))
    return Charting(
        chart if chart in CHARTS else AUTO,
        rules if rules in RULES else "nhs",
        season if season in SEASON else AUTO,
        baseline if isinstance(baseline, int) and baseline > 1 else None,
    )


def counts(unit: str, aggregation: str, multiplier: float) -> str:
    """What the figures of a measure count: "share", "rate", "events" or "" (see analysis.choice.chart_for)."""
    if unit in MEASURED:
        return ""
    if aggregation == "ratio":
        return "share" if unit == "percent" or multiplier == 1 else "rate"
    return "events" if aggregation in ("sum", "count") and unit == "count" else ""


def set_charting(city: City, measure_id: int, wanted: Charting) -> None:
    """Keep how the measure is judged; what is left to the data is not kept. CityStatError for a baseline too short."""
    if wanted.baseline is not None and wanted.baseline < 2:
        raise CityStatError(tr("Limits need two points at least"), do=tr("Give more, or none to use all"))
    with city.change(tr("Set how a measure is judged")) as change:
        row = change.get(Measure, measure_id)
        if row is not None:
            kept = {k: v for k, v in row.chart.items() if k not in Charting.__dataclass_fields__}
            differ = {k: v for k, v in vars(wanted).items() if v != getattr(Charting(), k)}
            row.chart = {**kept, **differ}
