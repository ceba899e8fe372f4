"""Calibration of confidences, on vectors whose right answer is known."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from training.calibrate import background, calibrate, partial_cosines, unit, write

DIMENSION = 64
COUNT = 120


def cone(count: int, seed: int) -> np.ndarray:
    """Unit rows that share a direction, the first axis, as those of such models do."""
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    rows[:, 0] += 8
    return unit(rows)


def named(pictures: np.ndarray, noise: float) -> np.ndarray:
    """Texts, each near its picture."""
    return unit(pictures + noise * np.random.default_rng(9).normal(size=pictures.shape) / np.sqrt(DIMENSION))


def test_the_background_is_what_all_have_in_common() -> None:
    axis = np.eye(DIMENSION)[0]
    assert background(cone(COUNT, 1)) @ axis > 0.99


def test_a_frequent_kind_does_not_pass_for_what_all_have() -> None:
    rows = np.random.default_rng(2).normal(size=(COUNT, DIMENSION))
    pictures = np.concatenate([unit(rows), np.repeat(unit(rows[:1]), COUNT, axis=0)])
    assert abs(background(pictures) @ pictures[0]) < 0.6
    assert unit(pictures.mean(axis=0)) @ pictures[0] > 0.95


def test_partial_cosines_are_without_the_background() -> None:
    axis = np.eye(DIMENSION)[0]
    pictures = cone(COUNT, 3)
    partial = partial_cosines(pictures, pictures, axis)
    assert np.diag(partial) == pytest.approx(1)
    others = partial[~np.eye(COUNT, dtype=bool)]
    assert abs(others.mean()) < 0.02
    assert (pictures @ pictures.T).mean() > 0.4


def test_what_is_right_is_sure_and_what_is_not_is_not() -> None:
    pictures = cone(COUNT, 4)
    texts = named(pictures, 0.5)
    direction, (scale, bias), _ = calibrate(texts, pictures, np.eye(COUNT, dtype=bool))
    sure = 1 / (1 + np.exp(-(scale * partial_cosines(texts, pictures, direction) + bias)))
    assert (np.diag(sure) > 0.5).mean() > 0.98
    assert (sure[~np.eye(COUNT, dtype=bool)] > 0.5).mean() < 0.01


def test_arrays_that_do_not_fit_are_refused() -> None:
    pictures = cone(COUNT, 5)
    with pytest.raises(ValueError, match="texts by pictures"):
        calibrate(pictures[:3], pictures, np.eye(COUNT, dtype=bool))
    with pytest.raises(ValueError, match="no picture"):
        calibrate(pictures, pictures, np.zeros((COUNT, COUNT), dtype=bool))


def test_a_manifest_gains_the_calibration_and_keeps_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"dimension": 2, "calibration": {"scale": 24.0, "bias": -12.0}, "licence": "…"}))
    write(path, np.array([0.6, 0.8]), (12.0, -6.0), (9.0, -3.0))
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert manifest["licence"] == "…"
    calibration = manifest["calibration"]
    assert (calibration["scale"], calibration["bias"]) == (24.0, -12.0)
    assert (calibration["background"]["scale"], calibration["background"]["bias"]) == (12.0, -6.0)
    vector = np.frombuffer(base64.b64decode(calibration["background"]["vector"]), "<f4")
    assert vector == pytest.approx([0.6, 0.8])
    with pytest.raises(ValueError, match="dimension is 2"):
        write(path, np.ones(3), (1.0, 0.0), (1.0, 0.0))


def test_a_manifest_without_any_gains_both(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"dimension": 2}))
    write(path, np.array([0.6, 0.8]), (12.0, -6.0), (9.0, -3.0))
    calibration = json.loads(path.read_text(encoding="utf-8"))["calibration"]
    assert (calibration["scale"], calibration["bias"], calibration["background"]["scale"]) == (9.0, -3.0, 12.0)
