"""The training loop: it learns, and a run that was stopped or killed ends where an uninterrupted one does."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from training.align.errors import InputError
from training.align.log import Log
from training.align.settings import Settings
from training.align.task import held_out_recall
from training.align.train import Rhythm, train
from training.tests.align_task import RHYTHM, SETTINGS, make_task

ROOT = Path(__file__).resolve().parents[2]
STEPS = 60


class Stopped(Exception):
    """A run that a test ends."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The work folder of a run that nothing interrupted."""
    work = tmp_path_factory.mktemp("whole")
    train(make_task(), SETTINGS, work, RHYTHM)
    return work


def weights(work: Path) -> dict[str, torch.Tensor]:
    return torch.load(work / "model_checkpoint.pt", weights_only=True)


def same(one: Path, other: Path) -> bool:
    """Weights to the bit, optimiser state and log included."""
    a, b = weights(one), weights(other)
    states = [torch.load(work / "training.pt", weights_only=True)["optimizer"]["state"] for work in (one, other)]
    moments = all(torch.equal(states[0][p][key], states[1][p][key]) for p in states[0] for key in states[0][p])
    equal = a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)
    return equal and moments and (one / "log.jsonl").read_text() == (other / "log.jsonl").read_text()


def stop_at(step: int):
    def check(done: int, _: float) -> None:
        if done == step:
            raise Stopped

    return check


def test_loss_falls_and_held_out_pictures_are_found(whole: Path) -> None:
    entries = [json.loads(line) for line in (whole / "log.jsonl").read_text().splitlines()]
    losses = [entry["loss"] for entry in entries if "loss" in entry]
    found = [entry["text_to_image"]["R@10"] for entry in entries if "text_to_image" in entry]
    assert len(losses) == STEPS
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])
    assert found[0] < 0.45 < 0.8 < found[-1]
    assert [entry["step"] for entry in entries if "text_to_image" in entry] == [0, 16, 32, 48, 60]
    assert entries[-2]["scale"] != pytest.approx(10)


def test_infonce_learns_and_leaves_the_bias_alone(tmp_path: Path) -> None:
    task = make_task()
    before = held_out_recall(task, SETTINGS)["text_to_image"]["R@10"]
    after = train(task, replace(SETTINGS, loss="infonce"), tmp_path, RHYTHM)
    assert after["text_to_image"]["R@10"] > before + 0.3
    assert after["image_to_text"]["R@10"] > 0.8
    assert weights(tmp_path)["logit_bias"].tolist() == [-10]


@pytest.mark.parametrize("step", [3, 20, 28])
def test_a_stopped_run_ends_as_if_it_had_not_been_stopped(whole: Path, tmp_path: Path, step: int) -> None:
    with pytest.raises(Stopped):
        train(make_task(), SETTINGS, tmp_path, RHYTHM, stop_at(step))
    assert not (tmp_path / "model_checkpoint.pt").exists()
    # It goes on from other weights than it began with: all of them must come from the checkpoint.
    train(replace(make_task(), head=make_task(seed=1).head), SETTINGS, tmp_path, RHYTHM)
    assert same(whole, tmp_path)


def killed(work: Path, when: str, step: int) -> None:
    """A process of its own that SIGKILL ends after a step, or in the middle of writing its checkpoint."""
    command = [sys.executable, "-m", "training.tests.align_task", str(work), when, str(step)]
    assert subprocess.run(command, cwd=ROOT, timeout=60).returncode == -signal.SIGKILL


def test_a_run_killed_at_a_random_step_goes_on(whole: Path, tmp_path: Path) -> None:
    step = int(np.random.default_rng(20).integers(1, STEPS))
    killed(tmp_path, "after", step)
    assert json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])["step"] == step
    train(make_task(), SETTINGS, tmp_path, RHYTHM)
    assert same(whole, tmp_path)


