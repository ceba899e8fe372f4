"""Checkpoints in the forms in which they are published: each has to give the very same files."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load, save_file
from torch import Tensor
from training.export.package import Sources
from training.tests.export_models import TINY_NAFLEX, export_tiny

pytestmark = pytest.mark.usefixtures("one_thread")

# What published folders hold beside what the export reads.
PUBLIC_EXTRAS = (
    ".gitattributes", "README.md", "1_Pooling/config.json", "config_sentence_transformers.json",
    "imgs/bm25.jpg", "long.jpg", "modules.json", "onnx/config.json", "onnx/model.onnx", "onnx/model.onnx_data",
    "sentence_bert_config.json", "sentencepiece.bpe.model", "special_tokens_map.json", "tokenizer_config.json",
)  # fmt: skip


def tensors_of(folder: Path) -> dict[str, Tensor]:
    return load((folder / "model.safetensors").read_bytes())


def taken_out(folder: Path) -> dict[str, Tensor]:
    """Weights that come back in another form."""
    tensors = tensors_of(folder)
    (folder / "model.safetensors").unlink()
    return tensors


def as_shards(folder: Path) -> None:
    tensors = taken_out(folder)
    names = sorted(tensors)
    shards = {"model-00001-of-00002.safetensors": names[::2], "model-00002-of-00002.safetensors": names[1::2]}
    for file, inside in shards.items():
        save_file({name: tensors[name] for name in inside}, folder / file)
    index = {"metadata": {}, "weight_map": {name: file for file, inside in shards.items() for name in inside}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")


def as_pickle(folder: Path) -> None:
    torch.save(taken_out(folder), folder / "pytorch_model.bin")


def as_old_pickle(folder: Path) -> None:
    """Before torch 1.6: no archive."""
    torch.save(taken_out(folder), folder / "pytorch_model.bin", _use_new_zipfile_serialization=False)


def with_language_model(folder: Path) -> None:
    """XLM-R as it was trained: the encoder behind a prefix, a head, buffers."""
    tensors = {f"roberta.{name}": value for name, value in tensors_of(folder).items()}
    tensors |= {
        "roberta.embeddings.position_ids": torch.arange(66)[None],
        "roberta.pooler.dense.weight": torch.zeros(16, 16),
        "lm_head.dense.weight": torch.zeros(16, 16),
        "lm_head.bias": torch.zeros(300),
    }
    save_file(tensors, folder / "model.safetensors")


def with_buffers(folder: Path) -> None:
    """BGE-M3 as published has a pooler and a buffer."""
    tensors = taken_out(folder) | {
        "embeddings.position_ids": torch.arange(66)[None],
        "pooler.dense.weight": torch.zeros(16, 16),
        "pooler.dense.bias": torch.zeros(16),
    }
    torch.save(tensors, folder / "pytorch_model.bin")


def with_public_extras(folder: Path) -> None:
    for name in PUBLIC_EXTRAS:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"neither JSON nor a model")


def with_head_prefix(folder: Path) -> None:
    """As transformers before 5 saves a vision tower alone."""
    save_file({f"vision_model.{n}": v for n, v in tensors_of(folder).items()}, folder / "model.safetensors")


def with_position_ids(folder: Path) -> None:
    positions = len(tensors_of(folder)["embeddings.position_embedding.weight"])
    buffer = {"embeddings.position_ids": torch.arange(positions)[None]}
    save_file(tensors_of(folder) | buffer, folder / "model.safetensors")


def as_two_towers(folder: Path) -> None:
    """A whole SigLIP 2: the text tower's tensors beside, `vision_config` inside."""
    with_head_prefix(folder)
    tensors = tensors_of(folder) | {
        "text_model.embeddings.token_embedding.weight": torch.zeros(60, 24),
        "text_model.head.bias": torch.zeros(24),
        "logit_scale": torch.zeros(1),
        "logit_bias": torch.zeros(1),
    }
    save_file(tensors, folder / "model.safetensors")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    kind = config["model_type"].removesuffix("_vision_model")
    whole = {"model_type": kind, "text_config": {"hidden_size": 24}, "vision_config": config}
    (folder / "config.json").write_text(json.dumps(whole), encoding="utf-8")


Change = Callable[[Path], None]
TEXT_CHANGES = (as_shards, as_pickle, as_old_pickle, with_language_model, with_buffers, with_public_extras)
VISION_CHANGES = (as_shards, as_pickle, with_head_prefix, with_position_ids, as_two_towers, with_public_extras)


