"""Captions as index arrays: distinct pictures, distinct texts, and who belongs to whom."""

import hashlib
from dataclasses import dataclass

import numpy as np

from .captions import Caption
from .errors import InputError


@dataclass(frozen=True)
class Pairs:
    """What the caption file says, without repeats. A text that two pictures share is one text."""

    pictures: list[str]
    texts: list[str]
    texts_of: list[np.ndarray]
    """Per picture its text numbers, int64, ascending."""
    weights_of: list[np.ndarray]
    """Per picture how often each of `texts_of` is drawn: every language alike, sums to 1."""
    languages_of: list[set[str]]
    """Per text the languages it was given in."""
    train: np.ndarray
    """Picture numbers to train on."""
    test: np.ndarray
    """Picture numbers held out."""


def pair_up(captions: list[Caption], held_out: int, seed: int = 0) -> Pairs:
    """Numbers pictures and texts in order of first mention, and holds pictures out.

    Where the file says `split`, that decides, and pictures without it are trained on. Otherwise `held_out`
    pictures are taken by a hash of their names, which does not depend on the order of the rows.
    """
    pictures: dict[str, int] = {}
    texts: dict[str, int] = {}
    spoken: list[dict[int, set[str]]] = []
    languages: list[set[str]] = []
    splits: dict[str, str] = {}
    for row in captions:
        at = pictures.setdefault(row.picture, len(pictures))
        text = texts.setdefault(row.text, len(texts))
        if at == len(spoken):
            spoken.append({})
        if text == len(languages):
            languages.append(set())
        spoken[at].setdefault(text, set()).add(row.language)
        languages[text].add(row.language)
        if row.split and splits.setdefault(row.picture, row.split) != row.split:
            raise InputError(f"field 'split': {row.picture} is in 'train' and in 'test'")
    if splits:
        test = np.array([at for name, at in pictures.items() if splits.get(name) == "test"], dtype=np.int64)
    else:
        by_hash = sorted(pictures, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest())
        test = np.array(sorted(pictures[name] for name in by_hash[:held_out]), dtype=np.int64)
    train = np.setdiff1d(np.arange(len(pictures)), test)
    if not len(train) or not len(test):
        raise InputError(f"got {len(train)} pictures to train on and {len(test)} held out, expected some of both")
    texts_of = [np.array(sorted(said), dtype=np.int64) for said in spoken]
    weights_of = [language_balanced([said[text] for text in sorted(said)]) for said in spoken]
    return Pairs(list(pictures), list(texts), texts_of, weights_of, languages, train, test)


def language_balanced(languages: list[set[str]]) -> np.ndarray:
    """Weights of a picture's texts such that each of its languages is as likely as any other."""
    counts: dict[str, int] = {}
    for spoken in languages:
        for language in spoken:
            counts[language] = counts.get(language, 0) + 1
    weights = np.array([sum(1 / counts[language] for language in spoken) for spoken in languages])
    return weights / weights.sum()
