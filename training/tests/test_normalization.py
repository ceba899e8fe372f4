"""What people leave out when they type is folded away; what carries meaning stays."""

import pytest
from training.mini.normalization import marked, normalizer

SAME = [
    ("Straßenbahn", "STRASSENBAHN"),
    ("león", "LEON"),
    ("Ёлка", "елка"),
    ("Έλληνας", "ΕΛΛΗΝΑΣ"),
    ("كَلْب", "كلب"),
    ("كلـــب", "كلب"),
    ("أسد", "اسد"),
    ("כֶּלֶב", "כלב"),
    ("ｄｏｇ　ＤＯＧ", "dog dog"),
    ("İstanbul", "istanbul"),
    ("t-shirt", "T shirt"),
    ("  two   dogs ", "two dogs"),
]

KEPT = ["कुत्ता", "কুকুর", "หมา", "ក្បាល", "が"]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_spellings_meet(left: str, right: str) -> None:
    assert normalizer().normalize_str(left) == normalizer().normalize_str(right) != ""


@pytest.mark.parametrize("text", KEPT)
def test_vowels_written_as_marks_stay(text: str) -> None:
    assert normalizer().normalize_str(text) == text


def test_different_words_stay_different() -> None:
    words = ["perro", "pero", "собака", "собаке", "コップ", "コッブ"]
    assert len({normalizer().normalize_str(w) for w in words}) == len(words)


def test_words_are_marked_where_there_are_spaces() -> None:
    said = marked().normalize_str
    assert said("Two  dogs!") == "▁two▁dogs"
    assert said("犬の写真") == "犬の写真"
    assert said("red 車") == "▁red車"
    assert said(" ") == said("") == ""
