"""A vision tower in `int7` as one safetensors file, in the order in which the kernel needs it."""

from pathlib import Path

import numpy as np

from .checkpoint import Weights
from .configs import VisionConfig
from .image_tower import BUFFERS, CHANNELS, VisionCheckpoint
from .int7_groups import up_to_multiple
from .int7_parts import LoadLinear, linear_part, load_linear, norm_part
from .tensor_file import Part, Spec, write_tensors

FORMAT, VERSION = "photoglot-siglip", "1"


def write_vision(path: Path, checkpoint: VisionCheckpoint, group: int) -> None:
    """Writes the file of a NaFlex tower. `group` is the number of inputs that share a scale; it divides the width
    and a patch's values. Raises where the checkpoint lacks a tensor or has others."""
    config, weights = checkpoint.config, checkpoint.tower
    embeddings, head = weights.below("embeddings."), weights.below("head.")
    layers = [weights.below(f"encoder.layers.{i}.") for i in range(config.layers)]
    parts = [
        *embedding_parts(embeddings, config, group),
        *(part for i, layer in enumerate(layers) for part in layer_parts(f"layers.{i}", layer, config, group)),
        norm_part("norm", weights, "post_layernorm", config.width),
        *head_parts(head, config, group),
    ]
    write_tensors(path, metadata(config, group), parts)
    embeddings.finish(BUFFERS)
    for each in (*layers, head):
        each.finish()
    weights.mark(("embeddings.", "head.", *(f"encoder.layers.{i}." for i in range(config.layers))))
    weights.finish()


def metadata(config: VisionConfig, group: int) -> dict[str, str]:
    """What the kernel has to know of the file; safetensors takes strings only."""
    fields = {
        "format": FORMAT,
        "version": VERSION,
        "layers": config.layers,
        "width": config.width,
        "hidden": up_to_multiple(config.hidden, group),
        "heads": config.heads,
        "depth": config.width // config.heads,
        "group": group,
        "eps": config.eps,
        "patch": config.patch,
        "side": round(config.positions**0.5),
    }
    return {name: str(value) for name, value in fields.items()}


def embedding_parts(weights: Weights, config: VisionConfig, group: int) -> list[Part]:
    """Patches, each rows of RGB pixels as in `pixel_values`; and the table of positions, row by row."""
    width, values = config.width, CHANNELS * config.patch**2

    def table() -> tuple[np.ndarray]:
        return (weights.take("position_embedding.weight", config.positions, width).numpy(),)

    return [
        linear_part("patch", width, values, group, lambda: load_linear(weights, "patch_embedding.", width, values)),
        Part((Spec("positions", "F32", (config.positions, width)),), table),
    ]


def layer_parts(name: str, weights: Weights, config: VisionConfig, group: int) -> list[Part]:
    """One layer, below `name`."""
    width = config.width

    def qkv() -> tuple[np.ndarray, np.ndarray]:
        matrices, biases = zip(
            *(load_linear(weights, f"self_attn.{kind}_proj.", width, width) for kind in "qkv"), strict=True
        )
        return np.concatenate(matrices), np.concatenate(biases)

    # The 1/√d of attention is in the queries.
    gains = np.ones(3 * width, np.float32)
    gains[:width] = (width // config.heads) ** -0.5
    return [
        norm_part(f"{name}.norm1", weights, "layer_norm1", width),
        linear_part(f"{name}.qkv", 3 * width, width, group, qkv, gains),
        linear_part(
            f"{name}.attention", width, width, group, lambda: load_linear(weights, "self_attn.out_proj.", width, width)
        ),
        norm_part(f"{name}.norm2", weights, "layer_norm2", width),
        *mlp_parts(name, weights, config, group),
    ]


def head_parts(weights: Weights, config: VisionConfig, group: int) -> list[Part]:
    """The pooling head. Its query is the same for every picture, so its probe and projection are not needed."""
    width, heads = config.width, config.heads

    def projection() -> tuple[np.ndarray, np.ndarray]:
        return (
            weights.take("attention.in_proj_weight", 3 * width, width).numpy(),
            weights.take("attention.in_proj_bias", 3 * width).numpy(),
        )

    def query() -> tuple[np.ndarray]:
        matrix, bias = (each[:width].astype(np.float64) for each in projection())
        probe = weights.take("probe", 1, 1, width).numpy()[0, 0]
        return (((matrix @ probe + bias) * (width // heads) ** -0.5).astype(np.float32),)

    def keys_and_values() -> tuple[np.ndarray, np.ndarray]:
        matrix, bias = projection()
        return matrix[width:], bias[width:]

    return [
        Part((Spec("head.query", "F32", (width,)),), query),
        linear_part("head.kv", 2 * width, width, group, keys_and_values),
        linear_part(
            "head.attention", width, width, group, lambda: load_linear(weights, "attention.out_proj.", width, width)
        ),
        norm_part("head.norm", weights, "layernorm", width),
        *mlp_parts("head", weights, config, group),
    ]


def mlp_parts(name: str, weights: Weights, config: VisionConfig, group: int) -> list[Part]:
    """`up` and `down`. The numbers between them are filled up to whole groups with zeros: GELU keeps those, and
    they meet weights of zero."""
    width, hidden = config.width, config.hidden
    filled = up_to_multiple(hidden, group)
    more = filled - hidden

    def up() -> tuple[np.ndarray, np.ndarray]:
        matrix, bias = load_linear(weights, "mlp.fc1.", hidden, width)
        return np.pad(matrix, ((0, more), (0, 0))), np.pad(bias, (0, more))

    def down() -> tuple[np.ndarray, np.ndarray]:
        matrix, bias = load_linear(weights, "mlp.fc2.", width, hidden)
        return np.pad(matrix, ((0, 0), (0, more))), bias

    sizes: tuple[tuple[str, int, int, LoadLinear], ...] = (("up", filled, width, up), ("down", width, filled, down))
    return [linear_part(f"{name}.{ours}", *lengths, group, load) for ours, *lengths, load in sizes]
