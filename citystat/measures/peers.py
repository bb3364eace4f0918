"""Figures of other cities and standards, kept beside a measure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.city import City
from citystat.errors import CityStatError
from citystat.models import Benchmark, Peer
from citystat.printable import one_line
from citystat.texts import tr

KINDS = ("city", "standard")


@dataclass(frozen=True)
class PeerFigure:
    """One figure of a peer. id: 0 of a new one · period: the first day of its year · population: of a city, None unknown ·
    value: in the measure's unit; None where numerator and denominator say it."""

    id: int
    peer: str
    kind: str
    period: date
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    population: float | None = None
    source: str = ""
    note: str = ""


def figures(read: Session, measure_id: int) -> list[PeerFigure]:
    """All figures of peers, by name, the newest first."""
    query = (
        select(Benchmark, Peer).join(Peer, Peer.id == Benchmark.peer_id)
        .where(Benchmark.measure_id == measure_id).order_by(Peer.name, Benchmark.period.desc())
    )  # fmt: skip
    return [
        PeerFigure(b.id, p.name, p.kind, b.period, b.value, b.numerator, b.denominator, p.population, b.source, b.note)
        for b, p in read.execute(query)
    ]


def save(city: City, measure_id: int, figure: PeerFigure, *, multiplier: float) -> int:
    """Keep a figure; the peer is made where it is new. Returns the figure's id.

    CityStatError without a name, a source or a value, or with a denominator that is not above zero.
    """
    name = one_line(figure.peer).strip()
    if not name:
        raise CityStatError(tr("A figure to compare with needs the city or the standard it is of"), do=tr("Name it"))
    if not figure.source.strip():
        raise CityStatError(
            tr("A figure to compare with needs its source"),
            do=tr("Say where it was published, so that it can be looked up"),
        )
    value = _value(figure, multiplier)
    with city.change(tr("Compare with {name}", name=name)) as change:
        peer = change.scalars(select(Peer).where(Peer.name == name)).first()
        if peer is None:
            peer = Peer(name=name)
            change.add(peer)
        peer.kind = figure.kind
        if figure.population is not None:
            peer.population = figure.population
        change.flush()
        row = change.get(Benchmark, figure.id) if figure.id else None
        same = select(Benchmark).where(
            Benchmark.measure_id == measure_id, Benchmark.peer_id == peer.id, Benchmark.period == figure.period
        )
        row = row or change.scalars(same).first()
        if row is None:
            row = Benchmark(measure_id=measure_id, peer_id=peer.id, period=figure.period, value=value)
            change.add(row)
        row.peer_id, row.period, row.value = peer.id, figure.period, value
        row.numerator, row.denominator = figure.numerator, figure.denominator
        row.source, row.note = figure.source.strip(), figure.note.strip()
        change.flush()
        return row.id


def remove(city: City, figure_id: int) -> None:
    """Take a figure away; the peer goes with its last one."""
    with city.change(tr("Compare no longer")) as change:
        row = change.get(Benchmark, figure_id)
        if row is None:
            return
        peer = change.get(Peer, row.peer_id)
        change.delete(row)
        change.flush()
        if (
            peer is not None
            and change.scalar(select(Benchmark.id).where(Benchmark.peer_id == peer.id).limit(1)) is None
        ):
            change.delete(peer)


def _value(figure: PeerFigure, multiplier: float) -> float:
    if figure.denominator is not None and figure.denominator <= 0:
        raise CityStatError(tr("A denominator is above zero"), do=tr("Correct it, or leave both empty"))
    if figure.numerator is not None and figure.denominator is not None:
        return multiplier * figure.numerator / figure.denominator
    if figure.value is None:
        raise CityStatError(tr("The figure is missing"), do=tr("Give it, or numerator and denominator"))
    return figure.value
