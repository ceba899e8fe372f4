"""`manifest.json` of an exported pair of towers (`src/models/manifest.ts`)."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .configs import TextConfig, VisionConfig
from .described import FORMAT_VERSION, described, encoded
from .formats import IN_FLOAT16, NBITS, ExportFormat
from .preprocessor import Preprocessing
from .text_tower import WORDS_INPUT
from .word_packs import pack_file
from .writing_systems import LANGUAGES, PACKS

NAME = "manifest.json"
TEXT_KERNEL, IMAGE_KERNEL, PROJECTOR_KERNEL = (f"{part}.int7.safetensors" for part in ("text", "image", "projector"))
# Of a second, smaller vision tower, which only WASM takes.
WASM_IMAGE_KERNEL, WASM_PROJECTOR_KERNEL = (f"{part}.wasm.int7.safetensors" for part in ("image", "projector"))
# Best first; the SDK takes the first that the device can run. WASM has no float16 kernels, WebGPU none for
# dynamic int8; a float32 text tower (BGE-M3: 2.3 GB) is the last resort. N-bit formats are for WebGPU alone: in
# float16 they are what it takes where fp16 fails or has no memory. Where the GPU has no float16 they come behind
# int7, which is measured: what they gain there, no GPU was at hand to tell.
WASM_IMAGE: tuple[ExportFormat, ...] = ("int7", "int8", "fp32")
WASM_TEXT: tuple[ExportFormat, ...] = ("int7", "int8", "fp32")
WEBGPU_IMAGE: tuple[ExportFormat, ...] = ("fp16", "w8f16", "q4f16", "int7", "w8", "q4", "fp32", "int8")
WEBGPU_TEXT: tuple[ExportFormat, ...] = ("fp16", "w8f16", "q4f16", "int7", "w8", "q4", "int8", "fp32")
# What runs on WASM whatever the backend is.
ON_WASM: tuple[ExportFormat, ...] = ("int7", "int8")


# By input.
Vectors = dict[str, np.ndarray]
# What variants have beside their graphs, or in the place of one, by format.
Extras = dict[ExportFormat, dict[str, object]]


@dataclass(frozen=True)
class Golden:
    """Inputs and the reference's vectors for them."""

    text: Vectors
    image: Vectors


@dataclass(frozen=True)
class Description:
    """What a person says about the model."""

    id: str
    version: str
    licence: str
    provenance: str


@dataclass(frozen=True)
class KernelFiles:
    """Names of the files that our own kernel for pictures takes."""

    image: str
    projector: str | None
    """None where the tower ends in the shared space by itself."""


def golden_entries(golden: Vectors) -> list[dict[str, str]]:
    """Inputs with their vectors."""
    return [{"input": name, "vector": encoded(vector)} for name, vector in golden.items()]


def variant(folder: Path, tower: str, dtype: ExportFormat, backend: str, extras: Extras) -> dict[str, object]:
    """The files of a format for a backend."""
    out = {} if dtype == "int7" else graph_files(folder, tower, dtype)
    out |= extras.get(dtype, {})
    out["dtype"] = dtype
    if backend == "webgpu" and dtype in ON_WASM:
        out["provider"] = "wasm"
    if backend == "webgpu" and dtype in IN_FLOAT16:
        out["needs"] = ["shader-f16"]
    return out


def graph_files(folder: Path, tower: str, dtype: ExportFormat) -> dict[str, object]:
    """A graph with its external data, which may be in several files."""
    data = sorted(path.name for path in folder.glob(f"{tower}*.{dtype}.onnx_data"))
    return {"file": f"{tower}.{dtype}.onnx", "data": data}


def word_packs(folder: Path) -> list[dict[str, object]]:
    """The table of words in packs, of which a device loads those of its languages; `languages` are those that are
    usually written in a pack's script."""
    rows: list[dict[str, object]] = []
    for pack in PACKS:
        if (folder / pack_file(pack)).exists():
            languages = {"languages": list(LANGUAGES[pack])} if pack in LANGUAGES else {}
            rows.append({"name": pack, "file": pack_file(pack), **languages})
    return rows


def text_kernel_files(folder: Path, golden: Vectors) -> dict[str, object]:
    """What the SDK's own kernel for texts takes: the encoder, and the words. `golden` is what the kernel has to give,
    so that the SDK's self-test judges the device and not the format."""
    rows = word_packs(folder)
    return {"engine": "bert", "file": TEXT_KERNEL, "rows": rows, "golden": golden_entries(golden)}


