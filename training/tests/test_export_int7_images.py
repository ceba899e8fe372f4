"""`int7` of vision towers and projectors: files, manifest, and what its arithmetic makes of them."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import load_file
from training.export import golden_inputs, projector_file, vision_file
from training.export.configs import VisionConfig
from training.export.errors import CheckpointError
from training.export.image_tower import read_projector, read_vision_checkpoint
from training.export.int7 import quantize_groups
from training.export.int7_groups import group_of_vision
from training.export.int7_image_reference import Int7ImageReference, Int7ProjectorReference, resized
from training.export.int7_layers import read, unit
from training.export.package import Sources
from training.export.random_checkpoints import TextSize, VisionSize, write_projector, write_text, write_vision
from training.export.reference import embedded, resized_positions
from training.export.twins import filler_tokenizer
from training.export.vision_file import write_vision as write_vision_file
from training.tests.export_bars import DIFFERENT, EXACT, astray, centred_cosines, deviations, mean_pairwise_cosine
from training.tests.export_damage import field, put, tensors
from training.tests.export_inputs import SIZES, patchwork
from training.tests.export_models import Exported, contents, export_tiny, silence

pytestmark = pytest.mark.usefixtures("one_thread")

LAYERS, WIDTH, HIDDEN, FILLED, HEADS, GROUP, PATCH = 2, 48, 100, 112, 2, 16, 768
INNER, OUTPUTS = 64, 32
NEAR = 0.99
"""Cosine of features with float32's, without what all of them have in common."""


def write_sources(folder: Path) -> Sources:
    """Tiny checkpoints that `int7` fits, and whose hidden numbers it has to fill up."""
    tokenizer = folder / "filler.json"
    tokenizer.write_text(json.dumps(filler_tokenizer(300), ensure_ascii=False), encoding="utf-8")
    with silence():
        write_text(folder / "text", TextSize(300, width=OUTPUTS, layers=1, heads=2, hidden=32, positions=66), tokenizer)
        write_vision(folder / "vision", VisionSize(WIDTH, layers=LAYERS, heads=HEADS, hidden=HIDDEN, positions=16))
        write_vision(folder / "fixed", VisionSize(WIDTH, layers=1, heads=HEADS, hidden=HIDDEN, side=32))
    write_projector(folder / "projector.pt", WIDTH, OUTPUTS, hidden=INNER)
    return Sources(folder / "text", folder / "vision", folder / "projector.pt")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Exported in int7 alone."""
    folder = tmp_path_factory.mktemp("int7-images")
    sources = write_sources(folder)
    export_tiny(sources, folder / "out", ("int7",))
    return Exported(sources, folder / "out")


@pytest.fixture
def own(tmp_path: Path) -> Sources:
    """Such checkpoints, which may be changed."""
    (tmp_path / "in").mkdir()
    return write_sources(tmp_path / "in")


@pytest.fixture(scope="module")
def exact(model: Exported) -> dict[str, np.ndarray]:
    """The tower's weights."""
    return load_file(model.sources.vision / "model.safetensors")


@pytest.fixture(scope="module")
def projector(model: Exported) -> dict[str, np.ndarray]:
    """The projector's weights."""
    state = torch.load(model.sources.projector)
    return {name.removeprefix("projector."): values.numpy() for name, values in state.items()}


