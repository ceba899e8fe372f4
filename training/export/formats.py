"""Number formats of a graph: how its matrices and tables are stored, multiplied and looked up.

`fp32` and `fp16` store and compute in that type. `int8` is ONNX Runtime's dynamic quantization: weights
int8, symmetric, a scale per output channel; activations uint8 per run; everything else in float32. It is
the fastest format of ONNX Runtime on WASM. `q4` and `w8` have weights of 4 and 8 bits in blocks, with float32
between the products, `q4f16` and `w8f16` with float16 (`nbits.py`): for WebGPU, as they take five times as long
as int8 on WASM.

`int7` is no format of a graph, but of towers for the SDK's own kernels, texts and NaFlex: `int7.py`.
"""

from typing import Literal, Protocol, get_args

import numpy as np
import onnx_ir as ir
from onnxscript import GraphBuilder

from .initializers import Load, gather_int8, lazy, quantize_rows
from .nbits import NBitsFormat

NBitsName = Literal["q4", "q4f16", "w8", "w8f16"]
NBITS: tuple[NBitsName, ...] = get_args(NBitsName)
FormatName = Literal["fp32", "fp16", "int8", NBitsName]
FORMATS: tuple[FormatName, ...] = get_args(FormatName)
ExportFormat = Literal[FormatName, "int7"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)

# What is written where nobody says: N-bit formats are for those who have measured what they gain.
DEFAULT_FORMATS: tuple[ExportFormat, ...] = ("fp32", "fp16", "int8", "int7")
# What computes in float16, and needs a GPU that can.
IN_FLOAT16: tuple[ExportFormat, ...] = ("fp16", "q4f16", "w8f16")


class NumberFormat(Protocol):
    """What `Blocks` asks of a format."""

    activations: np.dtype
    """Type that is computed in between matrix products."""
    words_apart: bool
    """Whether the table of words is no part of the graph, but an input has the rows of a text's tokens."""

    def multiply(self, builder: GraphBuilder, x: ir.Value, name: str, load: Load) -> ir.Value:
        """x [.., in] times the transposed weights, which `load` gives as [out, in] → [.., out]."""

    def gather(self, builder: GraphBuilder, ids: ir.Value, name: str, load: Load) -> ir.Value:
        """Rows `ids` of the table [rows, width]."""


class FloatFormat:
    """Stored as it is computed."""

    words_apart = False

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
    words_apart = False

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
        """Gather of int8 rows."""
        return gather_int8(builder, ids, name, load)


def number_format(name: FormatName) -> NumberFormat:
    """A fresh format: one per graph."""
    if name == "int8":
        return Int8Format()
    if name in NBITS:
        return NBitsFormat(4 if name.startswith("q4") else 8, np.float16 if name in IN_FLOAT16 else np.float32)
    return FloatFormat(np.float16 if name == "fp16" else np.float32)
