"""The shipped folder against its own manifest, and the parts it is made of."""

import base64
import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from training import data
from training.align.prototypes import scene_contexts, unit, whitener
from training.mini import image_model
from training.mini.examples import pad
from training.mini.export_onnx import QuantizedText
from training.mini.glosses import read_glosses
from training.mini.names import Name, clean, sampling_weights, sense_weights
from training.mini.senses import mean_senses
from training.mini.text_model import LEVELS, WIDTH, TextEncoder, as_stored, codes_of
from training.tests import make_native_vectors as native

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


def test_files_tell_nothing_of_the_machine_that_made_them() -> None:
    for name in ("text.onnx", "image.onnx"):
        content = (FOLDER / name).read_bytes()
        assert b"stack_trace" not in content and b"site-packages" not in content


@pytest.mark.parametrize(("kind", "run"), [("text", native.texts), ("image", native.images)])
def test_shipped_towers_are_near_float(kind: str, run: Callable[[], dict[str, np.ndarray]]) -> None:
    vectors = run()
    recorded = json.loads(native.OUTPUT.read_text(encoding="utf-8"))
    assert recorded["sha256"] == {name: MANIFEST["files"][name]["sha256"] for name in native.TOWERS}
    assert [case["input"] for case in recorded[kind]] == list(vectors)
    for exact, own in zip(MANIFEST["golden"][kind], recorded[kind], strict=True):
        assert vectors[exact["input"]] @ vector(exact["vector"]) >= 0.98
        # What the browser's tests compare with is what this machine computes, too.
        assert vectors[own["input"]] @ vector(own["vector"]) >= 0.9995


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
        stored = as_stored(encoder.table(ids))
        assert torch.allclose(encoder(ids, mask), encoder.pool(stored, mask), atol=1e-6)


def test_a_stored_row_is_the_trained_row_but_for_rounding() -> None:
    rows = torch.from_numpy(np.random.default_rng(0).normal(size=(50, WIDTH)).astype(np.float32))
    codes, scale = codes_of(rows)
    assert codes.abs().max() == LEVELS
    assert torch.equal(codes, codes.round())
    assert torch.nn.functional.cosine_similarity(codes * scale, rows).mean() > 0.99
    rows.requires_grad_(True)
    as_stored(rows).sum().backward()
    assert torch.equal(rows.grad, torch.ones_like(rows))


def test_packed_codes_unpack_to_the_stored_rows() -> None:
    encoder = TextEncoder().eval()
    ids = torch.tensor([[3, 5, 63_000]])
    with torch.no_grad():
        assert torch.allclose(QuantizedText(encoder).rows(ids), as_stored(encoder.table(ids)), atol=1e-6)


def test_image_answer_is_the_weighted_sum_of_prototypes() -> None:
    prototypes = torch.eye(3, 4)
    encoder = image_model.ImageEncoder(torch.nn.Identity(), prototypes, temperature=1.0, floor=0.1)
    answer = encoder.answer(torch.log(torch.tensor([[0.6, 0.35, 0.05]])))
    expected = np.array([0.5, 0.25, 0.0, 0.0])
    assert np.allclose(answer.detach().numpy()[0], expected / np.linalg.norm(expected), atol=1e-5)


def test_two_views_do_not_tell_a_picture_from_its_mirror_image() -> None:
    class Left(torch.nn.Module):
        """Classes by the leftmost and the rightmost column."""

        _fc = torch.nn.Identity()

        def extract_features(self, pixels: torch.Tensor) -> torch.Tensor:
            return torch.stack([pixels[:, 0, :, 0].mean(1), pixels[:, 0, :, -1].mean(1)], dim=1)[..., None, None]

    picture = torch.zeros(1, 3, 4, 4)
    picture[..., 0] = 2
    one, two = (image_model.ImageEncoder(Left(), torch.eye(2), 1.0, 0.0, views) for views in (1, 2))
    assert not torch.allclose(one(picture), one(picture.flip(3)))
    assert torch.allclose(two(picture), two(picture.flip(3)))


def test_a_text_means_the_weighted_mean_of_its_senses() -> None:
    names = [
        Name("1-n", "eng", "Dog", 0, 5),
        Name("2-n", "hun", "dög", 0, 5),
        Name("1-n", "deu", "Hund", 0, 5),
    ]
    senses = mean_senses(names, np.array([3.0, 1.0, 1.0]), {"1-n": 0, "2-n": 1}, np.eye(2))
    assert senses.row[0] == senses.row[1] != senses.row[2]
    assert np.allclose(senses.targets[senses.row[0]], np.array([3, 1]) / np.sqrt(10), atol=1e-3)
    assert senses.dominant.tolist() == [0, 0]


def test_a_text_with_equal_senses_counts_as_none_of_them() -> None:
    names = [Name("1-n", "eng", "bat", 0, 5), Name("2-n", "eng", "bat", 0, 6)]
    senses = mean_senses(names, np.ones(2), {"1-n": 0, "2-n": 1}, np.eye(2))
    assert senses.dominant.tolist() == [-1]


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
    small = [Name("1-n", "vol", "a", 0, 5), *(Name("2-n", "deu", str(i), 0, 5) for i in range(50))]
    assert sampling_weights(small, set())[0] > sampling_weights(small, set())[1]
    assert sense_weights(small, set())[0] == sense_weights(small, set())[1]


def test_tables_are_rebuilt_from_wordnet_files(tmp_path: Path) -> None:
    for part in ("verb", "adj", "adv"):
        (tmp_path / f"data.{part}").write_text("")
    (tmp_path / "data.noun").write_text(
        "  1 licence\n02084071 05 n 02 dog 0 domestic_dog 0 002 @ 02083346 n 0000 @ 01317541 n 0000 | a canine\n"
    )
    (tmp_path / "wn-data-spa.tab").write_text("# Spanish\tspa\thttp://x\tCC BY\n02084071-n\tspa:lemma\tperro\n")
    data.rebuild(tmp_path, [tmp_path], tmp_path)
    with gzip.open(tmp_path / "wordnet-names.tsv.gz", "rt", encoding="utf-8") as rows:
        assert rows.read().splitlines()[1:] == [
            "02084071-n\t5\teng\tdog|domestic dog",
            "02084071-n\t5\tspa\tperro",
        ]
    assert read_glosses(tmp_path / "wordnet-glosses.tsv.gz") == {
        "02084071-n": (["02083346-n", "01317541-n"], "a canine")
    }


def test_what_is_seen_beside_a_thing_holds_for_all_below_it(tmp_path: Path) -> None:
    table = tmp_path / "priors.tsv"
    table.write_text("# comment\ninstrument\tstage\ntraffic light\tstreet\n")
    names = [
        Name("1-n", "eng", "instrument", 0, 6), Name("2-n", "eng", "piano", 0, 6), Name("3-n", "eng", "stage", 0, 6),
        Name("4-n", "eng", "traffic light", 0, 10), Name("5-n", "eng", "street", 0, 6), Name("6-n", "eng", "cat", 0, 5),
    ]  # fmt: skip
    targets = {f"{i + 1}-n": row for i, row in enumerate(np.eye(6))}
    hypernyms = {"2-n": ["9-n", "1-n"]}
    piano, light, cat = scene_contexts(table, names, ["2-n", "4-n", "6-n"], hypernyms, targets)
    assert np.allclose(piano, targets["3-n"])
    assert np.allclose(light, targets["5-n"])
    assert not cat.any()
