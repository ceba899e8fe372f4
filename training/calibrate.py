"""Calibrates the confidence of a model's hits, and writes it into its `manifest.json` (`src/core/relevance`).

    python -m training.calibrate --manifest MODEL_DIR/manifest.json --vectors FILE.npz

The archive holds unit vectors that the model gives: `pictures` float32 [n, d], of all kinds of things and 500 or so,
as the SDK takes that for the number that a calibration is for; `texts` float32 [m, d], what people search for; `right`
bool [m, n], which pictures show what a text says; and optionally `weight` float32 [m], 1 for each without it.
Use none of what the model is to be judged by.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from .export.described import encoded

# What a search returns unless told otherwise: a cutoff decides about these.
CONTENDERS = 20
# Pictures of this cosine count as of one kind.
ALIKE = 0.65


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def background(pictures: np.ndarray, alike: float = ALIKE) -> np.ndarray:
    """What pictures have in common: their mean direction [d]. Each counts for as much less as there are others like
    it, so that a kind that happens to be frequent does not pass for what all have."""
    crowd = (pictures @ pictures.T > alike).sum(axis=1)
    return unit((pictures / crowd[:, None]).sum(axis=0))


def partial_cosines(texts: np.ndarray, pictures: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Cosines [m, n] of what is left of the vectors without their components along the direction."""
    rest = [unit(rows - np.outer(rows @ direction, direction)) for rows in (texts, pictures)]
    return rest[0] @ rest[1].T


def contenders(
    texts: np.ndarray, pictures: np.ndarray, right: np.ndarray, weight: np.ndarray, direction: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each text the best pictures by cosine, once with what is right and once without: their partial cosine,
    whether they are right, and their weight. The right ones of a text weigh as much as the wrong ones."""
    cosines, partial = texts @ pictures.T, partial_cosines(texts, pictures, direction)
    rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for left_out in (np.zeros_like(right), right):
        scores = np.where(left_out, -np.inf, cosines)
        best = np.argsort(-scores, axis=1)[:, :CONTENDERS]
        for text, chosen in enumerate(best):
            chosen = chosen[np.isfinite(scores[text, chosen])]
            is_right = right[text, chosen]
            share = np.where(is_right, 1 / max(1, is_right.sum()), 1 / max(1, (~is_right).sum()))
            rows.append((partial[text, chosen], is_right, share * weight[text]))
    x, y, w = (np.concatenate(column) for column in zip(*rows, strict=True))
    w = np.where(y, w / w[y].sum(), w / w[~y].sum())
    return x, y, w


def fit(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Scale and bias of sigmoid(scale·x + bias): logistic regression by Newton steps (Platt 1999)."""
    design = np.stack([x, np.ones_like(x)], axis=1).astype(np.float64)
    theta = np.zeros(2)
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ theta))
        gradient = design.T @ (weights * (p - y)) + 1e-6 * theta
        hessian = (design * (weights * p * (1 - p))[:, None]).T @ design + 1e-6 * np.eye(2)
        theta -= np.linalg.solve(hessian, gradient)
    return float(theta[0]), float(theta[1])


def calibrate(
    texts: np.ndarray, pictures: np.ndarray, right: np.ndarray, weight: np.ndarray | None = None
) -> tuple[np.ndarray, tuple[float, float], tuple[float, float]]:
    """Background direction [d], scale and bias for partial cosines, and for cosines as they are."""
    if right.shape != (len(texts), len(pictures)):
        raise ValueError(f"right must be {(len(texts), len(pictures))}: texts by pictures; got {right.shape}")
    if not right.any():
        raise ValueError("right says of no picture that it shows what a text says")
    direction = background(pictures)
    weights = np.ones(len(texts)) if weight is None else weight
    partial, plain = (
        fit(*contenders(texts, pictures, right, weights, taken_out))
        for taken_out in (direction, np.zeros_like(direction))
    )
    return direction, partial, plain


def write(path: Path, direction: np.ndarray, partial: tuple[float, float], plain: tuple[float, float]) -> None:
    """Adds the calibration to a manifest, or replaces it there; one of plain cosines stays as it is."""
    manifest = json.loads(path.read_text(encoding="utf-8"))
    if len(direction) != manifest["dimension"]:
        raise ValueError(f"the model's dimension is {manifest['dimension']}; the vectors have {len(direction)}")
    described = [{"scale": round(scale, 4), "bias": round(bias, 4)} for scale, bias in (partial, plain)]
    manifest.setdefault("calibration", described[1])
    manifest["calibration"]["background"] = {"vector": encoded(direction), **described[0]}
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--vectors", type=Path, required=True)
    args = parser.parse_args()
    with np.load(args.vectors) as archive:
        weight = archive.get("weight")
        direction, partial, plain = calibrate(archive["texts"], archive["pictures"], archive["right"], weight)
    write(args.manifest, direction, partial, plain)
    scale, bias = partial
    print(f"scale {scale:.4f}, bias {bias:.4f}: a partial cosine of {-bias / scale:.3f} is a confidence of 0.5")


if __name__ == "__main__":
    main()
