"""Where each synset and caption should lie: an English sentence teacher's space, stored as int8 rows."""

from pathlib import Path

import numpy as np


def read_targets(path: Path, order: Path | None) -> tuple[dict[str, int], np.ndarray]:
    """Unit rows [N,384] in fp32 and, where `order` names a synset a line, synset → row."""
    stored = np.load(path)
    rows = stored["codes"].astype(np.float32) * stored["scale"].astype(np.float32)[:, None]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    synsets = order.read_text().split() if order else []
    return {synset: i for i, synset in enumerate(synsets)}, rows


def write_targets(path: Path, rows: np.ndarray) -> None:
    """Rows as int8 codes with one scale each."""
    scale = np.abs(rows).max(axis=1) / 127
    codes = np.rint(rows / scale[:, None]).astype(np.int8)
    finished = path.with_suffix(".tmp.npz")
    np.savez(finished, codes=codes, scale=scale.astype(np.float16))
    finished.replace(path)
