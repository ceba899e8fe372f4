"""Writes what native ONNX Runtime makes of the golden inputs with the shipped files; the browser's tests
compare theirs with it. Run after every change of `public/models/mini`, from the repository root:
`python -m training.tests.make_native_vectors`.
"""

import json
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer
from training.export import golden_inputs
from training.export.described import described, encoded
from training.mini import golden

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "public" / "models" / "mini"
OUTPUT = ROOT / "src" / "client" / "fixtures" / "mini-native.json"
TOWERS = ("text.onnx", "image.onnx")


def session(name: str) -> onnxruntime.InferenceSession:
    """A shipped tower on the processor."""
    return onnxruntime.InferenceSession(str(FOLDER / name), providers=["CPUExecutionProvider"])


def texts() -> dict[str, np.ndarray]:
    """Golden text → unit vector, each encoded alone as a query is."""
    tower, tokenizer = session("text.onnx"), Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    out = {}
    for text in golden_inputs.TEXTS:
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        out[text] = tower.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
    return out


def images() -> dict[str, np.ndarray]:
    """Golden picture → unit vector."""
    tower = session("image.onnx")
    side = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))["image"]["geometry"]["width"]
    return {name: tower.run(None, {"pixels": golden.image_input(name, side)})[0][0] for name in golden_inputs.IMAGES}


def main() -> None:
    """Command line entry."""
    content = {
        "sha256": {name: described(FOLDER / name)["sha256"] for name in TOWERS},
        "text": [{"input": text, "vector": encoded(v)} for text, v in texts().items()],
        "image": [{"input": name, "vector": encoded(v)} for name, v in images().items()],
    }
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
