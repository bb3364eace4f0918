"""docs/cli.md: what it says of a map is so."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

from citystat.collect.recipe import MeasureMap, Recipe, from_json

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def test_every_map_on_the_page_is_one() -> None:
    maps = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert len(maps) >= 4
    for text in maps:
        assert from_json(json.loads(text)).measures


def test_every_key_is_explained() -> None:
    explained = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert {f.name for f in (*fields(Recipe), *fields(MeasureMap))} <= explained
