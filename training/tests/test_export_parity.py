"""Exported graphs in native ONNX Runtime against PyTorch; what is wrong on purpose must fail the comparison."""

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from training.export.image_tower import build_image_tower, read_vision_checkpoint
from training.export.package import save
from training.export.random_checkpoints import VisionSize, write_vision
from training.tests.export_bars import (
    DIFFERENT,
    EXACT,
    ROUNDED,
    WRONG,
    astray,
    centred_cosines,
    deviation,
    deviations,
    mean_pairwise_cosine,
)
from training.tests.export_models import Exported, silence
from training.tests.export_run import open_graph, run_graph, text_feeds
from transformers import SiglipVisionModel

pytestmark = pytest.mark.usefixtures("one_thread")

ROUNDING = ("fp16", "int8")
# Attention does 1,024 tokens in one piece; 1,025 are two of 513 with one row to spare, 1,500 are three.
LENGTHS = (3, 1024, 1025, 1500)


def made_up(tokens: int, salt: int = 0) -> list[int]:
    """Token ids of a text of that length."""
    return [0, *(4 + (i * i * 7 + i * 13 + salt) % 5000 for i in range(tokens - 2)), 2]


def run_text(model: Exported, dtype: str, rows: list[list[int]]) -> dict[str, np.ndarray]:
    return run_graph(open_graph(model.folder / f"text.{dtype}.onnx"), text_feeds(rows))


def run_image(model: Exported, dtype: str, **changes: np.ndarray) -> np.ndarray:
    session = open_graph(model.folder / f"image.{dtype}.onnx")
    return run_graph(session, model.feeds | changes)["pooler_output"]


def rounds_well(got: np.ndarray, expected: np.ndarray) -> None:
    assert centred_cosines(got, expected).min() >= ROUNDED
    assert astray(got, expected) == []


class TestText:
    """All texts in one batch, most of them with padding."""

    @pytest.fixture(scope="class")
    def rows(self, naflex: Exported) -> list[list[int]]:
        return [each.ids for each in naflex.encoded]

    @pytest.fixture(scope="class")
    def dense(self, naflex: Exported) -> np.ndarray:
        return np.stack([each.dense for each in naflex.encoded])

    def test_inputs_tell_outputs_apart(self, dense: np.ndarray) -> None:
        assert len(dense) >= 32
        assert mean_pairwise_cosine(dense) < DIFFERENT

    def test_fp32(self, naflex: Exported, rows: list[list[int]], dense: np.ndarray) -> None:
        got = run_text(naflex, "fp32", rows)
        assert deviations(got["dense_vecs"], dense).max() <= EXACT
        for i, each in enumerate(naflex.encoded):
            n = len(each.ids)
            assert deviation(got["lexical_weights"][i, :n], each.lexical) <= EXACT
            assert deviation(got["colbert_vecs"][i, : n - 1], each.colbert) <= EXACT
            assert not got["lexical_weights"][i, n:].any()
            assert not got["colbert_vecs"][i, n - 1 :].any()

    @pytest.mark.parametrize("dtype", ROUNDING)
    def test_rounded(self, naflex: Exported, rows: list[list[int]], dense: np.ndarray, dtype: str) -> None:
        got = run_text(naflex, dtype, rows)
        rounds_well(got["dense_vecs"], dense)
        tokens = [(i, len(row)) for i, row in enumerate(rows)]
        rounds_well(
            np.concatenate([got["colbert_vecs"][i, : n - 1] for i, n in tokens]),
            np.concatenate([each.colbert for each in naflex.encoded]),
        )
        # One number per token: all of them together are a vector.
        weights = np.concatenate([got["lexical_weights"][i, :n] for i, n in tokens])
        expected = np.concatenate([each.lexical for each in naflex.encoded])
        assert np.corrcoef(weights, expected)[0, 1] >= ROUNDED

    @pytest.mark.parametrize("tokens", LENGTHS)
    def test_lengths_around_the_chunks(self, naflex: Exported, tokens: int) -> None:
        ids = made_up(tokens)
        expected, got = naflex.texts.encode_ids(ids), run_text(naflex, "fp32", [ids])
        assert deviation(got["dense_vecs"][0], expected.dense) <= EXACT
        assert deviation(got["lexical_weights"][0], expected.lexical) <= EXACT
        assert deviation(got["colbert_vecs"][0], expected.colbert) <= EXACT

    def test_lengths_side_by_side(self, naflex: Exported) -> None:
        rows = [made_up(tokens, salt) for salt, tokens in enumerate(LENGTHS)]
        got = run_text(naflex, "fp32", rows)["dense_vecs"]
        expected = [naflex.texts.encode_ids(row).dense for row in rows]
        assert deviations(got, expected).max() <= EXACT
        rounded = run_text(naflex, "fp16", rows)["dense_vecs"]
        assert centred_cosines(rounded, np.stack(expected)).min() >= ROUNDED

    def test_without_its_mask_it_sees_the_padding(
        self, naflex: Exported, rows: list[list[int]], dense: np.ndarray
    ) -> None:
        feeds = text_feeds(rows)
        shorter = ~feeds["attention_mask"].all(axis=1)
        feeds["attention_mask"][:] = 1
        got = run_graph(open_graph(naflex.folder / "text.fp32.onnx"), feeds)["dense_vecs"]
        assert shorter.sum() > 20
        assert deviations(got, dense)[shorter].min() > WRONG

    def test_with_two_tokens_exchanged_it_is_lost(
        self, naflex: Exported, rows: list[list[int]], dense: np.ndarray
    ) -> None:
        swapped = [[row[0], row[2], row[1], *row[3:]] for row in rows]
        different = [len(row) > 3 and row[1] != row[2] for row in rows]
        got = run_text(naflex, "fp32", swapped)["dense_vecs"]
        assert sum(different) > 20
        assert deviations(got, dense)[different].min() > EXACT

    @pytest.mark.parametrize("dtype", ROUNDING)
    def test_with_other_tokens_the_rounded_bar_fails(
        self, naflex: Exported, rows: list[list[int]], dense: np.ndarray, dtype: str
    ) -> None:
        changed = [[row[0], *(token % 5000 + 500 for token in row[1:-1]), row[-1]] for row in rows]
        got = run_text(naflex, dtype, changed)["dense_vecs"]
        assert (centred_cosines(got, dense) < ROUNDED).all()


