"""Approved minutes in the window: read as words, with nothing in them to type in."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.meetings.meeting import meetings
from citystat.views.meetings.prepare import MeetingPage


def test_an_approved_entry_is_words_and_no_disabled_fields(qtbot: QtBot, sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        approved = next(m for m in meetings(read) if m.status == "approved")
    page = MeetingPage(sample_city, approved.id, today)
    qtbot.addWidget(page)
    form = page.review.form
    kept = next(e for e in page.review._entries if (e.kind, e.id) == form.entry)
    words = [w.text() for w in form.findChildren(QLabel)]
    assert kept.text in words and kept.owner in words
    assert form.findChildren(QComboBox) + form.findChildren(QLineEdit) + form.findChildren(QPlainTextEdit) == []
    form.begin()
    assert page.leave()
