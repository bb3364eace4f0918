"""The formats that cannot be looked through first (.xls, .xlsb, .ods), read in a process of their own.

Where such a file is damaged, its reader may ask for more memory than there is or never end; that process ends, not ours.
"""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator

from citystat.collect.opened import Opened, opened

LONGEST = 120  # seconds; the largest .xls takes two
MOST_MEMORY = 4 << 30  # bytes, where the system can be told
WENT_WRONG = 3  # what the process ends with when it says why


class Lost(ValueError):
    """The reader lost its way; the text is what it said last."""


def read(data: bytes) -> list[Opened]:
    """The worksheets in `data`; Lost where they cannot be read."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "citystat.collect.apart"], input=data, capture_output=True, timeout=LONGEST, check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Lost("too long") from error
    if done.returncode:
        raise Lost(done.stdout.decode(errors="replace") if done.returncode == WENT_WRONG else "")
    return list(pickle.loads(done.stdout))  # noqa: S301  (of our own process)


def _main() -> int:
    """The process: a workbook comes in, its sheets go out."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    except (ImportError, ValueError, OSError):  # Windows refuses what it has not got by itself
        pass
    try:
        found: Iterator[Opened] = opened(io.BytesIO(sys.stdin.buffer.read()))
        sys.stdout.buffer.write(pickle.dumps(list(found), protocol=pickle.HIGHEST_PROTOCOL))
    except BaseException as error:
        sys.stdout.buffer.write(f"{type(error).__name__}: {error}".encode(errors="replace"))
        return WENT_WRONG
    return 0


if __name__ == "__main__":
    sys.exit(_main())
