"""The caption file: which texts, in which languages, say what is in which picture.

JSON Lines (`.jsonl`), one object a line, or a table with a header row (`.tsv` without quotes, `.csv` and
`.txt` with them, as Flickr30k's `captions.txt`). Fields: `image`, a path below the picture folder;
`caption`; optionally `language` (any code, `und` where missing) and `split` (`train` or `test`).
A picture may have any number of rows.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .errors import InputError, refuse

REQUIRED, OPTIONAL = ("image", "caption"), {"language": "und", "split": ""}
SPLITS = ("", "train", "test")


@dataclass(frozen=True)
class Caption:
    """One row: `picture` is a path relative to the picture folder."""

    picture: str
    text: str
    language: str
    split: str


Row = tuple[int, dict[str, object] | str]
"""Line number (from 1) and the row's fields, or what is wrong with it."""


def read_captions(path: Path) -> list[Caption]:
    """All rows of the file; one error names every broken row (the first ten) by line and field."""
    if not path.is_file():
        raise InputError(f"{path}: no such caption file")
    if path.suffix not in READERS:
        raise InputError(f"{path}: got the ending {path.suffix!r}, expected one of {', '.join(READERS)}")
    captions, problems = [], []
    for line, row in READERS[path.suffix](path):
        found = [row] if isinstance(row, str) else faults(row)
        problems += [f"{path}:{line}: {fault}" for fault in found]
        if not found and not isinstance(row, str):
            fields = {name: str(row.get(name) or "").strip() for name in (*REQUIRED, *OPTIONAL)}
            language = fields["language"] or OPTIONAL["language"]
            captions.append(Caption(fields["image"], fields["caption"], language, fields["split"]))
    refuse(problems, f"{path}: {len(problems)} broken fields; mend or remove these rows")
    if not captions:
        raise InputError(f"{path}: no captions in it")
    return captions


def faults(row: dict[str, object]) -> list[str]:
    """What is wrong with a row's fields."""
    out = []
    for name in (*REQUIRED, *OPTIONAL):
        value = row.get(name)
        if value is None and name in OPTIONAL:
            continue
        if not isinstance(value, str) or (name in REQUIRED and not value.strip()):
            out.append(f"field '{name}': got {json.dumps(value, ensure_ascii=False)}, expected a text")
    image, split = row.get("image"), row.get("split")
    if isinstance(image, str) and (PurePosixPath(image).is_absolute() or ".." in PurePosixPath(image).parts):
        out.append(f"field 'image': got {image!r}, expected a path below the picture folder")
    if isinstance(split, str) and split.strip() not in SPLITS:
        out.append(f"field 'split': got {split!r}, expected 'train' or 'test'")
    return out


def decoded(path: Path) -> Iterator[tuple[int, str | None]]:
    """Lines as text; `None` where the bytes are not UTF-8."""
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError:
                yield number, None


def json_rows(path: Path) -> Iterator[Row]:
    """Rows of a JSON Lines file; empty lines are passed over."""
    for number, line in decoded(path):
        if line is None:
            yield number, "not UTF-8"
        elif line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                yield number, f"not JSON ({error})"
                continue
            yield number, row if isinstance(row, dict) else "expected an object with 'image' and 'caption'"


def table_rows(path: Path) -> Iterator[Row]:
    """Rows of a table with a header."""
    undecodable: list[int] = []

    def text() -> Iterator[str]:
        for number, line in decoded(path):
            if line is None:
                undecodable.append(number)
            yield "" if line is None else line + "\n"

    quoting = {"delimiter": "\t", "quoting": csv.QUOTE_NONE} if path.suffix == ".tsv" else {"strict": True}
    rows = csv.reader(text(), **quoting)
    header = next(rows, [])
    for name in REQUIRED:
        if name not in header:
            raise InputError(f"{path}:1: field '{name}': no such column; got {', '.join(header) or 'nothing'}")
    try:
        for fields in rows:
            if fields and len(fields) != len(header):
                yield rows.line_num, f"got {len(fields)} fields, expected {len(header)} ({', '.join(header)})"
            elif fields:
                yield rows.line_num, dict(zip(header, fields, strict=True))
    except csv.Error as error:
        yield rows.line_num, f"not a table row ({error})"
    for number in undecodable:
        yield number, "not UTF-8"


READERS = {".jsonl": json_rows, ".tsv": table_rows, ".csv": table_rows, ".txt": table_rows}
