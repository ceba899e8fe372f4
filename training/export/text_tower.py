"""BGE-M3 as one graph with its three outputs.

XLM-RoBERTa (Conneau et al. 2020, arXiv 1911.02116) as in transformers' `XLMRobertaModel`; heads as in
FlagEmbedding's M3 model (Chen et al. 2024, arXiv 2402.03216).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx_ir as ir

from .blocks import Blocks
from .checkpoint import Weights, read_pickled, read_weights
from .configs import TextConfig, read_text_config
from .formats import FormatName

# The encoder's tensors have this before their names where it was saved with the language model's head.
PREFIX = "roberta."
# The input of graphs whose table of words is apart: its rows for `input_ids`, [B,T,W] float32.
WORDS_INPUT = "word_rows"
# What XLM-R checkpoints hold beside the encoder: that head, the pooler that BGE-M3 does without, buffers.
HEAD = "lm_head."
NOT_USED = (HEAD, "pooler.", "embeddings.position_ids", "embeddings.token_type_ids")


@dataclass(frozen=True)
class TextCheckpoint:
    """The files of a BGE-M3 folder."""

    folder: Path
    config: TextConfig
    encoder: Weights
    sparse: Weights
    colbert: Weights


def read_text_checkpoint(folder: Path) -> TextCheckpoint:
    """A folder as BGE-M3 is published: encoder, `sparse_linear.pt`, `colbert_linear.pt`."""
    config = read_text_config(folder)
    encoder = read_weights(folder)
    if any(name.startswith(PREFIX) for name in encoder.names()):
        encoder.finish((PREFIX, HEAD))
        encoder = encoder.below(PREFIX)
    heads = (read_pickled(folder / f"{name}_linear.pt") for name in ("sparse", "colbert"))
    return TextCheckpoint(folder, config, encoder, *heads)


def build_text_tower(checkpoint: TextCheckpoint, dtype: FormatName) -> ir.Model:
    """`input_ids`, `attention_mask` [B,T] int64, where the format has its words apart `word_rows` [B,T,W] →
    `dense_vecs` [B,W], unit; `lexical_weights` [B,T], ≥ 0; `colbert_vecs` [B,T−1,W], unit, of all tokens but the
    first. Padding has zeros in both."""
    blocks = Blocks("text", dtype)
    mask, x = encoder(blocks, checkpoint)
    heads(blocks, x, mask, checkpoint)
    return blocks.model()


def encoder(blocks: Blocks, checkpoint: TextCheckpoint) -> tuple[ir.Value, ir.Value]:
    """Both inputs and all layers → mask [B,T], last hidden states [B,T,W]."""
    config, weights = checkpoint.config, checkpoint.encoder
    ids = blocks.input("input_ids", ir.DataType.INT64, "batch", "tokens")
    mask = blocks.input("attention_mask", ir.DataType.INT64, "batch", "tokens")
    bias = blocks.bias_of_mask(mask)
    x = embed(blocks, ids, weights, config)
    for layer in range(config.layers):
        x = encoder_layer(blocks, x, bias, weights.below(f"encoder.layer.{layer}."), f"layer{layer}", config)
    weights.mark(f"encoder.layer.{i}." for i in range(config.layers))
    weights.finish(NOT_USED)
    return mask, x


def embed(blocks: Blocks, ids: ir.Value, weights: Weights, config: TextConfig) -> ir.Value:
    """Words + types + positions, normalised. Positions count tokens other than padding, from pad + 1."""
    op, at = blocks.op, weights.below("embeddings.")
    weights.mark(["embeddings."])
    real = op.Cast(op.Not(op.Equal(ids, config.pad)), to=ir.DataType.INT64)
    positions = op.Add(op.Mul(op.CumSum(real, 1), real), config.pad)
    if blocks.format.words_apart:
        at.mark(["word_embeddings."])
        rows = blocks.input(WORDS_INPUT, ir.DataType.FLOAT, "batch", "tokens", config.width)
        words = blocks.cast(rows, blocks.float)
    else:
        words = blocks.table(ids, at, "word_embeddings", config.vocabulary, config.width)
    types = at.take("token_type_embeddings.weight", config.types, config.width)[0].numpy()
    places = blocks.table(positions, at, "position_embeddings", config.positions, config.width)
    x = op.Add(op.Add(words, blocks.constant("token_type", types)), places)
    x = blocks.norm(x, at, "LayerNorm", config.width, config.eps)
    at.finish(("position_ids", "token_type_ids"))
    return x


def encoder_layer(
    blocks: Blocks, x: ir.Value, bias: ir.Value, weights: Weights, scope: str, config: TextConfig
) -> ir.Value:
    """Attention and feed-forward, each added to its input and normalised after."""
    op, width = blocks.op, config.width
    blocks.builder.push_module(scope)
    q, k, v = (blocks.linear(x, weights, f"attention.self.{name}", width, width) for name in ("query", "key", "value"))
    attended = blocks.attention(q, k, v, bias, config.heads, width)
    attended = blocks.linear(attended, weights, "attention.output.dense", width, width)
    x = blocks.norm(op.Add(attended, x), weights, "attention.output.LayerNorm", width, config.eps)
    inner = op.Gelu(blocks.linear(x, weights, "intermediate.dense", config.hidden, width), approximate="none")
    outer = blocks.linear(inner, weights, "output.dense", width, config.hidden)
    x = blocks.norm(op.Add(outer, x), weights, "output.LayerNorm", width, config.eps)
    weights.finish()
    blocks.builder.pop_module()
    return x


def heads(blocks: Blocks, x: ir.Value, mask: ir.Value, checkpoint: TextCheckpoint) -> None:
    """The three outputs of the last hidden states x [B,T,W]. Their weights stay in floats: they are few."""
    op, width = blocks.op, checkpoint.config.width
    present = op.Unsqueeze(blocks.cast(mask, blocks.float), [-1])
    dense = blocks.unit(op.Gather(x, 0, axis=1))
    blocks.output(dense, "dense_vecs", "batch", width)

    weight = op.Relu(exact_linear(blocks, x, checkpoint.sparse, "sparse", 1, width))
    blocks.output(op.Squeeze(op.Mul(weight, present), [-1]), "lexical_weights", "batch", "tokens")

    # The size of the multi-vectors is the head's own.
    size, _ = checkpoint.colbert.matrix("weight")
    vectors = exact_linear(blocks, op.Slice(x, [1], [2**31], [1]), checkpoint.colbert, "colbert", size, width)
    vectors = op.Mul(vectors, op.Slice(present, [1], [2**31], [1]))
    blocks.output(blocks.unit(vectors), "colbert_vecs", "batch", "vectors", size)


def exact_linear(blocks: Blocks, x: ir.Value, weights: Weights, scope: str, outputs: int, inputs: int) -> ir.Value:
    """A linear layer that is not quantized."""
    matrix = weights.take("weight", outputs, inputs).numpy()
    bias = weights.take("bias", outputs).numpy()
    weights.finish()
    product = blocks.op.MatMul(x, blocks.constant(f"{scope}.weight", np.ascontiguousarray(matrix.T)))
    return blocks.op.Add(product, blocks.constant(f"{scope}.bias", bias))
