"""Writes the fixtures of SigLIP preprocessing: what the reference image processors make of pictures.

The reference is transformers with its Pillow backend; src/preprocess/fixtures/README.md says more. Pictures are
drawn by formula, here and in src/preprocess/test-workers/formula-picture.ts, so that none is stored.

Run from the repository root: `python -m training.tests.make_naflex_fixtures`; needs transformers 5.23.0, Pillow 13.0.0.
"""

import base64
import hashlib
import json
import math
import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import PIL
import transformers
from PIL import Image
from training.export import golden_inputs
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil
from transformers.models.siglip2.image_processing_pil_siglip2 import (
    Siglip2ImageProcessorPil,
    get_image_size_for_max_num_patches,
)

FOLDER = Path(__file__).parents[2] / "src/preprocess/fixtures"
PATCH = 16
HALF = [0.5, 0.5, 0.5]
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
GOLDEN_SIZE = (golden_inputs.WIDTH, golden_inputs.HEIGHT)
BUDGETS = [128, 256, 576, 784, 1024]

# Width × height. Extremes, and the golden table of the algorithm.
CHOSEN_SIZES = [
    *[(1, 1), (1, 5000), (5000, 1), (1, 12000), (12000, 1), (12000, 12000), (16, 16), (17, 31), (256, 256)],
    *[(640, 480), (4032, 3024), (1920, 1080), (2436, 1125), (1000, 1000), (1000, 100), (640, 427), (1700, 2200)],
]

# Picture, width, height, most patches: stored in full.
FULL_CASES = [
    ("gradient", *GOLDEN_SIZE, 64),
    ("checker", *GOLDEN_SIZE, 16),
    ("circles", *GOLDEN_SIZE, 32),
    ("waves", 1, 1, 16),
    ("waves", 1, 1, 64),
    ("waves", 37, 23, 16),
    ("waves", 500, 31, 32),
    ("waves", 3, 700, 24),
    ("waves", 1, 5000, 16),
    ("waves", 5000, 1, 16),
    ("waves", 64, 64, 16),
    ("waves", 128, 32, 16),
    ("waves", 640, 480, 1),
    ("waves", 1024, 768, 128),
    ("veil", 90, 70, 32),
]

# Picture, width, height: per number of patches a digest and sampled rows.
DIGEST_CASES = [
    ("gradient", *GOLDEN_SIZE),
    ("checker", *GOLDEN_SIZE),
    ("circles", *GOLDEN_SIZE),
    ("waves", 1, 5000),
    ("waves", 5000, 1),
    ("waves", 17, 31),
    ("waves", 512, 512),
    ("waves", 1080, 1920),
    ("veil", 640, 427),
]
LARGE = ("waves", 4032, 3024)

# Picture, width, height, side of the square, filter. Up to 64 in full, beyond a digest and a sampled row.
FIXED_CASES = [
    *[("waves", 200, 133, 64, name) for name in FILTERS],
    *[("waves", 5, 9, 48, name) for name in FILTERS],
    *[("veil", 64, 80, 32, name) for name in FILTERS],
    *[("circles", *GOLDEN_SIZE, side, name) for side in (224, 256, 384, 512) for name in FILTERS],
    *[("waves", 1920, 1080, side, name) for side in (224, 384) for name in FILTERS],
]


def formula_picture(name: str, width: int, height: int) -> Image.Image:
    """The picture of that name; the first three are those of src/models/golden-images.ts."""
    if name in golden_inputs.IMAGES:
        assert (width, height) == GOLDEN_SIZE
        return Image.fromarray(golden_inputs.image(name))
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    channels = [waves(x, y, channel) for channel in range(4 if name == "veil" else 3)]
    return Image.fromarray(np.stack(channels, axis=-1).astype(np.uint8))


def waves(x: np.ndarray, y: np.ndarray, channel: int) -> np.ndarray:
    """Waves of every length with steps in them, over a slow slope: smooth and sharp at once."""
    fast = ((7 * x * x + 13 * x * y + 11 * y * y + 101 * channel * (x + 2 * y)) >> 6) & 255
    slow = ((5 * x + 3 * y + 400 * channel) >> 3) & 255
    return (fast + slow) >> 1


def naflex(name: str, width: int, height: int, most: int) -> tuple[list[int], np.ndarray]:
    """The grid (rows, columns) and the patches [n, 16 · 16 · 3] in bytes."""
    processor = Siglip2ImageProcessorPil(patch_size=PATCH, max_num_patches=most, do_convert_rgb=True)
    batch = processor([formula_picture(name, width, height)], return_tensors="np")
    rows, columns = (int(side) for side in batch["spatial_shapes"][0])
    mask = batch["pixel_attention_mask"][0]
    pixels = batch["pixel_values"][0]
    count = rows * columns
    assert pixels.shape == (most, PATCH * PATCH * 3) and pixels.dtype == np.float32
    assert mask.tolist() == [1] * count + [0] * (most - count)
    assert not pixels[count:].any()
    return [rows, columns], to_bytes(pixels[:count])


