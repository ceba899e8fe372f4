"""The name table: which synset is called what in which language, and how much each name counts."""

import gzip
import math
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

# WordNet lexicographer files that hold what a camera can see: animal, artifact, body, food, object,
# person, plant; weather and shapes a little.
VISIBLE = {5: 4.0, 6: 4.0, 8: 3.0, 13: 4.0, 17: 4.0, 18: 2.0, 20: 3.0, 15: 1.5, 19: 1.5, 27: 1.5}
NOUN_FILES = range(3, 29)


@dataclass(frozen=True)
class Name:
    """One lemma of one synset in one language; `rank` 0 is the language's first name."""

    synset: str
    language: str
    text: str
    rank: int
    lexfile: int


def clean(lemma: str) -> str:
    """A lemma as people would type it: the Chinese rows mark word boundaries with `+`."""
    return lemma.replace("+", "").replace("_", " ").strip()


def read_names(path: Path) -> list[Name]:
    """All names of the table (synset, lexfile, language, `|`-separated lemmas), cleaned, without repeats."""
    names: list[Name] = []
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        next(rows)
        for row in rows:
            synset, lexfile, language, lemmas = row.rstrip("\n").split("\t")
            seen: set[str] = set()
            for lemma in lemmas.split("|"):
                text = clean(lemma)
                if text and text not in seen:
                    names.append(Name(synset, language, text, len(seen), int(lexfile)))
                    seen.add(text)
    return names


def languages_to_learn(names: list[Name], classes: set[str]) -> set[str]:
    """Languages with enough data: 20 of the picture classes named, or 500 lemmas of any kind."""
    lemmas: dict[str, int] = defaultdict(int)
    named: dict[str, set[str]] = defaultdict(set)
    for name in names:
        lemmas[name.language] += 1
        if name.synset in classes:
            named[name.language].add(name.synset)
    return {lang for lang in lemmas if lemmas[lang] >= 500 or len(named[lang]) >= 20}


def importance(names: list[Name], classes: set[str]) -> list[float]:
    """Visible × common × what the backbone can tell apart, for each name.

    Commonness is log² of the number of languages that name the synset.
    """
    per_synset: dict[str, set[str]] = defaultdict(set)
    for name in names:
        per_synset[name.synset].add(name.language)
    return [
        VISIBLE.get(name.lexfile, 0.8 if name.lexfile in NOUN_FILES else 0.4)
        * math.log(1 + len(per_synset[name.synset])) ** 2
        * (6.0 if name.synset in classes else 1.0)
        for name in names
    ]


def sampling_weights(names: list[Name], classes: set[str]) -> list[float]:
    """How often training meets each name: importance^1.5 × (small languages lifted) × first names.

    A language of n names is drawn as n^0.6 instead of n, English somewhat more, as it is the language
    that most can fall back on.
    """
    per_language: dict[str, int] = defaultdict(int)
    for name in names:
        per_language[name.language] += 1
    return [
        important**1.5
        * per_language[name.language] ** -0.4
        * (1.6 if name.rank == 0 else 1.0)
        * (2.5 if name.language == "eng" else 1.0)
        for name, important in zip(names, importance(names, classes), strict=True)
    ]


def sense_weights(names: list[Name], classes: set[str]) -> list[float]:
    """How much each sense of a text counts: importance × first names × English.

    Languages are not lifted here: `dog` means the animal, whatever it means in Volapük.
    """
    return [
        important * (5.0 if name.rank == 0 else 1.0) * (6.0 if name.language == "eng" else 1.0)
        for name, important in zip(names, importance(names, classes), strict=True)
    ]
