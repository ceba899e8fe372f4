"""WordNet's English definitions: a sentence that means a synset."""

import gzip
from pathlib import Path

from .names import VISIBLE


def read_glosses(path: Path) -> dict[str, tuple[list[str], str]]:
    """Synset → (hypernym synsets, definition without the quoted examples)."""
    out: dict[str, tuple[list[str], str]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        next(rows)
        for row in rows:
            synset, hypernyms, gloss = row.rstrip("\n").split("\t")
            out[synset] = (hypernyms.split(), gloss.split('; "')[0])
    return out


def visible_glosses(glosses: Path, names: Path) -> list[tuple[str, str]]:
    """(synset, definition) of everything a camera can see."""
    lexfile: dict[str, int] = {}
    with gzip.open(names, "rt", encoding="utf-8") as rows:
        next(rows)
        for row in rows:
            synset, number, _ = row.split("\t", 2)
            lexfile[synset] = int(number)
    return [(s, text) for s, (_, text) in read_glosses(glosses).items() if lexfile.get(s, 0) in VISIBLE]
