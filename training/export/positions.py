"""NaFlex's position table, resized inside the graph for every picture of a batch at once.

`torch.nn.functional.interpolate(mode="bilinear", align_corners=False, antialias=True)` to h × w is a
product with triangle weights along each axis: position (r, c) is Σ_ij Wh[r,i] · Ww[c,j] · table[i,j]. The
weights depend only on r, h and c, w, so that pictures of any shapes share one product.
"""

import numpy as np
import onnx_ir as ir

from .blocks import Blocks


def resized_positions(blocks: Blocks, table: np.ndarray, mask: ir.Value, shapes: ir.Value) -> ir.Value:
    """table [S²,W]; mask [B,N]; shapes [B,2] (rows, columns) → [B,N,W]; padding has the first position's."""
    op = blocks.op
    side = round(len(table) ** 0.5)
    rows, columns = (op.Slice(shapes, [i], [i + 1], [1]) for i in (0, 1))  # [B,1]
    slots = op.Range(0, op.Squeeze(op.Slice(op.Shape(mask), [1], [2]), [0]), 1)
    inside = op.Less(slots, op.Mul(rows, columns))  # [B,N]
    slot = op.Where(inside, slots, 0)
    along_rows = triangle(blocks, op.Div(slot, columns), rows, side)  # [B,N,S]
    along_columns = triangle(blocks, op.Mod(slot, columns), columns, side)
    both = op.Mul(op.Unsqueeze(along_rows, [3]), op.Unsqueeze(along_columns, [2]))  # [B,N,S,S]
    weights = blocks.cast(op.Reshape(both, [0, 0, side * side]), blocks.float)
    return op.MatMul(weights, blocks.constant("position_embedding", table))


def triangle(blocks: Blocks, index: ir.Value, size: ir.Value, side: int) -> ir.Value:
    """Weights [B,N,S] of the S source samples for output `index` [B,N] of `size` [B,1], in float32.

    The filter is as wide as the reduction, at least one sample: max(0, 1 − |x − centre| / width), normalised.
    """
    op = blocks.op
    scale = op.Div(float(side), op.Cast(size, to=ir.DataType.FLOAT))  # [B,1]
    centre = op.Mul(scale, op.Add(op.Cast(index, to=ir.DataType.FLOAT), 0.5))
    samples = blocks.builder.initializer(ir.tensor(np.arange(side, dtype=np.float32) + 0.5), f"samples_{index.name}")
    distance = op.Div(op.Abs(op.Sub(samples, op.Unsqueeze(centre, [2]))), op.Unsqueeze(op.Max(scale, 1.0), [2]))
    weights = op.Relu(op.Sub(1.0, distance))
    return op.Div(weights, op.ReduceSum(weights, [2], keepdims=1))
