"""The golden pictures as the image tower takes them."""

import numpy as np
from PIL import Image

from ..export.golden_inputs import image
from .pictures import crop, pixels


def image_input(name: str, side: int) -> np.ndarray:
    """The picture as an image tower takes it: [1,3,S,S]."""
    return pixels(crop(Image.fromarray(image(name)), side))[None]
