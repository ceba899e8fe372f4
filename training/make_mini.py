"""Retrains everything of `mini` with one command; every step is skipped when its result is there.

    python -m training.make_mini --data DIR --work DIR --out public/models/mini

`--data` holds the tables of `training/data.py`, `multi30k/` and `pictures/` (one per ImageNet class, named
n01440764_tench.jpg). `--work` keeps intermediate results and checkpoints; a stopped run goes on from there.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from .mini import captions as multi30k
from .mini.names import languages_to_learn, read_names
from .mini.teach import teach_captions, teach_synsets
from .mini.tokenizer import train_tokenizer


def picture_classes(folder: Path) -> list[str]:
    """Synsets of the picture files, sorted: wnid n02084071 is synset 02084071-n."""
    return sorted(f"{path.name.split('_')[0][1:]}-n" for path in folder.glob("*.jpg"))


def step(module: str, **options: object) -> None:
    """Runs a module of `training.mini` as its own process, so that its memory is returned."""
    command = [sys.executable, "-m", f"training.mini.{module}"]
    for name, value in options.items():
        command.append(f"--{name.replace('_', '-')}")
        if value is not True:
            command.append(str(value))
    subprocess.run(command, check=True)


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--unseen-out", type=Path, help="also write the weights without every tenth class")
    parser.add_argument("--pictures", type=Path, help="default: DATA/pictures")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    data, work = args.data, args.work
    pictures = args.pictures or data / "pictures"
    work.mkdir(parents=True, exist_ok=True)
    names_table, glosses = data / "wordnet-names.tsv.gz", data / "wordnet-glosses.tsv.gz"
    synsets, synset_targets = work / "synsets.txt", work / "synset_targets.npz"
    caption_targets, tokenizer = work / "caption_targets.npz", work / "tokenizer.json"
    classes, encoder = work / "classes.json", work / "text_encoder.pt"

    classes.write_text(json.dumps(picture_classes(pictures)))
    names = read_names(names_table)
    if not synset_targets.exists():
        teach_synsets(names, glosses, synset_targets, synsets, args.threads)
    if not caption_targets.exists():
        teach_captions(data / "multi30k", caption_targets, args.threads)
    if not tokenizer.exists():
        known = set(json.loads(classes.read_text()))
        languages = languages_to_learn(names, known)
        captions = multi30k.translated(data / "multi30k")
        lines = [line for all_lines in captions.values() for line in all_lines[: -multi30k.HELD_OUT]]
        train_tokenizer([n for n in names if n.language in languages], known, lines, tokenizer)
    shared = {
        "names": names_table,
        "glosses": glosses,
        "classes": classes,
        "synsets": synsets,
        "synset_targets": synset_targets,
        "tokenizer": tokenizer,
        "threads": args.threads,
    }
    if not encoder.exists():
        step(
            "train_text",
            **shared,
            captions=data / "multi30k",
            caption_targets=caption_targets,
            checkpoint=work / "text_checkpoint.pt",
            out=encoder,
            resume=True,
        )
    step("assemble", **shared, pictures=pictures, text_encoder=encoder, out=args.out)
    if args.unseen_out:
        step(
            "assemble", **shared, pictures=pictures, text_encoder=encoder, out=args.unseen_out, without_every_tenth=True
        )


if __name__ == "__main__":
    main()
