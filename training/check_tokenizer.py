"""Proves that Python and JavaScript tokenize alike: every name of the table through both.

python -m training.check_tokenizer --names wordnet-names.tsv.gz --tokenizer public/models/mini/tokenizer.json
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from tokenizers import Tokenizer

from .mini.names import read_names


def javascript_ids(tokenizer: Path, texts: list[str]) -> list[list[int]]:
    """Ids by the SDK, in Node."""
    script = Path(__file__).with_name("check_tokenizer.mjs")
    lines = "\n".join(json.dumps(text) for text in texts) + "\n"
    done = subprocess.run(["node", script, tokenizer], input=lines, capture_output=True, text=True, check=True)
    return [[int(i) for i in line.split()] for line in done.stdout.split("\n")[:-1]]


def mismatches(tokenizer: Path, texts: list[str]) -> list[tuple[str, list[int], list[int]]]:
    """Texts that the two do not cut alike, with both results."""
    python = [e.ids for e in Tokenizer.from_file(str(tokenizer)).encode_batch_fast(texts)]
    javascript = javascript_ids(tokenizer, texts)
    assert len(python) == len(javascript) == len(texts)
    return [(t, p, j) for t, p, j in zip(texts, python, (ids[:64] for ids in javascript), strict=True) if p != j]


def main() -> None:
    """Command line entry; exits 1 when there is a mismatch."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    args = parser.parse_args()
    texts = sorted({name.text for name in read_names(args.names)})
    wrong = mismatches(args.tokenizer, texts)
    for text, python, javascript in wrong[:20]:
        print(repr(text), python, javascript)
    print(f"{len(texts)} names, {len(wrong)} mismatches")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
