"""The tokenizer's normalisation, written once as the JSON that both runtimes read.

Rules are per script. What people leave out when they type on a phone is folded away, so that both
spellings meet: accents on Latin, Greek and Cyrillic, Arabic harakat and tatweel, Hebrew niqqud,
full-width forms. The category Mn as a whole is never removed: it carries the vowels of Hindi,
Bengali, Thai and many others.
"""

from tokenizers import Regex, normalizers

# Latin, Greek and Cyrillic accents are U+0300–U+036F once the text is decomposed; no script that
# writes its vowels as marks uses that block.
ACCENTS = r"[\u0300-\u036F]"
# Harakat, Quranic annotation, superscript alef, tatweel; hamza and madda above or below are marks
# after decomposition (أ إ آ → ا), which writers drop as often as they write them.
ARABIC_MARKS = r"[\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E8\u06EA-\u06ED]"
HEBREW_POINTS = r"[\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7]"
# Soft hyphen, zero-width (non-)joiners, direction marks, variation selectors, byte-order mark.
INVISIBLE = r"[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFE00-\uFE0F\uFEFF]"

# Letters with no decomposition that writers (or an upper-case round trip) turn into plain ones.
LETTERS = {
    "ß": "ss", "ı": "i", "ς": "σ", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe",
    "ك": "ک", "ي": "ی", "ى": "ی", "ة": "ه", "ٱ": "ا", "ʼ": " ", "ʹ": " ",
}  # fmt: skip


def normalizer() -> normalizers.Normalizer:
    """NFKC, lower case, marks removed per script, letters folded, punctuation to single spaces."""
    steps: list[normalizers.Normalizer] = [
        normalizers.NFKC(),
        normalizers.Lowercase(),
        normalizers.NFD(),
        normalizers.Replace(Regex(ACCENTS), ""),
        normalizers.Replace(Regex(ARABIC_MARKS), ""),
        normalizers.Replace(Regex(HEBREW_POINTS), ""),
        normalizers.Replace(Regex(INVISIBLE), ""),
        normalizers.NFC(),
    ]
    steps += [normalizers.Replace(letter, plain) for letter, plain in LETTERS.items()]
    steps += [
        normalizers.Replace(Regex(r"\p{P}"), " "),
        normalizers.Replace(Regex(r"\s+"), " "),
        normalizers.Strip(),
    ]
    return normalizers.Sequence(steps)


# Scripts written without spaces: a word of theirs is the same piece at the start of a text and inside one.
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
MARK = "▁"


def marked() -> normalizers.Normalizer:
    """`normalizer`, then `▁` before every word, except those of scripts that have no spaces.

    Done here and not by the Metaspace pre-tokenizer, whose mark would make two pieces of 犬: one for the
    start of a text and one for its middle.
    """
    return normalizers.Sequence(
        [
            normalizer(),
            normalizers.Prepend(MARK),
            normalizers.Replace(" ", MARK),
            normalizers.Replace(Regex(f"{MARK}(?=[{UNSPACED}])"), ""),
            # JavaScript puts the mark before an empty text too, Python does not.
            normalizers.Replace(Regex(f"{MARK}$"), ""),
        ]
    )
