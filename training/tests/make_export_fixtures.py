"""Writes the tiny models of the browser's export tests, and what PyTorch makes of their inputs.

Random checkpoints of the real classes, exported by the one command, in every format the browser can run:
`tiny-naflex` (BGE-M3, SigLIP 2 NaFlex, projector) and `tiny-fixed` (SigLIP 2 of a fixed size, no projector).

Run from the repository root: `python -m training.tests.make_export_fixtures`.
"""

import json
import tempfile
from pathlib import Path

import transformers
from training.export.described import encoded
from training.export.image_tower import read_projector, read_vision_checkpoint
from training.export.manifest import Description
from training.export.package import Sources, export
from training.export.preprocessor import read_preprocessing
from training.export.random_checkpoints import TextSize, VisionSize, write_projector, write_text, write_vision
from training.export.reference import ImageReference, TextReference, embedded
from training.export.text_tower import read_text_checkpoint
from training.export.twins import filler_tokenizer

from .export_inputs import SIZES, TEXTS, patchwork

ROOT = Path(__file__).resolve().parents[2]
TOKENIZER = ROOT / "src/preprocess/fixtures/tokenizer/xlm-r.tokenizer.json"
FOLDER = ROOT / "src/runtime/fixtures"
WIDTH, FEATURES, SIDE = 48, 48, 64
FORMATS = ("fp32", "int8")
LONG_TOKENS = 8192


def checkpoints(folder: Path) -> tuple[Sources, Sources]:
    """NaFlex with a projector, and fixed resolution that ends in the text's dimension by itself."""
    vocabulary = len(json.loads(TOKENIZER.read_text(encoding="utf-8"))["model"]["vocab"])
    size = TextSize(vocabulary, width=WIDTH, layers=2, heads=4, hidden=2 * WIDTH)
    write_text(folder / "text", size, TOKENIZER)
    write_vision(folder / "naflex", VisionSize(FEATURES, layers=2, heads=4, hidden=2 * FEATURES))
    write_vision(folder / "fixed", VisionSize(WIDTH, layers=2, heads=4, hidden=2 * WIDTH, side=SIDE))
    write_projector(folder / "projector.pt", FEATURES, WIDTH)
    # The fixed tower's texts are not what is tested: as small as can be.
    small = folder / "small-tokenizer.json"
    small.write_text(json.dumps(filler_tokenizer(300), ensure_ascii=False), encoding="utf-8")
    write_text(folder / "small", TextSize(300, width=WIDTH, layers=1, heads=4, hidden=WIDTH, positions=66), small)
    naflex = Sources(folder / "text", folder / "naflex", folder / "projector.pt")
    return naflex, Sources(folder / "small", folder / "fixed", None)


def long_ids(vocabulary: int) -> list[int]:
    """As many tokens as the model takes; a formula, as the browser makes them too."""
    content = [4 + (i * i * 7 + i * 13) % (vocabulary - 5) for i in range(LONG_TOKENS - 2)]
    return [0, *content, 2]


def text_reference(folder: Path) -> dict[str, object]:
    """All three outputs of each text, and the dense one of the longest possible."""
    reference = TextReference(read_text_checkpoint(folder))
    outputs = [(text, reference.encode(text)) for text in TEXTS]
    long = reference.encode_ids(long_ids(reference.model.config.vocab_size))
    return {
        "texts": [
            {
                "text": text,
                "ids": each.ids,
                "dense": encoded(each.dense),
                "lexical": encoded(each.lexical),
                "colbert": encoded(each.colbert),
            }
            for text, each in outputs
        ],
        "long": {"tokens": LONG_TOKENS, "dense": encoded(long.dense), "lexical": encoded(long.lexical)},
    }


def image_reference(sources: Sources) -> list[dict[str, object]]:
    """Pooled features and the final unit vector of each picture."""
    checkpoint = read_vision_checkpoint(sources.vision)
    reference = ImageReference(checkpoint, read_preprocessing(sources.vision, checkpoint.config))
    features = reference.features([patchwork(i, *size) for i, size in enumerate(SIZES)])
    rows = embedded(features, read_projector(sources.projector) if sources.projector else None)
    return [
        {"seed": i, "width": width, "height": height, "features": encoded(features[i]), "embedding": encoded(rows[i])}
        for i, (width, height) in enumerate(SIZES)
    ]


def main() -> None:
    """Command line entry."""
    with tempfile.TemporaryDirectory() as name:
        naflex, fixed = checkpoints(Path(name))
        licence = "Apache-2.0 (random weights)"
        for label, sources in (("tiny-naflex", naflex), ("tiny-fixed", fixed)):
            description = Description(label, "1.0.0", licence, "Random weights; for tests.")
            export(sources, FOLDER / label, FORMATS, description)
        reference = {
            "transformers": transformers.__version__,
            "backend": "PIL",
            **text_reference(naflex.text),
            "naflex": image_reference(naflex),
            "fixed": image_reference(fixed),
        }
    lines = json.dumps(reference, ensure_ascii=False, indent=1)
    (FOLDER / "tiny-reference.json").write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
