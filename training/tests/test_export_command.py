"""The one command."""

import json
import sys
from pathlib import Path

import pytest
from training.export import __main__ as command
from training.export import twins
from training.export.package import Sources
from training.tests.export_models import TINY_NAFLEX, TINY_TEXT, contents

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def small_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same names, tiny sizes."""
    monkeypatch.setitem(twins.TEXT_TWINS, "bge-m3", TINY_TEXT)
    for name in twins.VISION_TWINS:
        monkeypatch.setitem(twins.VISION_TWINS, name, TINY_NAFLEX)
    monkeypatch.setattr(twins, "SMALL_TEXT", TINY_TEXT)
    monkeypatch.setattr(twins, "SMALL_VISION", TINY_NAFLEX)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["export", *map(str, arguments)])
    command.main()


def manifest_of(out: Path) -> dict:
    return json.loads((out / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.usefixtures("small_twins")
@pytest.mark.parametrize("names", [["bge-m3", "so400m-naflex"], ["base-naflex"], ["bge-m3"]])
def test_random(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, names: list[str]
) -> None:
    out = tmp_path / "deep/twins"
    run(monkeypatch, "--random", *names, "--out", out, "--formats", "int8")
    manifest = manifest_of(out)
    assert all(name in manifest["provenance"] for name in names)
    assert manifest["dimension"] == TINY_TEXT.width
    assert str(out) in capsys.readouterr().out
    assert list(out.parent.iterdir()) == [out]


def test_sizes_of_the_twins_are_the_published_ones() -> None:
    text = twins.TEXT_TWINS["bge-m3"]
    assert (text.vocabulary, text.width, text.layers, text.heads, text.hidden, text.positions) == (
        250_002, 1024, 24, 16, 4096, 8194,
    )  # fmt: skip
    sizes = {name: (v.width, v.layers, v.heads, v.hidden, v.patch, v.side) for name, v in twins.VISION_TWINS.items()}
    assert sizes == {
        "so400m-naflex": (1152, 27, 16, 4304, 16, None),
        "base-naflex": (768, 12, 12, 3072, 16, None),
    }


def test_checkpoints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny: Sources, tmp_path: Path
) -> None:
    given = ["--text", tiny.text, "--vision", tiny.vision, "--projector", tiny.projector]
    named = ["--id", "mine", "--model-version", "2.1.0", "--licence", "MIT"]
    run(monkeypatch, *given, *named, "--out", tmp_path / "out", "--formats", "fp32", "int8")
    manifest = manifest_of(tmp_path / "out")
    assert (manifest["id"], manifest["version"], manifest["licence"]) == ("mine", "2.1.0", "MIT")
    assert "text" in manifest["provenance"]
    assert "naflex" in manifest["provenance"]
    assert "MB" in capsys.readouterr().out


def test_error_is_one_line_and_another_exit_status(
    monkeypatch: pytest.MonkeyPatch, tiny: Sources, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as caught:
        run(monkeypatch, "--text", tiny.text, "--vision", tmp_path / "none.pt", "--out", tmp_path / "out")
    # Python prints a string to stderr and exits with 1.
    assert caught.value.code == f"{tmp_path / 'none.pt'} is missing."
    assert contents(tmp_path) == {}


def test_full_disk_is_one_line_too(monkeypatch: pytest.MonkeyPatch, tiny: Sources, tmp_path: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("training.export.package.save", full)
    given = ["--text", tiny.text, "--vision", tiny.vision, "--projector", tiny.projector]
    with pytest.raises(SystemExit) as caught:
        run(monkeypatch, *given, "--out", tmp_path / "out", "--formats", "fp32")
    assert "No space left" in str(caught.value.code)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--text and --vision, or --random"),
        (["--text", "a"], "--text and --vision, or --random"),
        (["--random", "bge-m3", "--text", "a"], "takes the place of"),
        (["--random", "so400m-naflex", "base-naflex"], "takes one of"),
        (["--random", "gpt"], "invalid choice"),
        (["--random", "bge-m3", "--formats", "q5"], "invalid choice"),
    ],
)
def test_arguments_that_do_not_go_together(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    message: str,
) -> None:
    with pytest.raises(SystemExit) as caught:
        run(monkeypatch, *arguments, "--out", tmp_path / "out")
    assert caught.value.code == 2
    assert message in capsys.readouterr().err
