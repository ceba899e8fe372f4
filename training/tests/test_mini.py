"""The shipped folder against its own manifest, and the parts it is made of."""

import base64
import gzip
import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image
from tokenizers import Tokenizer
from training import data
from training.mini import golden, image_model
from training.mini.examples import pad
from training.mini.names import Name, clean, sampling_weights
from training.mini.pictures import crop, pixels
from training.mini.projector import unit, whitener
from training.mini.text_model import TextEncoder

FOLDER = Path(__file__).resolve().parents[2] / "public" / "models" / "mini"
MANIFEST = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))


def vector(encoded: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(encoded), dtype="<f4")


def test_files_are_what_the_manifest_says() -> None:
    total = 0
    for name, described in MANIFEST["files"].items():
        content = (FOLDER / name).read_bytes()
        assert len(content) == described["size"]
        assert hashlib.sha256(content).hexdigest() == described["sha256"]
        total += len(content)
    assert total + (FOLDER / "manifest.json").stat().st_size <= 32e6


@pytest.mark.parametrize("case", MANIFEST["golden"]["text"], ids=lambda case: case["input"])
def test_int8_text_is_near_float(case: dict) -> None:
    session = onnxruntime.InferenceSession(str(FOLDER / "text.onnx"))
    ids = Tokenizer.from_file(str(FOLDER / "tokenizer.json")).encode(case["input"]).ids
    feed = {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), dtype=np.int64)}
    assert session.run(None, feed)[0][0] @ vector(case["vector"]) >= 0.98


@pytest.mark.parametrize("case", MANIFEST["golden"]["image"], ids=lambda case: case["input"])
def test_int8_images_are_near_float(case: dict) -> None:
    session = onnxruntime.InferenceSession(str(FOLDER / "image.onnx"))
    side = MANIFEST["image"]["geometry"]["width"]
    picture = crop(Image.fromarray(golden.image(case["input"])), side)
    assert session.run(None, {"pixels": pixels(picture)[None]})[0][0] @ vector(case["vector"]) >= 0.98


def test_padding_does_not_change_a_text() -> None:
    torch.manual_seed(0)
    encoder = TextEncoder().eval()
    for layer in encoder.layers:
        torch.nn.init.normal_(layer.out.weight, std=0.1)
        torch.nn.init.normal_(layer.down.weight, std=0.1)
    ids, mask = pad([np.array([5, 6, 7]), np.array([8, 9, 10, 11, 12])])
    with torch.no_grad():
        both, alone = encoder(ids, mask), encoder(ids[:1, :3], mask[:1, :3])
    assert torch.allclose(both[0], alone[0], atol=1e-5)


def test_untrained_layers_change_nothing() -> None:
    encoder = TextEncoder().eval()
    ids, mask = pad([np.array([5, 6, 7])])
    with torch.no_grad():
        assert torch.allclose(encoder(ids, mask), encoder.static(ids, mask), atol=1e-6)


def test_image_answer_is_the_weighted_sum_of_prototypes() -> None:
    prototypes = torch.eye(3, 4)
    encoder = image_model.ImageEncoder(torch.nn.Identity(), prototypes, temperature=1.0, floor=0.1)
    answer = encoder.answer(torch.log(torch.tensor([[0.6, 0.35, 0.05]])))
    expected = np.array([0.5, 0.25, 0.0, 0.0])
    assert np.allclose(answer.detach().numpy()[0], expected / np.linalg.norm(expected), atol=1e-5)


def test_whitening_shrinks_common_directions() -> None:
    rows = np.random.default_rng(0).normal(size=(500, 3)) * [5, 1, 1]
    stretch = np.linalg.norm(whitener(rows, 0.5), axis=0)
    assert stretch[0] < stretch[1]
    assert np.allclose(np.linalg.norm(unit(rows), axis=1), 1)


def test_names_are_cleaned_and_weighed() -> None:
    assert clean("可以+的") == "可以的"
    rare = Name("2-n", "eng", "thing", 0, 5)
    dog = [Name("1-n", language, "dog", 0, 5) for language in ("eng", "deu", "fra")]
    weights = sampling_weights([*dog, rare], set())
    assert weights[1] > weights[3]


def test_tables_are_rebuilt_from_wordnet_files(tmp_path: Path) -> None:
    for part in ("verb", "adj", "adv"):
        (tmp_path / f"data.{part}").write_text("")
    (tmp_path / "data.noun").write_text(
        "  1 licence\n02084071 05 n 02 dog 0 domestic_dog 0 001 @ 02083346 n 0000 | a member of the genus Canis\n"
    )
    (tmp_path / "wn-data-spa.tab").write_text("# Spanish\tspa\thttp://x\tCC BY\n02084071-n\tspa:lemma\tperro\n")
    data.rebuild(tmp_path, [tmp_path], tmp_path)
    with gzip.open(tmp_path / "wordnet-names.tsv.gz", "rt", encoding="utf-8") as rows:
        assert rows.read().splitlines()[1:] == [
            "02084071-n\t5\teng\tdog|domestic dog",
            "02084071-n\t5\tspa\tperro",
        ]
