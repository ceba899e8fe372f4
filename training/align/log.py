"""The log of a run: JSON Lines, one object per noted step."""

import json
from pathlib import Path
from typing import Any

from .files import replacing


class Log:
    """Appends to a file; what a killed run wrote after its last checkpoint, half a line maybe, is dropped."""

    def __init__(self, path: Path, step: int) -> None:
        kept = []
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
            try:
                if json.loads(line)["step"] <= step:
                    kept.append(line + "\n")
            except ValueError:
                break
        with replacing(path) as temporary:
            temporary.write_text("".join(kept), encoding="utf-8")
        self.file = open(path, "a", encoding="utf-8")  # noqa: SIM115 (closed by `__exit__`)

    def write(self, entry: dict[str, Any]) -> None:
        """One line, at once."""
        self.file.write(json.dumps(entry) + "\n")
        self.file.flush()

    def __enter__(self) -> "Log":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
