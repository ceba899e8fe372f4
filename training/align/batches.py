"""Which pictures and which of their captions a step trains on.

A batch is a function of seed and step alone. So there is no sampler state to save: a run that goes on from
step n meets the batches that it would have met, and batches can be prepared ahead in other threads.
"""

from dataclasses import dataclass

import numpy as np

from .errors import InputError
from .pairs import Pairs


@dataclass(frozen=True)
class Batch:
    """B distinct pictures and the M distinct texts drawn for them."""

    pictures: np.ndarray
    """Picture numbers [B]."""
    texts: np.ndarray
    """Text numbers [M], ascending."""
    positive: np.ndarray
    """[B,M] bool: the text is one of the picture's captions, whichever picture it was drawn for."""


class Batches:
    """Every epoch a new order of the training pictures; what does not fill a batch waits for another order."""

    def __init__(self, pairs: Pairs, size: int, captions: int, seed: int) -> None:
        if size > len(pairs.train):
            raise InputError(f"batch: got {size}, expected at most the {len(pairs.train)} pictures to train on")
        self.pairs, self.size, self.captions, self.seed = pairs, size, captions, seed
        self.per_epoch = len(pairs.train) // size

    def at(self, step: int) -> Batch:
        """The batch of a step, counted from 0."""
        epoch, within = divmod(step, self.per_epoch)
        order = np.random.default_rng((self.seed, 0, epoch)).permutation(self.pairs.train)
        pictures = order[within * self.size : (within + 1) * self.size]
        rng = np.random.default_rng((self.seed, 1, step))
        texts = np.unique(np.concatenate([self.draw(rng, at) for at in pictures]))
        positive = np.stack([np.isin(texts, self.pairs.texts_of[at]) for at in pictures])
        return Batch(pictures, texts, positive)

    def draw(self, rng: np.random.Generator, picture: int) -> np.ndarray:
        """Up to `captions` different texts of a picture, by weight (the Gumbel top-k trick)."""
        weights = self.pairs.weights_of[picture]
        keys = np.log(weights) + rng.gumbel(size=len(weights))
        return self.pairs.texts_of[picture][np.argsort(-keys)[: self.captions]]
