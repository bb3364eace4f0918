"""What each measure's figures are held against."""

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class CheckRule(Keyed):
    """How a measure departs from the usual rules (citystat.collect.checks has those).

    rule: the rule's name · level: "error", "warning" or "off" · options: its numbers, such as {"least": 0, "most": 100}.
    """

    __tablename__ = "check_rule"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    rule: Mapped[str]
    level: Mapped[str]
    options: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)


Index("ix_check_rule_measure_id_rule", CheckRule.measure_id, CheckRule.rule, unique=True)
