"""The two icons of NHS England's *Making Data Count*, as words and signs: how a measure varies, and whether it will meet its target."""

from __future__ import annotations

from typing import NamedTuple

from citystat.texts import tr


class Icon(NamedTuple):
    """sign: the letter in the circle · tone: improvement, concern, neither or common · words: what it means."""

    sign: str
    tone: str
    words: str


def variation(of: str, judged: bool = True) -> Icon:
    """of: a Judgement's variation ("improving-high" …); judged: false where there are too few points."""
    if not judged:
        return Icon("·", "common", tr("too few points to judge"))
    kind, _, side = of.partition("-")
    words = {
        ("improving", "high"): tr("improving: higher than before"), ("improving", "low"): tr("improving: lower than before"),
        ("concerning", "high"): tr("concerning: higher than before"), ("concerning", "low"): tr("concerning: lower than before"),
        ("neither", "high"): tr("higher than before"), ("neither", "low"): tr("lower than before"),
    }  # fmt: skip
    tones = {"improving": "improvement", "concerning": "concern", "neither": "neither"}
    if (kind, side) not in words:
        return Icon("~", "common", tr("common cause: no sign of change"))
    return Icon({"high": "H", "low": "L"}[side], tones[kind], words[kind, side])


def assurance(of: str | None) -> Icon | None:
    """of: a Judgement's assurance; None where there is no target to hold it against."""
    return {
        "pass": Icon("P", "improvement", tr("will meet its target again and again")),
        "fail": Icon("F", "concern", tr("will miss its target again and again")),
        "hit-or-miss": Icon("?", "common", tr("may meet or miss its target by chance")),
    }.get(of or "")
