"""The committed fixtures of the browser's `int7` kernel for pictures: what the reference makes of them, and whether
the export still makes the same of the same seeds."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from training.export.int7_image_reference import Int7ImageReference, Int7ProjectorReference
from training.export.int7_layers import read
from training.tests.export_bars import DIFFERENT, EXACT, astray, mean_pairwise_cosine, unit
from training.tests.export_models import silence
from training.tests.make_siglip_fixtures import (
    FOLDER,
    GRIDS,
    OUTPUTS,
    PROJECTOR,
    SIZE,
    TOWER,
    exact,
    patches_of,
    write_model,
)

pytestmark = pytest.mark.usefixtures("one_thread")

PICTURES = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))["pictures"]
AGAIN = "run python -m training.tests.make_siglip_fixtures"


def decoded(vector: str, *shape: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(vector), dtype="<f4").reshape(shape or -1)


def stored(field: str) -> np.ndarray:
    return np.stack([decoded(picture[field]) for picture in PICTURES])


def test_reference_gives_the_stored_outputs() -> None:
    tower, projector = Int7ImageReference(FOLDER / TOWER), Int7ProjectorReference(FOLDER / PROJECTOR)
    assert [(each["rows"], each["columns"]) for each in PICTURES] == list(GRIDS)
    for index, picture in enumerate(PICTURES):
        pixels = decoded(picture["pixels"], -1, 3 * SIZE.patch**2)
        np.testing.assert_array_equal(pixels, patches_of(index))
        output = tower.features(pixels, *GRIDS[index])
        # A rounding that falls the other way on another processor moves an output by far less than a wrong kernel.
        assert (unit(output[None]) @ unit(decoded(picture["output"])[None]).T).item() >= 0.999, AGAIN
        projected = projector(decoded(picture["output"])[None])
        assert (unit(projected) @ unit(decoded(picture["projected"])[None]).T).item() >= 0.9999, AGAIN


def test_stored_outputs_are_near_float32() -> None:
    got, expected = stored("output"), stored("floatOutput")
    assert (got.shape[1], stored("projected").shape[1]) == (SIZE.width, OUTPUTS)
    assert mean_pairwise_cosine(expected) < DIFFERENT
    assert (unit(got) * unit(expected)).sum(axis=1).min() >= 0.99
    assert astray(got, expected) == []


def test_sizes() -> None:
    """Hidden numbers that are filled up, a table that is resized both ways, and few bytes for a repository."""
    tensors, metadata = read(FOLDER / TOWER)
    assert (metadata["group"], metadata["hidden"], metadata["depth"], metadata["side"]) == ("16", "112", "24", "4")
    assert tensors["layers.0.down.scale"].shape == (SIZE.width, 7)
    assert max(GRIDS[0]) < 4 < min(GRIDS[1])
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 900_000


def test_export_still_makes_the_same(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with silence():
        checkpoint = write_model(tmp_path, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {TOWER, PROJECTOR}
    for name in (TOWER, PROJECTOR):
        (now, said), (before, told) = (read(folder / name) for folder in (tmp_path / "out", FOLDER))
        assert said == told, AGAIN
        assert now.keys() == before.keys(), AGAIN
        for key, values in now.items():
            assert values.dtype == before[key].dtype, AGAIN
            off = np.abs(values.astype(np.float64) - before[key])
            assert off.max() <= (1 if values.dtype.itemsize == 1 else EXACT), AGAIN
    for index in range(len(GRIDS)):
        np.testing.assert_allclose(exact(checkpoint, index), stored("floatOutput")[index], atol=1e-3, err_msg=AGAIN)
