"""The checks of one measure: which rules hold, how strictly, and their numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from citystat.city import City
from citystat.collect import settle
from citystat.collect.checks import BY_NAME, ERROR, OFF, RULES, WARNING, Own, Rule, own_rules
from citystat.errors import CityStatError
from citystat.measures.series import Definition
from citystat.texts import tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.fields import FieldsDialog, choice, line
from citystat.views.widgets.marks import Rule as Hairline
from citystat.views.widgets.marks import label

LEVELS = {ERROR: "hold back", WARNING: "warn", OFF: "off"}


class ChecksDialog(FieldsDialog):
    """A row for each rule: what it looks for, its numbers, and what follows."""

    def __init__(self, city: City, measure: Definition, parent: QWidget) -> None:
        super().__init__(tr("Checks of {code}", code=measure.code), parent)
        self._city, self._measure = city, measure.id
        with city.read() as read:
            own = own_rules(read, measure.id)
        self._off = {name for name, mine in own.items() if mine.level == OFF}
        self.levels: dict[str, QComboBox] = {}
        self.numbers: dict[tuple[str, str], QLineEdit] = {}
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        for at, rule in enumerate(RULES):
            self._row(grid, at * 2, rule, own.get(rule.name, Own(rule.level, {})))
            grid.addWidget(Hairline(), at * 2 + 1, 0, 1, 2)
        inside, area = QWidget(), QScrollArea()
        inside.setLayout(grid)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.insertWidget(1, area, 1)
        words = tr("Held back: not taken in until somebody resolves it. Warned of: taken in, and ringed on the chart until accepted.")  # fmt: skip
        self.body.insertWidget(1, label(words, "soft", wrap=True))
        self.reason = line("")
        self.fields.field(tr("Reason"), self.reason)
        self.fields.first = self.levels[RULES[0].name]
        self._wanted()
        self.resize(round(theme().px(680)), round(theme().px(640)))

    def _row(self, grid: QGridLayout, at: int, rule: Rule, own: Own) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(tr(rule.title), "strong"))
        words.addWidget(label(tr(rule.says), "soft", wrap=True))
        if rule.options:
            numbers = QHBoxLayout()
            numbers.setSpacing(8)
            for option in rule.options:
                value = own.options.get(option.name)
                field = line("" if value is None else f"{float(str(value)):g}")
                field.setPlaceholderText("–" if option.usual is None else f"{option.usual:g}")
                field.setValidator(QDoubleValidator(field))
                field.setFixedWidth(round(theme().px(88)))
                field.setAccessibleName(f"{tr(rule.title)}: {tr(option.words)}")
                self.numbers[rule.name, option.name] = field
                numbers.addWidget(label(tr(option.words), "soft"))
                numbers.addWidget(field)
            numbers.addStretch(1)
            words.addLayout(numbers)
        box = choice(tr(rule.title), [(tr(LEVELS[level]), level) for level in rule.levels], own.level)
        box.setFixedWidth(round(theme().px(140)))
        box.currentIndexChanged.connect(lambda _: self._wanted())
        self.levels[rule.name] = box
        grid.addLayout(words, at, 0)
        grid.addWidget(box, at, 1, Qt.AlignmentFlag.AlignTop)

    def _wanted(self) -> None:
        """A reason is asked for where a rule is switched off."""
        off = any(box.currentData() == OFF and name not in self._off for name, box in self.levels.items())
        self.fields.show_row(self.reason, off)

    def save(self) -> None:
        """Keep what differs from the usual."""
        wanted = {}
        for name, box in self.levels.items():
            options = {key: _number(field) for (rule, key), field in self.numbers.items() if rule == name and field.text().strip()}  # fmt: skip
            least, most = options.get("least"), options.get("most")
            if least is not None and most is not None and least > most:
                raise CityStatError(
                    tr("The most lies below the least"), where=tr(BY_NAME[name].title), do=tr("Swap the two")
                )
            wanted[name] = Own(box.currentData(), dict(options))
        settle.save_rules(self._city, self._measure, wanted, self.reason.text())


def _number(field: QLineEdit) -> float:
    value, known = field.locale().toDouble(field.text())
    if not known:
        raise CityStatError(tr("“{text}” is not a number", text=field.text()), where=field.accessibleName(), do=tr("Correct it, or empty the field"))  # fmt: skip
    return float(value)
