"""Trains the text encoder: first the table alone, then table and transformer together.

Loss per name: 3·(1 − cos(z, target)) + 0.3·softmax over a bank of common visible synsets (τ = 0.05),
near-identical synsets masked. Captions: the same cosine, and InfoNCE within the batch.
"""

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from . import captions as multi30k
from .examples import MAX_CAPTION_TOKENS, Batch, Example, NameSampler, TokenRows, batches, pad
from .names import VISIBLE, Name, languages_to_learn, read_names, sampling_weights, sense_weights
from .senses import mean_senses
from .targets import read_targets
from .text_model import TextEncoder
from .tokenizer import VOCABULARY

TEMPERATURE, SAME = 0.05, 0.85
BANK = 4_096
# The bank softmax costs as much as the encoder: every third example is enough of it.
CONTRASTED = 3


def bank_of(names: list[Name], classes: set[str], synsets: dict[str, int]) -> np.ndarray:
    """Rows of the synsets that names are contrasted with: the picture classes, then the most widely named
    visible things."""
    languages: dict[str, set[str]] = {}
    lexfile: dict[str, int] = {}
    for name in names:
        languages.setdefault(name.synset, set()).add(name.language)
        lexfile[name.synset] = name.lexfile

    def common(synset: str) -> float:
        return (1e6 if synset in classes else 0.0) + VISIBLE.get(lexfile[synset], 0.3) * len(languages[synset])

    return np.array([synsets[s] for s in sorted(languages, key=common, reverse=True)[:BANK]])


class Captions:
    """Draws captions of a random language; half the English ones are other descriptions of the picture."""

    def __init__(self, tokenizer: Tokenizer, folder: Path, targets: np.ndarray, extra: list[tuple[str, np.ndarray]]):
        kept = 29_000 - multi30k.HELD_OUT
        self.rows: list[TokenRows] = []
        self.targets: list[np.ndarray] = []
        for lines in multi30k.translated(folder).values():
            self.rows.append(TokenRows.encode(tokenizer, lines[:kept], MAX_CAPTION_TOKENS))
            self.targets.append(targets[:kept])
        for number in (1, 2):
            lines = multi30k.read(folder / f"descriptions.{number}.en.gz")
            start = 29_000 * number
            self.rows.append(TokenRows.encode(tokenizer, lines[:kept], MAX_CAPTION_TOKENS))
            self.targets.append(targets[start : start + kept])
        self.rows.append(TokenRows.encode(tokenizer, [text for text, _ in extra], MAX_CAPTION_TOKENS))
        self.targets.append(np.stack([target for _, target in extra]))
        self.weights = [1.0, 1.3, 1.3, 1.3, 0.5, 0.5, 0.6]

    def draw(self, count: int, rng: random.Random) -> list[Example]:
        """`count` captions with their targets."""
        out = []
        for source in rng.choices(range(len(self.rows)), weights=self.weights, k=count):
            at = rng.randrange(len(self.targets[source]))
            out.append((self.rows[source][at], self.targets[source][at], -1))
        return [e for e in out if len(e[0])]


def name_loss(z: Tensor, batch: Batch, bank: Tensor, alike: Tensor) -> Tensor:
    """Cosine to the target, and the bank softmax for some of the examples that are one bank synset."""
    loss = 3 * (1 - (z * batch.targets).sum(1)).mean()
    own = torch.nonzero(batch.classes >= 0)[:, 0]
    share = len(own) / len(z)
    own = own[::CONTRASTED]
    if len(own):
        rows = batch.classes[own]
        logits = (z[own] @ bank.T) / TEMPERATURE
        loss = loss + 0.3 * F.cross_entropy(logits.masked_fill(alike[rows], -1e4), rows) * share
    return loss


def caption_loss(z: Tensor, targets: Tensor) -> Tensor:
    """Cosine to the target, and InfoNCE against the other captions' targets."""
    similar = targets @ targets.T > SAME
    similar.fill_diagonal_(False)
    logits = (z @ targets.T / TEMPERATURE).masked_fill(similar, -1e4)
    return 3 * (1 - (z * targets).sum(1)).mean() + 0.3 * F.cross_entropy(logits, torch.arange(len(z)))


