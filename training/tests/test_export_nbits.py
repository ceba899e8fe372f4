"""N-bit formats: how weights become codes, what the graphs make of them, and what the manifest says."""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnx_ir as ir
import pytest
import torch
from torch import nn
from training.export import __main__ as command
from training.export import golden_inputs
from training.export.blocks import Blocks
from training.export.errors import CheckpointError
from training.export.formats import FORMATS, NBITS, FormatName
from training.export.image_tower import read_projector
from training.export.initializers import quantize_rows
from training.export.nbits import BLOCK, quantize_blocks
from training.export.package import Sources, save
from training.export.reference import ImageReference, TextReference, embedded
from training.export.text_tower import WORDS_INPUT, read_text_checkpoint
from training.export.word_table import WordTable
from training.tests import make_nbits_fixtures
from training.tests.export_bars import EXACT, ROUNDED, WRONG, centred_cosines, deviation, deviations
from training.tests.export_models import Exported, export_tiny, silence
from training.tests.export_run import Feeds, open_graph, run_graph, text_feeds
from training.tests.test_export_fixtures import stored as vectors_of

pytestmark = pytest.mark.usefixtures("one_thread")

BITS = {"q4": 4, "q4f16": 4, "w8": 8, "w8f16": 8}
RANDOM = np.random.default_rng(0)


@pytest.fixture(scope="module")
def models(export_pair: tuple[Exported, Exported], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Exported]:
    """The checkpoints of `naflex` and `fixed`, in all N-bit formats, and int8 for WASM."""
    folder = tmp_path_factory.mktemp("nbits")
    made = {}
    for label, model in zip(("naflex", "fixed"), export_pair, strict=True):
        export_tiny(model.sources, folder / label, ("int8", *NBITS))
        made[label] = Exported(model.sources, folder / label)
    return made


@pytest.fixture
def model(models: dict[str, Exported]) -> Exported:
    """NaFlex."""
    return models["naflex"]


def words_too(model: Exported, feeds: dict[str, np.ndarray]) -> Feeds:
    """With the rows of the tokens' words."""
    return feeds | {WORDS_INPUT: WordTable(model.folder)(feeds["input_ids"])}


def dequantized(weights: np.ndarray, bits: int) -> np.ndarray:
    """What the codes stand for, in the shape of the weights."""
    codes, scales = quantize_blocks(weights, bits)
    values = (codes.astype(np.float32) - (1 << (bits - 1))) * scales[..., None]
    return values.reshape(len(weights), -1)[:, : weights.shape[1]]


