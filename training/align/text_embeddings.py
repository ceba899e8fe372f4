"""The frozen text space: encoders behind one interface, their rows computed once and kept on disk."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch

from .errors import InputError
from .files import file_digest
from .stored_rows import header_of, read_rows, write_rows

TOKENS, BATCH = 512, 64


class TextSpace(Protocol):
    """A frozen text encoder."""

    model: str
    """Name and digest of the weights."""
    dimension: int
    """D."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit rows [N,D] float32."""
        ...


class HuggingFaceText:
    """A folder with `config.json`, weights and tokenizer, such as BGE-M3's: first token (CLS), L2.

    BGE-M3 (Chen et al. 2024, arXiv 2402.03216) takes dense vectors so, without an instruction before the text.
    """

    def __init__(self, folder: Path, device: torch.device) -> None:
        from transformers import AutoModel, AutoTokenizer

        weights = next((folder / n for n in ("model.safetensors", "pytorch_model.bin") if (folder / n).exists()), None)
        if weights is None:
            raise InputError(f"{folder}: got no model.safetensors or pytorch_model.bin")
        self.model = f"{folder.name} {weights.name} {file_digest(weights)}"
        self.device = device
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self.network = AutoModel.from_pretrained(folder, local_files_only=True).to(device).eval()
        self.dimension = self.network.config.hidden_size

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Texts of like length together, as padding costs as much as words."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for at in range(0, len(order), BATCH):
            part = order[at : at + BATCH]
            tokens = self.tokenizer(
                [texts[i] for i in part], padding=True, truncation=True, max_length=TOKENS, return_tensors="pt"
            ).to(self.device)
            with torch.inference_mode():
                first = self.network(**tokens).last_hidden_state[:, 0]
            out[part] = torch.nn.functional.normalize(first.float(), dim=1).cpu().numpy()
        return out


class MiniText:
    """The shipped text tower of `mini` (a folder with `manifest.json`) on ONNX Runtime.

    Every text goes alone: dynamic quantisation takes its scale from all that is in a batch, and queries
    come alone, too.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        described = manifest["files"]["text.onnx"]
        self.model = f"{manifest['id']} text.onnx {described['sha256']}"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        self.session = onnxruntime.InferenceSession(
            str(folder / "text.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.dimension = manifest["dimension"]
        self.longest = manifest["text"]["maxTokens"]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row per text; a text without any known piece is the unknown piece."""
        rows = []
        for text in texts:
            ids = np.array([(self.tokenizer.encode(text).ids or [0])[: self.longest]], dtype=np.int64)
            rows.append(self.session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0])
        return np.stack(rows)


def open_text_space(folder: Path, device: torch.device) -> TextSpace:
    """The encoder in a folder, by what lies in it."""
    if (folder / "text.onnx").is_file() and (folder / "manifest.json").is_file():
        return MiniText(folder)
    if (folder / "config.json").is_file():
        return HuggingFaceText(folder, device)
    raise InputError(
        f"{folder}: got no text encoder, expected config.json (Hugging Face) or manifest.json and text.onnx"
    )


def text_rows(path: Path, texts: Sequence[str], space: TextSpace) -> np.ndarray:
    """Unit rows [N,D] float16 of all texts, from `path` if they are there, else computed and written."""
    header = header_of("texts", space.model, texts)
    if not path.exists():
        write_rows(path, space.encode(texts).astype(np.float16), header)
    return read_rows(path, header, len(texts), space.dimension)
