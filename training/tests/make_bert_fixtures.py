"""Writes the fixtures of the browser's `int7` kernel: a tiny random text tower, and what the numpy reference and
PyTorch make of some token ids.

Run from the repository root: `python -m training.tests.make_bert_fixtures`.
"""

import json
import tempfile
from pathlib import Path

import numpy as np
import transformers
from training.export.described import encoded
from training.export.encoder_file import write_encoder
from training.export.int7_reference import Int7Reference
from training.export.random_checkpoints import TextSize, write_text
from training.export.reference import TextReference
from training.export.text_tower import read_text_checkpoint
from training.export.twins import filler_tokenizer
from training.export.word_packs import packs_of, write_word_packs

FOLDER = Path(__file__).resolve().parents[2] / "src/runtime/bert/fixtures"
SIZE = TextSize(vocabulary=300, width=64, layers=2, heads=4, hidden=128, positions=98)
# Smaller than the export would choose, so that a row has several groups.
GROUP = 32
LENGTHS = (1, 2, 3, 5, 12, 33, 96)
# Of the multi-vectors, of which long texts have many.
ROWS = 8


def ids_of(tokens: int) -> list[int]:
    """A text of that many tokens, of all packs: a formula."""
    content = [4 + (i * i * 7 + i * 13 + tokens) % (SIZE.vocabulary - 5) for i in range(tokens - 2)]
    return [0, *content, 2][:tokens]


def write_model(folder: Path, out: Path) -> TextReference:
    """Writes the checkpoint to `folder`, the model to `out`; gives the float model."""
    tokenizer = folder / "tokenizer.json"
    tokenizer.write_text(json.dumps(filler_tokenizer(SIZE.vocabulary), ensure_ascii=False), encoding="utf-8")
    write_text(folder / "text", SIZE, tokenizer)
    checkpoint = read_text_checkpoint(folder / "text")
    write_encoder(out / "text.int7.safetensors", checkpoint, GROUP)
    packs = packs_of(tokenizer.read_text(encoding="utf-8"), SIZE.vocabulary)
    write_word_packs(out, checkpoint, packs)
    return TextReference(checkpoint)


def reference(folder: Path, exact: TextReference) -> dict[str, object]:
    """All three outputs of each text; the float model's dense one beside them."""
    rows = [ids_of(tokens) for tokens in LENGTHS]
    texts = [
        {
            "ids": each.ids,
            "dense": encoded(each.dense),
            "sparse": encoded(each.lexical),
            "colbert": encoded(each.colbert[:ROWS]),
            "colbertRows": min(ROWS, len(each.colbert)),
            "floatDense": encoded(exact.encode_ids(each.ids).dense),
        }
        for each in Int7Reference(folder).encode_ids(rows)
    ]
    return {"numpy": np.__version__, "transformers": transformers.__version__, "texts": texts}


def main() -> None:
    """Command line entry."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for former in FOLDER.glob("text.*.safetensors"):
        former.unlink()
    with tempfile.TemporaryDirectory() as name:
        exact = write_model(Path(name), FOLDER)
        content = json.dumps(reference(FOLDER, exact), indent=1)
    (FOLDER / "reference.json").write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
