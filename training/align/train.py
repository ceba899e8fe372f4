"""The training loop: frozen texts, a projector and perhaps the last layers of the tower."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from .batches import Batch, Batches
from .checkpoint import read_progress, write_progress, write_public
from .errors import InputError
from .files import digest
from .image_features import StoredFeatures
from .learner import Learner
from .log import Log
from .settings import Settings
from .task import Task, held_out_recall
from .towers import Inputs


@dataclass(frozen=True)
class Rhythm:
    """What happens beside the steps; none of it changes the weights."""

    evaluate: int = 500
    """Steps between evaluations; there is one before the first step and one after the last."""
    save: int = 500
    """Steps between checkpoints."""
    log: int = 10
    """Steps between lines of the log."""

    def __post_init__(self) -> None:
        """Checks every field once."""
        for field, value in asdict(self).items():
            if value < 1:
                raise InputError(f"{field} every: got {value}, expected at least 1")


def identity(task: Task, settings: Settings) -> dict[str, object]:
    """What must be the same for a stopped run to go on."""
    spoken = [row.tolist() for row in task.pairs.texts_of]
    data = digest([task.pairs.pictures, task.pairs.texts, spoken, task.pairs.test.tolist()])
    models = {"vision tower": task.tower.model, "text encoder": task.text_model}
    return {**asdict(settings), "captions and split": data, **models}


def train(
    task: Task, settings: Settings, work: Path, rhythm: Rhythm, on_step: Callable[[int, float], None] = lambda *_: None
) -> dict[str, dict]:
    """Trains, or goes on with, the run in `work`, and returns the held-out R@K at its end.

    Writes `training.pt` (to go on from), `log.jsonl` and, when done, `model_checkpoint.pt`.
    """
    if settings.open_layers and isinstance(task.source, StoredFeatures):
        raise InputError(f"open_layers: got {settings.open_layers}, expected 0 with stored features")
    task.head.to(task.device)
    if not isinstance(task.source, StoredFeatures):
        task.tower.module.to(task.device)
    batches = Batches(task.pairs, settings.batch, settings.captions_per_picture, settings.seed)
    steps = settings.epochs * batches.per_epoch
    learner, run = Learner(task, settings), identity(task, settings)
    progress = work / "training.pt"
    for left_by_a_killed_run in work.glob(f"{progress.name}.*.tmp"):
        left_by_a_killed_run.unlink()
    stored = read_progress(progress, run) if progress.exists() else None
    if stored:
        learner.restore(stored)
    first = stored["step"] if stored else 0
    recall: dict[str, dict] | None = None
    log = Log(work / "log.jsonl", first if stored else -1)

    def prepared(step: int) -> tuple[Batch, Inputs]:
        batch = batches.at(step)
        return batch, task.source.load(batch.pictures)

    def pause(step: int) -> None:
        """What is due between two steps; the log before the checkpoint, which cuts it to its own step."""
        nonlocal recall
        if step % rhythm.evaluate == 0 or step == steps:
            recall = held_out_recall(task, settings)
            log.write({"step": step, **recall})
        if step % rhythm.save == 0 or step == steps:
            write_progress(progress, {"run": run, "step": step, **learner.state()})

    with log, ThreadPoolExecutor(1) as ahead:
        if not stored:
            pause(0)
        following = ahead.submit(prepared, first) if first < steps else None
        for step in range(first, steps):
            batch, inputs = following.result()
            following = ahead.submit(prepared, step + 1) if step + 1 < steps else None
            rate, done = settings.rate(step, steps), step + 1
            loss, norm = learner.step(batch, inputs, rate)
            if done % rhythm.log == 0 or done == steps:
                scale, bias = task.head.logit_scale.exp().item(), task.head.logit_bias.item()
                log.write({"step": done, "loss": loss, "rate": rate, "norm": norm, "scale": scale, "bias": bias})
            pause(done)
            on_step(done, loss)
    write_public(work / "model_checkpoint.pt", task.head, task.tower.module if task.tower.public else None)
    return recall or held_out_recall(task, settings)