class TestNaflex:
    """Pictures of all shapes in one batch."""

    def test_inputs_tell_outputs_apart(self, naflex: Exported) -> None:
        grids = {tuple(shape) for shape in naflex.feeds["spatial_shapes"].tolist()}
        assert {(16, 16), (1, 256), (256, 1)} <= grids
        assert len(grids) > 20
        assert len(naflex.features) >= 32
        assert mean_pairwise_cosine(naflex.features) < DIFFERENT

    def test_fp32(self, naflex: Exported) -> None:
        assert deviations(run_image(naflex, "fp32"), naflex.features).max() <= EXACT

    @pytest.mark.parametrize("dtype", ROUNDING)
    def test_rounded(self, naflex: Exported, dtype: str) -> None:
        rounds_well(run_image(naflex, dtype), naflex.features)

    def test_alone_as_in_company(self, naflex: Exported) -> None:
        session = open_graph(naflex.folder / "image.fp32.onnx")
        for i in (0, 3, 4, 9):
            count = int(naflex.feeds["spatial_shapes"][i].prod())
            feeds = {
                name: value[i : i + 1] if name == "spatial_shapes" else value[i : i + 1, :count]
                for name, value in naflex.feeds.items()
            }
            got = run_graph(session, feeds)["pooler_output"]
            assert deviation(got[0], naflex.features[i]) <= EXACT

    def test_without_its_mask_it_sees_the_padding(self, naflex: Exported) -> None:
        mask = naflex.feeds["pixel_attention_mask"]
        padded = ~mask.all(axis=1)
        got = run_image(naflex, "fp32", pixel_attention_mask=np.ones_like(mask))
        assert padded.sum() > 20
        assert deviations(got, naflex.features)[padded].min() > WRONG

    def test_with_rows_and_columns_exchanged_it_is_lost(self, naflex: Exported) -> None:
        shapes = naflex.feeds["spatial_shapes"]
        oblong = shapes[:, 0] != shapes[:, 1]
        got = run_image(naflex, "fp32", spatial_shapes=np.ascontiguousarray(shapes[:, ::-1]))
        assert oblong.sum() > 20
        assert deviations(got, naflex.features)[oblong].min() > WRONG

    @pytest.mark.parametrize("dtype", ("fp32", *ROUNDING))
    def test_with_channels_exchanged_it_is_lost(self, naflex: Exported, dtype: str) -> None:
        pixels = naflex.feeds["pixel_values"]
        rolled = np.roll(pixels.reshape(*pixels.shape[:2], -1, 3), 1, axis=-1).reshape(pixels.shape)
        got = run_image(naflex, dtype, pixel_values=rolled)
        assert deviations(got, naflex.features).min() > WRONG
        assert (centred_cosines(got, naflex.features) < ROUNDED).all()

    def test_outputs_of_other_pictures_are_astray(self, naflex: Exported) -> None:
        assert astray(np.roll(naflex.features, 1, axis=0), naflex.features) == list(range(len(naflex.features)))


