"""Makes `tokenizer.json`: a Unigram model whose pieces are, as far as they reach, whole names.

A name that is one piece is learnt far better than one of several (mean cosine to its target 0.89
against 0.74 for two pieces and 0.63 for three, measured on a vocabulary of trained subwords alone), and
a photo search is asked for names. So the names that matter most come first, whole phrases such as
`traffic light` among them; pieces for everything else are trained mostly on what those leave.
"""

import json
import random
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from .names import Name, importance, sampling_weights
from .normalization import MARK, marked

VOCABULARY, WHOLE = 112_000, 86_000
MAX_TOKENS = 64
PAD, UNK = 1, 0
# Characters of a whole piece, marks included.
LONGEST = 28
# Of a whole piece's weight, what the training of the other pieces still sees.
ALREADY_WHOLE = 0.05
# Weight of a caption, as a share of the mean name's.
CAPTION = 0.2
# What a trained piece scores less than its logarithm: in running text, names come before anything else.
# Where there are no spaces, หมาบน would else be cut into pieces that are more frequent than หมา.
FALLBACK = 3.0
# How much of a phrase's weight goes to each of its words as well.
WORD_OF_PHRASE = 0.3
WORD = re.compile(f"{MARK}?[^{MARK}]+")


def spoken(names: list[Name], classes: set[str], captions: list[str]) -> dict[str, float]:
    """Marked text → its claim to be one piece; a caption counts as `CAPTION` of the mean name.

    That is how often training meets it, and its importance once more: what everybody asks for should be
    one piece in every language, and a rarer name can be two.
    """
    normalise = marked().normalize_str
    weights = np.array(sampling_weights(names, classes)) * np.array(importance(names, classes))
    caption_weight = CAPTION * float(weights.mean())
    out: dict[str, float] = defaultdict(float)
    for name, weight in zip(names, weights, strict=True):
        out[normalise(name.text)] += weight
    for caption in captions:
        out[normalise(caption)] += caption_weight
    out.pop("", None)
    return out


def candidates(texts: dict[str, float]) -> dict[str, float]:
    """Words and short phrases that could be one piece, with their weight."""
    out: dict[str, float] = defaultdict(float)
    for text, weight in texts.items():
        words = WORD.findall(text)
        if len(words) == 1:
            out[text] += weight
            continue
        if len(text) <= LONGEST:
            out[text] += weight
        for word in words:
            out[word] += WORD_OF_PHRASE * weight
    return {piece: weight for piece, weight in out.items() if len(piece) <= LONGEST and not ambiguous(piece)}


def ambiguous(piece: str) -> bool:
    """Whether several copies of it can be cut in ways that score the same, of which implementations
    choose different ones: `5|000|0` and `5|0|000`, in Roman numbers `xx|x` and `x|xx`. Never used.

    Names such as 猩猩 repeat as well and stay; written three times over, they may be cut differently.
    """
    bare = piece.strip(MARK)
    repeated = len(set(bare)) == 1 and piece.isascii()
    return len(bare) > 1 and (repeated or any(c.isdigit() for c in bare))


def subwords(texts: dict[str, float], whole: set[str], seed: int = 0) -> list[tuple[str, float]]:
    """(piece, score) of a Unigram model trained mostly on the words that are no piece yet."""
    words: dict[str, float] = defaultdict(float)
    for text, weight in texts.items():
        for word in WORD.findall(text):
            words[word] += weight * (ALREADY_WHOLE if word in whole else 1.0)
    drawn = random.Random(seed).choices(list(words), weights=list(words.values()), k=1_200_000)
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(f"(?={MARK})"), "isolated")
    trainer = trainers.UnigramTrainer(
        vocab_size=VOCABULARY - WHOLE,
        special_tokens=["<unk>", "<pad>"],
        unk_token="<unk>",
        max_piece_length=20,
        shrinking_factor=0.75,
        n_sub_iterations=2,
        show_progress=False,
    )
    # Every word once as well, so that no character is missing.
    tokenizer.train_from_iterator([*words, *drawn], trainer)
    vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
    # The mark alone must be a piece, for words that begin with a character of their own.
    known = {piece for piece, _ in vocabulary}
    return vocabulary + ([] if MARK in known else [[MARK, min(score for _, score in vocabulary)]])


def best_cut(text: str, scores: dict[str, float]) -> float:
    """Score of the best way to cut the text into at least two pieces; −∞ where there is none."""
    best = [0.0] + [-np.inf] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - LONGEST), end):
            score = scores.get(text[start:end])
            if score is not None and (start, end) != (0, len(text)):
                best[end] = max(best[end], best[start] + score)
    return best[-1]


def merge(
    texts: dict[str, float], whole: list[tuple[str, float]], trained: list[tuple[str, float]]
) -> list[tuple[str, float]]:
    """One vocabulary. A whole piece scores the logarithm of its share, and always more than its parts."""
    scores = {piece: -1e4 if ambiguous(piece) else score - FALLBACK for piece, score in trained}
    total = sum(texts.values())
    for piece, weight in sorted(whole, key=lambda entry: len(entry[0])):
        scores[piece] = max(float(np.log(weight / total)), best_cut(piece, scores) + 0.3)
    special = [("<unk>", 0.0), ("<pad>", 0.0)]
    return special + [entry for entry in scores.items() if entry[0] not in ("<unk>", "<pad>")]


def train_tokenizer(names: list[Name], classes: set[str], captions: list[str], out: Path) -> Tokenizer:
    """Saves and returns the tokenizer, in the Hugging Face format, with no special tokens around a text."""
    texts = spoken(names, classes, captions)
    possible = candidates(texts)
    ranked = sorted(possible, key=lambda piece: (-possible[piece], piece))
    trained = subwords(texts, set(ranked[:WHOLE]))
    known = {piece for piece, _ in trained}
    room = VOCABULARY - len(known | {"<unk>", "<pad>"})
    # A piece that both found counts as whole, and leaves its place to the next one.
    chosen = [p for p in ranked if p not in known][:room] + [p for p in ranked[:WHOLE] if p in known]
    vocabulary = merge(texts, [(piece, possible[piece]) for piece in chosen], trained)
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=UNK))
    tokenizer.normalizer = marked()
    tokenizer.add_special_tokens(["<unk>", "<pad>"])
    tokenizer.enable_truncation(MAX_TOKENS)
    finished = out.with_suffix(".tmp")
    tokenizer.save(str(finished), pretty=False)
    finished.replace(out)
    return Tokenizer.from_file(str(out))
