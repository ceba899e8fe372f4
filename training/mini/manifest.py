"""Writes `manifest.json`, the contract between a model and the SDK (`src/models/manifest.ts`)."""

import json
from pathlib import Path

import numpy as np

from ..export.described import FORMAT_VERSION, described, encoded

LICENCE = (
    "Weights: CC BY-SA 4.0 for non-commercial use (trained on Wiktionary names, CC BY-SA, and on Multi30k "
    "captions, non-commercial); image backbone Apache-2.0. See MODEL_CARD.md."
)
PROVENANCE = (
    "BGE-SigLIP in small: text encoder distilled from all-MiniLM-L6-v2 over WordNet names in 119 languages and "
    "Multi30k captions, then frozen; EfficientNet-Lite joined to it by prototypes. Made by training/make_mini.py."
)


def write_manifest(
    folder: Path,
    version: str,
    side: int,
    fraction: float,
    golden_text: dict[str, np.ndarray],
    golden_image: dict[str, np.ndarray],
    calibration: tuple[float, float],
    dimension: int,
    max_tokens: int,
    pad: int,
    scaling: tuple[float, float],
) -> None:
    """Describes the three files beside it."""
    scale, bias = calibration
    manifest = {
        "formatVersion": FORMAT_VERSION,
        "id": "mini",
        "version": version,
        "dimension": dimension,
        "files": {name: described(folder / name) for name in ("text.onnx", "image.onnx", "tokenizer.json")},
        "text": {
            "tokenizer": "tokenizer.json",
            "maxTokens": max_tokens,
            "padId": pad,
            "inputs": {"ids": "input_ids", "mask": "attention_mask"},
            "output": "embedding",
            "backends": {
                "wasm": [{"file": "text.onnx", "dtype": "int8"}],
                # Dynamic int8 has no WebGPU kernels, and a query is faster on WASM than its read-back.
                "webgpu": [{"file": "text.onnx", "dtype": "int8", "provider": "wasm"}],
            },
        },
        "image": {
            "geometry": {"kind": "fixed", "width": side, "height": side, "fit": "crop", "fraction": fraction},
            "filter": "bicubic",
            "mean": [scaling[0]] * 3,
            "std": [scaling[1]] * 3,
            "background": [255, 255, 255],
            "inputs": {"pixels": "pixels"},
            "output": "embedding",
            "batch": 4,
            "backends": {
                "wasm": [{"file": "image.onnx", "dtype": "int8-weights"}],
                "webgpu": [{"file": "image.onnx", "dtype": "int8-weights"}],
            },
        },
        "golden": {
            "text": [{"input": text, "vector": encoded(v)} for text, v in golden_text.items()],
            "image": [{"input": name, "vector": encoded(v)} for name, v in golden_image.items()],
        },
        "calibration": {"scale": round(scale, 4), "bias": round(bias, 4)},
        "licence": LICENCE,
        "provenance": PROVENANCE,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
