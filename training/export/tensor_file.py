"""Safetensors files, written tensor by tensor: the library's own writer wants all of them in memory.

Layout: length of the header (8 bytes, little-endian), header (JSON, padded with spaces to 8 bytes), data.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

# The format's names of number types.
TYPES = {
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "U32": np.dtype("<u4"),
    "I8": np.dtype("i1"),
    "U8": np.dtype("u1"),
}
ALIGNMENT = 8


@dataclass(frozen=True)
class Spec:
    """What the header says of a tensor; `dtype` is a key of `TYPES`."""

    name: str
    dtype: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """In bytes."""
        return prod(self.shape) * TYPES[self.dtype].itemsize


@dataclass(frozen=True)
class Part:
    """Tensors that are made together, when their turn comes."""

    specs: tuple[Spec, ...]
    make: Callable[[], tuple[np.ndarray, ...]]


def write_tensors(path: Path, metadata: Mapping[str, str], parts: Sequence[Part]) -> None:
    """Writes the parts in their order; holds one of them at a time."""
    header, end = {"__metadata__": dict(metadata)}, 0
    for spec in (spec for part in parts for spec in part.specs):
        start, end = end, end + spec.size
        header[spec.name] = {"dtype": spec.dtype, "shape": list(spec.shape), "data_offsets": [start, end]}
    content = json.dumps(header, separators=(",", ":")).encode()
    content += b" " * (-len(content) % ALIGNMENT)
    with path.open("wb") as file:
        file.write(len(content).to_bytes(8, "little"))
        file.write(content)
        for part in parts:
            for spec, values in zip(part.specs, part.make(), strict=True):
                if values.shape != spec.shape:
                    raise ValueError(f"{spec.name} has shape {values.shape}; its header says {spec.shape}")
                file.write(np.ascontiguousarray(values, dtype=TYPES[spec.dtype]).data)
