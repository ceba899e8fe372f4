"""What several of the export's tests share. Imports are inside: other tests need none of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from training.export.package import Sources
    from training.tests.export_models import Exported


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """PyTorch on one thread."""
    from training.tests.export_models import single_thread

    with single_thread():
        yield


@pytest.fixture(scope="session")
def export_pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Exported, Exported]:
    """The models of the browser's fixtures, exported anew: NaFlex, fixed."""
    from training.tests.export_models import WHOLE_GRAPHS, Exported, export_tiny, silence, single_thread
    from training.tests.make_export_fixtures import checkpoints

    folder = tmp_path_factory.mktemp("export")
    with silence():
        sources = checkpoints(folder)
    made = [Exported(each, folder / f"out{i}") for i, each in enumerate(sources)]
    with single_thread():
        for each in made:
            export_tiny(each.sources, each.folder, WHOLE_GRAPHS)
    return made[0], made[1]


@pytest.fixture(scope="session")
def naflex(export_pair: tuple[Exported, Exported]) -> Exported:
    """BGE-M3, SigLIP 2 NaFlex, projector."""
    return export_pair[0]


@pytest.fixture(scope="session")
def fixed(export_pair: tuple[Exported, Exported]) -> Exported:
    """SigLIP 2 of fixed resolution, which ends in the text's dimension by itself."""
    return export_pair[1]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """Checkpoints as small as can be; not to be changed."""
    from training.tests.export_models import write_tiny

    return write_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny_export(tiny: Sources, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their export in fp32; not to be changed."""
    from training.tests.export_models import export_tiny, single_thread

    out = tmp_path_factory.mktemp("tiny-export") / "out"
    with single_thread():
        export_tiny(tiny, out)
    return out
