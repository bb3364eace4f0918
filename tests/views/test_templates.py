"""The dialog for the office's own template: chosen for all or one kind, completed, forgotten, undone."""

from __future__ import annotations

from pathlib import Path

import docx
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.meetings.papers import NAMES, chosen_templates, template_for
from citystat.views.documents.templates import TemplateDialog


def test_a_template_begins_with_citystats_and_serves_every_kind(qtbot: QtBot, city: City, tmp_path: Path) -> None:
    dialog = TemplateDialog(city)
    qtbot.addWidget(dialog)
    dialog.start_from_own(tmp_path / "office.docx")
    assert dialog.choose(tuple(NAMES), tmp_path / "office.docx")
    with city.read() as read:
        assert chosen_templates(read) == dict.fromkeys(NAMES, "office.docx")
        assert template_for(read, "minutes") == (tmp_path / "office.docx").read_bytes()
    dialog._forget("minutes")
    with city.read() as read:
        assert template_for(read, "minutes") is None
    city.undo()
    with city.read() as read:
        assert template_for(read, "minutes") is not None


def test_missing_styles_are_named_and_added_only_when_wanted(qtbot: QtBot, city: City, tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "plain.docx"))
    dialog = TemplateDialog(city)
    qtbot.addWidget(dialog)
    assert not dialog.choose(("minutes",), tmp_path / "plain.docx")
    with city.read() as read:
        assert chosen_templates(read) == {}
    assert dialog.choose(("minutes",), tmp_path / "plain.docx", complete=True)
    with city.read() as read:
        assert chosen_templates(read) == {"minutes": "plain.docx"}
