"""`manifest.json` of an export against the files beside it."""

import base64
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from training.export import described, golden_inputs, package
from training.export.errors import CheckpointError
from training.export.package import EXTERNAL_FROM_BYTES, Sources
from training.tests.export_models import DESCRIPTION, WHOLE_GRAPHS, Exported, export_tiny
from training.tests.export_run import open_graph, run_graph, text_feeds

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(params=["naflex", "fixed"])
def model(request: pytest.FixtureRequest) -> Exported:
    return request.getfixturevalue(request.param)


def variants_of(manifest: dict) -> list[dict]:
    return [
        variant
        for tower in ("text", "image")
        for variants in manifest[tower]["backends"].values()
        for variant in variants
    ]


def test_files_have_their_sizes_and_digests(model: Exported) -> None:
    files = model.manifest()["files"]
    assert {path.name for path in model.folder.iterdir()} == {*files, "manifest.json"}
    for name, entry in files.items():
        content = (model.folder / name).read_bytes()
        assert entry == {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_backends_name_files_that_are_there_and_what_they_need(model: Exported) -> None:
    manifest = model.manifest()
    named = set()
    for variant in variants_of(manifest):
        assert variant["data"] == [variant["file"] + "_data"]
        named |= {variant["file"], *variant["data"]}
    others = {"tokenizer.json"} | ({manifest["image"]["projector"]["file"]} if model.sources.projector else set())
    assert named | others == manifest["files"].keys()
    for tower in ("text", "image"):
        wasm, webgpu = (manifest[tower]["backends"][name] for name in ("wasm", "webgpu"))
        assert [each["dtype"] for each in wasm] == ["int8", "fp32"]
        assert {each["dtype"] for each in webgpu} == set(WHOLE_GRAPHS)
        for each in webgpu:
            assert each.get("needs") == (["shader-f16"] if each["dtype"] == "fp16" else None)
            assert each.get("provider") == ("wasm" if each["dtype"] == "int8" else None)


def test_weights_are_beside_the_graph(model: Exported) -> None:
    for variant in variants_of(model.manifest()):
        graph = onnx.load(model.folder / variant["file"], load_external_data=False).graph
        (data,) = variant["data"]
        outside = [each for each in graph.initializer if each.data_location == onnx.TensorProto.EXTERNAL]
        assert {entry.value for each in outside for entry in each.external_data if entry.key == "location"} == {data}
        assert len(outside) > 5
        for each in graph.initializer:
            if each not in outside:
                assert each.ByteSize() < EXTERNAL_FROM_BYTES + 200
        # The graph alone is its operators: no larger for a larger tower.
        assert (model.folder / variant["file"]).stat().st_size < 100_000


def test_names_and_types_are_those_of_the_graphs(model: Exported) -> None:
    manifest = model.manifest()
    text, image = manifest["text"], manifest["image"]
    outputs = {
        "text": {text["output"], text["sparse"]["output"], text["colbert"]["output"]},
        "image": {image["output"]},
    }
    for tower, entry in (("text", text), ("image", image)):
        for variants in entry["backends"].values():
            for variant in variants:
                graph = onnx.load(model.folder / variant["file"], load_external_data=False).graph
                assert {each.name for each in graph.input} == set(entry["inputs"].values())
                assert {each.name for each in graph.output} == outputs[tower]
                # Float32 whatever is computed in, and free in batch and length.
                assert {each.type.tensor_type.elem_type for each in graph.output} == {onnx.TensorProto.FLOAT}
                assert all(each.type.tensor_type.shape.dim[0].dim_param == "batch" for each in graph.input)


def test_golden_vectors_are_unit_vectors(model: Exported) -> None:
    manifest = model.manifest()
    golden = manifest["golden"]
    assert [each["input"] for each in golden["text"]] == list(golden_inputs.TEXTS)
    assert [each["input"] for each in golden["image"]] == list(golden_inputs.IMAGES)
    for each in (*golden["text"], *golden["image"]):
        vector = np.frombuffer(base64.b64decode(each["vector"]), dtype="<f4")
        assert len(vector) == manifest["dimension"]
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_fields_are_those_of_the_checkpoint(naflex: Exported, fixed: Exported) -> None:
    manifest = naflex.manifest()
    given = (manifest["id"], manifest["version"], manifest["licence"], manifest["provenance"])
    assert given == (DESCRIPTION.id, DESCRIPTION.version, DESCRIPTION.licence, DESCRIPTION.provenance)
    assert manifest["text"]["maxTokens"] == 8192
    assert manifest["text"]["padId"] == 1
    assert manifest["image"]["geometry"] == {"kind": "patches", "patch": 16, "maxPatches": 256}
    assert manifest["image"]["filter"] == "bilinear"
    assert manifest["image"]["features"] == naflex.features.shape[1]
    fields = fixed.manifest()
    assert fields["image"]["geometry"] == {"kind": "fixed", "width": 64, "height": 64, "fit": "squash"}
    assert "projector" not in fields["image"]
    assert "calibration" not in fields


def test_large_files_are_digested_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert described.CHUNK_BYTES == 8 * 1024 * 1024
    monkeypatch.setattr(described, "CHUNK_BYTES", 1000)
    content = np.random.default_rng(0).bytes(2500)
    pieces = [content[:1000], content[1000:2000], content[2000:]]
    path = tmp_path / "file"
    path.write_bytes(content)
    assert described.described(path, chunked=True) == {
        "size": 2500,
        "sha256": hashlib.sha256(content).hexdigest(),
        "chunks": {"size": 1000, "sha256": [hashlib.sha256(piece).hexdigest() for piece in pieces]},
    }
    assert "chunks" not in described.described(path)
    path.write_bytes(content[:1000])
    assert "chunks" not in described.described(path, chunked=True)


def test_fewer_formats(tiny: Sources, tmp_path: Path) -> None:
    export_tiny(tiny, tmp_path / "out", ("int8",))
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert {each["dtype"] for each in variants_of(manifest)} == {"int8"}
    assert all(each["file"] in manifest["files"] for each in variants_of(manifest))


def test_formats_that_leave_a_backend_without_any(tiny: Sources, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="fp16: WASM runs none"):
        export_tiny(tiny, tmp_path / "out", ("fp16",))
    assert list(tmp_path.iterdir()) == []


def test_large_weights_are_in_several_files(
    tiny: Sources, tiny_export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "SHARD_BYTES", 8192)
    out = tmp_path / "out"
    export_tiny(tiny, out)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    for variant in variants_of(manifest):
        assert len(variant["data"]) > 1
        graph = onnx.load(out / variant["file"], load_external_data=False)
        places = {e.value for t in graph.graph.initializer for e in t.external_data if e.key == "location"}
        assert places == set(variant["data"]) <= manifest["files"].keys()
    feeds = text_feeds([[0, 7, 9, 2], [0, 11, 2]])
    whole, parts = (run_graph(open_graph(each / "text.fp32.onnx"), feeds) for each in (tiny_export, out))
    for name, values in whole.items():
        np.testing.assert_array_equal(parts[name], values)
