"""Texts for the tokenizer fixtures: names in all languages of CLDR, nasty cases, random strings."""

import datetime
import random
import unicodedata
from collections.abc import Iterator

from babel import Locale
from babel.dates import format_datetime
from babel.lists import format_list
from babel.localedata import locale_identifiers
from babel.units import format_unit
from tokenizers import Tokenizer

WHEN = datetime.datetime(2024, 2, 29, 15, 7, tzinfo=datetime.UTC)
UNITS = ["length-kilometer", "mass-kilogram", "duration-day", "temperature-celsius", "digital-megabyte"]


def locales() -> list[Locale]:
    """One locale per language and script."""
    found = (Locale.parse(name) for name in sorted(locale_identifiers()))
    return [locale for locale in found if locale.territory is None and locale.variant is None]


def names() -> Iterator[str]:
    """Everything that CLDR names, in every language."""
    for locale in locales():
        for table in (locale.territories, locale.languages, locale.scripts, locale.currencies):
            yield from (name for name in table.values() if isinstance(name, str))
        for width in ("wide", "abbreviated"):
            yield from locale.months["format"][width].values()
            yield from locale.days["format"][width].values()
        yield from sentences(locale)


def sentences(locale: Locale) -> list[str]:
    """A date, a list of countries, some measures."""
    lands = [locale.territories[code] for code in ("JP", "BR", "EG", "DE") if code in locale.territories]
    measures = [format_unit(3, unit, locale=locale) for unit in UNITS]
    date = format_datetime(WHEN, "full", locale=locale)
    return [date, format_list(lands, locale=locale) if lands else "", "; ".join(measures)]


def language_texts() -> Iterator[tuple[str, str]]:
    """Three texts for every language, with a label each."""
    for locale in locales():
        for number, text in enumerate(sentences(locale)):
            yield f"{locale}-{number}", text


NASTY = {
    "empty": "",
    "space": " ",
    "spaces": "     ",
    "white space of all kinds": " \t\n\r\f\v\u0085\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000",
    "only zero width": "\u200b\u200c\u200d\u2060\ufeff",
    "spaces around": "  two   words \u00a0 here  ",
    "crlf": "one\r\ntwo\rthree\nfour\r\n",
    "tabs": "\tone\t\ttwo\t",
    "nul": "a\0b \0 \0\0c",
    "controls": "".join(map(chr, range(1, 32))) + "x\x7fy\x80z\x9f",
    "bom": "\ufeffdog\ufeff cat",
    "soft hyphen": "co\u00adop",
    "zero width space": "dog\u200bcat",
    "joiners": "خانه\u200cها क्\u200dष",
    "bidi marks": "\u200eabc\u200f \u202eabc\u202c \u2066x\u2069",
    "variation selectors": "❤\ufe0f ☺\ufe0e 葛\U000e0100 a\ufe0f",
    "replacement character": "a\ufffdb \ufffd",
    "noncharacters": "a\uffff\ufdd0\U0001fffeb",
    "private use": "a\ue000b \U000f0000 \U0010fffd",
    "lone high surrogate": "a\ud83db",
    "lone low surrogate": "\udc00",
    "surrogates in the wrong order": "x\ude00\ud83dy",
    "thai": "สุนัขบนชายหาด ผู้หญิงกำลังทำน้ำแข็ง เเละ",
    "lao": "ໝາຢູ່ຫາດຊາຍ ນໍ້າ ຫຼວງພຣະບາງ",
    "khmer": "ឆ្កែនៅលើឆ្នេរ ស្រីម្នាក់",
    "burmese": "ကမ်းခြေပေါ်ရှိခွေး",
    "tibetan": "ཁྱི་ ཀྵ ཀཱི",
    "devanagari": "समुद्र तट पर कुत्ता क़ ड़ फ़ ऩ \u0928\u093c \u0915\u093c",
    "tamil": "கடற்கரையில் நாய் கொ \u0b95\u0bc6\u0bbe",
    "bengali": "সৈকতে কুকুর \u09a1\u09bc \u09dc কো",
    "hebrew": "כֶּלֶב עַל הַחוֹף \ufb2a \ufb4f",
    "arabic": "كَلْبٌ عَلَى الشَّاطِئ ـــ",
    "arabic presentation forms": "ﻛﻠﺐ ﷺ ﷲ ﻻ ﭐ ﹰ ﹲ ﱞ ﴾",
    "arabic number sign": "\u0600١٢٣ \u06dd٤ \u0605a \u0600\ufb01",
    "half width katakana": "ｶﾞｷﾞ ﾊﾟ ｱｲｳ ｰ ﾞ",
    "kana and voicing marks": "か\u3099 は\u309a ハ\u309a ｶ\u3099 ゛ ゜",
    "full width": "ＡＢＣ　１２３！？～＠ ￥",
    "squared": "㌔ ㍿ ㈱ ① ⑳ ㊙ 🈁 🄰",
    "jamo": "\u1112\u1161\u11ab\u1100\u1173\u11af 한글 \u3131\u314f \uffa1\uffc2",
    "hangul and mark": "한\u0301 가\u11a8",
    "ideographs of other planes": "𠮷野家 𩸽 𪚥 丽\U0002f800 \uf900",
    "ligatures": "ﬁne oﬃce ĳ ǆ ŉ ﬅ \ufb01\u0301 \ufb01\u20d0 \ufb03\u0327\u0301",
    "mark after a mapped letter": "ª\u0301 º\u20dd ²\u0301 \u2126\u0301 ℹ\ufe0f ™\ufe0f ①\ufe0f",
    "marks in odd order": "a\u0301\u0323 a\u0323\u0301 q\u0307\u0323 \u1ed9 o\u0302\u0323 \u0301a",
    "composed and decomposed": "é e\u0301 Å A\u030a \u212b ṩ s\u0323\u0307 s\u0307\u0323",
    "vietnamese": "con chó trên bãi biển co\u0301 bie\u0302\u0309n",
    "many marks": "z" + "\u0301\u0323\u0330" * 12 + "a",
    "emoji families": "👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈 ©\u200d©",
    "flags": "🇩🇪🇯🇵🇧🇷 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "skin tones": "👍🏻 👍🏽👍🏿 ✋🏾",
    "keycaps": "1\ufe0f\u20e3 #\u20e3",
    "mathematics": "𝕏𝔞𝟙 ∑ ½ ⅔ x² H₂O ℵ ﬡ",
    "punctuation": "… ‥ ‼ “dog” «cat» – — ―",
    "tilde": "～ ~ 〜",
    "mark of spaces": "▁ a▁b ▁▁c",
    "turkish": "İstanbul ıspanak DİYARBAKIR",
    "sharp s": "Straße STRASSE ẞ",
    "greek": "ΣΚΎΛΟΣ σκύλος ά \u1f71 ΐ",
    "long s": "ſun ẛ\u0323",
    "special tokens": "<s> a </s> <pad><unk> <mask>",
    "mask and space": "a  <mask>  b<mask>c \u3000<mask>",
    "special tokens in full width": "＜s＞ ＜unk＞x ＜mask＞ <ma\u00adsk>",
    "nearly special": "<s <S> </ s> <mask <<s>>",
    "unknown run": "𓀀𓀁𓀂 a𓀀b 𓀀 𓀁",
    "unknown and special": "𓀀<unk>𓀁 𓀀＜unk＞𓀁",
    "rare scripts": "ᎣᏏᏲ ⵉⵎⴰⵣⵉⵖⵏ ꓡꓲꓢꓴ 𐐔𐐯𐑅 ߒߞߏ ᱥᱟᱱᱛᱟᱲᱤ",
    "one letter": "a" * 3000,
    "one ideograph": "犬" * 1000,
    "spaces in a row": "a" + " " * 2000 + "b",
    "one unknown": "𓀀" * 500,
    "number": "3.14159265358979 1,000,000 ١٢٣ १२३",
    "address": "https://example.org/a_b?c=d&e=%20#f user@example.org C:\\dir\\file.txt",
    "code": "if (a<b) { return `${x}`; } // $& $1 \\1",
}


