"""Multi30k captions: which are trained on and which are held out for text-to-text evaluation."""

import gzip
from pathlib import Path

LANGUAGES = ("en", "de", "fr", "cs")
# The last 1,000 pictures' captions are never trained on, in no language and no description file.
HELD_OUT = 1_000


def read(path: Path) -> list[str]:
    """The lines of a gzipped text file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [line.strip() for line in lines]


def translated(folder: Path) -> dict[str, list[str]]:
    """29,000 lines per language; line i says the same in all four."""
    return {language: read(folder / f"train.{language}.gz") for language in LANGUAGES}
