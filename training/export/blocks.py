"""What the towers are made of: linear layers, layer norms and attention on an ONNX graph.

The graphs are built operator by operator instead of being traced: attention runs in a loop over chunks
of queries, shapes stay free, weights are read one at a time, and a format changes only how they are stored.
"""

import numpy as np
import onnx_ir as ir
from onnxscript import GraphBuilder

from .checkpoint import Weights
from .formats import FormatName, NumberFormat, number_format
from .initializers import Load, initializer

OPSET = 20
IR_VERSION = 10
# Query–key pairs per head that are in memory at once (times 4 bytes and the number of heads): 8,192
# tokens attend in chunks of 128 queries, with 64 MB of scores instead of 4.3 GB; up to 1,024 tokens in one.
PAIRS_AT_ONCE = 1024 * 1024
# Added to the score of a padded key: its weight underflows to 0, and float16 can still hold it.
MASKED = -30_000.0


class Blocks:
    """A graph under construction, in one number format."""

    def __init__(self, name: str, dtype: FormatName) -> None:
        graph = ir.Graph([], [], nodes=[], opset_imports={"": OPSET}, name=name)
        self.builder = GraphBuilder(graph)
        self.op = self.builder.op
        self.format: NumberFormat = number_format(dtype)
        self.float = ir.DataType.from_numpy(self.format.activations)

    def input(self, name: str, dtype: ir.DataType, *shape: str | int) -> ir.Value:
        """An input of the graph; strings are free dimensions."""
        return self.builder.input(name, dtype, ir.Shape(shape))

    def output(self, value: ir.Value, name: str, *shape: str | int) -> None:
        """An output of the graph, in float32 whatever is computed in."""
        result = self.op.Identity(value) if self.float == ir.DataType.FLOAT else self.cast(value, ir.DataType.FLOAT)
        result.dtype, result.shape = ir.DataType.FLOAT, ir.Shape(shape)
        self.builder.add_output(result, name)

    def model(self) -> ir.Model:
        """The finished model."""
        return ir.Model(self.builder.graph, ir_version=IR_VERSION, producer_name="photoglot")

    def cast(self, value: ir.Value, to: ir.DataType) -> ir.Value:
        """Converts."""
        return self.op.Cast(value, to=to)

    def number(self, value: float) -> ir.Value:
        """A scalar in the type that is computed in."""
        return self.constant(f"number_{value:g}_{len(self.builder.graph.initializers)}", np.array(value))

    def constant(self, name: str, value: np.ndarray) -> ir.Value:
        """A small tensor in the type that is computed in."""
        with np.errstate(over="ignore"):
            tensor = ir.tensor(value.astype(self.format.activations))
        return initializer(self.builder, name, tensor, value)

    def linear(self, x: ir.Value, weights: Weights, name: str, outputs: int, inputs: int) -> ir.Value:
        """`torch.nn.Linear` of that name."""
        bias = weights.take(f"{name}.bias", outputs).numpy()
        return self.affine(x, name, lambda: weights.take(f"{name}.weight", outputs, inputs).numpy(), bias)

    def affine(self, x: ir.Value, name: str, load: Load, bias: np.ndarray) -> ir.Value:
        """x [.., in] · W^T + b for W [out, in]."""
        product = self.format.multiply(self.builder, x, f"{name}.weight", load)
        return self.op.Add(product, self.constant(f"{name}.bias", bias))

    def table(self, ids: ir.Value, weights: Weights, name: str, rows: int, width: int) -> ir.Value:
        """`torch.nn.Embedding` of that name."""
        return self.format.gather(self.builder, ids, name, lambda: weights.take(f"{name}.weight", rows, width).numpy())

    def norm(self, x: ir.Value, weights: Weights, name: str, width: int, eps: float) -> ir.Value:
        """`torch.nn.LayerNorm` over the last axis."""
        scale = self.constant(f"{name}.weight", weights.take(f"{name}.weight", width).numpy())
        shift = self.constant(f"{name}.bias", weights.take(f"{name}.bias", width).numpy())
        return self.op.LayerNormalization(x, scale, shift, axis=-1, epsilon=eps)

    def unit(self, x: ir.Value) -> ir.Value:
        """Rows at length 1; rows of zeros stay zeros. In float32, as float16 squares overflow."""
        exact = self.cast(x, ir.DataType.FLOAT)
        length = self.op.ReduceL2(exact, [-1], keepdims=1)
        return self.cast(self.op.Div(exact, self.op.Max(length, 1e-12)), self.float)

    def heads(self, x: ir.Value, heads: int, width: int) -> ir.Value:
        """[B,T,W] → [B,H,T,W/H]."""
        return self.op.Transpose(self.op.Reshape(x, [0, 0, heads, width // heads]), perm=[0, 2, 1, 3])

    def bias_of_mask(self, mask: ir.Value) -> ir.Value:
        """mask [B,T] int64, 1 for a token → what is added to the scores, [B,1,1,T]."""
        absent = self.op.Sub(self.number(1.0), self.cast(mask, self.float))
        return self.op.Unsqueeze(self.op.Mul(absent, self.number(MASKED)), [1, 2])

    def attention(
        self, q: ir.Value, k: ir.Value, v: ir.Value, bias: ir.Value | None, heads: int, width: int
    ) -> ir.Value:
        """softmax(q·kᵀ/√d + bias)·v per head, for q, k, v [B,T,W] → [B,T,W], in chunks of queries.

        A chunk is as long as `PAIRS_AT_ONCE` allows; queries are padded to whole chunks, fewer than there
        are chunks, because the outputs of a loop must be alike.
        """
        op, depth = self.op, width // heads
        q, k, v = (self.heads(each, heads, width) for each in (q, k, v))
        q = op.Mul(q, self.number(depth**-0.5))
        keys = op.Transpose(k, perm=[0, 1, 3, 2])
        shape = op.Shape(q)
        batch, tokens = op.Gather(shape, [0], axis=0), op.Gather(shape, [2], axis=0)
        pairs = op.Mul(batch, op.Mul(tokens, tokens))
        chunks = ceil_div(op, pairs, PAIRS_AT_ONCE)
        length = ceil_div(op, tokens, chunks)
        # Rounding the length up may leave chunks with nothing in them.
        chunks = ceil_div(op, tokens, length)
        missing = op.Sub(op.Mul(length, chunks), tokens)
        queries = op.Pad(q, op.Concat([0, 0, 0, 0, 0, 0], missing, [0], axis=0))

        def body(inner: object, index: ir.Value, going: ir.Value) -> list[ir.Value]:
            start = inner.Mul(index, length)
            chunk = inner.Slice(queries, start, inner.Add(start, length), [2])
            scores = inner.MatMul(chunk, keys)
            if bias is not None:
                scores = inner.Add(scores, bias)
            return [inner.Identity(going), inner.MatMul(inner.Softmax(scores, axis=-1), v)]

        inputs = [ir.val("chunk", ir.DataType.INT64, ()), ir.val("go_on", ir.DataType.BOOL, ())]
        outputs = [
            ir.val("still", ir.DataType.BOOL, ()),
            ir.val("attended", self.float, (None, heads, None, depth)),
        ]
        loop = self.builder.subgraph(body, inputs, outputs, name="attend")
        parts = op.Loop(op.Squeeze(chunks, [0]), True, body=loop, _outputs=1)
        # [chunks,B,H,L,d] → [B,chunks,L,H,d]: the tokens in order again.
        joined = op.Reshape(op.Transpose(parts, perm=[1, 0, 3, 2, 4]), op.Concat(batch, [-1, width], axis=0))
        return op.Slice(joined, [0], tokens, [1])


def ceil_div(op: object, value: ir.Value, by: object) -> ir.Value:
    """⌈value / by⌉ of positive integers."""
    return op.Div(op.Sub(op.Add(value, by), 1), by)
