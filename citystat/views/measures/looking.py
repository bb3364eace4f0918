"""How a page looks at its measure: which look, how many periods, which breakdown; it begins as it is kept with the measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from citystat.measures.kept_view import as_kept
from citystat.measures.looks import LOOKS, PARTS, SPLIT, TO_DATE, YEARS, kept_view
from citystat.measures.picture import next_zoom
from citystat.measures.series import Definition, Series

ASIDE = ("by", "look", "table")  # what an outlook has no room for


class Looking:
    """view: as measures.picture.Showing has it, with "table": "yes" for figures in place of the picture; what is asked for at once."""

    def __init__(self, view: Mapping[str, str]) -> None:
        self.view: dict[str, str] = dict(view)
        self._begun = bool(view)

    def begin(self, measure: Definition) -> None:
        """With what is kept with the measure, the first time."""
        if not self._begun:
            self.view, self._begun = kept_view(measure.chart), True

    @property
    def look(self) -> str:
        """One of LOOKS."""
        return self.view.get("look", "")

    @property
    def in_figures(self) -> bool:
        """A table stands in place of the picture."""
        return bool(self.view.get("table"))

    @property
    def plain(self) -> bool:
        """The chart of signals of the whole."""
        return not (self.look or self.view.get("by"))

    def is_kept(self, whole: Series) -> bool:
        """Whether this is how the measure is looked at everywhere."""
        return as_kept(whole, self.view) == kept_view(whole.measure.chart)

    def offered(self, measure: Definition, dimensions: Sequence[str]) -> list[str]:
        """The looks that make sense: none of years where the periods are years, none of parts where there are none."""
        without = {PARTS} if not dimensions else set()
        if measure.frequency == "year":
            without |= {YEARS, TO_DATE}
        return [look for look in LOOKS if look not in without or look == self.look]

    def turn(self, **view: str) -> None:
        """Look at it otherwise; what is empty is the usual."""
        self.view = {k: v for k, v in {**self.view, **view}.items() if v}

    def turn_to(self, look: str, pointed: date | None) -> None:
        """Another look; before and after split at the period that is pointed at."""
        split = pointed.isoformat() if look == SPLIT and pointed else self.view.get("split", "")
        self.turn(look=look, split=split, ahead="")

    def next_breakdown(self, dimensions: Sequence[str]) -> None:
        """By the next one; signals come back to the whole, parts are always of some breakdown."""
        choices = list(dimensions) if self.look == PARTS else ["", *dimensions]
        here = self.view.get("by", "") or choices[0]
        self.turn(
            by=choices[(choices.index(here) + 1) % len(choices)], part="", look=self.look if self.look == PARTS else ""
        )

    def zoom(self, whole: Series) -> bool:
        """Fewer or more periods; False where years stand whole."""
        if self.look in (YEARS, TO_DATE):
            return False
        self.view = next_zoom(whole, self.view)
        return True

    def look_ahead(self) -> None:
        """The chart of signals with what is forecast."""
        self.view = {**{k: v for k, v in self.view.items() if k not in ASIDE}, "ahead": "year"}
