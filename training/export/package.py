"""From checkpoints to a folder that the SDK loads: graphs, tokenizer, manifest."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx_ir as ir

from . import golden_inputs
from .checkpoint import Weights, read_json
from .encoder_file import write_encoder
from .errors import CheckpointError
from .formats import FORMATS, ExportFormat
from .image_tower import VisionCheckpoint, build_image_tower, read_projector, read_vision_checkpoint
from .int7 import group_of
from .int7_reference import Int7Reference
from .manifest import NAME, WASM_IMAGE, Description, Golden, image_entry, text_entry, write_manifest
from .preprocessor import read_preprocessing
from .projector import build_projector, projector_size
from .reference import ImageReference, TextOutputs, TextReference, embedded
from .text_tower import TextCheckpoint, build_text_tower, read_text_checkpoint
from .tokenizer import read_tokenizer
from .whole_folder import replacing
from .word_packs import packs_of, write_word_packs

# Smaller tensors stay in the graph's own file.
EXTERNAL_FROM_BYTES = 1024
# Browsers hold and hash files of this size; a larger tensor has a file of its own.
SHARD_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True)
class Sources:
    """Where the checkpoints are."""

    text: Path
    vision: Path
    projector: Path | None


def export(sources: Sources, out: Path, formats: tuple[ExportFormat, ...], description: Description) -> None:
    """Writes `out`, completely or not at all; an older export in its place is replaced."""
    out = out.resolve()
    refuse_foreign(out)
    if not set(formats) & set(WASM_IMAGE):
        raise CheckpointError(
            f"formats {', '.join(formats)}: WASM runs none of them for pictures; add one of {', '.join(WASM_IMAGE)}."
        )
    text = read_text_checkpoint(sources.text)
    vision = read_vision_checkpoint(sources.vision)
    projector = read_projector(sources.projector) if sources.projector else vision.projector
    preprocessing = read_preprocessing(sources.vision, vision.config)
    dimension = check_dimensions(text, vision, projector)
    tokenizer = read_tokenizer(sources.text, text.config.vocabulary)
    group = group_of(text) if "int7" in formats else None

    with replacing(out) as folder:
        for dtype in (each for each in FORMATS if each in formats):
            save(build_text_tower(text, dtype), folder / f"text.{dtype}.onnx")
            save(build_image_tower(vision, dtype), folder / f"image.{dtype}.onnx")
        if group is not None:
            write_encoder(folder / "text.int7.safetensors", text, group)
            write_word_packs(folder, text, packs_of(tokenizer, text.config.vocabulary))
        if projector is not None:
            ir.save(build_projector(projector), folder / "projector.onnx")
        (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
        reference = TextReference(text)
        texts = {each: reference.encode(each) for each in golden_inputs.TEXTS}
        signs = {each: reference.encode(each) for each in golden_inputs.SIGNS}
        write_manifest(
            folder,
            description,
            dimension,
            text_entry(
                folder, text.config, formats, text.colbert.matrix("weight")[0], int7_golden(folder, signs | texts)
            ),
            image_entry(folder, vision.config, preprocessing, formats, projector is not None),
            golden(texts, ImageReference(vision, preprocessing), projector),
            vision.calibration,
        )


def refuse_foreign(out: Path) -> None:
    """What is replaced must be an export: a manifest of a model, and nothing but its files."""
    if not out.exists():
        return
    if not out.is_dir():
        raise CheckpointError(f"{out} is a file; choose another name for the folder.")
    present = {path.name for path in out.iterdir()}
    if not present:
        return
    # Other things, too, are called manifest.json.
    files = read_json(out / NAME).get("files") if NAME in present else None
    if not isinstance(files, dict):
        raise CheckpointError(f"{out} exists and is no exported model; choose another folder.")
    if others := sorted(present - files.keys() - {NAME}):
        raise CheckpointError(f'{out} would be replaced, but "{others[0]}" is not of an export; move it away.')


def check_dimensions(text: TextCheckpoint, vision: VisionCheckpoint, projector: Weights | None) -> int:
    """The dimension of the shared space, in which both towers must end."""
    ending = vision.config.width
    if projector is not None:
        inputs, _, ending = projector_size(projector)
        if inputs != vision.config.width:
            raise CheckpointError(
                f"{projector.source}: the projector takes {inputs} numbers; "
                f"the vision tower gives {vision.config.width}."
            )
    if ending != text.config.width:
        raise CheckpointError(
            f"{vision.source}: pictures end in {ending} dimensions, texts of {text.folder} in {text.config.width}; "
            "give a projector that joins them."
        )
    return ending


def save(model: ir.Model, path: Path) -> None:
    """The graph, and its weights beside it as external data."""
    ir.save(
        model,
        path,
        external_data=f"{path.name}_data",
        size_threshold_bytes=EXTERNAL_FROM_BYTES,
        max_shard_size_bytes=SHARD_BYTES,
    )


def int7_golden(folder: Path, texts: dict[str, TextOutputs]) -> dict[str, np.ndarray]:
    """What the golden texts are in `int7`; nothing where that format was not written."""
    if not (folder / "text.int7.safetensors").exists():
        return {}
    outputs = Int7Reference(folder).encode_ids([each.ids for each in texts.values()])
    return {text: output.dense for text, output in zip(texts, outputs, strict=True)}


def golden(texts: dict[str, TextOutputs], images: ImageReference, projector: Weights | None) -> Golden:
    """Vectors of the reference implementation for the golden inputs."""
    features = images.features([golden_inputs.image(name) for name in golden_inputs.IMAGES])
    rows = embedded(features, projector)
    return Golden(
        {text: output.dense for text, output in texts.items()},
        dict(zip(golden_inputs.IMAGES, rows, strict=True)),
    )
