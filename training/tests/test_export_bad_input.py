"""Checkpoints that are wrong: the message names file and field, and nothing is written or lost."""

import re
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load
from torch import Tensor
from training.export.errors import CheckpointError
from training.export.package import Sources
from training.tests.export_damage import BLOCK, CASES, CONFIG, LAYER, SAFE, Case, poison, put, tensors
from training.tests.export_models import contents, export_tiny

pytestmark = pytest.mark.usefixtures("one_thread")


def copied(tiny: Sources, tmp_path: Path) -> Sources:
    """Checkpoints that may be changed."""
    text_copy, vision_copy = tmp_path / "in/text", tmp_path / "in/vision"
    shutil.copytree(tiny.text, text_copy)
    shutil.copytree(tiny.vision, vision_copy)
    return Sources(text_copy, vision_copy, Path(shutil.copy(tiny.projector, tmp_path / "in/projector.pt")))


def refused(sources: Sources, out: Path, *parts: str) -> None:
    """One line that holds all parts; everything beside `out`, and in it, stays as it was."""
    before = contents(out.parent)
    with pytest.raises(CheckpointError) as caught:
        export_tiny(sources, out)
    message = str(caught.value)
    assert "\n" not in message
    assert [part for part in parts if part not in message] == [], message
    assert contents(out.parent) == before
    assert not list(out.parent.rglob("*unfinished*"))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_checkpoint(tiny: Sources, tmp_path: Path, case: Case) -> None:
    sources = copied(tiny, tmp_path)
    case.change(getattr(sources, case.which))
    refused(sources, tmp_path / "out", f"{case.which}/{case.file}" if case.file != "text" else "/text", *case.parts)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("state", "parts"),
    [
        ({"0.weight": torch.zeros(8, 20)}, ["20", "24"]),
        ({"2.weight": torch.zeros(12, 24), "2.bias": torch.zeros(12)}, ["12 dimensions", "16"]),
        ({"2.weight": torch.zeros(16, 8)}, ['"projector.2.weight"', "[16, 8]", "[16, 24]"]),
        ({"0.weight": torch.zeros(24)}, ['"projector.0.weight"', "[24]", "two dimensions"]),
        ({"4.weight": torch.zeros(24)}, ['"projector.4.weight"']),
        ({"0.bias": torch.full((24,), float("nan"))}, ['"projector.0.bias"', "not finite"]),
        ({"0.bias": None}, ['"projector.0.bias"', "missing", "[24]"]),
        ({"2.weight": None}, ['"projector.2.weight"', "missing"]),
    ],
)
def test_projector(tiny: Sources, tmp_path: Path, state: dict[str, Tensor | None], parts: list[str]) -> None:
    sources = copied(tiny, tmp_path)
    whole = torch.load(sources.projector) | {f"projector.{name}": value for name, value in state.items()}
    torch.save({name: value for name, value in whole.items() if value is not None}, sources.projector)
    # A tower whose pictures end elsewhere is what lacks a projector that fits.
    file = "in/vision" if "12 dimensions" in parts else "in/projector.pt"
    refused(sources, tmp_path / "out", file, *parts)


def test_no_projector_where_dimensions_differ(tiny: Sources, tmp_path: Path) -> None:
    sources = Sources(tiny.text, tiny.vision, None)
    refused(sources, tmp_path / "out", str(tiny.vision), "24", str(tiny.text), "16", "projector")


@pytest.mark.parametrize("which", ["text", "vision", "projector"])
def test_sources_that_are_not_there(tiny: Sources, tmp_path: Path, which: str) -> None:
    sources = Sources(**(vars(tiny) | {which: tmp_path / "nowhere"}))
    refused(sources, tmp_path / "out", "nowhere", "missing")


class TestBgeSiglip:
    """The single file."""

    def state(self, tiny: Sources) -> dict[str, Tensor]:
        tower = load((tiny.vision / SAFE).read_bytes())
        return {f"vision_model.{name}": value for name, value in tower.items()} | torch.load(tiny.projector)

    def check(self, tiny: Sources, tmp_path: Path, state: dict[str, Tensor], *parts: str) -> None:
        torch.save(state, tmp_path / "model_checkpoint.pt")
        sources = Sources(tiny.text, tmp_path / "model_checkpoint.pt", None)
        refused(sources, tmp_path / "out", "model_checkpoint.pt", *parts)

    def test_extra_tensor(self, tiny: Sources, tmp_path: Path) -> None:
        shutil.copy(tiny.vision / CONFIG, tmp_path)
        self.check(tiny, tmp_path, self.state(tiny) | {"temperature": torch.zeros(1)}, "temperature")

    def test_missing_tensor(self, tiny: Sources, tmp_path: Path) -> None:
        shutil.copy(tiny.vision / CONFIG, tmp_path)
        state = self.state(tiny)
        del state[f"vision_model.{BLOCK}"]
        self.check(tiny, tmp_path, state, f"vision_model.{BLOCK}", "missing")

    def test_scale_that_is_no_number(self, tiny: Sources, tmp_path: Path) -> None:
        shutil.copy(tiny.vision / CONFIG, tmp_path)
        self.check(tiny, tmp_path, self.state(tiny) | {"logit_scale": torch.zeros(3)}, "logit_scale", "[3]")

    def test_unknown_width_without_config(self, tiny: Sources, tmp_path: Path) -> None:
        self.check(tiny, tmp_path, self.state(tiny), "24", "heads", "config.json")

    def test_no_tower(self, tiny: Sources, tmp_path: Path) -> None:
        name = "vision_model.embeddings.position_embedding.weight"
        self.check(tiny, tmp_path, torch.load(tiny.projector), name, "missing")

    def test_something_else_than_tensors(self, tiny: Sources, tmp_path: Path) -> None:
        self.check(tiny, tmp_path, {"epoch": 3}, "state dict")


def test_values_beyond_float16(tiny: Sources, tmp_path: Path) -> None:
    """Nothing is wrong with the checkpoint, but infinity would be stored."""
    sources = copied(tiny, tmp_path)
    tensors(poison(LAYER, 1e5))(sources.text)
    export_tiny(sources, tmp_path / "fine", ("fp32", "int8"))
    before = contents(tmp_path)
    with pytest.raises(CheckpointError, match=r'"layer1\.attention\.self\.query\.weight".* --formats fp32 int8'):
        export_tiny(sources, tmp_path / "out", ("fp32", "fp16"))
    assert contents(tmp_path) == before


def test_messages_are_whole_sentences(tiny: Sources, tmp_path: Path) -> None:
    """What a person reads, once in full."""
    sources = copied(tiny, tmp_path)
    tensors(put(LAYER, torch.zeros(16, 8)))(sources.text)
    with pytest.raises(CheckpointError) as caught:
        export_tiny(sources, tmp_path / "out")
    path = re.escape(str(sources.text / SAFE))
    assert re.fullmatch(
        path + re.escape(f': tensor "{LAYER}" has shape [16, 8]; expected [16, 16].'), str(caught.value)
    )