def nasty_texts(tokenizer: Tokenizer) -> Iterator[tuple[str, str]]:
    """Cases that go wrong easily, and one text of 8,192 tokens."""
    yield from NASTY.items()
    text, number = "", 0
    texts = [text for _, text in language_texts()]
    while len(tokenizer.encode(text + texts[number % len(texts)]).ids) <= 8192:
        text += texts[number % len(texts)] + " "
        number += 7
    while len(tokenizer.encode(text).ids) < 8192:
        text += " 𓀀 a" if len(tokenizer.encode(text).ids) < 8180 else " a"
    yield "8,192 tokens", text


def assigned() -> list[str]:
    """All assigned characters but ideographs and syllables, of which there are a few."""
    every = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")]
    many = [char for char in every if unicodedata.name(char, "").startswith(("CJK UNIFIED", "HANGUL SYLL", "TANGUT"))]
    return [*(set(every) - set(many)), *many[::40]]


def random_strings(changed: list[str]) -> Iterator[str]:
    """Strings of any characters, of neighbours and marks, and of characters that the charsmap changes and marks."""
    rng = random.Random(11)
    every = sorted(assigned())
    marks = [char for char in every if unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf", "Sk")]
    near = [char for char in marks if len(char.encode()) == 2]
    for _ in range(700):
        yield "".join(rng.choices(every, k=rng.randint(4, 12)))
    for _ in range(700):
        at = rng.randrange(len(every) - 60)
        some = every[at : at + 60] + rng.sample(marks, 8) + rng.sample(near, 8)
        yield "".join(rng.choices(some, k=rng.randint(4, 14)))
    for _ in range(700):
        some = rng.sample(changed, 6) + rng.sample(near, 3) + rng.sample(marks, 2) + rng.sample(every, 2)
        yield "".join(rng.choices(some, k=rng.randint(3, 12)))
    jamo = [chr(code) for code in [*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3), 0xAC00]]
    for _ in range(200):
        yield "".join(rng.choices(jamo, k=rng.randint(2, 9)))


def random_words() -> Iterator[str]:
    """Strings of few letters, some of them in no piece, with spaces."""
    rng = random.Random(13)
    letters = "aaaeeinrstou  ▁ABéßдо日犬𓀀한\u0301"
    for _ in range(600):
        yield "".join(rng.choices(letters, k=rng.randint(1, 40)))
