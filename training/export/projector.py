"""The projector as a graph of its own, so that it can be swapped without the tower."""

import onnx_ir as ir

from .blocks import Blocks
from .checkpoint import Weights


def projector_size(weights: Weights) -> tuple[int, int, int]:
    """(in, hidden, out) of Linear–GELU–Linear, `0.*` and `2.*`."""
    hidden, inputs = weights.matrix("0.weight")
    outputs, _ = weights.matrix("2.weight")
    return inputs, hidden, outputs


def build_projector(weights: Weights) -> ir.Model:
    """`features` [B,in] → `embedding` [B,out], unit: Linear–GELU–Linear–L2 in float32, as it is small."""
    inputs, hidden, outputs = projector_size(weights)
    blocks = Blocks("projector", "fp32")
    features = blocks.input("features", ir.DataType.FLOAT, "batch", inputs)
    inner = blocks.op.Gelu(blocks.linear(features, weights, "0", hidden, inputs), approximate="none")
    outer = blocks.linear(inner, weights, "2", outputs, hidden)
    weights.finish()
    blocks.output(blocks.unit(outer), "embedding", "batch", outputs)
    return blocks.model()