def test_a_run_killed_while_it_writes_a_checkpoint_goes_on_from_the_one_before(whole: Path, tmp_path: Path) -> None:
    killed(tmp_path, "saving", 21)
    assert torch.load(tmp_path / "training.pt", weights_only=True)["step"] == 14
    assert len(list(tmp_path.glob("*.tmp"))) == 1
    train(make_task(), SETTINGS, tmp_path, RHYTHM)
    assert same(whole, tmp_path)
    assert not list(tmp_path.glob("*.tmp"))


def test_a_finished_run_is_not_trained_again(whole: Path) -> None:
    before = (whole / "log.jsonl").read_text()
    steps: list[int] = []
    recall = train(make_task(), SETTINGS, whole, RHYTHM, lambda step, _: steps.append(step))
    assert steps == []
    assert (whole / "log.jsonl").read_text() == before
    assert recall["text_to_image"] == json.loads(before.splitlines()[-1])["text_to_image"]


def test_another_run_does_not_go_on_with_this_ones_state(whole: Path) -> None:
    before = (whole / "training.pt").read_bytes()
    with pytest.raises(InputError, match=r"training\.pt: field 'batch': the stopped run had 40, this one has 20"):
        train(make_task(), replace(SETTINGS, batch=20), whole, RHYTHM)
    with pytest.raises(InputError, match="field 'text encoder': the stopped run had 'formula'"):
        train(replace(make_task(), text_model="another"), SETTINGS, whole, RHYTHM)
    assert (whole / "training.pt").read_bytes() == before


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_mixed_precision_learns_about_the_same(whole: Path, tmp_path: Path, precision: str) -> None:
    mixed = train(make_task(), replace(SETTINGS, precision=precision), tmp_path, RHYTHM)
    assert mixed["text_to_image"]["R@10"] > 0.8
    assert weights(tmp_path)["projector.0.weight"].dtype == torch.float32
    assert not torch.equal(weights(tmp_path)["projector.0.weight"], weights(whole)["projector.0.weight"])


def test_a_loss_that_is_not_finite_ends_the_run(tmp_path: Path) -> None:
    task = make_task()
    task.source.rows[:] = np.inf
    with pytest.raises(InputError, match="not finite"):
        train(task, SETTINGS, tmp_path, RHYTHM)
    assert not (tmp_path / "model_checkpoint.pt").exists()
    assert not (tmp_path / "training.pt").exists()


def test_the_rate_rises_and_falls() -> None:
    settings = Settings(learning_rate=1.0, warmup=10, final_rate=0.1)
    assert settings.rate(0, 200) == pytest.approx(0.1)
    assert settings.rate(9, 200) == settings.rate(10, 200) == pytest.approx(1)
    assert settings.rate(105, 200) == pytest.approx(0.55)
    assert settings.rate(200, 200) == pytest.approx(0.1)
    assert Settings(warmup=100).rate(0, 20) == pytest.approx(0.5e-4)
    assert Settings(warmup=0, final_rate=1).rate(17, 20) == 1e-4


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"loss": "hinge"}, "loss: got 'hinge', expected one of sigmoid, infonce"),
        ({"batch": 1}, "batch: got 1, expected at least 2"),
        ({"epochs": -1}, "epochs: got -1, expected at least 0"),
        ({"learning_rate": float("nan")}, "learning_rate: got nan, expected a positive number"),
        ({"final_rate": 2.0}, "final_rate: got 2.0, expected 0 to 1"),
        ({"precision": "int8"}, "precision: got 'int8'"),
    ],
)
def test_settings_are_checked(changed: dict, told: str) -> None:
    with pytest.raises(InputError, match=told):
        Settings(**changed)


def test_the_rhythm_is_checked() -> None:
    with pytest.raises(InputError, match="save every: got 0, expected at least 1"):
        Rhythm(save=0)


def test_half_a_line_of_the_log_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"step": 1}\n{"step": 2}\n{"step": 3}\n{"ste')
    with Log(path, 2) as log:
        log.write({"step": 3, "again": True})
    assert path.read_text() == '{"step": 1}\n{"step": 2}\n{"step": 3, "again": true}\n'