def half_precision(encode: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    """The matrix products in bfloat16: twice as fast on processors that have it."""

    def encoded(ids: Tensor, mask: Tensor) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            z = encode(ids, mask)
        return F.normalize(z.float(), dim=-1)

    return encoded


def run(args: argparse.Namespace) -> None:
    """Trains and writes `text_encoder.pt` (and a checkpoint every few minutes)."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    classes = set(json.loads(args.classes.read_text()))
    names = read_names(args.names)
    languages = languages_to_learn(names, classes)
    names = [n for n in names if n.language in languages]
    synsets, targets = read_targets(args.synset_targets, args.synsets)
    _, caption_targets = read_targets(args.caption_targets, None)
    names = [n for n in names if n.synset in synsets]
    tokenizer = Tokenizer.from_file(str(args.tokenizer))
    if tokenizer.get_vocab_size() != VOCABULARY:
        pieces = tokenizer.get_vocab_size()
        raise SystemExit(f"{args.tokenizer} has {pieces} pieces, expected {VOCABULARY}: delete it to make it anew.")
    rows = bank_of(names, classes, synsets)
    bank = torch.from_numpy(targets[rows])
    alike = bank @ bank.T > SAME
    alike.fill_diagonal_(False)
    to_bank = np.full(len(targets), -1, dtype=np.int64)
    to_bank[rows] = np.arange(len(rows))
    weights = np.array(sampling_weights(names, classes))
    senses = mean_senses(names, np.array(sense_weights(names, classes)), synsets, targets)
    saved = torch.load(args.checkpoint) if args.resume and args.checkpoint.exists() else None
    start_phase, start_step = (saved["phase"], saved["step"]) if saved else (0, 0)
    # A run that goes on draws other names than those it began with.
    seed = args.seed + 1_000_003 * start_phase + start_step
    sampler = NameSampler(tokenizer, names, weights, senses, to_bank, seed)
    extra = [(g, targets[synsets[s]]) for s, g in args.gloss_rows if s in synsets]
    captions = Captions(tokenizer, args.captions, caption_targets, extra)
    model = TextEncoder()
    table = torch.optim.SparseAdam([model.table.weight], lr=1.0)
    rest = [p for n, p in model.named_parameters() if n != "table.weight"]
    dense = torch.optim.AdamW(rest, lr=1.0, weight_decay=0.01)
    if saved:
        model.load_state_dict(saved["model"])
        table.load_state_dict(saved["table"])
        dense.load_state_dict(saved["dense"])
    order = random.Random(seed)
    phases = [
        # steps, names a step, captions a step, table rate, dense rate, transformer
        (args.static_steps, 2048, 192, 1e-2, 2e-3, False),
        (args.steps, 1280, 128, 3e-3, 1e-3, True),
    ]
    began, saved_at = time.time(), time.time()
    for phase, (steps, size, captioned, table_rate, dense_rate, deep) in enumerate(phases):
        if phase < start_phase:
            continue
        step = start_step if phase == start_phase else 0
        pool: list[Batch] = []
        seen, total, total_captions = 0, 0.0, 0.0
        while step < steps:
            if not pool:
                pool = batches(sampler.draw(size * 24), size, order)
            batch = pool.pop()
            # Warm up over 1 %, then straight down to a small rest.
            rate = min((step + 1) / (0.01 * steps), 1.0) * max(1 - step / steps, 0.02)
            if not deep:
                rate = max(rate, 0.3 * min((step + 1) / (0.01 * steps), 1.0))
            for group in table.param_groups:
                group["lr"] = table_rate * rate
            for group in dense.param_groups:
                group["lr"] = dense_rate * rate
            encode = half_precision(model if deep else model.static)
            z = encode(batch.ids, batch.mask)
            names_part = name_loss(z, batch, bank, alike)
            drawn = captions.draw(captioned, order)
            c_ids, c_mask = pad([tokens for tokens, _, _ in drawn])
            c_targets = torch.from_numpy(np.stack([t for _, t, _ in drawn]))
            c = encode(c_ids, c_mask)
            loss = names_part + 0.35 * caption_loss(c, c_targets)
            table.zero_grad()
            dense.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(rest, 1.0)
            table.step()
            dense.step()
            step += 1
            with torch.no_grad():
                seen += 1
                total += float((z * batch.targets).sum(1).mean())
                total_captions += float((c * c_targets).sum(1).mean())
            if step % 50 == 0:
                print(
                    f"phase {phase} step {step}/{steps} {time.time() - began:.0f} s "
                    f"cos names {total / seen:.4f} captions {total_captions / seen:.4f}",
                    flush=True,
                )
                seen, total, total_captions = 0, 0.0, 0.0
            if time.time() - saved_at > 240 or step == steps:
                state = {"model": model.state_dict(), "table": table.state_dict(), "dense": dense.state_dict()}
                done = {"phase": phase + 1, "step": 0} if step == steps else {"phase": phase, "step": step}
                torch.save({**state, **done}, args.checkpoint.with_suffix(".tmp"))
                args.checkpoint.with_suffix(".tmp").replace(args.checkpoint)
                saved_at = time.time()
    finished = args.out.with_suffix(".tmp")
    torch.save(model.state_dict(), finished)
    finished.replace(args.out)


def arguments() -> argparse.ArgumentParser:
    """The command line, shared with `make_mini.py`."""
    parser = argparse.ArgumentParser(description=__doc__)
    for path in ("names", "glosses", "captions", "classes", "synsets", "synset-targets", "caption-targets"):
        parser.add_argument(f"--{path}", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--static-steps", type=int, default=4000)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    return parser


def main() -> None:
    """Command line entry."""
    from .glosses import visible_glosses

    args = arguments().parse_args()
    args.gloss_rows = visible_glosses(args.glosses, args.names)
    run(args)


if __name__ == "__main__":
    main()
