"""Full-size models with random weights: the real architectures, for work on size and speed."""

import json
from pathlib import Path

from .random_checkpoints import (
    BASE_NAFLEX,
    BGE_M3,
    SO400M_NAFLEX,
    TextSize,
    VisionSize,
    write_projector,
    write_text,
    write_vision,
)

TEXT_TWINS = {"bge-m3": BGE_M3}
VISION_TWINS = {"so400m-naflex": SO400M_NAFLEX, "base-naflex": BASE_NAFLEX}
TWINS = (*TEXT_TWINS, *VISION_TWINS)
# What stands in for a tower that is not asked for: of the same dimension, and small.
SMALL_TEXT = TextSize(vocabulary=2000, width=BGE_M3.width, layers=1, heads=16, hidden=1024)
SMALL_VISION = VisionSize(width=64, layers=1, heads=4, hidden=128)


def write_twins(names: list[str], folder: Path, wasm_vision: str | None = None) -> tuple[Path, ...]:
    """Checkpoints of text tower, vision tower and projector, and of the second vision tower and its projector where
    one is asked for."""
    text = next((TEXT_TWINS[name] for name in names if name in TEXT_TWINS), SMALL_TEXT)
    vision = next((VISION_TWINS[name] for name in names if name in VISION_TWINS), SMALL_VISION)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = folder / "filler-tokenizer.json"
    tokenizer.write_text(json.dumps(filler_tokenizer(text.vocabulary), ensure_ascii=False), encoding="utf-8")
    write_text(folder / "text", text, tokenizer)
    write_vision(folder / "vision", vision)
    write_projector(folder / "projector.pt", vision.width, text.width)
    paths = (folder / "text", folder / "vision", folder / "projector.pt")
    if wasm_vision is None:
        return paths
    small = VISION_TWINS[wasm_vision]
    write_vision(folder / "wasm-vision", small, seed=3)
    write_projector(folder / "wasm-projector.pt", small.width, text.width, seed=4)
    return (*paths, folder / "wasm-vision", folder / "wasm-projector.pt")


def filler_tokenizer(vocabulary: int) -> dict[str, object]:
    """XLM-R's form with made-up pieces: real ones cannot be made, only their number and their cost."""
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    letters = [chr(code) for code in (*range(0x21, 0x7F), *range(0xC0, 0x250), *range(0x370, 0x530))]
    pieces = [(piece, -12.0) for piece in ["▁", *letters]]
    pieces += [(f"▁{number:x}", -13.0) for number in range(16, 16 + vocabulary)]
    pieces = pieces[: vocabulary - len(special) - 1]
    added = [{"id": i, "content": piece, "special": True} for i, piece in enumerate(special)]
    added.append({"id": vocabulary - 1, "content": "<mask>", "special": True})
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [entry | flags for entry in added],
        "normalizer": {"type": "NFKC"},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "<s>", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}},
            ],
            "pair": [
                {"SpecialToken": {"id": "<s>", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"Sequence": {"id": "B", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}},
            ],
            "special_tokens": {
                "<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]},
                "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]},
            },
        },
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "model": {
            "type": "Unigram",
            "unk_id": 3,
            "vocab": [*((piece, 0.0) for piece in special), *pieces, ("<mask>", 0.0)],
            "byte_fallback": False,
        },
    }
