"""The public checkpoint, and the state that a stopped run goes on from."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .errors import InputError
from .files import replacing
from .projector import Head

VISION = "vision_model."
FORMAT = 1


def public_state(head: Head, vision: nn.Module | None) -> dict[str, Tensor]:
    """`vision_model.*`, `projector.0.*`, `projector.2.*`, `logit_scale` [], `logit_bias` [1]: the layout of
    the published `model_checkpoint.pt`. Without a tower (`mini`'s comes from elsewhere) only the rest."""
    tower = {VISION + name: value for name, value in vision.state_dict().items()} if vision else {}
    return {name: value.detach().cpu() for name, value in (tower | head.state_dict()).items()}


def write_public(path: Path, head: Head, vision: nn.Module | None) -> None:
    """One file, whole or not at all; beside it the tower's `config.json`, which `training/export` reads for
    what shapes do not tell (the number of heads)."""
    if vision is not None:
        with replacing(path.with_name("config.json")) as temporary:
            vision.config.to_json_file(temporary)
    with replacing(path) as temporary:
        torch.save(public_state(head, vision), temporary)


def read_public(path: Path, head: Head, vision: nn.Module | None) -> None:
    """Fills head and tower. All fields are checked before any is copied. A file without `vision_model.*`
    leaves the tower as it is; scale and bias may have any shape that holds one value."""
    stored = load(path)
    if not isinstance(stored, dict) or not all(isinstance(value, Tensor) for value in stored.values()):
        raise InputError(
            f"{path}: got no table of tensors, expected vision_model.*, projector.*, logit_scale, logit_bias"
        )
    with_tower = vision is not None and any(name.startswith(VISION) for name in stored)
    wanted = public_state(head, vision if with_tower else None)
    for name, value in wanted.items():
        got = stored.get(name)
        if got is None:
            raise InputError(f"{path}: field '{name}': missing, expected shape {list(value.shape)}")
        if got.shape != value.shape and not (value.numel() == got.numel() == 1):
            raise InputError(f"{path}: field '{name}': got shape {list(got.shape)}, expected {list(value.shape)}")
        if not torch.isfinite(got).all():
            raise InputError(f"{path}: field '{name}': got values that are not finite")
    extra = sorted(name for name in stored if name not in wanted and (vision is not None or VISION not in name))
    if extra:
        raise InputError(
            f"{path}: field '{extra[0]}': unknown, with this tower and projector ({len(extra)} such fields)"
        )
    head.load_state_dict({name: stored[name].reshape(value.shape) for name, value in head.state_dict().items()})
    if with_tower:
        vision.load_state_dict({name: stored[VISION + name] for name in vision.state_dict()})


def load(path: Path) -> Any:
    """A file of `torch.save`, tensors only: nothing in it is run."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    # A torn file fails in the archive, in the pickle or in the tensors, each with its own kind of error.
    except Exception as error:
        raise InputError(f"{path}: not a checkpoint ({type(error).__name__}: {error})") from error


def trained(head: Head, vision: nn.Module) -> dict[str, nn.Parameter]:
    """What is trained, by its public name: the head and the tower's open layers."""
    everything = {**{VISION + n: p for n, p in vision.named_parameters()}, **dict(head.named_parameters())}
    return {name: value for name, value in everything.items() if value.requires_grad}


def write_progress(path: Path, state: dict[str, Any]) -> None:
    """The state between two steps."""
    with replacing(path) as temporary:
        torch.save({"format": FORMAT, **state}, temporary)


def read_progress(path: Path, run: dict[str, Any]) -> dict[str, Any]:
    """The stored state, if it is of the same `run` (settings and data); else says which field differs."""
    state = load(path)
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise InputError(f"{path}: not a run of this version; remove it to start anew")
    for field, wanted in run.items():
        got = state["run"].get(field)
        if got != wanted:
            raise InputError(
                f"{path}: field '{field}': the stopped run had {got!r}, this one has {wanted!r}; "
                "use the same, or another work folder"
            )
    return state
