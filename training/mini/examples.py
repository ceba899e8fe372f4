"""What the text encoder is trained on, as flat token arrays, and how a batch is drawn from it."""

import random
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from .names import Name, sampling_weights
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


class NameSampler:
    """Draws names by weight; some get a frame around them, some a second name beside them.

    `targets` [S,D] holds the unit target of each synset, `synsets` its row, `bank` the row of a synset
    in the contrast bank (or -1).
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        names: list[Name],
        classes: set[str],
        targets: np.ndarray,
        synsets: dict[str, int],
        bank: np.ndarray,
        seed: int,
    ) -> None:
        self.targets, self.bank = targets, bank
        self.rows = TokenRows.encode(tokenizer, [n.text for n in names], MAX_NAME_TOKENS)
        self.synset = np.array([synsets[n.synset] for n in names])
        weights = np.array(sampling_weights(names, classes)) * (self.rows.lengths() > 0)
        self.cumulative = np.cumsum(weights / weights.sum())
        self.random, self.numbers = random.Random(seed), np.random.default_rng(seed)
        languages = sorted({n.language for n in names})
        of = {language: i for i, language in enumerate(languages)}
        self.language = np.array([of[n.language] for n in names])
        self.by_language = []
        for i in range(len(languages)):
            members = np.flatnonzero(self.language == i)
            total = np.cumsum(weights[members])
            self.by_language.append((members, total / total[-1] if total[-1] > 0 else None))
        self.frames = [
            [
                tuple(np.array(tokenizer.encode(part).ids, dtype=np.int32) if part.strip() else np.zeros(0, np.int32)
                      for part in frame.split("{}"))
                for frame in TEMPLATES.get(language, ())
            ]
            for language in languages
        ]  # fmt: skip

    def draw(self, count: int, plain: float = 0.72, framed: float = 0.1) -> list[tuple[np.ndarray, np.ndarray, int]]:
        """`count` examples (tokens, target, bank row); shares `plain`, `framed`, the rest two names."""
        picked = np.searchsorted(self.cumulative, self.numbers.random(count)).clip(max=len(self.synset) - 1)
        kinds = self.numbers.random(count)
        out = []
        for index, kind in zip(picked.tolist(), kinds.tolist(), strict=True):
            tokens, synset = self.rows[index], self.synset[index]
            target, row = self.targets[synset], int(self.bank[synset])
            language = self.language[index]
            if kind >= plain + framed:
                tokens, target, row = self.pair(tokens, target, language)
            elif kind >= plain and self.frames[language]:
                before, after = self.random.choice(self.frames[language])
                tokens = np.concatenate([before, tokens, after])
            out.append((tokens, target, row))
        return out

    def pair(self, tokens: np.ndarray, target: np.ndarray, language: int) -> tuple[np.ndarray, np.ndarray, int]:
        """A second name of the same language appended; the first one leads the meaning."""
        members, total = self.by_language[language]
        if total is None:
            return tokens, target, -1
        other = members[min(np.searchsorted(total, self.numbers.random()), len(members) - 1)]
        mixed = target + 0.7 * self.targets[self.synset[other]]
        return np.concatenate([tokens, self.rows[other]]), mixed / np.linalg.norm(mixed), -1


def batches(examples: list[tuple[np.ndarray, np.ndarray, int]], size: int, order: random.Random) -> list[Batch]:
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
