"""The committed tiny models, which the browser's tests run, in native ONNX Runtime; and whether the export
still makes the same of the same seeds."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
import transformers
from training.export.described import described
from training.tests.export_bars import (
    DIFFERENT,
    EXACT,
    ROUNDED,
    astray,
    centred_cosines,
    deviation,
    deviations,
    mean_pairwise_cosine,
)
from training.tests.export_inputs import SIZES, TEXTS
from training.tests.export_models import Exported
from training.tests.export_run import open_graph, run_graph, text_feeds
from training.tests.make_export_fixtures import FOLDER, FORMATS, LONG_TOKENS, WIDTH, long_ids

pytestmark = pytest.mark.usefixtures("one_thread")

REFERENCE = json.loads((FOLDER / "tiny-reference.json").read_text(encoding="utf-8"))
LABELS = ("tiny-naflex", "tiny-fixed")
AGAIN = "run python -m training.tests.make_export_fixtures"


def decoded(vector: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(vector), dtype="<f4")


def stored(entries: list[dict], field: str) -> np.ndarray:
    return np.stack([decoded(entry[field]) for entry in entries])


def manifest_of(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def model_of(label: str, pair: tuple[Exported, Exported]) -> Exported:
    return pair[LABELS.index(label)]


def near(got: np.ndarray, expected: np.ndarray, dtype: str) -> None:
    if dtype == "fp32":
        assert deviations(got, expected).max() <= EXACT
    else:
        assert centred_cosines(got, expected).min() >= ROUNDED
        assert astray(got, expected) == []


def test_reference_is_of_these_inputs_and_this_version() -> None:
    assert [entry["text"] for entry in REFERENCE["texts"]] == list(TEXTS)
    for name in ("naflex", "fixed"):
        assert [(entry["width"], entry["height"]) for entry in REFERENCE[name]] == list(SIZES)
        assert mean_pairwise_cosine(stored(REFERENCE[name], "features")) < DIFFERENT
    assert mean_pairwise_cosine(stored(REFERENCE["texts"], "dense")) < DIFFERENT
    assert REFERENCE["transformers"] == transformers.__version__, AGAIN


@pytest.mark.parametrize("label", LABELS)
def test_committed_files_are_what_the_manifest_says(label: str) -> None:
    folder = FOLDER / label
    files = manifest_of(folder)["files"]
    assert {path.name for path in folder.iterdir()} == {*files, "manifest.json"}
    for name, entry in files.items():
        assert described(folder / name, chunked=True) == entry, AGAIN


@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("label", LABELS)
def test_committed_image_towers(label: str, dtype: str, export_pair: tuple[Exported, Exported]) -> None:
    feeds = model_of(label, export_pair).feeds
    got = run_graph(open_graph(FOLDER / label / f"image.{dtype}.onnx"), feeds)["pooler_output"]
    near(got, stored(REFERENCE[label.removeprefix("tiny-")], "features"), dtype)


def test_committed_projector() -> None:
    features, expected = (stored(REFERENCE["naflex"], field) for field in ("features", "embedding"))
    got = run_graph(open_graph(FOLDER / "tiny-naflex/projector.onnx"), {"features": features})["embedding"]
    near(got, expected, "fp32")


@pytest.mark.parametrize("dtype", FORMATS)
def test_committed_text_tower(dtype: str) -> None:
    texts = REFERENCE["texts"]
    rows = [entry["ids"] for entry in texts]
    got = run_graph(open_graph(FOLDER / f"tiny-naflex/text.{dtype}.onnx"), text_feeds(rows))
    near(got["dense_vecs"], stored(texts, "dense"), dtype)
    lexical = [got["lexical_weights"][i, : len(row)] for i, row in enumerate(rows)]
    colbert = [got["colbert_vecs"][i, : len(row) - 1] for i, row in enumerate(rows)]
    expected = [decoded(entry["lexical"]) for entry in texts]
    if dtype == "fp32":
        assert deviations(lexical, expected).max() <= EXACT
    else:
        assert np.corrcoef(np.concatenate(lexical), np.concatenate(expected))[0, 1] >= ROUNDED
    vectors = [decoded(entry["colbert"]).reshape(-1, WIDTH) for entry in texts]
    near(np.concatenate(colbert), np.concatenate(vectors), dtype)


def test_committed_text_tower_takes_the_longest_text(naflex: Exported) -> None:
    ids = long_ids(naflex.texts.model.config.vocab_size)
    assert len(ids) == LONG_TOKENS == manifest_of(FOLDER / "tiny-naflex")["text"]["maxTokens"]
    got = run_graph(open_graph(FOLDER / "tiny-naflex/text.fp32.onnx"), text_feeds([ids]))
    assert deviation(got["dense_vecs"][0], decoded(REFERENCE["long"]["dense"])) <= EXACT
    assert deviation(got["lexical_weights"][0], decoded(REFERENCE["long"]["lexical"])) <= EXACT


def comparable(folder: Path) -> dict:
    """A manifest without what a fresh export may have otherwise: its name, more formats, digests, rounding."""
    manifest = manifest_of(folder)
    for tower in ("text", "image"):
        for backend, variants in manifest[tower]["backends"].items():
            manifest[tower]["backends"][backend] = [each for each in variants if each["dtype"] in FORMATS]
    golden = {kind: [each["input"] for each in entries] for kind, entries in manifest["golden"].items()}
    sizes = {name: entry["size"] for name, entry in manifest["files"].items() if ".fp16." not in name}
    return manifest | {"golden": golden, "files": sizes, "id": None, "licence": None, "provenance": None}


@pytest.mark.parametrize("label", LABELS)
def test_export_still_makes_the_same(label: str, export_pair: tuple[Exported, Exported]) -> None:
    fresh = model_of(label, export_pair)
    assert comparable(fresh.folder) == comparable(FOLDER / label), AGAIN
    for kind, entries in manifest_of(FOLDER / label)["golden"].items():
        now = fresh.manifest()["golden"][kind]
        assert deviations(stored(now, "vector"), stored(entries, "vector")).max() <= EXACT, AGAIN
    name = label.removeprefix("tiny-")
    assert deviations(fresh.features, stored(REFERENCE[name], "features")).max() <= EXACT, AGAIN
    for dtype in FORMATS:
        outputs = [
            run_graph(open_graph(folder / f"image.{dtype}.onnx"), fresh.feeds)["pooler_output"]
            for folder in (fresh.folder, FOLDER / label)
        ]
        near(*outputs, "fp32")
