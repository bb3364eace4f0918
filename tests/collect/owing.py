"""What tests of the calendar share: measures with owners, and figures that came on a day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from citystat import periods
from citystat.city import City
from citystat.city import observations as observed
from citystat.collect.calendar import Debtor, Line, Square, debtors, heat
from citystat.measures import edit
from citystat.models import ImportRun, Measure
from citystat.people import roster

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def works(city: City) -> None:
    """Public Works under Ana, with V owned by Ben and W by nobody; Zoo without a head, with Z; N without anybody."""
    unit = roster.save_department(city, None, code="PW", name="Public Works")
    zoo = roster.save_department(city, None, code="ZO", name="Zoo")
    roster.save_person(city, None, name="Ana Ruiz", email="ana@city.example", department_id=unit, heads=True)
    ben = roster.save_person(city, None, name="Ben Ñandú, Jr.", email="ben.ñandú@city.example", department_id=unit)
    edit.save_measure(city, None, code="V", name="Potholes; filled", department_id=unit, owner_id=ben)
    edit.save_measure(city, None, code="W", name="Trees", department_id=unit)
    edit.save_measure(city, None, code="Z", name="Visitors", department_id=zoo)
    edit.save_measure(city, None, code="N", name="Nobody's")


def measure_id(city: City, code: str) -> int:
    with city.read() as read:
        return read.scalars(select(Measure.id).where(Measure.code == code)).one()


def arrive(
    city: City, code: str, *months: date, at: date | None = None, value: float = 10.0, parts: tuple[str, ...] = ("",)
) -> None:
    """Figures of `months` came in on a day; by itself on the tenth after each month's end."""
    for month in months:
        day = at or periods.add_months(month, 1).replace(day=10)
        with city.change("Bring in") as change:
            run = ImportRun(
                at=datetime.combine(day, datetime.min.time()), who="tester", source=f"{code}.csv", rows_read=1
            )
            change.add(run)
            change.flush()
            cells = observed.cells(change, [(("District", p),) if p else () for p in parts])
            key = measure_id(city, code)
            rows = [observed.Incoming(key, month, c, value, None, None, "final", "", "B2") for b, c in cells.items() if bool(b) == bool(parts[0])]  # fmt: skip
            observed.store(change, run, rows)
            change.run_id = run.id


def squares(city: City, code: str, today: date) -> dict[date, Square]:
    return {s.start: s for s in line(city, code, today).squares}


def line(city: City, code: str, today: date) -> Line:
    with city.read() as read:
        return next(line for section in heat(read, today) for line in section.lines if line.measure.code == code)


def owing(city: City, today: date, *, year: bool = False) -> list[Debtor]:
    with city.read() as read:
        return debtors(read, today, year=year)
