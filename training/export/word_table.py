"""The table of words as its packs have it."""

from pathlib import Path

import numpy as np

from .int7_layers import read


class WordTable:
    """Every row of the vocabulary, read from the packs in a folder."""

    def __init__(self, folder: Path) -> None:
        packs = [read(path)[0] for path in sorted(folder.glob("text.rows.*.safetensors"))]
        ids = np.concatenate([pack["ids"] for pack in packs])
        rows, scales = (np.concatenate([pack[name] for pack in packs]) for name in ("rows", "scale"))
        self.rows, self.scales = np.empty_like(rows), np.empty_like(scales)
        self.rows[ids], self.scales[ids] = rows, scales

    def __call__(self, ids: np.ndarray) -> np.ndarray:
        """Token ids [..] → their rows [..,W] float32."""
        return self.rows[ids].astype(np.float32) * self.scales[ids][..., None]
