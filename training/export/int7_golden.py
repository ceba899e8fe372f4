"""What golden inputs give in `int7`, so that the SDK's self-test judges the device and not the format."""

from pathlib import Path

import numpy as np

from . import golden_inputs
from .int7_image_reference import Int7ImageReference, Int7ProjectorReference
from .int7_layers import unit
from .int7_reference import Int7Reference
from .manifest import KernelFiles, Vectors
from .reference import ImageReference, TextOutputs


def golden_texts(folder: Path, texts: dict[str, TextOutputs]) -> Vectors:
    """Dense vectors of the texts."""
    outputs = Int7Reference(folder).encode_ids([each.ids for each in texts.values()])
    return {text: output.dense for text, output in zip(texts, outputs, strict=True)}


def golden_images(folder: Path, files: KernelFiles, images: ImageReference) -> Vectors:
    """Unit vectors of the golden pictures, behind the projector where there is one. Of `images` only its processor
    is used."""
    tower = Int7ImageReference(folder / files.image)
    pictures = [golden_inputs.image(name) for name in golden_inputs.IMAGES]
    rows = np.stack([tower.features(*each) for each in images.patches(pictures)])
    if files.projector is not None:
        rows = Int7ProjectorReference(folder / files.projector)(rows)
    return dict(zip(golden_inputs.IMAGES, unit(rows), strict=True))
