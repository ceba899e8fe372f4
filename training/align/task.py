"""What is trained on what, and how a batch becomes a loss or held-out pictures a score."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .batches import Batch
from .evaluate import evaluate
from .image_features import Source
from .losses import LOSSES, logits_of
from .pairs import Pairs
from .projector import Head
from .settings import Settings
from .towers import Inputs, Tower


@dataclass(frozen=True)
class Task:
    """Everything but the settings."""

    pairs: Pairs
    source: Source
    tower: Tower
    head: Head
    texts: np.ndarray
    """Unit rows of all texts [N,D], any float type."""
    text_model: str
    """Who computed them."""
    device: torch.device


def rows_of(task: Task, inputs: Inputs) -> Tensor:
    """Unit rows [B,D] of a batch's inputs."""
    on_device = {name: value.to(task.device) for name, value in inputs.items()}
    stored = on_device.get("features")
    return task.head(task.tower.features(on_device) if stored is None else stored)


def precision(settings: Settings, device: torch.device) -> torch.autocast:
    """Autocast as the settings say; without effect for float32."""
    dtype = getattr(torch, settings.precision)
    return torch.autocast(device.type, dtype, enabled=dtype != torch.float32)


def loss_of(task: Task, settings: Settings, inputs: Inputs, batch: Batch) -> Tensor:
    """The loss of one batch; scores are taken in float32, where a bias of −10 costs no digits."""
    with precision(settings, task.device):
        images = rows_of(task, inputs)
    texts = torch.from_numpy(task.texts[batch.texts].astype(np.float32)).to(task.device)
    positive = torch.from_numpy(batch.positive).to(task.device)
    return LOSSES[settings.loss](logits_of(images, texts, task.head.logit_scale, task.head.logit_bias), positive)


def held_out_recall(task: Task, settings: Settings, by_language: bool = False) -> dict[str, dict]:
    """R@K of the held-out pictures as the head is now."""
    rows = []
    with torch.inference_mode(), precision(settings, task.device):
        for at in range(0, len(task.pairs.test), settings.batch):
            rows.append(rows_of(task, task.source.load(task.pairs.test[at : at + settings.batch])).cpu())
    return evaluate(task.pairs, torch.cat(rows).numpy(), task.texts, by_language)
