"""Exports a text tower, a vision tower and a projector as one model for the SDK.

    python -m training.export --text BGE_M3_DIR --vision SIGLIP2_DIR --projector projector.pt --out OUT
    python -m training.export --text BGE_M3_DIR --vision model_checkpoint.pt --out OUT
    python -m training.export --random bge-m3 so400m-naflex --out OUT
    python -m training.export … --wasm-vision SIGLIP2_BASE_DIR --wasm-projector projector.pt --out OUT

`--vision` is a SigLIP 2 folder, or the single state dict of a trained BGE-SigLIP, which has its projector
in it. `--random` writes full-size models with random weights, for work on size and speed; a tower that is
not named is a small one. `q4`, `q4f16`, `w8` and `w8f16` are written only where `--formats` names
them. `int7` is a format of the text tower and of NaFlex; a vision tower of fixed resolution is written without
it. `--wasm-vision` names a second, smaller tower, which is written in int7 alone and which WASM takes in the
place of the main one; with `--random`, its architecture.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from .errors import CheckpointError
from .formats import DEFAULT_FORMATS, EXPORT_FORMATS
from .manifest import Description
from .package import Sources, export
from .twins import TEXT_TWINS, TWINS, VISION_TWINS, write_twins

LICENCE = "That of the checkpoints it was made from."


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m training.export", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--text", type=Path, help="folder of a BGE-M3 checkpoint")
    made.add_argument("--vision", type=Path, help="folder of a SigLIP 2 checkpoint, or BGE-SigLIP's state dict")
    made.add_argument("--projector", type=Path, help="state dict of Linear-GELU-Linear")
    made.add_argument("--wasm-vision", help="folder or state dict of a second, smaller NaFlex tower, for WASM")
    made.add_argument("--wasm-projector", type=Path, help="state dict of its own projector")
    made.add_argument("--random", nargs="+", choices=TWINS, default=[], help="random weights instead")
    made.add_argument("--out", type=Path, required=True, help="folder to write; an older export there is replaced")
    made.add_argument("--formats", nargs="+", choices=EXPORT_FORMATS, default=list(DEFAULT_FORMATS))
    made.add_argument("--id", default="bge-siglip", help="name of the model")
    made.add_argument("--model-version", default="1.0.0")
    made.add_argument("--licence", default=LICENCE)
    return made


def main() -> None:
    """Command line entry."""
    args = parser().parse_args()
    given = [args.text, args.vision, args.projector]
    if args.random and any((*given, args.wasm_projector)):
        parser().error("--random takes the place of --text, --vision and the projectors")
    if args.random and args.wasm_vision not in (None, *VISION_TWINS):
        parser().error(f"with --random, --wasm-vision is one of {', '.join(VISION_TWINS)}")
    if not args.random and not (args.text and args.vision):
        parser().error("give --text and --vision, or --random")
    if args.wasm_projector and not args.wasm_vision:
        parser().error("--wasm-projector goes with --wasm-vision")
    for twins in (TEXT_TWINS, VISION_TWINS):
        if len(twins.keys() & set(args.random)) > 1:
            parser().error(f"--random takes one of {', '.join(twins)}")
    try:
        if args.random:
            made_of = f"Random weights in the architectures {named(args.random, args)}; of no use but for measuring."
            # Beside the result: they are as large.
            beside = args.out.resolve()
            beside.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(".unfinished", f"{beside.name}.", beside.parent) as folder:
                sources = Sources(*write_twins(args.random, Path(folder), args.wasm_vision))
                run(args, sources, made_of)
        else:
            names = [args.text.resolve().name, args.vision.resolve().name]
            made_of = f"Exported from {named(names, args)} by training/export."
            small = Path(args.wasm_vision) if args.wasm_vision else None
            run(args, Sources(*given, small, args.wasm_projector), made_of)
    except (CheckpointError, OSError) as error:
        sys.exit(f"{error}")


def named(names: list[str], args: argparse.Namespace) -> str:
    """The towers in words, the second vision tower behind the others."""
    second = f", and for WASM {Path(args.wasm_vision).resolve().name}" if args.wasm_vision else ""
    return f"{' and '.join(names)}{second}"


def run(args: argparse.Namespace, sources: Sources, provenance: str) -> None:
    """Exports and says where to."""
    description = Description(args.id, args.model_version, args.licence, provenance)
    export(sources, args.out, tuple(f for f in EXPORT_FORMATS if f in args.formats), description)
    print(f"{args.out}: {sum(path.stat().st_size for path in args.out.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
