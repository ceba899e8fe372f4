"""Which writing system a piece of a vocabulary belongs to: the word table is stored in packs by it, so that a
device downloads those of the languages that were chosen for it.

Python has no table of Unicode's scripts, but a letter's name begins with its script (LATIN SMALL LETTER A);
what does not is listed here, and a test compares all letters with Unicode's property.
"""

import unicodedata
from functools import cache

WORD_MARK = "▁"
CORE, OTHER = "core", "other"
# First words of the names of letters and marks, once qualifiers are off.
SCRIPTS: dict[str, tuple[str, ...]] = {
    "latin": (
        "ANGSTROM", "FEMININE", "KELVIN", "LATIN", "MASCULINE", "ROMAN", "an", "ff", "fj", "gv", "ki", "kw", "nd",
        "nr", "se", "sg", "ty",
    ),
    "cyrillic": ("CYRILLIC", "kv"),
    "greek": ("GREEK", "OHM"),
    "arabic": ("ARABIC",),
    "hebrew": ("HEBREW",),
    "han": ("CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "HENTAIGANA", "MASU", "BOPOMOFO"),
    "hangul": ("HANGUL",),
    "thai": ("THAI", "LAO", "KHMER", "MYANMAR"),
    "indic": (
        "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA",
        "VEDIC",
    ),
}  # fmt: skip
PACKS = (CORE, *SCRIPTS, OTHER)
QUALIFIERS = {"FULLWIDTH", "HALFWIDTH", "SUPERSCRIPT", "SUBSCRIPT", "VERTICAL", "COMBINING", "MODIFIER", "LETTER"}
# Letters and marks that are used with any script, or with formulas.
COMMON = {"MICRO", "CARON", "MATHEMATICAL", "VARIATION", "MUSICAL"}
_PACK_OF_SCRIPT = {script: pack for pack, scripts in SCRIPTS.items() for script in scripts}

# BCP-47 primary tags by the script that a language is usually written in (CLDR's likely subtags).
LANGUAGES: dict[str, tuple[str, ...]] = {
    "latin": (
        "af", "ak", "ast", "ay", "az", "bm", "br", "bs", "ca", "ceb", "co", "cs", "cy", "da", "de", "ee", "en", "eo",
        "es", "et", "eu", "fi", "fil", "fo", "fr", "fur", "fy", "ga", "gd", "gl", "gn", "ha", "haw", "hmn", "hr",
        "hsb", "ht", "hu", "ia", "id", "ig", "is", "it", "jv", "kl", "ku", "la", "lb", "lg", "li", "ln", "lt", "lv",
        "mg", "mi", "ms", "mt", "nb", "nl", "nn", "no", "nso", "ny", "oc", "om", "pl", "pt", "qu", "rm", "rn", "ro",
        "rw", "sc", "scn", "sk", "sl", "sm", "sn", "so", "sq", "ss", "st", "su", "sv", "sw", "tk", "tl", "tn", "to",
        "tr", "ts", "uz", "ve", "vec", "vi", "vo", "wa", "wo", "xh", "yo", "zu",
    ),
    "cyrillic": (
        "ab", "av", "ba", "be", "bg", "ce", "cv", "kk", "ky", "mk", "mn", "os", "ru", "sah", "sr", "tg", "tt", "tyv",
        "udm", "uk",
    ),
    "greek": ("el",),
    "arabic": ("ar", "arz", "azb", "bal", "ckb", "fa", "ks", "lrc", "mzn", "ps", "sd", "ug", "ur"),
    "hebrew": ("he", "yi"),
    "han": ("ja", "wuu", "yue", "zh"),
    "hangul": ("ko",),
    "thai": ("km", "lo", "my", "shn", "th"),
    "indic": (
        "as", "bho", "bn", "brx", "doi", "gu", "hi", "kn", "kok", "mai", "ml", "mr", "ne", "new", "or", "pa", "sa",
        "si", "ta", "te",
    ),
    OTHER: ("am", "bo", "chr", "dv", "dz", "hy", "iu", "ka", "sat", "syr", "ti", "zgh"),
}  # fmt: skip


def pack_of(piece: str) -> str:
    """The pack of a piece, word mark or not.

    `core` has what has no letters, and single ASCII characters; `other` has what mixes packs, and letters of
    scripts without a pack of their own.
    """
    text = piece.replace(WORD_MARK, "")
    if len(text) <= 1 and text.isascii():
        return CORE
    packs = {pack for character in text if (pack := _pack_of_character(character)) is not None}
    if len(packs) > 1:
        return OTHER
    return packs.pop() if packs else CORE


@cache
def _pack_of_character(character: str) -> str | None:
    """None for what is neither a letter nor a mark of a script. Marks count: some pieces of Indian scripts have
    nothing but a vowel sign."""
    if unicodedata.category(character)[0] not in "LM":
        return None
    words = unicodedata.name(character, "").replace("-", " ").split()
    rest = [*words]
    while rest and rest[0] in QUALIFIERS:
        del rest[0]
    head = rest[0] if rest else ""
    if head in _PACK_OF_SCRIPT:
        return _PACK_OF_SCRIPT[head]
    # COMBINING ACUTE ACCENT, MODIFIER LETTER APOSTROPHE: with any script.
    qualified = len(rest) < len(words)
    return None if head in COMMON or qualified else OTHER
