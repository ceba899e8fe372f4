"""The tokenizer beside the text encoder, as the SDK reads it."""

import json
from pathlib import Path

from tokenizers import Tokenizer

from .checkpoint import first_line, read_json
from .errors import CheckpointError

SENTENCEPIECE = "sentencepiece.bpe.model"


def read_tokenizer(folder: Path, vocabulary: int) -> str:
    """`tokenizer.json`, compact and without the padding and truncation that someone may have saved with it."""
    path = folder / "tokenizer.json"
    if not path.exists() and (folder / SENTENCEPIECE).exists():
        raise CheckpointError(
            f"{path} is missing, and {SENTENCEPIECE} does not take its place; make it with python -c "
            f'"from transformers import AutoTokenizer; '
            f"AutoTokenizer.from_pretrained('{folder}').save_pretrained('{folder}')\""
        )
    content = read_json(path) | {"truncation": None, "padding": None}
    compact = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    try:
        pieces = Tokenizer.from_str(compact).get_vocab_size()
    # The library raises nothing more special.
    except Exception as error:
        raise CheckpointError(f"{path} is no tokenizer: {first_line(error)}") from error
    if pieces > vocabulary:
        raise CheckpointError(
            f'{path}: field "model" and "added_tokens" make {pieces} pieces; '
            f"expected at most the {vocabulary} of config.json."
        )
    return compact
