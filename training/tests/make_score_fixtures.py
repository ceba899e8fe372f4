"""Writes the score fixtures of the browser side: what FlagEmbedding, the reference code of BGE-M3, makes
of the outputs of a tiny random model, and of random vectors.

Not needed by the tests, and not in the requirements: install it first, `pip install FlagEmbedding==1.4.2`
(MIT licence). Run from the repository root: `python -m training.tests.make_score_fixtures`.
"""

import json
import tempfile
from importlib.metadata import version
from itertools import product
from pathlib import Path

import numpy as np
import torch
from FlagEmbedding.inference.embedder.encoder_only.m3 import M3Embedder
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

OUTPUT = Path(__file__).parents[2] / "src/core/fixtures/bge-m3-scores.json"
PACKAGES = ("FlagEmbedding", "torch", "transformers")
SPECIALS = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
WIDTH = 16

# "zebra" is unknown; repeated words have several weights.
QUERY_TEXTS = ["w4", "w5 w6 w5 w7", "zebra w9", ""]
PASSAGE_TEXTS = ["w4 w4 w4 w8 w12", "w7 w5 zebra w6 w5 w10 w11 w5", "w9", "w13 w14 w15 w16"]
TEXTS = QUERY_TEXTS + PASSAGE_TEXTS
QUERIES, PASSAGES = range(4), range(4, 8)
# Dense, sparse, colbert; None is the library's default.
WEIGHTS = [None, [0.4, 0.2, 0.4], [1, 0.3, 1], [0, 1, 0]]
# Vectors of the query, of the passage, and their dimension: few and short ones have negative maxima.
RANDOM_SHAPES = [(1, 1, 2), (1, 1, 2), (2, 1, 3), (3, 2, 3), (5, 7, 64), (1, 9, 5), (8, 1, 33)]


def make_tokenizer() -> PreTrainedTokenizerFast:
    """Splits at spaces; special tokens and their ids are those of BGE-M3."""
    words = [*SPECIALS.values(), *(f"w{i}" for i in range(4, 20))]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", None, [("<s>", 0), ("</s>", 2)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, cls_token="<s>", sep_token="</s>", **SPECIALS)


def make_embedder(folder: str) -> M3Embedder:
    """The library's own embedder, with a tiny model of random weights."""
    config = XLMRobertaConfig(
        vocab_size=20,
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    XLMRobertaModel(config).save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    sparse, colbert = torch.nn.Linear(WIDTH, 1), torch.nn.Linear(WIDTH, WIDTH)
    # Most weights above 0, some below.
    torch.nn.init.constant_(sparse.bias, 0.3)
    for name, head in (("sparse", sparse), ("colbert", colbert)):
        torch.save(head.state_dict(), Path(folder) / f"{name}_linear.pt")
    return M3Embedder(folder, use_fp16=False, devices="cpu")


def plain(values: np.ndarray) -> list:
    """Nested lists whose numbers are as short as float32 allows."""
    return [plain(row) for row in values] if values.ndim > 1 else [float(str(x)) for x in values.astype(np.float32)]


@torch.no_grad()
def text_fixtures(embedder: M3Embedder) -> list[dict]:
    """Per text what the model gives, each text alone, and what the library makes of all in one padded batch."""
    made = embedder.encode(TEXTS, return_dense=True, return_sparse=True, return_colbert_vecs=True)
    fixtures = []
    for index, text in enumerate(TEXTS):
        tokens = embedder.tokenizer([text], return_tensors="pt", return_token_type_ids=False)
        raw = embedder.model(tokens, return_sparse=True, return_colbert_vecs=True)
        weights = {int(token): float(str(weight)) for token, weight in made["lexical_weights"][index].items()}
        fixtures.append(
            {
                "ids": tokens["input_ids"][0].tolist(),
                "tokenWeights": plain(raw["sparse_vecs"][0, :, 0].numpy()),
                "dense": plain(raw["dense_vecs"][0].numpy()),
                "colbert": plain(raw["colbert_vecs"][0].numpy()),
                "lexicalWeights": [[token, weights[token]] for token in sorted(weights)],
                "colbertCount": len(made["colbert_vecs"][index]),
            }
        )
    return fixtures


def pair_fixtures(embedder: M3Embedder) -> list[dict]:
    """Each query with each passage and all weights, each pair scored alone: without padding."""
    made = embedder.encode(TEXTS, return_dense=False, return_sparse=True, return_colbert_vecs=True)
    lexical, vectors = made["lexical_weights"], made["colbert_vecs"]
    overlaps = embedder.compute_lexical_matching_score(lexical, lexical)
    fixtures = []
    for query, passage in product(QUERIES, PASSAGES):
        pair = (TEXTS[query], TEXTS[passage])
        runs = [embedder.compute_score(pair, weights_for_different_modes=weights) for weights in WEIGHTS]
        fixtures.append(
            {
                "query": query,
                "passage": passage,
                "dense": runs[0]["dense"],
                "sparse": runs[0]["sparse"],
                "colbert": runs[0]["colbert"],
                "lexicalMatching": float(overlaps[query][passage]),
                "colbertScore": float(embedder.colbert_score(vectors[query], vectors[passage])),
                "hybrids": [
                    {"weights": weights, "denseSparse": run["sparse+dense"], "all": run["colbert+sparse+dense"]}
                    for weights, run in zip(WEIGHTS, runs, strict=True)
                ],
            }
        )
    return fixtures


def random_fixtures(embedder: M3Embedder) -> list[dict]:
    """Scores of unit vectors in all directions: of the pair, and of the pair in a batch that pads it by one."""
    rng = np.random.default_rng(11)
    fixtures = []
    for queries, passages, width in RANDOM_SHAPES:
        sides = [rng.standard_normal((rows, width)).astype(np.float32) for rows in (queries, passages)]
        query, passage = (side / np.linalg.norm(side, axis=1, keepdims=True) for side in sides)
        padded = embedder.model.compute_colbert_score(
            torch.from_numpy(query)[None],
            torch.from_numpy(np.pad(passage, ((0, 1), (0, 0))))[None],
            # The reference counts the query's tokens with the first, which has no vector.
            q_mask=torch.ones(1, queries + 1),
        )
        fixtures.append(
            {
                "query": plain(query),
                "passage": plain(passage),
                "score": float(embedder.colbert_score(query, passage)),
                "paddedScore": float(padded),
            }
        )
    return fixtures


def main() -> None:
    """Command line entry."""
    torch.manual_seed(5)
    with tempfile.TemporaryDirectory() as folder:
        embedder = make_embedder(folder)
        content = {
            "versions": {name: version(name) for name in PACKAGES},
            "texts": text_fixtures(embedder),
            "pairs": pair_fixtures(embedder),
            "random": random_fixtures(embedder),
        }
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(content) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
