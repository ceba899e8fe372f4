"""What the reference implementation gives: transformers' models on the same checkpoint, in float32."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F
from transformers import (
    Siglip2VisionModel,
    SiglipVisionModel,
    XLMRobertaModel,
)
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil
from transformers.models.siglip2.image_processing_pil_siglip2 import Siglip2ImageProcessorPil
from transformers.models.siglip2.modeling_siglip2 import Siglip2VisionEmbeddings

from .checkpoint import Weights
from .image_tower import VisionCheckpoint
from .preprocessor import Preprocessing
from .text_tower import TextCheckpoint
from .transformers_configs import text_config, vision_config

RESAMPLE = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


@dataclass(frozen=True)
class TextOutputs:
    """One text's three outputs."""

    ids: list[int]
    dense: np.ndarray
    """[W], unit."""
    lexical: np.ndarray
    """[T], a weight per token, ≥ 0."""
    colbert: np.ndarray
    """[T−1,W], unit rows."""


class TextReference:
    """BGE-M3 through `XLMRobertaModel`, its heads as FlagEmbedding applies them."""

    def __init__(self, checkpoint: TextCheckpoint) -> None:
        self.model = XLMRobertaModel(text_config(checkpoint.config), add_pooling_layer=False).eval()
        load(self.model, checkpoint.encoder)
        self.heads = {"sparse": checkpoint.sparse, "colbert": checkpoint.colbert}
        self.tokenizer = Tokenizer.from_file(str(checkpoint.folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def linear(self, name: str, x: Tensor) -> Tensor:
        """One of the heads."""
        weights = self.heads[name]
        rows, columns = weights.matrix("weight")
        return F.linear(x, weights.take("weight", rows, columns), weights.take("bias", rows))

    @torch.no_grad()
    def encode_ids(self, ids: list[int]) -> TextOutputs:
        """Token ids, special ones included → outputs."""
        hidden = self.model(input_ids=torch.tensor([ids])).last_hidden_state[0]
        lexical = torch.relu(self.linear("sparse", hidden))[:, 0]
        colbert = F.normalize(self.linear("colbert", hidden[1:]), dim=-1)
        return TextOutputs(ids, F.normalize(hidden[0], dim=0).numpy(), lexical.numpy(), colbert.numpy())

    def encode(self, text: str) -> TextOutputs:
        """A text, whole."""
        return self.encode_ids(self.tokenizer.encode(text).ids)


def resized_positions(table: Tensor, shapes: Tensor, max_length: int) -> Tensor:
    """transformers' own, but right for a single column.

    torch (2.13, on the CPU) interpolates with antialiasing to a width of 1 wrongly: the rows come out mixed
    up, in float64 as well. To a height of 1 it is right, so such grids are resized on their side.
    """
    original = Siglip2VisionEmbeddings.resize_positional_embeddings
    narrow = shapes[:, 1] == 1
    rows = original(table, shapes, max_length)
    if narrow.any():
        rows[narrow] = original(table.transpose(0, 1).contiguous(), shapes[narrow].flip(1), max_length)
    return rows


class ImageReference:
    """A SigLIP 2 vision tower with transformers' own image processor (the Pillow backend)."""

    def __init__(self, checkpoint: VisionCheckpoint, preprocessing: Preprocessing) -> None:
        config = checkpoint.config
        if config.side is None:
            self.model = Siglip2VisionModel(vision_config(config)).eval()
            self.model.embeddings.resize_positional_embeddings = resized_positions
            self.processor = Siglip2ImageProcessorPil(
                patch_size=config.patch, max_num_patches=preprocessing.max_patches, **settings(preprocessing)
            )
        else:
            self.model = SiglipVisionModel(vision_config(config)).eval()
            sides = {"height": config.side, "width": config.side}
            self.processor = SiglipImageProcessorPil(size=sides, **settings(preprocessing))
        load(self.model, checkpoint.tower)

    @torch.no_grad()
    def features(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """RGB bytes [H,W,3] each → [n,W]."""
        return self.model(**self.inputs(pictures)).pooler_output.numpy()

    def inputs(self, pictures: Sequence[np.ndarray]) -> dict[str, Tensor]:
        """What the model takes for them, by name."""
        return dict(self.processor([Image.fromarray(picture) for picture in pictures], return_tensors="pt"))

    def patches(self, pictures: Sequence[np.ndarray]) -> list[tuple[np.ndarray, int, int]]:
        """NaFlex: of each picture the patches [rows · columns, 3p²] without padding, its rows and its columns."""
        inputs = self.inputs(pictures)
        shapes = inputs["spatial_shapes"].tolist()
        pixels = inputs["pixel_values"].numpy()
        return [(each[: rows * columns], rows, columns) for each, (rows, columns) in zip(pixels, shapes, strict=True)]


@torch.no_grad()
def embedded(features: np.ndarray, weights: Weights | None) -> np.ndarray:
    """[n,in] → unit rows [n,out]: by the projector Linear–GELU–Linear–L2, or by L2 alone where there is none."""
    if weights is None:
        return features / np.linalg.norm(features, axis=1, keepdims=True)
    hidden, inputs = weights.matrix("0.weight")
    outputs, _ = weights.matrix("2.weight")
    x = F.linear(torch.from_numpy(features), weights.take("0.weight", hidden, inputs), weights.take("0.bias", hidden))
    x = F.linear(F.gelu(x), weights.take("2.weight", outputs, hidden), weights.take("2.bias", outputs))
    return F.normalize(x, dim=-1).numpy()


def load(model: torch.nn.Module, weights: Weights) -> None:
    """Copies every parameter by its name."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(weights.take(name, *parameter.shape))


def settings(preprocessing: Preprocessing) -> dict[str, object]:
    """What both processors are told."""
    return {
        "image_mean": preprocessing.mean,
        "image_std": preprocessing.std,
        "resample": RESAMPLE[preprocessing.filter],
    }
