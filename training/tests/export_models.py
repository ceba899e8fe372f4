"""Tiny random checkpoints in the public layouts, and models exported from them."""

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from training.export.formats import ExportFormat
from training.export.image_tower import read_projector, read_vision_checkpoint
from training.export.manifest import Description
from training.export.package import Sources, export
from training.export.preprocessor import read_preprocessing
from training.export.random_checkpoints import TextSize, VisionSize, write_projector, write_text, write_vision
from training.export.reference import ImageReference, TextOutputs, TextReference, embedded
from training.export.text_tower import read_text_checkpoint
from training.export.twins import filler_tokenizer

from .export_inputs import TEXTS
from .export_run import image_feeds

# Graphs that have their words in them.
WHOLE_GRAPHS = ("fp32", "fp16", "int8")
DESCRIPTION = Description("tiny", "1.0.0", "Apache-2.0", "Random weights; for tests.")
TINY_TEXT = TextSize(300, width=16, layers=2, heads=2, hidden=32, positions=66)
TINY_NAFLEX = VisionSize(24, layers=2, heads=2, hidden=40, positions=16)
TINY_FIXED = VisionSize(24, layers=2, heads=2, hidden=40, side=32)


@dataclass(frozen=True)
class Exported:
    """A model, the checkpoints behind it, and what PyTorch makes of the tests' inputs."""

    sources: Sources
    folder: Path

    def manifest(self) -> dict:
        """Parsed."""
        return json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))

    @cached_property
    def texts(self) -> TextReference:
        """Of the text tower."""
        return TextReference(read_text_checkpoint(self.sources.text))

    @cached_property
    def encoded(self) -> list[TextOutputs]:
        """All texts of `export_inputs`."""
        return [self.texts.encode(text) for text in TEXTS]

    @cached_property
    def images(self) -> ImageReference:
        """Of the vision tower."""
        checkpoint = read_vision_checkpoint(self.sources.vision)
        return ImageReference(checkpoint, read_preprocessing(self.sources.vision, checkpoint.config))

    @cached_property
    def feeds(self) -> dict[str, np.ndarray]:
        """All pictures of `export_inputs`, as the image graph takes them."""
        return image_feeds(self.images)

    @cached_property
    def features(self) -> np.ndarray:
        """Of those pictures."""
        with torch.no_grad():
            given = {name: torch.from_numpy(value) for name, value in self.feeds.items()}
            return self.images.model(**given).pooler_output.numpy()

    @cached_property
    def embeddings(self) -> np.ndarray:
        """Their projections."""
        return embedded(self.features, read_projector(self.sources.projector))


def export_tiny(sources: Sources, out: Path, formats: tuple[ExportFormat, ...] = ("fp32",)) -> None:
    """The export, under the tests' description."""
    export(sources, out, formats, DESCRIPTION)


def write_tiny(folder: Path) -> Sources:
    """`text`, `naflex`, `fixed`, `projector.pt`: as small as they can be with every part in them."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = folder / "filler.json"
    tokenizer.write_text(json.dumps(filler_tokenizer(TINY_TEXT.vocabulary), ensure_ascii=False), encoding="utf-8")
    with silence():
        write_text(folder / "text", TINY_TEXT, tokenizer)
        write_vision(folder / "naflex", TINY_NAFLEX)
        write_vision(folder / "fixed", TINY_FIXED)
    write_projector(folder / "projector.pt", TINY_NAFLEX.width, TINY_TEXT.width)
    return Sources(folder / "text", folder / "naflex", folder / "projector.pt")


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Hides the progress bars of `save_pretrained`."""
    with contextlib.redirect_stderr(io.StringIO()):
        yield


@contextlib.contextmanager
def single_thread() -> Iterator[None]:
    """PyTorch on one thread: on busy cores a second one makes tiny models ten times slower."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