class TestFixed:
    """Pictures squeezed into a square."""

    def test_inputs_tell_outputs_apart(self, fixed: Exported) -> None:
        assert len(fixed.features) >= 32
        assert mean_pairwise_cosine(fixed.features) < DIFFERENT

    def test_fp32(self, fixed: Exported) -> None:
        assert deviations(run_image(fixed, "fp32"), fixed.features).max() <= EXACT

    @pytest.mark.parametrize("dtype", ROUNDING)
    def test_rounded(self, fixed: Exported, dtype: str) -> None:
        rounds_well(run_image(fixed, dtype), fixed.features)

    def test_transposed_pictures_are_lost(self, fixed: Exported) -> None:
        pixels = fixed.feeds["pixel_values"]
        turned = np.ascontiguousarray(pixels.swapaxes(2, 3))
        moved = (turned != pixels).any(axis=(1, 2, 3))
        got = run_image(fixed, "fp32", pixel_values=turned)
        assert moved.sum() >= 32
        assert deviations(got, fixed.features)[moved].min() > WRONG

    def test_a_side_that_is_no_whole_number_of_patches(self, tmp_path: Path) -> None:
        """As SigLIP 2 So400m has at 384 pixels with patches of 14: the rest does not count."""
        with silence():
            write_vision(tmp_path / "odd", VisionSize(24, layers=1, heads=2, hidden=32, patch=14, side=32))
        checkpoint = read_vision_checkpoint(tmp_path / "odd")
        save(build_image_tower(checkpoint, "fp32"), tmp_path / "image.onnx")
        pixels = np.random.default_rng(0).standard_normal((4, 3, 32, 32), dtype=np.float32)
        with torch.no_grad():
            model = SiglipVisionModel.from_pretrained(tmp_path / "odd").eval()
            expected = model(pixel_values=torch.from_numpy(pixels)).pooler_output.numpy()
        got = run_graph(open_graph(tmp_path / "image.onnx"), {"pixel_values": pixels})["pooler_output"]
        assert deviations(got, expected).max() <= EXACT


class TestProjector:
    """In float32 in every format of the towers."""

    def test_fp32(self, naflex: Exported) -> None:
        session = open_graph(naflex.folder / "projector.onnx")
        got = run_graph(session, {"features": naflex.features})["embedding"]
        assert deviations(got, naflex.embeddings).max() <= EXACT
        assert mean_pairwise_cosine(naflex.embeddings) < DIFFERENT

    @pytest.mark.parametrize("dtype", ROUNDING)
    def test_behind_a_rounded_tower(self, naflex: Exported, dtype: str) -> None:
        session = open_graph(naflex.folder / "projector.onnx")
        rounds_well(run_graph(session, {"features": run_image(naflex, dtype)})["embedding"], naflex.embeddings)

    def test_with_features_in_another_order_it_is_lost(self, naflex: Exported) -> None:
        session = open_graph(naflex.folder / "projector.onnx")
        turned = np.ascontiguousarray(naflex.features[:, ::-1])
        assert deviations(run_graph(session, {"features": turned})["embedding"], naflex.embeddings).min() > WRONG


@pytest.mark.parametrize("tower", ["text", "image"])
def test_runtime_fuses_every_int8_product(naflex: Exported, tmp_path: Path, tower: str) -> None:
    """The chain of operators has to stay the one that ONNX Runtime knows: unfused it is several times slower."""
    open_graph(naflex.folder / f"{tower}.int8.onnx", optimized=tmp_path / "run.onnx")
    given = onnx.load(naflex.folder / f"{tower}.int8.onnx", load_external_data=False)
    products = sum(node.op_type == "MatMulInteger" for node in given.graph.node)
    kernels = Counter(node.op_type for node in onnx.load(tmp_path / "run.onnx", load_external_data=False).graph.node)
    assert products >= 12
    assert kernels["MatMulInteger"] == 0
    assert kernels["MatMulIntegerToFloat"] + kernels["DynamicQuantizeMatMul"] == products
