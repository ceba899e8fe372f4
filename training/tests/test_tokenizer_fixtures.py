"""The tokenizer fixtures of the browser side are what the Python library makes of them."""

import json
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from training.tests.tokenizer_forms import FORMS, OPTIONS, SMALL, well_formed, with_form

FIXTURES = Path(__file__).resolve().parents[2] / "src" / "preprocess" / "fixtures" / "tokenizer"
XLM_R = (FIXTURES / "xlm-r.tokenizer.json").read_text(encoding="utf-8")


def read(name: str) -> dict:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("form", ["", *FORMS])
def test_texts(form: str) -> None:
    fixture = read("texts.json")
    assert fixture["forms"] == FORMS
    tokenizer = Tokenizer.from_str(with_form(XLM_R, FORMS[form]) if form else XLM_R)
    for label, text, ids, others in fixture["texts"]:
        expected = others.get(form, ids)
        assert tokenizer.encode(well_formed(text), add_special_tokens=False).ids == expected, label


def test_normalised() -> None:
    fixture = read("normalised.json")
    normalise = Tokenizer.from_str(with_form(XLM_R, ["Precompiled", None])).normalizer.normalize_str
    assert [[ord(c), normalise(c)] for c in map(chr, (code for code, _ in fixture["characters"]))] == fixture[
        "characters"
    ]
    for text, *changed in fixture["strings"]:
        assert normalise(text) == (changed or [text])[0], ascii(text)


@pytest.mark.parametrize("name", ["sparse.json", "ties.json"])
def test_small_vocabularies(name: str) -> None:
    fixture = read(name)
    tokenizer = Tokenizer.from_str(json.dumps(fixture["tokenizer"]))
    for text, ids in fixture["texts"]:
        assert tokenizer.encode(text, add_special_tokens=False).ids == ids, ascii(text)


@pytest.mark.parametrize("name", OPTIONS)
def test_options(name: str) -> None:
    fixture = read("options.json")
    assert fixture["tokenizer"] == SMALL
    options, texts = fixture["options"][name]
    assert options == OPTIONS[name]
    tokenizer = Tokenizer.from_str(json.dumps({**SMALL, **options}))
    for text, ids in texts:
        assert tokenizer.encode(text).ids == ids, ascii(text)
