"""Rebuilds the name and gloss tables from the public sources, and fetches nothing by itself.

Sources (download them once; the licences of every part are in the output of `--licences`):
- Open Multilingual Wordnet and its extension with Wiktionary and CLDR names (Bond & Foster 2013,
  "Linking and Extending an Open Multilingual Wordnet"): the archives `omw.zip` and `extended_omw.zip` as
  NLTK distributes them; tab files `wn-data-*.tab`, `wn-wikt-*.tab`, `wn-cldr-*.tab`.
- Princeton WordNet 3.0 (`dict/data.{noun,verb,adj,adv}`) for English names, lexicographer files,
  hypernyms and glosses.

    python -m training.data --wordnet dict --omw omw extended_omw --out DIR
"""

import argparse
import gzip
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}


def read_wordnet(folder: Path) -> Iterator[tuple[str, int, list[str], list[str], str]]:
    """(synset, lexicographer file, English lemmas, hypernyms, gloss) of every synset (wndb(5WN))."""
    for part, letter in PARTS.items():
        with open(folder / f"data.{part}", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("  "):
                    continue
                data, _, gloss = line.partition(" | ")
                fields = data.split()
                words = int(fields[3], 16)
                lemmas = [fields[4 + 2 * i].split("(")[0].replace("_", " ") for i in range(words)]
                at = 4 + 2 * words
                pointers = fields[at + 1 : at + 1 + 4 * int(fields[at])]
                hypernyms = [
                    f"{pointers[i + 1]}-{pointers[i + 2]}"
                    for i in range(0, len(pointers), 4)
                    if pointers[i] in ("@", "@i")
                ]
                yield f"{fields[0]}-{letter}", int(fields[1]), lemmas, hypernyms, gloss.strip()


def read_tab(path: Path) -> Iterator[tuple[str, str, str]]:
    """(synset, language, lemma) of a wordnet tab file; satellites count as adjectives."""
    with open(path, encoding="utf-8") as lines:
        header = next(lines).lstrip("# ").split("\t")
        default = header[1].strip() if len(header) > 1 else path.stem.split("-")[-1]
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) < 3 or not fields[1].endswith("lemma"):
                continue
            language = fields[1].split(":")[0] if ":" in fields[1] else default
            yield fields[0].replace("-s", "-a"), language, fields[2].strip()


def rebuild(wordnet: Path, omw: list[Path], out: Path) -> None:
    """Writes wordnet-names.tsv.gz and wordnet-glosses.tsv.gz."""
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    lexfiles: dict[str, int] = {}
    glosses: list[str] = []
    for synset, lexfile, lemmas, hypernyms, gloss in read_wordnet(wordnet):
        lexfiles[synset] = lexfile
        names[synset, "eng"] += [lemma for lemma in lemmas if lemma not in names[synset, "eng"]]
        glosses.append(f"{synset}\t{' '.join(hypernyms)}\t{gloss}\n")
    for folder in omw:
        for path in sorted(folder.rglob("wn-*.tab")):
            for synset, language, lemma in read_tab(path):
                if synset in lexfiles and lemma and lemma not in names[synset, language]:
                    names[synset, language].append(lemma.replace("|", " "))
    with gzip.open(out / "wordnet-names.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("synset\tlexfile\tlanguage\tlemmas\n")
        for (synset, language), lemmas in sorted(names.items()):
            if lemmas:
                file.write(f"{synset}\t{lexfiles[synset]}\t{language}\t{'|'.join(lemmas)}\n")
    with gzip.open(out / "wordnet-glosses.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("synset\thypernyms\tgloss\n")
        file.writelines(sorted(glosses))


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wordnet", type=Path, required=True, help="WordNet 3.0's dict folder")
    parser.add_argument("--omw", type=Path, nargs="+", required=True, help="unpacked wordnet archives")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rebuild(args.wordnet, args.omw, args.out)


if __name__ == "__main__":
    main()
