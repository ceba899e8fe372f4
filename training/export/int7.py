"""`int7`: a number format of the text tower alone, for a kernel of the SDK's own in WebAssembly.

Relaxed SIMD multiplies signed bytes by bytes of 7 bits, four products to an int32. So weights have 7 bits, with
a scale per output and group of inputs, and activations 8 bits, with a scale per token and group:
y[n] = bias[n] + Σ_g sx[g] · s[n,g] · Σ_k qx[k] · (byte[n,k] − 64). All else is float32.
"""

import numpy as np

from .errors import CheckpointError
from .text_tower import TextCheckpoint

LEVELS, ZERO = 63, 64
"""Codes are −63…63; bytes are codes + 64, so 1…127."""
GROUP, SMALLEST_GROUP = 128, 16
"""Inputs that share a scale: the default, and what a kernel of 16 bytes per step can do at least."""
HEAD_STEP, OUTPUT_STEP = 16, 4
"""Numbers of a head, and outputs, that the kernel does at once."""
# What a group's scale is tried at, in parts of the one at which its largest weight has the largest code: a smaller
# one rounds all weights more finely and cuts the largest off. In short groups that pays only just below 1.
FACTORS = (1.0, 0.99, 0.98, 0.97, 0.96, 0.95, 0.9, 0.85, 0.8, 0.75)


def group_of(checkpoint: TextCheckpoint) -> int:
    """The length of a checkpoint's groups: 128, or the next smaller power of two that divides both lengths of
    rows. Raises where there is none, and where heads or multi-vectors do not fit the kernel."""
    config, group = checkpoint.config, GROUP
    while config.width % group or config.hidden % group:
        group //= 2
    depth = config.width // config.heads
    vectors, _ = checkpoint.colbert.matrix("weight")
    if group < SMALLEST_GROUP:
        what = f'fields "hidden_size" and "intermediate_size" are {config.width} and {config.hidden}'
        needed = f"multiples of {SMALLEST_GROUP}"
    elif depth % HEAD_STEP:
        what, needed = f'field "num_attention_heads" makes heads of {depth} numbers', f"a multiple of {HEAD_STEP}"
    elif vectors % OUTPUT_STEP:
        what, needed = f"multi-vectors have {vectors} numbers", f"a multiple of {OUTPUT_STEP}"
    else:
        return group
    raise CheckpointError(f"{checkpoint.folder}: {what}; int7 needs {needed}. Leave it out: --formats fp32 fp16 int8.")


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
