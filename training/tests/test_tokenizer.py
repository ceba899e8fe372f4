"""The same text, the same ids, in Python and in JavaScript (needs the npm packages)."""

from pathlib import Path

from training.check_tokenizer import mismatches

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [
    "a dog on the beach", "Perro en la playa", "собака", "犬", "한국어", "قِطّة", "कुत्ता", "หมาน้อย", "STRASSE", "Straße",
    "ＡＢＣ １２３", "50000 Quaoar", "chó con", "ΣΚΎΛΟΣ", "σκύλος", "כֶּלֶב", "l'homme", "👩‍👩‍👧 family",
    "\u200eabc\u00ad", "İĞI ıi",
    "ﬁne ½ ²", "コーヒー", "ｶﾅ", "خانه‌ها", "e\u0301", "ﷺ", "ძაღლი", "ԵՒ և", "ᎣᏏᏲ", "x" * 300, "a b c d e f g " * 20,
]  # fmt: skip


def test_python_and_javascript_agree() -> None:
    assert mismatches(ROOT / "public" / "models" / "mini" / "tokenizer.json", TEXTS) == []
