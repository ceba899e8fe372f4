"""What the safetensors files of `int7` are made of: quantized linear layers and LayerNorms."""

from collections.abc import Callable

import numpy as np

from .checkpoint import Weights
from .int7 import quantize_groups
from .tensor_file import Part, Spec

# Weights [out, in] and bias [out] in float32.
LoadLinear = Callable[[], tuple[np.ndarray, np.ndarray]]


def linear_part(
    name: str, outputs: int, inputs: int, group: int, load: LoadLinear, gains: np.ndarray | None = None
) -> Part:
    """`.weight`, `.scale` and `.bias`; outputs are multiplied by `gains` [out]."""
    length = min(group, inputs)

    def make() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        matrix, bias = load()
        codes, scales = quantize_groups(matrix, length)
        return (codes, scales, bias) if gains is None else (codes, scales * gains[:, None], bias * gains)

    specs = (
        Spec(f"{name}.weight", "U8", (outputs, inputs)),
        Spec(f"{name}.scale", "F32", (outputs, inputs // length)),
        Spec(f"{name}.bias", "F32", (outputs,)),
    )
    return Part(specs, make)


def norm_part(name: str, weights: Weights, theirs: str, width: int) -> Part:
    """A LayerNorm's `.weight` and `.bias`."""
    specs = (Spec(f"{name}.weight", "F32", (width,)), Spec(f"{name}.bias", "F32", (width,)))
    return Part(specs, lambda: tuple(weights.take(f"{theirs}.{each}", width).numpy() for each in ("weight", "bias")))


def load_linear(weights: Weights, prefix: str, outputs: int, inputs: int) -> tuple[np.ndarray, np.ndarray]:
    """`torch.nn.Linear` below that prefix."""
    return (
        weights.take(f"{prefix}weight", outputs, inputs).numpy(),
        weights.take(f"{prefix}bias", outputs).numpy(),
    )
