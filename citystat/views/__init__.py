"""Everything with Qt."""

import citystat.city  # noqa: F401  before Qt: PySide reads the source of every module imported after it (60 ms here)
