"""A second, smaller vision tower for WASM: files, manifest, golden vectors, and pairs that do not go together."""

import base64
import json
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from training.export import __main__ as command
from training.export import golden_inputs, twins
from training.export.errors import CheckpointError
from training.export.formats import ExportFormat
from training.export.image_tower import read_projector, read_vision_checkpoint
from training.export.int7_layers import read
from training.export.package import Sources
from training.export.preprocessor import read_preprocessing
from training.export.random_checkpoints import TextSize, VisionSize, write_projector, write_text, write_vision
from training.export.reference import ImageReference, embedded
from training.export.twins import filler_tokenizer
from training.tests import make_two_tower_fixtures
from training.tests.export_bars import astray
from training.tests.export_damage import Change, field, picture
from training.tests.export_models import contents, export_tiny, silence

pytestmark = pytest.mark.usefixtures("one_thread")

TEXT = TextSize(300, width=32, layers=1, heads=2, hidden=32, positions=66)
LARGE = VisionSize(96, layers=2, heads=2, hidden=128, positions=16)
SMALL = VisionSize(48, layers=1, heads=2, hidden=64, positions=16)
OWN_FILES = {"image.wasm.int7.safetensors", "projector.wasm.int7.safetensors"}
NEAR = 0.99
"""Cosine of int7 with float32, on weights as small as these."""
APART = 0.9
"""What vectors of two towers stay below that share nothing."""


def write_sources(folder: Path) -> Sources:
    """Two towers of other sizes and other weights, each with its projector."""
    tokenizer = folder / "filler.json"
    tokenizer.write_text(json.dumps(filler_tokenizer(TEXT.vocabulary), ensure_ascii=False), encoding="utf-8")
    with silence():
        write_text(folder / "text", TEXT, tokenizer)
        write_vision(folder / "large", LARGE)
        write_vision(folder / "small", SMALL, seed=3)
    write_projector(folder / "large.pt", LARGE.width, TEXT.width)
    write_projector(folder / "small.pt", SMALL.width, TEXT.width, seed=4)
    return Sources(*(folder / name for name in ("text", "large", "large.pt", "small", "small.pt")))


@dataclass(frozen=True)
class Model:
    """An export of two towers."""

    sources: Sources
    folder: Path

    @property
    def manifest(self) -> dict:
        return json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """In all formats; not to be changed."""
    folder = tmp_path_factory.mktemp("two-towers")
    sources = write_sources(folder)
    export_tiny(sources, folder / "out", ("fp32", "fp16", "int8", "int7"))
    return Model(sources, folder / "out")


@pytest.fixture
def own(model: Model, tmp_path: Path) -> Sources:
    """A copy of its checkpoints, which may be changed."""
    folder = Path(shutil.copytree(model.sources.text.parent, tmp_path / "in", ignore=shutil.ignore_patterns("out")))
    return Sources(*(folder / path.name for path in vars(model.sources).values()))


def backends(manifest: dict) -> dict[str, list[tuple[str, str, str | None]]]:
    """Format, file and provider of each variant for pictures."""
    return {
        name: [(each["dtype"], each["file"], each.get("provider")) for each in variants]
        for name, variants in manifest["image"]["backends"].items()
    }


def vectors(entries: list[dict[str, str]]) -> np.ndarray:
    return np.stack([np.frombuffer(base64.b64decode(each["vector"]), dtype="<f4") for each in entries])


class TestManifest:
    """What a device is offered."""

    def test_wasm_takes_the_small_tower_and_webgpu_the_large_one(self, model: Model) -> None:
        small = "image.wasm.int7.safetensors"
        assert backends(model.manifest) == {
            "wasm": [("int7", small, None), ("int8", "image.int8.onnx", None), ("fp32", "image.fp32.onnx", None)],
            "webgpu": [
                ("fp16", "image.fp16.onnx", None),
                ("int7", small, "wasm"),
                ("fp32", "image.fp32.onnx", None),
                ("int8", "image.int8.onnx", "wasm"),
            ],
        }

    def test_files_of_the_small_tower_are_its_own(self, model: Model) -> None:
        variant = model.manifest["image"]["backends"]["wasm"][0]
        assert {variant["file"], variant["projector"]} == OWN_FILES
        assert {path.name for path in model.folder.iterdir()} == {*model.manifest["files"], "manifest.json"}
        # The large tower is not written in int7, the text tower is.
        names = {name for name in model.manifest["files"] if ".int7." in name}
        assert names == OWN_FILES | {"text.int7.safetensors"}

    def test_weights_are_those_of_the_small_tower(self, model: Model) -> None:
        tower, projector = (read(model.folder / name)[1] for name in sorted(OWN_FILES))
        assert (tower["width"], tower["layers"]) == (str(SMALL.width), str(SMALL.layers))
        assert (projector["inputs"], projector["outputs"]) == (str(SMALL.width), str(TEXT.width))

    def test_the_graphs_fields_are_those_of_the_large_tower(self, model: Model) -> None:
        assert model.manifest["image"]["features"] == LARGE.width
        assert model.manifest["image"]["projector"]["file"] == "projector.onnx"

    def test_without_projectors_where_both_end_in_the_space(self, own: Sources, tmp_path: Path) -> None:
        with silence():
            write_vision(own.vision, replace(LARGE, width=TEXT.width))
            write_vision(own.wasm_vision, replace(SMALL, width=TEXT.width), seed=3)
        export_tiny(replace(own, projector=None, wasm_projector=None), tmp_path / "out", ("fp32", "int7"))
        image = Model(own, tmp_path / "out").manifest["image"]
        assert "projector" not in image
        assert "projector" not in image["backends"]["wasm"][0]
        assert not list((tmp_path / "out").glob("projector*"))


