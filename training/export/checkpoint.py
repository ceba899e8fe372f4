"""Checkpoint folders in the Hugging Face format, read tensor by tensor.

Weights may be `model.safetensors`, its sharded form, or `pytorch_model.bin`. Every tensor that a tower
takes is checked for its shape; `finish` refuses a checkpoint that has others, so that a checkpoint of
another architecture, or of another size, is noticed before anything is written.
"""

import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from .errors import CheckpointError

SAFETENSORS, SHARDS, PICKLED = "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"


class Weights:
    """Named tensors of one checkpoint; loads each when it is taken."""

    def __init__(self, source: Path, loaders: Mapping[str, Callable[[], Tensor]], prefix: str = "") -> None:
        self.source = source
        # What `below` has cut off the names; complaints give names as they are in the file.
        self._prefix = prefix
        self._loaders = dict(loaders)
        self._taken: set[str] = set()

    @classmethod
    def of(cls, source: Path, tensors: Mapping[str, Tensor]) -> "Weights":
        """Tensors that are in memory already."""
        return cls(source, {name: lambda tensor=tensor: tensor for name, tensor in tensors.items()})

    def names(self) -> list[str]:
        """All names, taken or not."""
        return list(self._loaders)

    def below(self, prefix: str) -> "Weights":
        """Those whose name starts with `prefix`, without it."""
        inside = {n.removeprefix(prefix): load for n, load in self._loaders.items() if n.startswith(prefix)}
        return Weights(self.source, inside, self._prefix + prefix)

    def matrix(self, name: str) -> tuple[int, int]:
        """Shape of a tensor that must be there and have two dimensions."""
        if name not in self._loaders:
            raise self._wrong(name, "is missing; expected two dimensions")
        shape = tuple(self._loaders[name]().shape)
        if len(shape) != 2:
            raise self._wrong(name, f"has shape {list(shape)}; expected two dimensions")
        return shape

    def take(self, name: str, *shape: int) -> Tensor:
        """The tensor in float32; raises if it is missing or has another shape."""
        load = self._loaders.get(name)
        if load is None:
            raise self._wrong(name, f"is missing; expected shape {list(shape)}")
        self._taken.add(name)
        tensor = load()
        if tuple(tensor.shape) != shape:
            raise self._wrong(name, f"has shape {list(tensor.shape)}; expected {list(shape)}")
        if not tensor.is_floating_point():
            raise self._wrong(name, f"has type {tensor.dtype}; expected floats")
        tensor = tensor.detach().to(torch.float32)
        if not bool(torch.isfinite(tensor).all()):
            raise self._wrong(name, "has values that are not finite")
        return tensor

    def mark(self, prefixes: Iterable[str]) -> None:
        """Counts all names below the prefixes as taken: those who took them called `finish` themselves."""
        starts = tuple(prefixes)
        self._taken |= {name for name in self._loaders if name.startswith(starts)}

    def scalar(self, name: str) -> float | None:
        """A single number, of any shape; None where it is absent."""
        if name not in self._loaders:
            return None
        tensor = self._loaders[name]()
        if tensor.numel() != 1:
            raise self._wrong(name, f"has shape {list(tensor.shape)}; expected a single number")
        return float(self.take(name, *tensor.shape).reshape(-1)[0])

    def finish(self, ignored: Iterable[str] = ()) -> None:
        """Raises if tensors are left whose names start with none of `ignored`."""
        prefixes = tuple(ignored)
        left = sorted(n for n in self._loaders if n not in self._taken and not n.startswith(prefixes))
        if left:
            shown = ", ".join(f'"{self._prefix}{name}"' for name in left[:3])
            more = f" and {len(left) - 3} more" if len(left) > 3 else ""
            raise CheckpointError(
                f"{self.source}: this architecture has no place for {shown}{more}; "
                "is it of another architecture or size than was said?"
            )

    def _wrong(self, name: str, what: str) -> CheckpointError:
        return CheckpointError(f'{self.source}: tensor "{self._prefix}{name}" {what}.')


def read_json(path: Path) -> dict:
    """A JSON object."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CheckpointError(f"{path} is missing.") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CheckpointError(f"{path} is not readable JSON: {error}.") from error
    if not isinstance(content, dict):
        raise CheckpointError(f"{path} holds {type(content).__name__}; expected an object.")
    return content


def read_weights(folder: Path) -> Weights:
    """The weights of a checkpoint folder in whichever of the three forms they are."""
    if (folder / SAFETENSORS).exists():
        return Weights(folder / SAFETENSORS, _lazy(folder / SAFETENSORS))
    if (folder / SHARDS).exists():
        shards = read_json(folder / SHARDS).get("weight_map")
        if not isinstance(shards, dict) or not all(isinstance(shard, str) for shard in shards.values()):
            raise CheckpointError(f'{folder / SHARDS}: field "weight_map" is no table of file names.')
        loaders: dict[str, Callable[[], Tensor]] = {}
        for shard in sorted(set(shards.values())):
            loaders |= _lazy(folder / shard)
        return Weights(folder / SHARDS, loaders)
    if (folder / PICKLED).exists():
        return read_pickled(folder / PICKLED)
    raise CheckpointError(f"{folder} has no weights: neither {SAFETENSORS} nor {SHARDS} nor {PICKLED}.")


def read_pickled(path: Path) -> Weights:
    """A state dict saved by `torch.save`; nothing but tensors is unpickled."""
    try:
        # Files of torch before 1.6 are no archives and cannot be mapped.
        content = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    except FileNotFoundError:
        raise CheckpointError(f"{path} is missing.") from None
    # A torn file fails in the archive, in the pickle or in the tensors, each with its own kind of error.
    except Exception as error:
        raise CheckpointError(f"{path} is no state dict that torch can read: {first_line(error)}") from error
    if isinstance(content, dict) and isinstance(content.get("state_dict"), dict):
        content = content["state_dict"]
    if not isinstance(content, dict) or not all(
        isinstance(name, str) and isinstance(value, Tensor) for name, value in content.items()
    ):
        raise CheckpointError(f"{path} holds something other than a state dict of tensors.")
    return Weights.of(path, content)


def first_line(error: Exception) -> str:
    """Of a library's message; torch's run over many lines."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def _lazy(path: Path) -> dict[str, Callable[[], Tensor]]:
    try:
        with safe_open(path, framework="pt") as file:
            names = list(file.keys())
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path} is no safetensors file: {first_line(error)}") from error

    def load(name: str) -> Tensor:
        with safe_open(path, framework="pt") as file:
            return file.get_tensor(name)

    return {name: lambda name=name: load(name) for name in names}
