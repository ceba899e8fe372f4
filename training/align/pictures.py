"""Picture files: checked before anything is computed from them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..mini.pictures import open_picture
from .errors import InputError, refuse


def fault(path: Path) -> str | None:
    """Why a picture cannot be used, or `None`."""
    try:
        open_picture(path)
    # Pillow raises half a dozen kinds for broken files, SyntaxError and struct.error among them.
    except Exception as error:
        return f"{path}: {type(error).__name__}: {error}"
    return None


def check_pictures(folder: Path, names: list[str], threads: int) -> None:
    """Decodes every picture once; one error lists those that do not (the first ten)."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such picture folder")
    with ThreadPoolExecutor(threads) as pool:
        found = [problem for problem in pool.map(lambda name: fault(folder / name), names) if problem]
    refuse(found, f"{folder}: field 'image': {len(found)} of {len(names)} pictures do not decode; mend them or "
           "remove their rows from the caption file")  # fmt: skip


def sizes(folder: Path, names: list[str]) -> list[tuple[str, int]]:
    """Names and bytes: what stored features are said to belong to, without reading every file again."""
    return [(name, (folder / name).stat().st_size) for name in names]
