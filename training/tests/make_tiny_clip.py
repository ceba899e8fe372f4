"""Writes tiny CLIP and SigLIP models as transformers.js takes them, and what PyTorch makes of their inputs.

Random weights of the real classes, laid out like a repository of the Hugging Face Hub. Texts are English, as
their tokenizers know no more than ASCII.

Run from the repository root: `python -m training.tests.make_tiny_clip`.
"""

import json
import logging
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import torch
import transformers
from PIL import Image
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from torch import nn
from training.export.described import encoded
from training.export.random_checkpoints import widen
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPTextModelWithProjection,
    CLIPVisionModelWithProjection,
    PreTrainedTokenizerFast,
    SiglipConfig,
    SiglipImageProcessor,
    SiglipTextModel,
    SiglipVisionModel,
)

from .export_inputs import TEXTS, patchwork

FOLDER = Path(__file__).resolve().parents[2] / "src/runtime/fixtures"
WIDTH, PROJECTED, SIDE, PATCH, LENGTH, VOCABULARY = 32, 48, 32, 8, 24, 192
# The first is of the models' size, so that nothing is resized; the others are squeezed or cropped.
SIZES = ((SIDE, SIDE), (64, 64), (75, 50), (40, 90), (320, 240))
GAINS = {"q_proj": 1.5, "k_proj": 1.5, "v_proj": 1.5, "out_proj": 1.5, "patch": 4.0}
END_OF_WORD = "</w>"
# A word whose token the text towers have no row for: a run with it fails.
MISSING = "unembeddable"
ASCII = [text for text in TEXTS if text.isascii()]
LONG = " and ".join(ASCII)


@dataclass(frozen=True)
class Family:
    """What differs between the two."""

    name: str
    config: CLIPConfig | SiglipConfig
    text: type[nn.Module]
    vision: type[nn.Module]
    text_output: str
    vision_output: str
    processor: CLIPImageProcessor | SiglipImageProcessor
    tokenizer: PreTrainedTokenizerFast
    # Special tokens by their names in `tokenizer_config.json`.
    special: dict[str, str]
    padding: str | bool


