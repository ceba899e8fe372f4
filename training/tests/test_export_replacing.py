"""The folder an export writes is whole or not there, and nothing else is lost."""

import json
import shutil
from pathlib import Path

import pytest
from training.export import package
from training.export.errors import CheckpointError
from training.export.package import Sources
from training.export.whole_folder import replacing
from training.tests.export_models import contents, export_tiny

pytestmark = pytest.mark.usefixtures("one_thread")


class Interrupted(BaseException):
    """As a Ctrl-C is no Exception."""


@pytest.fixture
def older(tiny_export: Path, tmp_path: Path) -> Path:
    """An export of before, told apart by its licence."""
    out = Path(shutil.copytree(tiny_export, tmp_path / "out"))
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (out / "manifest.json").write_text(json.dumps(manifest | {"licence": "older"}), encoding="utf-8")
    return out


def nothing_beside(out: Path) -> bool:
    return list(out.parent.iterdir()) == [out]


def test_older_export_is_replaced(tiny: Sources, tiny_export: Path, older: Path) -> None:
    export_tiny(tiny, older)
    assert contents(older) == contents(tiny_export)
    assert nothing_beside(older)


def test_empty_folder_is_taken(tiny: Sources, tiny_export: Path, tmp_path: Path) -> None:
    (tmp_path / "deep/out").mkdir(parents=True)
    export_tiny(tiny, tmp_path / "deep/out")
    assert contents(tmp_path / "deep/out") == contents(tiny_export)


def test_failure_leaves_the_older_export(tiny: Sources, older: Path) -> None:
    before = contents(older)
    with pytest.raises(CheckpointError):
        export_tiny(Sources(tiny.text, tiny.vision, None), older)
    assert contents(older) == before
    assert nothing_beside(older)


@pytest.mark.parametrize("step", ["save", "build_projector", "write_manifest", "golden"])
def test_interruption_leaves_the_older_export(
    tiny: Sources, older: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def interrupt(*_: object) -> None:
        unfinished = contents(older.parent / "out.unfinished")
        assert step == "save" or "new/text.fp32.onnx" in unfinished
        raise Interrupted

    before = contents(older)
    monkeypatch.setattr(package, step, interrupt)
    with pytest.raises(Interrupted):
        export_tiny(tiny, older)
    assert contents(older) == before
    assert nothing_beside(older)


def test_interruption_between_the_renames_puts_the_older_back(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, rename = contents(older), Path.rename

    def fail(path: Path, target: Path) -> Path:
        if path.name == "new":
            assert not older.exists()
            raise Interrupted
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(Interrupted), replacing(older) as folder:
        (folder / "file").write_text("newer")
    assert contents(older) == before
    assert nothing_beside(older)


def test_killed_between_the_renames_the_next_call_puts_it_back(older: Path) -> None:
    before = contents(older)
    working = older.with_name("out.unfinished")
    working.mkdir()
    older.rename(working / "previous")
    (working / "new").mkdir()
    with pytest.raises(Interrupted), replacing(older):
        raise Interrupted
    assert contents(older) == before
    assert nothing_beside(older)


def test_leftovers_of_a_killed_export_go(tiny: Sources, tiny_export: Path, tmp_path: Path) -> None:
    (tmp_path / "out.unfinished/new").mkdir(parents=True)
    (tmp_path / "out.unfinished/new/text.fp16.onnx").write_text("half")
    export_tiny(tiny, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(tiny_export)
    assert nothing_beside(tmp_path / "out")


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"photo.jpg": "a"}, "no exported model"),
        ({"manifest.json": '{"name": "An app", "icons": []}'}, "no exported model"),
        ({"manifest.json": '{"name": "An app", "icons": []}', "index.html": "a"}, "no exported model"),
        ({"manifest.json": '{"files": {"a": {}}}', "a": "a", "notes.txt": "a"}, "notes.txt"),
        ({"manifest.json": "{"}, "manifest.json"),
    ],
)
def test_foreign_folder_is_left_alone(tiny: Sources, tmp_path: Path, files: dict[str, str], named: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name, content in files.items():
        (out / name).write_text(content, encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(CheckpointError, match=named) as caught:
        export_tiny(tiny, out)
    assert str(out) in str(caught.value)
    assert contents(tmp_path) == before


def test_file_in_the_place_of_the_folder(tiny: Sources, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a")
    with pytest.raises(CheckpointError, match="is a file"):
        export_tiny(tiny, tmp_path / "out")
    assert contents(tmp_path) == {"out": b"a"}
