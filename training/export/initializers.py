"""Tensors of a graph: how weights are stored in it."""

from collections.abc import Callable

import numpy as np
import onnx_ir as ir
from onnxscript import GraphBuilder

from .errors import CheckpointError

# Loads a float32 array; called again when the file is written, so that a large model is never all in memory.
Load = Callable[[], np.ndarray]


def initializer(builder: GraphBuilder, name: str, tensor: ir.TensorProtocol, values: np.ndarray) -> ir.Value:
    """A tensor of the graph; raises where its type cannot hold the values that it is made from."""
    value = builder.initializer(tensor, name)
    if tensor.dtype == ir.DataType.FLOAT16 and np.abs(values).max(initial=0) > np.finfo(np.float16).max:
        # The builder has put the layer before the name.
        raise CheckpointError(f'fp16 cannot hold the values of "{value.name}"; leave it out: --formats fp32 int8.')
    return value


def lazy(builder: GraphBuilder, name: str, load: Load, dtype: np.dtype) -> ir.Value:
    """An initializer that is loaded when the model is written, and once before to be checked."""
    values = load()
    tensor = ir.LazyTensor(
        lambda: ir.tensor(np.ascontiguousarray(load(), dtype=dtype)),
        dtype=ir.DataType.from_numpy(dtype),
        shape=ir.Shape(values.shape),
        name=name,
    )
    return initializer(builder, name, tensor, values)


def quantize_rows(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[rows, n] float32 → int8 codes in −127…127 and a scale [rows]: weights ≈ codes · scale."""
    # Two maxima and one copy: the table of BGE-M3 has a gigabyte.
    largest = np.maximum(weights.max(axis=1), -weights.min(axis=1))
    scales = (np.maximum(largest, 1e-12) / 127).astype(np.float32)
    codes = weights / scales[:, None]
    return np.rint(codes, out=codes).astype(np.int8), scales


def gather_int8(builder: GraphBuilder, ids: ir.Value, name: str, load: Load) -> ir.Value:
    """Rows `ids` of a table that is stored as int8 with a scale per row, float32. Gathers codes and scales, so that
    only the rows asked for become floats."""
    op = builder.op
    codes, scales = quantize_rows(load())
    rows = op.Gather(builder.initializer(ir.tensor(codes), f"{name}_int8"), ids, axis=0)
    scale = op.Gather(builder.initializer(ir.tensor(scales[:, None]), f"{name}_scale"), ids, axis=0)
    return op.Mul(op.Cast(rows, to=ir.DataType.FLOAT), scale)
