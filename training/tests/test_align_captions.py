"""Caption files, what is refused of them, and how captions become pairs and batches."""

import json
from pathlib import Path

import numpy as np
import pytest
from training.align.batches import Batches
from training.align.captions import Caption, read_captions
from training.align.errors import InputError
from training.align.evaluate import best_ranks, evaluate
from training.align.pairs import language_balanced, pair_up
from training.tests.align_task import pairs_of


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_json_lines_and_tables_say_the_same(tmp_path: Path) -> None:
    rows = [Caption("a/1.jpg", 'a "big", dog', "eng", "train"), Caption("2.jpg", "犬", "und", "test")]
    lines = (
        '\ufeff{"image": "a/1.jpg", "caption": " a \\"big\\", dog ", "language": "eng", "split": "train"}\r\n\n'
        '{"image": "2.jpg", "caption": "犬", "split": "test", "other": 1}\n'
    )
    tab = 'image\tcaption\tlanguage\tsplit\na/1.jpg\ta "big", dog\teng\ttrain\n2.jpg\t犬\t\ttest\n'
    comma = 'split,image,caption,language\ntrain,a/1.jpg,"a ""big"", dog",eng\ntest,2.jpg,犬,\n'
    for name, content in (("c.jsonl", lines), ("c.tsv", tab), ("c.csv", comma), ("captions.txt", comma)):
        assert read_captions(written(tmp_path, name, content)) == rows


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("c.jsonl", '{"image": "1.jpg"}\n', r"c\.jsonl:1: field 'caption': got null, expected a text"),
        ("c.jsonl", '{"image": 3, "caption": "x"}\n', r"c\.jsonl:1: field 'image': got 3, expected a text"),
        ("c.jsonl", '{"image": "1.jpg", "caption": " "}\n', r":1: field 'caption': got \" \", expected a text"),
        ("c.jsonl", '{"image": "1.jpg", "caption": "x"}\n{"image"\n', r"c\.jsonl:2: not JSON"),
        ("c.jsonl", "[1]\n", r"c\.jsonl:1: expected an object"),
        ("c.jsonl", b'{"image": "1.jpg", "caption": "\xff"}\n', r"c\.jsonl:1: not UTF-8"),
        ("c.jsonl", '{"image": "../1.jpg", "caption": "x"}\n', r":1: field 'image': .* below the picture folder"),
        ("c.jsonl", '{"image": "1.jpg", "caption": "x", "split": "dev"}\n', r":1: field 'split': got 'dev'"),
        ("c.jsonl", '{"image": "1.jpg", "caption": "x", "language": 7}\n', r":1: field 'language': got 7"),
        ("c.jsonl", "\n", r"c\.jsonl: no captions"),
        ("c.tsv", "image\ttext\n1.jpg\tx\n", r"c\.tsv:1: field 'caption': no such column; got image, text"),
        ("c.tsv", "image\tcaption\n1.jpg\tx\n1.jpg\n", r"c\.tsv:3: got 1 fields, expected 2"),
        ("c.tsv", b"image\tcaption\n1.jpg\tx\n1.jpg\t\xff\n", r"c\.tsv:3: not UTF-8"),
        ("c.csv", 'image,caption\n1.jpg,"x\n', r"c\.csv:2: not a table row"),
        ("c.csv", "", r"c\.csv:1: field 'image': no such column; got nothing"),
        ("c.parquet", "", r"c\.parquet: got the ending '\.parquet', expected one of \.jsonl"),
    ],
)
def test_broken_rows_are_named(tmp_path: Path, name: str, content: str | bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_captions(written(tmp_path, name, content))


def test_all_broken_rows_are_told_at_once_but_not_thousands(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_captions(written(tmp_path, "c.jsonl", "x\n" * 30))
    assert "c.jsonl: 30 broken fields" in str(caught.value)
    assert "c.jsonl:10:" in str(caught.value)
    assert "c.jsonl:11:" not in str(caught.value)
    assert "… and 20 more" in str(caught.value)
    with pytest.raises(InputError, match="no such caption file"):
        read_captions(tmp_path / "missing.jsonl")


def test_texts_that_pictures_share_are_one_text() -> None:
    rows = [Caption("1", "dog", "eng", ""), Caption("2", "dog", "nld", ""), Caption("2", "cat", "eng", "")]
    pairs = pair_up([*rows, rows[0], Caption("3", "cow", "eng", "")], held_out=1)
    assert pairs.texts == ["dog", "cat", "cow"]
    assert [row.tolist() for row in pairs.texts_of] == [[0], [0, 1], [2]]
    assert pairs.languages_of[0] == {"eng", "nld"}
    assert sorted([*pairs.train, *pairs.test]) == [0, 1, 2]


def test_held_out_pictures_do_not_depend_on_the_order_of_rows() -> None:
    rows = [Caption(str(i), "x", "eng", "") for i in range(50)]
    one, other = pair_up(rows, 10), pair_up(rows[::-1], 10)
    assert {one.pictures[i] for i in one.test} == {other.pictures[i] for i in other.test}
    assert len(one.test) == 10
    assert pair_up(rows, 10, seed=1).test.tolist() != one.test.tolist()


def test_the_file_may_say_what_is_held_out() -> None:
    rows = [Caption("1", "x", "eng", "test"), Caption("2", "x", "eng", "train"), Caption("3", "x", "eng", "")]
    pairs = pair_up(rows, held_out=0)
    assert (pairs.train.tolist(), pairs.test.tolist()) == ([1, 2], [0])
    with pytest.raises(InputError, match="field 'split': 1 is in 'train' and in 'test'"):
        pair_up([*rows, Caption("1", "y", "eng", "train")], 0)
    with pytest.raises(InputError, match="got 0 pictures to train on and 1 held out"):
        pair_up(rows[:1], 0)


def test_languages_are_drawn_alike() -> None:
    weights = language_balanced([{"eng"}, {"eng"}, {"eng"}, {"deu"}, {"deu", "fra"}])
    assert np.allclose(weights, np.array([1 / 3, 1 / 3, 1 / 3, 1 / 2, 3 / 2]) / 3)


def test_an_epoch_shows_every_picture_once_and_batches_depend_on_the_step_alone() -> None:
    pairs = pairs_of()
    batches = Batches(pairs, size=40, captions=3, seed=1)
    assert batches.per_epoch == 5
    for epoch in range(2):
        shown = np.concatenate([batches.at(epoch * 5 + i).pictures for i in range(5)])
        assert sorted(shown) == pairs.train.tolist()
    again = Batches(pairs, size=40, captions=3, seed=1).at(7)
    assert np.array_equal(again.pictures, batches.at(7).pictures)
    assert np.array_equal(again.texts, batches.at(7).texts)
    assert not np.array_equal(batches.at(2).pictures, batches.at(7).pictures)
    assert again.positive.sum(axis=1).tolist() == [3] * 40
    for row, picture in zip(again.positive, again.pictures, strict=True):
        assert set(again.texts[row]) <= set(pairs.texts_of[picture])
    with pytest.raises(InputError, match="batch: got 201, expected at most the 200 pictures"):
        Batches(pairs, size=201, captions=1, seed=1)


def test_a_shared_text_is_right_for_both_pictures() -> None:
    rows = [Caption("1", "dog", "eng", ""), Caption("2", "dog", "eng", ""), Caption("3", "x", "eng", "test")]
    batch = Batches(pair_up(rows, 0), size=2, captions=1, seed=0).at(0)
    assert batch.texts.tolist() == [0]
    assert batch.positive.tolist() == [[True], [True]]


def test_the_best_right_answer_counts_and_ties_count_against_it() -> None:
    items = np.eye(4, dtype=np.float32)
    queries = np.array([[0.9, 0.5, 0.1, 0], [0.9, 0.5, 0.1, 0], [0, 0, 0, 0]], dtype=np.float32)
    assert best_ranks(queries, items, [np.array([1, 2]), np.array([0, 3]), np.array([0])]).tolist() == [2, 1, 4]


def test_recall_in_both_directions_and_by_language() -> None:
    rows = [
        Caption("1", "dog", "eng", "test"), Caption("1", "Hund", "deu", "test"),
        Caption("2", "cat", "eng", "test"), Caption("3", "x", "eng", ""),
    ]  # fmt: skip
    pairs = pair_up(rows, 0)
    texts = np.array([[1, 0], [0, 1], [0, 1], [1, 1]], dtype=np.float16)
    result = evaluate(pairs, np.array([[1, 0], [0, 1]], dtype=np.float32), texts, by_language=True)
    assert result["text_to_image"]["R@1"] == pytest.approx(2 / 3)
    assert result["text_to_image"]["R@5"] == 1
    # "cat" ties with "Hund" for picture 2, which counts against it.
    assert result["image_to_text"]["R@1"] == pytest.approx(0.5)
    assert {lang: found["R@1"] for lang, found in result["by_language"].items()} == {"deu": 0, "eng": 1}
    with pytest.raises(InputError, match="not finite"):
        evaluate(pairs, np.full((2, 2), np.nan, dtype=np.float32), texts)


def test_a_row_may_be_written_by_json(tmp_path: Path) -> None:
    row = {"image": "1.jpg", "caption": "línea\u2028two"}
    assert read_captions(written(tmp_path, "c.jsonl", json.dumps(row, ensure_ascii=False)))[0].text == row["caption"]
