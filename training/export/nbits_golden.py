"""What golden inputs give in the N-bit formats: their graphs, run by ONNX Runtime on the processor."""

from pathlib import Path

import numpy as np
import onnxruntime as ort

from . import golden_inputs
from .checkpoint import Weights
from .formats import NBITS, ExportFormat
from .manifest import Vectors
from .reference import ImageReference, TextOutputs, embedded
from .text_tower import WORDS_INPUT
from .word_table import WordTable

# By format, of those that were written.
OwnGolden = dict[ExportFormat, Vectors]


def nbits_golden_texts(folder: Path, formats: tuple[ExportFormat, ...], texts: dict[str, TextOutputs]) -> OwnGolden:
    """Dense vectors of the texts, of which the ids are taken, in each of the formats that has N bits."""
    written = [each for each in NBITS if each in formats]
    if not written:
        return {}
    words = WordTable(folder)

    def encode(session: ort.InferenceSession) -> Vectors:
        return {text: dense(session, words, each.ids) for text, each in texts.items()}

    return {each: encode(session_of(folder, "text", each)) for each in written}


def nbits_golden_images(
    folder: Path, formats: tuple[ExportFormat, ...], images: ImageReference, projector: Weights | None
) -> OwnGolden:
    """Unit vectors of the golden pictures, behind the projector where there is one. Of `images` only its processor
    is used."""
    pictures = [golden_inputs.image(name) for name in golden_inputs.IMAGES]
    feeds = {
        name: value.numpy().astype(np.float32 if value.is_floating_point() else np.int64)
        for name, value in images.inputs(pictures).items()
    }

    def encode(session: ort.InferenceSession) -> Vectors:
        features = session.run(["pooler_output"], feeds)[0]
        return dict(zip(golden_inputs.IMAGES, embedded(features, projector), strict=True))

    return {each: encode(session_of(folder, "image", each)) for each in NBITS if each in formats}


def dense(session: ort.InferenceSession, words: WordTable, ids: list[int]) -> np.ndarray:
    """The dense vector of one text."""
    row = np.array([ids], dtype=np.int64)
    feeds = {"input_ids": row, "attention_mask": np.ones_like(row), WORDS_INPUT: words(row)}
    return session.run(["dense_vecs"], feeds)[0][0]


def session_of(folder: Path, tower: str, dtype: ExportFormat) -> ort.InferenceSession:
    """Of a graph that has been written."""
    return ort.InferenceSession(folder / f"{tower}.{dtype}.onnx", providers=["CPUExecutionProvider"])
