"""How many inputs share a scale in `int7`, and what does not fit the kernels."""

from pathlib import Path

from .checkpoint import Weights
from .errors import CheckpointError
from .image_tower import CHANNELS, VisionCheckpoint
from .projector import projector_size
from .text_tower import TextCheckpoint

GROUP, SMALLEST_GROUP = 128, 16
"""Inputs that share a scale: the default, and what a kernel of 16 bytes per step can do at least."""
TEXT_HEAD_STEP, IMAGE_HEAD_STEP, OUTPUT_STEP = 16, 4, 4
"""Numbers of a head, and outputs, that the kernels do at once."""


def group_of_text(checkpoint: TextCheckpoint) -> int:
    """The length of a checkpoint's groups: 128, or the next smaller power of two that divides both lengths of
    rows. Raises where there is none, and where heads or multi-vectors do not fit the kernel."""
    config = checkpoint.config
    group, depth = dividing(config.width, config.hidden), config.width // config.heads
    vectors, _ = checkpoint.colbert.matrix("weight")
    if group < SMALLEST_GROUP:
        lengths = f'fields "hidden_size" and "intermediate_size" are {config.width} and {config.hidden}'
        raise unfit(checkpoint.folder, lengths, f"multiples of {SMALLEST_GROUP}")
    if depth % TEXT_HEAD_STEP:
        raise unfit(checkpoint.folder, heads_of(depth), f"a multiple of {TEXT_HEAD_STEP}")
    if vectors % OUTPUT_STEP:
        raise unfit(checkpoint.folder, f"multi-vectors have {vectors} numbers", f"a multiple of {OUTPUT_STEP}")
    return group


def group_of_vision(checkpoint: VisionCheckpoint) -> int:
    """The same of a NaFlex tower, by its width and a patch's numbers; what lies inside its MLPs is filled up to
    whole groups. Raises where there is none, and where heads do not fit the kernel."""
    config = checkpoint.config
    values = CHANNELS * config.patch**2
    group, depth = dividing(config.width, values), config.width // config.heads
    if group < SMALLEST_GROUP:
        lengths = f'field "hidden_size" is {config.width}, and patches have {values} numbers'
        raise unfit(checkpoint.source, lengths, f"multiples of {SMALLEST_GROUP}")
    if depth % IMAGE_HEAD_STEP:
        raise unfit(checkpoint.source, heads_of(depth), f"a multiple of {IMAGE_HEAD_STEP}")
    return group


def group_of_projector(weights: Weights) -> int:
    """The same of a projector, by the inputs of its two layers. Raises where there is none. Its outputs are as many
    as the text's, whose group divides them."""
    inputs, hidden, _ = projector_size(weights)
    group = dividing(inputs, hidden)
    if group < SMALLEST_GROUP:
        lengths = f"the projector's layers take {inputs} and {hidden} numbers"
        raise unfit(weights.source, lengths, f"multiples of {SMALLEST_GROUP}")
    return group


def dividing(*lengths: int) -> int:
    """The largest power of two up to `GROUP` that divides all of them."""
    group = GROUP
    while any(length % group for length in lengths):
        group //= 2
    return group


def up_to_multiple(length: int, group: int) -> int:
    """The length, filled up to whole groups."""
    return -(-length // group) * group


def heads_of(depth: int) -> str:
    """Words for a message."""
    return f'field "num_attention_heads" makes heads of {depth} numbers'


def unfit(source: Path, what: str, needed: str) -> CheckpointError:
    """Says what is wrong, and what to do."""
    return CheckpointError(f"{source}: {what}; int7 needs {needed}. Leave it out: --formats fp32 fp16 int8.")
