"""What the text encoder is trained on, as flat token arrays, and how a batch is drawn from it."""

import random
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from .names import Name
from .senses import Senses
from .templates import TEMPLATES
from .tokenizer import PAD

MAX_NAME_TOKENS, MAX_CAPTION_TOKENS = 10, 28


@dataclass
class TokenRows:
    """Ragged token ids: row i is ids[starts[i]:starts[i + 1]]."""

    ids: np.ndarray
    starts: np.ndarray

    @classmethod
    def encode(cls, tokenizer: Tokenizer, texts: list[str], limit: int) -> "TokenRows":
        """Tokenizes all texts, each cut at `limit` tokens."""
        rows: list[list[int]] = []
        for at in range(0, len(texts), 50_000):
            rows += [e.ids[:limit] for e in tokenizer.encode_batch_fast(texts[at : at + 50_000])]
        lengths = np.fromiter((len(r) for r in rows), dtype=np.int64, count=len(rows))
        return cls(
            np.fromiter((i for r in rows for i in r), dtype=np.int32, count=int(lengths.sum())),
            np.concatenate([[0], np.cumsum(lengths)]),
        )

    def __getitem__(self, row: int) -> np.ndarray:
        return self.ids[self.starts[row] : self.starts[row + 1]]

    def lengths(self) -> np.ndarray:
        """Tokens per row."""
        return np.diff(self.starts)


@dataclass
class Batch:
    """ids and mask [B,T], target unit vectors [B,D], bank row of each example or -1."""

    ids: Tensor
    mask: Tensor
    targets: Tensor
    classes: Tensor


def pad(rows: list[np.ndarray]) -> tuple[Tensor, Tensor]:
    """Right-padded ids and mask; T is the longest row."""
    width = max(len(r) for r in rows)
    ids = np.full((len(rows), width), PAD, dtype=np.int64)
    mask = np.zeros((len(rows), width), dtype=np.float32)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


Example = tuple[np.ndarray, np.ndarray, int]
"""Tokens, unit target, and the row in the contrast bank or -1."""


class NameSampler:
    """Draws names by weight; some get a frame around them, some a second name beside them.

    `bank` holds the row of a synset in the contrast bank (or -1).
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        names: list[Name],
        weights: np.ndarray,
        senses: Senses,
        bank: np.ndarray,
        seed: int,
    ) -> None:
        self.tokenizer, self.senses = tokenizer, senses
        self.texts = [name.text for name in names]
        self.bank = np.where(senses.dominant >= 0, bank[senses.dominant], -1)
        self.rows = TokenRows.encode(tokenizer, self.texts, MAX_NAME_TOKENS)
        weights = weights * (self.rows.lengths() > 0)
        self.cumulative = np.cumsum(weights / weights.sum())
        self.random, self.numbers = random.Random(seed), np.random.default_rng(seed)
        languages = sorted({n.language for n in names})
        of = {language: i for i, language in enumerate(languages)}
        self.language = np.array([of[n.language] for n in names])
        self.by_language = []
        for i in range(len(languages)):
            members = np.flatnonzero(self.language == i)
            total = np.cumsum(weights[members])
            self.by_language.append((members, total / max(total[-1], 1e-12)))
        self.frames = [TEMPLATES.get(language, ()) for language in languages]

    def target(self, index: int) -> np.ndarray:
        """What the name's text means."""
        return self.senses.targets[self.senses.row[index]].astype(np.float32)

    def draw(self, count: int, plain: float = 0.72, framed: float = 0.1) -> list[Example]:
        """About `count` examples; shares `plain`, `framed`, the rest two names."""
        picked = np.searchsorted(self.cumulative, self.numbers.random(count)).clip(max=len(self.texts) - 1)
        kinds = self.numbers.random(count)
        out: list[Example] = []
        texts: list[str] = []
        meant: list[tuple[np.ndarray, int, int]] = []
        for index, kind in zip(picked.tolist(), kinds.tolist(), strict=True):
            row = int(self.bank[self.senses.row[index]])
            frames = self.frames[self.language[index]]
            if kind >= plain + framed:
                other = self.companion(index)
                mixed = self.target(index) + np.float32(0.7) * self.target(other)
                texts.append(f"{self.texts[index]} {self.texts[other]}")
                meant.append((mixed / np.linalg.norm(mixed), -1, 2))
            elif kind >= plain and frames:
                texts.append(self.random.choice(frames).format(self.texts[index]))
                meant.append((self.target(index), row, 1))
            else:
                out.append((self.rows[index], self.target(index), row))
        for encoded, (target, row, least) in zip(self.tokenizer.encode_batch_fast(texts), meant, strict=True):
            # `traffic` and `light` side by side are one piece with a meaning of its own.
            if len(encoded.ids) >= least:
                out.append((np.array(encoded.ids[: 2 * MAX_NAME_TOKENS], dtype=np.int32), target, row))
        return out

    def companion(self, index: int) -> int:
        """A second name of the same language."""
        members, total = self.by_language[self.language[index]]
        return int(members[min(np.searchsorted(total, self.numbers.random()), len(members) - 1)])


def batches(examples: list[Example], size: int, order: random.Random) -> list[Batch]:
    """Examples of like length together (padding to the longest otherwise costs fivefold), batches shuffled."""
    examples = sorted(examples, key=lambda e: len(e[0]))
    out = []
    for at in range(0, len(examples) - size + 1, size):
        part = examples[at : at + size]
        ids, mask = pad([tokens for tokens, _, _ in part])
        out.append(
            Batch(
                ids,
                mask,
                torch.from_numpy(np.stack([t for _, t, _ in part])),
                torch.tensor([row for _, _, row in part]),
            )
        )
    order.shuffle(out)
    return out
