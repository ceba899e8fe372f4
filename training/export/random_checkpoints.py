"""Checkpoints with random weights in the public layouts: full size for size and speed, tiny for tests.

Weights are drawn wide: with the usual small initial values all inputs would give nearly the same vector,
and a wrong graph would pass for a right one.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn
from transformers import Siglip2VisionModel, SiglipVisionModel, XLMRobertaModel

from .configs import TextConfig, VisionConfig
from .transformers_configs import text_config, vision_config


@dataclass(frozen=True)
class TextSize:
    """Of a random BGE-M3."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    hidden: int
    positions: int = 8194


@dataclass(frozen=True)
class VisionSize:
    """Of a random SigLIP 2 vision tower; NaFlex if `side` is None."""

    width: int
    layers: int
    heads: int
    hidden: int
    patch: int = 16
    positions: int = 256
    side: int | None = None


BGE_M3 = TextSize(vocabulary=250_002, width=1024, layers=24, heads=16, hidden=4096)
SO400M_NAFLEX = VisionSize(width=1152, layers=27, heads=16, hidden=4304)
BASE_NAFLEX = VisionSize(width=768, layers=12, heads=12, hidden=3072)


# Deviations of a matrix times √inputs, by what the name contains; else 1. Found by trial, so that different
# inputs get different vectors (mean cosine below 0.5) and int8 still tells them apart.
TEXT_GAINS = {"query": 1.2, "key": 1.2, "value": 1.6, "attention.output": 1.6}
VISION_GAINS = {"patch": 4.0, "v_proj": 1.5, "out_proj": 1.5}
PLAIN_GAINS: dict[str, float] = {}
# Deviations of tables: what all inputs share would make them alike.
TABLES = {"position": 0.3, "token_type": 0.1, "word": 1.0, "probe": 1.0}


@torch.no_grad()
def widen(module: nn.Module, generator: torch.Generator, gains: dict[str, float]) -> None:
    """Draws every parameter anew. Rows of matrices have mean zero: activations after GELU do not, and would
    add the same vector to every output."""

    def of(name: str, factors: dict[str, float], default: float) -> float:
        return next((factor for part, factor in factors.items() if part in name), default)

    for name, parameter in module.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if "norm" in name.lower() and name.endswith("weight"):
            parameter.copy_(1 + 0.2 * noise)
        elif parameter.ndim < 2:
            parameter.copy_(0.1 * noise)
        elif any(part in name for part in TABLES):
            parameter.copy_(of(name, TABLES, 1.0) * noise)
        else:
            flat = noise.flatten(1)
            centred = (flat - flat.mean(dim=1, keepdim=True)).view_as(noise)
            parameter.copy_(centred * of(name, gains, 1.0) / flat.shape[1] ** 0.5)


def write_text(folder: Path, size: TextSize, tokenizer: Path, seed: int = 0) -> None:
    """A folder laid out like BGE-M3's; `tokenizer` is a `tokenizer.json` of at most that vocabulary."""
    generator = torch.Generator().manual_seed(seed)
    model = XLMRobertaModel(text_config(TextConfig(**asdict(size), types=1, pad=1, eps=1e-5)))
    widen(model, generator, TEXT_GAINS)
    model.save_pretrained(folder)
    for name, outputs in (("sparse", 1), ("colbert", size.width)):
        head = nn.Linear(size.width, outputs)
        widen(head, generator, PLAIN_GAINS)
        torch.save(head.state_dict(), folder / f"{name}_linear.pt")
    (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())


def write_vision(folder: Path, size: VisionSize, seed: int = 1) -> None:
    """A folder laid out like SigLIP 2's, with its preprocessor's settings."""
    generator = torch.Generator().manual_seed(seed)
    config = vision_config(VisionConfig(**asdict(size), eps=1e-6))
    if size.side is None:
        model = Siglip2VisionModel(config)
        settings = {"image_processor_type": "Siglip2ImageProcessor", "max_num_patches": 256, "patch_size": size.patch}
    else:
        model = SiglipVisionModel(config)
        sides = {"height": size.side, "width": size.side}
        settings = {"image_processor_type": "SiglipImageProcessor", "size": sides}
    widen(model, generator, VISION_GAINS)
    model.save_pretrained(folder)
    settings |= {"image_mean": [0.5] * 3, "image_std": [0.5] * 3, "rescale_factor": 1 / 255, "resample": 2}
    (folder / "preprocessor_config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def write_projector(path: Path, inputs: int, outputs: int, seed: int = 2, hidden: int | None = None) -> None:
    """Linear–GELU–Linear as `projector.0.*`, `projector.2.*`; `hidden` is as many as inputs unless given."""
    generator, inner = torch.Generator().manual_seed(seed), hidden or inputs
    module = nn.ModuleDict({"projector": nn.Sequential(nn.Linear(inputs, inner), nn.GELU(), nn.Linear(inner, outputs))})
    widen(module, generator, PLAIN_GAINS)
    torch.save(module.state_dict(), path)
