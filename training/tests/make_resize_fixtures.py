"""Writes the resize fixtures of the browser side: small pictures and what Pillow makes of them.

Run from the repository root: `python -m training.tests.make_resize_fixtures`.
"""

import base64
import json
import random
from pathlib import Path

from PIL import Image

OUTPUT = Path(__file__).parents[2] / "src/preprocess/fixtures/resize.json"
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}

# Source size, target size, crop box or None for the whole picture.
CASES = [
    ((28, 21), (12, 9), None),
    ((28, 21), (5, 14), None),
    ((6, 5), (16, 13), None),
    ((19, 11), (19, 5), None),
    ((19, 11), (6, 11), None),
    ((64, 3), (5, 5), None),
    ((1, 1), (3, 3), None),
    ((8, 8), (8, 8), None),
    ((28, 21), (9, 9), (3.5, 0.0, 24.5, 21.0)),
    ((21, 28), (9, 9), (1.25, 4.75, 19.75, 23.25)),
    # Pillow 13 begins with the pass that helps more: on both sides of its rule, then far beyond.
    ((10, 30), (5, 20), None),
    ((10, 31), (5, 20), None),
    ((7, 60), (16, 20), None),
    ((20, 60), (9, 9), (1.25, 4.75, 18.75, 50.25)),
    ((19, 40), (19, 11), None),
    ((3, 310), (5, 20), None),
    ((12, 20), (30, 19), None),
    # A box whose float32 edges matter.
    ((30, 24), (24, 30), (1.7662214040756226, 2.4712014198303223, 25.346393585205078, 21.70191764831543)),
]


def noise(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """Blocks of random colours with noise over them: smooth and sharp at once."""
    width, height = size
    picture = Image.new("RGB", size)
    colours = [[rng.randrange(256) for _ in range(3)] for _ in range(16)]
    for y in range(height):
        for x in range(width):
            base = colours[(x // 7 + 3 * (y // 5)) % 16]
            jitter = rng.choice([0, 0, 0, 60, -60])
            picture.putpixel((x, y), tuple(min(255, max(0, c + jitter)) for c in base))
    return picture


def encoded(picture: Image.Image) -> str:
    """RGB bytes, row by row, in base64."""
    return base64.b64encode(picture.tobytes()).decode()


def main() -> None:
    """Writes every case with both filters."""
    rng = random.Random(7)
    fixtures = []
    for size, target, box in CASES:
        source = noise(size, rng)
        results = {name: encoded(source.resize(target, resample, box=box)) for name, resample in FILTERS.items()}
        fixtures.append({"size": size, "target": target, "box": box, "source": encoded(source), **results})
    lines = ",\n".join(json.dumps(fixture) for fixture in fixtures)
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
