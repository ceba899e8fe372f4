"""`config.json` of the two architectures, reduced to what the graphs need and checked field by field."""

from dataclasses import dataclass
from pathlib import Path

from .checkpoint import Weights, read_json
from .errors import CheckpointError

# SigLIP 2's own sizes: a lone state dict does not tell the number of heads.
HEADS_OF_WIDTH = {768: 12, 1024: 16, 1152: 16, 1536: 16}
NAFLEX, FIXED = "siglip2_vision_model", "siglip_vision_model"


@dataclass(frozen=True)
class TextConfig:
    """XLM-RoBERTa."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    hidden: int
    positions: int
    types: int
    pad: int
    eps: float

    @property
    def longest(self) -> int:
        """Tokens of the longest text: positions begin after the padding's own."""
        return self.positions - self.pad - 1


@dataclass(frozen=True)
class VisionConfig:
    """The vision tower of SigLIP 2: `side` is None for NaFlex, else pixels of the square."""

    width: int
    layers: int
    heads: int
    hidden: int
    patch: int
    positions: int
    side: int | None
    eps: float


class Fields:
    """Reads fields of a parsed `config.json`; complaints name the file and the field."""

    def __init__(self, path: Path, content: dict) -> None:
        self.path, self.content = path, content

    def get(self, name: str, kind: type, default: object = None) -> object:
        """The field, of that type; `default` where it is absent, unless that is None."""
        value = self.content.get(name, default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise CheckpointError(f'{self.path}: field "{name}" is {value!r}; expected {kind.__name__}.')
        return value

    def size(self, name: str, default: int | None = None) -> int:
        """A positive whole number."""
        value = self.get(name, int, default)
        if value < 1:
            raise CheckpointError(f'{self.path}: field "{name}" is {value}; expected at least 1.')
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """A string out of `allowed`."""
        value = self.content.get(name, default)
        if value not in allowed:
            raise CheckpointError(f'{self.path}: field "{name}" is {value!r}; expected one of {", ".join(allowed)}.')
        return value


def read_text_config(folder: Path) -> TextConfig:
    """XLM-RoBERTa as BGE-M3 has it."""
    path = folder / "config.json"
    fields = Fields(path, read_json(path))
    fields.one_of("model_type", ("xlm-roberta",))
    fields.one_of("hidden_act", ("gelu",), "gelu")
    fields.one_of("position_embedding_type", ("absolute",), "absolute")
    pad = fields.get("pad_token_id", int, 1)
    config = TextConfig(
        vocabulary=fields.size("vocab_size"),
        width=fields.size("hidden_size"),
        layers=fields.size("num_hidden_layers"),
        heads=fields.size("num_attention_heads"),
        hidden=fields.size("intermediate_size"),
        positions=fields.size("max_position_embeddings"),
        types=fields.size("type_vocab_size", 1),
        pad=pad,
        eps=fields.get("layer_norm_eps", float, 1e-5),
    )
    divisible(path, config.width, config.heads)
    if not 0 <= pad < config.vocabulary:
        raise CheckpointError(f'{path}: field "pad_token_id" is {pad}; expected 0 to {config.vocabulary - 1}.')
    if config.positions < pad + 2:
        raise CheckpointError(
            f'{path}: field "max_position_embeddings" is {config.positions}; expected at least {pad + 2}.'
        )
    return config


def read_vision_config(folder: Path) -> VisionConfig:
    """NaFlex (`siglip2`) or fixed resolution (`siglip`); of a two-tower model, its vision part."""
    path = folder / "config.json"
    content = read_json(path)
    kind = Fields(path, content).one_of("model_type", ("siglip", "siglip2", FIXED, NAFLEX))
    inner = content.get("vision_config", {}) if kind in ("siglip", "siglip2") else content
    if not isinstance(inner, dict):
        raise CheckpointError(f'{path}: field "vision_config" is {inner!r}; expected an object.')
    fields = Fields(path, inner)
    flexible = kind in ("siglip2", NAFLEX)
    fields.one_of("hidden_act", ("gelu_pytorch_tanh",), "gelu_pytorch_tanh")
    if (head := inner.get("vision_use_head", True)) is not True:
        raise CheckpointError(
            f'{path}: field "vision_use_head" is {head!r}; expected true: the pooling head gives the vector.'
        )
    if (channels := inner.get("num_channels", 3)) != 3:
        raise CheckpointError(f'{path}: field "num_channels" is {channels!r}; expected 3.')
    patch = fields.size("patch_size", 16)
    side = None if flexible else fields.size("image_size", 224)
    if side is not None and side < patch:
        raise CheckpointError(f'{path}: field "image_size" is {side}; expected at least a patch of {patch}.')
    positions = fields.size("num_patches", 256) if side is None else (side // patch) ** 2
    config = VisionConfig(
        width=fields.size("hidden_size", 768),
        layers=fields.size("num_hidden_layers", 12),
        heads=fields.size("num_attention_heads", 12),
        hidden=fields.size("intermediate_size", 3072),
        patch=patch,
        positions=positions,
        side=side,
        eps=fields.get("layer_norm_eps", float, 1e-6),
    )
    divisible(path, config.width, config.heads)
    if side is None and round(positions**0.5) ** 2 != positions:
        raise CheckpointError(f'{path}: field "num_patches" is {positions}; expected a square.')
    return config


def infer_vision_config(weights: Weights) -> VisionConfig:
    """NaFlex of the size that the tensors have: for a state dict without a `config.json`."""
    positions, width = weights.matrix("embeddings.position_embedding.weight")
    _, values = weights.matrix("embeddings.patch_embedding.weight")
    hidden, _ = weights.matrix("encoder.layers.0.mlp.fc1.weight")
    heads = HEADS_OF_WIDTH.get(width)
    if heads is None:
        raise CheckpointError(
            f"{weights.source}: no SigLIP 2 tower is {width} wide, so the number of heads is unknown; "
            "put its config.json beside the file."
        )
    layers = len({n.split(".")[2] for n in weights.names() if n.startswith("encoder.layers.")})
    patch = round((values / 3) ** 0.5)
    if 3 * patch**2 != values or round(positions**0.5) ** 2 != positions:
        raise CheckpointError(
            f"{weights.source}: patches of {values} numbers on a table of {positions} positions are no NaFlex tower; "
            "expected squares of RGB pixels on a square table."
        )
    return VisionConfig(width, layers, heads, hidden, patch, positions, None, 1e-6)


def divisible(path: Path, width: int, heads: int) -> None:
    """Heads must share the width evenly."""
    if width % heads:
        raise CheckpointError(f'{path}: field "hidden_size" is {width}; expected a multiple of {heads} heads.')
