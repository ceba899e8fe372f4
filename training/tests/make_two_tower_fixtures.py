"""Writes `tiny-two-towers`, the tiny model of the browser's tests that has a vision tower for WebGPU and a smaller
one for WASM.

Made like those of `make_export_fixtures`, with random weights that share nothing, so that the vectors of one tower do
not pass for those of the other. Run from the repository root: `python -m training.tests.make_two_tower_fixtures`.
"""

import json
import tempfile
from pathlib import Path

from training.export.manifest import Description
from training.export.package import Sources, export
from training.export.random_checkpoints import TextSize, VisionSize, write_projector, write_text, write_vision
from training.export.twins import filler_tokenizer

from .make_export_fixtures import FOLDER

LABEL = "tiny-two-towers"
FORMATS = ("fp32", "int7")
# The texts are not what is tested: as small as can be.
TEXT = TextSize(vocabulary=300, width=32, layers=1, heads=2, hidden=32, positions=66)
LARGE = VisionSize(48, layers=2, heads=2, hidden=64, positions=16)
SMALL = VisionSize(32, layers=1, heads=2, hidden=32, positions=16)


def write(folder: Path) -> None:
    """The model in an empty folder, or in the place of an older one."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        tokenizer = made / "filler-tokenizer.json"
        tokenizer.write_text(json.dumps(filler_tokenizer(TEXT.vocabulary), ensure_ascii=False), encoding="utf-8")
        write_text(made / "text", TEXT, tokenizer)
        write_vision(made / "large", LARGE)
        write_projector(made / "large.pt", LARGE.width, TEXT.width)
        write_vision(made / "small", SMALL, seed=3)
        write_projector(made / "small.pt", SMALL.width, TEXT.width, seed=4)
        sources = Sources(*(made / part for part in ("text", "large", "large.pt", "small", "small.pt")))
        description = Description(LABEL, "1.0.0", "Apache-2.0 (random weights)", "Random weights; for tests.")
        export(sources, folder, FORMATS, description)


if __name__ == "__main__":
    write(FOLDER / LABEL)
