"""Writes `tiny-int7`, the tiny model of the browser's tests both of whose towers run on our own kernels.

Made like those of `make_export_fixtures`, with words of three scripts, in packs. Run from the repository root:
`python -m training.tests.make_int7_fixtures`.
"""

import json
import tempfile
from pathlib import Path

from training.export.manifest import Description
from training.export.package import Sources, export
from training.export.random_checkpoints import TextSize, VisionSize, write_projector, write_text, write_vision
from training.export.twins import filler_tokenizer

from .make_export_fixtures import FOLDER

LABEL = "tiny-int7"
FORMATS = ("fp32", "int7")
# Letters of Latin, Greek and Cyrillic are among the first pieces; depth 16, as the kernels need.
TEXT = TextSize(vocabulary=1000, width=64, layers=2, heads=4, hidden=128, positions=130)
# Its hidden numbers are no whole groups; heads of 12 fit the kernel for pictures, if not that for texts.
VISION = VisionSize(48, layers=2, heads=4, hidden=72, positions=16)


def write(folder: Path, label: str = LABEL, formats: tuple[str, ...] = FORMATS) -> None:
    """The model in an empty folder, or in the place of an older one."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        tokenizer = made / "filler-tokenizer.json"
        tokenizer.write_text(json.dumps(filler_tokenizer(TEXT.vocabulary), ensure_ascii=False), encoding="utf-8")
        write_text(made / "text", TEXT, tokenizer)
        write_vision(made / "vision", VISION)
        write_projector(made / "projector.pt", VISION.width, TEXT.width)
        description = Description(label, "1.0.0", "Apache-2.0 (random weights)", "Random weights; for tests.")
        export(Sources(made / "text", made / "vision", made / "projector.pt"), folder, formats, description)


if __name__ == "__main__":
    write(FOLDER / LABEL)
