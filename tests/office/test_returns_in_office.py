"""A return sheet in LibreOffice: it opens, prints one page wide, and reads back after that program has saved it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from citystat.city import City
from citystat.collect.returned import is_return
from tests.collect.sheets import back, blank, bring_back, fill

CALC = Path("/usr/lib/libreoffice/program/libsclo.so")
MISSING = [p for p in ("soffice", "pdfinfo", "pdftotext") if shutil.which(p) is None]
pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(
        bool(MISSING) or not CALC.is_file(),
        reason="LibreOffice Calc or poppler missing: `make test` installs both",
    ),
]
GOOD = {
    ("FD-08", "", "value"): 301, ("FD-02", "", "numerator"): 811, ("FD-02", "", "denominator"): 920,
    ("FD-03", "Ward 2", "value"): 0, ("FD-08", "", "note"): "snow week",
}  # fmt: skip


def converted(path: Path, to: str) -> Path:
    """The file as LibreOffice writes it, in a folder beside it."""
    out = path.parent / to
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    words = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(out), str(path)]
    subprocess.run(words, check=True, capture_output=True, timeout=240)
    return out / f"{path.stem}.{to}"


@pytest.fixture
def sheet(sample_city: City, tmp_path: Path) -> Path:
    """The Fire department's blank sheet."""
    blank(sample_city, tmp_path / "Fire.xlsx", department="Fire", today=date(2026, 3, 10))
    return tmp_path / "Fire.xlsx"


def test_it_prints_one_page_wide_with_all_it_asks(sheet: Path) -> None:
    pdf = converted(sheet, "pdf")
    told = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert "Pages:           1" in told
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    for words in ("Return of Fire, Feb 2026", "Ambulance response, 90th percentile", "Ward 6", "Numerator", "Jan 2026"):
        assert words in text
    assert "citystat:" not in text and "###" not in text


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_filled_and_saved_by_libreoffice_it_reads_back(kind: str, sheet: Path, sample_city: City) -> None:
    saved = converted(fill(sheet, GOOD, sheet.with_name("filled.xlsx")), kind)
    source, returned = back(sample_city, saved)
    assert is_return(source) and returned.errors == ()
    found = {(f.measure.code, f.category): f for f in returned.figures}
    assert found["FD-08", ""].value == 301 and found["FD-08", ""].note == "snow week"
    assert found["FD-03", "Ward 2"].value == 0
    assert (found["FD-02", ""].numerator, found["FD-02", ""].denominator) == (811, 920)
    done = bring_back(sample_city, saved, believed="test")
    assert done.revised == 3
    assert (
        bring_back(sample_city, sheet.with_name("filled.xlsx")).run_id is None
    )  # the same figures, whoever saved them


def test_a_formula_is_worked_out_by_the_program_that_saved_it(sheet: Path, sample_city: City) -> None:
    saved = converted(fill(sheet, {("FD-08", "", "value"): "=150*2+1"}, sheet.with_name("formula.xlsx")), "xlsx")
    assert [f.value for f in back(sample_city, saved)[1].figures] == [301]
    saved = converted(fill(sheet, {("FD-08", "", "value"): "=1/0"}, sheet.with_name("broken.xlsx")), "xlsx")
    assert [r.reason for r in back(sample_city, saved)[1].errors] == [
        "“#DIV/0!” is the error of a formula: type the number itself"
    ]
