"""Everything with Qt.

The database is imported before Qt, because PySide reads the source of every module that is imported after it (60 ms
here), and without looking for garbage, because imports leave none (40 ms): the window stands that much sooner.
"""

import gc

gc.disable()
import citystat.city  # noqa: E402, F401

gc.freeze()
gc.enable()
