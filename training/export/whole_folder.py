"""A folder that is written completely or not at all, in the place of an older one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """An empty folder that takes the place of `out` when the block ends well, and goes when it does not.

    A folder cannot be renamed over another that has files, so the older one steps aside first. Killed
    between the two renames, the older one is put back by the next call.
    """
    working = out.with_name(f"{out.name}.unfinished")
    new, previous = working / "new", working / "previous"
    settle(out, working, previous)
    new.mkdir(parents=True)
    try:
        yield new
        if out.exists():
            out.rename(previous)
        new.rename(out)
    finally:
        settle(out, working, previous)


def settle(out: Path, working: Path, previous: Path) -> None:
    """Puts the older folder back if nothing has taken its place, and removes everything else."""
    if previous.exists() and not out.exists():
        previous.rename(out)
    shutil.rmtree(working, ignore_errors=True)
