"""The rule by which pieces of a vocabulary go into packs, and the languages of the packs."""

import re
import sys
import unicodedata
from collections import Counter

import pytest
import regex
from training.export.writing_systems import LANGUAGES, PACKS, SCRIPTS, pack_of

PIECES = {
    "core": [
        "", "▁", "a", "▁a", "Z", "7", "▁2026", "...", "▁(", "€", "😀", "❤️", "👩‍🚀", "①", "½", "।", "、", "٣",
        "\u0301", "ʼ", "∑",
    ],
    "latin": ["the", "▁the", "ä", "▁Straße", "ção", "ệ", "ngày", "▁don't", "B2", "mol", "œ", "ı", "ﬁ", "Ａ"],
    "cyrillic": ["я", "▁собак", "ці", "ґ", "Ђ", "▁ӯ"],
    "greek": ["α", "▁σκύλος", "ώ", "ἀ"],
    "arabic": ["ا", "▁كلب", "گ", "ٹ", "َ", "ـ", "ﷲ"],
    "hebrew": ["א", "▁כלב", "ײ"],
    "han": ["犬", "▁早晨", "の", "カメラ", "ー", "食べる", "ㄅ", "々", "ｶ", "𠮷"],
    "hangul": ["개", "▁아침", "ㄱ"],
    "thai": ["หมา", "ไ", "ั", "ຫມາ", "ឆ្កែ", "ခွေး"],
    "indic": ["कुत्ता", "ি", "কুকুর", "ਕੁੱਤਾ", "કૂતરો", "କୁକୁର", "நாய்", "కుక్క", "ನಾಯಿ", "നായ", "බල්ලා", "्"],
    "other": ["շուն", "ძაღლი", "ውሻ", "ཁྱི", "ᠨᠣᠬᠠᠢ", "ⵉⴹⵉ", "μm", "A型", "Tシャツ", "xя", "ދ", "ᏣᎳᎩ"],
}  # fmt: skip


@pytest.mark.parametrize("pack", PACKS)
def test_pieces(pack: str) -> None:
    wrong = {piece: pack_of(piece) for piece in PIECES[pack] if pack_of(piece) != pack}
    assert wrong == {}


@pytest.mark.parametrize("piece", ["<s>", "<mask>", "<0x0A>"])
def test_names_of_special_tokens_are_letters_here(piece: str) -> None:
    """That they are special, the tokenizer says: `packs_of`."""
    assert pack_of(piece) == "latin"


# A name that the rule does not know, and letters raised above the line, which are taken for marks of any script.
EXCEPTIONS = {
    "OLD CHINESE ITERATION MARK", "VIETNAMESE ALTERNATE READING MARK CA", "VIETNAMESE ALTERNATE READING MARK NHAY",
    "TURNED CAPITAL F", "TURNED SMALL F",
}  # fmt: skip


def test_letters_are_where_unicode_has_their_script() -> None:
    """The names of letters say what Unicode's property says, which Python does not have. Letters that
    normalisation replaces are in no piece."""
    of_script = {
        "Latin": "latin", "Cyrillic": "cyrillic", "Greek": "greek", "Arabic": "arabic", "Hebrew": "hebrew",
        "Han": "han", "Hiragana": "han", "Katakana": "han", "Bopomofo": "han", "Hangul": "hangul",
        "Thai": "thai", "Lao": "thai", "Khmer": "thai", "Myanmar": "thai",
        "Devanagari": "indic", "Bengali": "indic", "Gurmukhi": "indic", "Gujarati": "indic", "Oriya": "indic",
        "Tamil": "indic", "Telugu": "indic", "Kannada": "indic", "Malayalam": "indic", "Sinhala": "indic",
        "Common": None, "Inherited": None,
    }  # fmt: skip
    scripts = [(regex.compile(rf"\p{{Script={script}}}"), pack) for script, pack in of_script.items()]
    wrong, found = {}, Counter()
    for character in map(chr, range(0x80, sys.maxunicode + 1)):
        if unicodedata.category(character)[0] not in "LM" or unicodedata.normalize("NFKC", character) != character:
            continue
        name = unicodedata.name(character, f"U+{ord(character):X}")
        if name.startswith(("COMBINING ", "MODIFIER ")) or name in EXCEPTIONS:
            continue
        expected = next((pack for script, pack in scripts if script.match(character)), "other")
        found[expected] += 1
        # What Unicode counts to no script may still be of one by its name, such as the marks of Arabic.
        if expected is not None and pack_of(character) != expected:
            wrong[name] = pack_of(character)
    assert wrong == {}
    assert set(found) == {*SCRIPTS, "other", None}
    assert min(found.values()) > 40


def test_packs_and_their_languages() -> None:
    assert ("core", *SCRIPTS, "other") == PACKS
    assert LANGUAGES.keys() == set(PACKS) - {"core"}
    tags = [tag for languages in LANGUAGES.values() for tag in languages]
    assert len(tags) == len(set(tags))
    assert all(re.fullmatch("[a-z]{2,3}", tag) for tag in tags)
    assert all(list(languages) == sorted(languages) for languages in LANGUAGES.values())
    of = {tag: pack for pack, languages in LANGUAGES.items() for tag in languages}
    for tag, pack in (("en", "latin"), ("ru", "cyrillic"), ("sr", "cyrillic"), ("ja", "han"), ("fa", "arabic")):
        assert of[tag] == pack
