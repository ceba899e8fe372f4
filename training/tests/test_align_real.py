"""Real pairs: features of the sample photos by the shipped image tower, their titles by the shipped text tower."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from PIL import Image
from training.align.captions import Caption
from training.align.image_features import PictureFiles, StoredFeatures, feature_rows
from training.align.pairs import Pairs, pair_up
from training.align.projector import Head, make_projector
from training.align.settings import Settings
from training.align.task import Task, held_out_recall
from training.align.text_embeddings import open_text_space, text_rows
from training.align.towers import Inputs
from training.align.train import Rhythm, train
from training.mini.pictures import crop, pixels
from training.tests.align_task import NoTower

PUBLIC = Path(__file__).resolve().parents[2] / "public"
MINI = PUBLIC / "models" / "mini"
CPU = torch.device("cpu")


class ShippedBackbone:
    """The shipped image tower up to its pooled features, which go into its first matrix product."""

    module, public = torch.nn.Identity(), False

    def __init__(self) -> None:
        manifest = json.loads((MINI / "manifest.json").read_text(encoding="utf-8"))
        self.model, self.side = manifest["files"]["image.onnx"]["sha256"], manifest["image"]["geometry"]["width"]
        model = onnx.load(MINI / "image.onnx")
        pooled = next(node for node in model.graph.node if node.op_type in ("Gemm", "MatMul")).input[0]
        model.graph.output.insert(0, onnx.helper.make_tensor_value_info(pooled, onnx.TensorProto.FLOAT, None))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options)
        self.output = pooled
        self.width = 1280

    def prepare(self, pictures: list[Image.Image]) -> Inputs:
        return {"pixels": torch.from_numpy(np.stack([pixels(crop(picture, self.side)) for picture in pictures]))}

    def features(self, inputs: Inputs) -> torch.Tensor:
        return torch.from_numpy(self.session.run([self.output], {"pixels": inputs["pixels"].numpy()})[0])

    def open_last(self, layers: int) -> None:
        assert layers == 0


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pairs, np.ndarray, np.ndarray]:
    """Pairs, pooled features [120,1280] and text rows of the sample photos: title and file name as captions."""
    work = tmp_path_factory.mktemp("real")
    described = json.loads((PUBLIC / "samples" / "samples.json").read_text(encoding="utf-8"))
    captions = [
        Caption(entry["file"], text, "eng", "")
        for entry in described
        for text in (entry["title"], Path(entry["file"]).stem.replace("-", " "))
    ]
    pairs = pair_up(captions, held_out=len(described) // 3)
    files = PictureFiles(PUBLIC / "samples", pairs.pictures, ShippedBackbone(), 2)
    features = feature_rows(work / "features.safetensors", files, CPU)
    return pairs, features, text_rows(work / "texts.safetensors", pairs.texts, open_text_space(MINI, CPU))


@pytest.mark.parametrize("loss", ["sigmoid", "infonce"])
def test_held_out_photos_are_found_by_their_titles(
    real: tuple[Pairs, np.ndarray, np.ndarray], tmp_path: Path, loss: str
) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    pairs, features, texts = real
    head = Head(make_projector(features.shape[1], texts.shape[1]))
    task = Task(pairs, StoredFeatures(features), NoTower(), head, texts, "mini", CPU)
    settings = Settings(
        loss=loss, batch=40, captions_per_picture=2, epochs=30, learning_rate=1e-3, scale_rate=10, warmup=5
    )
    before = held_out_recall(task, settings)["text_to_image"]["R@10"]
    after = train(task, settings, tmp_path, Rhythm(log=1))["text_to_image"]["R@10"]
    losses = [json.loads(line).get("loss") for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    losses = [value for value in losses if value is not None]
    print(f"{loss}: loss {losses[0]:.2f} → {losses[-1]:.2f}, held-out R@10 {before:.3f} → {after:.3f}")
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])
    assert after > before + 0.2
