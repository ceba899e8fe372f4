"""From the vision tower's feature to the frozen text space: all that is always trained."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .errors import InputError

LOG_SCALE, BIAS = math.log(10), -10.0
"""Where SigLIP starts scale and bias: wrong pairs, which are nearly all, are called wrong from the first step."""


def make_projector(width: int, dimension: int, hidden: int | None = None, kind: str = "mlp") -> nn.Sequential:
    """[B,width] → [B,dimension]. `mlp`: Linear, GELU, Linear (state keys `0.*`, `2.*`); `linear`: `0.*`.

    `hidden` is `width` by default, as published.
    """
    if kind == "linear":
        return nn.Sequential(nn.Linear(width, dimension))
    if kind != "mlp":
        raise InputError(f"projector: got {kind!r}, expected 'mlp' or 'linear'")
    hidden = hidden or width
    return nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, dimension))


class Head(nn.Module):
    """Projector, scale and bias, named as in the public checkpoint."""

    def __init__(self, projector: nn.Sequential) -> None:
        super().__init__()
        self.projector = projector
        self.logit_scale = nn.Parameter(torch.tensor(LOG_SCALE))
        # One value in a row, not a scalar: the shape of the public checkpoint.
        self.logit_bias = nn.Parameter(torch.tensor([BIAS]))

    def forward(self, features: Tensor) -> Tensor:
        """Features [B,width] → unit rows [B,dimension] in float32, whatever autocast computes in."""
        return F.normalize(self.projector(features).float(), dim=-1)
