"""The vision tower in `int7`, which our own kernels run on WASM: the main one, or a smaller one beside it."""

from dataclasses import dataclass
from pathlib import Path

from .checkpoint import Weights
from .errors import CheckpointError
from .formats import FORMATS, ExportFormat
from .image_tower import VisionCheckpoint
from .int7_groups import group_of_projector, group_of_vision
from .manifest import KernelFiles
from .preprocessor import Preprocessing
from .projector_file import write_projector
from .vision_file import write_vision


@dataclass(frozen=True)
class ImageTower:
    """A vision tower, its projector where there is one, and how it takes pictures."""

    vision: VisionCheckpoint
    projector: Weights | None
    preprocessing: Preprocessing


@dataclass(frozen=True)
class KernelTower:
    """A NaFlex tower and its projector, with the lengths of their groups and the files that they go to."""

    tower: ImageTower
    files: KernelFiles
    group: int
    projector_group: int | None

    def write(self, folder: Path) -> None:
        """Writes its files."""
        write_vision(folder / self.files.image, self.tower.vision, self.group)
        if self.files.projector is not None:
            write_projector(folder / self.files.projector, self.tower.projector, self.projector_group)


def kernel_tower(tower: ImageTower, image_file: str, projector_file: str) -> KernelTower:
    """Of a NaFlex tower. Raises where the kernels cannot run it or its projector."""
    group, projector = group_of_vision(tower.vision), tower.projector
    if projector is None:
        return KernelTower(tower, KernelFiles(image_file, None), group, None)
    return KernelTower(tower, KernelFiles(image_file, projector_file), group, group_of_projector(projector))


def check_beside(main: ImageTower, small: ImageTower, formats: tuple[ExportFormat, ...]) -> None:
    """Whether WASM may take `small` in the place of `main`: a picture is prepared once, by one entry of the manifest,
    whichever of them runs, and both have to be in some format. Raises where that is not so."""
    source = small.vision.source
    if "int7" not in formats:
        raise CheckpointError(
            f"formats {', '.join(formats)}: {source} is for WASM and written in int7 alone; add int7."
        )
    if not set(formats) & set(FORMATS):
        raise CheckpointError(
            f"formats {', '.join(formats)}: int7 is of {source} alone, and {main.vision.source} would be in none; "
            f"add one of {', '.join(FORMATS)}."
        )
    for each in (main, small):
        if each.vision.config.side is not None:
            raise CheckpointError(
                f"{each.vision.source}: a tower of fixed resolution; with a second tower for WASM both are NaFlex."
            )
    check_same(main, small)
    # The manifest's own projector says for all variants whether there is one.
    if (main.projector is None) != (small.projector is None):
        with_one, without = (main, small) if small.projector is None else (small, main)
        raise CheckpointError(
            f"{without.vision.source} has no projector, {with_one.vision.source} has one; "
            "give one to both towers or to neither."
        )


def check_same(main: ImageTower, small: ImageTower) -> None:
    """Whether both take pictures prepared in the same way."""
    for name in ("geometry", "filter", "mean", "std"):
        expected, got = (prepared(each)[name] for each in (main, small))
        if got != expected:
            raise CheckpointError(
                f"{small.vision.source}: {name} is {got}, that of {main.vision.source} is {expected}; "
                "towers of one model take pictures prepared in the same way."
            )


def prepared(tower: ImageTower) -> dict[str, object]:
    """How pictures become its input, as in the manifest."""
    preprocessing = tower.preprocessing
    return {
        "geometry": preprocessing.geometry(tower.vision.config),
        "filter": preprocessing.filter,
        "mean": preprocessing.mean,
        "std": preprocessing.std,
    }
