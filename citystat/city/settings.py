"""What holds for the whole city, changed as one act."""

from __future__ import annotations

from sqlalchemy import select

from citystat.city.city import City, Settings
from citystat.errors import CityStatError
from citystat.models import CitySettings
from citystat.printable import one_line
from citystat.texts import tr


def keep_settings(city: City, *, name: str, office: str, fiscal_year_start: int, population: int | None) -> Settings:
    """Change the city's settings; CityStatError names the field that cannot be. Returns how they are now."""
    name, office = one_line(name), one_line(office)
    if not name:
        raise CityStatError(tr("A city needs a name"), where=tr("Name"), do=tr("Type one"))
    if not 1 <= fiscal_year_start <= 12:
        raise CityStatError(tr("A fiscal year begins in a month from 1 to 12"), where=tr("Fiscal year"))
    if population is not None and population <= 0:
        raise CityStatError(
            tr("A population is a number above zero"), where=tr("Population"), do=tr("Or leave it empty")
        )
    with city.change(tr("Change the city's settings")) as change:
        row = change.scalars(select(CitySettings)).one()
        row.name, row.office = name, office
        row.fiscal_year_start, row.population = fiscal_year_start, population
    return city.settings
