"""`preprocessor_config.json` of a vision tower → the manifest's preprocessing, checked field by field."""

import math
from dataclasses import dataclass
from pathlib import Path

from .checkpoint import read_json
from .configs import VisionConfig
from .errors import CheckpointError

# Pillow's numbers of the two filters that SigLIP uses.
FILTERS = {2: "bilinear", 3: "bicubic"}
# What SigLIP 2 is published with, for a state dict that comes without the file.
DEFAULTS = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3, "resample": 2, "max_num_patches": 256}
# transformers' own default where a file of fixed resolution does not say.
FIXED_RESAMPLE = 3


@dataclass(frozen=True)
class Preprocessing:
    """How pictures become the tower's input."""

    filter: str
    mean: list[float]
    std: list[float]
    max_patches: int
    """NaFlex only."""

    def geometry(self, config: VisionConfig) -> dict[str, object]:
        """As in the manifest."""
        if config.side is None:
            return {"kind": "patches", "patch": config.patch, "maxPatches": self.max_patches}
        return {"kind": "fixed", "width": config.side, "height": config.side, "fit": "squash"}


def read_preprocessing(source: Path, config: VisionConfig) -> Preprocessing:
    """The file beside the weights. One that crops, pads or scales differently is refused."""
    path = (source if source.is_dir() else source.parent) / "preprocessor_config.json"
    content = dict(DEFAULTS)
    if path.exists() or source.is_dir():
        if config.side is not None:
            content["resample"] = FIXED_RESAMPLE
        content |= {field: value for field, value in read_json(path).items() if value is not None}

    def wrong(field: str, expected: str) -> CheckpointError:
        return CheckpointError(f'{path}: field "{field}" is {content.get(field)!r}; expected {expected}.')

    for field in ("do_resize", "do_rescale", "do_normalize"):
        if content.get(field, True) is False:
            raise wrong(field, "true")
    for field in ("do_center_crop", "do_pad"):
        if content.get(field, False) is not False:
            raise wrong(field, "false")
    factor = content.get("rescale_factor", 1 / 255)
    if not is_number(factor) or abs(factor - 1 / 255) > 1e-9:
        raise wrong("rescale_factor", "1/255")
    if not is_number(content["resample"]) or content["resample"] not in FILTERS:
        raise wrong("resample", "2 (bilinear) or 3 (bicubic)")
    for field in ("image_mean", "image_std"):
        value = content[field]
        if not isinstance(value, list) or len(value) != 3 or not all(is_number(v) for v in value):
            raise wrong(field, "three numbers")
    if min(content["image_std"]) <= 0:
        raise wrong("image_std", "three positive numbers")
    if config.side is None:
        if content.get("patch_size", config.patch) != config.patch:
            raise wrong("patch_size", str(config.patch))
        patches = content["max_num_patches"]
        if not isinstance(patches, int) or isinstance(patches, bool) or patches < 1:
            raise wrong("max_num_patches", "a positive whole number")
    elif (size := content.get("size")) is not None and size != {"height": config.side, "width": config.side}:
        raise wrong("size", f"height and width of {config.side}")
    return Preprocessing(
        FILTERS[content["resample"]], content["image_mean"], content["image_std"], content["max_num_patches"]
    )


def is_number(value: object) -> bool:
    """A finite one."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
