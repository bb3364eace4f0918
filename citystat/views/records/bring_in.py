"""Bringing in records: what becomes of them is seen as it will be, and only then taken in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMessageBox, QVBoxLayout

from citystat.city import City, Touched
from citystat.collect.store import Imported, runs
from citystat.errors import Cancelled, CityStatError
from citystat.records.bring import Looked, bring, look
from citystat.records.recipe import RecordsRecipe
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.collect import outcome
from citystat.views.collect.import_head import ImportHead
from citystat.views.records.as_read import RecordsAsRead
from citystat.views.widgets.choose import file_to_open
from citystat.views.widgets.page import Page, clear
