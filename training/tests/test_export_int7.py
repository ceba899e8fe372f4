"""`int7`: its files, its manifest, and what its arithmetic makes of them."""

import json
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import load_file
from training.export import encoder_file, word_packs
from training.export.encoder_file import write_encoder
from training.export.errors import CheckpointError
from training.export.int7 import FACTORS, quantize_groups
from training.export.int7_groups import group_of_text
from training.export.int7_layers import Linear, quantize_activations, read
from training.export.int7_reference import Int7Reference
from training.export.package import Sources
from training.export.reference import TextOutputs
from training.export.tensor_file import Part, Spec, write_tensors
from training.export.text_tower import read_text_checkpoint
from training.export.word_packs import packs_of
from training.export.writing_systems import LANGUAGES, PACKS
from training.tests.export_bars import DIFFERENT, ROUNDED, astray, centred_cosines, mean_pairwise_cosine
from training.tests.export_damage import field, put, tensors
from training.tests.export_models import Exported, contents, export_tiny

pytestmark = pytest.mark.usefixtures("one_thread")

LAYERS, WIDTH, HIDDEN, HEADS, GROUP = 2, 48, 96, 3, 16
NEAR = 0.995
"""Cosine of dense vectors with float32's, without what all of them have in common."""


def with_heads(sources: Sources, heads: int, folder: Path) -> Sources:
    """The same weights in heads that are wide enough for the kernel; a copy."""
    shutil.copytree(sources.text, folder / "text")
    field("num_attention_heads", heads)(folder / "text")
    return replace(sources, text=folder / "text")


@pytest.fixture
def texts_alone(tiny: Sources) -> Sources:
    """Checkpoints of whose towers only the text's can be in int7."""
    return replace(tiny, vision=tiny.vision.with_name("fixed"))


