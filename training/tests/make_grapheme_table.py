"""Writes which code points the `Precompiled` normaliser of `tokenizers` sees as part of the one before.

It works by grapheme clusters, of the Unicode version that it was built with; a browser's own segmentation is of
another version in each browser. So the table is asked of the library itself: a charsmap that turns the first code
point of a cluster into X shows by what is left whether the second one joined it.

Run from the repository root: `python -m training.tests.make_grapheme_table`.
"""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import tokenizers
from tokenizers.normalizers import Precompiled

OUTPUT = Path(__file__).parents[2] / "src/preprocess/grapheme-table.ts"
HEAD = """/**
 * Code points by what they do at the border of a grapheme cluster, as the library that made the
 * token ids of the models sees them (tokenizers {version}). Written by
 * training/tests/make_grapheme_table.py.
 */
"""
DOCS = {
    "JOINING": "Those that join the one before: Extend, ZWJ, SpacingMark.",
    "PREPENDING": "Those that join the one after.",
    "CONTROL": "Those of at most 3 bytes in UTF-8 that nothing joins.",
}


def replacing(keys: Iterable[str]) -> Precompiled:
    """A normaliser that replaces each of the one-character keys by X."""
    trie: dict = {}
    for key in keys:
        node = trie
        for byte in key.encode():
            node = node.setdefault(byte, {})
    units, shared = [0] * 512, 256  # all keys share the unit that holds their value
    units[shared] = 1 << 31
    waiting = [(trie, 0, 0)]
    while waiting:
        node, position, label = waiting.pop()
        base = len(units) if node else shared
        units.extend([0] * 256 if node else [])
        units[position] = (position ^ base) << 10 | (0 if node else 1 << 8) | label
        waiting += [(child, base ^ byte, byte) for byte, child in node.items()]
    blob = struct.pack(f"<{len(units)}I", *units)
    return Precompiled(struct.pack("<I", len(blob)) + blob + b"X\0")


def code_points(last: int) -> Iterator[str]:
    """All but NUL and the surrogates."""
    return (chr(code) for code in range(1, last + 1) if not 0xD800 <= code <= 0xDFFF)


def prepending() -> Iterator[str]:
    """Only an assigned one can be; those of the planes 2 and up are ideographs, tags and selectors."""
    every = list(code_points(0x1FFFF))
    for start in range(0, len(every), 8000):
        batch = every[start : start + 8000]
        normaliser = replacing(batch)
        after = "z" if start else "\u20ac"  # not in the batch itself
        short = [char for char in batch if start or len(char.encode()) < 3]
        yield from (char for char in short if normaliser.normalize_str(char + after) == "X")
    normaliser = replacing(every[0x7FF:8000])
    yield from (char for char in every[0x7FF:8000] if normaliser.normalize_str(char + "z") == "X")


def ranges(chars: Iterable[str]) -> str:
    """Code points as ranges, in hexadecimal."""
    found: list[list[int]] = []
    for code in sorted(map(ord, chars)):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return " ".join(f"{first:x}-{last:x}" if first < last else f"{first:x}" for first, last in found)


def constant(name: str, value: str) -> str:
    """A TypeScript constant as Prettier writes it, at most 100 columns wide."""
    lines, line = [], ""
    for word in value.split(" "):
        if len(line) + len(word) > 92:
            lines.append(line)
            line = ""
        line += f"{word} "
    lines.append(line.rstrip())
    quoted = [f"'{line}'" for line in lines]
    one = f"export const {name} = {quoted[0]};"
    if len(quoted) > 1 or len(one) > 100:
        one = f"export const {name} =\n  " + " +\n  ".join(quoted) + ";"
    return f"\n/** {DOCS[name]} */\n{one}\n"


def main() -> None:
    """Asks for all three sets and writes them."""
    after_a = replacing("a")
    joining = {char for char in code_points(0x10FFFF) if after_a.normalize_str(f"a{char}") == "X"}
    short = [char for char in code_points(0xFFFF) if char not in joining and char != "X"]
    before_mark = replacing(short)
    control = {char for char in short if before_mark.normalize_str(f"{char}\u0301") != "X"}
    text = HEAD.format(version=tokenizers.__version__)
    text += constant("JOINING", ranges(joining))
    text += constant("PREPENDING", ranges(prepending()))
    text += constant("CONTROL", ranges(control))
    OUTPUT.write_text(text)


if __name__ == "__main__":
    main()