class TestGolden:
    """Each tower is judged by its own vectors."""

    def float_vectors(self, vision: Path, projector: Path) -> np.ndarray:
        checkpoint = read_vision_checkpoint(vision)
        reference = ImageReference(checkpoint, read_preprocessing(vision, checkpoint.config))
        pictures = [golden_inputs.image(name) for name in golden_inputs.IMAGES]
        return embedded(reference.features(pictures), read_projector(projector))

    def test_of_both_towers(self, model: Model) -> None:
        sources, manifest = model.sources, model.manifest
        large = vectors(manifest["golden"]["image"])
        np.testing.assert_allclose(large, self.float_vectors(sources.vision, sources.projector), atol=1e-5)
        variant = manifest["image"]["backends"]["wasm"][0]
        small, exact = vectors(variant["golden"]), self.float_vectors(sources.wasm_vision, sources.wasm_projector)
        assert [each["input"] for each in variant["golden"]] == list(golden_inputs.IMAGES)
        assert (small * exact).sum(axis=1).min() >= NEAR
        assert astray(small, exact) == []
        # Neither would pass for the other.
        assert (small * large).sum(axis=1).max() < APART

    def test_graphs_have_none_of_their_own(self, model: Model) -> None:
        variants = [each for found in model.manifest["image"]["backends"].values() for each in found]
        assert {each["dtype"] for each in variants if "golden" in each} == {"int7"}


class TestRefused:
    """Pairs that do not go together; nothing is written."""

    def refused(self, sources: Sources, tmp_path: Path, formats: tuple[ExportFormat, ...], *parts: str) -> None:
        before = contents(tmp_path)
        with pytest.raises(CheckpointError) as caught:
            export_tiny(sources, tmp_path / "out", formats)
        assert [part for part in parts if part not in str(caught.value)] == [], caught.value
        assert contents(tmp_path) == before

    @pytest.mark.parametrize(
        ("change", "parts"),
        [
            (picture("max_num_patches", 128), ("geometry", "'maxPatches': 128", "'maxPatches': 256")),
            (picture("resample", 3), ("filter is bicubic", "is bilinear")),
            (picture("image_mean", [0.4, 0.5, 0.5]), ("mean is [0.4, 0.5, 0.5]", "is [0.5, 0.5, 0.5]")),
            (picture("image_std", [0.5, 0.5, 0.2]), ("std is [0.5, 0.5, 0.2]", "is [0.5, 0.5, 0.5]")),
        ],
    )
    def test_other_preprocessing(self, own: Sources, tmp_path: Path, change: Change, parts: tuple[str, ...]) -> None:
        change(own.wasm_vision)
        both = (f"{own.wasm_vision}:", f"that of {own.vision}", "prepared in the same way")
        self.refused(own, tmp_path, ("fp32", "int7"), *both, *parts)

    def test_other_patches(self, own: Sources, tmp_path: Path) -> None:
        with silence():
            write_vision(own.wasm_vision, replace(SMALL, patch=32))
        self.refused(own, tmp_path, ("fp32", "int7"), str(own.wasm_vision), "'patch': 32", "'patch': 16")

    @pytest.mark.parametrize("which", ["vision", "wasm_vision"])
    def test_fixed_resolution(self, own: Sources, tmp_path: Path, which: str) -> None:
        fixed = vars(own)[which]
        with silence():
            write_vision(fixed, replace(LARGE if which == "vision" else SMALL, side=64))
        self.refused(own, tmp_path, ("fp32", "int7"), f"{fixed}: a tower of fixed resolution", "both are NaFlex")

    def test_other_dimension(self, own: Sources, tmp_path: Path) -> None:
        write_projector(own.wasm_projector, SMALL.width, 16)
        self.refused(own, tmp_path, ("fp32", "int7"), str(own.wasm_vision), "16 dimensions", "in 32")

    def test_projector_of_the_other_tower(self, own: Sources, tmp_path: Path) -> None:
        swapped = replace(own, wasm_projector=own.projector)
        self.refused(swapped, tmp_path, ("fp32", "int7"), str(own.projector), "takes 96 numbers", "gives 48")

    @pytest.mark.parametrize(("without", "with_one"), [("vision", "wasm_vision"), ("wasm_vision", "vision")])
    def test_projector_of_one_tower_alone(self, own: Sources, tmp_path: Path, without: str, with_one: str) -> None:
        alone = replace(own, **{without.replace("vision", "projector"): None})
        self.refused(
            alone,
            tmp_path,
            ("fp32", "int7"),
            f"{vars(own)[without]} has no projector",
            f"{vars(own)[with_one]} has one",
        )

    def test_formats_without_int7(self, own: Sources, tmp_path: Path) -> None:
        self.refused(own, tmp_path, ("fp32", "int8"), "formats fp32, int8", str(own.wasm_vision), "add int7")

    def test_formats_without_one_for_the_large_tower(self, own: Sources, tmp_path: Path) -> None:
        self.refused(own, tmp_path, ("int7",), "formats int7", f"{own.vision} would be in none", "fp32, fp16, int8")

    def test_tower_that_the_kernel_cannot_run(self, own: Sources, tmp_path: Path) -> None:
        field("num_attention_heads", 8)(own.wasm_vision)
        self.refused(own, tmp_path, ("fp32", "int7"), str(own.wasm_vision), "heads of 6", "multiple of 4")

    def test_tower_that_is_not_there(self, own: Sources, tmp_path: Path) -> None:
        nowhere = replace(own, wasm_vision=tmp_path / "nowhere.pt")
        self.refused(nowhere, tmp_path, ("fp32", "int7"), "nowhere.pt is missing")


