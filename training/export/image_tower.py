"""SigLIP 2's vision tower as a graph: NaFlex, or of fixed resolution.

SigLIP 2 (Tschannen et al. 2025, arXiv 2502.14786), values as in transformers' `Siglip2VisionModel` and
`SiglipVisionModel`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx_ir as ir

from .blocks import Blocks
from .checkpoint import Weights, read_pickled, read_weights
from .configs import VisionConfig, infer_vision_config, read_vision_config
from .errors import CheckpointError
from .formats import FormatName
from .positions import resized_positions

CHANNELS = 3
TOWER, PROJECTOR = "vision_model.", "projector."
# What a SigLIP 2 of two towers holds beside its vision tower; the calibration is that of its own texts.
OTHER_TOWER = ("text_model.", "logit_scale", "logit_bias")
# Of older checkpoints: a buffer, 0, 1, 2 …
BUFFERS = ("position_ids",)


@dataclass(frozen=True)
class VisionCheckpoint:
    """A vision tower, and what was beside it in the same file."""

    source: Path
    config: VisionConfig
    tower: Weights
    projector: Weights | None
    calibration: tuple[float, float] | None
    """Scale and bias of the sigmoid that was trained with it."""


def read_vision_checkpoint(path: Path) -> VisionCheckpoint:
    """A SigLIP 2 folder, or BGE-SigLIP's single state dict of tower and projector."""
    if path.is_dir():
        config, weights = read_vision_config(path), read_weights(path)
        inside = any(name.startswith(TOWER) for name in weights.names())
        if inside:
            weights.finish((TOWER, *OTHER_TOWER))
        return VisionCheckpoint(path, config, weights.below(TOWER) if inside else weights, None, None)
    weights = read_pickled(path)
    tower, projector = weights.below(TOWER), weights.below(PROJECTOR)
    if any(name.startswith(TOWER) for name in tower.names()):
        # transformers before 5 has a model of that name in its vision model.
        tower.finish((TOWER,))
        tower = tower.below(TOWER)
    beside = path.with_name("config.json")
    config = read_vision_config(path.parent) if beside.exists() else infer_vision_config(tower)
    scale, bias = (weights.scalar(name) for name in ("logit_scale", "logit_bias"))
    calibration = None if scale is None or bias is None else (float(np.exp(scale)), bias)
    weights.finish((TOWER, PROJECTOR))
    return VisionCheckpoint(path, config, tower, projector if projector.names() else None, calibration)


def build_image_tower(checkpoint: VisionCheckpoint, dtype: FormatName) -> ir.Model:
    """NaFlex: `pixel_values` [B,N,3p²] (patches, rows of RGB pixels), `pixel_attention_mask` [B,N] and
    `spatial_shapes` [B,2] (rows, columns) int64. Fixed: `pixel_values` [B,3,S,S]. Both → `pooler_output`
    [B,W], of any length."""
    config, weights = checkpoint.config, checkpoint.tower
    blocks = Blocks("image", dtype)
    x, bias = flexible_input(blocks, weights, config) if config.side is None else fixed_input(blocks, weights, config)
    for layer in range(config.layers):
        x = encoder_layer(blocks, x, bias, weights.below(f"encoder.layers.{layer}."), f"layer{layer}", config)
    x = blocks.norm(x, weights, "post_layernorm", config.width, config.eps)
    pooled = pool(blocks, x, bias, weights.below("head."), config)
    weights.mark([*(f"encoder.layers.{i}." for i in range(config.layers)), "head.", "embeddings."])
    weights.finish()
    blocks.output(pooled, "pooler_output", "batch", config.width)
    return blocks.model()


def flexible_input(blocks: Blocks, weights: Weights, config: VisionConfig) -> tuple[ir.Value, ir.Value]:
    """Embedded patches [B,N,W] and the scores' bias."""
    values = CHANNELS * config.patch**2
    pixels = blocks.input("pixel_values", ir.DataType.FLOAT, "batch", "patches", values)
    mask = blocks.input("pixel_attention_mask", ir.DataType.INT64, "batch", "patches")
    shapes = blocks.input("spatial_shapes", ir.DataType.INT64, "batch", 2)
    at = weights.below("embeddings.")
    table = at.take("position_embedding.weight", config.positions, config.width).numpy()
    x = blocks.linear(blocks.cast(pixels, blocks.float), at, "patch_embedding", config.width, values)
    at.finish(BUFFERS)
    return blocks.op.Add(x, resized_positions(blocks, table, mask, shapes)), blocks.bias_of_mask(mask)


