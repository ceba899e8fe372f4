"""Graphs that are wrong on purpose must fail the comparison, and what the checkpoint's settings say must count."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F
from training.export import blocks
from training.export.image_tower import VisionCheckpoint, build_image_tower, read_vision_checkpoint
from training.export.package import Sources, save
from training.export.text_tower import TextCheckpoint, build_text_tower, read_text_checkpoint
from training.tests.export_bars import EXACT, WRONG, deviations
from training.tests.export_models import Exported
from training.tests.export_run import open_graph, run_graph, text_feeds
from transformers import Siglip2VisionModel, XLMRobertaModel

pytestmark = pytest.mark.usefixtures("one_thread")


def encode(checkpoint: TextCheckpoint, rows: list[list[int]], path: Path) -> np.ndarray:
    save(build_text_tower(checkpoint, "fp32"), path)
    return run_graph(open_graph(path), text_feeds(rows))["dense_vecs"]


def look(checkpoint: VisionCheckpoint, feeds: dict[str, np.ndarray], path: Path) -> np.ndarray:
    save(build_image_tower(checkpoint, "fp32"), path)
    return run_graph(open_graph(path), feeds)["pooler_output"]


class TestWrong:
    """One thing changed in the graph, nothing in weights and inputs."""

    def text(self, model: Exported, path: Path, **changes: object) -> np.ndarray:
        checkpoint = read_text_checkpoint(model.sources.text)
        changed = replace(checkpoint, config=replace(checkpoint.config, **changes))
        got = encode(changed, [each.ids for each in model.encoded], path)
        return deviations(got, [each.dense for each in model.encoded])

    def image(self, model: Exported, path: Path, **changes: object) -> np.ndarray:
        checkpoint = read_vision_checkpoint(model.sources.vision)
        changed = replace(checkpoint, config=replace(checkpoint.config, **changes))
        return deviations(look(changed, model.feeds, path), model.features)

    def test_as_it_is(self, naflex: Exported, tmp_path: Path) -> None:
        assert self.text(naflex, tmp_path / "text.onnx").max() <= EXACT
        assert self.image(naflex, tmp_path / "image.onnx").max() <= EXACT

    @pytest.mark.parametrize("change", [{"heads": 2}, {"pad": 0}, {"eps": 1e-2}])
    def test_text_settings(self, naflex: Exported, tmp_path: Path, change: dict[str, object]) -> None:
        assert self.text(naflex, tmp_path / "text.onnx", **change).max() > EXACT

    @pytest.mark.parametrize("change", [{"heads": 2}, {"eps": 1e-2}])
    def test_vision_settings(self, naflex: Exported, tmp_path: Path, change: dict[str, object]) -> None:
        assert self.image(naflex, tmp_path / "image.onnx", **change).max() > EXACT

    def test_a_mask_that_lets_through(self, naflex: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(blocks, "MASKED", -5.0)
        assert self.text(naflex, tmp_path / "text.onnx").max() > WRONG
        assert self.image(naflex, tmp_path / "image.onnx").max() > WRONG


def other_settings(folder: Path, out: Path, **changes: object) -> Path:
    """The same weights under another `config.json`."""
    shutil.copytree(folder, out)
    config = json.loads((out / "config.json").read_text(encoding="utf-8"))
    (out / "config.json").write_text(json.dumps(config | changes), encoding="utf-8")
    return out


CHANGES = [{}, {"layer_norm_eps": 0.05}, {"num_attention_heads": 4}]


@pytest.mark.parametrize("changes", CHANGES)
@torch.no_grad()
def test_text_as_the_library_reads_the_folder(tiny: Sources, tmp_path: Path, changes: dict[str, object]) -> None:
    folder = other_settings(tiny.text, tmp_path / "text", **changes)
    rows = [[0, *range(5, 5 + length), 2] for length in (1, 9, 30)]
    feeds = {name: torch.from_numpy(value) for name, value in text_feeds(rows).items()}
    hidden = XLMRobertaModel.from_pretrained(folder, add_pooling_layer=False).eval()(**feeds).last_hidden_state
    got = encode(read_text_checkpoint(folder), rows, tmp_path / "text.onnx")
    assert deviations(got, F.normalize(hidden[:, 0], dim=-1).numpy()).max() <= EXACT


@pytest.mark.parametrize("changes", CHANGES)
@torch.no_grad()
def test_pictures_as_the_library_reads_the_folder(tiny: Sources, tmp_path: Path, changes: dict[str, object]) -> None:
    folder = other_settings(tiny.vision, tmp_path / "vision", **changes)
    rng = np.random.default_rng(0)
    shapes = np.array([[4, 4], [1, 12], [6, 2], [3, 5]])
    feeds = {
        "pixel_values": rng.standard_normal((4, 16, 768), dtype=np.float32),
        "pixel_attention_mask": (np.arange(16) < shapes.prod(axis=1)[:, None]).astype(np.int64),
        "spatial_shapes": shapes,
    }
    model = Siglip2VisionModel.from_pretrained(folder).eval()
    expected = model(**{name: torch.from_numpy(value) for name, value in feeds.items()}).pooler_output.numpy()
    got = look(read_vision_checkpoint(folder), feeds, tmp_path / "image.onnx")
    assert deviations(got, expected).max() <= EXACT
