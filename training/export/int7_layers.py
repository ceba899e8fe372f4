"""The layers of an encoder in `int7`, in numpy and from its file: what the references of both towers share.

Quantized products as the format defines them, all else in float32.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import safe_open

from .int7 import ZERO

Tensors = dict[str, np.ndarray]
Metadata = dict[str, str]
# Sums of products of codes that float32 has exactly; longer groups are summed in float64.
EXACT_GROUP = 2**24 // (127 * 63)


@dataclass(frozen=True)
class Linear:
    """y = x · Wᵀ + b with quantized W and x."""

    codes: np.ndarray
    """[out, in], bytes."""
    scales: np.ndarray
    """[out, groups]."""
    bias: np.ndarray
    """[out]."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """[n, in] → [n, out]."""
        outputs, inputs = self.codes.shape
        group = inputs // self.scales.shape[1]
        codes, scales = quantize_activations(x, group)
        exact = np.float32 if group <= EXACT_GROUP else np.float64
        y = np.zeros((len(x), outputs), np.float32)
        for g in range(inputs // group):
            columns = slice(g * group, (g + 1) * group)
            weights = self.codes[:, columns].astype(exact) - ZERO
            sums = codes[:, columns].astype(exact) @ weights.T
            y += sums.astype(np.float32) * scales[:, g, None] * self.scales[None, :, g]
        return y + self.bias


def quantize_activations(x: np.ndarray, group: int) -> tuple[np.ndarray, np.ndarray]:
    """[n, in] → codes in −127…127 [n, in] and scales [n, in/group]; zeros where a group is all zeros."""
    grouped = x.reshape(len(x), x.shape[1] // group, group)
    scales = (np.abs(grouped).max(axis=2) / np.float32(127)).astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        codes = np.where(scales[..., None] > 0, np.rint(grouped / scales[..., None]), 0)
    return codes.astype(np.int8).reshape(x.shape), scales


class Int7Layers:
    """An encoder's tensors, and the layers that it is made of."""

    def __init__(self, tensors: Tensors, metadata: Metadata) -> None:
        self.tensors, self.metadata = tensors, metadata
        self.layers, self.heads = int(metadata["layers"]), int(metadata["heads"])
        self.width, self.eps = int(metadata["width"]), float(metadata["eps"])

    def attend(self, qkv: np.ndarray) -> np.ndarray:
        """[T,3W] of one text or picture → [T,W]. The queries' 1/√d is in their weights."""
        tokens = len(qkv)
        q, k, v = qkv.reshape(tokens, 3, self.heads, -1).transpose(1, 2, 0, 3)
        scores = q @ k.transpose(0, 2, 1)
        return (softmax(scores) @ v).transpose(1, 0, 2).reshape(tokens, self.width)

    def linear(self, name: str) -> Linear:
        """The layer of that name."""
        return linear_of(self.tensors, name)

    def norm(self, x: np.ndarray, name: str) -> np.ndarray:
        """LayerNorm."""
        centred = x - x.mean(axis=1, keepdims=True)
        variance = np.square(centred).mean(axis=1, keepdims=True)
        unscaled = centred / np.sqrt(variance + np.float32(self.eps))
        return unscaled * self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"]


def linear_of(tensors: Tensors, name: str) -> Linear:
    """The linear layer of that name."""
    return Linear(*(tensors[f"{name}.{part}"] for part in ("weight", "scale", "bias")))


def read(path: Path) -> tuple[Tensors, Metadata]:
    """Tensors by name, and the metadata."""
    with safe_open(path, framework="np") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()  # noqa: SIM118


def softmax(scores: np.ndarray) -> np.ndarray:
    """Over the last axis."""
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def unit(x: np.ndarray) -> np.ndarray:
    """Vectors at length 1; zeros stay zeros."""
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), np.float32(1e-12))
