"""Writes `tiny-nbits`, the tiny model of the browser's tests whose towers are stored in N bits for WebGPU.

Of the sizes of `make_int7_fixtures`: neither the width of its vision tower nor the inside of its MLPs is a whole number
of blocks. Without the formats in float16, which WebGPU on the processor cannot run. Run from the repository root:
`python -m training.tests.make_nbits_fixtures`.
"""

from pathlib import Path

from . import make_int7_fixtures
from .make_export_fixtures import FOLDER

LABEL = "tiny-nbits"
# WASM needs one, too.
FORMATS = ("int8", "q4", "w8")


def write(folder: Path) -> None:
    """The model in an empty folder, or in the place of an older one."""
    make_int7_fixtures.write(folder, LABEL, FORMATS)


if __name__ == "__main__":
    write(FOLDER / LABEL)
