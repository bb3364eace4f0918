"""The one family of errors a person may see: what is the case, where, and what to do."""

from __future__ import annotations

from citystat.printable import one_line
from citystat.texts import tr


class CityStatError(Exception):
    """A fact that stops an act, in words for the person who asked for it.

    what: the sentence that says what is the case, without a full stop.
    where: file, sheet, cell or field; empty where the sentence says it already.
    do: what the person can do about it; empty where nothing can be done.
    """

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        self.what, self.where, self.do = map(one_line, (what, where, do))  # whatever a file says that is quoted
        super().__init__(self.what)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        end = "" if head.endswith("?") else "."
        return f"{head}{end} {self.do}".rstrip() if self.do else head


class Cancelled(CityStatError):
    """The person stopped the work; nothing of it was kept."""

    def __init__(self) -> None:
        super().__init__(tr("Stopped before it was finished; nothing was changed"))
