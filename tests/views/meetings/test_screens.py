"""Two screens without a screen: the wall on the second one, the console on the first, the projector pulled out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from citystat.city import City
from citystat.meetings.meeting import meetings

SCREENS = [
    {"name": "Laptop", "x": 0, "y": 0, "width": 1440, "height": 900, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1},
    {"name": "Epson", "x": 1440, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1},
]  # fmt: skip
PROGRAM = """
import json, sys
from datetime import datetime
from pathlib import Path
from PySide6.QtWidgets import QApplication
from PySide6.QtTest import QTest
from PySide6.QtCore import Qt
from citystat.city import City
from citystat.views.meetings.console import Console
app = QApplication([])
laptop = next(s for s in app.screens() if s.name() == "Laptop")
plugged = list(app.screens())
projector = next(s for s in plugged if s is not laptop)
told = {}

def settle(name):
    for _ in range(5):
        app.processEvents()
    a = console.audience
    told[name] = {"full": a.isFullScreen(), "screen": a.screen().name(), "size": [a.width(), a.height()],
                  "console": console.screen().name(), "blank": a.wall.blank, "chip": console._head._wall.text()}

with City.open(Path(sys.argv[1])) as city:
    console = Console(city, int(sys.argv[2]), now=lambda: datetime(2026, 3, 12, 10), screens=lambda: plugged)
    console.setScreen(laptop)
    console.setGeometry(laptop.geometry())
    console.show()
    console.begin()
    settle("two")
    QTest.keyClick(console, Qt.Key.Key_B)
    QTest.keyClick(console, Qt.Key.Key_Slash)
    QTest.keyClicks(console.capture.line, "note half a sen")
    plugged.remove(projector)
    app.screenRemoved.emit(projector)
    settle("pulled")
    plugged.append(projector)
    app.screenAdded.emit(projector)
    settle("again")
    told["line"] = console.capture.line.text()
    console.leave()
print(json.dumps(told))
"""


def test_projector_plugged_in_pulled_out_and_plugged_in_again(sample_city: City, tmp_path: Path) -> None:
    with sample_city.read() as read:
        held = next(m.id for m in meetings(read) if m.status == "planned")
    screens = tmp_path / "screens.json"
    screens.write_text(json.dumps({"screens": SCREENS}))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(sample_city.path), str(held)],
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={screens}", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    two, pulled, again = told["two"], told["pulled"], told["again"]
    assert (two["full"], two["screen"], two["size"], two["console"]) == (True, "Epson", [1920, 1080], "Laptop")
    assert not pulled["full"] and pulled["blank"] and "in a window" in pulled["chip"]
    assert (again["full"], again["screen"], again["blank"]) == (True, "Epson", True)
    assert told["line"] == "note half a sen"
