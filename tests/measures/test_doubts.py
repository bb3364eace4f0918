"""What is in doubt on the chart: ringed, explained, gone once accepted; and as it was shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from citystat.charts.chart import Chart
from citystat.city import City, journal
from citystat.collect import settle
from citystat.measures.doubts import doubts
from citystat.measures.picture import chart_of
from citystat.measures.series import definition, last_run
from tests.collect.bringing import NOW
from tests.collect.test_checks import bring, history


def drawn(city: City, *, run: int | None = None, act: int | None = None) -> Chart:
    with city.read() as read:
        return chart_of(read, definition(read, "V"), as_of=date(2026, 3, 10), run=run, act=act)


def test_a_doubted_figure_is_ringed_and_says_why(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    assert drawn(city).doubts == ()
    bring(city, tmp_path, [("2026-02", 640)])
    chart = drawn(city)
    ((x, words),) = chart.doubts
    assert chart.periods[int(x)] == "Feb 2026" and words.startswith("not accepted yet: A jump to 640")
    assert "ringed point is not accepted yet" in chart.source


def test_the_ring_goes_with_its_acceptance_and_stays_on_the_chart_as_it_was_shown(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 640)])
    with city.read() as read:
        run, act = last_run(read), journal.last_act(read)
        (found,) = doubts(read)
    shown = drawn(city, run=run, act=act)
    settle.accept(city, [found.id], "storm", NOW)
    assert drawn(city).doubts == ()
    assert drawn(city, run=run, act=act).doubts == shown.doubts != ()
    bring(city, tmp_path, [("2026-02", 505)])
    assert drawn(city, run=run, act=act).doubts == shown.doubts
    assert drawn(city).doubts == ()


def test_what_was_taken_back_since_is_on_the_chart_as_it_was_shown(city: City, tmp_path: Path) -> None:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 640)])
    with city.read() as read:
        run, act = last_run(read), journal.last_act(read)
    city.undo()
    assert drawn(city).doubts == ()
    assert len(drawn(city, run=run, act=act).doubts) == 1


def test_a_figure_of_a_district_is_named_by_it(city: City, tmp_path: Path) -> None:
    from tests.collect.test_checks import MONTHS, STEADY

    rows = [(m, d, STEADY[n]) for n, m in enumerate(MONTHS) for d in ("East", "West")]
    bring(city, tmp_path, rows, "period,District,value", breakdowns=("District",))
    bring(
        city, tmp_path, [("2026-02", "East", 640), ("2026-02", "West", 500)], "period,District,value", breakdowns=("District",)
    )  # fmt: skip
    ((_, words),) = drawn(city).doubts
    assert words.startswith("not accepted yet: District East: A jump to 640")


def test_a_broken_down_chart_rings_the_figure_on_its_own_line_in_the_table_and_on_the_wall(city: City, tmp_path: Path, qapp: object) -> None:  # fmt: skip
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter

    from citystat.charts.table import table_of
    from citystat.views.chart.painter import paint
    from citystat.views.chart.palette import LIGHT

    test_a_figure_of_a_district_is_named_by_it(city, tmp_path)
    with city.read() as read:
        chart = chart_of(read, definition(read, "V"), as_of=date(2026, 3, 10), view={"by": "District"})
    rings = {line.name: [chart.periods[x] for x in line.doubts] for line in chart.lines}
    assert rings == {"East": ["Feb 2026"], "West": []}
    assert (
        chart.source.endswith("Ringed point is not accepted yet") or "ringed point is not accepted yet" in chart.source
    )
    assert "ringed point is not accepted yet" in chart.reading
    table = table_of(chart)
    newest = dict(zip(table.header, table.rows[0], strict=True))
    assert (newest["East"], newest["West"]) == ("○ 640", "500")

    def painted(one: Chart) -> QImage:
        image = QImage(1920, 1080, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFF)
        painter = QPainter(image)
        paint(painter, QRectF(0, 0, 1920, 1080), one, LIGHT, 27)
        painter.end()
        return image

    bare = replace(chart, lines=tuple(replace(line, doubts=()) for line in chart.lines))
    assert painted(chart) != painted(bare)
