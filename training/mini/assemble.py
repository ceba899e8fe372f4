"""From a trained text encoder to the model folder that ships: projector, export, golden vectors, manifest."""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from ..align.prototypes import ProjectorSettings, class_names, prototypes, scene_contexts, student_prototypes
from ..calibrate import fit
from ..export import golden_inputs
from . import golden
from .export_onnx import export_image, export_text
from .glosses import read_glosses
from .image_model import LITE0, LITE2, MEAN, STD, ImageEncoder, backbone
from .manifest import write_manifest
from .names import languages_to_learn, read_names
from .pictures import FRACTION, crop, open_picture, pixels
from .targets import read_targets
from .text_model import DIMENSION, TextEncoder
from .tokenizer import MAX_TOKENS, PAD, UNK

SETTINGS = ProjectorSettings(student=0.4, context=0.3, whitening=0.35, temperature=1.7, floor=0.0017)
VERSION = "0.2.0"


def encode_texts(encoder: TextEncoder, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    """Unit rows of the float encoder, texts of like length together."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    out = np.zeros((len(texts), DIMENSION), dtype=np.float32)
    with torch.no_grad():
        for at in range(0, len(order), 512):
            part = order[at : at + 512]
            rows = [e.ids or [UNK] for e in tokenizer.encode_batch([texts[i] for i in part])]
            width = max(map(len, rows))
            ids = torch.tensor([row + [PAD] * (width - len(row)) for row in rows])
            mask = torch.tensor([[1.0] * len(row) + [0.0] * (width - len(row)) for row in rows])
            out[part] = encoder(ids, mask).numpy()
    return out


def fit_calibration(scores: np.ndarray, same: np.ndarray) -> tuple[float, float]:
    """Scale and bias of sigmoid(scale·cosine + bias), both answers weighted alike."""
    weights = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum())
    return fit(scores, same, weights)


def run(args: argparse.Namespace) -> None:
    """Writes text.onnx, image.onnx, tokenizer.json and manifest.json into `--out`."""
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    classes: list[str] = json.loads(args.classes.read_text())
    tokenizer = Tokenizer.from_file(str(args.tokenizer))
    encoder = TextEncoder()
    encoder.load_state_dict(torch.load(args.text_encoder))
    encoder.eval()
    names = read_names(args.names)
    synsets, targets = read_targets(args.synset_targets, args.synsets)
    named = class_names(names, classes)
    languages = languages_to_learn(names, set(classes))
    vectors = encode_texts(encoder, tokenizer, [name.text for name in named])
    student = student_prototypes(named, vectors, classes, languages)
    teacher = np.stack([targets[synsets[s]] for s in classes])
    hypernyms = {s: above for s, (above, _) in read_glosses(args.glosses).items()}
    by_synset = {s: targets[i] for s, i in synsets.items()}
    contexts = scene_contexts(args.scene_priors, names, classes, hypernyms, by_synset)
    removed = np.arange(0, len(classes), 10) if args.without_every_tenth else None
    matrix = prototypes(SETTINGS, student, teacher, contexts, vectors, removed)
    architecture = LITE2 if args.backbone == "lite2" else LITE0
    image = ImageEncoder(
        backbone(architecture), torch.from_numpy(matrix), SETTINGS.temperature, SETTINGS.floor, args.views
    )
    if removed is not None:
        with torch.no_grad():
            image.network._fc.bias[torch.from_numpy(removed)] = -1e4
    image.eval()
    export_text(encoder, args.out / "text.onnx")
    export_image(image, architecture.side, args.out / "image.onnx")
    (args.out / "tokenizer.json").write_bytes(args.tokenizer.read_bytes())
    # Calibrated on the odd pictures, which evaluation does not score.
    files = sorted(args.pictures.glob("*.jpg"))
    english = {n.synset: n.text for n in reversed(named) if n.language == "eng"}
    odd = list(range(1, len(classes), 4))
    with torch.no_grad():
        seen = torch.cat(
            [image(torch.from_numpy(pixels(crop(open_picture(files[i]), architecture.side)))[None]) for i in odd]
        ).numpy()
    said = encode_texts(encoder, tokenizer, [english[classes[i]] for i in odd])
    calibration = fit_calibration((seen @ said.T).ravel(), np.eye(len(odd), dtype=bool).ravel())
    with torch.no_grad():
        golden_image = {
            name: image(torch.from_numpy(golden.image_input(name, architecture.side))).numpy()[0]
            for name in golden_inputs.IMAGES
        }
    golden_text = dict(
        zip(golden_inputs.TEXTS, encode_texts(encoder, tokenizer, list(golden_inputs.TEXTS)), strict=True)
    )
    write_manifest(
        args.out,
        VERSION,
        architecture.side,
        FRACTION,
        golden_text,
        golden_image,
        calibration,
        DIMENSION,
        MAX_TOKENS,
        PAD,
        (MEAN, STD),
    )


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__)
    for path in ("names", "glosses", "classes", "synsets", "synset-targets", "pictures", "tokenizer", "text-encoder"):
        parser.add_argument(f"--{path}", type=Path, required=True)
    tables = Path(__file__).resolve().parent.parent / "tables"
    parser.add_argument("--scene-priors", type=Path, default=tables / "scene_priors.tsv")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--backbone", choices=("lite0", "lite2"), default="lite2")
    parser.add_argument("--views", type=int, choices=(1, 2), default=1, help="2 looks at the mirror image, too")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--without-every-tenth", action="store_true", help="the weights that measure unseen classes")
    run(parser.parse_args())


if __name__ == "__main__":
    main()
