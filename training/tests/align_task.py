"""A small run that learns something true, for the tests of `training/align`; as a program, one that is
killed: `python -m training.tests.align_task WORK after|saving STEP`.
"""

import os
import signal
import sys
from pathlib import Path

import numpy as np
import torch
from training.align.captions import Caption
from training.align.image_features import StoredFeatures
from training.align.pairs import Pairs, pair_up
from training.align.projector import Head, make_projector
from training.align.settings import Settings
from training.align.task import Task
from training.align.train import Rhythm, train

PICTURES, WIDTH, DIMENSION = 240, 24, 16
SETTINGS = Settings(
    batch=40, captions_per_picture=2, epochs=12, learning_rate=5e-3, scale_rate=10, warmup=5, hidden=32, seed=3
)  # 60 steps
RHYTHM = Rhythm(evaluate=16, save=7, log=1)


class NoTower:
    """Stands for a tower whose features are all stored."""

    model, width, module, public = "no tower", WIDTH, torch.nn.Identity(), False

    def open_last(self, layers: int) -> None:
        """Nothing to open."""


def pairs_of(languages: tuple[str, ...] = ("eng", "deu"), held_out: int = 40) -> Pairs:
    """Every picture with two captions a language."""
    return pair_up(
        [
            Caption(f"{picture}.jpg", f"{language} {picture} {which}", language, "")
            for picture in range(PICTURES)
            for language in languages
            for which in range(2)
        ],
        held_out,
    )


def make_task(seed: int = 0) -> Task:
    """Features are an unknown linear map of what the captions mean, and noise."""
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    meaning = rng.normal(size=(PICTURES, DIMENSION))
    features = meaning @ rng.normal(size=(DIMENSION, WIDTH)) + 0.1 * rng.normal(size=(PICTURES, WIDTH))
    pairs = pairs_of()
    owner = np.array([int(text.split()[1]) for text in pairs.texts])
    texts = meaning[owner] + 0.2 * rng.normal(size=(len(owner), DIMENSION))
    texts /= np.linalg.norm(texts, axis=1, keepdims=True)
    torch.manual_seed(seed)
    head = Head(make_projector(WIDTH, DIMENSION, SETTINGS.hidden))
    source = StoredFeatures(features.astype(np.float32))
    return Task(pairs, source, NoTower(), head, texts.astype(np.float32), "formula", torch.device("cpu"))


def main() -> None:
    """Trains, and dies by SIGKILL `after` a step or while `saving` it, halfway through the file."""
    work, when, fatal = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    original = torch.save

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def save(state: dict, path: Path) -> None:
        original(state, path)
        if when == "saving" and state.get("step") == fatal:
            os.truncate(path, path.stat().st_size // 2)
            die()

    def on_step(step: int, _: float) -> None:
        if when == "after" and step == fatal:
            die()

    torch.save = save
    train(make_task(), SETTINGS, work, RHYTHM, on_step)


if __name__ == "__main__":
    main()