def fixed(name: str, width: int, height: int, side: int, resample: str) -> np.ndarray:
    """The planes [3, side, side] in bytes."""
    processor = SiglipImageProcessorPil(
        size={"height": side, "width": side}, resample=FILTERS[resample], image_mean=HALF, image_std=HALF
    )
    pixels = processor([formula_picture(name, width, height)], return_tensors="np")["pixel_values"][0]
    assert pixels.shape == (3, side, side) and pixels.dtype == np.float32
    return to_bytes(pixels)


def to_bytes(pixels: np.ndarray) -> np.ndarray:
    """Back from normalised pixels, without loss: each byte has one float, as `LEVELS` proves."""
    rounded = np.rint((pixels.astype(np.float64) * 0.5 + 0.5) * 255).astype(np.uint8)
    assert np.array_equal(LEVELS[rounded], pixels)
    return rounded


def reference_levels() -> np.ndarray:
    """What the reference makes of each byte: [256] float32."""
    grey = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    processor = Siglip2ImageProcessorPil(patch_size=PATCH, max_num_patches=1, do_resize=False, do_convert_rgb=True)
    return processor([Image.fromarray(grey)], return_tensors="np")["pixel_values"][0, 0, ::3]


def grids() -> Iterable[list[int]]:
    """Width, height, then rows and columns for each of BUDGETS."""
    rng = random.Random(7)
    uniform = [(rng.randint(1, 12000), rng.randint(1, 12000)) for _ in range(500)]
    # As many small as large ones.
    spread = [tuple(round(math.exp(rng.uniform(0, math.log(12000)))) for _ in range(2)) for _ in range(500)]
    for width, height in [*CHOSEN_SIZES, *uniform, *spread]:
        sizes = [get_image_size_for_max_num_patches(height, width, PATCH, most) for most in BUDGETS]
        yield [width, height, *[side // PATCH for size in sizes for side in size]]


def in_full(values: np.ndarray) -> dict:
    """All bytes."""
    return {"bytes": encoded(values)}


def in_short(values: np.ndarray) -> dict:
    """SHA-256 of all bytes, and two rows of the first axis (patches, or lines of the first plane)."""
    rows = values if values.ndim == 2 else values[0]
    picked = [len(rows) // 3, len(rows) - 1]
    samples = [{"row": row, "bytes": encoded(rows[row])} for row in picked]
    return {"sha256": hashlib.sha256(values.tobytes()).hexdigest(), "samples": samples}


def encoded(values: np.ndarray) -> str:
    """Base64."""
    return base64.b64encode(values.tobytes()).decode()


def patch_cases() -> Iterable[dict]:
    """NaFlex pictures."""
    short = [(*case, most) for case in DIGEST_CASES for most in BUDGETS[1:]]
    for keep, cases in ((in_full, FULL_CASES), (in_short, [*short, (*LARGE, 256), (*LARGE, 1024)])):
        for name, width, height, most in cases:
            grid, patches = naflex(name, width, height, most)
            case = {"picture": name, "size": [width, height], "maxPatches": most, "grid": grid}
            yield {**case, **keep(patches)}


def fixed_cases() -> Iterable[dict]:
    """Pictures of a fixed size."""
    for name, width, height, side, resample in FIXED_CASES:
        planes = fixed(name, width, height, side, resample)
        case = {"picture": name, "size": [width, height], "side": side, "filter": resample}
        yield {**case, **(in_full(planes) if side <= 64 else in_short(planes))}


def write(name: str, reference: str, fields: dict, cases: Iterable[object]) -> None:
    """One case per line."""
    versions = {"transformers": transformers.__version__, "pillow": PIL.__version__}
    head = json.dumps({"reference": reference, "backend": "pil", **versions, **fields})[:-1]
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (FOLDER / name).write_text(f'{head}, "cases": [\n{lines}\n]}}\n')


LEVELS = reference_levels()


def main() -> None:
    """Writes all three files."""
    levels = {"levels": LEVELS.tolist()}
    write("naflex-grids.json", "get_image_size_for_max_num_patches", {"patch": PATCH, "maxPatches": BUDGETS}, grids())
    write("naflex-patches.json", "Siglip2ImageProcessorPil", {"patch": PATCH, **levels}, patch_cases())
    write("naflex-fixed.json", "SiglipImageProcessorPil", levels, fixed_cases())


if __name__ == "__main__":
    main()
