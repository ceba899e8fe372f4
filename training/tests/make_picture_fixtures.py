"""Writes small picture files for the tests of the browser side.

Run from the repository root: `python -m training.tests.make_picture_fixtures`.
"""

from pathlib import Path

from PIL import Image, ImageDraw

OUTPUT = Path(__file__).parents[2] / "src/runtime/fixtures"
WIDTH, HEIGHT = 48, 32
ORIENTATION = 0x0112


def upright() -> Image.Image:
    """Four quarters: red, green, blue, white; from the upper left, row by row."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH // 2 - 1, HEIGHT // 2 - 1), "red")
    draw.rectangle((WIDTH // 2, 0, WIDTH, HEIGHT // 2 - 1), "lime")
    draw.rectangle((0, HEIGHT // 2, WIDTH // 2 - 1, HEIGHT), "blue")
    return picture


# What undoes the turn that EXIF asks for: applied before saving, the picture shows upright.
TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def main() -> None:
    """One JPEG per EXIF orientation, the same picture in other formats, and a transparent one."""
    OUTPUT.mkdir(exist_ok=True)
    for orientation, turn in TURNED.items():
        stored = upright() if turn is None else upright().transpose(turn)
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        stored.save(OUTPUT / f"orientation-{orientation}.jpg", exif=exif, quality=90, subsampling=0)
    picture = upright()
    picture.save(OUTPUT / "quarters.png")
    picture.save(OUTPUT / "quarters.gif")
    picture.save(OUTPUT / "quarters.bmp")
    picture.save(OUTPUT / "lossy.webp", quality=90)
    picture.save(OUTPUT / "lossless.webp", lossless=True)
    picture.save(OUTPUT / "quarters.avif", quality=90)
    transparent = picture.convert("RGBA")
    transparent.paste((0, 0, 0, 0), (0, 0, WIDTH // 2, HEIGHT // 2))
    transparent.save(OUTPUT / "transparent.png")
    transparent.save(OUTPUT / "extended.webp", lossless=True, exif=Image.Exif().tobytes())


if __name__ == "__main__":
    main()
