"""A document's content as JSON and back, so that approved minutes can be kept and written again exactly."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import numpy as np

from citystat.charts import chart
from citystat.documents import content

CLASSES = {
    name: value
    for module in (chart, content)
    for name, value in vars(module).items()
    if isinstance(value, type) and is_dataclass(value)
}


def freeze(value: Any) -> Any:
    """Plain JSON values for a content dataclass; nan becomes null inside arrays."""
    if is_dataclass(value) and not isinstance(value, type):
        return {"is": type(value).__name__} | {f.name: freeze(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, np.ndarray):
        return {"is": "array", "values": [None if np.isnan(v) else float(v) for v in value]}
    if isinstance(value, date):
        return {"is": "date", "day": value.isoformat()}
    if isinstance(value, tuple | list):
        return [freeze(v) for v in value]
    return value.item() if isinstance(value, np.generic) else value


def thaw(value: Any) -> Any:
    """What freeze() froze."""
    if isinstance(value, dict):
        if value["is"] == "array":
            return np.array([np.nan if v is None else v for v in value["values"]], float)
        if value["is"] == "date":
            return date.fromisoformat(value["day"])
        return CLASSES[value["is"]](**{name: thaw(v) for name, v in value.items() if name != "is"})
    return tuple(thaw(v) for v in value) if isinstance(value, list) else value