def files_of(folder: Path) -> dict[str, dict]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]


def changed(folder: Path, tmp_path: Path, change: Change) -> Path:
    copy = shutil.copytree(folder, tmp_path / "copy")
    change(copy)
    return copy


@pytest.mark.parametrize("change", TEXT_CHANGES)
def test_text(tiny: Sources, tiny_export: Path, tmp_path: Path, change: Change) -> None:
    export_tiny(replace(tiny, text=changed(tiny.text, tmp_path, change)), tmp_path / "out")
    assert files_of(tmp_path / "out") == files_of(tiny_export)


@pytest.mark.parametrize("change", VISION_CHANGES)
def test_vision(tiny: Sources, tiny_export: Path, tmp_path: Path, change: Change) -> None:
    export_tiny(replace(tiny, vision=changed(tiny.vision, tmp_path, change)), tmp_path / "out")
    assert files_of(tmp_path / "out") == files_of(tiny_export)
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert "calibration" not in manifest


def test_two_towers_of_fixed_resolution(tiny: Sources, tmp_path: Path) -> None:
    """`siglip`, as SigLIP 2 of fixed resolution is published."""
    fixed = replace(tiny, vision=tiny.vision.with_name("fixed"))
    whole = replace(fixed, vision=changed(fixed.vision, tmp_path, as_two_towers))
    for name, sources in (("alone", fixed), ("whole", whole)):
        export_tiny(sources, tmp_path / name)
    assert files_of(tmp_path / "alone") == files_of(tmp_path / "whole")
    entry = json.loads((tmp_path / "whole/manifest.json").read_text(encoding="utf-8"))["image"]
    assert entry["geometry"] == {"kind": "fixed", "width": 32, "height": 32, "fit": "squash"}


class TestBgeSiglip:
    """The one file of the published training code: tower, projector, scale and bias."""

    SCALE, BIAS = 2.5, -9.5

    def state(self, tiny: Sources, prefix: str = "vision_model.") -> dict[str, Tensor]:
        tower = {f"{prefix}{name}": value for name, value in tensors_of(tiny.vision).items()}
        numbers = {"logit_scale": torch.tensor(self.SCALE), "logit_bias": torch.tensor([self.BIAS])}
        return tower | torch.load(tiny.projector) | numbers

    def check(self, out: Path, tiny_export: Path) -> None:
        assert files_of(out) == files_of(tiny_export)
        calibration = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["calibration"]
        assert calibration == {"scale": pytest.approx(12.182494), "bias": self.BIAS}

    @pytest.mark.parametrize("prefix", ["vision_model.", "vision_model.vision_model."])
    def test_with_its_config(self, tiny: Sources, tiny_export: Path, tmp_path: Path, prefix: str) -> None:
        torch.save(self.state(tiny, prefix), tmp_path / "model_checkpoint.pt")
        shutil.copy(tiny.vision / "config.json", tmp_path)
        export_tiny(Sources(tiny.text, tmp_path / "model_checkpoint.pt", None), tmp_path / "out")
        self.check(tmp_path / "out", tiny_export)

    def test_without_config(
        self, tiny: Sources, tiny_export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("training.export.configs.HEADS_OF_WIDTH", {TINY_NAFLEX.width: TINY_NAFLEX.heads})
        torch.save(self.state(tiny), tmp_path / "model_checkpoint.pt")
        export_tiny(Sources(tiny.text, tmp_path / "model_checkpoint.pt", None), tmp_path / "out")
        self.check(tmp_path / "out", tiny_export)

    def test_another_projector_takes_the_place_of_its_own(
        self, tiny: Sources, tiny_export: Path, tmp_path: Path
    ) -> None:
        state = self.state(tiny) | {"projector.0.bias": torch.ones(TINY_NAFLEX.width)}
        torch.save(state, tmp_path / "model_checkpoint.pt")
        shutil.copy(tiny.vision / "config.json", tmp_path)
        bare = {name.removeprefix("projector."): value for name, value in torch.load(tiny.projector).items()}
        torch.save(bare, tmp_path / "bare.pt")
        export_tiny(Sources(tiny.text, tmp_path / "model_checkpoint.pt", tmp_path / "bare.pt"), tmp_path / "out")
        self.check(tmp_path / "out", tiny_export)
