"""N-bit formats: weights in blocks of 32 inputs with a scale each, as ONNX Runtime's `MatMulNBits` takes them.

They are for WebGPU, where they save download and memory. Blocks have 32 inputs: for these alone ONNX Runtime has a
tiled product of many rows there. No zero points: they would take 5 % of the error of 4 bits away, at the price of
another kernel that may be wrong. No `accuracy_level`: 4 would quantize activations to 8 bits on the GPUs that are
quick at it, and vectors would depend on the device.
"""

import numpy as np
import onnx_ir as ir
from onnxscript import GraphBuilder

from .initializers import Load, gather_int8, initializer

DOMAIN = "com.microsoft"
BLOCK = 32
# What a block's scale is tried at, in parts of the one at which its largest weight has the largest code: a smaller
# one rounds all weights more finely and cuts the largest off. Of normal weights in 4 bits that takes 4 % of the
# error away, in 8 bits nothing.
FACTORS = {4: (1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.75, 0.7), 8: (1.0,)}


class NBitsFormat:
    """Matrices of 4 or 8 bits. The table of words, 257 MB of BGE-M3 in int8 and more than its layers in 4 bits, is in
    packs as for `int7`; that of positions is int8 with a scale per row, which WebGPU has no kernel for: it is gathered
    on WASM."""

    words_apart = True

    def __init__(self, bits: int, activations: type) -> None:
        self.bits = bits
        self.activations = np.dtype(activations)

    def multiply(self, builder: GraphBuilder, x: ir.Value, name: str, load: Load) -> ir.Value:
        """MatMulNBits."""
        weights = load()
        codes, scales = quantize_blocks(weights, self.bits)
        outputs, inputs = weights.shape
        stored = builder.initializer(ir.tensor(packed(codes, self.bits)), f"{name}_q{self.bits}")
        typed = ir.tensor(scales.astype(self.activations))
        builder.graph.opset_imports[DOMAIN] = 1
        return builder.op.MatMulNBits(
            x,
            stored,
            initializer(builder, f"{name}_scale", typed, weights),
            K=inputs,
            N=outputs,
            bits=self.bits,
            block_size=BLOCK,
            _domain=DOMAIN,
        )

    def gather(self, builder: GraphBuilder, ids: ir.Value, name: str, load: Load) -> ir.Value:
        """Gather of int8 rows, of the table of positions."""
        rows = gather_int8(builder, ids, name, load)
        return rows if self.activations == np.float32 else builder.op.Cast(rows, to=ir.DataType.FLOAT16)


def quantize_blocks(weights: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """[rows, n] float32 → codes [rows, blocks, 32] in 0…2^bits−1 and scales [rows, blocks]:
    weights ≈ (codes − 2^(bits−1)) · scale. What fills up the last block is zero.

    The code that is furthest from zero has no opposite, so a scale bears the sign with which the block's largest
    weight has it. Of a few scales per block the one with the least squared error.
    """
    rows, inputs = weights.shape
    blocks = -(-inputs // BLOCK)
    filled = np.zeros((rows, blocks * BLOCK), np.float32)
    filled[:, :inputs] = weights
    grouped = filled.reshape(rows, blocks, BLOCK)
    zero = 1 << (bits - 1)
    place = np.abs(grouped).argmax(axis=2)[..., None]
    peak = np.take_along_axis(grouped, place, axis=2)[..., 0] / np.float32(-zero)
    # The lower bound keeps a block of zeros from dividing by zero.
    widest = np.where(np.abs(peak) < 1e-12, np.float32(1e-12), peak)
    least = np.full(widest.shape, np.inf, np.float32)
    codes, scales = np.empty(grouped.shape, np.uint8), np.empty_like(widest)
    for factor in FACTORS[bits]:
        tried = widest * np.float32(factor)
        rounded = np.clip(np.rint(grouped / tried[..., None]), -zero, zero - 1)
        error = np.square(rounded * tried[..., None] - grouped).sum(axis=2)
        better = error < least
        codes[better], scales[better], least[better] = (rounded[better] + zero), tried[better], error[better]
    return codes, scales


def packed(codes: np.ndarray, bits: int) -> np.ndarray:
    """As `MatMulNBits` takes them, [rows, blocks, 4 · bits] bytes: two codes of 4 bits a byte, the lower one first."""
    return codes if bits == 8 else codes[..., ::2] | (codes[..., 1::2] << 4)
