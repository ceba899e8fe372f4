"""Precomputed vectors on disk: one safetensors file with the rows and what they belong to.

Header fields (safetensors metadata): `format`, `kind` (`texts` or `pictures`), `model` (who computed them)
and `items` (SHA-256 over the texts or pictures in row order). A file that belongs to other items or another
model is refused, not used.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from .errors import InputError
from .files import digest, replacing

FORMAT = "photoglot-rows-1"


@dataclass(frozen=True)
class Header:
    """What the rows are."""

    kind: str
    model: str
    items: str


def header_of(kind: str, model: str, items: Sequence[object]) -> Header:
    """The header for rows of these texts (or names and sizes of pictures)."""
    return Header(kind, model, digest(items))


def write_rows(path: Path, rows: np.ndarray, header: Header) -> None:
    """Rows [N,D], whole or not at all."""
    bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
    if len(bad):
        raise InputError(f"{header.model}: row {bad[0]} of the {header.kind} is not finite ({len(bad)} such rows)")
    with replacing(path) as temporary:
        save_file({"rows": np.ascontiguousarray(rows)}, temporary, {"format": FORMAT, **asdict(header)})


def read_rows(path: Path, expected: Header, count: int, dimension: int) -> np.ndarray:
    """The rows [count,dimension] as stored; fails when they were made from other items or by another model."""
    try:
        with safe_open(path, framework="numpy") as file:
            got = file.metadata() or {}
            rows = file.get_tensor("rows")
    except (OSError, SafetensorError) as error:
        raise InputError(f"{path}: not readable ({error}); remove it to make it anew") from error
    for field, wanted in {"format": FORMAT, **asdict(expected)}.items():
        if got.get(field) != wanted:
            raise InputError(
                f"{path}: field '{field}': got {got.get(field)!r}, expected {wanted!r}; it was made from something "
                "else: remove it to make it anew"
            )
    if rows.shape != (count, dimension):
        raise InputError(f"{path}: field 'rows': got shape {list(rows.shape)}, expected [{count}, {dimension}]")
    return rows
