"""Long work in a thread of its own, so that whoever waits can stop it within a moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from citystat.errors import Cancelled

LOOK = 0.05  # seconds between two looks at whether it shall stop
T = TypeVar("T")


def stopped_by(report: Callable[[], None] | None, work: Callable[[], T], stop: Callable[[], object]) -> T:
    """What `work` answers. report: raises Cancelled where it shall stop, which `stop` then sees to; None: nobody waits."""
    if report is None:
        return work()
    answer: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            answer.append(work())
        except BaseException as error:  # is raised again by whoever waits
            failed.append(error)

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    while worker.is_alive():
        worker.join(LOOK)
        try:
            report()
        except Cancelled:
            stop()
            worker.join()
            raise
    if failed:
        raise failed[0]
    return answer[0]
