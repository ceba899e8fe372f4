"""Writes the tokenizer fixtures of the browser side: small vocabularies and what the Python library makes of texts.

The vocabulary of BGE-M3 is not ours to commit, so one is trained here with the settings of XLM-RoBERTa, on names that
Unicode's CLDR gives in some 300 languages (through Babel), and converted as `transformers` converts XLM-RoBERTa's.
What SentencePiece itself makes of every text is compared, and each difference listed with its reason.

Run from the repository root: `python -m training.tests.make_tokenizer_fixtures`; it needs `requirements-test.txt` and
babel==2.18.0, regex, sentencepiece==0.2.3, transformers==5.23.0 and protobuf besides, and Python 3.11, whose Unicode
tables the random strings are drawn from.
"""

import importlib
import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import SimpleNamespace

import regex
import sentencepiece as spm
from tokenizers import AddedToken, Tokenizer

from .tokenizer_forms import FORMS, OPTION_TEXTS, OPTIONS, SMALL, well_formed, with_form
from .tokenizer_texts import language_texts, names, nasty_texts, random_strings, random_words

OUTPUT = Path(__file__).parents[2] / "src/preprocess/fixtures/tokenizer"
XLM_R = {
    "vocab_size": 6000,
    "character_coverage": 0.9995,
    "normalization_rule_name": "nmt_nfkc",
    "add_dummy_prefix": True,
    "remove_extra_whitespaces": True,
}
# Few pieces, some of them over spaces, and many characters that no piece has.
SPARSE = {
    "vocab_size": 1200,
    "character_coverage": 0.98,
    "normalization_rule_name": "nfkc_cf",
    "split_by_whitespace": False,
    "split_by_unicode_script": False,
    "max_sentencepiece_length": 24,
}


def train(lines: list[str], settings: dict) -> bytes:
    """A SentencePiece model; one thread, so that it is the same every time."""
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=model,
        model_type="unigram",
        num_threads=1,
        minloglevel=2,
        **settings,
    )
    return model.getvalue()


def convert(model: bytes) -> Tokenizer:
    """The tokenizer that `transformers` makes of an XLM-RoBERTa model, with its special tokens."""
    converter = importlib.import_module("transformers.convert_slow_tokenizer").XLMRobertaConverter
    specials = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
    with NamedTemporaryFile(suffix=".model") as file:
        file.write(model)
        file.flush()
        slow = SimpleNamespace(
            vocab_file=file.name, add_prefix_space=True, convert_tokens_to_ids=specials.get, legacy=False
        )
        tokenizer = converter(slow).converted()
    tokenizer.add_special_tokens([*specials, AddedToken("<mask>", lstrip=True, special=True)])
    return tokenizer


def with_ties(tokenizer: str) -> str:
    """`tokenizer` with scores so coarse that most cuts are ties, and without its charsmap."""
    parsed = json.loads(tokenizer)
    parsed["model"]["vocab"] = [[piece, round(score / 2)] for piece, score in parsed["model"]["vocab"]]
    parsed["normalizer"] = None
    return json.dumps(parsed, ensure_ascii=False)


def sentencepiece_ids(model: bytes) -> Callable[[str], list[int]]:
    """SentencePiece's own cut, with the ids that XLM-RoBERTa gives the pieces."""
    processor = spm.SentencePieceProcessor(model_proto=model)
    return lambda text: [i + 1 if i else 3 for i in processor.encode(text)]


def normalisation_reason(text: str, ours: Callable[[str], str], theirs: Callable[[str], str]) -> str:
    """Why the two normalisers differ in `text`."""
    reasons = set()
    for cluster in regex.findall(r"\X", text):
        if ours(cluster) != theirs(cluster):
            reasons.add("short-cluster" if len(cluster.encode()) < 6 else "long-cluster")
    return "+".join(sorted(reasons)) or "across-clusters"


def id_reason(text: str, tokenizer: Tokenizer, normalised: str, theirs: str, unnormalised: list[int]) -> str:
    """Why the two cut `text` differently; `theirs` is SentencePiece's normalised text."""
    if any(i in unnormalised for i in (0, 1, 2, 3, tokenizer.get_vocab_size() - 1)) and "<" in normalised:
        return "special-token"
    if normalised.split() != theirs.split():
        return "normalisation"
    if normalised.split(" ") != theirs.split(" ") and "".join(normalised.split()) == "".join(theirs.split()):
        return "white-space"
    return "near-tie"


def escaped(value: object) -> str:
    """JSON in ASCII, as the texts are full of what editors and tools change."""
    return json.dumps(value, separators=(",", ":"))


def write(name: str, fields: dict[str, list[str] | str]) -> None:
    """A JSON object; a list has one entry per line."""
    parts = []
    for key, value in fields.items():
        body = value if isinstance(value, str) else "[\n" + ",\n".join(value) + "\n]"
        parts.append(f"{escaped(key)}:{body}")
    (OUTPUT / name).write_text("{" + ",\n".join(parts) + "}\n")


