"""A small language over measures' codes, read by hand: tokens, then a tree; what is wrong is said with its place.

    sum     = product (("+" | "-") product)*
    product = signed (("*" | "/") signed | "per" [number] base)*
    signed  = "-"* part
    part    = number | code | "[" code "]" | "population" | "(" sum ")"
            | "per(" number "," sum ")" | "rolling(" n "," code ")" | "share(" sum "," sum ")" | "prior year(" sum ")"

A code is taken as long as it can be, so that "EC-01" is a measure and "EC-01 - EC-02" a difference.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from citystat.errors import CityStatError
from citystat.formula.tree import Binary, Measured, Negative, Node, Number, Per, Population, Prior, Rolling, Share
from citystat.texts import tr

LONGEST = 500  # signs of a formula
DEEPEST = 40  # brackets within brackets
HUGE = 1e15
SIGNS = {"+": "+", "-": "-", "−": "-", "–": "-", "*": "*", "×": "*", "·": "*", "/": "/", "÷": "/", "(": "(", ")": ")", ",": ","}  # fmt: skip
RESERVED = ("population", "residents", "per", "rolling", "share", "prior", "year")
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_WORD = re.compile(r"[^\W\d][\w.]*(?:-\w+)*")


@dataclass(frozen=True)
class Token:
    """kind: number, code, word, sign or end; text: the number, the measure's code, the word, the plain sign."""

    kind: str
    text: str
    at: int
    end: int


def parse(text: str, codes: Collection[str]) -> Node:
    """The tree of a formula over measures with these `codes`; CityStatError says what is wrong and where."""
    return _Parser(text, tokens(text, codes), codes).whole()


def tokens(text: str, codes: Collection[str]) -> list[Token]:
    """The formula in words, ended by an "end"."""
    if len(text) > LONGEST:
        raise CityStatError(
            tr("A formula has at most {n} signs", n=LONGEST), do=tr("Make a measure of a part of it, and use its code")
        )
    by_letter: dict[str, list[str]] = {}
    for code in sorted((c for c in codes if _plain(c)), key=len, reverse=True):
        by_letter.setdefault(code[0].lower(), []).append(code)
    found, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token(text, at, by_letter, codes)
        found.append(token)
        at = token.end
    return [*found, Token("end", "", len(text), len(text))]


def renamed(text: str, codes: Collection[str], old: str, new: str) -> str:
    """The formula with the code `old` written as `new`; as it is where it cannot be read."""
    try:
        found = [t for t in tokens(text, codes) if t.kind == "code" and t.text == old]
    except CityStatError:
        return text
    for token in reversed(found):
        text = text[: token.at] + written(new) + text[token.end :]
    return text


def written(code: str) -> str:
    """A code as a formula has it: in brackets where it could be taken for something else."""
    return code if _plain(code) and _WORD.fullmatch(code) else f"[{code}]"


def _plain(code: str) -> bool:
    """Whether a code speaks for itself: no number, no word of the language."""
    return bool(code) and code.lower() not in RESERVED and not _NUMBER.fullmatch(code) and code[0] not in SIGNS


def _token(text: str, at: int, by_letter: Mapping[str, list[str]], codes: Collection[str]) -> Token:
    if text[at] == "[":
        return _bracketed(text, at, codes)
    code = _known(text, at, by_letter)
    if code is not None:
        return Token("code", code, at, at + len(code))
    if text[at] in SIGNS:
        return Token("sign", SIGNS[text[at]], at, at + 1)
    number = _NUMBER.match(text, at)
    if number is not None:
        return Token("number", number[0].replace(",", ""), at, number.end())
    word = _WORD.match(text, at)
    if word is None:
        raise refused(text, at, tr("“{sign}” has no meaning in a formula", sign=text[at]))
    if word[0].lower() not in RESERVED:
        raise _unknown(text, at, word[0], codes)
    return Token("word", word[0].lower(), at, word.end())


def _known(text: str, at: int, by_letter: Mapping[str, list[str]]) -> str | None:
    """The longest code that stands at `at` as a word of its own."""
    if at and (text[at - 1].isalnum() or text[at - 1] == "_"):
        return None
    for code in by_letter.get(text[at].lower(), ()):
        end = at + len(code)
        if text[at:end].lower() != code.lower() or text[end : end + 1].isalnum() or text[end : end + 1] == "_":
            continue
        runs_on = text[end : end + 1] == "-" and text[end + 1 : end + 2].isalnum()
        if not runs_on or _known(f" {text[end + 1 :]}", 1, by_letter) is not None:
            return code
    return None


def _bracketed(text: str, at: int, codes: Collection[str]) -> Token:
    end = text.find("]", at)
    if end < 0:
        raise refused(text, at, tr("A bracket [ is not closed"), tr("Write ] after the code"))
    name = text[at + 1 : end].strip()
    code = next((c for c in codes if c == name), None) or next((c for c in codes if c.lower() == name.lower()), None)
    if code is None:
        raise _unknown(text, at, name, codes)
    return Token("code", code, at, end + 1)


def _unknown(text: str, at: int, name: str, codes: Collection[str]) -> CityStatError:
    from difflib import get_close_matches

    near = get_close_matches(name.upper(), list(codes), n=1, cutoff=0.6)
    do = tr("Did you mean {code}?", code=near[0]) if near else tr("Write a measure's code, and spaces around a minus")
    return refused(text, at, tr("There is no measure “{name}”", name=name), do)


