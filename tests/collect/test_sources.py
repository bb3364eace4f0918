"""Sources: what is new in a folder, what a database answers, and where passwords stand."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from bringing import NOW, measure, values
from servers import postgres
from sqlalchemy import create_engine, text

from citystat.city import City
from citystat.collect import database, recipes, sources, trying, watching
from citystat.collect.secrets import Keyring, variable
from citystat.collect.sources import SourceRow
from citystat.collect.store import runs
from citystat.collect.watching import Arrival
from citystat.errors import CityStatError

JANUARY = "Month,District,Trips\n2026-01,North,10\n2026-01,South,20\n"


class Drawer(dict[str, str]):
    """Passwords for a test."""

    def get(self, name: str, otherwise: str = "") -> str:  # type: ignore[override]
        return super().get(name, otherwise)

    def put(self, name: str, password: str) -> None:
        self[name] = password
        if not password:
            del self[name]


@pytest.fixture
def secrets() -> Drawer:
    return Drawer()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "returns"
    made.mkdir()
    return made


def put(folder: Path, name: str, words: str = JANUARY) -> None:
    (folder / name).write_text(words, encoding="utf-8")


def add(city: City, secrets: Drawer, place: object, kind: str = "folder", **more: object) -> SourceRow:
    options = {k: v for k, v in more.items() if k in sources.OPTIONS}
    rest = {k: v for k, v in more.items() if k not in sources.OPTIONS}
    return sources.save(city, "Transit", kind, str(place), options, secrets=secrets, **rest)  # type: ignore[arg-type]


def take(city: City, secrets: Drawer) -> list[watching.Taken]:
    """Bring in what waits, as the window does where it was switched on."""
    return [watching.take_in(city, a, secrets, now=NOW) for a in watching.look(city, watched=False)]


def teach(city: City, folder: Path, name: str = "trips-2026-01.csv") -> None:
    """The first file, which a person looked at."""
    from citystat.collect.apply import apply
    from citystat.collect.picking import pick
    from citystat.collect.readers import read
    from citystat.collect.store import store

    source = read(folder / name)
    recipe = pick(city, source).recipe
    with city.read() as asked:
        source_id = sources.sources(asked)[0].id
    store(city, source, recipe, apply(source, recipe), now=NOW, source_id=source_id)


def test_a_folders_new_files_wait_oldest_first_and_what_is_no_table_does_not(city: City, secrets: Drawer, folder: Path) -> None:  # fmt: skip
    for n, name in enumerate(("b.csv", "a.csv", "~$a.xlsx", "notes.docx", "c.xlsx.tmp")):
        put(folder, name, JANUARY + f"2026-02,North,{n}\n")
        os.utime(folder / name, (1000 + n, 1000 + n))
    add(city, secrets, folder)
    assert [a.path.name for a in watching.look(city, watched=False) if a.path] == ["b.csv", "a.csv"]
    assert watching.look(city) == [], "nobody asked for it to be looked at by itself"
    add(city, secrets, folder, pattern="a*", was="Transit", watched=True)
    assert [a.path.name for a in watching.look(city) if a.path] == ["a.csv"]


def test_what_was_brought_in_waits_no_more_until_it_changes(city: City, secrets: Drawer, folder: Path) -> None:
    put(folder, "trips-2026-01.csv")
    add(city, secrets, folder)
    assert [t.why for t in take(city, secrets)] == ["no recipe reads it yet"]
    teach(city, folder)
    assert take(city, secrets) == []
    with city.read() as read:
        row = sources.sources(read)[0]
    assert (row.recipe, row.last_file, row.last_new, row.last_at) == ("trips", "trips-2026-01.csv", 2, NOW)
    put(folder, "trips-2026-02.csv", JANUARY.replace("2026-01", "2026-02"))
    assert [t.done.added for t in take(city, secrets) if t.done] == [2]
    put(folder, "trips-2026-02.csv", JANUARY.replace("2026-01", "2026-02").replace("10", "1000"))
    assert [t.done.revised for t in take(city, secrets) if t.done] == [1]
    put(folder, "same again.csv", JANUARY + "\n")
    assert [(t.done.added, t.done.run_id) for t in take(city, secrets) if t.done] == [(0, None)]
    assert watching.look(city, watched=False) == [], "a file that brought nothing new is known all the same"
    with city.read() as read:
        assert len(runs(read)) == 4


def test_what_was_taken_back_waits_again(city: City, secrets: Drawer, folder: Path) -> None:
    put(folder, "trips-2026-01.csv")
    add(city, secrets, folder)
    teach(city, folder)
    city.undo()
    assert len(watching.look(city, watched=False)) == 1


def test_nothing_that_needs_a_person_comes_in_by_itself(city: City, secrets: Drawer, folder: Path) -> None:
    put(folder, "trips-2026-01.csv")
    add(city, secrets, folder)
    teach(city, folder)
    put(folder, "drifted.csv", JANUARY.replace("District", "Area").replace("2026-01", "2026-02"))
    put(folder, "wrong.csv", JANUARY + "2026-03,North,oops\n")
    put(folder, "empty.csv", "\n")
    taken = {t.arrival.path.name: t.why for t in take(city, secrets) if t.arrival.path}
    assert "“Area” is proposed" in taken["drifted.csv"]
    assert taken["wrong.csv"] == "1 cell cannot be read"
    assert "empty" in taken["empty.csv"]
    assert len(values(measure(city, "TRPS-01"))) == 1


def test_a_folder_that_is_gone_is_said(city: City, secrets: Drawer, folder: Path) -> None:
    add(city, secrets, folder / "share", watched=True)
    found = watching.look(city)
    assert [a.path for a in found] == [None]
    assert "is not there" in found[0].error


def test_adding_changing_and_removing_are_acts_that_can_be_undone(city: City, secrets: Drawer, folder: Path) -> None:
    add(city, secrets, folder)
    assert city.undo() == "Add the source Transit"
    with city.read() as read:
        assert sources.sources(read) == []
    city.redo()
    sources.save(city, "Buses", "folder", str(folder), {}, secrets=secrets, was="Transit")
    assert city.undo() == "Change the source Transit"
    sources.remove(city, "Transit", secrets)
    assert city.undo() == "Remove the source Transit"
    with city.read() as read, pytest.raises(CityStatError, match="There is “Transit”"):
        sources.named(read, "Transits")


@pytest.mark.parametrize(
    ("kind", "place", "option", "says"),
    [
        ("folder", " ", {}, "needs a place"), ("moon", "x", {}, "no kind"), ("database", "sqlite:///x.db", {}, "sql is missing"),
        ("database", "not an address", {"sql": "select 1"}, "no address of a database"), ("socrata", "x", {"dataset": "y"}, "no address of a service"),
        ("ckan", "https://x.gov", {}, "dataset is missing"),
        ("database", "postgresql://h/d?password=hush", {"sql": "select 1"}, "names a password"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_is_kept(
    kind: str, place: str, option: dict[str, str], says: str, city: City, secrets: Drawer
) -> None:
    with pytest.raises(CityStatError, match=says):
        add(city, secrets, place, kind, **option)
    with city.read() as read:
        assert sources.sources(read) == []
    assert not secrets


def test_a_source_belongs_to_a_department(city: City, secrets: Drawer, folder: Path) -> None:
    from citystat.people.roster import departments, save_department

    save_department(city, None, code="TR", name="Transit")
    with city.read() as read:
        theirs = departments(read)[0].id
    assert add(city, secrets, folder, department_id=theirs).department == "Transit"
    assert add(city, secrets, folder, was="Transit").department == ""
    city.undo()
    with city.read() as read:
        assert sources.sources(read)[0].department_id == theirs


## Trying


def draft(city: City, kind: str, place: object, recipe: str = "", **options: str) -> trying.Tried:
    row, inside = sources.drafted("", kind, str(place), options, recipe=recipe)
    return trying.tried(city, row, trying.Alone(inside))


def test_trying_a_folder_says_what_its_newest_file_has_and_keeps_nothing(city: City, folder: Path) -> None:
    with pytest.raises(CityStatError, match="no file that fits"):
        draft(city, "folder", folder)
    put(folder, "trips-2026-01.csv")
    put(folder, "trips-2026-02.csv", JANUARY.replace("2026-01", "2026-02"))
    os.utime(folder / "trips-2026-01.csv", (1000, 1000))
    found = draft(city, "folder", folder)
    assert found == trying.Tried(2, ("Month", "District", "Trips"), "Feb 2026", "trips-2026-02.csv", 2)
    assert trying.told(found) == "trips-2026-02.csv: found 2 rows and 3 columns: Month, District, Trips. Newest period: Feb 2026 · 1 older file"  # fmt: skip
    with city.read() as read:
        assert runs(read) == []
        assert sources.sources(read) == []
    with pytest.raises(CityStatError, match="is not there"):
        draft(city, "folder", folder / "gone")


def test_trying_says_how_the_source_differs_from_its_recipe(city: City, secrets: Drawer, folder: Path) -> None:
    put(folder, "trips-2026-01.csv")
    add(city, secrets, folder)
    teach(city, folder)
    put(folder, "trips-2026-01.csv", JANUARY.replace("District", "Area"))
    found = draft(city, "folder", folder, "trips")
    assert found.rows == 2
    assert "“Area” is proposed" in found.remark


def test_trying_a_database(city: City, permits: Path) -> None:
    found = draft(city, "database", f"sqlite:///{permits}", sql=SQL)
    assert (found.rows, found.columns, found.newest) == (12, ("Month", "Kind", "Permits"), "Dec 2025")
    with pytest.raises(CityStatError, match="no such table"):
        draft(city, "database", f"sqlite:///{permits}", sql="select * from nosuch")


## Databases


@pytest.fixture
def permits(tmp_path: Path) -> Path:
    path = tmp_path / "permits.db"
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE permit (month TEXT, kind TEXT, fee REAL)")
        file.executemany(
            "INSERT INTO permit VALUES (?, ?, ?)", [(f"2025-{n % 12 + 1:02d}", "home" if n % 3 else "shop", 12.5) for n in range(60)]
        )  # fmt: skip
    file.close()
    return path


SQL = 'select month as "Month", kind as "Kind", count(*) as "Permits" from permit where kind like \'%o%\' group by 1, 2 order by 1, 2'


def test_a_query_becomes_observations(city: City, secrets: Drawer, permits: Path) -> None:
    row = add(city, secrets, f"sqlite:///{permits}", "database", sql=SQL)
    source = sources.fetch(row, secrets)
    assert source.sheets[0].rows[1] == ("2025-01", "shop", 5)
    taken = watching.take_in(city, Arrival(row), secrets, now=NOW)
    assert taken.why == "no recipe reads it yet"
    from citystat.collect.apply import apply
    from citystat.collect.picking import pick
    from citystat.collect.store import store

    recipe = pick(city, source).recipe
    store(city, source, recipe, apply(source, recipe), now=NOW, source_id=row.id)
    assert sum(values(measure(city, "PRMT-01")).values()) == 60
    with city.read() as read:
        row = sources.named(read, "Transit")
    assert watching.take_in(city, Arrival(row), secrets, now=NOW).done is not None


def test_a_query_only_reads_and_makes_no_file(permits: Path, tmp_path: Path) -> None:
    with pytest.raises(CityStatError, match="does not begin with SELECT"):
        database.query("P", f"sqlite:///{permits}", "delete from permit", "")
    with pytest.raises(CityStatError, match="The database refused"):
        database.query("P", f"sqlite:///{permits}", "with x as (select 1) delete from permit", "")
    with pytest.raises(CityStatError, match="no such column"):
        database.query("P", f"sqlite:///{permits}", "select nosuch from permit", "")
    with pytest.raises(CityStatError, match="no such file"):
        database.query("P", f"sqlite:///{tmp_path / 'none.db'}", "select 1", "")
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(CityStatError, match="There is no driver for moonbase"):
        database.query("P", "moonbase://x/y", "select 1", "")


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    with postgres() as address:
        engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE permit (month date, kind text, fee numeric(8,2))"))
            connection.execute(
                text("INSERT INTO permit SELECT date '2025-01-01' + (n % 12) * interval '1 month', CASE WHEN n % 3 = 0 THEN 'shop' ELSE 'home' END, 12.5 FROM generate_series(0, 59) n")
            )  # fmt: skip
        engine.dispose()
        yield address


def test_postgresql_gives_the_same_figures_and_its_password_stands_in_the_keyring_only(
    cluster: str, city: City, secrets: Drawer, permits: Path
) -> None:
    row = add(city, secrets, cluster, "database", sql=SQL.replace(" month as", " to_char(month, 'YYYY-MM') as"))
    assert secrets == {"Transit": "s3cret pass"}
    assert row.location.startswith("postgresql://city@127.0.0.1:")
    ours = sources.fetch(row, secrets)
    theirs = database.query("P", f"sqlite:///{permits}", SQL, "")
    assert ours.sheets[0].rows[0:] == theirs.sheets[0].rows[0:]
    city.close()
    with sqlite3.connect(city.path) as file:
        dump = "\n".join(file.iterdump())
    file.close()
    assert "s3cret" not in dump and "Transit" in dump


def test_postgresql_refuses_in_words_without_the_password_and_cannot_be_written(cluster: str) -> None:
    plain, _ = database.parted(cluster)
    with pytest.raises(CityStatError, match="The database refused") as refused:
        database.query("P", plain, "select 1", "wr0ng")
    assert "wr0ng" not in str(refused.value)
    for write in ("with x as (insert into permit values (null) returning 1) select * from x", "select * from nothing"):
        with pytest.raises(CityStatError, match="read-only|must not contain|does not exist"):
            database.query("P", plain, write, "s3cret pass")
    cells = database.query("P", plain, "select month, fee, true as t, null as n from permit limit 1", "s3cret pass")
    assert [type(c).__name__ for c in cells.sheets[0].rows[1]] == ["date", "float", "str", "NoneType"]


## Passwords


def test_the_systems_keyring_is_asked_under_the_sources_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backend import KeyringBackend

    class Memory(KeyringBackend):
        priority = 1  # type: ignore[assignment]

        def __init__(self) -> None:
            self.kept: dict[tuple[str, str], str] = {}

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del self.kept[service, username]

    memory = Memory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", memory)
    Keyring().put("Permits", "hush")
    assert memory.kept == {("CityStat", "Permits"): "hush"}
    assert (Keyring().get("Permits"), Keyring().get("Other")) == ("hush", "")
    Keyring().put("Permits", "")
    assert memory.kept == {}


def test_without_a_keyring_the_environment_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backends.fail import Keyring as Nothing

    monkeypatch.setattr(keyring.core, "_keyring_backend", Nothing())
    assert variable("Permits (live)") == "CITYSTAT_PASSWORD_PERMITS_LIVE"
    with pytest.raises(CityStatError, match="CITYSTAT_PASSWORD_PERMITS"):
        Keyring().put("Permits", "hush")
    assert Keyring().get("Permits") == ""
    monkeypatch.setenv("CITYSTAT_PASSWORD_PERMITS", "hush")
    assert Keyring().get("Permits") == "hush"


def test_a_source_has_the_recipe_it_was_given(city: City, secrets: Drawer, folder: Path) -> None:
    put(folder, "trips-2026-01.csv")
    add(city, secrets, folder)
    teach(city, folder)
    sources.save(city, "Other", "folder", str(folder), {}, secrets=secrets, recipe="trips")
    with city.read() as read:
        assert {s.name: s.recipe for s in sources.sources(read)} == {"Other": "trips", "Transit": ""}
        assert recipes.kept(read)[0].source_id is not None
