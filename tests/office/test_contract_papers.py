"""The scorecard and the renewal sheet stay on one page, however many standards there are."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path

import pytest

from citystat.city import City
from citystat.contracts import edit, papers
from citystat.contracts.register import contract
from citystat.measures.series import definitions

MISSING = [p for p in ("soffice", "pdfinfo") if shutil.which(p) is None]
pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(
        bool(MISSING), reason=f"{', '.join(MISSING)} missing: `make test` installs LibreOffice and poppler"
    ),
]


def pages(path: Path) -> int:
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    told = subprocess.run(["pdfinfo", str(path.with_suffix(".pdf"))], check=True, capture_output=True, text=True).stdout
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("Pages")))


@pytest.mark.parametrize("standards", [4, 5, 6, 8])
@pytest.mark.parametrize("language", ["en", "es"])
def test_one_page_each(
    standards: int, language: str, sample_city: City, today: date, tmp_path: Path, qapp: object
) -> None:
    from citystat.views.chart.picture import document_picture

    with sample_city.read() as read:
        key = contract(read, "PW-2023-11").id
        more = [m for m in definitions(read) if m.code.startswith("PB") and m.frequency == "month"]
    for m in more[: standards - 4]:
        edit.save_standard(
            sample_city, None, contract_id=key, measure_id=m.id, sense="at least", value=1e9, pay_share=0.01
        )
    told = {"picture": document_picture, "today": today, "now": datetime(2026, 3, 10, 9), "language": language}
    card = papers.write_scorecard(sample_city, key, None, tmp_path / "card.docx", **told)
    sheet = papers.write_renewal(sample_city, key, tmp_path / "sheet.docx", **told)
    assert (pages(card), pages(sheet)) == (1, 1)
