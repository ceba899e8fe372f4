"""Towers and text encoders on tiny random models: what is open, what is stored, and the public checkpoint."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from tokenizers import Tokenizer, models, pre_tokenizers
from training.align.captions import Caption
from training.align.checkpoint import VISION, read_public, write_public
from training.align.errors import InputError
from training.align.image_features import PictureFiles, StoredFeatures, feature_rows, features_of
from training.align.pairs import pair_up
from training.align.projector import BIAS, LOG_SCALE, Head, make_projector
from training.align.settings import Settings
from training.align.stored_rows import header_of, read_rows, write_rows
from training.align.task import Task
from training.align.text_embeddings import open_text_space
from training.align.towers import NaflexTower, open_tower
from training.align.train import Rhythm, train
from training.export.image_tower import read_vision_checkpoint
from training.export.projector import projector_size
from transformers import (
    PreTrainedTokenizerFast,
    Siglip2Config,
    Siglip2Model,
    XLMRobertaConfig,
    XLMRobertaModel,
)

CPU = torch.device("cpu")
PUBLISHED = (1152, 1024)
"""Width of SigLIP 2 So400m and dimension of BGE-M3."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole SigLIP 2 NaFlex model, as published ones are, with three small layers."""
    out = tmp_path_factory.mktemp("tiny-siglip2")
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 3, "num_attention_heads": 2}
    torch.manual_seed(0)
    Siglip2Model(
        Siglip2Config(vision_config={**small, "num_patches": 16}, text_config={**small, "vocab_size": 60})
    ).save_pretrained(out)
    return out


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pictures of different shapes."""
    out = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for i in range(12):
        pixels = rng.integers(0, 256, size=(20 + 5 * i, 60, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(out / f"{i}.png")
    return out


def task_of(tower: NaflexTower, pictures: Path) -> Task:
    pairs = pair_up([Caption(f"{i}.png", f"text {i}", "eng", "") for i in range(12)], held_out=4)
    texts = np.random.default_rng(1).normal(size=(12, 8))
    texts /= np.linalg.norm(texts, axis=1, keepdims=True)
    torch.manual_seed(1)
    head = Head(make_projector(tower.width, 8))
    return Task(pairs, PictureFiles(pictures, pairs.pictures, tower, 2), tower, head, texts, "random", CPU)


@pytest.mark.parametrize("layers", [0, 2])
def test_only_the_last_layers_change(folder: Path, pictures: Path, tmp_path: Path, layers: int) -> None:
    torch.set_num_threads(1)
    tower = open_tower(str(folder), patches=16)
    before = {name: value.clone() for name, value in tower.module.state_dict().items()}
    settings = Settings(batch=4, epochs=2, learning_rate=1e-2, open_layers=layers)
    train(task_of(tower, pictures), settings, tmp_path, Rhythm())
    changed = {name for name, value in tower.module.state_dict().items() if not torch.equal(value, before[name])}
    opened = (
        {name for name in before if name.startswith(("encoder.layers.1.", "encoder.layers.2."))} if layers else set()
    )
    # A softmax does not see what all keys share: their bias has no gradient but rounding.
    assert {name for name in opened if not name.endswith("k_proj.bias")} <= changed <= opened
    stored = torch.load(tmp_path / "model_checkpoint.pt", weights_only=True)
    assert {name for name in stored if name.startswith(VISION)} == {VISION + name for name in before}
    for name in changed:
        assert torch.equal(stored[VISION + name], tower.module.state_dict()[name])
    progress = torch.load(tmp_path / "training.pt", weights_only=True)["trained"]
    assert {name.removeprefix(VISION) for name in progress if name.startswith(VISION)} == opened


def test_a_run_with_open_layers_goes_on_to_the_same_weights(folder: Path, pictures: Path, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    settings = Settings(batch=4, epochs=3, learning_rate=1e-2, open_layers=1)

    def stop(step: int, _: float) -> None:
        if step == 3:
            raise InterruptedError

    whole, other = tmp_path / "whole", tmp_path / "other"
    train(task_of(open_tower(str(folder), 16), pictures), settings, whole, Rhythm())
    with pytest.raises(InterruptedError):
        train(task_of(open_tower(str(folder), 16), pictures), settings, other, Rhythm(save=2), stop)
    train(task_of(open_tower(str(folder), 16), pictures), settings, other, Rhythm(save=2))
    states = [torch.load(work / "model_checkpoint.pt", weights_only=True) for work in (whole, other)]
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_open_layers_learn_in_mixed_precision(folder: Path, pictures: Path, tmp_path: Path, precision: str) -> None:
    tower = open_tower(str(folder), 16)
    before = tower.module.encoder.layers[2].mlp.fc1.weight.clone()
    train(task_of(tower, pictures), Settings(batch=4, open_layers=1, precision=precision), tmp_path, Rhythm())
    after = tower.module.encoder.layers[2].mlp.fc1.weight
    assert after.dtype == torch.float32
    assert torch.isfinite(after).all()
    assert not torch.equal(after, before)


def test_more_layers_than_there_are_cannot_be_opened(folder: Path) -> None:
    with pytest.raises(InputError, match="open layers: got 4, expected 0 to 3"):
        open_tower(str(folder), 16).open_last(4)


def test_stored_features_are_the_towers(folder: Path, pictures: Path, tmp_path: Path) -> None:
    tower = open_tower(str(folder), patches=16)
    files = PictureFiles(pictures, ["3.png", "0.png"], tower, 2)
    path = tmp_path / "features.safetensors"
    rows = feature_rows(path, files, CPU)
    assert np.allclose(rows, features_of(files, tower, np.arange(2), CPU), atol=1e-6)
    alone = tower.features(tower.prepare([Image.open(pictures / "0.png")])).detach().numpy()
    assert np.allclose(rows[1], alone[0], atol=1e-5)
    assert StoredFeatures(rows).load(np.array([1]))["features"].shape == (1, 16)
    with pytest.raises(InputError, match=r"features\.safetensors: field 'items'"):
        feature_rows(path, PictureFiles(pictures, ["0.png", "3.png"], tower, 2), CPU)
    with pytest.raises(InputError, match=r"features\.safetensors: field 'model'.* 9 patches"):
        feature_rows(path, PictureFiles(pictures, ["3.png", "0.png"], open_tower(str(folder), 9), 2), CPU)


@pytest.mark.parametrize(
    ("size", "patches"), [((480, 640), (14, 18)), ((1125, 2436), (11, 23)), ((1, 1), (7, 7)), ((1, 5000), (1, 256))]
)
def test_pictures_are_cut_as_naflex_does(folder: Path, size: tuple[int, int], patches: tuple[int, int]) -> None:
    inputs = open_tower(str(folder), 256).prepare([Image.new("RGB", size[::-1], (255, 0, 51))])
    assert inputs["spatial_shapes"].tolist() == [list(patches)]
    assert inputs["pixel_values"].shape == (1, 256, 768)
    assert inputs["pixel_attention_mask"].sum() == patches[0] * patches[1]
    # Patches are (row, column, channel); 0–255 becomes −1–1.
    assert torch.allclose(inputs["pixel_values"][0, 0, :3].float(), torch.tensor([1, -1, -0.6]), atol=1e-6)


def test_the_checkpoint_has_the_public_layout(folder: Path, tmp_path: Path) -> None:
    head = Head(make_projector(*PUBLISHED))
    assert {name: list(value.shape) for name, value in head.state_dict().items()} == {
        "projector.0.weight": [1152, 1152], "projector.0.bias": [1152],
        "projector.2.weight": [1024, 1152], "projector.2.bias": [1024],
        "logit_scale": [], "logit_bias": [1],
    }  # fmt: skip
    assert (head.logit_scale.item(), head.logit_bias.item()) == (pytest.approx(LOG_SCALE), BIAS)
    tower = open_tower(str(folder), 16)
    path = tmp_path / "model_checkpoint.pt"
    small = Head(make_projector(16, 8))
    write_public(path, small, tower.module)
    stored = torch.load(path, weights_only=True)
    assert {name.split(".")[0] for name in stored} == {"vision_model", "projector", "logit_scale", "logit_bias"}
    assert "vision_model.encoder.layers.2.self_attn.q_proj.weight" in stored
    assert "vision_model.head.probe" in stored
    # Into another head and tower, and back.
    other, module = Head(make_projector(16, 8)), open_tower(str(folder), 16).module
    with torch.no_grad():
        module.head.probe.zero_()
    read_public(path, other, module)
    write_public(tmp_path / "again.pt", other, module)
    again = torch.load(tmp_path / "again.pt", weights_only=True)
    assert all(torch.equal(stored[name], again[name]) for name in stored)
    # Scalars of either shape are one value.
    torch.save({**stored, "logit_bias": torch.tensor(-7.0), "logit_scale": torch.tensor([2.0])}, path)
    read_public(path, other, module)
    assert (other.logit_bias.tolist(), other.logit_scale.item()) == ([-7.0], 2.0)


def test_the_export_reads_the_checkpoint(folder: Path, tmp_path: Path) -> None:
    head, tower = Head(make_projector(16, 8)), open_tower(str(folder), 16)
    write_public(tmp_path / "model_checkpoint.pt", head, tower.module)
    read = read_vision_checkpoint(tmp_path / "model_checkpoint.pt")
    assert read.calibration == (pytest.approx(10), BIAS)
    assert projector_size(read.projector) == (16, 16, 8)
    assert (read.config.layers, read.config.heads, read.config.width) == (3, 2, 16)
    assert set(read.tower.names()) == set(tower.module.state_dict())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"projector.2.weight": torch.zeros(9, 16)}, r"field 'projector.2.weight': got shape \[9, 16\], expected \[8,"),
        ({"projector.0.bias": None}, r"field 'projector.0.bias': missing, expected shape \[16\]"),
        ({"projector.4.bias": torch.zeros(1)}, "field 'projector.4.bias': unknown"),
        ({"logit_scale": torch.tensor(float("nan"))}, "field 'logit_scale': got values that are not finite"),
        ({"vision_model.head.probe": torch.zeros(1, 1, 2)}, r"field 'vision_model.head.probe': got shape \[1, 1, 2\]"),
    ],
)
def test_a_checkpoint_that_does_not_fit_changes_nothing(
    folder: Path, tmp_path: Path, change: dict[str, torch.Tensor | None], told: str
) -> None:
    tower, head = open_tower(str(folder), 16), Head(make_projector(16, 8))
    path = tmp_path / "model_checkpoint.pt"
    write_public(path, Head(make_projector(16, 8)), tower.module)
    stored = {**torch.load(path, weights_only=True), **change}
    torch.save({name: value for name, value in stored.items() if value is not None}, path)
    before = {name: value.clone() for name, value in head.state_dict().items()}
    with pytest.raises(InputError, match=r"model_checkpoint\.pt: " + told):
        read_public(path, head, tower.module)
    assert all(torch.equal(value, before[name]) for name, value in head.state_dict().items())


def test_torn_files_are_named(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "torn.pt"
    torch.save({"x": torch.zeros(1000)}, path)
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(InputError, match=r"torn\.pt: not a checkpoint"):
        read_public(path, Head(make_projector(16, 8)), None)
    rows = tmp_path / "rows.safetensors"
    header = header_of("texts", "m", ["a", "b"])
    write_rows(rows, np.ones((2, 3), dtype=np.float32), header)
    assert read_rows(rows, header, 2, 3).tolist() == [[1, 1, 1]] * 2
    with pytest.raises(InputError, match=r"rows\.safetensors: field 'rows': got shape \[2, 3\], expected \[2, 4\]"):
        read_rows(rows, header, 2, 4)
    rows.write_bytes(rows.read_bytes()[:-4])
    with pytest.raises(InputError, match=r"rows\.safetensors: not readable"):
        read_rows(rows, header, 2, 3)
    with pytest.raises(InputError, match="m: row 1 of the texts is not finite"):
        write_rows(tmp_path / "new", np.array([[1.0], [np.nan]]), header)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.safetensors", "torn.pt"]


def test_a_hugging_face_text_encoder_gives_its_first_token(tmp_path: Path) -> None:
    words = Tokenizer(models.WordLevel({"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "dog": 4, "cat": 5}, "<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", unk_token="<unk>").save_pretrained(tmp_path)
    torch.manual_seed(0)
    config = XLMRobertaConfig(
        vocab_size=6, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8,
        max_position_embeddings=40, pad_token_id=1, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    network = XLMRobertaModel(config).eval()
    network.save_pretrained(tmp_path)
    space = open_text_space(tmp_path, CPU)
    rows = space.encode(["dog", "cat dog dog", "cat"])
    with torch.no_grad():
        first = network(torch.tensor([[5, 4, 4]])).last_hidden_state[:, 0]
    assert np.allclose(rows[1], torch.nn.functional.normalize(first, dim=1).numpy()[0], atol=1e-6)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    with pytest.raises(InputError, match="no text encoder"):
        open_text_space(tmp_path / "none", CPU)
    with pytest.raises(InputError, match="no vision tower"):
        open_tower(str(tmp_path / "none"), 16)
    with pytest.raises(InputError, match="not a SigLIP 2 vision tower|weights without"):
        open_tower(str(tmp_path), 16)