@pytest.fixture(scope="module")
def model(naflex: Exported, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The weights of the browser's fixtures, exported with int7."""
    folder = tmp_path_factory.mktemp("int7")
    sources = with_heads(naflex.sources, HEADS, folder)
    export_tiny(sources, folder / "out", ("int8", "int7"))
    return Exported(sources, folder / "out")


@pytest.fixture(scope="module")
def folder(model: Exported) -> Path:
    """Its files."""
    return model.folder


def manifest_of(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def weights_of(model: Exported) -> dict[str, np.ndarray]:
    """Of the checkpoint."""
    return load_file(model.sources.text / "model.safetensors")


def restored(bytes_: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """Weights again."""
    return (bytes_.astype(np.float32) - 64) * np.repeat(scales, bytes_.shape[1] // scales.shape[1], axis=1)


class TestEncoderFile:
    """text.int7.safetensors."""

    @pytest.fixture(scope="class")
    def file(self, folder: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
        return read(folder / "text.int7.safetensors")

    def test_metadata(self, file: tuple[dict, dict]) -> None:
        assert file[1] == {
            "format": "photoglot-bert", "version": "1", "layers": "2", "width": "48", "hidden": "96", "heads": "3",
            "group": "16", "eps": "1e-05", "tokens": "8192", "vocabulary": "6002",
        }  # fmt: skip

    def test_tensors_in_the_order_of_the_kernel(self, folder: Path) -> None:
        content = (folder / "text.int7.safetensors").read_bytes()
        length = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + length])
        del header["__metadata__"]
        linear = [("weight", "U8"), ("scale", "F32"), ("bias", "F32")]
        norm = [("weight", "F32"), ("bias", "F32")]
        layer = [("qkv", linear), ("attention", linear), ("attention.norm", norm), ("up", linear), ("down", linear)]
        blocks = [("embeddings.norm", norm)]
        blocks += [(f"layers.{i}.{name}", parts) for i in range(LAYERS) for name, parts in [*layer, ("norm", norm)]]
        blocks += [("sparse", norm), ("colbert", linear)]
        expected = [(f"{name}.{part}", dtype) for name, parts in blocks for part, dtype in parts]
        assert [(n, e["dtype"]) for n, e in header.items()] == [*expected, ("embeddings.position", "F16")]
        offsets = [entry["data_offsets"] for entry in header.values()]
        assert (offsets[0][0], 8 + length + offsets[-1][1]) == (0, len(content))
        assert all(before[1] == after[0] for before, after in pairwise(offsets))
        # Typed arrays of the browser can lie on the file's bytes.
        assert length % 8 == 0
        assert all(entry["data_offsets"][0] % 4 == 0 for entry in header.values() if entry["dtype"] == "F32")

    def test_shapes(self, file: tuple[dict, dict]) -> None:
        shapes = {name: values.shape for name, values in file[0].items()}
        for name, outputs, inputs in (
            ("layers.1.qkv", 3 * WIDTH, WIDTH),
            ("layers.1.attention", WIDTH, WIDTH),
            ("layers.1.up", HIDDEN, WIDTH),
            ("layers.1.down", WIDTH, HIDDEN),
            ("colbert", WIDTH, WIDTH),
        ):
            assert shapes[f"{name}.weight"] == (outputs, inputs)
            assert shapes[f"{name}.scale"] == (outputs, inputs // GROUP)
            assert shapes[f"{name}.bias"] == (outputs,)
        assert shapes["embeddings.position"] == (8192, WIDTH)
        assert (shapes["sparse.weight"], shapes["sparse.bias"]) == ((WIDTH,), (1,))

    def test_bytes_have_seven_bits_and_no_zero(self, file: tuple[dict, dict]) -> None:
        codes = [values for values in file[0].values() if values.dtype == np.uint8]
        assert len(codes) == 4 * LAYERS + 1
        assert min(each.min() for each in codes) == 1
        assert max(each.max() for each in codes) == 127

    @pytest.mark.parametrize(
        ("ours", "theirs", "rows"),
        [
            ("qkv", "attention.self.key", slice(WIDTH, 2 * WIDTH)),
            ("qkv", "attention.self.value", slice(2 * WIDTH, None)),
            ("attention", "attention.output.dense", slice(None)),
            ("up", "intermediate.dense", slice(None)),
            ("down", "output.dense", slice(None)),
        ],
    )
    def test_linear_layers(self, model: Exported, file: tuple[dict, dict], ours: str, theirs: str, rows: slice) -> None:
        got, exact = file[0], weights_of(model)
        for i in range(LAYERS):
            matrix = restored(got[f"layers.{i}.{ours}.weight"], got[f"layers.{i}.{ours}.scale"])[rows]
            expected = exact[f"encoder.layer.{i}.{theirs}.weight"]
            assert np.linalg.norm(matrix - expected) < 0.015 * np.linalg.norm(expected)
            np.testing.assert_array_equal(
                got[f"layers.{i}.{ours}.bias"][rows], exact[f"encoder.layer.{i}.{theirs}.bias"]
            )

    def test_queries_have_the_root_of_the_depth_in_them(self, model: Exported, file: tuple[dict, dict]) -> None:
        got, exact = file[0], weights_of(model)
        root = (WIDTH / HEADS) ** 0.5
        matrix = restored(got["layers.1.qkv.weight"], got["layers.1.qkv.scale"])[:WIDTH] * root
        expected = exact["encoder.layer.1.attention.self.query.weight"]
        assert np.linalg.norm(matrix - expected) < 0.015 * np.linalg.norm(expected)
        bias = exact["encoder.layer.1.attention.self.query.bias"]
        np.testing.assert_allclose(got["layers.1.qkv.bias"][:WIDTH] * root, bias, rtol=1e-6)

    def test_what_is_not_quantized(self, model: Exported, file: tuple[dict, dict]) -> None:
        got, exact = file[0], weights_of(model)
        for ours, theirs in (
            ("embeddings.norm", "embeddings.LayerNorm"),
            ("layers.1.attention.norm", "encoder.layer.1.attention.output.LayerNorm"),
            ("layers.1.norm", "encoder.layer.1.output.LayerNorm"),
        ):
            for part in ("weight", "bias"):
                np.testing.assert_array_equal(got[f"{ours}.{part}"], exact[f"{theirs}.{part}"])
        head = torch.load(model.sources.text / "sparse_linear.pt")
        np.testing.assert_array_equal(got["sparse.weight"], head["weight"][0])
        np.testing.assert_array_equal(got["sparse.bias"], head["bias"])

    def test_positions_begin_after_the_paddings_own(self, model: Exported, file: tuple[dict, dict]) -> None:
        exact = weights_of(model)
        rows = exact["embeddings.position_embeddings.weight"][2:] + exact["embeddings.token_type_embeddings.weight"][0]
        np.testing.assert_array_equal(file[0]["embeddings.position"], rows.astype(np.float16))


class TestWordPacks:
    """text.rows.*.safetensors."""

    @pytest.fixture(scope="class")
    def packs(self, folder: Path) -> dict[str, dict[str, np.ndarray]]:
        return {path.name.split(".")[2]: read(path)[0] for path in folder.glob("text.rows.*.safetensors")}

    def test_every_row_is_in_exactly_one(self, model: Exported, packs: dict[str, dict[str, np.ndarray]]) -> None:
        ids = np.concatenate([pack["ids"] for pack in packs.values()])
        np.testing.assert_array_equal(np.sort(ids), np.arange(6002))
        table = weights_of(model)["embeddings.word_embeddings.weight"]
        for pack in packs.values():
            assert (np.diff(pack["ids"].astype(np.int64)) > 0).all()
            rows = pack["rows"].astype(np.float32) * pack["scale"][:, None]
            assert np.abs(rows - table[pack["ids"]]).max() <= pack["scale"].max() / 2 * 1.001

    def test_names_and_metadata(self, folder: Path, packs: dict[str, dict[str, np.ndarray]]) -> None:
        # The vocabulary was trained on names in 300 languages.
        assert set(packs) == set(PACKS)
        for name, pack in packs.items():
            with safe_open(folder / word_packs.pack_file(name), framework="np") as file:
                assert file.metadata() == {"format": "photoglot-rows", "version": "1", "width": "48"}
                assert list(file.keys()) == sorted(["ids", "scale", "rows"])
            assert {each: values.dtype.name for each, values in pack.items()} == {
                "ids": "uint32", "scale": "float32", "rows": "int8",
            }  # fmt: skip

    def test_special_tokens_are_in_core_and_rows_without_a_piece_in_other(self, model: Exported) -> None:
        tokenizer = (model.sources.text / "tokenizer.json").read_text(encoding="utf-8")
        packs = packs_of(tokenizer, 6012)
        # <mask> is the last piece.
        assert {0, 1, 2, 3, 6001} <= set(packs["core"].tolist())
        assert set(range(6002, 6012)) <= set(packs["other"].tolist())

    def test_large_packs_are_quantized_in_blocks(
        self, model: Exported, packs: dict[str, dict[str, np.ndarray]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(word_packs, "ROWS_AT_ONCE", 100)
        table = weights_of(model)["embeddings.word_embeddings.weight"]
        pack = packs["latin"]
        ids, scales, rows = word_packs.quantized(table, pack["ids"])
        assert len(ids) > 1000
        np.testing.assert_array_equal(scales, pack["scale"])
        np.testing.assert_array_equal(rows, pack["rows"])

    def test_packs_without_rows_are_not_written(self, texts_alone: Sources, tmp_path: Path) -> None:
        export_tiny(with_heads(texts_alone, 1, tmp_path), tmp_path / "out", ("int8", "int7"))
        # The filler vocabulary ends in Latin letters.
        names = {path.name for path in (tmp_path / "out").glob("text.rows.*")}
        assert names == {"text.rows.core.safetensors", "text.rows.latin.safetensors"}
        (variant, _) = manifest_of(tmp_path / "out")["text"]["backends"]["wasm"]
        assert [rows["file"] for rows in variant["rows"]] == sorted(names)


class TestManifest:
    """Which variant is where."""

    def test_order(self, model: Exported, tmp_path: Path) -> None:
        export_tiny(model.sources, tmp_path / "out", ("fp32", "fp16", "int8", "int7"))
        manifest = manifest_of(tmp_path / "out")
        order = {
            tower: {
                backend: [each["dtype"] for each in found] for backend, found in manifest[tower]["backends"].items()
            }
            for tower in ("text", "image")
        }
        assert order == {
            "text": {"wasm": ["int7", "int8", "fp32"], "webgpu": ["fp16", "int7", "int8", "fp32"]},
            "image": {"wasm": ["int7", "int8", "fp32"], "webgpu": ["fp16", "int7", "fp32", "int8"]},
        }

    def test_variant(self, folder: Path) -> None:
        backends = manifest_of(folder)["text"]["backends"]
        wasm, webgpu = backends["wasm"][0], backends["webgpu"][0]
        assert list(wasm) == ["engine", "file", "rows", "golden", "dtype"]
        assert (wasm["engine"], wasm["file"], wasm["dtype"]) == ("bert", "text.int7.safetensors", "int7")
        assert webgpu == wasm | {"provider": "wasm"}
        assert [rows["name"] for rows in wasm["rows"]] == list(PACKS)
        assert wasm["rows"][0] == {"name": "core", "file": "text.rows.core.safetensors"}
        for rows in wasm["rows"][1:]:
            name = rows["name"]
            assert rows == {
                "name": name, "file": f"text.rows.{name}.safetensors", "languages": list(LANGUAGES[name]),
            }  # fmt: skip

    def test_all_files_are_described(self, folder: Path) -> None:
        manifest = manifest_of(folder)
        assert manifest["files"].keys() == {path.name for path in folder.iterdir()} - {"manifest.json"}
        variant = manifest["text"]["backends"]["wasm"][0]
        assert {variant["file"], *(rows["file"] for rows in variant["rows"])} <= manifest["files"].keys()


class TestArithmetic:
    """The reference of the kernel."""

    @pytest.fixture(scope="class")
    def encoded(self, folder: Path, model: Exported) -> list[TextOutputs]:
        return Int7Reference(folder).encode_ids([each.ids for each in model.encoded])

    def test_against_float32(self, model: Exported, encoded: list[TextOutputs]) -> None:
        dense = np.stack([each.dense for each in model.encoded])
        assert mean_pairwise_cosine(dense) < DIFFERENT
        got = np.stack([each.dense for each in encoded])
        assert centred_cosines(got, dense).min() >= NEAR
        assert astray(got, dense) == []
        got, exact = (np.concatenate([each.colbert for each in outputs]) for outputs in (encoded, model.encoded))
        assert centred_cosines(got, exact).min() >= ROUNDED
        got, exact = (np.concatenate([each.lexical for each in outputs]) for outputs in (encoded, model.encoded))
        assert np.corrcoef(got, exact)[0, 1] >= ROUNDED

    def test_texts_do_not_see_each_other(self, folder: Path, model: Exported, encoded: list[TextOutputs]) -> None:
        reference = Int7Reference(folder)
        for i in (0, 7, 35):
            alone = reference.encode_ids([model.encoded[i].ids])[0]
            np.testing.assert_allclose(alone.dense, encoded[i].dense, atol=1e-2)
            assert alone.colbert.shape == encoded[i].colbert.shape

    @pytest.mark.parametrize("name", ["layers.0.qkv.scale", "layers.1.down.scale", "layers.1.attention.bias"])
    def test_with_two_rows_exchanged_it_is_lost(self, folder: Path, model: Exported, name: str) -> None:
        reference = Int7Reference(folder)
        reference.tensors[name] = reference.tensors[name][::-1].copy()
        got = np.stack([each.dense for each in reference.encode_ids([each.ids for each in model.encoded])])
        dense = np.stack([each.dense for each in model.encoded])
        assert centred_cosines(got, dense).min() < NEAR

    def test_product_is_the_sum_of_the_definition(self) -> None:
        rng = np.random.default_rng(3)
        x = rng.standard_normal((5, 64)).astype(np.float32)
        x[2, 16:32] = 0
        codes, scales = quantize_groups(rng.standard_normal((7, 64)).astype(np.float32), 16)
        bias = rng.standard_normal(7).astype(np.float32)
        expected = np.tile(bias.astype(np.float64), (5, 1))
        for t in range(5):
            for g in range(4):
                part = x[t, 16 * g : 16 * g + 16]
                step = np.abs(part).max() / np.float32(127)
                rounded = np.rint(part / step).astype(np.int64) if step > 0 else np.zeros(16, np.int64)
                for n in range(7):
                    row = codes[n, 16 * g : 16 * g + 16].astype(np.int64) - 64
                    expected[t, n] += float(step) * float(scales[n, g]) * int(rounded @ row)
        np.testing.assert_allclose(Linear(codes, scales, bias)(x), expected, rtol=1e-5, atol=1e-5)

    def test_activations_reach_both_ends(self) -> None:
        codes, scales = quantize_activations(np.array([[-2.0, 1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0]], np.float32), 4)
        assert codes.tolist() == [[-127, 64, 32, 0, 0, 0, 0, 0]]
        assert scales[0].tolist() == pytest.approx([2 / 127, 0])


class TestQuantizedWeights:
    """Scales of the groups."""

    def test_no_worse_than_the_largest_weights_scale(self) -> None:
        # Long groups: in them the many small weights outweigh the few that are cut off.
        weights = np.random.default_rng(5).standard_normal((64, 8192)).astype(np.float32)
        codes, scales = quantize_groups(weights, 4096)
        grouped = weights.reshape(64, 2, 4096)
        plain = np.abs(grouped).max(axis=2) / 63
        before = np.square(np.rint(grouped / plain[..., None]) * plain[..., None] - grouped).sum(axis=2)
        after = np.square(restored(codes, scales) - weights).reshape(grouped.shape).sum(axis=2)
        assert (after <= before * 1.00001).all()
        assert after.mean() < 0.95 * before.mean()
        assert {round(float(each), 2) for each in (scales / plain).ravel()} <= set(FACTORS)

    def test_zeros(self) -> None:
        codes, scales = quantize_groups(np.zeros((2, 32), np.float32), 16)
        assert (codes == 64).all()
        assert np.isfinite(scales).all()

    def test_even_weights_come_back(self) -> None:
        weights = np.arange(-63, 64, dtype=np.float32)[None, :-63] * 0.5
        codes, scales = quantize_groups(weights, 64)
        np.testing.assert_array_equal(restored(codes, scales), weights)


class TestRefused:
    """Checkpoints that int7 does not fit; nothing is written."""

    def refused(self, sources: Sources, tmp_path: Path, *parts: str) -> None:
        before = contents(tmp_path)
        with pytest.raises(CheckpointError) as caught:
            export_tiny(sources, tmp_path / "out", ("int8", "int7"))
        assert [part for part in (str(sources.text), *parts) if part not in str(caught.value)] == [], caught.value
        assert contents(tmp_path) == before

    def test_rows_that_no_group_divides(self, texts_alone: Sources, tmp_path: Path) -> None:
        sources = with_heads(texts_alone, 1, tmp_path)
        field("intermediate_size", 40)(sources.text)
        self.refused(sources, tmp_path, '"intermediate_size"', "16 and 40", "multiples of 16", "--formats fp32")

    def test_heads_that_are_too_narrow(self, texts_alone: Sources, tmp_path: Path) -> None:
        sources = with_heads(texts_alone, 1, tmp_path)
        field("num_attention_heads", 2)(sources.text)
        self.refused(sources, tmp_path, '"num_attention_heads"', "heads of 8", "multiple of 16")

    def test_multi_vectors_of_odd_length(self, texts_alone: Sources, tmp_path: Path) -> None:
        sources = with_heads(texts_alone, 1, tmp_path)
        torch.save({"weight": torch.zeros(6, 16), "bias": torch.zeros(6)}, sources.text / "colbert_linear.pt")
        self.refused(sources, tmp_path, "multi-vectors have 6", "multiple of 4")

    def test_positions_beyond_float16(self, texts_alone: Sources, tmp_path: Path) -> None:
        sources = with_heads(texts_alone, 1, tmp_path)
        # Not the first row, which is the padding's.
        tensors(lambda state: state["embeddings.position_embeddings.weight"][5].fill_(1e5))(sources.text)
        self.refused(sources, tmp_path, '"embeddings.position_embeddings.weight"', "int7 cannot hold", "--formats")

    def test_tensors_left_over(self, texts_alone: Sources, tmp_path: Path) -> None:
        sources = with_heads(texts_alone, 1, tmp_path)
        tensors(put("encoder.layer.1.adapter.weight", torch.zeros(4)))(sources.text)
        checkpoint = read_text_checkpoint(sources.text)
        with pytest.raises(CheckpointError, match="no place for"):
            write_encoder(tmp_path / "out", checkpoint, group_of_text(checkpoint))


@pytest.mark.parametrize(
    ("width", "heads", "hidden", "group"),
    [(1024, 16, 4096, 128), (384, 12, 1536, 128), (96, 3, 384, 32), (64, 4, 128, 64), (48, 3, 96, 16)],
)
def test_groups_divide_both_lengths_of_rows(model: Exported, width: int, heads: int, hidden: int, group: int) -> None:
    checkpoint = read_text_checkpoint(model.sources.text)
    sizes = vars(checkpoint.config) | {"width": width, "heads": heads, "hidden": hidden}
    resized = type(checkpoint)(**(vars(checkpoint) | {"config": type(checkpoint.config)(**sizes)}))
    assert group_of_text(resized) == group


class TestTensorFile:
    """The container."""

    def test_any_tensors_come_back(self, tmp_path: Path) -> None:
        values = {
            "a": ("U8", np.arange(3, dtype=np.uint8)),
            "b": ("F32", np.linspace(0, 1, 6, dtype=np.float32).reshape(2, 3).T),
            "c": ("F16", np.array([[1.5]], np.float16)),
            "d": ("U32", np.array([2**32 - 1], np.uint32)),
            "e": ("I8", np.array([-128, 127], np.int8)),
        }
        parts = [
            Part((Spec(name, dtype, array.shape),), lambda array=array: (array,))
            for name, (dtype, array) in values.items()
        ]
        write_tensors(tmp_path / "file", {"note": "ä"}, parts)
        with safe_open(tmp_path / "file", framework="np") as file:
            assert file.metadata() == {"note": "ä"}
            for name, (_, array) in values.items():
                got = file.get_tensor(name)
                assert got.dtype == array.dtype
                np.testing.assert_array_equal(got, array)

    def test_parts_are_made_when_their_turn_comes(self, tmp_path: Path) -> None:
        sizes = []

        def make() -> tuple[np.ndarray]:
            sizes.append((tmp_path / "file").stat().st_size)
            return (np.zeros(100_000, np.uint8),)

        write_tensors(tmp_path / "file", {}, [Part((Spec(name, "U8", (100_000,)),), make) for name in "abc"])
        # A file's buffer may hold the last few bytes back.
        assert [round(size, -4) for size in sizes] == [0, 100_000, 200_000]

    def test_shape_that_the_header_does_not_have(self, tmp_path: Path) -> None:
        part = Part((Spec("a", "F32", (3,)),), lambda: (np.zeros(4, np.float32),))
        with pytest.raises(ValueError, match=r"a has shape \(4,\); its header says \(3,\)"):
            write_tensors(tmp_path / "file", {}, [part])


def test_the_kernels_version_is_told() -> None:
    """A change of the format needs a new number, and a kernel that reads it."""
    assert (encoder_file.FORMAT, encoder_file.VERSION) == ("photoglot-bert", "1")
    assert (word_packs.FORMAT, word_packs.VERSION) == ("photoglot-rows", "1")
