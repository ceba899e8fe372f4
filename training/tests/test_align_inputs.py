"""The one command from captions to checkpoint, and what it says of bad input: nothing is half-written."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from training.align import __main__ as command
from training.align.errors import InputError
from training.align.text_embeddings import MiniText
from transformers import Siglip2VisionConfig, Siglip2VisionModel

MINI = Path(__file__).resolve().parents[2] / "public" / "models" / "mini"
COLOURS = {
    "red": ("red", "rot", "赤"), "blue": ("blue", "blau", "青"), "green": ("green", "grün", "緑"),
    "yellow": ("yellow", "gelb", "黄"),
}  # fmt: skip


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures of one colour each, their captions in three languages, and a tiny vision tower."""
    out = tmp_path_factory.mktemp("ground")
    rng = np.random.default_rng(0)
    (out / "pictures").mkdir()
    with open(out / "captions.jsonl", "w", encoding="utf-8") as file:
        for i in range(16):
            colour = list(COLOURS)[i % 4]
            picture = Image.new("RGB", (32 + 2 * i, 40), colour)
            picture.putpixel((0, 0), tuple(rng.integers(0, 256, 3).tolist()))
            picture.save(out / "pictures" / f"{i}.png")
            for language, text in zip(("eng", "deu", "jpn"), COLOURS[colour], strict=True):
                row = {"image": f"{i}.png", "caption": text, "language": language}
                file.write(json.dumps({**row, "split": "test" if i >= 12 else "train"}) + "\n")
    torch.manual_seed(0)
    Siglip2VisionModel(
        Siglip2VisionConfig(
            hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, num_patches=16
        )
    ).save_pretrained(out / "vision")
    return out


@pytest.fixture(scope="module", autouse=True)
def opened_once() -> Iterator[None]:
    """The text tower takes a second to open; every run of this file may have the same one."""
    opened = command.open_text_space(MINI, torch.device("cpu"))
    original = command.open_text_space
    command.open_text_space = lambda folder, device: opened if folder == MINI else original(folder, device)
    yield
    command.open_text_space = original


def run(ground: Path, work: Path, *more: str) -> dict[str, dict]:
    given = {"captions": ground / "captions.jsonl", "pictures": ground / "pictures", "text-encoder": MINI}
    given |= {"vision": ground / "vision", "work": work, "patches": 16, "threads": 1, "device": "cpu", "batch": 6}
    options = [part for name, value in given.items() for part in (f"--{name}", str(value))]
    # A later option replaces an earlier one of the same name.
    return command.run(command.arguments().parse_args([*options, *more]))


def written(work: Path) -> set[str]:
    return {path.name for path in work.iterdir()} if work.exists() else set()


def test_one_command_makes_all(ground: Path, tmp_path: Path) -> None:
    result = run(ground, tmp_path, "--epochs", "2", "--captions-per-picture", "3", "--by-language")
    files = {"features.safetensors", "texts.safetensors", "pictures-checked", "log.jsonl", "training.pt"}
    assert written(tmp_path) == {*files, "config.json", "model_checkpoint.pt"}
    assert set(result) == {"text_to_image", "image_to_text", "by_language"}
    assert set(result["by_language"]) == {"deu", "eng", "jpn"}
    # The result starts another run, and is scored as it is.
    again = run(ground, tmp_path / "scored", "--start", str(tmp_path / "model_checkpoint.pt"), "--epochs", "0")
    assert again["text_to_image"] == result["text_to_image"]


def test_texts_are_encoded_once(ground: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(ground, tmp_path, "--epochs", "0")
    monkeypatch.setattr(MiniText, "encode", lambda *_: pytest.fail("encoded again"))
    run(ground, tmp_path / "other", "--epochs", "1", "--cache", str(tmp_path), "--open-layers", "1")
    assert written(tmp_path / "other") == {"log.jsonl", "training.pt", "config.json", "model_checkpoint.pt"}


def test_pictures_that_do_not_decode_are_listed_before_anything_is_written(ground: Path, tmp_path: Path) -> None:
    bad = tmp_path / "pictures"
    bad.mkdir()
    for path in (ground / "pictures").iterdir():
        (bad / path.name).write_bytes(path.read_bytes())
    (bad / "3.png").write_bytes(b"no picture")
    (bad / "5.png").write_bytes((bad / "5.png").read_bytes()[:60])
    (bad / "7.png").unlink()
    work = tmp_path / "work"
    with pytest.raises(InputError) as caught:
        run(ground, work, "--pictures", str(bad))
    told = str(caught.value)
    assert "field 'image': 3 of 16 pictures do not decode" in told
    assert [name for name in ("3.png", "5.png", "7.png") if f"{bad / name}: " in told] == ["3.png", "5.png", "7.png"]
    assert written(work) == set()
    with pytest.raises(InputError, match="no such picture folder"):
        run(ground, work, "--pictures", str(tmp_path / "none"))


def test_a_picture_that_changed_is_checked_again(ground: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for path in (ground / "pictures").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    work = tmp_path / "work"
    run(ground, work, "--pictures", str(folder), "--epochs", "0")
    (folder / "3.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"3\.png: UnidentifiedImageError"):
        run(ground, work, "--pictures", str(folder), "--epochs", "1")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--captions", "{}/none.jsonl"), "none.jsonl: no such caption file"),
        (("--loss", "hinge"), "loss: got 'hinge'"),
        (("--batch", "13"), "batch: got 13, expected at most the 12 pictures to train on"),
        (("--open-layers", "3"), "open layers: got 3, expected 0 to 2"),
        (("--text-encoder", "{}"), "no text encoder"),
        (("--vision", "{}"), "no vision tower"),
        (("--start", "{}/none.pt"), "none.pt: not a checkpoint"),
        (("--patches", "0"), "patches: got 0"),
        (("--save-every", "0"), "save every: got 0"),
        (("--workers", "0"), "workers: got 0, expected at least 1"),
        (("--device", "abacus"), "device: got 'abacus'"),
    ],
)
def test_bad_options_leave_no_output(ground: Path, tmp_path: Path, options: tuple[str, str], told: str) -> None:
    work = tmp_path / "work"
    with pytest.raises(InputError, match=told):
        run(ground, work, *(option.format(tmp_path) for option in options))
    assert not work.exists()


def test_wrong_dimensions_are_named(ground: Path, tmp_path: Path) -> None:
    run(ground, tmp_path / "narrow", "--epochs", "0", "--hidden", "8")
    start = str(tmp_path / "narrow" / "model_checkpoint.pt")
    told = r"model_checkpoint\.pt: field 'projector\.0\.weight': got shape \[8, 16\], expected \[16, 16\]"
    with pytest.raises(InputError, match=told):
        run(ground, tmp_path / "work", "--start", start)
    assert not (tmp_path / "work").exists()


def test_a_failed_computation_leaves_no_half_file(
    ground: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = MiniText.encode

    def fail(*_: object) -> np.ndarray:
        raise MemoryError

    monkeypatch.setattr(MiniText, "encode", fail)
    with pytest.raises(MemoryError):
        run(ground, tmp_path, "--epochs", "0")
    assert written(tmp_path) == {"pictures-checked"}
    monkeypatch.setattr(MiniText, "encode", original)
    run(ground, tmp_path, "--epochs", "0")
    assert "model_checkpoint.pt" in written(tmp_path)


def test_the_command_ends_with_the_message_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = ("--captions", "x", "--pictures", "x", "--text-encoder", "x", "--work", "x", "--vision", "x")
    monkeypatch.setattr("sys.argv", ["align", *needed])
    with pytest.raises(SystemExit, match="^x: no such caption file$"):
        command.main()