def learned_pairs(size: int) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Vocabulary and merges. The trainer of `tokenizers` breaks ties otherwise in every run."""
    words = [word for text in ASCII for word in text.lower().split()]
    characters = sorted(set("".join(words)))
    vocabulary = characters + [character + END_OF_WORD for character in characters]
    split = [[*word[:-1], word[-1] + END_OF_WORD] for word in words]
    merges: list[tuple[str, str]] = []
    while len(vocabulary) < size:
        counts = Counter(pair for pieces in split for pair in pairwise(pieces))
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        vocabulary.append("".join(best))
        split = [merged(pieces, best) for pieces in split]
    return {piece: index for index, piece in enumerate(vocabulary)}, merges


def merged(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    result: list[str] = []
    for piece in pieces:
        if result and (result[-1], piece) == pair:
            result[-1] += piece
        else:
            result.append(piece)
    return result


def byte_pairs(special: list[str]) -> Tokenizer:
    """Byte pairs as CLIP has them: lower case, and words that end in `</w>`."""
    vocabulary, merges = learned_pairs(VOCABULARY - len(special))
    model = models.BPE(vocabulary, merges, end_of_word_suffix=END_OF_WORD, unk_token=special[-1])
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    words = Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(words, behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    # CLIP looks for the end of a text by the highest id, so these come last.
    tokenizer.add_special_tokens(special)
    return tokenizer


def tokenizer_of(special: list[str], start: str | None, end: str) -> tuple[PreTrainedTokenizerFast, int]:
    """The tokenizer, and how many tokens the model knows; there is one more that it does not."""
    tokenizer = byte_pairs(special)
    tokens = tokenizer.get_vocab_size()
    tokenizer.add_tokens([MISSING])
    ids = [(token, tokenizer.token_to_id(token)) for token in special]
    single = f"{start} $A {end}" if start else f"$A {end}"
    tokenizer.post_processor = processors.TemplateProcessing(single=single, special_tokens=ids)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token=end, eos_token=end, model_max_length=LENGTH)
    return fast, tokens


def clip() -> Family:
    """A CLIP: masked attention, the vector of the end-of-text token, a projection."""
    start, end = "<|startoftext|>", "<|endoftext|>"
    tokenizer, tokens = tokenizer_of([start, end], start, end)
    size = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH, "num_hidden_layers": 1, "num_attention_heads": 4}
    size |= {"projection_dim": PROJECTED}
    ids = {"bos_token_id": tokens - 2, "eos_token_id": tokens - 1, "pad_token_id": tokens - 1}
    config = CLIPConfig(
        projection_dim=PROJECTED,
        text_config={**size, **ids, "vocab_size": tokens, "max_position_embeddings": LENGTH},
        vision_config={**size, "image_size": SIDE, "patch_size": PATCH},
    )
    processor = CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE})
    return Family(
        "clip",
        config,
        CLIPTextModelWithProjection,
        CLIPVisionModelWithProjection,
        "text_embeds",
        "image_embeds",
        processor,
        tokenizer,
        {"bos_token": start, "eos_token": end, "pad_token": end, "unk_token": end},
        True,
    )


def siglip() -> Family:
    """A SigLIP: no mask, the vector of the last position, hence padding to the full length."""
    end = "</s>"
    tokenizer, tokens = tokenizer_of([end], None, end)
    size = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH, "num_hidden_layers": 1, "num_attention_heads": 4}
    config = SiglipConfig(
        text_config={**size, "vocab_size": tokens, "max_position_embeddings": LENGTH, "projection_size": WIDTH},
        vision_config={**size, "image_size": SIDE, "patch_size": PATCH},
    )
    processor = SiglipImageProcessor(size={"height": SIDE, "width": SIDE})
    return Family(
        "siglip",
        config,
        SiglipTextModel,
        SiglipVisionModel,
        "pooler_output",
        "pooler_output",
        processor,
        tokenizer,
        {"eos_token": end, "pad_token": end, "unk_token": end},
        "max_length",
    )


class OneOutput(nn.Module):
    """A tower as the graph of its output in the shared space."""

    def __init__(self, tower: nn.Module, output: str) -> None:
        super().__init__()
        self.tower = tower
        self.output = output

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.tower(inputs)[self.output]


def write_graph(tower: nn.Module, output: str, name: str, example: torch.Tensor, shape: dict, path: Path) -> None:
    """As small as it gets: without what the exporter notes about where things come from."""
    path.parent.mkdir(parents=True, exist_ok=True)
    program = torch.onnx.export(
        OneOutput(tower, output).eval(),
        (example,),
        input_names=[name],
        output_names=[output],
        dynamic_shapes=(shape,),
        dynamo=True,
        verbose=False,
    )
    model = program.model_proto
    del model.metadata_props[:], model.graph.value_info[:], model.graph.metadata_props[:]
    for part in (*model.graph.node, *model.graph.input, *model.graph.output, *model.graph.initializer):
        part.doc_string = ""
        del part.metadata_props[:]
    for node in model.graph.node:
        node.name = ""
    onnx.save(model, path)


def unit(rows: torch.Tensor) -> np.ndarray:
    return nn.functional.normalize(rows, dim=-1).detach().numpy()


def write(family: Family) -> dict[str, object]:
    """The folder of the model; returns its texts and pictures with their unit vectors."""
    folder = FOLDER / f"tiny-{family.name}"
    generator = torch.Generator().manual_seed(7)
    text = family.text._from_config(family.config.text_config, attn_implementation="eager").eval()
    vision = family.vision._from_config(family.config.vision_config, attn_implementation="eager").eval()
    for tower in (text, vision):
        widen(tower, generator, GAINS)
    ids = torch.ones((2, LENGTH), dtype=torch.int64)
    free = (
        {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
        if family.padding is True
        else {0: torch.export.Dim.DYNAMIC}
    )
    write_graph(text, family.text_output, "input_ids", ids, free, folder / "onnx/text_model.onnx")
    pixels = torch.zeros((2, 3, SIDE, SIDE))
    batch = {0: torch.export.Dim.DYNAMIC}
    write_graph(vision, family.vision_output, "pixel_values", pixels, batch, folder / "onnx/vision_model.onnx")
    family.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    write_json(folder / "config.json", json.loads(family.config.to_json_string()))
    settings = {"tokenizer_class": f"{'CLIP' if family.name == 'clip' else 'Siglip'}Tokenizer", **family.special}
    write_json(folder / "tokenizer_config.json", {**settings, "model_max_length": LENGTH})
    write_json(folder / "preprocessor_config.json", json.loads(family.processor.to_json_string()))
    return {"texts": text_reference(family, text), "images": image_reference(family, vision)}


@torch.no_grad()
def text_reference(family: Family, tower: nn.Module) -> list[dict[str, str]]:
    """Each text alone, and one that is too long."""
    reference = []
    for text in (*ASCII, LONG, ""):
        inputs = family.tokenizer(text, padding=family.padding, truncation=True, return_tensors="pt")
        rows = tower(inputs["input_ids"])[family.text_output]
        reference.append({"text": text, "vector": encoded(unit(rows)[0])})
    return reference


@torch.no_grad()
def image_reference(family: Family, tower: nn.Module) -> list[dict[str, object]]:
    reference = []
    for seed, (width, height) in enumerate(SIZES):
        picture = Image.fromarray(patchwork(seed, width, height))
        rows = tower(family.processor(picture, return_tensors="pt")["pixel_values"])[family.vision_output]
        reference.append({"seed": seed, "width": width, "height": height, "vector": encoded(unit(rows)[0])})
    return reference


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Command line entry."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    reference = {
        "transformers": transformers.__version__,
        "dimensions": {"clip": PROJECTED, "siglip": WIDTH},
        "missing": MISSING,
        "clip": write(clip()),
        "siglip": write(siglip()),
    }
    lines = json.dumps(reference, ensure_ascii=False, indent=1)
    (FOLDER / "tiny-clip-reference.json").write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
