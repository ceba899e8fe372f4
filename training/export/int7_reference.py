"""What a text tower in `int7` computes, in numpy and from its files: the reference of the SDK's kernel.

Quantized products as the format defines them, all else in float32. Texts need no padding: their tokens lie one
after another, and only attention tells them apart.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from .int7_layers import Int7Layers, read, unit
from .reference import TextOutputs
from .word_table import WordTable


class Int7Reference(Int7Layers):
    """A text tower in `int7`, by its folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(*read(folder / "text.int7.safetensors"))
        self.words = WordTable(folder)

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
        x = self.norm(self.words(ids) + self.tensors["embeddings.position"][places], "embeddings.norm")
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