def refused(text: str, at: int, what: str, do: str = "") -> CityStatError:
    """The sentence with its place: “+ EC-02” in the formula."""
    rest = text[at : at + 24].strip()
    where = tr("Formula, at “{words}”", words=rest) if rest else tr("At the end of the formula")
    return CityStatError(what, where=where, do=do)


class _Parser:
    """Reads tokens from left to right."""

    def __init__(self, text: str, found: list[Token], codes: Collection[str]) -> None:
        self._text, self._tokens, self._codes = text, found, codes
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        """The tree of all of it."""
        if self._now.kind == "end":
            raise CityStatError(tr("The formula is empty"), do=tr("Write a measure's code"))
        tree = self._sum()
        if self._now.kind != "end":
            raise self._wrong(tr("Nothing can follow here but a sign"), tr("Write +, -, * or / between two parts"))
        return tree

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._now
        self._at += 1
        return token

    def _is(self, *texts: str) -> bool:
        return self._now.kind in ("sign", "word") and self._now.text in texts

    def _expect(self, sign: str, what: str) -> None:
        if not self._is(sign):
            raise self._wrong(what)
        self._take()

    def _wrong(self, what: str, do: str = "") -> CityStatError:
        return refused(self._text, self._now.at, what, do)

    def _sum(self) -> Node:
        left = self._product()
        while self._is("+", "-"):
            sign = self._take()
            left = Binary(sign.text, left, self._product(), sign.at)
        return left

    def _product(self) -> Node:
        left = self._signed()
        while self._is("*", "/", "per"):
            sign = self._take()
            left = self._per(left, sign.at) if sign.text == "per" else Binary(sign.text, left, self._signed(), sign.at)
        return left

    def _per(self, top: Node, at: int) -> Node:
        """After "per": a number or none, then what it is for each of."""
        if self._is("("):
            self._enter()
            base = self._sum()
            if not self._is(","):
                self._leave()
                return Per(top, 1.0, base, at)
            if not isinstance(base, Number):
                raise self._wrong(tr("per() begins with a number"), tr("Write per(1000, population)"))
            self._take()
            counted = self._sum()
            self._leave()
            return Per(top, self._size(base), counted, at)
        size = Number(float(self._now.text), self._take().at) if self._now.kind == "number" else None
        if size is not None and not (self._is("residents", "population", "(") or self._now.kind == "code"):
            raise self._wrong(tr("It is not said what the number is of"), tr("Write “per 1,000 residents”"))
        return Per(top, self._size(size), self._part(), at)

    def _size(self, number: Number | None) -> float:
        if number is not None and not 0 < number.value < HUGE:
            raise refused(self._text, number.at, tr("A rate is for a number above zero"))
        return number.value if number else 1.0

    def _signed(self) -> Node:
        minus: list[int] = []
        while self._is("-"):
            minus.append(self._take().at)
        part = self._part()
        return Negative(part, minus[0]) if len(minus) % 2 else part

    def _part(self) -> Node:
        token = self._now
        if token.kind == "number":
            return self._number()
        if token.kind == "code":
            return Measured(self._take().text, token.at)
        if self._is("population", "residents"):
            return Population(self._take().at)
        if self._is("("):
            self._enter()
            inside = self._sum()
            self._leave()
            return inside
        if token.kind == "word":
            return self._function()
        if token.kind == "end":
            raise self._wrong(tr("Something is missing"), tr("Write a measure's code or a number"))
        raise self._wrong(tr("Here a measure's code or a number is wanted"))

    def _number(self) -> Number:
        token = self._take()
        value = float(token.text)
        if value >= HUGE:
            raise refused(self._text, token.at, tr("The number is too large"))
        return Number(value, token.at)

    def _enter(self) -> None:
        self._expect("(", tr("Here an opening bracket ( is wanted"))
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._wrong(tr("There are too many brackets within brackets"))

    def _leave(self) -> None:
        self._expect(")", tr("A bracket is not closed, or something too much stands before it"))
        self._depth -= 1

    def _function(self) -> Node:
        name = self._take()
        if name.text == "prior" and self._is("year"):
            self._take()
        reads = {"per": self._per_alone, "rolling": self._rolling, "share": self._share, "prior": self._prior}
        if name.text not in reads:
            raise refused(self._text, name.at, tr("“{word}” cannot stand here", word=name.text))
        self._enter()
        made = reads[name.text](name.at)
        self._leave()
        return made

    def _comma(self) -> None:
        self._expect(",", tr("Here a comma is wanted"))

    def _per_alone(self, at: int) -> Node:
        if self._now.kind != "number":
            raise self._wrong(tr("per() begins with a number"), tr("Write per(1000, population)"))
        size = self._size(self._number())
        self._comma()
        return Per(Number(1.0, at), size, self._sum(), at)

    def _rolling(self, at: int) -> Node:
        token = self._now
        n = float(token.text) if token.kind == "number" else 0.0
        if not (1 < n <= 1000 and n == int(n)):
            raise self._wrong(tr("rolling() begins with a whole number from 2"), tr("Write rolling(12, EC-01)"))
        self._take()
        self._comma()
        if self._now.kind != "code":
            raise self._wrong(tr("rolling() takes the code of one measure"), tr("Write rolling(12, EC-01)"))
        code = self._take()
        return Rolling(int(n), Measured(code.text, code.at), at)

    def _share(self, at: int) -> Node:
        part = self._sum()
        self._comma()
        return Share(part, self._sum(), at)

    def _prior(self, at: int) -> Node:
        return Prior(self._sum(), at)
