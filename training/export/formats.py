"""Number formats of a graph: how its matrices and tables are stored, multiplied and looked up.

`fp32` and `fp16` store and compute in that type. `int8` is ONNX Runtime's dynamic quantization: weights
int8, symmetric, a scale per output channel; activations uint8 per run; everything else in float32. It is
the fastest format of ONNX Runtime on WASM (a 4-bit or 8-bit block format takes five times as long there).

`int7` is no format of a graph, but of towers for the SDK's own kernels, texts and NaFlex: `int7.py`.
"""

from collections.abc import Callable
from typing import Literal, Protocol, get_args

import numpy as np
import onnx_ir as ir
from onnxscript import GraphBuilder

from .errors import CheckpointError

FormatName = Literal["fp32", "fp16", "int8"]
FORMATS: tuple[FormatName, ...] = get_args(FormatName)
ExportFormat = Literal[FormatName, "int7"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)

# Loads a float32 array; called again when the file is written, so that a large model is never all in memory.
Load = Callable[[], np.ndarray]


class NumberFormat(Protocol):
    """What `Blocks` asks of a format."""

    activations: np.dtype
    """Type that is computed in between matrix products."""

    def multiply(self, builder: GraphBuilder, x: ir.Value, name: str, load: Load) -> ir.Value:
        """x [.., in] times the transposed weights, which `load` gives as [out, in] → [.., out]."""

    def gather(self, builder: GraphBuilder, ids: ir.Value, name: str, load: Load) -> ir.Value:
        """Rows `ids` of the table [rows, width]."""


class FloatFormat:
    """Stored as it is computed."""

    def __init__(self, dtype: type) -> None:
        self.activations = np.dtype(dtype)

    def multiply(self, builder: GraphBuilder, x: ir.Value, name: str, load: Load) -> ir.Value:
        """MatMul."""
        weights = lazy(builder, name, lambda: load().T, self.activations)
        return builder.op.MatMul(x, weights)

    def gather(self, builder: GraphBuilder, ids: ir.Value, name: str, load: Load) -> ir.Value:
        """Gather."""
        return builder.op.Gather(lazy(builder, name, load, self.activations), ids, axis=0)


class Int8Format:
    """Dynamic int8; the chain of operators is the one that ONNX Runtime fuses into a single kernel."""

    activations = np.dtype(np.float32)

    def __init__(self) -> None:
        self._quantized: dict[ir.Value, tuple[ir.Value, ir.Value, ir.Value]] = {}

    def multiply(self, builder: GraphBuilder, x: ir.Value, name: str, load: Load) -> ir.Value:
        """DynamicQuantizeLinear (once for all that read x), MatMulInteger, scales."""
        op = builder.op
        if x not in self._quantized:
            self._quantized[x] = op.DynamicQuantizeLinear(x, _outputs=3)
        codes, scale, zero = self._quantized[x]
        weights, scales = quantize_rows(load())
        stored = builder.initializer(ir.tensor(np.ascontiguousarray(weights.T)), f"{name}_int8")
        of_channels = builder.initializer(ir.tensor(scales), f"{name}_scale")
        sums = op.Cast(op.MatMulInteger(codes, stored, zero), to=ir.DataType.FLOAT)
        return op.Mul(sums, op.Mul(scale, of_channels))

    def gather(self, builder: GraphBuilder, ids: ir.Value, name: str, load: Load) -> ir.Value:
        """Gathers codes and scales, so that only the rows asked for become floats."""
        op = builder.op
        codes, scales = quantize_rows(load())
        rows = op.Gather(builder.initializer(ir.tensor(codes), f"{name}_int8"), ids, axis=0)
        scale = op.Gather(builder.initializer(ir.tensor(scales[:, None]), f"{name}_scale"), ids, axis=0)
        return op.Mul(op.Cast(rows, to=ir.DataType.FLOAT), scale)


def number_format(name: FormatName) -> NumberFormat:
    """A fresh format: one per graph."""
    if name == "int8":
        return Int8Format()
    return FloatFormat(np.float16 if name == "fp16" else np.float32)


def quantize_rows(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[rows, n] float32 → int8 codes in −127…127 and a scale [rows]: weights ≈ codes · scale."""
    # Two maxima and one copy: the table of BGE-M3 has a gigabyte.
    largest = np.maximum(weights.max(axis=1), -weights.min(axis=1))
    scales = (np.maximum(largest, 1e-12) / 127).astype(np.float32)
    codes = weights / scales[:, None]
    return np.rint(codes, out=codes).astype(np.int8), scales


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