@torch.no_grad()
def rounded(model: nn.Module, bits: int) -> None:
    """Gives a reference the weights that the format stores: matrices in blocks, tables in int8 rows. What the graph
    keeps in floats stays: the token types, and the query of the pooling head's probe."""

    def through(weight: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(dequantized(weight.numpy(), bits))

    for name, module in model.named_modules():
        if isinstance(module, nn.MultiheadAttention):
            module.in_proj_weight[module.embed_dim :] = through(module.in_proj_weight[module.embed_dim :])
        if isinstance(module, nn.Linear):
            module.weight.copy_(through(module.weight))
        if isinstance(module, nn.Conv2d):
            module.weight.copy_(through(module.weight.flatten(1)).view_as(module.weight))
        if name in ("embeddings.word_embeddings", "embeddings.position_embeddings"):
            codes, scales = quantize_rows(module.weight.numpy())
            module.weight.copy_(torch.from_numpy(codes * scales[:, None]))


class TestCodes:
    """`quantize_blocks`."""

    @pytest.mark.parametrize("bits", [4, 8])
    def test_levels_come_back(self, bits: int) -> None:
        """Every level of a block whose largest weight has the code without an opposite, of either sign."""
        zero = 1 << (bits - 1)
        levels = np.linspace(-zero, zero - 1, BLOCK).round().astype(np.float32)
        weights = np.stack([levels * 0.25, levels * -3])
        np.testing.assert_array_equal(dequantized(weights, bits), weights)

    @pytest.mark.parametrize(("bits", "bar"), [(4, 0.094), (8, 0.006)])
    def test_errors_are_small(self, bits: int, bar: float) -> None:
        weights = RANDOM.standard_normal((64, 256), dtype=np.float32)
        errors = dequantized(weights, bits) - weights
        assert np.sqrt(np.square(errors).mean()) < bar

    def test_a_large_weight_spoils_its_block_alone(self) -> None:
        weights = RANDOM.standard_normal((1, 3 * BLOCK), dtype=np.float32)
        loud = weights.copy()
        loud[0, BLOCK] = 1000
        kept = np.r_[0:BLOCK, 2 * BLOCK : 3 * BLOCK]
        np.testing.assert_array_equal(dequantized(loud, 4)[0, kept], dequantized(weights, 4)[0, kept])

    @pytest.mark.parametrize("bits", [4, 8])
    def test_what_fills_up_the_last_block_is_zero(self, bits: int) -> None:
        codes, scales = quantize_blocks(RANDOM.standard_normal((3, BLOCK + 8), dtype=np.float32), bits)
        assert codes.shape == (3, 2, BLOCK)
        assert scales.shape == (3, 2)
        assert (codes[:, 1, 8:] == 1 << (bits - 1)).all()

    @pytest.mark.parametrize("bits", [4, 8])
    def test_zeros_are_zeros(self, bits: int) -> None:
        assert not dequantized(np.zeros((2, 2 * BLOCK), np.float32), bits).any()


@pytest.mark.parametrize("dtype", NBITS)
@pytest.mark.parametrize("inputs", [BLOCK, 40, 3 * BLOCK])
def test_a_product_is_that_of_the_codes(tmp_path: Path, dtype: FormatName, inputs: int) -> None:
    """One layer by itself: codes, their order and the scales as ONNX Runtime reads them."""
    weights = RANDOM.standard_normal((5, inputs), dtype=np.float32)
    blocks = Blocks("layer", dtype)
    x = blocks.input("x", ir.DataType.FLOAT, "rows", inputs)
    product = blocks.format.multiply(blocks.builder, blocks.cast(x, blocks.float), "layer", lambda: weights)
    blocks.output(product, "y", "rows", 5)
    save(blocks.model(), tmp_path / "layer.onnx")
    onnx.checker.check_model(onnx.load(tmp_path / "layer.onnx"))
    unit = np.eye(inputs, dtype=np.float32)
    got = run_graph(open_graph(tmp_path / "layer.onnx"), {"x": unit})["y"].T
    tolerance = 1e-6 if blocks.format.activations == np.float32 else 2e-3
    np.testing.assert_allclose(got, dequantized(weights, BITS[dtype]), atol=tolerance * np.abs(weights).max())


class TestTowers:
    """Whole graphs against PyTorch on the weights that the format stores."""

    @pytest.fixture(scope="class", params=NBITS)
    def dtype(self, request: pytest.FixtureRequest) -> FormatName:
        return request.param

    def agrees(self, got: np.ndarray, expected: np.ndarray, dtype: FormatName) -> None:
        if dtype in ("q4", "w8"):
            assert deviations(got, expected).max() <= EXACT
        else:
            assert centred_cosines(got, expected).min() >= ROUNDED

    def test_texts(self, model: Exported, dtype: FormatName) -> None:
        reference = TextReference(read_text_checkpoint(model.sources.text))
        rounded(reference.model, BITS[dtype])
        rows = [each.ids for each in model.encoded]
        expected = [reference.encode_ids(row) for row in rows]
        got = run_graph(open_graph(model.folder / f"text.{dtype}.onnx"), words_too(model, text_feeds(rows)))
        self.agrees(got["dense_vecs"], np.stack([each.dense for each in expected]), dtype)
        if dtype in ("q4", "w8"):
            for i, each in enumerate(expected):
                n = len(each.ids)
                assert deviation(got["lexical_weights"][i, :n], each.lexical) <= EXACT
                assert deviation(got["colbert_vecs"][i, : n - 1], each.colbert) <= EXACT

    @pytest.mark.parametrize("label", ["naflex", "fixed"])
    def test_pictures(self, models: dict[str, Exported], label: str, dtype: FormatName) -> None:
        model = models[label]
        reference: ImageReference = Exported(model.sources, model.folder).images
        rounded(reference.model, BITS[dtype])
        with torch.no_grad():
            given = {name: torch.from_numpy(value) for name, value in model.feeds.items()}
            expected = reference.model(**given).pooler_output.numpy()
        got = run_graph(open_graph(model.folder / f"image.{dtype}.onnx"), model.feeds)["pooler_output"]
        self.agrees(got, expected, dtype)
        # Rounding is seen at all.
        assert deviations(got, model.features).min() > EXACT

    def test_eight_bits_are_nearly_the_floats(self, model: Exported) -> None:
        feeds = words_too(model, text_feeds([each.ids for each in model.encoded]))
        got = run_graph(open_graph(model.folder / "text.w8.onnx"), feeds)["dense_vecs"]
        assert centred_cosines(got, np.stack([each.dense for each in model.encoded])).min() >= ROUNDED

    def test_every_matrix_is_quantized_and_words_are_an_input(self, model: Exported, dtype: FormatName) -> None:
        graph = onnx.load(model.folder / f"text.{dtype}.onnx", load_external_data=False).graph
        kinds = Counter(node.op_type for node in graph.node)
        # Two layers of six; the heads stay in floats.
        assert (kinds["MatMulNBits"], kinds["MatMul"]) == (12, 2)
        for node in graph.node:
            if node.op_type == "MatMulNBits":
                attributes = {each.name: each.i for each in node.attribute}
                assert attributes.keys() == {"K", "N", "bits", "block_size"}
                assert (attributes["bits"], attributes["block_size"]) == (BITS[dtype], BLOCK)
                # No zero points.
                assert len(node.input) == 3
        positions = [each.dims[0] for each in graph.initializer if each.data_type == onnx.TensorProto.INT8]
        assert positions == [8194]
        assert {each.name for each in graph.input} == {"input_ids", "attention_mask", WORDS_INPUT}
        types = [each.type.tensor_type.elem_type for each in (*graph.input, *graph.output)]
        assert types.count(onnx.TensorProto.FLOAT) == 4


class TestManifest:
    """Which variants there are, what they need, and their golden vectors."""

    @pytest.mark.parametrize("tower", ["text", "image"])
    def test_they_are_for_webgpu_alone(self, model: Exported, tower: str) -> None:
        wasm, webgpu = (model.manifest()[tower]["backends"][name] for name in ("wasm", "webgpu"))
        assert [each["dtype"] for each in wasm] == ["int8"]
        offered = [(each["dtype"], each.get("needs"), each.get("provider")) for each in webgpu]
        half = ["shader-f16"]
        assert offered == [
            ("w8f16", half, None),
            ("q4f16", half, None),
            ("w8", None, None),
            ("q4", None, None),
            ("int8", None, "wasm"),
        ]

    def test_words_are_in_packs(self, tiny: Sources, tmp_path: Path) -> None:
        folder = tmp_path / "out"
        export_tiny(tiny, folder, ("int8", "q4", "w8f16"))
        text = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["text"]
        packs = {each["dtype"]: each.get("rows") for each in text["backends"]["webgpu"]}
        assert packs["int8"] is None
        assert packs["q4"] == packs["w8f16"]
        assert {each["file"] for each in packs["q4"]} == {path.name for path in folder.glob("text.rows.*")}
        table = WordTable(folder)
        assert text["words"] == {"input": WORDS_INPUT, "vocabulary": len(table.rows), "width": table.rows.shape[1]}
        export_tiny(tiny, tmp_path / "whole", ("int8",))
        without = json.loads((tmp_path / "whole/manifest.json").read_text(encoding="utf-8"))["text"]
        assert "words" not in without

    def test_golden_vectors_are_of_the_format(self, model: Exported) -> None:
        manifest = model.manifest()
        for tower in ("text", "image"):
            inputs = [each["input"] for each in manifest["golden"][tower]]
            exact = vectors_of(manifest["golden"][tower], "vector")
            for each in manifest[tower]["backends"]["webgpu"]:
                if each["dtype"] not in NBITS:
                    assert "golden" not in each
                    continue
                # Texts of pieces that every device loads are before the others.
                signs = list(golden_inputs.SIGNS) if tower == "text" else []
                assert [one["input"] for one in each["golden"]] == signs + inputs
                own = vectors_of(each["golden"], "vector")
                np.testing.assert_allclose(np.linalg.norm(own, axis=1), 1, atol=1e-4)
                bar = WRONG if BITS[each["dtype"]] == 4 else EXACT
                assert deviations(own[len(signs) :], exact).max() > bar

    def test_golden_pictures_are_those_of_pytorch_on_the_same_weights(self, model: Exported) -> None:
        reference = Exported(model.sources, model.folder).images
        rounded(reference.model, 4)
        features = reference.features([golden_inputs.image(name) for name in golden_inputs.IMAGES])
        expected = embedded(features, read_projector(model.sources.projector))
        variants = model.manifest()["image"]["backends"]["webgpu"]
        (own,) = [each["golden"] for each in variants if each["dtype"] == "q4"]
        assert deviations(vectors_of(own, "vector"), expected).max() <= EXACT


def test_the_browsers_model_is_made_anew_alike(tmp_path: Path) -> None:
    made = tmp_path / make_nbits_fixtures.LABEL
    with silence():
        make_nbits_fixtures.write(made)
    stored = make_nbits_fixtures.FOLDER / make_nbits_fixtures.LABEL
    # Golden vectors may differ in the last bit between processors; all files must not.
    files = [json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"] for folder in (made, stored)]
    assert files[0] == files[1], "run python -m training.tests.make_nbits_fixtures"
    assert {path.name for path in stored.iterdir()} == {*files[1], "manifest.json"}


def test_wasm_runs_none_of_them(tiny: Sources, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="formats q4: WASM runs none"):
        export_tiny(tiny, tmp_path / "out", ("q4",))


def test_they_are_written_where_they_are_named_only() -> None:
    default = command.parser().parse_args(["--random", "bge-m3", "--out", "out"]).formats
    assert default == ["fp32", "fp16", "int8", "int7"]
    named = command.parser().parse_args(["--random", "bge-m3", "--out", "out", "--formats", "int8", *NBITS]).formats
    assert set(named) - set(default) == set(NBITS) == set(FORMATS) - {"fp32", "fp16", "int8"}


@pytest.mark.parametrize("dtype", ["q4f16", "w8f16"])
def test_weights_beyond_float16_are_refused(dtype: FormatName) -> None:
    blocks = Blocks("layer", dtype)
    x = blocks.input("x", ir.DataType.FLOAT16, "rows", BLOCK)
    weights = np.full((1, BLOCK), 1e5, np.float32)
    with pytest.raises(CheckpointError, match=re.escape("fp16 cannot hold the values of")):
        blocks.format.multiply(blocks.builder, x, "layer", lambda: weights)
