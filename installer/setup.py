"""Set CityStat up in .venv: system libraries Qt needs, then the locked packages. Run by `make setup`.

Runs on a bare Python 3.11 with nothing installed, so it uses the standard library alone.
`python3 installer/setup.py --tests` adds the programs that only tests use.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "citystat-setup"

# Debian package → a file that tells it is there. Where a release has renamed one (libglib2.0-0t64), the new package
# provides the old name and apt takes it.
QT_LIBRARIES = {
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libfontconfig1": "libfontconfig.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xinerama0": "libxcb-xinerama.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libx11-xcb1": "libX11-xcb.so.1",
}
# Debian package → (program, the checks that need it)
TEST_PROGRAMS = {
    "libreoffice-writer-nogui": ("soffice", "pages of the Word files"),
    "libreoffice-calc-nogui": ("/usr/lib/libreoffice/program/libsclo.so", "return sheets"),
    "poppler-utils": ("pdftotext", "pages of the Word files"),
    "xvfb": ("Xvfb", "real windows"),
    "openbox": ("openbox", "real windows"),
    "xdotool": ("xdotool", "real windows"),
}


def main(arguments: list[str]) -> int:
    """Set up what is missing; exit status 1 when a person must do something first."""
    if sys.version_info < (3, 11):
        print("CityStat needs Python 3.11 or newer; this is", sys.version.split()[0])
        return 1
    if sys.platform.startswith("linux") and not _system_libraries():
        return 1
    if "--tests" in arguments:
        _test_programs()
    status = _environment()
    if status == 0:
        _compile()
    return status


def _system_libraries() -> bool:
    """Install the libraries Qt links to, where they are missing."""
    found = _known_libraries()
    missing = [package for package, file in QT_LIBRARIES.items() if file not in found]
    if not _has_venv():
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    return not missing or _apt(missing, "Qt and Python's venv need them")


def _known_libraries() -> str:
    """What the dynamic linker knows."""
    for program in ("ldconfig", "/sbin/ldconfig"):
        if shutil.which(program):
            return subprocess.run([program, "-p"], capture_output=True, text=True, check=False).stdout
    return ""


def _has_venv() -> bool:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def _test_programs() -> None:
    """Install what only tests use; without it those tests say so and are left out."""
    missing = {
        package: use
        for package, (program, use) in TEST_PROGRAMS.items()
        if not (shutil.which(program) or Path(program).is_file())  # a library is no program
    }
    if missing and not _apt(list(missing), "tests of " + " and ".join(sorted(set(missing.values()))) + " need them"):
        print("Those tests will be left out, and the closing summary says so.")


def _apt(packages: list[str], why: str) -> bool:
    """Install Debian packages as root or with sudo; otherwise print the one line to run."""
    if not shutil.which("apt-get"):
        print(f"Please install what these Debian packages hold ({why}):", " ".join(packages))
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    install = [*sudo, "apt-get", "install", "-y", "--no-install-recommends", *packages]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run([*sudo, "apt-get", "update", "-q"], check=True, stdout=subprocess.DEVNULL, env=environment)
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL, env=environment)
    except (OSError, subprocess.CalledProcessError):
        print(f"System packages are missing ({why}). Please run, then try again:")
        print("  sudo apt-get install -y " + " ".join(packages))
        return False
    return True


def _environment() -> int:
    """.venv with the locked packages; a stamp of the lock makes the second run quick."""
    state = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == state and PYTHON.exists():
        return 0
    print("Setting up .venv; the first time this takes a minute or two.")
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(LOCK)], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)
    STAMP.write_text(state)
    return 0


def _compile() -> None:
    """Compile our own modules, as pip did with the packages; otherwise the first start, or every one where Python may not
    write beside them, compiles what it imports."""
    subprocess.run([str(PYTHON), "-m", "compileall", "-q", str(ROOT / "citystat")], check=False)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
