"""The trained weights, their optimiser, and one step of it."""

from typing import Any

import numpy as np
import torch

from .batches import Batch
from .checkpoint import trained
from .errors import InputError
from .losses import clamp_scale
from .settings import Settings
from .task import Task, loss_of
from .towers import Inputs


class Learner:
    """AdamW over the head and the tower's open layers."""

    def __init__(self, task: Task, settings: Settings) -> None:
        self.task, self.settings = task, settings
        task.tower.open_last(settings.open_layers)
        # InfoNCE's gradient of the bias is rounding noise, which Adam would blow up to whole steps.
        task.head.logit_bias.requires_grad_(settings.loss != "infonce")
        self.parameters = trained(task.head, task.tower.module)
        self.optimizer = torch.optim.AdamW(self.groups(), lr=settings.learning_rate)
        self.scaler = torch.amp.GradScaler(task.device.type, enabled=settings.precision == "float16")

    def groups(self) -> list[dict[str, Any]]:
        """Matrices, vectors without decay, and scale and bias at their own rate."""
        scalars = [value for name, value in self.parameters.items() if name.startswith("logit_")]
        matrices = [value for value in self.parameters.values() if value.ndim >= 2]
        vectors = [value for n, value in self.parameters.items() if value.ndim < 2 and not n.startswith("logit_")]
        return [
            {"params": matrices, "weight_decay": self.settings.weight_decay, "factor": 1.0},
            {"params": vectors, "weight_decay": 0.0, "factor": 1.0},
            {"params": scalars, "weight_decay": 0.0, "factor": self.settings.scale_rate},
        ]

    def step(self, batch: Batch, inputs: Inputs, rate: float) -> tuple[float, float]:
        """One step at a learning rate; the loss before it and the norm of its gradient."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        self.optimizer.zero_grad(set_to_none=True)
        loss = loss_of(self.task, self.settings, inputs, batch)
        value = loss.item()
        if not np.isfinite(value):
            raise InputError(f"the loss is {value}: lower the learning rate or use another precision")
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        norm = torch.nn.utils.clip_grad_norm_(list(self.parameters.values()), self.settings.clip)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        if self.settings.loss == "infonce":
            clamp_scale(self.task.head.logit_scale)
        return value, norm.item()

    def state(self) -> dict[str, Any]:
        """All that the next step depends on. Frozen weights are not in it: they come from the tower's file."""
        values = {name: value.detach().cpu() for name, value in self.parameters.items()}
        return {"trained": values, "optimizer": self.optimizer.state_dict(), "scaler": self.scaler.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Goes back to a `state` of the same run."""
        with torch.no_grad():
            for name, value in self.parameters.items():
                value.copy_(state["trained"][name])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scaler.load_state_dict(state["scaler"])
