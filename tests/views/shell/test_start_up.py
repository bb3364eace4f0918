"""The window stands before anything slow is read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

SLOW = ("numpy", "pandas", "alembic", "docx", "pyqtgraph", "qtawesome", "python_calamine")
BEGIN = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from citystat.views import jobs
from citystat.views.shell.app import start
from citystat.views.shell.recent import Remembered
jobs.FIRST_PAINT = 60_000  # what is put off until after the first paint, however slow this machine is today
window = start(Path(sys.argv[1]), Remembered(Path(sys.argv[2])))
QApplication.processEvents()
assert not window.grab().isNull()
print(" ".join(name for name in sys.argv[3].split() if name in sys.modules))
"""


def test_no_slow_library_is_read_before_the_first_paint(sample_file: Path, tmp_path: Path) -> None:
    city = tmp_path / "Riverton.citystat"
    shutil.copy(sample_file, city)
    arguments = [sys.executable, "-c", BEGIN, str(city), str(tmp_path / "window.json"), " ".join(SLOW)]
    ran = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == ""
