"""Pictures to pixels, as the SDK does it: centre square, Pillow's antialiased resize."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from .image_model import MEAN, STD

FRACTION = 1.0
FILTER = Image.Resampling.BICUBIC


def open_picture(path: Path) -> Image.Image:
    """RGB, upright."""
    return ImageOps.exif_transpose(Image.open(path)).convert("RGB")


def crop(picture: Image.Image, side: int) -> Image.Image:
    """The centre square, `FRACTION` of the shorter side long, at `side` × `side`."""
    square = min(picture.size) * FRACTION
    left, top = (picture.width - square) / 2, (picture.height - square) / 2
    return picture.resize((side, side), FILTER, box=(left, top, picture.width - left, picture.height - top))


def pixels(picture: Image.Image) -> np.ndarray:
    """[3,S,S] float32, scaled as the backbone wants it."""
    return ((np.asarray(picture, dtype=np.float32) / 255 - MEAN) / STD).transpose(2, 0, 1)
