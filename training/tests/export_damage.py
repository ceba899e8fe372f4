"""Checkpoints that are wrong, one thing at a time, and what the message must say of each."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load, save_file
from torch import Tensor

Change = Callable[[Path], object]
LAYER = "encoder.layer.1.attention.self.query.weight"
BLOCK = "encoder.layers.1.mlp.fc1.weight"


def tensors(change: Callable[[dict[str, Tensor]], object], file: str = "model.safetensors") -> Change:
    """A checkpoint folder with other weights."""

    def apply(folder: Path) -> None:
        path = folder / file
        if file.endswith(".safetensors"):
            state = load(path.read_bytes())
            change(state)
            save_file(state, path)
        else:
            state = torch.load(path)
            change(state)
            torch.save(state, path)

    return apply


def field(name: str, value: object, file: str = "config.json") -> Change:
    """Another value in a JSON file; without it if that is None."""

    def apply(folder: Path) -> None:
        content = json.loads((folder / file).read_text(encoding="utf-8"))
        content.pop(name, None)
        if value is not None:
            content[name] = value
        (folder / file).write_text(json.dumps(content), encoding="utf-8")

    return apply


def picture(name: str, value: object) -> Change:
    return field(name, value, "preprocessor_config.json")


def without(file: str) -> Change:
    return lambda folder: (folder / file).unlink()


def content(file: str, text: str) -> Change:
    return lambda folder: (folder / file).write_text(text, encoding="utf-8")


def truncated(file: str) -> Change:
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes()[:-100])


def only_sentencepiece(folder: Path) -> None:
    (folder / "tokenizer.json").rename(folder / "sentencepiece.bpe.model")


def bad_index(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors.index.json").write_text('{"weight_map": ["a"]}', encoding="utf-8")


def lost_shard(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")


def put(name: str, value: Tensor) -> Callable[[dict[str, Tensor]], object]:
    return lambda state: state.update({name: value})


def poison(name: str, value: float) -> Callable[[dict[str, Tensor]], object]:
    return lambda state: state[name].view(-1)[:1].fill_(value)


@dataclass(frozen=True)
class Case:
    """A folder, what is done to it, and what the message must hold: file, then the rest."""

    which: str
    change: Change
    file: str
    parts: tuple[str, ...]


def text(change: Change, file: str, *parts: str) -> Case:
    return Case("text", change, file, parts)


def vision(change: Change, file: str, *parts: str) -> Case:
    return Case("vision", change, file, parts)


SAFE, CONFIG, PICTURE = "model.safetensors", "config.json", "preprocessor_config.json"
EXTRA = "encoder.layer.2.output.dense.weight"
CASES = {
    "text: missing tensor": text(tensors(lambda s: s.pop(LAYER)), SAFE, LAYER, "missing", "[16, 16]"),
    "text: extra tensor": text(tensors(put(EXTRA, torch.zeros(16, 32))), SAFE, EXTRA),
    "text: extra tensor in a layer": text(
        tensors(put("encoder.layer.0.adapter.weight", torch.zeros(2))), SAFE, "encoder.layer.0.adapter.weight"
    ),
    "text: wrong shape": text(tensors(put(LAYER, torch.zeros(16, 8))), SAFE, LAYER, "[16, 8]", "[16, 16]"),
    "text: not finite": text(tensors(poison(LAYER, float("nan"))), SAFE, LAYER, "not finite"),
    "text: integers": text(tensors(put(LAYER, torch.zeros(16, 16).int())), SAFE, LAYER, "int32"),
    "text: more layers said than there": text(
        field("num_hidden_layers", 3), SAFE, "encoder.layer.2.", "missing"
    ),
    "text: fewer layers said than there": text(field("num_hidden_layers", 1), SAFE, "encoder.layer.1."),
    "text: other vocabulary": text(
        field("vocab_size", 400), SAFE, "embeddings.word_embeddings.weight", "[300, 16]", "[400, 16]"
    ),
    "text: another architecture": text(field("model_type", "bert"), CONFIG, "model_type", "bert", "xlm-roberta"),
    "text: no architecture": text(field("model_type", None), CONFIG, "model_type", "None", "xlm-roberta"),
    "text: heads": text(field("num_attention_heads", 3), CONFIG, "hidden_size", "16", "3"),
    "text: width is a word": text(field("hidden_size", "wide"), CONFIG, "hidden_size", "wide", "int"),
    "text: width is zero": text(field("hidden_size", 0), CONFIG, "hidden_size", "at least 1"),
    "text: padding beyond the vocabulary": text(field("pad_token_id", 300), CONFIG, "pad_token_id", "300", "299"),
    "text: no room for a token": text(
        field("max_position_embeddings", 2), CONFIG, "max_position_embeddings", "at least 3"
    ),
    "text: activation": text(field("hidden_act", "relu"), CONFIG, "hidden_act", "relu", "gelu"),
    "text: no config": text(without("config.json"), CONFIG, "missing"),
    "text: broken JSON": text(content("config.json", '{"model_type": '), CONFIG, "JSON"),
    "text: JSON of another kind": text(content("config.json", "[]"), CONFIG, "list", "object"),
    "text: no weights": text(without(SAFE), "text", "model.safetensors", "pytorch_model.bin"),
    "text: truncated safetensors": text(truncated(SAFE), SAFE, "safetensors"),
    "text: index of another kind": text(bad_index, "model.safetensors.index.json", "weight_map"),
    "text: a shard is lost": text(lost_shard, "model-00001-of-00002.safetensors", "safetensors"),
    "text: no sparse head": text(without("sparse_linear.pt"), "sparse_linear.pt", "missing"),
    "text: no multi-vector head": text(without("colbert_linear.pt"), "colbert_linear.pt", "missing"),
    "text: truncated head": text(truncated("sparse_linear.pt"), "sparse_linear.pt", "state dict"),
    "text: head is no pickle": text(content("sparse_linear.pt", "hello"), "sparse_linear.pt", "state dict"),
    "text: head of another width": text(
        tensors(put("weight", torch.zeros(1, 8)), "sparse_linear.pt"),
        "sparse_linear.pt", '"weight"', "[1, 8]", "[1, 16]",
    ),
    "text: extra tensor in a head": text(
        tensors(put("gain", torch.zeros(1)), "colbert_linear.pt"), "colbert_linear.pt", "gain"
    ),
    "text: no tokenizer": text(without("tokenizer.json"), "tokenizer.json", "missing"),
    "text: sentencepiece alone": text(
        only_sentencepiece, "tokenizer.json", "sentencepiece.bpe.model", "AutoTokenizer", "save_pretrained"
    ),
    "text: tokenizer is none": text(content("tokenizer.json", '{"model": 1}'), "tokenizer.json", "no tokenizer"),
    "text: tokenizer knows too much": text(
        field("added_tokens", [{"id": 300, "content": "<new>", "special": True} | dict.fromkeys(
            ("single_word", "lstrip", "rstrip", "normalized"), False)], "tokenizer.json"),
        "tokenizer.json", "added_tokens", "301", "300",
    ),
    "vision: missing tensor": vision(tensors(lambda s: s.pop(BLOCK)), SAFE, BLOCK, "missing", "[40, 24]"),
    "vision: no head": vision(tensors(lambda s: s.pop("head.probe")), SAFE, "head.probe", "missing"),
    "vision: extra tensor": vision(tensors(put("classifier.weight", torch.zeros(2))), SAFE, "classifier.weight"),
    "vision: extra tensor in the head": vision(tensors(put("head.gain", torch.zeros(2))), SAFE, "head.gain"),
    "vision: wrong shape": vision(tensors(put(BLOCK, torch.zeros(8, 24))), SAFE, BLOCK, "[8, 24]", "[40, 24]"),
    "vision: not finite": vision(tensors(poison(BLOCK, float("inf"))), SAFE, BLOCK, "not finite"),
    "vision: of fixed resolution": vision(
        field("model_type", "siglip_vision_model"), SAFE, "embeddings.", "[24, 768]", "[24, 3, 16, 16]"
    ),
    "vision: another architecture": vision(field("model_type", "clip"), CONFIG, "model_type", "clip", "siglip2"),
    "vision: two towers without objects": vision(
        content("config.json", '{"model_type": "siglip2", "vision_config": 5}'), CONFIG, "vision_config", "5",
    ),
    "vision: table that is no square": vision(field("num_patches", 15), CONFIG, "num_patches", "15"),
    "vision: no head said": vision(field("vision_use_head", False), CONFIG, "vision_use_head", "true"),
    "vision: grey": vision(field("num_channels", 1), CONFIG, "num_channels", "1", "3"),
    "vision: activation": vision(field("hidden_act", "gelu"), CONFIG, "hidden_act", "gelu_pytorch_tanh"),
    "vision: no preprocessor": vision(without(PICTURE), PICTURE, "missing"),
    "vision: crops": vision(picture("do_center_crop", True), PICTURE, "do_center_crop", "True", "false"),
    "vision: pads": vision(picture("do_pad", True), PICTURE, "do_pad", "True", "false"),
    "vision: does not resize": vision(picture("do_resize", False), PICTURE, "do_resize", "False", "true"),
    "vision: resample": vision(picture("resample", 1), PICTURE, "resample", "1", "bicubic"),
    "vision: resample is a list": vision(picture("resample", [2]), PICTURE, "resample", "[2]", "bicubic"),
    "vision: scale": vision(picture("rescale_factor", "1/255"), PICTURE, "rescale_factor", "1/255"),
    "vision: deviation of zero": vision(picture("image_std", [0, 1, 1]), PICTURE, "image_std", "positive"),
    "vision: mean of one": vision(picture("image_mean", 0.5), PICTURE, "image_mean", "three numbers"),
    "vision: patches": vision(picture("max_num_patches", "many"), PICTURE, "max_num_patches", "many"),
    "vision: patch size": vision(picture("patch_size", 14), PICTURE, "patch_size", "14", "16"),
}  # fmt: skip