def restored(tensors: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Weights again."""
    codes, scales = tensors[f"{name}.weight"], tensors[f"{name}.scale"]
    return (codes.astype(np.float32) - 64) * np.repeat(scales, codes.shape[1] // scales.shape[1], axis=1)


def header_of(file: Path) -> list[tuple[str, str]]:
    """Names and types in the order of the file, whose tensors lie one after another up to its end."""
    content = file.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    del header["__metadata__"]
    offsets = [entry["data_offsets"] for entry in header.values()]
    assert (offsets[0][0], 8 + length + offsets[-1][1]) == (0, len(content))
    assert all(before[1] == after[0] for before, after in pairwise(offsets))
    # Typed arrays of the browser can lie on the file's bytes.
    assert length % 8 == 0
    assert all(entry["data_offsets"][0] % 4 == 0 for entry in header.values() if entry["dtype"] == "F32")
    return [(name, entry["dtype"]) for name, entry in header.items()]


def near(got: np.ndarray, expected: np.ndarray) -> bool:
    """As near as 7 bits are."""
    return np.linalg.norm(got - expected) < 0.015 * np.linalg.norm(expected)


LINEAR = [("weight", "U8"), ("scale", "F32"), ("bias", "F32")]
NORM = [("weight", "F32"), ("bias", "F32")]


class TestVisionFile:
    """image.int7.safetensors."""

    @pytest.fixture(scope="class")
    def file(self, model: Exported) -> tuple[dict[str, np.ndarray], dict[str, str]]:
        return read(model.folder / "image.int7.safetensors")

    def test_metadata(self, file: tuple[dict, dict]) -> None:
        assert file[1] == {
            "format": "photoglot-siglip", "version": "1", "layers": "2", "width": "48", "hidden": "112", "heads": "2",
            "depth": "24", "group": "16", "eps": "1e-06", "patch": "16", "side": "4",
        }  # fmt: skip

    def test_tensors_in_the_order_of_the_kernel(self, model: Exported) -> None:
        def named(name: str, parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
            return [(f"{name}.{part}", dtype) for part, dtype in parts]

        layer = [("norm1", NORM), ("qkv", LINEAR), ("attention", LINEAR), ("norm2", NORM), ("up", LINEAR)]
        head = [("kv", LINEAR), ("attention", LINEAR), ("norm", NORM), ("up", LINEAR), ("down", LINEAR)]
        layers = [(f"layers.{i}.{name}", parts) for i in range(LAYERS) for name, parts in [*layer, ("down", LINEAR)]]
        assert header_of(model.folder / "image.int7.safetensors") == [
            *named("patch", LINEAR),
            ("positions", "F32"),
            *(each for name, parts in [*layers, ("norm", NORM)] for each in named(name, parts)),
            ("head.query", "F32"),
            *(each for name, parts in head for each in named(f"head.{name}", parts)),
        ]

    @pytest.mark.parametrize(
        ("name", "outputs", "inputs"),
        [
            ("patch", WIDTH, PATCH),
            ("layers.1.qkv", 3 * WIDTH, WIDTH),
            ("layers.1.attention", WIDTH, WIDTH),
            ("layers.1.up", FILLED, WIDTH),
            ("layers.1.down", WIDTH, FILLED),
            ("head.kv", 2 * WIDTH, WIDTH),
            ("head.attention", WIDTH, WIDTH),
            ("head.up", FILLED, WIDTH),
            ("head.down", WIDTH, FILLED),
        ],
    )
    def test_shapes(self, file: tuple[dict, dict], name: str, outputs: int, inputs: int) -> None:
        shapes = [file[0][f"{name}.{part}"].shape for part in ("weight", "scale", "bias")]
        assert shapes == [(outputs, inputs), (outputs, inputs // GROUP), (outputs,)]

    def test_bytes_have_seven_bits_and_no_zero(self, file: tuple[dict, dict]) -> None:
        codes = [values for values in file[0].values() if values.dtype == np.uint8]
        assert len(codes) == 1 + 4 * LAYERS + 4
        assert min(each.min() for each in codes) == 1
        assert max(each.max() for each in codes) == 127

    @pytest.mark.parametrize(
        ("ours", "theirs", "rows"),
        [
            ("patch", "embeddings.patch_embedding", slice(None)),
            ("layers.0.qkv", "encoder.layers.0.self_attn.k_proj", slice(WIDTH, 2 * WIDTH)),
            ("layers.1.qkv", "encoder.layers.1.self_attn.v_proj", slice(2 * WIDTH, None)),
            ("layers.1.attention", "encoder.layers.1.self_attn.out_proj", slice(None)),
            ("layers.1.up", "encoder.layers.1.mlp.fc1", slice(HIDDEN)),
            ("layers.1.down", "encoder.layers.1.mlp.fc2", slice(None)),
            ("head.attention", "head.attention.out_proj", slice(None)),
            ("head.up", "head.mlp.fc1", slice(HIDDEN)),
            ("head.down", "head.mlp.fc2", slice(None)),
        ],
    )
    def test_linear_layers(
        self, file: tuple[dict, dict], exact: dict[str, np.ndarray], ours: str, theirs: str, rows: slice
    ) -> None:
        expected = exact[f"{theirs}.weight"]
        assert near(restored(file[0], ours)[rows, : expected.shape[1]], expected)
        np.testing.assert_array_equal(file[0][f"{ours}.bias"][rows], exact[f"{theirs}.bias"])

    def test_queries_have_the_root_of_the_depth_in_them(
        self, file: tuple[dict, dict], exact: dict[str, np.ndarray]
    ) -> None:
        root, theirs = (WIDTH / HEADS) ** 0.5, "encoder.layers.1.self_attn.q_proj"
        assert near(restored(file[0], "layers.1.qkv")[:WIDTH] * root, exact[f"{theirs}.weight"])
        bias = file[0]["layers.1.qkv.bias"][:WIDTH] * root
        np.testing.assert_allclose(bias, exact[f"{theirs}.bias"], rtol=1e-6)

    def test_the_heads_query_is_a_constant(self, file: tuple[dict, dict], exact: dict[str, np.ndarray]) -> None:
        matrix, bias = (exact[f"head.attention.in_proj_{part}"] for part in ("weight", "bias"))
        query = (matrix[:WIDTH] @ exact["head.probe"][0, 0] + bias[:WIDTH]) / (WIDTH / HEADS) ** 0.5
        np.testing.assert_allclose(file[0]["head.query"], query, rtol=1e-4, atol=1e-6)
        assert near(restored(file[0], "head.kv"), matrix[WIDTH:])
        np.testing.assert_array_equal(file[0]["head.kv.bias"], bias[WIDTH:])

    def test_what_is_not_quantized(self, file: tuple[dict, dict], exact: dict[str, np.ndarray]) -> None:
        for ours, theirs in (
            ("layers.1.norm1", "encoder.layers.1.layer_norm1"),
            ("layers.1.norm2", "encoder.layers.1.layer_norm2"),
            ("norm", "post_layernorm"),
            ("head.norm", "head.layernorm"),
        ):
            for part in ("weight", "bias"):
                np.testing.assert_array_equal(file[0][f"{ours}.{part}"], exact[f"{theirs}.{part}"])
        np.testing.assert_array_equal(file[0]["positions"], exact["embeddings.position_embedding.weight"])

    @pytest.mark.parametrize("name", ["layers.0", "head"])
    def test_hidden_numbers_are_filled_up_with_zeros(self, file: tuple[dict, dict], name: str) -> None:
        assert (file[0][f"{name}.up.weight"][HIDDEN:] == 64).all()
        assert (file[0][f"{name}.up.bias"][HIDDEN:] == 0).all()
        assert (file[0][f"{name}.down.weight"][:, HIDDEN:] == 64).all()
        assert not (file[0][f"{name}.down.weight"][:, HIDDEN - 1] == 64).all()


class TestProjectorFile:
    """projector.int7.safetensors."""

    def test_contents(self, model: Exported, projector: dict[str, np.ndarray]) -> None:
        path = model.folder / "projector.int7.safetensors"
        got, metadata = read(path)
        assert metadata == {
            "format": "photoglot-projector", "version": "1", "inputs": "48", "hidden": "64", "outputs": "32",
            "group": "16",
        }  # fmt: skip
        assert header_of(path) == [(f"{name}.{part}", dtype) for name in ("up", "down") for part, dtype in LINEAR]
        for ours, theirs in (("up", "0"), ("down", "2")):
            assert near(restored(got, ours), projector[f"{theirs}.weight"])
            np.testing.assert_array_equal(got[f"{ours}.bias"], projector[f"{theirs}.bias"])


def exact_linears(exact: dict[str, np.ndarray]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The tower's linear layers in float32, by the names that they have in `int7`; hidden numbers not filled up."""

    def layer(theirs: str) -> tuple[np.ndarray, np.ndarray]:
        return exact[f"{theirs}.weight"], exact[f"{theirs}.bias"]

    root = (WIDTH / HEADS) ** -0.5
    matrix, bias = (exact[f"head.attention.in_proj_{part}"] for part in ("weight", "bias"))
    out = {"patch": layer("embeddings.patch_embedding"), "head.kv": (matrix[WIDTH:], bias[WIDTH:])}
    for ours, theirs in (("head", "head.attention"), *((f"layers.{i}", f"encoder.layers.{i}") for i in range(LAYERS))):
        block = theirs.removesuffix(".attention")
        out[f"{ours}.up"], out[f"{ours}.down"] = layer(f"{block}.mlp.fc1"), layer(f"{block}.mlp.fc2")
        if ours == "head":
            out["head.attention"] = layer("head.attention.out_proj")
            continue
        out[f"{ours}.attention"] = layer(f"{theirs}.self_attn.out_proj")
        (wq, bq), (wk, bk), (wv, bv) = (layer(f"{theirs}.self_attn.{kind}_proj") for kind in "qkv")
        out[f"{ours}.qkv"] = np.concatenate([wq * root, wk, wv]), np.concatenate([bq * root, bk, bv])
    return out


class TestArithmetic:
    """The reference of the kernel."""

    @pytest.fixture(scope="class")
    def patches(self, model: Exported) -> list[tuple[np.ndarray, int, int]]:
        return model.images.patches([patchwork(i, *size) for i, size in enumerate(SIZES)])

    @pytest.fixture
    def reference(self, model: Exported) -> Int7ImageReference:
        return Int7ImageReference(model.folder / "image.int7.safetensors")

    @pytest.fixture(scope="class")
    def features(self, model: Exported, patches: list[tuple[np.ndarray, int, int]]) -> np.ndarray:
        reference = Int7ImageReference(model.folder / "image.int7.safetensors")
        return np.stack([reference.features(*each) for each in patches])

    def test_with_exact_products_it_is_the_float_tower(
        self,
        model: Exported,
        exact: dict[str, np.ndarray],
        reference: Int7ImageReference,
        patches: list[tuple[np.ndarray, int, int]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        linears = exact_linears(exact)

        def linear(name: str) -> Callable[[np.ndarray], np.ndarray]:
            matrix, bias = linears[name]
            return lambda x: x @ matrix.T + bias

        monkeypatch.setattr(reference, "linear", linear)
        got = np.stack([reference.features(*each) for each in patches])
        assert deviations(got, model.features).max() <= EXACT

    def test_against_float32(self, model: Exported, features: np.ndarray) -> None:
        assert mean_pairwise_cosine(model.features) < DIFFERENT
        assert centred_cosines(features, model.features).min() >= NEAR
        assert astray(features, model.features) == []

    def test_projector_against_float32(self, model: Exported, features: np.ndarray) -> None:
        project = Int7ProjectorReference(model.folder / "projector.int7.safetensors")
        got, exact = unit(project(features)), embedded(features, read_projector(model.sources.projector))
        assert centred_cosines(got, exact).min() >= NEAR
        # Both together, too.
        assert centred_cosines(got, model.embeddings).min() >= NEAR

    @pytest.mark.parametrize(
        "name",
        ["patch.scale", "positions", "layers.0.qkv.scale", "layers.1.down.scale", "norm.weight", "head.query"],
    )
    def test_with_rows_reversed_it_is_lost(
        self,
        model: Exported,
        reference: Int7ImageReference,
        patches: list[tuple[np.ndarray, int, int]],
        name: str,
    ) -> None:
        values = reference.tensors[name]
        values[:] = values[::-1].copy()
        got = np.stack([reference.features(*each) for each in patches])
        assert centred_cosines(got, model.features).min() < NEAR

    @pytest.mark.parametrize("grid", [(2, 3), (4, 4), (5, 7), (1, 9), (9, 1), (12, 16), (1, 1)])
    def test_positions_are_resized_as_by_torch(self, grid: tuple[int, int]) -> None:
        table = np.random.default_rng(7).standard_normal((4, 4, 6)).astype(np.float32)
        expected = resized_positions(torch.from_numpy(table), torch.tensor([grid]), grid[0] * grid[1])
        np.testing.assert_allclose(resized(table, *grid).reshape(-1, 6), expected[0].numpy(), atol=1e-5)


def decoded(entry: dict[str, str]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(entry["vector"]), dtype="<f4")


class TestManifest:
    """Which variant is where."""

    def test_variant(self, model: Exported) -> None:
        manifest = model.manifest()
        (wasm,), (webgpu,) = (manifest["image"]["backends"][name] for name in ("wasm", "webgpu"))
        assert list(wasm) == ["engine", "file", "projector", "golden", "dtype"]
        assert wasm | {"golden": None} == {
            "engine": "siglip", "file": "image.int7.safetensors", "projector": "projector.int7.safetensors",
            "golden": None, "dtype": "int7",
        }  # fmt: skip
        assert webgpu == wasm | {"provider": "wasm"}
        assert {wasm["file"], wasm["projector"]} <= manifest["files"].keys()
        assert manifest["files"].keys() == {path.name for path in model.folder.iterdir()} - {"manifest.json"}

    def test_golden_vectors_are_of_the_format(self, model: Exported) -> None:
        manifest = model.manifest()
        golden = manifest["image"]["backends"]["wasm"][0]["golden"]
        assert [each["input"] for each in golden] == list(golden_inputs.IMAGES)
        vectors, exact = (np.stack([decoded(each) for each in of]) for of in (golden, manifest["golden"]["image"]))
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
        assert (vectors * exact).sum(axis=1).min() >= NEAR
        assert astray(vectors, exact) == []
        # They are of the pictures as the SDK prepares them, by the files beside the manifest.
        tower = Int7ImageReference(model.folder / "image.int7.safetensors")
        project = Int7ProjectorReference(model.folder / "projector.int7.safetensors")
        picture = Image.fromarray(golden_inputs.image(golden_inputs.IMAGES[1]))
        inputs = model.images.processor([picture], return_tensors="np")
        rows, columns = (int(side) for side in inputs["spatial_shapes"][0])
        got = project(tower.features(inputs["pixel_values"][0, : rows * columns], rows, columns)[None])[0]
        np.testing.assert_allclose(vectors[1], got / np.linalg.norm(got), atol=1e-5)

    def test_tower_without_a_projector(self, own: Sources, tmp_path: Path) -> None:
        with silence():
            write_vision(own.vision, VisionSize(OUTPUTS, layers=1, heads=2, hidden=OUTPUTS, positions=16))
        export_tiny(replace(own, projector=None), tmp_path / "out", ("fp16", "int7"))
        manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
        wasm, webgpu = (manifest["image"]["backends"][name] for name in ("wasm", "webgpu"))
        assert [each["dtype"] for each in (*wasm, *webgpu)] == ["int7", "fp16", "int7"]
        assert "projector" not in wasm[0]
        assert not list((tmp_path / "out").glob("projector*"))
        assert [len(decoded(each)) for each in wasm[0]["golden"]] == [OUTPUTS] * 3

    def test_fixed_tower_is_written_without_and_that_is_said(
        self, own: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fixed = replace(own, vision=own.vision.with_name("fixed"))
        export_tiny(fixed, tmp_path / "out", ("int8", "int7"))
        assert capsys.readouterr().out == (
            f"{fixed.vision}: int7 is for towers of patches; the image tower is written without it.\n"
        )
        manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
        backends = [[each["dtype"] for each in found] for found in manifest["image"]["backends"].values()]
        assert backends == [["int8"], ["int8"]]
        assert {path.name for path in (tmp_path / "out").glob("*.int7.*")} == {"text.int7.safetensors"}


class TestRefused:
    """Checkpoints that int7 does not fit; nothing is written."""

    def refused(self, sources: Sources, tmp_path: Path, *parts: str) -> None:
        before = contents(tmp_path)
        with pytest.raises(CheckpointError) as caught:
            export_tiny(sources, tmp_path / "out", ("int8", "int7"))
        assert [part for part in parts if part not in str(caught.value)] == [], caught.value
        assert contents(tmp_path) == before

    def rewrite(self, own: Sources, size: VisionSize) -> None:
        with silence():
            write_vision(own.vision, size)
        write_projector(own.projector, size.width, OUTPUTS, hidden=INNER)

    @pytest.mark.parametrize(
        ("width", "patch", "parts"),
        [
            (24, 16, ('"hidden_size" is 24', "768 numbers", "multiples of 16")),
            (48, 14, ('"hidden_size" is 48', "588 numbers", "multiples of 16")),
        ],
    )
    def test_rows_that_no_group_divides(
        self, own: Sources, tmp_path: Path, width: int, patch: int, parts: tuple[str, ...]
    ) -> None:
        self.rewrite(own, VisionSize(width, layers=1, heads=2, hidden=32, patch=patch, positions=16))
        self.refused(own, tmp_path, str(own.vision), *parts, "--formats fp32 fp16 int8")

    def test_heads_of_odd_depth(self, own: Sources, tmp_path: Path) -> None:
        field("num_attention_heads", 8)(own.vision)
        self.refused(own, tmp_path, str(own.vision), '"num_attention_heads"', "heads of 6", "multiple of 4")

    def test_projector_that_no_group_divides(self, own: Sources, tmp_path: Path) -> None:
        write_projector(own.projector, WIDTH, OUTPUTS, hidden=40)
        self.refused(own, tmp_path, str(own.projector), "48 and 40 numbers", "multiples of 16", "--formats")

    @pytest.mark.parametrize("formats", [("int7",), ("fp16", "int7")])
    def test_fixed_tower_without_another_format(self, own: Sources, tmp_path: Path, formats: tuple[str, ...]) -> None:
        fixed = replace(own, vision=own.vision.with_name("fixed"))
        with pytest.raises(
            CheckpointError, match=r"int7.*: WASM runs none of them for pictures; add one of int8, fp32\."
        ):
            export_tiny(fixed, tmp_path / "out", formats)
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize("name", ["encoder.layers.1.adapter.weight", "head.gain", "embeddings.gain", "gain"])
    def test_tensors_left_over(self, own: Sources, tmp_path: Path, name: str) -> None:
        tensors(put(name, torch.zeros(4)))(own.vision)
        checkpoint = read_vision_checkpoint(own.vision)
        with pytest.raises(CheckpointError, match=f'no place for "{name}"'):
            write_vision_file(tmp_path / "file", checkpoint, group_of_vision(checkpoint))


@pytest.mark.parametrize(
    ("width", "heads", "hidden", "group", "filled"),
    [(1152, 16, 4304, 128, 4352), (768, 12, 3072, 128, 3072), (96, 3, 384, 32, 384), (48, 2, 100, 16, 112)],
)
def test_groups_and_what_they_fill_up(
    model: Exported, width: int, heads: int, hidden: int, group: int, filled: int
) -> None:
    checkpoint = read_vision_checkpoint(model.sources.vision)
    sizes = vars(checkpoint.config) | {"width": width, "heads": heads, "hidden": hidden}
    resized = replace(checkpoint, config=VisionConfig(**sizes))
    assert group_of_vision(resized) == group
    metadata = vision_file.metadata(resized.config, group)
    assert (metadata["hidden"], metadata["depth"]) == (str(filled), str(width // heads))


def test_a_group_of_nothing_but_padding_is_zero() -> None:
    codes, scales = quantize_groups(np.pad(np.ones((1, 20), np.float32), ((0, 0), (0, 28))), 16)
    assert (codes[:, 20:] == 64).all()
    assert np.isfinite(scales).all()


def test_the_kernels_version_is_told() -> None:
    """A change of the format needs a new number, and a kernel that reads it."""
    assert (vision_file.FORMAT, vision_file.VERSION) == ("photoglot-siglip", "1")
    assert (projector_file.FORMAT, projector_file.VERSION) == ("photoglot-projector", "1")
