"""Features of a frozen tower, computed once and kept on disk; and pictures read while training otherwise."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import numpy as np
import torch

from ..mini.pictures import open_picture
from .pictures import sizes
from .stored_rows import header_of, read_rows, write_rows
from .towers import Inputs, Tower

BATCH = 16


class Source(Protocol):
    """Where a step's image inputs come from."""

    def load(self, pictures: np.ndarray) -> Inputs:
        """Inputs of these picture numbers, on the processor."""
        ...


class StoredFeatures:
    """Rows of a frozen tower; the tower itself is not run."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows

    def load(self, pictures: np.ndarray) -> Inputs:
        """`features` [B,width]."""
        return {"features": torch.from_numpy(self.rows[pictures])}


class PictureFiles:
    """Pictures decoded and cut while training, for a tower with open layers."""

    def __init__(self, folder: Path, names: list[str], tower: Tower, threads: int) -> None:
        self.folder, self.names, self.tower = folder, names, tower
        self.pool = ThreadPoolExecutor(threads)

    def load(self, pictures: np.ndarray) -> Inputs:
        """The tower's own inputs. One picture a thread: decoding and resizing let other threads run."""

        def one(picture: int) -> Inputs:
            return self.tower.prepare([open_picture(self.folder / self.names[picture])])

        prepared = list(self.pool.map(one, pictures.tolist()))
        return {name: torch.cat([inputs[name] for inputs in prepared]) for name in prepared[0]}


def features_of(source: Source, tower: Tower, pictures: np.ndarray, device: torch.device) -> np.ndarray:
    """Rows [N,width] float32 of these pictures."""
    rows = []
    with torch.inference_mode():
        for at in range(0, len(pictures), BATCH):
            inputs = source.load(pictures[at : at + BATCH])
            rows.append(tower.features({name: value.to(device) for name, value in inputs.items()}).float().cpu())
    return torch.cat(rows).numpy()


def feature_rows(path: Path, files: PictureFiles, device: torch.device) -> np.ndarray:
    """Rows of all pictures, from `path` if they are there, else computed and written."""
    header = header_of("pictures", files.tower.model, sizes(files.folder, files.names))
    if not path.exists():
        files.tower.module.to(device)
        rows = features_of(files, files.tower, np.arange(len(files.names)), device)
        # The rows stand for the tower from here on; the GPU's memory is for the projector.
        files.tower.module.cpu()
        write_rows(path, rows, header)
    return read_rows(path, header, len(files.names), files.tower.width)
