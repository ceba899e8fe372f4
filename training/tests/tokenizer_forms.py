"""Forms of tokenizer.json that the fixtures are made in, and small ones that differ in single options."""

import json
import re

# The same tokenizer is written in several ways; the first form is what `transformers` 5 builds of any of them.
SPLIT = {"type": "WhitespaceSplit"}
MARK = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
OLD_MARK = {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True}
COLLAPSE = {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}
# [normalizer, pre_tokenizer]; "Precompiled" stands for the one with the charsmap.
FORMS = {
    "precompiled-only": ["Precompiled", {"type": "Sequence", "pretokenizers": [SPLIT, MARK]}],
    "replace": [["Precompiled", COLLAPSE], {"type": "Sequence", "pretokenizers": [SPLIT, OLD_MARK]}],
    "unsplit": [["Precompiled", COLLAPSE], {**MARK, "split": False}],
}


def with_form(tokenizer: str, form: list) -> str:
    """`tokenizer` with another normalizer and pre_tokenizer."""
    parsed = json.loads(tokenizer)
    charsmap = parsed["normalizer"]["normalizers"][0]
    steps, parsed["pre_tokenizer"] = form
    listed = [charsmap if step == "Precompiled" else step for step in (steps if isinstance(steps, list) else [steps])]
    parsed["normalizer"] = {"type": "Sequence", "normalizers": listed} if isinstance(steps, list) else listed[0]
    return json.dumps(parsed, ensure_ascii=False)


def well_formed(text: str) -> str:
    """Lone surrogates cannot be given to the library; here and in the browser they become U+FFFD."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def added(identity: int, content: str, **options: bool) -> dict:
    """An entry of `added_tokens`."""
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    return {"id": identity, "content": content, **flags, **options}


PIECES = ["<unk>", "<s>", "</s>", "a", "b", "ab", "▁", "▁a", "$", "&", " ", "\ufeff", "A", "aa", "▁b", "a▁b", "X"]
SMALL = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [],
    "normalizer": None,
    "pre_tokenizer": None,
    "post_processor": None,
    "decoder": None,
    "model": {
        "type": "Unigram",
        "unk_id": 0,
        # The last one has a name that an earlier one has, too.
        "vocab": [*([piece, -1.0 - place / 7] for place, piece in enumerate(PIECES)), ["b", -0.5]],
        "byte_fallback": False,
    },
}
PROCESSOR = {
    "type": "TemplateProcessing",
    "single": [
        {"SpecialToken": {"id": "<s>", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "end", "type_id": 0}},
    ],
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {
        "<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]},
        "end": {"id": "end", "ids": [2, 0], "tokens": ["</s>", "<unk>"]},
    },
}
ROBERTA = {
    "type": "RobertaProcessing",
    "sep": ["</s>", 2],
    "cls": ["<s>", 1],
    "trim_offsets": True,
    "add_prefix_space": False,
}
OPTIONS = {
    "nothing": {},
    "strip both sides": {"normalizer": {"type": "Strip", "strip_left": True, "strip_right": True}},
    "strip on the left": {"normalizer": {"type": "Strip", "strip_left": True, "strip_right": False}},
    "prepend": {"normalizer": {"type": "Prepend", "prepend": "▁"}},
    "replace by what looks like a reference": {
        "normalizer": {"type": "Replace", "pattern": {"String": "b"}, "content": "$&"}
    },
    "lower case": {"normalizer": {"type": "Lowercase"}},
    "split at white space": {"pre_tokenizer": SPLIT},
    "mark": {"pre_tokenizer": MARK},
    "mark unsplit": {"pre_tokenizer": {**MARK, "split": False}},
    "mark first": {"pre_tokenizer": {**MARK, "prepend_scheme": "first"}, "added_tokens": [added(16, "X")]},
    "mark never": {"pre_tokenizer": {**MARK, "prepend_scheme": "never"}},
    "tokens": {"added_tokens": [added(16, "X"), added(5, "ab"), added(13, "aa")]},
    "tokens that take space": {
        "pre_tokenizer": MARK,
        "added_tokens": [added(16, "X", lstrip=True, rstrip=True), added(12, "A", rstrip=True)],
    },
    "tokens that are words": {"added_tokens": [added(5, "ab", single_word=True)]},
    "tokens in normalised text": {
        "normalizer": {"type": "Lowercase"},
        "added_tokens": [added(12, "A", normalized=True), added(16, "X")],
    },
    "template": {"post_processor": PROCESSOR},
    "roberta": {"post_processor": ROBERTA},
    "bert": {"post_processor": {"type": "BertProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1]}},
    "processors": {"post_processor": {"type": "Sequence", "processors": [ROBERTA, PROCESSOR]}},
}
OPTION_TEXTS = [
    "", " ", "a", "ab", "abab", "a b", "  a  b  ", "aaa", "aaaa", "baab", "A a", "X", "aXb", " X X ", "aX Xb A b",
    "ab abab ab.ab b_ab ab\u0301 (ab)", "\ufeffa\ufeff b\ufeff", "\u0085a\u0085b\u0085", "\u3000a\u2028b\u00a0",
    "cde", "acdb", "<s>", "a$&b", "▁a▁▁b▁", "a▁b a▁b", "<unk>c", "<unk>", "\n a \n",
]  # fmt: skip
