"""Which periods a chart shows: the usual ones, all, or the last twelve."""

from __future__ import annotations

from datetime import date

from citystat.city import City
from citystat.measures.picture import chart_of, next_zoom
from citystat.measures.series import definition, series


def test_zoom_goes_from_the_usual_periods_to_twelve_to_all_and_back(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        measure = definition(read, "EC-01")
        whole, view, shown = series(read, measure), {"by": ""}, []
        for _ in range(4):
            shown.append(len(chart_of(read, measure, as_of=today, view=view).periods))
            view = next_zoom(whole, view)
    assert shown == [36, 12, 84, 36]


def test_limits_are_judged_over_everything_whatever_is_shown(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        measure = definition(read, "EC-01")
        every = chart_of(read, measure, as_of=today, view={"since": "all"})
        usual = chart_of(read, measure, as_of=today)
    assert every.bands[0].centre[-1] == usual.bands[0].centre[-1]
    assert every.headline == usual.headline
