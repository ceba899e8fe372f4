"""Proof on real pairs: `mini`'s backbone features into `mini`'s frozen text space, held-out R@K as a table.

    python -m training.align.prove --names wordnet-names.tsv.gz --pictures DIR --work DIR

`--pictures` has one picture per ImageNet class, named n01440764_tench.jpg. A picture's captions are all
names of its class in twelve languages, so the held-out pictures are of classes that no step has seen.
"""

import argparse
import json
from pathlib import Path

from ..mini.names import read_names
from .__main__ import arguments, run
from .files import replacing

LANGUAGES = ("eng", "deu", "fra", "spa", "ita", "por", "fin", "pol", "jpn", "cmn", "arb", "tha")
MINI = Path(__file__).resolve().parents[2] / "public" / "models" / "mini"
COMMON = ("--batch", "128", "--epochs", "15", "--learning-rate", "1e-3", "--scale-rate", "10", "--warmup", "20")
RUNS = {
    "untrained MLP": ("--epochs", "0"),
    "sigmoid, MLP": (),
    "sigmoid, MLP, 4 captions": ("--captions-per-picture", "4"),
    "sigmoid, linear": ("--projector", "linear"),
    "InfoNCE, MLP": ("--loss", "infonce"),
    "InfoNCE, MLP, 4 captions": ("--loss", "infonce", "--captions-per-picture", "4"),
}


def write_captions(names: Path, pictures: Path, out: Path) -> None:
    """The classes' names as a caption file."""
    picture_of = {f"{path.name.split('_')[0][1:]}-n": path.name for path in sorted(pictures.glob("n*.jpg"))}
    with replacing(out) as temporary, open(temporary, "w", encoding="utf-8") as file:
        for name in read_names(names):
            if name.synset in picture_of and name.language in LANGUAGES:
                row = {"image": picture_of[name.synset], "caption": name.text, "language": name.language}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("names", "pictures", "work"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--vision", default="efficientnet-lite2")
    parser.add_argument("--held-out", default="200")
    parser.add_argument("--split-seed", default="1", help="the settings were chosen on split 0")
    parser.add_argument("--threads", default="2")
    args = parser.parse_args()
    captions = args.work / "captions.jsonl"
    if not captions.exists():
        write_captions(args.names, args.pictures, captions)
    given = {"captions": captions, "pictures": args.pictures, "text-encoder": MINI, "vision": args.vision}
    given |= {"cache": args.work, "held-out": args.held_out, "split-seed": args.split_seed, "threads": args.threads}
    shared = [part for name, value in given.items() for part in (f"--{name}", str(value))]
    print("| run | loss at step 10 → last | text→image R@1 / R@5 / R@10 | image→text R@10 |\n|---|---|---|---|")
    for title, options in RUNS.items():
        work = args.work / title.replace(", ", "-").replace(" ", "-")
        recall = run(arguments().parse_args([*shared, "--work", str(work), *COMMON, *options]))
        log = [json.loads(line) for line in (work / "log.jsonl").read_text().splitlines()]
        losses = [entry["loss"] for entry in log if "loss" in entry]
        change = f"{losses[0]:.2f} → {losses[-1]:.2f}" if losses else "–"
        found = " / ".join(f"{value:.3f}" for value in recall["text_to_image"].values())
        print(f"| {title} | {change} | {found} | {recall['image_to_text']['R@10']:.3f} |")


if __name__ == "__main__":
    main()
