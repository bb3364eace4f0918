"""Whom a measure is compared with: other cities, standards."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class Peer(Keyed):
    """A city to compare with, or a standard. kind: "city" or "standard" · population: of a city, in `population_year`."""

    __tablename__ = "peer"
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(default="city")
    population: Mapped[float | None]
    population_year: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")


class Benchmark(Keyed):
    """A peer's figure of a measure, in the measure's unit. source: where it was published · note: what is not alike."""

    __tablename__ = "benchmark"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"), index=True)
    period: Mapped[date]
    value: Mapped[float]
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


Index("ix_benchmark_measure_id_peer_id_period", Benchmark.measure_id, Benchmark.peer_id, Benchmark.period, unique=True)
