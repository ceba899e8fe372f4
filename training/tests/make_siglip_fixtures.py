"""Writes the fixtures of the browser's `int7` kernel for pictures: a tiny random SigLIP 2 NaFlex tower with a
projector, and what the numpy reference and PyTorch make of some patches.

Run from the repository root: `python -m training.tests.make_siglip_fixtures`.
"""

import json
import tempfile
from pathlib import Path

import numpy as np
import torch
import transformers
from training.export import projector_file
from training.export.described import encoded
from training.export.image_tower import VisionCheckpoint, read_projector, read_vision_checkpoint
from training.export.int7_groups import group_of_projector, group_of_vision
from training.export.int7_image_reference import Int7ImageReference, Int7ProjectorReference
from training.export.preprocessor import read_preprocessing
from training.export.random_checkpoints import VisionSize, write_projector, write_vision
from training.export.reference import ImageReference
from training.export.vision_file import write_vision as write_vision_file

from .export_inputs import patchwork

FOLDER = Path(__file__).resolve().parents[2] / "src/runtime/siglip/fixtures"
TOWER, PROJECTOR = "tiny.int7.safetensors", "tiny-projector.int7.safetensors"
# The hidden numbers are no multiple of a group, so they are filled up; the table is smaller than some grids and
# larger than others.
SIZE = VisionSize(48, layers=3, heads=2, hidden=100, positions=16)
PROJECTOR_HIDDEN, OUTPUTS = 64, 32
# Rows and columns: the table is made smaller, larger along both sides, and much larger.
GRIDS = ((2, 3), (5, 7), (12, 9))
MEAN = DEVIATION = 0.5


def patches_of(index: int) -> np.ndarray:
    """Of the picture whose grid has that index: [rows · columns, 3p²] in −1…1, each rows of RGB pixels."""
    (rows, columns), p = GRIDS[index], SIZE.patch
    pixels = patchwork(index, p * columns, p * rows).reshape(rows, p, columns, p, 3)
    values = pixels.transpose(0, 2, 1, 3, 4).reshape(rows * columns, -1).astype(np.float32)
    return (values / 255 - MEAN) / DEVIATION


def write_model(folder: Path, out: Path) -> VisionCheckpoint:
    """Writes the checkpoint to `folder`, the model to `out`; gives the checkpoint."""
    write_vision(folder / "vision", SIZE)
    write_projector(folder / "projector.pt", SIZE.width, OUTPUTS, hidden=PROJECTOR_HIDDEN)
    checkpoint, projector = read_vision_checkpoint(folder / "vision"), read_projector(folder / "projector.pt")
    write_vision_file(out / TOWER, checkpoint, group_of_vision(checkpoint))
    projector_file.write_projector(out / PROJECTOR, projector, group_of_projector(projector))
    return checkpoint


@torch.no_grad()
def exact(checkpoint: VisionCheckpoint, index: int) -> np.ndarray:
    """What PyTorch gives for a picture in float32."""
    reference = ImageReference(checkpoint, read_preprocessing(checkpoint.source, checkpoint.config))
    pixels, shapes = torch.from_numpy(patches_of(index))[None], torch.tensor([GRIDS[index]])
    mask = torch.ones(pixels.shape[:2], dtype=torch.int64)
    given = {"pixel_values": pixels, "pixel_attention_mask": mask, "spatial_shapes": shapes}
    return reference.model(**given).pooler_output[0].numpy()


def expected(folder: Path, checkpoint: VisionCheckpoint) -> dict[str, object]:
    """Patches and outputs of each picture; the float tower's output beside them."""
    tower, projector = Int7ImageReference(folder / TOWER), Int7ProjectorReference(folder / PROJECTOR)
    pictures = []
    for index, (rows, columns) in enumerate(GRIDS):
        pixels = patches_of(index)
        output = tower.features(pixels, rows, columns)
        pictures.append(
            {
                "rows": rows,
                "columns": columns,
                "pixels": encoded(pixels),
                "output": encoded(output),
                "projected": encoded(projector(output[None])[0]),
                "floatOutput": encoded(exact(checkpoint, index)),
            }
        )
    return {"numpy": np.__version__, "transformers": transformers.__version__, "pictures": pictures}


def main() -> None:
    """Command line entry."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        checkpoint = write_model(Path(name), FOLDER)
        content = json.dumps(expected(FOLDER, checkpoint), indent=1)
    (FOLDER / "expected.json").write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
