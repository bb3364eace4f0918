"""What a source has that is new, brought in where nothing needs a person: tables of figures and records alike."""

from __future__ import annotations

from datetime import datetime

from citystat.city import City
from citystat.city.observations import Progress
from citystat.collect import recipes, watching
from citystat.collect.secrets import Secrets
from citystat.collect.watching import Arrival, Taken
from citystat.errors import Cancelled, CityStatError
from citystat.records.recipe import RECORDS


def of_records(city: City, arrival: Arrival) -> bool:
    """Whether the source's recipe reads what arrived as records."""
    if not arrival.source.recipe:
        return False
    with city.read() as read:
        return recipes.kind_of(read, arrival.source.recipe) == RECORDS.name


def take_in(
    city: City, arrival: Arrival, secrets: Secrets, *, now: datetime, progress: Progress | None = None, by_itself: bool = False
) -> Taken:  # fmt: skip
    """Bring in what arrived; why a person must look where one must. As watching.take_in, of records too."""
    if not of_records(city, arrival):
        return watching.take_in(city, arrival, secrets, now=now, progress=progress, by_itself=by_itself)
    from citystat.records.bring import ask, bring

    source = arrival.source
    try:
        with city.read() as read:
            recipe = recipes.named_as(read, source.recipe, RECORDS).recipe
        if arrival.path is None:
            brought = ask(city, source, recipe, secrets=secrets, now=now, progress=progress, asking=True)
        else:
            brought = bring(city, arrival.path, recipe, now=now, progress=progress, source_id=source.id, asking=True)
    except Cancelled:
        raise
    except CityStatError as error:
        return Taken(arrival, why=str(error))
    return Taken(arrival, brought.imported)
