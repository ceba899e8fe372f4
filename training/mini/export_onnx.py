"""PyTorch towers → the two ONNX files that ship."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from .image_model import ImageEncoder
from .text_model import LEVELS, TextEncoder, codes_of

OPSET = 17


class QuantizedText(nn.Module):
    """The text tower with its table as 4-bit codes, two a byte, and a scale per row: the table is nearly
    all of its weights."""

    def __init__(self, encoder: TextEncoder) -> None:
        super().__init__()
        self.encoder = encoder
        codes, scale = codes_of(encoder.table.weight.detach())
        low, high = (codes + (LEVELS + 1)).to(torch.uint8).chunk(2, dim=1)
        self.register_buffer("packed", low + 16 * high)
        self.register_buffer("scale", scale)

    def rows(self, ids: Tensor) -> Tensor:
        """Table rows [B,T,W]; by arithmetic, as integer operators are not in every backend."""
        packed = self.packed[ids].float()
        high = torch.floor(packed / 16)
        return (torch.cat([packed - 16 * high, high], dim=-1) - (LEVELS + 1)) * self.scale[ids]

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """ids, mask [B,T] int64 → unit rows [B,D]."""
        x = self.encoder.contextualise(self.rows(input_ids), attention_mask)
        return self.encoder.pool(x, attention_mask)


def export_text(encoder: TextEncoder, out: Path) -> None:
    """Table in 4 bits, matrix products dynamic int8 per channel."""
    exact = out.with_suffix(".fp32.onnx")
    ids = torch.ones(2, 7, dtype=torch.int64)
    batch, tokens = torch.export.Dim("batch", min=1, max=4096), torch.export.Dim("tokens", min=1, max=64)
    program = torch.onnx.export(
        QuantizedText(encoder).eval(),
        (ids, torch.ones_like(ids)),
        dynamo=True,
        input_names=["input_ids", "attention_mask"],
        output_names=["embedding"],
        dynamic_shapes={"input_ids": {0: batch, 1: tokens}, "attention_mask": {0: batch, 1: tokens}},
        opset_version=OPSET + 1,
        verbose=False,
    )
    program.save(str(exact))
    model = onnx.load(exact)
    # Shapes written by the exporter for its own example contradict the quantizer's.
    del model.graph.value_info[:]
    onnx.save(model, exact)
    quantize_dynamic(exact, out, op_types_to_quantize=["MatMul", "Gemm"], per_channel=True, weight_type=QuantType.QInt8)
    small = onnx.load(out)
    drop_notes(small)
    onnx.save(small, out)
    exact.unlink()


def export_image(encoder: ImageEncoder, side: int, out: Path) -> None:
    """Weights stored as int8 per output channel behind DequantizeLinear; everything computes in fp32."""
    example = torch.zeros(2, 3, side, side)
    program = torch.onnx.export(
        encoder.eval(),
        (example,),
        dynamo=True,
        input_names=["pixels"],
        output_names=["embedding"],
        dynamic_shapes={"pixels": {0: torch.export.Dim("batch", min=1, max=64)}},
        opset_version=OPSET + 1,
        verbose=False,
    )
    exact = out.with_suffix(".fp32.onnx")
    program.save(str(exact))
    model = onnx.load(exact)
    del model.graph.value_info[:]
    store_weights_small(model)
    drop_notes(model)
    onnx.checker.check_model(model)
    onnx.save(model, out)
    exact.unlink()


def drop_notes(model: onnx.ModelProto) -> None:
    """Removes what the exporter notes of where each node comes from: source lines and paths of the machine."""
    graph = model.graph
    nodes = [node for part in (graph, *model.functions) for node in part.node]
    for noted in (*nodes, *graph.input, *graph.output, *graph.value_info, *graph.initializer, graph, *model.functions):
        del noted.metadata_props[:]
        noted.doc_string = ""
    del model.metadata_props[:]


def store_weights_small(model: onnx.ModelProto) -> None:
    """Replaces every large float initializer by int8 codes, a scale per channel and DequantizeLinear."""
    graph = model.graph
    channel = {}
    for node in graph.node:
        for name in node.input[1:2]:
            # Depthwise weights are few and the most sensitive: they stay.
            grouped = any(a.name == "group" and a.i > 1 for a in node.attribute)
            if node.op_type == "Conv" and not grouped:
                channel[name] = 0
            elif node.op_type == "Gemm":
                transposed = any(a.name == "transB" and a.i for a in node.attribute)
                channel[name] = 0 if transposed else 1
            elif node.op_type == "MatMul":
                channel[name] = 1
    added = []
    for tensor in list(graph.initializer):
        axis = channel.get(tensor.name)
        weights = numpy_helper.to_array(tensor) if axis is not None else np.zeros(0)
        if axis is None or weights.size < 1024 or weights.dtype != np.float32:
            continue
        others = tuple(i for i in range(weights.ndim) if i != axis)
        scale = np.maximum(np.abs(weights).max(axis=others), 1e-12).astype(np.float32) / 127
        shape = [1] * weights.ndim
        shape[axis] = -1
        codes = np.rint(weights / scale.reshape(shape)).astype(np.int8)
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(codes, tensor.name + "_int8"))
        graph.initializer.append(numpy_helper.from_array(scale, tensor.name + "_scale"))
        added.append(
            helper.make_node(
                "DequantizeLinear", [tensor.name + "_int8", tensor.name + "_scale"], [tensor.name], axis=axis
            )
        )
    for node in reversed(added):
        graph.node.insert(0, node)
