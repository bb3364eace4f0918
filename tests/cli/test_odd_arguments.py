"""Whatever is typed behind a command, the answer is one sentence and an exit status, never a traceback and never a wait."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_commands import Out, asked, run

from citystat.city import City
from citystat.city.backup import check

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files and signals")


def one_sentence(capsys: Out, status: int, *words: object) -> str:
    """What the command says on standard error when it refuses."""
    got, out, err = run(capsys, *words)
    assert (got, out) == (status, ""), err
    assert "Traceback" not in err
    if status == 1:
        assert err.startswith("citystat: ") and err.count("\n") == 1
    return err


def table(path: Path, text: str = "period,value\n2021-01,1\n2021-02,2\n") -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("act", ["show", "packet", "minutes", "followup"])
def test_a_number_beyond_64_bits_is_no_meeting(act: str, sample_file: Path, tmp_path: Path, capsys: Out) -> None:
    out = [] if act == "show" else ["-o", tmp_path / "x.docx"]
    said = one_sentence(capsys, 1, "meeting", act, 2**63, *out, "--city", sample_file)
    assert "larger than a city can hold" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("measure",), ("import",), ("new",), ("meeting", "parse"), ()])
def test_words_that_are_not_utf8(command: tuple[str, ...], sample_file: Path, capsys: Out) -> None:
    assert "UTF-8" in one_sentence(capsys, 2, *command, "caf\udce9", "--city", sample_file)


def test_a_name_too_long_for_the_disk(tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = "x" * 300 + ".citystat"
    one_sentence(capsys, 1, "measures", "--city", name)
    one_sentence(capsys, 1, "new", name)
    one_sentence(capsys, 1, "import", name, "--city", name)
    one_sentence(capsys, 1, "x" * 300)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", " ", ".", "/", ".."])
def test_an_output_without_a_name_is_wrong_usage(name: str, sample_file: Path, capsys: Out) -> None:
    for words in (("backup", name), ("meeting", "packet", 25, "-o", name), ("chart", "EC-01", "-o", name)):
        one_sentence(capsys, 2, *words, "--city", sample_file)
    one_sentence(capsys, 2, "new", name)


def test_the_demonstration_does_not_run_over_a_file(tmp_path: Path, capsys: Out) -> None:
    there = table(tmp_path / "out")
    assert "cannot be a folder" in one_sentence(capsys, 1, "demo", "--out", there)
    assert there.read_text(encoding="utf-8").startswith("period")


@pytest.mark.parametrize("option", ["target", "centre", "sigma", "multiply"])
@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e308", "x", ""])
def test_a_statistic_is_asked_with_numbers(option: str, value: str, tmp_path: Path, capsys: Out) -> None:
    path = table(tmp_path / "t.csv")
    assert f"--{option}" in one_sentence(capsys, 2, "analyse", "spc", path, "--value", "value", f"--{option}={value}")


def test_odd_cells_of_a_judged_table(tmp_path: Path, capsys: Out) -> None:
    cells = table(tmp_path / "t.csv", "month,value\nnan,1\n2021-02,inf\n2021-03,nan\n2021-04\n2021-05,5\n")
    assert asked(capsys, "analyse", "spc", cells, "--period", "month", "--value", "value")["n"] == 5
    huge = table(tmp_path / "h.csv", "value\n1\n1e308\n")
    assert "row 3" in one_sentence(capsys, 1, "analyse", "spc", huge, "--value", "value")
    wide = table(tmp_path / "w.csv", "value\n1\n2,3\n")
    assert "row 3" in one_sentence(capsys, 1, "analyse", "spc", wide, "--value", "value")


@POSIX
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_is_not_waited_for(kind: str, sample_file: Path, tmp_path: Path, capsys: Out) -> None:
    place = {"pipe": tmp_path / "pipe", "device": Path("/dev/zero"), "folder": tmp_path}[kind]
    if kind == "pipe":
        os.mkfifo(place)
    spoken = "folder" if kind == "folder" else "device or a pipe"
    for words in (
        ("import", place, "--city", sample_file),
        ("import", sample_file, "--map", place, "--city", sample_file),
        ("measures", "--city", place),
        ("check", "--city", place),
        ("restore", place, "--city", tmp_path / "new.citystat"),
        ("analyse", "spc", place, "--value", "value"),
        ("meeting", "packet", 25, "-o", tmp_path / "x.docx", "--template", place, "--city", sample_file),
    ):
        if words[0] == "import" and words[2] == "--map":
            words = ("import", table(tmp_path / "t.csv"), *words[2:])
        assert spoken in one_sentence(capsys, 1, *words), words


@POSIX
def test_a_pipe_or_a_folder_is_never_written_over(sample_file: Path, tmp_path: Path, capsys: Out) -> None:
    for kind in ("pipe", "folder"):
        for suffix in (".docx", ".svg", ".citystat"):
            place = tmp_path / (kind + suffix)
            os.mkfifo(place) if kind == "pipe" else place.mkdir()
    before = sorted((p.name, p.stat().st_ino) for p in tmp_path.iterdir())
    for kind in ("pipe", "folder"):
        place = tmp_path / kind
        one_sentence(capsys, 1, "meeting", "packet", 25, "-o", f"{place}.docx", "--city", sample_file)
        one_sentence(capsys, 1, "chart", "EC-01", "-o", f"{place}.svg", "--city", sample_file)
        one_sentence(capsys, 1, "backup", f"{place}.citystat", "--city", sample_file)
        one_sentence(capsys, 1, "restore", sample_file, "--city", f"{place}.citystat")
        one_sentence(capsys, 1, "new", f"{place}.citystat")
        one_sentence(capsys, 1, "new", f"{place}.citystat", "--sample")
    assert sorted((p.name, p.stat().st_ino) for p in tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["?mode=ro", "a#b%41?", "file:x?mode=memory", ":memory:", "a&b=c", "ñ ü"])
def test_a_city_may_be_called_anything(name: str, tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows forbids such names")
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "new", name)[0] == 0
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert run(capsys, "import", table(tmp_path / "t.csv"), "--city", name)[0] == 0
    assert len(asked(capsys, "measures", "--city", name)["measures"]) == 1
    assert run(capsys, "backup", name + "2", "--city", name) == (0, f"Copied {name} to {name}2\n", "")
    assert asked(capsys, "check", "--city", name + "2")["sound"]


def test_new_says_what_it_took_for_the_fiscal_year(tmp_path: Path, capsys: Out) -> None:
    _, out, _ = run(capsys, "new", tmp_path / "a.citystat")
    assert "begins in July" in out and "--fiscal-year-start" in out
    _, out, _ = run(capsys, "new", tmp_path / "b.citystat", "--fiscal-year-start", 10)
    assert "begins in October" in out and "--fiscal-year-start" not in out
    assert asked(capsys, "new", tmp_path / "c.citystat")["fiscal_year_start"] == 7


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2030-02-30", "soon"])
def test_days_that_no_city_lives_to_see(day: str, sample_file: Path, capsys: Out) -> None:
    one_sentence(capsys, 2, "meeting", "new", "--series", "StreetStat", "--on", day, "--city", sample_file)
    one_sentence(capsys, 2, "meeting", "parse", "note x", "--on", day, "--city", sample_file)


@pytest.mark.parametrize("due", ["9999-12-31", "31 dec 9999", "in 99999999 weeks", "in 9999 years", "friday"])
def test_due_dates_at_the_end_of_time(due: str, sample_file: Path, capsys: Out) -> None:
    words = ("meeting", "parse", f"action x @dw ^{due} =memo", "--on", "2199-12-31", "--city", sample_file)
    status, out, _ = run(capsys, *words)
    found = json.loads(out)["due"]
    assert status == 0 and (found is None or found <= "2199-12-31")


## As a process of its own


def start(*words: object, **more: object) -> subprocess.Popen[bytes]:
    """The command line as a shell starts it."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **dict(more.pop("env", {}))}  # type: ignore[call-overload]
    return subprocess.Popen(
        [sys.executable, "-m", "citystat", *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, **more,  # type: ignore[call-overload]
    )  # fmt: skip


@POSIX
def test_a_terminal_that_knows_ascii_only(sample_file: Path) -> None:
    command = start(
        "measures", "--city", sample_file, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    out, err = command.communicate()
    assert (command.returncode, err) == (0, b"")
    assert out.isascii() and b"EC-01" in out


@POSIX
def test_whoever_reads_only_the_first_line(sample_file: Path) -> None:
    command = start("measure", "FD-01", "--by", "Ward", "--json", "--city", sample_file)
    assert command.stdout is not None and command.stderr is not None
    command.stdout.close()
    err = command.stderr.read()
    assert command.wait() in (0, 1) and err == b""


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_output_that_finds_no_space(sample_file: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "citystat", "measures", "--city", str(sample_file)],
            stdout=full, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )  # fmt: skip
    assert done.returncode == 1 and "No space" in done.stderr and "Traceback" not in done.stderr


def _size(file: Path) -> int:
    """In bytes; a journal comes and goes."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


@POSIX
def test_an_import_that_is_interrupted_leaves_nothing_half_written(tmp_path: Path) -> None:
    city, rows = tmp_path / "A.citystat", tmp_path / "rows.csv"
    City.create(city, "A").close()
    with rows.open("w", encoding="utf-8") as file:
        file.write("period,ward,value\n")
        for n in range(300_000):
            file.write(f"{2000 + n % 20}-{n % 12 + 1:02},W{n // 240},{n}\n")
    command = start("import", rows, "--city", city, env={"CITYSTAT_TEST": "1"})
    journal = city.with_name(city.name + "-wal")
    while command.poll() is None and _size(journal) < 1_000_000:
        time.sleep(0.01)  # until it writes; another process does, so all that can be done is to look again
    interrupted = command.poll() is None
    command.send_signal(signal.SIGINT)
    _, err = command.communicate()
    assert b"Traceback" not in err
    assert not interrupted or (command.returncode, err.count(b"\n")) == (1, 1) and b"Stopped" in err
    assert check(city) == []
    with City.open(city) as opened, opened.read() as read:
        held = read.connection().exec_driver_sql("SELECT count(*) FROM observation").scalar()
        acts = read.connection().exec_driver_sql("SELECT count(*) FROM act").scalar()
    assert (held, acts) == (0, 0) if interrupted else held
    assert not list(tmp_path.glob("*.part*"))
