"""Trains a projector (and the tower's last layers, if wished) into a frozen text space, with one command.

    python -m training.align --captions captions.jsonl --pictures DIR --text-encoder DIR --vision DIR --work DIR

Checks the caption file and every picture, computes the text embeddings and, for a frozen tower, the image
features, and trains. What is in `--work` already is not done again; a stopped run goes on from its last
checkpoint. The result is `model_checkpoint.pt` in `--work`.

`--vision`: a SigLIP 2 NaFlex folder, or `efficientnet-lite0` or `-lite2` (`mini`'s). `--text-encoder`: a
BGE-M3 folder or any other whose first token is the embedding, or a folder of `mini`. The options from
`--loss` on are explained in `settings.py`.
"""

import argparse
import json
import sys
from dataclasses import fields
from pathlib import Path

import torch

from .batches import Batches
from .captions import read_captions
from .checkpoint import read_public
from .errors import InputError
from .files import digest, file_digest, replacing
from .image_features import PictureFiles, StoredFeatures, feature_rows
from .pairs import pair_up
from .pictures import check_pictures, sizes
from .projector import Head, make_projector
from .settings import Settings
from .task import Task, held_out_recall
from .text_embeddings import open_text_space, text_rows
from .towers import open_tower
from .train import Rhythm, train


def check_once(folder: Path, names: list[str], cache: Path, threads: int) -> None:
    """Every picture decodes; remembered in `cache` until a name or a size changes."""
    missing = [name for name in names if not (folder / name).is_file()]
    known = cache / "pictures-checked"
    if missing or not known.exists() or known.read_text() != digest(sizes(folder, names)):
        check_pictures(folder, names, threads)
        with replacing(known) as temporary:
            temporary.write_text(digest(sizes(folder, names)))


def device_of(name: str | None) -> torch.device:
    """The named device, if it can hold a number; else the GPU, if there is one."""
    name = name or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        return torch.zeros(1, device=name).device
    # PyTorch raises RuntimeError or AssertionError, by the kind of device.
    except Exception as error:
        raise InputError(f"device: got {name!r}, which PyTorch cannot use here ({error})") from error


def run(args: argparse.Namespace) -> dict[str, dict]:
    """All steps; nothing is computed or written before everything given has been found good."""
    settings = Settings(**{field.name: getattr(args, field.name) for field in fields(Settings)})
    rhythm = Rhythm(args.evaluate_every, args.save_every, args.log_every)
    for name in ("workers", "threads", "held_out"):
        if getattr(args, name) is not None and getattr(args, name) < 1:
            raise InputError(f"{name}: got {getattr(args, name)}, expected at least 1")
    if args.threads:
        torch.set_num_threads(args.threads)
    device = device_of(args.device)
    pairs = pair_up(read_captions(args.captions), args.held_out, args.split_seed)
    Batches(pairs, settings.batch, settings.captions_per_picture, settings.seed)
    tower = open_tower(args.vision, args.patches)
    tower.open_last(settings.open_layers)
    space = open_text_space(args.text_encoder, device)
    torch.manual_seed(settings.seed)
    head = Head(make_projector(tower.width, space.dimension, settings.hidden, settings.projector))
    if args.start:
        read_public(args.start, head, tower.module if tower.public else None)
        if tower.public:
            tower.model += f" from {file_digest(args.start)}"

    cache = args.cache or args.work
    check_once(args.pictures, pairs.pictures, cache, args.workers)
    texts, text_model = text_rows(cache / "texts.safetensors", pairs.texts, space), space.model
    del space  # BGE-M3 and its 2.3 GB are not needed again.
    source = PictureFiles(args.pictures, pairs.pictures, tower, args.workers)
    if not settings.open_layers:
        source = StoredFeatures(feature_rows(cache / "features.safetensors", source, device))
    task = Task(pairs, source, tower, head, texts, text_model, device)

    def show(step: int, loss: float) -> None:
        if step % args.log_every == 0:
            print(f"step {step}: loss {loss:.4f}", flush=True)

    recall = train(task, settings, args.work, rhythm, show)
    return held_out_recall(task, settings, by_language=True) if args.by_language else recall


def arguments() -> argparse.ArgumentParser:
    """The options; every setting is one."""
    parser = argparse.ArgumentParser(
        prog="python -m training.align", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("captions", "pictures", "text-encoder", "work"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="where embeddings and features lie; default: --work")
    parser.add_argument("--vision", required=True)
    parser.add_argument("--start", type=Path, help="a model_checkpoint.pt to begin with; --epochs 0 only scores it")
    parser.add_argument("--held-out", type=int, default=1000, help="pictures, where the file has no `split`")
    parser.add_argument("--split-seed", type=int, default=0, help="which pictures those are")
    parser.add_argument("--patches", type=int, default=256, help="most patches a NaFlex tower sees")
    parser.add_argument("--by-language", action="store_true", help="also R@K of each language at the end")
    parser.add_argument("--device", help="default: cuda if there is one, else cpu")
    parser.add_argument("--threads", type=int, help="of PyTorch on the processor")
    parser.add_argument("--workers", type=int, default=4, help="threads that decode pictures")
    for name, default in (("evaluate", 500), ("save", 500), ("log", 10)):
        parser.add_argument(f"--{name}-every", type=int, default=default, help="steps")
    for field in fields(Settings):
        kind = type(field.default)
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=kind, default=field.default)
    return parser


def main() -> None:
    """Command line entry."""
    try:
        print(json.dumps(run(arguments().parse_args()), indent=1))
    except InputError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
