"""A measure's whole definition in words: what it is, how it is computed, who answers for it and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from citystat import periods
from citystat.measures.series import Definition, Series
from citystat.measures.target import ON_THE_WAY, REACH, TargetStep
from citystat.numbers import amount, brief, unit_phrase
from citystat.over_time import way_of
from citystat.texts import dotted, plural, tr

# a table's words are asked for when they are shown: the language may change while the program runs
OVER_TIME = {
    "sum": lambda: tr("the sum of its periods"), "mean": lambda: tr("the mean of its periods"),
    "weighted": lambda: tr("the mean of its periods, weighted by the denominators"),
    "last": lambda: tr("its last period"), "ratio": lambda: tr("the ratio of its sums"),
    "none": lambda: tr("not additive: there is no figure for a year"),
}  # fmt: skip
OVER_PARTS = {
    "sum": lambda: tr("added up"), "mean": lambda: tr("their mean"), "median": lambda: tr("their median"),
    "ratio": lambda: tr("ratio of sums"), "last": lambda: tr("added up: it is a stock"),
    "count": lambda: tr("added up: it is a count"),
}  # fmt: skip
BETTER = {
    "higher": lambda: tr("higher"), "lower": lambda: tr("lower"), "range": lambda: tr("in a range"),
    "none": lambda: tr("not said: a change is neither good nor bad"),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """From `since` on the measure means something else, and what."""

    since: date
    words: str


def year_words(m: Definition) -> str:
    """ "the sum of its periods", of its calendar year where it is no fiscal one."""
    words = OVER_TIME[way_of(m.over_time, m.aggregation)]()
    return (
        words
        if m.fiscal or way_of(m.over_time, m.aggregation) == "none"
        else tr("{words}, by calendar year", words=words)
    )


def due_words(m: Definition) -> str:
    """ "15 days after the period"."""
    return plural(m.reporting_lag, "{n} day after the period", "{n} days after the period")


def target_words(m: Definition, step: TargetStep) -> str:
    """ "92 % from Jul 2024", "5 – 7 days from …", "95 % by Jun 2028", "93.5 %, on the way"."""
    ends = [step.value] if step.upper is None else [step.value, step.upper]
    value = " – ".join(brief(v, m.unit, m.decimals) for v in ends)
    said = {REACH: tr("{value} by {since}"), ON_THE_WAY: tr("{value}, on the way")}.get(
        step.kind, tr("{value} from {since}")
    )
    return said.format(value=value, since=m.label(step.since))


def promised_words(series: Series) -> str:
    """What was agreed about the last target: "near within 3 s · agreed by Dana Whitfield on 1 Jul 2025"."""
    if not series.targets:
        return ""
    m, last = series.measure, series.targets[-1]
    near = tr("near within {tolerance}", tolerance=amount(last.tolerance, m.unit, m.decimals)) if last.tolerance else ""
    return dotted((near, agreed_words(last)))


def agreed_words(t: TargetStep) -> str:
    """ "agreed by Ana Reyes on 3 Jul 2025"; "" where nobody said."""
    if not t.agreed_by:
        return ""
    who = tr("agreed by {who}", who=t.agreed_by)
    return who if t.agreed_on is None else tr("{agreed} on {day}", agreed=who, day=periods.day_label(t.agreed_on))


def described(m: Definition) -> list[tuple[str, list[tuple[str, str]]]]:
    """Its definition as (group, [(field, words)]); what is not said is left out."""
    groups = [
        (tr("What it is"), [
            (tr("What it is"), m.definition), (tr("What it is not"), m.not_measured), (tr("Known limits"), m.limits),
            (tr("Kind"), tr(m.kind)), (tr("Better is"), BETTER[m.direction]()),
        ]),
        (tr("How it is computed"), [
            (tr("Formula"), m.formula), (tr("Unit"), unit_phrase(m.unit)), (tr("Frequency"), tr(m.frequency)),
            (tr("A year is"), year_words(m)), (tr("Over breakdowns"), OVER_PARTS[m.aggregation]()),
            (tr("Source"), "" if m.formula else m.source),
        ]),
        (tr("Who and when"), [
            (tr("Department"), m.department), (tr("Owner"), m.owner), (tr("Figures are due"), due_words(m)),
            (tr("Public"), tr("yes") if m.public else tr("no")),
        ]),
    ]  # fmt: skip
    return [(group, [(name, words) for name, words in rows if words]) for group, rows in groups]
