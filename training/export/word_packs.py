"""The word table of an `int7` text tower, in packs by writing system: a file of rows for each, int8 with a scale
per row, so that a device downloads those of the languages that were chosen for it, not all 250,000."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from .initializers import quantize_rows
from .tensor_file import Part, Spec, write_tensors
from .text_tower import TextCheckpoint
from .writing_systems import CORE, OTHER, PACKS, pack_of

FORMAT, VERSION = "photoglot-rows", "1"
# Rows that are floats at a time besides the table itself.
ROWS_AT_ONCE = 4096


def pack_file(pack: str) -> str:
    """Name of a pack's file."""
    return f"text.rows.{pack}.safetensors"


def packs_of(tokenizer: str, vocabulary: int) -> dict[str, np.ndarray]:
    """Ids of each pack that has any, ascending, for the text of a `tokenizer.json`.

    Every row is in exactly one. Rows beyond the tokenizer's pieces are never asked for: they are in `other`,
    which few devices fetch.
    """
    parsed = Tokenizer.from_str(tokenizer)
    packs = [OTHER] * vocabulary
    for piece, i in parsed.get_vocab(with_added_tokens=False).items():
        packs[i] = pack_of(piece)
    for i in parsed.get_added_tokens_decoder():
        packs[i] = CORE
    names = np.array(packs)
    ids = {pack: np.flatnonzero(names == pack).astype(np.uint32) for pack in PACKS}
    return {pack: rows for pack, rows in ids.items() if len(rows)}


def write_word_packs(folder: Path, checkpoint: TextCheckpoint, packs: Mapping[str, np.ndarray]) -> None:
    """Writes a file per pack."""
    config = checkpoint.config
    table = checkpoint.encoder.take("embeddings.word_embeddings.weight", config.vocabulary, config.width).numpy()
    metadata = {"format": FORMAT, "version": VERSION, "width": str(config.width)}
    for pack, ids in packs.items():
        specs = (
            Spec("ids", "U32", ids.shape),
            Spec("scale", "F32", ids.shape),
            Spec("rows", "I8", (len(ids), config.width)),
        )
        write_tensors(folder / pack_file(pack), metadata, [Part(specs, lambda ids=ids: quantized(table, ids))])


def quantized(table: np.ndarray, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ids, scales and codes of those rows."""
    starts = range(0, len(ids), ROWS_AT_ONCE)
    blocks = [quantize_rows(table[ids[start : start + ROWS_AT_ONCE]]) for start in starts]
    return ids, np.concatenate([scales for _, scales in blocks]), np.concatenate([codes for codes, _ in blocks])
