"""Writes `tiny-nbits`, the tiny model of the browser's tests whose towers are stored in N bits for WebGPU.

Of the sizes of `make_int7_fixtures`: neither the width of its vision tower nor the inside of its MLPs is a whole number
of blocks. Without the formats in float16, which WebGPU on the processor cannot run. Run from the repository root:
`python -m training.tests.make_nbits_fixtures`.
"""

import json
import tempfile
from pathlib import Path

from training.export.manifest import Description
from training.export.package import Sources, export
from training.export.random_checkpoints import write_projector, write_text, write_vision
from training.export.twins import filler_tokenizer

from .make_export_fixtures import FOLDER
from .make_int7_fixtures import TEXT, VISION

LABEL = "tiny-nbits"
# WASM needs one, too.
FORMATS = ("int8", "q4", "w8")


def write(folder: Path) -> None:
    """The model in an empty folder, or in the place of an older one."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        tokenizer = made / "filler-tokenizer.json"
        tokenizer.write_text(json.dumps(filler_tokenizer(TEXT.vocabulary), ensure_ascii=False), encoding="utf-8")
        write_text(made / "text", TEXT, tokenizer)
        write_vision(made / "vision", VISION)
        write_projector(made / "projector.pt", VISION.width, TEXT.width)
        description = Description(LABEL, "1.0.0", "Apache-2.0 (random weights)", "Random weights; for tests.")
        export(Sources(made / "text", made / "vision", made / "projector.pt"), folder, FORMATS, description)


if __name__ == "__main__":
    write(FOLDER / LABEL)