def nbits_text_extras(folder: Path, golden: dict[ExportFormat, Vectors]) -> Extras:
    """The words of N-bit graphs, and what each of them has to give, for the same reason."""
    rows = word_packs(folder)
    return {dtype: {"rows": rows, "golden": golden_entries(own)} for dtype, own in golden.items()}


def nbits_image_extras(golden: dict[ExportFormat, Vectors]) -> Extras:
    """What each of the N-bit graphs has to give."""
    return {dtype: {"golden": golden_entries(own)} for dtype, own in golden.items()}


def image_kernel_files(files: KernelFiles, golden: Vectors) -> dict[str, object]:
    """What the SDK's own kernel for pictures takes: the tower, and its projector where there is one. `golden` is what
    this tower gives in that format: with a second tower for WASM, nothing like the vectors of the other."""
    projector = {} if files.projector is None else {"projector": files.projector}
    return {"engine": "siglip", "file": files.image, **projector, "golden": golden_entries(golden)}


def backends(
    folder: Path,
    tower: str,
    formats: tuple[ExportFormat, ...],
    wasm: tuple[ExportFormat, ...],
    webgpu: tuple[ExportFormat, ...],
    extras: Extras,
) -> dict[str, object]:
    """Variants by backend, best first."""
    return {
        backend: [variant(folder, tower, dtype, backend, extras) for dtype in order if dtype in formats]
        for backend, order in (("wasm", wasm), ("webgpu", webgpu))
    }


def text_entry(
    folder: Path, config: TextConfig, formats: tuple[ExportFormat, ...], colbert: int, extras: Extras
) -> dict[str, object]:
    """The text tower; `extras` are those of `int7` and N-bit formats, where they are among the formats."""
    entry: dict[str, object] = {
        "tokenizer": "tokenizer.json",
        "maxTokens": config.longest,
        "padId": config.pad,
        "inputs": {"ids": "input_ids", "mask": "attention_mask"},
        "output": "dense_vecs",
        # FlagEmbedding ignores the weights of <s>, <pad>, </s> and <unk>.
        "sparse": {"output": "lexical_weights", "ignoredIds": [0, 1, 2, 3]},
        "colbert": {"output": "colbert_vecs", "dimension": colbert},
        "backends": backends(folder, "text", formats, WASM_TEXT, WEBGPU_TEXT, extras),
    }
    if set(formats) & set(NBITS):
        entry["words"] = {"input": WORDS_INPUT, "vocabulary": config.vocabulary, "width": config.width}
    return entry


def image_entry(
    folder: Path,
    config: VisionConfig,
    preprocessing: Preprocessing,
    formats: tuple[ExportFormat, ...],
    projected: bool,
    extras: Extras,
) -> dict[str, object]:
    """The image tower, and its projector where there is one; `extras` are those of `int7`, which may be of another
    tower, and N-bit formats, where they are among the formats."""
    inputs = {"pixels": "pixel_values"}
    if config.side is None:
        inputs |= {"mask": "pixel_attention_mask", "shapes": "spatial_shapes"}
    entry: dict[str, object] = {
        "geometry": preprocessing.geometry(config),
        "filter": preprocessing.filter,
        "mean": preprocessing.mean,
        "std": preprocessing.std,
        "background": [255, 255, 255],
        "inputs": inputs,
        "output": "pooler_output",
        "features": config.width,
        "batch": 1,
        "backends": backends(folder, "image", formats, WASM_IMAGE, WEBGPU_IMAGE, extras),
    }
    if projected:
        entry["projector"] = {"file": "projector.onnx", "input": "features", "output": "embedding"}
    return entry


def write_manifest(
    folder: Path,
    description: Description,
    dimension: int,
    text: dict[str, object],
    image: dict[str, object],
    golden: Golden,
    calibration: tuple[float, float] | None,
) -> None:
    """Describes all files of the folder."""
    files = sorted(path for path in folder.iterdir() if path.name != NAME)
    manifest = {
        "formatVersion": FORMAT_VERSION,
        "id": description.id,
        "version": description.version,
        "dimension": dimension,
        "files": {path.name: described(path, chunked=True) for path in files},
        "text": text,
        "image": image,
        "golden": {
            "text": golden_entries(golden.text),
            "image": golden_entries(golden.image),
        },
        "licence": description.licence,
        "provenance": description.provenance,
    }
    if calibration is not None:
        manifest["calibration"] = {"scale": calibration[0], "bias": calibration[1]}
    content = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / NAME).write_text(content + "\n", encoding="utf-8")
