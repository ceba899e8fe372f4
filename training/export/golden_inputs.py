"""The inputs of the manifests' golden vectors. The pictures are formulas that the SDK draws, too."""

import numpy as np

TEXTS = (
    "a dog on the beach", "perro en la playa", "собака", "犬", "한국어 자전거", "قطة", "कुत्ता", "หมา",
    "Straßenbahn", "ＡＢＣ", "chó", "σκύλος", "כלב", "two people walking in the snow",
)  # fmt: skip
# Of pieces that every device loads, whatever its languages.
SIGNS = ("2 + 2 = 4", "1, 2, 3!")
IMAGES = ("gradient", "checker", "circles")
WIDTH, HEIGHT = 320, 240


def image(name: str) -> np.ndarray:
    """RGB bytes [240,320,3]; the same integer formulas as `src/models/golden-images.ts`."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    if name == "gradient":
        rgb = np.stack([x * 255 // (WIDTH - 1), y * 255 // (HEIGHT - 1), np.full_like(x, 128)], axis=-1)
    elif name == "checker":
        rgb = choose(((x >> 5) + (y >> 5)) & 1, (230, 60, 40), (30, 90, 200))
    elif name == "circles":
        rgb = choose((((x - 160) ** 2 + (y - 120) ** 2) >> 9) & 1, (20, 160, 80), (250, 240, 200))
    else:
        raise ValueError(f"no golden image {name!r}")
    return rgb.astype(np.uint8)


def choose(where: np.ndarray, yes: tuple[int, int, int], no: tuple[int, int, int]) -> np.ndarray:
    """One colour where the mask is set, another elsewhere."""
    return np.where(where[..., None] == 1, yes, no)
