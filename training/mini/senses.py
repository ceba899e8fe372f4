"""What a text means when several synsets are called so: their weighted mean.

The cosine loss leads there in the end also when every sense is drawn by itself; given as the target at
once, it takes the noise of the draw out of every step, and leaves the weights of senses free of how often
a language is drawn.
"""

from dataclasses import dataclass

import numpy as np

from .names import Name
from .normalization import marked

# A text counts as one synset, and is contrasted as such, when that sense has at least this share.
DOMINANT = 0.5


@dataclass
class Senses:
    """Row of each name's text; unit targets [texts,D] in fp16; the dominant synset's row or -1 [texts]."""

    row: np.ndarray
    targets: np.ndarray
    dominant: np.ndarray


def mean_senses(
    names: list[Name],
    weights: np.ndarray,
    synsets: dict[str, int],
    targets: np.ndarray,
) -> Senses:
    """Names that are the same text to the tokenizer share a row."""
    normalise = marked().normalize_str
    rows: dict[str, int] = {}
    normalised: dict[str, int] = {}
    for name in names:
        if name.text not in normalised:
            normalised[name.text] = rows.setdefault(normalise(name.text), len(rows))
    row = np.fromiter((normalised[n.text] for n in names), dtype=np.int64, count=len(names))
    meaning = np.fromiter((synsets[n.synset] for n in names), dtype=np.int64, count=len(names))
    # One entry for each (text, synset), its weights added up.
    pair, inverse = np.unique(row * len(targets) + meaning, return_inverse=True)
    weight = np.bincount(inverse, weights=weights)
    text, synset = pair // len(targets), pair % len(targets)
    starts = np.searchsorted(text, np.arange(len(rows) + 1))
    total = np.bincount(text, weights=weight, minlength=len(rows))
    strongest = np.full(len(rows), -1, dtype=np.int64)
    strong = weight > DOMINANT * total[text]
    strongest[text[strong]] = synset[strong]
    out = np.zeros((len(rows), targets.shape[1]), dtype=np.float16)
    for at in range(0, len(rows), 50_000):
        end = min(at + 50_000, len(rows))
        first, last = starts[at], starts[end]
        weighted = targets[synset[first:last]] * weight[first:last, None]
        mean = np.add.reduceat(weighted, starts[at:end] - first)
        out[at:end] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
    return Senses(row, out, strongest)
