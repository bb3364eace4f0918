"""The sidebar: the city's name, and the places in the order of the work."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from citystat.city import City
from citystat.texts import tr
from citystat.views.shell.places import FOOT, HOME, Place, groups, place_of
from citystat.views.shell.theme import current as theme
from citystat.views.widgets import icons
from citystat.views.widgets.marks import Button, label

WIDE, RAIL = 208, 56  # pixels at 100 %: with words, and with icons only


class Sidebar(QFrame):
    """Signals: chosen(address)."""

    chosen = Signal(str)

    def __init__(self, city: City) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setFixedWidth(round(theme().px(WIDE)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 16, 8, 12)
        layout.setSpacing(2)
        name = label(city.settings.name, "heading")
        name.setContentsMargins(12, 0, 0, 0)
        kind = label(tr("sample city · saved") if city.settings.sample else tr("saved"), "faint")
        kind.setContentsMargins(12, 0, 0, 12)
        layout.addWidget(name)
        layout.addWidget(kind)
        self._words: list[QLabel] = [name, kind]  # what only a wide sidebar says
        self._places = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._counts: dict[str, QLabel] = {}
        for group, places in groups():
            if group:
                title = label(group, "caption")
                title.setContentsMargins(12, 14, 0, 4)
                layout.addWidget(title)
                self._words.append(title)
            for place in places:
                layout.addWidget(self._place(place))
        layout.addStretch(1)
        for place in FOOT:
            layout.addWidget(self._place(place))

    def narrow(self, narrow: bool) -> None:
        """Only the icons, where the page needs the room; a place says its name when the mouse rests on it."""
        if narrow == self._words[0].isHidden():
            return
        self.setFixedWidth(round(theme().px(RAIL if narrow else WIDE)))
        for words in (*self._words, *self._counts.values()):
            words.setHidden(narrow)
        for prefix, button in self._buttons.items():
            title = tr(place_of(prefix).title)
            button.setText("" if narrow else title)
            button.setToolTip(title if narrow else "")

    def choose(self, address: str) -> None:
        """Mark the place that `address` belongs to."""
        prefix = place_of(address).prefix
        button = self._buttons.get(HOME.get(prefix, prefix))
        if button is not None:
            button.setChecked(True)

    def count(self, prefix: str, n: int) -> None:
        """A number beside a place; nothing for none."""
        number = self._counts[prefix]
        number.setText(str(n) if n else "")
        self._buttons[prefix].setAccessibleName(f"{tr(place_of(prefix).title)} {n or ''}".strip())

    def place(self) -> QAbstractButton | None:
        """The place that is marked."""
        return self._places.checkedButton()

    def _place(self, place: Place) -> QPushButton:
        prefix, title = place.prefix, tr(place.title)
        button = Button(title)
        button.setObjectName("place")
        button.setCheckable(True)
        icons.put(button, place.icon)
        button.setFixedHeight(round(theme().px(28)))
        button.setAccessibleName(title)
        button.clicked.connect(lambda: self.chosen.emit(prefix))
        inside = QHBoxLayout(button)
        inside.setContentsMargins(0, 0, 12, 0)
        number = label("", "soft")
        number.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside.addStretch(1)
        inside.addWidget(number, 0, Qt.AlignmentFlag.AlignVCenter)
        self._places.addButton(button)
        self._buttons[prefix], self._counts[prefix] = button, number
        return button
