"""Exported graphs in native ONNX Runtime, and inputs in the form that they take."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from PIL import Image
from training.export.reference import ImageReference

from .export_inputs import SIZES, patchwork

PAD = 1
Feeds = Mapping[str, np.ndarray]


def open_graph(path: Path, optimized: Path | None = None) -> ort.InferenceSession:
    """A session; `optimized` is where it shall write the graph that it runs."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    if optimized is not None:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(optimized)
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def run_graph(session: ort.InferenceSession, feeds: Feeds) -> dict[str, np.ndarray]:
    """Outputs by name."""
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, dict(feeds)), strict=True))


def text_feeds(rows: Sequence[Sequence[int]]) -> dict[str, np.ndarray]:
    """Token ids side by side, padded to the longest."""
    length = max(map(len, rows))
    ids = np.full((len(rows), length), PAD, dtype=np.int64)
    mask = np.zeros((len(rows), length), dtype=np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row)], mask[i, : len(row)] = row, 1
    return {"input_ids": ids, "attention_mask": mask}


def image_feeds(reference: ImageReference) -> dict[str, np.ndarray]:
    """All pictures of `export_inputs`, in one batch."""
    pictures = [Image.fromarray(patchwork(i, *size)) for i, size in enumerate(SIZES)]
    feeds = reference.processor(pictures, return_tensors="np")
    return {
        name: np.asarray(value, dtype=np.float32 if name == "pixel_values" else np.int64)
        for name, value in feeds.items()
    }
