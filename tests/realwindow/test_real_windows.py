"""The real application in real windows: Xvfb, a window manager, keys from xdotool, and a look at the screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from citystat.city import City
from citystat.meetings.actions import actions
from citystat.meetings.meeting import meetings
from citystat.sample.riverton import make

PROGRAMS = ("Xvfb", "openbox", "xdotool")
ABSENT = [p for p in PROGRAMS if not shutil.which(p)]
pytestmark = [
    pytest.mark.realwindow,
    pytest.mark.skipif(bool(ABSENT), reason=f"real windows were not driven: {', '.join(ABSENT)} not installed"),
]
PICTURE = "import sys; from PySide6.QtGui import QGuiApplication as G; a = G(['x']); a.primaryScreen().grabWindow(0).save(sys.argv[1])"
PATIENCE = 40  # seconds; the machine may be busy


@dataclass
class Desk:
    """A screen with a window manager. pictures: where the looks at it are kept."""

    display: str
    environment: dict[str, str]
    pictures: Path

    def do(self, *words: str) -> str:
        """Run xdotool; its answer."""
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        return done.stdout.strip()

    def keys(self, *names: str) -> None:
        """Press keys one after the other, in the window that has the focus."""
        self.do("key", "--delay", "60", *names)

    def type(self, words: str) -> None:
        """Type words; the spaces as keys, because xdotool drops one beside a sign that needs Shift."""
        for n, word in enumerate(words.split()):
            self.keys(*(["space"] if n else []))
            self.do("type", "--delay", "25", word)

    def window(self, title: str) -> str:
        """The id of the visible window whose title holds `title`; "" where there is none."""
        return (self.do("search", "--onlyvisible", "--name", title).splitlines() or [""])[-1]

    def title(self) -> str:
        """The title of the window that has the focus."""
        return self.do("getactivewindow", "getwindowname")

    def picture(self, name: str) -> Path:
        """A picture of the whole screen, once two looks at it are the same."""
        file, before = self.pictures / f"{name}.png", b""
        for _ in range(10):
            subprocess.run(
                [sys.executable, "-c", PICTURE, str(file)], env=self.environment, timeout=PATIENCE, check=True
            )
            if file.read_bytes() == before:
                break
            before = file.read_bytes()
        return file


def until(true: Callable[[], object], what: str) -> None:
    """Wait until something is the case; another process makes it so, so all that can be done is to look again."""
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, f"{what} did not happen in {PATIENCE} s"
        time.sleep(0.1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A screen, a window manager, and a home of their own."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[writer], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writer)
    with os.fdopen(reader) as answer:
        display = f":{answer.readline().strip()}"
    kept = os.environ.get("CITYSTAT_PICTURES")
    pictures = Path(kept) if kept else tmp_path / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    environment.pop("WAYLAND_DISPLAY", None)
    manager = subprocess.Popen(["openbox"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield Desk(display, environment, pictures)
    for process in (manager, server):
        process.terminate()
        process.wait(timeout=PATIENCE)


@pytest.fixture
def riverton(tmp_path: Path) -> Path:
    path = tmp_path / "Riverton.citystat"
    make(path, today=date.today()).close()
    return path


@pytest.fixture
def application(desk: Desk, riverton: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m citystat FILE`, up and with the focus."""
    root = Path(__file__).resolve().parents[2]
    said = desk.pictures / "said.txt"
    with said.open("wb") as file:
        running = subprocess.Popen(
            [sys.executable, "-m", "citystat", str(riverton)],
            env=desk.environment | {"PYTHONPATH": str(root)},
            stderr=file,
        )
        until(lambda: desk.window("Riverton"), "the window")
        desk.do("windowactivate", "--sync", desk.window("Riverton"))
        yield running
        running.terminate()
        running.wait(timeout=PATIENCE)
    assert "Traceback" not in said.read_text(encoding="utf-8")


def status(city_file: Path) -> str:
    with City.open(city_file) as city, city.read() as read:
        return meetings(read)[0].status


def test_a_promise_is_written_down_by_keyboard_in_real_windows(
    desk: Desk, application: subprocess.Popen[bytes], riverton: Path
) -> None:
    with City.open(riverton) as city, city.read() as read:
        planned = next(m for m in meetings(read) if m.status == "planned")
    desk.picture("1-today")
    go_to(desk, "EC-01")
    desk.picture("2-measure")
    start(desk, planned.series)
    until(lambda: status(riverton) == "running", "the meeting's beginning")
    until(lambda: desk.window("audience"), "the audience window")
    desk.do("windowactivate", "--sync", desk.window("Riverton"))
    desk.keys("space", "space")
    desk.picture("4-console")
    desk.keys("slash")
    desk.type("action compare night rosters @dw ^in 3 weeks =memo")
    desk.picture("5-capture")
    desk.keys("Return")
    until(lambda: promises(riverton, planned.id), "the promise on disk")
    assert promises(riverton, planned.id) == [("compare night rosters", "Dana Whitfield", "memo", "EC-01")]
    desk.picture("6-kept")
    look_at_the_wall(desk)
    application.kill()  # the process dies in the middle of the meeting
    application.wait(timeout=PATIENCE)
    assert promises(riverton, planned.id) == [("compare night rosters", "Dana Whitfield", "memo", "EC-01")]
    assert status(riverton) == "running"


def look_at_the_wall(desk: Desk) -> None:
    """The audience window in front, with its frame."""
    desk.do("windowactivate", "--sync", desk.window("audience"))
    until(lambda: "audience" in desk.title(), "the audience window in front")
    desk.picture("7-audience")


def go_to(desk: Desk, words: str) -> None:
    """Ctrl+K, a few letters, Enter."""
    before = desk.title()
    desk.keys("ctrl+k")
    until(lambda: desk.title() not in ("", before), "the palette")
    desk.type(words)
    desk.keys("Return")
    until(lambda: desk.title() == before, "the palette's end")


def start(desk: Desk, series: str) -> None:
    """To the series' next meeting (the newest is offered first), and its primary act by keyboard."""
    go_to(desk, f"{series} meeting")
    desk.picture("3-agenda")
    before = desk.title()
    press_primary(desk)
    until(lambda: desk.title() not in ("", before), "the question whether to hold it today")
    desk.keys("Return")


def press_primary(desk: Desk) -> None:
    """Click the page's primary act: the last button at the top right, under the menu bar."""
    window = desk.window("Riverton")
    size = dict(line.split("=") for line in desk.do("getwindowgeometry", "--shell", window).splitlines() if "=" in line)
    desk.do("mousemove", "--window", window, str(int(size["WIDTH"]) - 75), "42")
    desk.do("click", "1")


def promises(city_file: Path, meeting: int) -> list[tuple[str, str, str, str]]:
    with City.open(city_file) as city, city.read() as read:
        return [(a.text, a.owner, a.form, a.measure_code) for a in actions(read, date.today(), meeting=meeting)]
