"""From checkpoints to a folder that the SDK loads: graphs, tokenizer, manifest."""

from dataclasses import dataclass
from pathlib import Path

import onnx_ir as ir

from . import golden_inputs
from .checkpoint import Weights, read_json
from .encoder_file import write_encoder
from .errors import CheckpointError
from .formats import FORMATS, NBITS, ExportFormat
from .image_tower import VisionCheckpoint, build_image_tower, read_projector, read_vision_checkpoint
from .int7_golden import golden_images, golden_texts
from .int7_groups import group_of_text
from .kernel_tower import ImageTower, KernelTower, check_beside, kernel_tower
from .manifest import (
    IMAGE_KERNEL,
    NAME,
    PROJECTOR_KERNEL,
    TEXT_KERNEL,
    WASM_IMAGE,
    WASM_IMAGE_KERNEL,
    WASM_PROJECTOR_KERNEL,
    Description,
    Golden,
    image_entry,
    image_kernel_files,
    nbits_image_extras,
    nbits_text_extras,
    text_entry,
    text_kernel_files,
    write_manifest,
)
from .nbits_golden import nbits_golden_images, nbits_golden_texts
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
    wasm_vision: Path | None = None
    """A smaller vision tower, which WASM takes in the place of the other."""
    wasm_projector: Path | None = None
    """Of that one."""


def export(sources: Sources, out: Path, formats: tuple[ExportFormat, ...], description: Description) -> None:
    """Writes `out`, completely or not at all; an older export in its place is replaced."""
    out = out.resolve()
    refuse_foreign(out)
    main = read_image_tower(sources.vision, sources.projector)
    small = read_image_tower(sources.wasm_vision, sources.wasm_projector) if sources.wasm_vision else None
    if small is not None:
        check_beside(main, small, formats)
    vision, projector, preprocessing = main.vision, main.projector, main.preprocessing
    of_images = formats_of_images(vision, formats)
    text = read_text_checkpoint(sources.text)
    dimension = check_dimensions(text, main)
    if small is not None:
        check_dimensions(text, small)
    tokenizer = read_tokenizer(sources.text, text.config.vocabulary)
    text_group = group_of_text(text) if "int7" in formats else None
    kernel = kernel_of(main, small) if "int7" in of_images else None

    with replacing(out) as folder:
        for dtype in (each for each in FORMATS if each in formats):
            save(build_text_tower(text, dtype), folder / f"text.{dtype}.onnx")
            save(build_image_tower(vision, dtype), folder / f"image.{dtype}.onnx")
        if text_group is not None:
            write_encoder(folder / TEXT_KERNEL, text, text_group)
        if {"int7", *NBITS} & set(formats):
            write_word_packs(folder, text, packs_of(tokenizer, text.config.vocabulary))
        if kernel is not None:
            kernel.write(folder)
        if projector is not None:
            ir.save(build_projector(projector), folder / "projector.onnx")
        (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
        reference, images = TextReference(text), ImageReference(vision, preprocessing)
        texts = {each: reference.encode(each) for each in golden_inputs.TEXTS}
        signs = {each: reference.encode(each) for each in golden_inputs.SIGNS}
        vectors = text.colbert.matrix("weight")[0]
        of_texts = nbits_text_extras(folder, nbits_golden_texts(folder, formats, signs | texts))
        if text_group is not None:
            of_texts["int7"] = text_kernel_files(folder, golden_texts(folder, signs | texts))
        of_pictures = nbits_image_extras(nbits_golden_images(folder, formats, images, projector))
        if kernel is not None:
            # Both towers take pictures prepared in the same way, so one reference prepares them for both.
            of_pictures["int7"] = image_kernel_files(kernel.files, golden_images(folder, kernel.files, images))
        write_manifest(
            folder,
            description,
            dimension,
            text_entry(folder, text.config, formats, vectors, of_texts),
            image_entry(folder, vision.config, preprocessing, of_images, projector is not None, of_pictures),
            golden(texts, images, projector),
            vision.calibration,
        )


def read_image_tower(vision: Path, projector: Path | None) -> ImageTower:
    """A checkpoint with its projector: the one that is named, or else the one within it."""
    checkpoint = read_vision_checkpoint(vision)
    weights = read_projector(projector) if projector else checkpoint.projector
    return ImageTower(checkpoint, weights, read_preprocessing(vision, checkpoint.config))


def kernel_of(main: ImageTower, small: ImageTower | None) -> KernelTower:
    """What is written in `int7`. Not both: where the smaller one fails the other would, too, at several times the
    download, memory and time; and one format names one tower."""
    if small is None:
        return kernel_tower(main, IMAGE_KERNEL, PROJECTOR_KERNEL)
    return kernel_tower(small, WASM_IMAGE_KERNEL, WASM_PROJECTOR_KERNEL)


def formats_of_images(vision: VisionCheckpoint, formats: tuple[ExportFormat, ...]) -> tuple[ExportFormat, ...]:
    """Those that the vision tower is written in: `int7` has a kernel for towers of patches alone, which is said.
    Raises where WASM runs none of them."""
    fixed = vision.config.side is not None
    possible = tuple(each for each in WASM_IMAGE if each != "int7" or not fixed)
    if not set(formats) & set(possible):
        raise CheckpointError(
            f"formats {', '.join(formats)}: WASM runs none of them for pictures; add one of {', '.join(possible)}."
        )
    if fixed and "int7" in formats:
        print(f"{vision.source}: int7 is for towers of patches; the image tower is written without it.")
    return tuple(each for each in formats if each != "int7" or not fixed)


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


def check_dimensions(text: TextCheckpoint, tower: ImageTower) -> int:
    """The dimension of the shared space, in which both towers must end."""
    vision, projector = tower.vision, tower.projector
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


def golden(texts: dict[str, TextOutputs], images: ImageReference, projector: Weights | None) -> Golden:
    """Vectors of the reference implementation for the golden inputs."""
    features = images.features([golden_inputs.image(name) for name in golden_inputs.IMAGES])
    rows = embedded(features, projector)
    return Golden(
        {text: output.dense for text, output in texts.items()},
        dict(zip(golden_inputs.IMAGES, rows, strict=True)),
    )
