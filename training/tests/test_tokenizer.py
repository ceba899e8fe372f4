"""The shipped tokenizer, in Python and in JavaScript (needs the npm packages), and how it is made."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer
from training.check_tokenizer import mismatches
from training.mini.tokenizer import FALLBACK, ambiguous, best_cut, candidates, merge

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "public" / "models" / "mini" / "tokenizer.json"
TEXTS = [
    "a dog on the beach", "Perro en la playa", "собака", "犬", "한국어", "قِطّة", "कुत्ता", "หมาน้อย", "STRASSE", "Straße",
    "ＡＢＣ １２３", "50000 Quaoar", "chó con", "ΣΚΎΛΟΣ", "σκύλος", "כֶּלֶב", "l'homme", "👩‍👩‍👧 family",
    "\u200eabc\u00ad", "İĞI ıi",
    "ﬁne ½ ²", "コーヒー", "ｶﾅ", "خانه‌ها", "e\u0301", "ﷺ", "ძაღლი", "ԵՒ և", "ᎣᏏᏲ", "x" * 300, "a b c d e f g " * 20,
]  # fmt: skip


def test_python_and_javascript_agree() -> None:
    assert mismatches(SHIPPED, TEXTS) == []


@pytest.mark.parametrize(
    "name", ["dog", "Hund", "собака", "犬", "狗", "개", "कुत्ता", "כלב", "xe đạp", "great white shark"]
)
def test_a_common_name_is_one_piece(name: str) -> None:
    assert len(Tokenizer.from_file(str(SHIPPED)).encode(name).ids) == 1


def test_a_word_without_spaces_is_the_same_piece_anywhere() -> None:
    tokens = Tokenizer.from_file(str(SHIPPED)).encode("浜辺の犬").tokens
    assert tokens[-1] == "犬"


def test_words_of_phrases_are_candidates_too() -> None:
    found = candidates({"▁traffic▁light": 2.0, "▁light": 1.0, "▁area▁51": 5.0})
    assert found["▁traffic▁light"] == 2.0
    assert 1.0 < found["▁light"] < 3.0
    assert not any("5" in piece for piece in found)


def test_a_whole_name_beats_its_parts() -> None:
    vocabulary = dict(merge({"▁seahorse": 1e-9, "▁sea": 1.0}, [("▁seahorse", 1e-9)], [("▁sea", -1.0), ("horse", -1.0)]))
    assert vocabulary["▁seahorse"] > best_cut("▁seahorse", vocabulary) == -2.0 - 2 * FALLBACK


@pytest.mark.parametrize(
    ("piece", "never"),
    [("▁50", True), ("xx", True), ("5", False), ("x", False), ("▁dog", False), ("▁abba", False), ("猩猩", False)],
)
def test_pieces_that_can_be_cut_two_ways_are_never_used(piece: str, never: bool) -> None:
    assert ambiguous(piece) is never
