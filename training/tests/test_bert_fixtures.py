"""The committed fixtures of the browser's `int7` kernel: what the reference makes of them, and whether the export
still makes the same of the same seeds."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from training.export.int7_layers import read
from training.export.int7_reference import Int7Reference
from training.tests import make_int7_fixtures
from training.tests.export_bars import EXACT, ROUNDED, astray, centred_cosines, deviation
from training.tests.export_models import silence
from training.tests.make_bert_fixtures import FOLDER, GROUP, LENGTHS, ROWS, SIZE, ids_of, write_model

pytestmark = pytest.mark.usefixtures("one_thread")

TEXTS = json.loads((FOLDER / "reference.json").read_text(encoding="utf-8"))["texts"]
AGAIN = "run python -m training.tests.make_bert_fixtures"


def decoded(vector: str, *shape: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(vector), dtype="<f4").reshape(shape or -1)


def test_reference_gives_the_stored_outputs() -> None:
    assert [text["ids"] for text in TEXTS] == [ids_of(tokens) for tokens in LENGTHS]
    for text, got in zip(TEXTS, Int7Reference(FOLDER).encode_ids([text["ids"] for text in TEXTS]), strict=True):
        # A rounding that falls the other way on another processor moves an output by far less than a wrong kernel.
        assert got.dense @ decoded(text["dense"]) >= 0.9999, AGAIN
        assert deviation(got.lexical, decoded(text["sparse"])) <= 0.05, AGAIN
        rows = text["colbertRows"]
        assert rows == min(ROWS, len(text["ids"]) - 1)
        stored = decoded(text["colbert"], rows, SIZE.width)
        assert (got.colbert[:rows] * stored).sum(axis=1).min(initial=1) >= 0.999, AGAIN


def test_stored_outputs_are_near_float32() -> None:
    dense, exact = (np.stack([decoded(text[field]) for text in TEXTS]) for field in ("dense", "floatDense"))
    np.testing.assert_allclose(np.linalg.norm(dense, axis=1), 1, atol=1e-6)
    assert centred_cosines(dense, exact).min() >= ROUNDED
    assert astray(dense, exact) == []


def test_attention_looks_somewhere() -> None:
    """A kernel that weighs all tokens alike would be found out."""
    reference, weights = Int7Reference(FOLDER), []

    def attend(qkv: np.ndarray) -> np.ndarray:
        weights.append(attention(qkv))
        return original(qkv)

    def attention(qkv: np.ndarray) -> np.ndarray:
        q, k, _ = qkv.reshape(len(qkv), 3, SIZE.heads, -1).transpose(1, 2, 0, 3)
        powers = np.exp(q @ k.transpose(0, 2, 1))
        return powers / powers.sum(axis=-1, keepdims=True)

    original, reference.attend = reference.attend, attend
    reference.encode_ids([ids_of(33)])
    assert len(weights) == SIZE.layers
    # Alike, each of the 33 would have 0.03.
    assert all(np.median(each.max(axis=-1)) > 0.15 for each in weights)


def test_sizes() -> None:
    """Rows of several groups, more than one pack, and few bytes for a repository."""
    tensors, metadata = read(FOLDER / "text.int7.safetensors")
    assert (metadata["group"], metadata["tokens"]) == (str(GROUP), "96")
    assert tensors["layers.0.down.scale"].shape == (SIZE.width, SIZE.hidden // GROUP)
    assert len(list(FOLDER.glob("text.rows.*.safetensors"))) == 2
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 200_000


def test_export_still_makes_the_same(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with silence():
        write_model(tmp_path, tmp_path / "out")
    fresh = {path.name for path in (tmp_path / "out").iterdir()}
    assert fresh == {path.name for path in FOLDER.glob("*.safetensors")}, AGAIN
    for name in fresh:
        (now, said), (before, told) = (read(folder / name) for folder in (tmp_path / "out", FOLDER))
        assert said == told, AGAIN
        assert now.keys() == before.keys(), AGAIN
        for key, values in now.items():
            assert values.dtype == before[key].dtype, AGAIN
            off = np.abs(values.astype(np.float64) - before[key])
            assert off.max() <= (1 if values.dtype.itemsize == 1 else EXACT), AGAIN


def test_the_model_with_packs_is_made_anew_alike(tmp_path: Path) -> None:
    made = tmp_path / make_int7_fixtures.LABEL
    with silence():
        make_int7_fixtures.write(made)
    stored = make_int7_fixtures.FOLDER / make_int7_fixtures.LABEL
    # Golden vectors may differ in the last bit between processors; all files must not.
    files = [json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"] for folder in (made, stored)]
    assert files[0] == files[1], "run python -m training.tests.make_int7_fixtures"
    assert {path.name for path in stored.iterdir()} == {*files[1], "manifest.json"}