def write_texts(model: bytes, tokenizer: str) -> list[dict]:
    """Ids of texts in all forms; returns where SentencePiece's differ."""
    base = Tokenizer.from_str(tokenizer)
    forms = {name: Tokenizer.from_str(with_form(tokenizer, form)) for name, form in FORMS.items()}
    processor, theirs = spm.SentencePieceProcessor(model_proto=model), sentencepiece_ids(model)
    lines, differences = [], []
    for label, text in [*language_texts(), *nasty_texts(base)]:
        known = well_formed(text)
        ids = base.encode(known, add_special_tokens=False).ids
        others = {name: form.encode(known, add_special_tokens=False).ids for name, form in forms.items()}
        different = {name: found for name, found in others.items() if found != ids}
        lines.append(escaped([label, text, ids, different]))
        if theirs(known) != ids:
            normalised, other = base.normalizer.normalize_str(known), processor.normalize(known).replace("▁", " ")
            reason = id_reason(known, base, normalised, other, ids)
            short = {"text": text, "ids": ids, "sentencepiece": theirs(known)} if len(text) < 200 else {}
            differences.append({"label": label, "reason": reason, **short})
    write("texts.json", {"forms": escaped(FORMS), "texts": lines})
    return differences


def write_normalised(model: bytes, tokenizer: str) -> list[dict]:
    """What the charsmap makes of single characters and of strings; returns where SentencePiece's differs."""
    ours = Tokenizer.from_str(with_form(tokenizer, ["Precompiled", None])).normalizer.normalize_str
    theirs = spm.SentencePieceNormalizer(
        model_proto=model, add_dummy_prefix=False, escape_whitespaces=False, remove_extra_whitespaces=False
    ).normalize
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    changed = [[ord(char), ours(char)] for char in every if ours(char) != char]
    differences = [
        {"text": char, "ours": ours(char), "reason": "single"} for char in every if ours(char) != theirs(char)
    ]
    lines = []
    for text in random_strings([chr(code) for code, _ in changed]):
        normalised = ours(text)
        lines.append(escaped([text] if normalised == text else [text, normalised]))
        if normalised != theirs(text):
            differences.append({"text": text, "reason": normalisation_reason(text, ours, theirs)})
    write("normalised.json", {"characters": [escaped(entry) for entry in changed], "strings": lines})
    return differences


def write_sparse(name: str, model: bytes, tokenizer: str, plain: bool) -> list[dict]:
    """Ids by a small vocabulary; returns where SentencePiece's differ, unless it is not the same vocabulary."""
    base, theirs = Tokenizer.from_str(tokenizer), sentencepiece_ids(model)
    lines, differences = [], []
    for text in random_words():
        ids = base.encode(text, add_special_tokens=False).ids
        lines.append(escaped([text, ids]))
        if plain and theirs(text) != ids:
            normalised = base.normalizer.normalize_str(text)
            other = spm.SentencePieceProcessor(model_proto=model).normalize(text).replace("▁", " ")
            differences.append({"text": text, "reason": id_reason(text, base, normalised, other, ids)})
    write(f"{name}.json", {"tokenizer": tokenizer, "texts": lines})
    return differences


def write_options() -> None:
    """Ids, special ones included, by tokenizers that differ in one option each."""
    found = {}
    for name, options in OPTIONS.items():
        tokenizer = Tokenizer.from_str(json.dumps({**SMALL, **options}))
        found[name] = [options, [[text, tokenizer.encode(text).ids] for text in OPTION_TEXTS]]
    body = ",\n".join(f"{escaped(name)}:{escaped(entry)}" for name, entry in found.items())
    write("options.json", {"tokenizer": escaped(SMALL), "options": "{\n" + body + "\n}"})


def lines_of(corpus: Iterator[str]) -> list[str]:
    """The corpus in an order that does not depend on anything."""
    found = sorted(set(corpus))
    random.Random(5).shuffle(found)
    return found


def main() -> None:
    """Trains, converts, asks, compares and writes."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    corpus = lines_of(names())
    model, sparse = train(corpus, XLM_R), train(corpus[::5], SPARSE)
    tokenizer, small = convert(model).to_str(), convert(sparse).to_str()
    (OUTPUT / "xlm-r.tokenizer.json").write_text(tokenizer + "\n")
    differences = {
        "texts": write_texts(model, tokenizer),
        "normalised": write_normalised(model, tokenizer),
        "sparse": write_sparse("sparse", sparse, small, True),
    }
    write_sparse("ties", sparse, with_ties(small), False)
    write_options()
    write("differences.json", {name: [escaped(entry) for entry in found] for name, found in differences.items()})
    for name, found in differences.items():
        reasons = sorted({entry["reason"] for entry in found})
        print(name, {reason: sum(entry["reason"] == reason for entry in found) for reason in reasons})


if __name__ == "__main__":
    main()
