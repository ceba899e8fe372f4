"""Files and vectors as `manifest.json` describes them (`src/models/manifest.ts`)."""

import base64
import hashlib
from pathlib import Path

import numpy as np

FORMAT_VERSION = 1
# Of the pieces that are checked one by one while a large file arrives.
CHUNK_BYTES = 8 * 1024 * 1024


def described(path: Path, chunked: bool = False) -> dict[str, object]:
    """Size and digest of a file; if `chunked` and it is longer than one piece, the digests of its pieces too."""
    whole, pieces, size = hashlib.sha256(), [], 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK_BYTES):
            whole.update(piece)
            size += len(piece)
            pieces.append(hashlib.sha256(piece).hexdigest())
    entry: dict[str, object] = {"size": size, "sha256": whole.hexdigest()}
    if chunked and len(pieces) > 1:
        entry["chunks"] = {"size": CHUNK_BYTES, "sha256": pieces}
    return entry


def encoded(vector: np.ndarray) -> str:
    """Little-endian float32 as base64."""
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()