class TestCommand:
    """`--wasm-vision` and `--wasm-projector`."""

    def run(self, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
        monkeypatch.setattr(sys, "argv", ["export", *map(str, arguments)])
        command.main()

    def test_checkpoints(self, model: Model, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        given = model.sources
        towers = ["--text", given.text, "--vision", given.vision, "--projector", given.projector]
        second = ["--wasm-vision", given.wasm_vision, "--wasm-projector", given.wasm_projector]
        self.run(monkeypatch, *towers, *second, "--out", tmp_path / "out", "--formats", "fp32", "int7")
        manifest = Model(given, tmp_path / "out").manifest
        assert manifest["files"].keys() > OWN_FILES
        assert "text and large, and for WASM small" in manifest["provenance"]

    def test_random(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setitem(twins.TEXT_TWINS, "bge-m3", TEXT)
        monkeypatch.setitem(twins.VISION_TWINS, "so400m-naflex", LARGE)
        monkeypatch.setitem(twins.VISION_TWINS, "base-naflex", SMALL)
        out = tmp_path / "twins"
        names = ["--random", "bge-m3", "so400m-naflex", "--wasm-vision", "base-naflex"]
        self.run(monkeypatch, *names, "--out", out, "--formats", "fp32", "int7")
        assert read(out / "image.wasm.int7.safetensors")[1]["width"] == str(SMALL.width)
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["image"]["features"] == LARGE.width
        assert "bge-m3 and so400m-naflex, and for WASM base-naflex" in manifest["provenance"]
        assert list(tmp_path.iterdir()) == [out]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--text", "a", "--vision", "b", "--wasm-projector", "c"], "goes with --wasm-vision"),
            (["--random", "bge-m3", "--wasm-vision", "base"], "--wasm-vision is one of so400m-naflex, base-naflex"),
            (["--random", "bge-m3", "--wasm-vision", "base-naflex", "--wasm-projector", "c"], "takes the place of"),
            (["--wasm-vision", "b"], "--text and --vision, or --random"),
        ],
    )
    def test_arguments_that_do_not_go_together(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        tmp_path: Path,
        arguments: list[str],
        message: str,
    ) -> None:
        with pytest.raises(SystemExit) as caught:
            self.run(monkeypatch, *arguments, "--out", tmp_path / "out")
        assert caught.value.code == 2
        assert message in " ".join(capsys.readouterr().err.split())


def test_the_browsers_model_is_made_anew_alike(tmp_path: Path) -> None:
    made = tmp_path / make_two_tower_fixtures.LABEL
    with silence():
        make_two_tower_fixtures.write(made)
    stored = make_two_tower_fixtures.FOLDER / make_two_tower_fixtures.LABEL
    # Golden vectors may differ in the last bit between processors; all files must not.
    files = [json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"] for folder in (made, stored)]
    assert files[0] == files[1], "run python -m training.tests.make_two_tower_fixtures"
    assert {path.name for path in stored.iterdir()} == {*files[1], "manifest.json"}
