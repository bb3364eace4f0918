"""How a measure is judged: left to its data, or set."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures.charting import CHARTS, RULES, SEASON, Charting, charting, set_charting
from citystat.measures.series import Definition
from citystat.texts import tr
from citystat.views.widgets.fields import FieldsDialog, choice, line
from citystat.views.widgets.marks import label

CHART_WORDS = {
    "auto": "what the data ask for", "xmr": "XmR: single values", "p": "p: shares of things counted",
    "p-prime": "p′: shares that vary more than chance", "u": "u: events for so many occasions",
    "u-prime": "u′: events that vary more than chance", "c": "c: rare events", "run": "run chart: no limits",
}  # fmt: skip
RULE_WORDS = {"nhs": "NHS Making Data Count", "anhoej": "Anhøj runs", "western-electric": "Western Electric"}
SEASON_WORDS = {"auto": "taken out where it is strong", "off": "left in"}


class ChartingDialog(FieldsDialog):
    """Chart, rules, season and baseline of one measure; they go wherever its chart goes."""

    def __init__(self, city: City, measure: Definition, parent: QWidget) -> None:
        super().__init__(tr("How it is judged"), parent, about=measure.called)
        self._city, self._measure = city, measure.id
        now = charting(measure.chart)
        self.chart, self.rules, self.season = (
            choice("", [(tr(words[kind]), kind) for kind in kinds], chosen)
            for kinds, words, chosen in (
                (CHARTS, CHART_WORDS, now.chart), (RULES, RULE_WORDS, now.rules), (SEASON, SEASON_WORDS, now.season),
            )
        )  # fmt: skip
        self.baseline = line(str(now.baseline) if now.baseline else "", hint=tr("all of them"))
        self.fields.field(tr("Chart"), self.chart)
        self.fields.field(tr("Marked by"), self.rules)
        self.fields.field(tr("A season is"), self.season)
        self.fields.field(tr("Limits from the first"), self.baseline)
        self.fields.wide(
            label(
                tr("values of each stretch. A chart of counts needs numerators and denominators; without them it is XmR."),
                "faint", wrap=True,
            )
        )  # fmt: skip
        self.fields.first = self.chart

    def save(self) -> None:
        """Keep it with the measure."""
        text = self.baseline.text().strip()
        if text and not text.isdecimal():
            raise CityStatError(
                tr("“{text}” is not a whole number", text=text), do=tr("Give how many values, or nothing")
            )
        wanted = Charting(
            self.chart.currentData(), self.rules.currentData(), self.season.currentData(), int(text) if text else None
        )
        set_charting(self._city, self._measure, wanted)
