"""How near an export's outputs are to their references; the same measures as the browser's tests take
(`src/runtime/test-workers/closeness.ts`)."""

from collections.abc import Sequence

import numpy as np

EXACT = 1e-4
"""Of float32 outputs, in units of the reference's root mean square."""
WRONG = 100 * EXACT
"""What is wrong on purpose has to be off by far more than rounding."""
ROUNDED = 0.99
"""Cosine of outputs of fp16 and int8, without what all references have in common."""
DIFFERENT = 0.5
"""Mean cosine of different inputs' references; near 1, any output would look right."""


def deviation(got: np.ndarray, expected: np.ndarray) -> float:
    """The largest deviation, in units of the reference's root mean square. NaN counts as infinite."""
    if got.shape != expected.shape:
        return np.inf
    largest = float(np.nan_to_num(np.abs(got - expected), nan=np.inf).max())
    # Nothing but zeros is met exactly or not at all.
    return largest / float(np.sqrt(np.mean(np.square(expected)))) if largest > 0 else 0.0


def deviations(got: Sequence[np.ndarray], expected: Sequence[np.ndarray]) -> np.ndarray:
    """Of each output."""
    return np.array([deviation(*pair) for pair in zip(got, expected, strict=True)])


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows at length 1."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def centred_cosines(got: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Cosine of each output with its reference, both without the references' mean."""
    mean = expected.mean(axis=0)
    return (unit(got - mean) * unit(expected - mean)).sum(axis=1)


def astray(got: np.ndarray, expected: np.ndarray) -> list[int]:
    """Outputs that are nearer to another one's reference than to their own."""
    nearest = (unit(got) @ unit(expected).T).argmax(axis=1)
    return [i for i, found in enumerate(nearest) if found != i]


def mean_pairwise_cosine(rows: np.ndarray) -> float:
    """Of all pairs of different rows."""
    cosines = unit(rows) @ unit(rows).T
    return float(cosines[~np.eye(len(rows), dtype=bool)].mean())
