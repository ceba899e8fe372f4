"""The encoder of a text tower in `int7` as one safetensors file: all but the word table, in the order in which the
kernel needs it. Positions are last: of these only as many are read as texts are long."""

from pathlib import Path

import numpy as np

from .checkpoint import Weights
from .configs import TextConfig
from .errors import CheckpointError
from .int7_parts import linear_part, load_linear, norm_part
from .tensor_file import Part, Spec, write_tensors
from .text_tower import NOT_USED, TextCheckpoint

FORMAT, VERSION = "photoglot-bert", "1"


def write_encoder(path: Path, checkpoint: TextCheckpoint, group: int) -> None:
    """Writes the file. `group` is the number of inputs that share a scale; longer than a row, it is the row."""
    config, weights = checkpoint.config, checkpoint.encoder
    embeddings = weights.below("embeddings.")
    layers = [weights.below(f"encoder.layer.{i}.") for i in range(config.layers)]
    parts = [
        norm_part("embeddings.norm", embeddings, "LayerNorm", config.width),
        *(part for i, layer in enumerate(layers) for part in layer_parts(f"layers.{i}", layer, config, group)),
        *head_parts(checkpoint, group),
        position_part(embeddings, config),
    ]
    write_tensors(path, metadata(config, group), parts)
    for layer in (*layers, checkpoint.sparse, checkpoint.colbert):
        layer.finish()
    weights.mark(("embeddings.", *(f"encoder.layer.{i}." for i in range(config.layers))))
    weights.finish(NOT_USED)


def metadata(config: TextConfig, group: int) -> dict[str, str]:
    """What the kernel has to know of the file; safetensors takes strings only."""
    fields = {
        "format": FORMAT,
        "version": VERSION,
        "layers": config.layers,
        "width": config.width,
        "hidden": config.hidden,
        "heads": config.heads,
        "group": group,
        "eps": config.eps,
        "tokens": config.longest,
        "vocabulary": config.vocabulary,
    }
    return {name: str(value) for name, value in fields.items()}


def layer_parts(name: str, weights: Weights, config: TextConfig, group: int) -> list[Part]:
    """One layer, below `name`."""
    width, hidden = config.width, config.hidden

    def linear(ours: str, theirs: str, outputs: int, inputs: int) -> Part:
        load = lambda: load_linear(weights, f"{theirs}.", outputs, inputs)  # noqa: E731
        return linear_part(f"{name}.{ours}", outputs, inputs, group, load)

    def qkv() -> tuple[np.ndarray, np.ndarray]:
        kinds = ("query", "key", "value")
        matrices, biases = zip(
            *(load_linear(weights, f"attention.self.{k}.", width, width) for k in kinds), strict=True
        )
        return np.concatenate(matrices), np.concatenate(biases)

    # The 1/√d of attention is in the queries.
    gains = np.ones(3 * width, np.float32)
    gains[:width] = (width // config.heads) ** -0.5
    return [
        linear_part(f"{name}.qkv", 3 * width, width, group, qkv, gains),
        linear("attention", "attention.output.dense", width, width),
        norm_part(f"{name}.attention.norm", weights, "attention.output.LayerNorm", width),
        linear("up", "intermediate.dense", hidden, width),
        linear("down", "output.dense", width, hidden),
        norm_part(f"{name}.norm", weights, "output.LayerNorm", width),
    ]


def head_parts(checkpoint: TextCheckpoint, group: int) -> list[Part]:
    """The sparse head stays in float32, it is a single row; the multi-vectors' is a layer like the others."""
    width, sparse, colbert = checkpoint.config.width, checkpoint.sparse, checkpoint.colbert
    outputs, _ = colbert.matrix("weight")

    def row() -> tuple[np.ndarray, np.ndarray]:
        matrix, bias = load_linear(sparse, "", 1, width)
        return matrix[0], bias

    return [
        Part((Spec("sparse.weight", "F32", (width,)), Spec("sparse.bias", "F32", (1,))), row),
        linear_part("colbert", outputs, width, group, lambda: load_linear(colbert, "", outputs, width)),
    ]


def position_part(embeddings: Weights, config: TextConfig) -> Part:
    """Row t is what is added to the word of token t: its position and its type, which is always the first."""

    def make() -> tuple[np.ndarray]:
        table = embeddings.take("position_embeddings.weight", config.positions, config.width).numpy()
        types = embeddings.take("token_type_embeddings.weight", config.types, config.width).numpy()
        rows = table[-config.longest :] + types[0]
        if np.abs(rows).max() > np.finfo(np.float16).max:
            raise CheckpointError(
                f'{embeddings.source}: int7 cannot hold the values of "embeddings.position_embeddings.weight" in '
                "16 bits; leave it out: --formats fp32 int8."
            )
        return (rows.astype(np.float16),)

    return Part((Spec("embeddings.position", "F16", (config.longest, config.width)),), make)
