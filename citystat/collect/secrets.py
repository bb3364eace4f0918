"""Passwords of sources: in the system's keyring, under the source's name; never in the city file."""

from __future__ import annotations

import os
import re
from typing import Protocol

from citystat.errors import CityStatError
from citystat.texts import tr

SERVICE = "CityStat"


class Secrets(Protocol):
    """Where passwords stand."""

    def get(self, name: str) -> str:
        """The password of the source called `name`; "" where there is none."""

    def put(self, name: str, password: str) -> None:
        """Keep it; "" lets it go."""


class Keyring:
    """The system's keyring. A server without one has CITYSTAT_PASSWORD_NAME in the environment of its scheduler."""

    def get(self, name: str) -> str:
        """The password of the source called `name`; "" where there is none."""
        given = os.environ.get(variable(name))
        if given is not None:
            return given
        import keyring  # seldom needed
        from keyring.errors import KeyringError, NoKeyringError

        try:
            return keyring.get_password(SERVICE, name) or ""
        except NoKeyringError:
            return ""  # where none could be put, there is none
        except KeyringError as error:
            raise _locked(name, error) from error

    def put(self, name: str, password: str) -> None:
        """Keep it; "" lets it go. CityStatError where this machine has no keyring."""
        import keyring
        from keyring.errors import KeyringError, NoKeyringError

        try:
            if password:
                keyring.set_password(SERVICE, name, password)
            elif keyring.get_password(SERVICE, name) is not None:
                keyring.delete_password(SERVICE, name)
        except NoKeyringError as error:
            if password:
                raise CityStatError(
                    tr("This computer has no keyring to keep the password in"),
                    where=name, do=tr("Leave it out and set {variable} before CityStat starts", variable=variable(name)),
                ) from error  # fmt: skip
        except KeyringError as error:
            raise _locked(name, error) from error


def variable(name: str) -> str:
    """The environment variable of a source: "Permits (live)" → CITYSTAT_PASSWORD_PERMITS_LIVE."""
    return "CITYSTAT_PASSWORD_" + "_".join(re.findall(r"[A-Z0-9]+", name.upper()))


def _locked(name: str, error: Exception) -> CityStatError:
    return CityStatError(
        tr("The keyring refused the password ({why})", why=str(error) or type(error).__name__),
        where=name, do=tr("Unlock it and try again"),
    )  # fmt: skip
