"""Trains `tokenizer.json`: a Unigram model over language-balanced names and captions."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from .names import Name, sampling_weights
from .normalization import normalizer

VOCABULARY = 64_000
MAX_TOKENS = 64
PAD, UNK = 1, 0


def corpus(names: list[Name], classes: set[str], captions: list[str], seed: int = 0) -> Iterator[str]:
    """Names drawn as training draws them, so that common visible words become single pieces."""
    draw = random.Random(seed)
    weights = sampling_weights(names, classes)
    for index in draw.choices(range(len(names)), weights=weights, k=2_500_000):
        yield names[index].text
    yield from (name.text for name in names if name.synset in classes or name.rank == 0)
    yield from captions


def train_tokenizer(names: list[Name], classes: set[str], captions: list[str], out: Path) -> Tokenizer:
    """Unigram with Metaspace, no special tokens around a text; saved in the Hugging Face format."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    trainer = trainers.UnigramTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<unk>", "<pad>"],
        unk_token="<unk>",
        max_piece_length=20,
        shrinking_factor=0.75,
        n_sub_iterations=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus(names, classes, captions), trainer)
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.save(str(out), pretty=False)
    out.write_text(json.dumps(split_digits(json.loads(out.read_text())), ensure_ascii=False), encoding="utf-8")
    return Tokenizer.from_file(str(out))


def split_digits(described: dict) -> dict:
    """Makes digits always stand alone: `5|000|0` and `5|0|000` score the same, and implementations differ
    in which of two equal cuts they take."""
    for piece in described["model"]["vocab"]:
        if len(piece[0].strip("▁")) > 1 and any(c.isdigit() for c in piece[0]):
            piece[1] = -1e4
    return described
