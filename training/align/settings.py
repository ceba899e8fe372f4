"""What a training run depends on, besides its data."""

import math
from dataclasses import dataclass

from .errors import InputError
from .losses import LOSSES

PRECISIONS = ("float32", "bfloat16", "float16")


@dataclass(frozen=True)
class Settings:
    """Defaults are the published ones where those are known: batch 64, 3 epochs, AdamW at 1e-4."""

    loss: str = "sigmoid"
    batch: int = 64
    """Pictures a step."""
    captions_per_picture: int = 1
    """Captions drawn per picture and step; more than one makes batches multi-positive."""
    epochs: int = 3
    """Times that every picture is shown."""
    learning_rate: float = 1e-4
    """Peak."""
    scale_rate: float = 1.0
    """Times the learning rate, for scale and bias: short runs want them to move faster."""
    weight_decay: float = 0.01
    """Of matrices only: pulling scale and bias to 0 would undo what they are for."""
    warmup: int = 100
    """Steps of linear rise; at most a tenth of the run."""
    final_rate: float = 0.0
    """Share of the learning rate that a half cosine falls to; 1 keeps it constant, as published."""
    clip: float = 1.0
    """Largest norm of the gradient."""
    open_layers: int = 0
    """Last layers of the vision tower that are trained; published: 2."""
    projector: str = "mlp"
    """`mlp` or `linear`."""
    hidden: int = 0
    """Width inside the MLP; 0 is the tower's, as published."""
    precision: str = "float32"
    """What tower and projector compute in; weights, normalisation and loss stay float32."""
    seed: int = 0

    def __post_init__(self) -> None:
        """Checks every field once."""
        choices = {"loss": tuple(LOSSES), "projector": ("mlp", "linear"), "precision": PRECISIONS}
        for field, allowed in choices.items():
            if getattr(self, field) not in allowed:
                raise InputError(f"{field}: got {getattr(self, field)!r}, expected one of {', '.join(allowed)}")
        # A batch of one picture has no wrong pair to learn from.
        least = {
            "batch": 2,
            "captions_per_picture": 1,
            "epochs": 0,
            "warmup": 0,
            "open_layers": 0,
            "hidden": 0,
            "seed": 0,
        }
        for field, smallest in least.items():
            if getattr(self, field) < smallest:
                raise InputError(f"{field}: got {getattr(self, field)}, expected at least {smallest}")
        for field in ("learning_rate", "scale_rate", "clip"):
            if not 0 < getattr(self, field) < math.inf:
                raise InputError(f"{field}: got {getattr(self, field)}, expected a positive number")
        for field in ("weight_decay", "final_rate"):
            if not 0 <= getattr(self, field) <= 1:
                raise InputError(f"{field}: got {getattr(self, field)}, expected 0 to 1")

    def rate(self, step: int, steps: int) -> float:
        """The learning rate of a step (from 0) of a run of `steps`."""
        warmup = min(self.warmup, steps // 10)
        if step < warmup:
            return self.learning_rate * (step + 1) / warmup
        done = (step - warmup) / max(1, steps - warmup)
        return self.learning_rate * (self.final_rate + (1 - self.final_rate) * (1 + math.cos(math.pi * done)) / 2)
