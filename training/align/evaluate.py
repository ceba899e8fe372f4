"""R@K in both directions, any number of right answers."""

from collections.abc import Sequence

import numpy as np

from .errors import InputError
from .pairs import Pairs

DEPTHS = (1, 5, 10)
ROWS = 1_024


def best_ranks(queries: np.ndarray, items: np.ndarray, relevant: Sequence[np.ndarray]) -> np.ndarray:
    """Rank (from 1) of the best right item for each query [Q]; `relevant[q]` holds item numbers.

    A wrong item with the same score comes first, so that a tower that answers everything alike scores
    nothing instead of everything.
    """
    ranks = np.zeros(len(queries), dtype=np.int64)
    for at in range(0, len(queries), ROWS):
        scores = queries[at : at + ROWS] @ items.T
        for q, row in enumerate(scores):
            right = relevant[at + q]
            best = row[right].max()
            ranks[at + q] = (row >= best).sum() - (row[right] >= best).sum() + 1
    return ranks


def recalls(ranks: np.ndarray) -> dict[str, float]:
    """`R@1` … `R@10`, each in 0–1."""
    return {f"R@{depth}": float((ranks <= depth).mean()) for depth in DEPTHS}


def evaluate(pairs: Pairs, images: np.ndarray, texts: np.ndarray, by_language: bool = False) -> dict[str, dict]:
    """Held-out pictures against their own texts. `images` [T,D] are the rows of `pairs.test`, in its
    order; `texts` the rows of all texts. Both of length 1."""
    # Comparisons with NaN are false, which would make it the best of all.
    if not np.isfinite(images).all():
        raise InputError("held-out pictures: the projector's rows are not finite")
    said = [pairs.texts_of[at] for at in pairs.test]
    queries = np.unique(np.concatenate(said))
    number = {text: i for i, text in enumerate(queries.tolist())}
    own = [np.array([number[text] for text in row.tolist()]) for row in said]
    shown: list[list[int]] = [[] for _ in queries]
    for picture, row in enumerate(own):
        for text in row:
            shown[text].append(picture)
    rows = np.asarray(texts[queries], dtype=np.float32)
    to_image = best_ranks(rows, images, [np.array(pictures) for pictures in shown])
    out = {"text_to_image": recalls(to_image), "image_to_text": recalls(best_ranks(images, rows, own))}
    if by_language:
        spoken: dict[str, list[int]] = {}
        for i, text in enumerate(queries.tolist()):
            for language in pairs.languages_of[text]:
                spoken.setdefault(language, []).append(i)
        out["by_language"] = {lang: recalls(to_image[at]) for lang, at in sorted(spoken.items())}
    return out
