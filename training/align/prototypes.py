"""The prototype matrix: what each of the backbone's classes means in the frozen text space."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..mini.names import Name


@dataclass(frozen=True)
class ProjectorSettings:
    """How the image side weighs what it knows."""

    student: float
    """Weight of the frozen encoder's own prototypes against the teacher's targets."""
    context: float
    """How much of what is usually seen beside a thing is added to it."""
    whitening: float
    """Exponent of the inverse text covariance applied on the image side, 0 for none."""
    temperature: float
    """Divides the backbone's logits: above 1, more classes have a say."""
    floor: float
    """Probabilities up to this are dropped."""


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows at length 1."""
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)


def class_names(names: list[Name], classes: list[str]) -> list[Name]:
    """The names of the picture classes."""
    wanted = set(classes)
    return [name for name in names if name.synset in wanted]


def student_prototypes(named: list[Name], vectors: np.ndarray, classes: list[str], languages: set[str]) -> np.ndarray:
    """Mean over languages of a class's names, first names twice as heavy, English counted four times."""
    row = {synset: i for i, synset in enumerate(classes)}
    per: dict[tuple[int, str], list[tuple[float, np.ndarray]]] = defaultdict(list)
    for name, vector in zip(named, vectors, strict=True):
        if name.language in languages:
            per[row[name.synset], name.language].append((1.0 if name.rank == 0 else 0.5, vector))
    out = np.zeros((len(classes), vectors.shape[1]))
    for (at, language), parts in per.items():
        mean = sum(w * v for w, v in parts) / sum(w for w, _ in parts)
        out[at] += mean * (4 if language == "eng" else 1)
    return unit(out)


def ancestors(synset: str, hypernyms: dict[str, list[str]]) -> set[str]:
    """The synset and everything above it."""
    seen: set[str] = set()
    waiting = [synset]
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += hypernyms.get(at, [])
    return seen


def scene_contexts(
    table: Path, names: list[Name], classes: list[str], hypernyms: dict[str, list[str]], targets: dict[str, np.ndarray]
) -> np.ndarray:
    """Per class the unit sum of what `scene_priors.tsv` says is usually in the same picture (or zeros)."""
    things = {4, 5, 6, 8, 9, 13, 15, 17, 18, 19, 20}
    english: dict[str, list[tuple[str, int]]] = defaultdict(list)
    known: dict[str, int] = defaultdict(int)
    last = None
    for name in names:
        if (name.synset, name.language) != last:
            known[name.synset] += 1
            last = (name.synset, name.language)
        if name.language == "eng" and name.synset.endswith("-n"):
            english[name.text.lower()].append((name.synset, name.lexfile))
    pictured = set(classes)
    below: dict[str, set[int]] = defaultdict(set)
    for i, synset in enumerate(classes):
        for above in ancestors(synset, hypernyms):
            below[above].add(i)

    def commonest(word: str) -> str:
        return max(english[word.lower()], key=lambda s: known[s[0]] * (1.0 if s[1] in things else 0.3))[0]

    seen: dict[int, set[str]] = defaultdict(set)
    for line in table.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        anchors, beside = (part.split("|") for part in line.split("\t"))
        # A traffic light is no thing to WordNet but a class all the same.
        hit = {
            c
            for word in anchors
            for synset, lexfile in english[word.lower()]
            if lexfile in things or synset in pictured
            for c in below[synset]
        }
        for c in hit:
            seen[c] |= {commonest(word) for word in beside}
    out = np.zeros((len(classes), next(iter(targets.values())).shape[0]))
    for c, synsets in seen.items():
        out[c] = unit(sum(targets[s] for s in sorted(synsets)))
    return out


def whitener(text_vectors: np.ndarray, exponent: float) -> np.ndarray:
    """Σ^−exponent of the text vectors, eigenvalues lifted by their mean: a symmetric [D,D] map."""
    values, basis = np.linalg.eigh(np.cov(text_vectors.T))
    return (basis * (values + values.mean()) ** -exponent) @ basis.T


def prototypes(
    settings: ProjectorSettings,
    student: np.ndarray,
    teacher: np.ndarray,
    contexts: np.ndarray,
    text_vectors: np.ndarray,
    removed: np.ndarray | None = None,
) -> np.ndarray:
    """The matrix [classes,D] that probabilities are multiplied by; rows of `removed` classes are zero."""
    mixed = unit(settings.student * student + (1 - settings.student) * teacher)
    mixed = unit(mixed + settings.context * contexts)
    if settings.whitening:
        mixed = mixed @ whitener(text_vectors, settings.whitening)
        mixed /= np.linalg.norm(mixed, axis=1).mean()
    if removed is not None:
        mixed[removed] = 0
    return mixed.astype(np.float32)
