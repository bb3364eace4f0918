"""Background work that hands over parts of its answer."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from citystat.errors import Cancelled
from citystat.views import jobs


def test_parts_come_in_order_and_before_the_end(qtbot: QtBot) -> None:
    owner, came = QWidget(), []
    qtbot.addWidget(owner)

    def work(progress: jobs.Progress) -> str:
        for n in range(3):
            progress.part(n)
        return "done"

    jobs.run(owner, work, came.append, part=came.append, quiet=True)
    jobs.wait()
    assert came == [0, 1, 2, "done"]


def test_after_cancel_no_part_comes_any_more(qtbot: QtBot) -> None:
    owner, came, failed = QWidget(), [], []
    qtbot.addWidget(owner)

    def work(progress: jobs.Progress) -> Any:
        progress.part("before")
        progress.cancel()
        progress.part("after")

    jobs.run(owner, work, came.append, part=came.append, failed=failed.append, quiet=True)
    jobs.wait()
    assert came == [] and isinstance(failed[0], Cancelled)
