"""How near `int7` of a SigLIP 2 NaFlex tower comes to float32, beside other formats: a Markdown table.

    python -m training.evaluate_int7_images --vision SIGLIP2_DIR
    python -m training.evaluate_int7_images --random base-naflex

Features before the projector, of the golden pictures and of some in which random colours and textures are drawn.
With `--random` the weights are random in the real size, which says less than trained ones would.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch

from .evaluate_int7 import GRAPHS, HEAD, line
from .export import golden_inputs
from .export.formats import FormatName
from .export.image_tower import VisionCheckpoint, build_image_tower, read_vision_checkpoint
from .export.int7_groups import group_of_vision
from .export.int7_image_reference import Int7ImageReference
from .export.int7_layers import unit
from .export.package import save
from .export.preprocessor import read_preprocessing
from .export.random_checkpoints import write_vision
from .export.reference import ImageReference
from .export.twins import VISION_TWINS
from .export.vision_file import write_vision as write_vision_file
from .tests.export_inputs import patchwork

SIZES = ((640, 480), (480, 640), (1080, 1920), (300, 299), (1000, 100))
# A picture's patches [rows · columns, 3p²], rows and columns.
Patches = tuple[np.ndarray, int, int]


def pictures() -> list[np.ndarray]:
    """RGB bytes of each."""
    golden = [golden_inputs.image(name) for name in golden_inputs.IMAGES]
    return golden + [patchwork(seed, *size) for seed, size in enumerate(SIZES)]


def run_int7(checkpoint: VisionCheckpoint, folder: Path) -> Callable[[Patches], np.ndarray]:
    """By the export's file and the reference of its arithmetic."""
    write_vision_file(folder / "image.int7.safetensors", checkpoint, group_of_vision(checkpoint))
    reference = Int7ImageReference(folder / "image.int7.safetensors")
    return lambda patches: reference.features(*patches)


def run_graph(checkpoint: VisionCheckpoint, dtype: FormatName, folder: Path) -> Callable[[Patches], np.ndarray]:
    """By the export's graph, each picture alone."""
    path = folder / f"image.{dtype}.onnx"
    save(build_image_tower(checkpoint, dtype), path)
    options = ort.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def run(patches: Patches) -> np.ndarray:
        pixels, *shape = patches
        mask = np.ones((1, len(pixels)), np.int64)
        feeds = {"pixel_values": pixels[None], "pixel_attention_mask": mask, "spatial_shapes": np.array([shape])}
        return session.run(["pooler_output"], feeds)[0][0]

    return run


def measure(source: Path) -> None:
    """Prints the table."""
    checkpoint = read_vision_checkpoint(source)
    reference = ImageReference(checkpoint, read_preprocessing(source, checkpoint.config))
    exact = unit(np.concatenate([reference.features([each]) for each in pictures()]))
    patches = reference.patches(pictures())
    del reference
    config = checkpoint.config
    print(f"{config.layers} layers, {config.width} wide; {len(exact)} pictures\n\n{HEAD}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def show(label: str, run: Callable[[Patches], np.ndarray]) -> None:
            print(line(label, unit(np.stack([run(each) for each in patches])), exact), flush=True)

        for dtype, label in GRAPHS.items():
            show(label, run_graph(checkpoint, dtype, folder))
        show("int7", run_int7(checkpoint, folder))


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate_int7_images",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--vision", type=Path, help="a SigLIP 2 NaFlex folder, or BGE-SigLIP's state dict")
    given.add_argument("--random", choices=VISION_TWINS, help="random weights in this size")
    args = parser.parse_args()
    if args.vision:
        measure(args.vision)
        return
    with tempfile.TemporaryDirectory() as name:
        write_vision(Path(name) / "vision", VISION_TWINS[args.random])
        measure(Path(name) / "vision")


if __name__ == "__main__":
    main()
