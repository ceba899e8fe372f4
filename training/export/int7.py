"""`int7`: a number format for kernels of the SDK's own in WebAssembly, of text towers and of NaFlex.

Relaxed SIMD multiplies signed bytes by bytes of 7 bits, four products to an int32. So weights have 7 bits, with
a scale per output and group of inputs, and activations 8 bits, with a scale per token and group:
y[n] = bias[n] + Σ_g sx[g] · s[n,g] · Σ_k qx[k] · (byte[n,k] − 64). All else is float32.
"""

import numpy as np

LEVELS, ZERO = 63, 64
"""Codes are −63…63; bytes are codes + 64, so 1…127."""
# What a group's scale is tried at, in parts of the one at which its largest weight has the largest code: a smaller
# one rounds all weights more finely and cuts the largest off. In short groups that pays only just below 1.
FACTORS = (1.0, 0.99, 0.98, 0.97, 0.96, 0.95, 0.9, 0.85, 0.8, 0.75)


def quantize_groups(weights: np.ndarray, group: int) -> tuple[np.ndarray, np.ndarray]:
    """[rows, n] float32 → bytes in 1…127 [rows, n] and scales [rows, n/group]: weights ≈ (bytes − 64) · scale.

    Of a few scales per group the one with the least squared error.
    """
    rows, inputs = weights.shape
    grouped = weights.reshape(rows, inputs // group, group)
    # The lower bound keeps a group of zeros from dividing by zero.
    widest = (np.maximum(np.abs(grouped).max(axis=2), 1e-12) / LEVELS).astype(np.float32)
    least = np.full(widest.shape, np.inf, dtype=np.float32)
    codes, scales = np.empty(grouped.shape, np.float32), np.empty_like(widest)
    for factor in FACTORS:
        tried = widest * np.float32(factor)
        rounded = np.clip(np.rint(grouped / tried[..., None]), -LEVELS, LEVELS)
        error = np.square(rounded * tried[..., None] - grouped).sum(axis=2)
        better = error < least
        codes[better], scales[better], least[better] = rounded[better], tried[better], error[better]
    return (codes + ZERO).astype(np.uint8).reshape(rows, inputs), scales
