"""What a vision tower in `int7` computes, in numpy and from its files: the reference of the SDK's kernel.

Quantized products as the format defines them, all else in float32. SigLIP 2 NaFlex as in transformers'
`Siglip2VisionModel`; one picture at a time, so there is no padding.
"""

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from .int7_layers import Int7Layers, linear_of, read, softmax


class Int7ImageReference(Int7Layers):
    """A vision tower in `int7`, by its file."""

    def __init__(self, file: Path) -> None:
        super().__init__(*read(file))
        side = int(self.metadata["side"])
        self.positions = self.tensors["positions"].reshape(side, side, self.width)

    def features(self, patches: np.ndarray, rows: int, columns: int) -> np.ndarray:
        """Patches [rows · columns, 3p²] (rows of RGB pixels, normalised) → [W], of any length."""
        positions = resized(self.positions, rows, columns).reshape(rows * columns, self.width)
        x = self.linear("patch")(patches) + positions
        for i in range(self.layers):
            x = self.layer(x, f"layers.{i}")
        return self.pool(self.norm(x, "norm"))

    def layer(self, x: np.ndarray, name: str) -> np.ndarray:
        """Attention and MLP, each on the normalised input and added to it."""
        qkv = self.linear(f"{name}.qkv")(self.norm(x, f"{name}.norm1"))
        x = self.linear(f"{name}.attention")(self.attend(qkv)) + x
        return self.mlp(self.norm(x, f"{name}.norm2"), name) + x

    def mlp(self, x: np.ndarray, name: str) -> np.ndarray:
        """Linear, GELU (tanh), linear."""
        inner = torch.from_numpy(self.linear(f"{name}.up")(x))
        return self.linear(f"{name}.down")(F.gelu(inner, approximate="tanh").numpy())

    def pool(self, x: np.ndarray) -> np.ndarray:
        """Attention of the one query over all patches, then a residual MLP: [T,W] → [W]."""
        k, v = self.linear("head.kv")(x).reshape(len(x), 2, self.heads, -1).transpose(1, 2, 0, 3)
        query = self.tensors["head.query"].reshape(self.heads, 1, -1)
        pooled = (softmax(query @ k.transpose(0, 2, 1)) @ v).reshape(1, self.width)
        pooled = self.linear("head.attention")(pooled)
        return (self.mlp(self.norm(pooled, "head.norm"), "head") + pooled)[0]


class Int7ProjectorReference:
    """A projector in `int7`, by its file."""

    def __init__(self, file: Path) -> None:
        self.tensors, _ = read(file)

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """[n,in] → [n,out], of any length: linear, exact GELU, linear."""
        inner = torch.from_numpy(linear_of(self.tensors, "up")(features))
        return linear_of(self.tensors, "down")(F.gelu(inner).numpy())


def resized(table: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """[S,S,W] → [rows,columns,W]: bilinear with antialiasing and pixel centres at halves, as
    `torch.nn.functional.interpolate` does it; `positions.py` has the same in the graph."""
    along_rows, along_columns = (triangle(count, len(table)) for count in (rows, columns))
    return np.tensordot(along_rows, np.tensordot(along_columns, table, (1, 1)), (1, 1))


def triangle(count: int, side: int) -> np.ndarray:
    """Weights [count,side] of the source samples for each output. The filter is as wide as the reduction, at least
    one sample: max(0, 1 − |x − centre| / width), normalised."""
    scale = side / count
    centres = scale * (np.arange(count) + 0.5)
    distances = np.abs(np.arange(side) + 0.5 - centres[:, None]) / max(scale, 1)
    weights = np.maximum(1 - distances, 0)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
