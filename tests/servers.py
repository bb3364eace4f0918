"""Servers that tests start: open-data services on this machine, and a PostgreSQL of their own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

Rows = list[dict[str, Any]]
ROWS: Rows = [
    {"month": f"{2020 + n // 12}-{n % 12 + 1:02d}-01T00:00:00.000", "district": "North" if n % 2 else "South", "requests": str(100 + n)}
    for n in range(25)
]  # fmt: skip


class OpenData(ThreadingHTTPServer):
    """Speaks SODA under /resource and CKAN's datastore under /api/3. trouble: what the next answers do instead, by name."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rows: Rows = [dict(r) for r in ROWS]
        self.trouble: list[str] = []
        self.asked: list[dict[str, str]] = []
        self.tokens: list[str] = []
        self.before_page: Callable[[int], None] = lambda page: None

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: OpenData

    def log_message(self, *_: Any) -> None:
        """Nothing on the test's screen."""

    def do_GET(self) -> None:
        data = self.server
        asked = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        trouble = data.trouble.pop(0) if data.trouble else ""
        data.asked.append({**asked, "trouble": trouble})
        data.tokens.append(self.headers.get("X-App-Token", "") or self.headers.get("Authorization", ""))
        if trouble == "busy":
            self._answer(429, {"message": "slow down"}, {"Retry-After": "3"})
        elif trouble == "dropped":
            self.send_response(200)
            self.send_header("Content-Length", "5000")
            self.end_headers()
            self.wfile.write(b'[{"month": ')
            self.close_connection = True
        elif trouble == "failing":
            self._answer(503, {"message": "maintenance"}, {})
        elif trouble == "html":
            self._answer(200, None, {})
        else:
            data.before_page(len(data.asked))
            (self._ckan if "/api/3/" in self.path else self._soda)(asked)

    def _soda(self, asked: dict[str, str]) -> None:
        if not urlsplit(self.path).path.endswith("/abcd-1234.json"):
            self._answer(404, {"message": "Cannot find view with id"}, {})
            return
        if asked.get("$where", "").startswith("bad"):
            self._answer(400, {"message": "Query coordinator error: no-such-column"}, {})
            return
        at, most = int(asked["$offset"]), int(asked["$limit"])
        fields = list(dict.fromkeys(k for r in self.server.rows for k in r))
        self._answer(200, self.server.rows[at : at + most], {"X-SODA2-Fields": json.dumps(fields)})

    def _ckan(self, asked: dict[str, str]) -> None:
        if asked.get("resource_id") != "abcd-1234":
            self._answer(404, {"success": False, "error": {"message": "Not found: Resource"}}, {})
            return
        at, most = int(asked["offset"]), int(asked["limit"])
        fields = [{"id": "_id"}, *({"id": k} for k in dict.fromkeys(k for r in self.server.rows for k in r))]
        part = [{"_id": at + n, **r} for n, r in enumerate(self.server.rows[at : at + most])]
        self._answer(
            200, {"success": True, "result": {"fields": fields, "records": part, "total": len(self.server.rows)}}, {}
        )

    def _answer(self, code: int, body: Any, headers: dict[str, str]) -> None:
        data = b"<html>down</html>" if body is None else json.dumps(body).encode()
        self.send_response(code)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def open_data() -> Iterator[OpenData]:
    """A service that is up."""
    server = OpenData()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Waits(list[float]):
    """A clock that is not waited for: it only notes how long."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


## PostgreSQL


def programs() -> Path | None:
    """The folder of PostgreSQL's own programs, not of wrappers that start a server of the machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    there = shutil.which("initdb")
    return Path(there).resolve().parent if there else None


@contextmanager
def postgres() -> Iterator[str]:
    """A cluster of its own in a folder of its own; its address with a password. Skips with a reason where it cannot be.

    Not in pytest's folder: that is closed to other users, and PostgreSQL will not run as root.
    """
    bin_, who = programs(), _somebody()
    if bin_ is None:
        pytest.skip("PostgreSQL's initdb and pg_ctl are not on this machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="citystat-pg-"))
    data, secret = folder / "data", folder / "password"
    secret.write_text("s3cret pass\n", encoding="utf-8")
    if who is not None:
        for path in (folder, secret):
            os.chown(path, who.pw_uid, who.pw_gid)

    def run(*words: object) -> None:
        done = subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=60, cwd="/", **_as(who))
        if done.returncode:
            pytest.skip(f"PostgreSQL does not start here: {(done.stderr or done.stdout).strip()[-200:]}")

    try:
        run(
            bin_ / "initdb",
            "-D",
            data,
            "-U",
            "city",
            f"--pwfile={secret}",
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--no-sync",
        )
        how = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        run(bin_ / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", how, "start")
        yield f"postgresql://city:s3cret%20pass@127.0.0.1:{port}/postgres"
    finally:
        stop = [str(bin_ / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"]
        subprocess.run(stop, capture_output=True, timeout=60, cwd="/", **_as(who))
        shutil.rmtree(folder, ignore_errors=True)


def _somebody() -> Any:
    """Whom the server runs as where the tests run as root; None: as whoever runs the tests."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd  # not on Windows

    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip("PostgreSQL will not run as root, and there is no other user here")


def _as(who: Any) -> dict[str, Any]:
    return {} if who is None else {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
