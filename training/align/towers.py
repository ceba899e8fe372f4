"""Vision towers behind one interface: pictures to inputs, inputs to pooled features, and what is open."""

from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from ..mini.image_model import LITE0, LITE2, Architecture, backbone
from ..mini.pictures import crop, pixels
from .errors import InputError
from .files import file_digest

Inputs = dict[str, Tensor]


class Tower(Protocol):
    """Frozen, but for the layers that `open_last` opens."""

    model: str
    """Name and digest of the weights: what stored features belong to."""
    width: int
    """Values of a feature."""
    module: nn.Module
    public: bool
    """Whether its weights belong into the checkpoint, as the published tower's do."""

    def prepare(self, pictures: list[Image.Image]) -> Inputs:
        """RGB pictures → input tensors, first axis B."""
        ...

    def features(self, inputs: Inputs) -> Tensor:
        """[B,width]."""
        ...

    def open_last(self, layers: int) -> None:
        """Lets the last `layers` transformer layers be trained."""
        ...


class NaflexTower:
    """SigLIP 2's NaFlex vision tower with its own attention-pooling head (`pooler_output`).

    The head and the final norm stay frozen when layers are open, as published.
    """

    public = True

    def __init__(self, module: nn.Module, model: str, patches: int = 256) -> None:
        from transformers.models.siglip2.image_processing_pil_siglip2 import Siglip2ImageProcessorPil

        self.module, self.model = module.eval().requires_grad_(False), f"{model} {patches} patches"
        self.width = module.config.hidden_size
        # The Pillow one: its rounding between the passes is what the SDK reproduces; torchvision's differs.
        self.processor = Siglip2ImageProcessorPil(patch_size=module.config.patch_size, max_num_patches=patches)

    def prepare(self, pictures: list[Image.Image]) -> Inputs:
        """pixel_values [B,N,768], pixel_attention_mask [B,N], spatial_shapes [B,2]."""
        return dict(self.processor(images=pictures, return_tensors="pt"))

    def features(self, inputs: Inputs) -> Tensor:
        """The pooled row, not normalised."""
        return self.module(**inputs).pooler_output

    def open_last(self, layers: int) -> None:
        """Dropout there is none, so the module stays in eval mode."""
        has = len(self.module.encoder.layers)
        if not 0 <= layers <= has:
            raise InputError(f"open layers: got {layers}, expected 0 to {has}, which the vision tower has")
        for layer in list(self.module.encoder.layers)[has - layers :]:
            layer.requires_grad_(True)


class EfficientNetTower:
    """`mini`'s backbone: features before its classifier, averaged over the picture (1,280 values)."""

    public = False

    def __init__(self, architecture: Architecture) -> None:
        self.module, self.side = backbone(architecture).requires_grad_(False), architecture.side
        self.model = architecture.name
        self.width = self.module._fc.in_features

    def prepare(self, pictures: list[Image.Image]) -> Inputs:
        """pixels [B,3,S,S], cut and scaled as `mini` does it."""
        return {"pixels": torch.from_numpy(np.stack([pixels(crop(picture, self.side)) for picture in pictures]))}

    def features(self, inputs: Inputs) -> Tensor:
        """[B,1280]."""
        return self.module.extract_features(inputs["pixels"]).mean((2, 3))

    def open_last(self, layers: int) -> None:
        """A convolutional network of folded norms has no layers that could be opened one by one."""
        if layers:
            raise InputError(f"open layers: got {layers}, expected 0: {self.model} is only used frozen")


def open_tower(name: str, patches: int) -> Tower:
    """`efficientnet-lite0`, `efficientnet-lite2`, or a Hugging Face folder of SigLIP 2 NaFlex."""
    for architecture in (LITE0, LITE2):
        if name == architecture.name:
            return EfficientNetTower(architecture)
    if patches < 1:
        raise InputError(f"patches: got {patches}, expected at least 1 (trained for 128 to 1024)")
    folder = Path(name)
    if not (folder / "config.json").is_file():
        raise InputError(f"{folder}: got no vision tower, expected config.json or one of {LITE0.name}, {LITE2.name}")
    from transformers import Siglip2VisionModel

    try:
        module, report = Siglip2VisionModel.from_pretrained(folder, local_files_only=True, output_loading_info=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"{folder}: not a SigLIP 2 vision tower ({error})") from error
    if report["missing_keys"]:
        raise InputError(f"{folder}: weights without {', '.join(sorted(report['missing_keys'])[:3])}")
    weights = folder / "model.safetensors"
    content = file_digest(weights) if weights.is_file() else "in several files"
    return NaflexTower(module.float(), f"{folder.name} {content}", patches)
