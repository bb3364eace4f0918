"""Open-data services as a sheet: Socrata's SODA and CKAN's datastore, page by page, with the standard library."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

from citystat.collect.readers import Progress, Source
from citystat.collect.sheet import Sheet
from citystat.collect.values import Cell
from citystat.errors import CityStatError
from citystat.texts import tr

PAGE = 5_000  # rows asked for at once
MOST_ROWS = 2_000_000
TRIES = 5
LONGEST = 120.0  # seconds that a service may ask us to wait
TIMEOUT = 60.0
Wait = Callable[[float], None]
STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True)
class Service:
    """Where and what. base: "https://data.example.gov"; dataset: its id; where: a condition (SODA), or "" ·
    token: an application's token or API key, "" without."""

    name: str
    base: str
    dataset: str
    where: str = ""
    token: str = ""


def checked(base: str) -> str:
    """The address of a service, without a slash at its end; CityStatError where it is none or names a password."""
    parts = urlsplit(base.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CityStatError(
            tr("“{text}” is no address of a service", text=base[:60]), do=tr("Write it as https://data.example.gov")
        )
    if parts.password or parts.username:
        raise CityStatError(
            tr("The address holds a name or password"), do=tr("Give the token as the source's password instead")
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def socrata(service: Service, progress: Progress | None = None, wait: Wait = time.sleep, page: int = PAGE) -> Source:
    """All rows of a SODA dataset; CityStatError says what the service said."""
    address = f"{service.base}/resource/{quote(service.dataset)}.json"
    ask: dict[str, object] = {"$order": ":id", "$limit": page} | ({"$where": service.where} if service.where else {})
    titles: list[str] = []
    records: list[dict[str, Any]] = []
    while True:
        found, headers = _get(service, f"{address}?{urlencode(ask | {'$offset': len(records)})}", progress, wait)
        if not isinstance(found, list):
            raise _odd(service)
        fields = [str(f) for f in json.loads(headers.get("X-SODA2-Fields") or "[]") if not str(f).startswith(":")]
        titles = _same(service, titles, fields, first=not records)
        records += found
        _told(service, len(records), 0, progress)
        if len(found) < page:
            return _source(service, titles, records)


def ckan(service: Service, progress: Progress | None = None, wait: Wait = time.sleep, page: int = PAGE) -> Source:
    """All rows of a resource in a CKAN datastore; CityStatError says what the service said."""
    address = f"{service.base}/api/3/action/datastore_search"
    titles: list[str] = []
    records: list[dict[str, Any]] = []
    while True:
        ask = {"resource_id": service.dataset, "limit": page, "offset": len(records), "sort": "_id"}
        found, _ = _get(service, f"{address}?{urlencode(ask)}", progress, wait)
        result = found.get("result") if isinstance(found, dict) and found.get("success") else None
        if not isinstance(result, dict) or not isinstance(result.get("records"), list):
            raise _odd(service)
        fields = [str(f["id"]) for f in result.get("fields", []) if f.get("id") != "_id"]
        titles = _same(service, titles, fields, first=not records)
        records += result["records"]
        total = int(result.get("total", 0))
        _told(service, len(records), total, progress)
        if not result["records"] or len(records) >= total:
            return _source(service, titles, records)


SERVICES = {"socrata": socrata, "ckan": ckan}


def _same(service: Service, titles: list[str], fields: list[str], *, first: bool) -> list[str]:
    """The columns, which must not change between two pages."""
    if not first and fields and titles and fields != titles:
        raise CityStatError(
            tr("The service changed its columns while it was read"), where=service.name,
            do=tr("Try again; nothing was brought in"),
        )  # fmt: skip
    return titles or fields


def _told(service: Service, rows: int, total: int, progress: Progress | None) -> None:
    if progress:
        progress.report(rows / total if total else 0.0, tr("{n} rows of {name}", n=f"{rows:,}", name=service.name))
    if rows > MOST_ROWS:
        raise CityStatError(
            tr("The service has more than {n} rows", n=f"{MOST_ROWS:,}"), where=service.name, do=tr("Give a condition")
        )


def _source(service: Service, titles: list[str], records: list[dict[str, Any]]) -> Source:
    titles = titles or list(dict.fromkeys(k for r in records for k in r if k != "_id"))
    rows: list[list[Cell]] = [[_cell(r.get(t)) for t in titles] for r in records]
    if not rows:
        raise CityStatError(
            tr("The service has no rows"), where=service.name, do=tr("Check the dataset and the condition")
        )
    digest = hashlib.sha256(json.dumps([titles, rows], default=str).encode()).hexdigest()
    return Source(service.name, digest, (Sheet.of_rows("", [titles, *rows]),))


def _cell(value: Any) -> Cell:
    """A value of JSON as a file would have it: days without midnight, lists and objects as their text."""
    if value is None:
        return ""
    if isinstance(value, str) and STAMP.fullmatch(value):
        at = datetime.fromisoformat(value).replace(tzinfo=None)
        return at.date() if at.time() == datetime.min.time() else at
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)


## Asking once, and again where that helps


def _get(service: Service, address: str, progress: Progress | None, wait: Wait) -> tuple[Any, Any]:
    """The JSON at `address` and its headers. A busy service, a failure of its own and a dropped connection are asked again."""
    headers = {"Accept": "application/json", "User-Agent": "CityStat"}
    if service.token:
        headers |= {"X-App-Token": service.token, "Authorization": service.token} if "/api/3/" in address else {"X-App-Token": service.token}  # fmt: skip
    said = ""
    for pause in _pauses():
        try:
            with urlopen(Request(address, headers=headers), timeout=TIMEOUT) as answer:
                return json.loads(answer.read()), answer.headers
        except HTTPError as error:
            with error:
                if error.code not in (429, 500, 502, 503, 504):
                    raise _refused(service, error) from error
                said = tr("it answers {code}", code=error.code)
                pause = _asked_for(error.headers.get("Retry-After"), pause)
        except ValueError as error:
            raise _odd(service) from error
        except (URLError, HTTPException, OSError) as error:
            said = str(getattr(error, "reason", None) or error) or type(error).__name__
        _waited(pause, progress, wait, service)
    raise CityStatError(
        tr("The service did not answer ({why})", why=said), where=service.name, do=tr("Check the connection, or try later")
    )  # fmt: skip


def _pauses() -> Iterator[float]:
    """Seconds after each try, longer each time."""
    return (0.5 * 2**n for n in range(TRIES))


def _asked_for(after: str | None, usual: float) -> float:
    """Seconds that the service wants us to wait, within reason."""
    return min(float(after), LONGEST) if after and re.fullmatch(r"\d+(\.\d+)?", after) else usual


def _waited(seconds: float, progress: Progress | None, wait: Wait, service: Service) -> None:
    """Wait in small parts, so that Cancel is heard."""
    left = seconds
    while left > 0:
        if progress:
            progress.report(0.0, tr("{name} is busy: waiting", name=service.name))
        wait(min(left, 0.25))
        left -= 0.25


def _refused(service: Service, error: HTTPError) -> CityStatError:
    try:
        body = json.loads(error.read(20_000))
        said = body.get("message") or (body.get("error") or {}).get("message") or ""
    except (ValueError, AttributeError, OSError, HTTPException):
        said = ""
    do = tr("Check the dataset's id") if error.code == 404 else tr("Check dataset, condition and token")
    said = " ".join(str(said).split())[:200]
    words = tr("The service refused ({code})", code=error.code) + (f": {said}" if said else "")
    return CityStatError(words, where=service.name, do=do)


def _odd(service: Service) -> CityStatError:
    return CityStatError(
        tr("The service answered something else than rows"), where=service.name, do=tr("Check its address and kind")
    )
