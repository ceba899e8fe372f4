"""The projector in `int7` as a safetensors file; the L2 norm behind it is the SDK's own."""

from pathlib import Path

from .checkpoint import Weights
from .int7_parts import linear_part, load_linear
from .projector import projector_size
from .tensor_file import write_tensors

FORMAT, VERSION = "photoglot-projector", "1"


def write_projector(path: Path, weights: Weights, group: int) -> None:
    """Writes the file. `group` is the number of inputs that share a scale; it divides inputs and hidden numbers."""
    inputs, hidden, outputs = projector_size(weights)
    fields = {
        "format": FORMAT,
        "version": VERSION,
        "inputs": inputs,
        "hidden": hidden,
        "outputs": outputs,
        "group": group,
    }
    parts = [
        linear_part("up", hidden, inputs, group, lambda: load_linear(weights, "0.", hidden, inputs)),
        linear_part("down", outputs, hidden, group, lambda: load_linear(weights, "2.", outputs, hidden)),
    ]
    write_tensors(path, {name: str(value) for name, value in fields.items()}, parts)
    weights.finish()