def fixed_input(blocks: Blocks, weights: Weights, config: VisionConfig) -> tuple[ir.Value, None]:
    """A convolution whose stride is its size is a product with each patch. Pixels beyond the last whole patch,
    to the right and below, do not count (384 pixels are 27 patches of 14 and a rest of 6)."""
    op, patch, width = blocks.op, config.patch, config.width
    grid = config.side // patch
    pixels = blocks.input("pixel_values", ir.DataType.FLOAT, "batch", CHANNELS, config.side, config.side)
    at = weights.below("embeddings.")

    def kernel() -> np.ndarray:
        return at.take("patch_embedding.weight", width, CHANNELS, patch, patch).flatten(1).numpy()

    whole = pixels if grid * patch == config.side else op.Slice(pixels, [0, 0], [grid * patch] * 2, [2, 3])
    cut = op.Reshape(blocks.cast(whole, blocks.float), [0, CHANNELS, grid, patch, grid, patch])
    patches = op.Reshape(op.Transpose(cut, perm=[0, 2, 4, 1, 3, 5]), [0, grid * grid, CHANNELS * patch**2])
    x = blocks.affine(patches, "patch_embedding", kernel, at.take("patch_embedding.bias", width).numpy())
    table = at.take("position_embedding.weight", config.positions, width).numpy()
    at.finish(BUFFERS)
    return op.Add(x, blocks.constant("position_embedding", table)), None


def encoder_layer(
    blocks: Blocks, x: ir.Value, bias: ir.Value | None, weights: Weights, scope: str, config: VisionConfig
) -> ir.Value:
    """Attention and MLP, each on the normalised input and added to it."""
    op, width = blocks.op, config.width
    blocks.builder.push_module(scope)
    y = blocks.norm(x, weights, "layer_norm1", width, config.eps)
    q, k, v = (blocks.linear(y, weights, f"self_attn.{n}_proj", width, width) for n in ("q", "k", "v"))
    attended = blocks.attention(q, k, v, bias, config.heads, width)
    x = op.Add(blocks.linear(attended, weights, "self_attn.out_proj", width, width), x)
    x = op.Add(mlp(blocks, blocks.norm(x, weights, "layer_norm2", width, config.eps), weights, config), x)
    weights.finish()
    blocks.builder.pop_module()
    return x


def mlp(blocks: Blocks, x: ir.Value, weights: Weights, config: VisionConfig) -> ir.Value:
    """Linear, GELU (tanh), linear."""
    inner = blocks.linear(x, weights, "mlp.fc1", config.hidden, config.width)
    return blocks.linear(blocks.op.Gelu(inner, approximate="tanh"), weights, "mlp.fc2", config.width, config.hidden)


def pool(blocks: Blocks, x: ir.Value, bias: ir.Value | None, weights: Weights, config: VisionConfig) -> ir.Value:
    """Attention of one learned probe over all patches, then a residual MLP: [B,N,W] → [B,W]."""
    op, width, heads = blocks.op, config.width, config.heads
    blocks.builder.push_module("head")
    stacked = weights.take("attention.in_proj_weight", 3 * width, width).numpy()
    biases = weights.take("attention.in_proj_bias", 3 * width).numpy()
    probe = weights.take("probe", 1, 1, width).numpy()
    # The probe's query is the same for every picture.
    query = (probe @ stacked[:width].T + biases[:width]) * (width // heads) ** -0.5
    q = blocks.constant("query", query.reshape(1, heads, 1, width // heads))
    k, v = (
        blocks.heads(blocks.affine(x, name, lambda part=part: stacked[part], biases[part]), heads, width)
        for name, part in (("key", slice(width, 2 * width)), ("value", slice(2 * width, 3 * width)))
    )
    scores = op.MatMul(q, op.Transpose(k, perm=[0, 1, 3, 2]))
    if bias is not None:
        scores = op.Add(scores, bias)
    pooled = op.Reshape(op.MatMul(op.Softmax(scores, axis=-1), v), [0, width])
    pooled = blocks.linear(pooled, weights, "attention.out_proj", width, width)
    normed = blocks.norm(pooled, weights, "layernorm", width, config.eps)
    pooled = op.Add(pooled, mlp(blocks, normed, weights, config))
    weights.finish()
    blocks.builder.pop_module()
    return pooled


def read_projector(path: Path) -> Weights:
    """A projector's state dict: `projector.0.*` and `projector.2.*`, or without the prefix."""
    weights = read_pickled(path)
    inside = weights.below(PROJECTOR)
    if inside.names():
        return inside
    if not weights.names():
        raise CheckpointError(f"{path} holds no tensors.")
    return weights
