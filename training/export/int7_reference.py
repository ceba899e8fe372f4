"""What a text tower in `int7` computes, in numpy and from its files: the reference of the SDK's kernel.

Quantized products as the format defines them, all else in float32. Texts need no padding: their tokens lie one
after another, and only attention tells them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from torch.nn import functional as F

from .int7 import ZERO
from .reference import TextOutputs

Tensors = dict[str, np.ndarray]
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


class Int7Reference:
    """A text tower in `int7`, by its folder."""

    def __init__(self, folder: Path) -> None:
        self.tensors, metadata = read(folder / "text.int7.safetensors")
        self.layers, self.heads = int(metadata["layers"]), int(metadata["heads"])
        self.width, self.eps = int(metadata["width"]), float(metadata["eps"])
        packs = [read(path)[0] for path in sorted(folder.glob("text.rows.*.safetensors"))]
        ids = np.concatenate([pack["ids"] for pack in packs])
        self.rows = np.empty((int(metadata["vocabulary"]), self.width), np.int8)
        self.scales = np.empty(len(self.rows), np.float32)
        self.rows[ids] = np.concatenate([pack["rows"] for pack in packs])
        self.scales[ids] = np.concatenate([pack["scale"] for pack in packs])

    def encode_ids(self, texts: Sequence[Sequence[int]]) -> list[TextOutputs]:
        """Token ids of each text, special ones included → its outputs."""
        weight, bias = self.tensors["sparse.weight"], self.tensors["sparse.bias"]
        colbert = self.linear("colbert")
        return [
            TextOutputs(list(ids), unit(x[0]), np.maximum(x @ weight + bias, 0), unit(colbert(x[1:])))
            for ids, x in zip(texts, self.hidden(texts), strict=True)
        ]

    def hidden(self, texts: Sequence[Sequence[int]]) -> list[np.ndarray]:
        """Last hidden states [T,W] of each."""
        ends = np.cumsum([len(ids) for ids in texts])[:-1]
        ids = np.concatenate([np.asarray(each) for each in texts])
        places = np.concatenate([np.arange(len(each)) for each in texts])
        words = self.rows[ids].astype(np.float32) * self.scales[ids, None]
        x = self.norm(words + self.tensors["embeddings.position"][places], "embeddings.norm")
        for i in range(self.layers):
            x = self.layer(x, ends, f"layers.{i}")
        return np.split(x, ends)

    def layer(self, x: np.ndarray, ends: np.ndarray, name: str) -> np.ndarray:
        """Attention and feed-forward, each added to its input and normalised after."""
        qkv = self.linear(f"{name}.qkv")(x)
        attended = np.concatenate([self.attend(each) for each in np.split(qkv, ends)])
        x = self.norm(self.linear(f"{name}.attention")(attended) + x, f"{name}.attention.norm")
        inner = F.gelu(torch.from_numpy(self.linear(f"{name}.up")(x))).numpy()
        return self.norm(self.linear(f"{name}.down")(inner) + x, f"{name}.norm")

    def attend(self, qkv: np.ndarray) -> np.ndarray:
        """[T,3W] of one text → [T,W]. The queries' 1/√d is in their weights."""
        tokens = len(qkv)
        q, k, v = qkv.reshape(tokens, 3, self.heads, -1).transpose(1, 2, 0, 3)
        scores = q @ k.transpose(0, 2, 1)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        return (weights @ v).transpose(1, 0, 2).reshape(tokens, self.width)

    def linear(self, name: str) -> Linear:
        """The layer of that name."""
        return Linear(*(self.tensors[f"{name}.{part}"] for part in ("weight", "scale", "bias")))

    def norm(self, x: np.ndarray, name: str) -> np.ndarray:
        """LayerNorm."""
        centred = x - x.mean(axis=1, keepdims=True)
        variance = np.square(centred).mean(axis=1, keepdims=True)
        unscaled = centred / np.sqrt(variance + np.float32(self.eps))
        return unscaled * self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"]


def read(path: Path) -> tuple[Tensors, dict[str, str]]:
    """Tensors by name, and the metadata."""
    with safe_open(path, framework="np") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()  # noqa: SIM118


def unit(x: np.ndarray) -> np.ndarray:
    """Vectors at length 1; zeros stay zeros."""
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), np.float32(1e-12))
