"""No error is swallowed: whoever catches every kind of error raises it again, or hands it on to where it is shown."""

from __future__ import annotations

import ast
from pathlib import Path

import citystat

# the error of a worker, or of a process of our own, is carried to whoever waits for it, which shows or raises it
HANDS_ON = {"views/jobs.py", "records/waiting.py", "collect/apart.py"}


def catches_everything(handler: ast.ExceptHandler) -> bool:
    kinds = [handler.type] if not isinstance(handler.type, ast.Tuple) else handler.type.elts
    return any(
        kind is None or isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException") for kind in kinds
    )


def test_whoever_catches_everything_raises_it_again() -> None:
    root = Path(citystat.__file__).parent
    swallowing = []
    for path in root.rglob("*.py"):
        name = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and catches_everything(node) and name not in HANDS_ON:
                last = node.body[-1]
                if not (isinstance(last, ast.Raise) and last.exc is None):
                    swallowing.append(f"{name}:{node.lineno}")
    assert swallowing == []
