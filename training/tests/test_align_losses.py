"""The losses against sums done by hand, finite differences and the slip of the published code."""

import math

import pytest
import torch
from torch import Tensor
from training.align.losses import LOSSES, clamp_scale, infonce_loss, logits_of, sigmoid_loss

LOGITS = torch.tensor([[2.0, -1.0, 0.5], [0.0, 1.0, -3.0], [1.5, -2.0, -0.5]], dtype=torch.float64)
ONE_EACH = torch.eye(3, dtype=torch.bool)
# Four texts for three pictures; the second text belongs to two of them.
SEVERAL = torch.tensor([[True, True, False, False], [False, True, True, False], [False, False, False, True]])


def softplus(x: float) -> float:
    """−log σ(−x)."""
    return math.log1p(math.exp(x))


def test_sigmoid_loss_is_the_sum_over_all_nine_pairs() -> None:
    right = softplus(-2.0) + softplus(-1.0) + softplus(0.5)
    wrong = softplus(-1.0) + softplus(0.5) + softplus(0.0) + softplus(-3.0) + softplus(1.5) + softplus(-2.0)
    assert sigmoid_loss(LOGITS, ONE_EACH).item() == pytest.approx((right + wrong) / 3, abs=1e-12)


def test_wrong_pairs_are_pushed_apart() -> None:
    """Multiplying by the identity instead of ±1 would give wrong pairs a constant loss and no gradient."""
    logits = LOGITS.clone().requires_grad_(True)
    sigmoid_loss(logits, ONE_EACH).backward()
    # d/dx of softplus(x) is σ(x), of softplus(−x) it is σ(x) − 1; each over B = 3.
    expected = (torch.sigmoid(LOGITS) - ONE_EACH.double()) / 3
    assert torch.allclose(logits.grad, expected, atol=1e-12)
    assert (logits.grad[~ONE_EACH] > 0.01).all()
    slip = -torch.nn.functional.logsigmoid(torch.eye(3) * LOGITS).sum() / 3
    assert abs(slip.item() - sigmoid_loss(LOGITS, ONE_EACH).item()) > 0.1


def test_sigmoid_loss_with_several_captions() -> None:
    logits = torch.tensor([[1.0, 2.0, -1.0, 0.0]] * 3, dtype=torch.float64)
    rows = [
        softplus(-1.0) + softplus(-2.0) + softplus(-1.0) + softplus(0.0),
        softplus(1.0) + softplus(-2.0) + softplus(1.0) + softplus(0.0),
        softplus(1.0) + softplus(2.0) + softplus(-1.0) + softplus(0.0),
    ]
    assert sigmoid_loss(logits, SEVERAL).item() == pytest.approx(sum(rows) / 3, abs=1e-12)


def test_infonce_with_one_caption_is_the_mean_of_both_cross_entropies() -> None:
    def entropy(logits: list[float], right: int) -> float:
        return math.log(sum(math.exp(x) for x in logits)) - logits[right]

    rows = [entropy(row, i) for i, row in enumerate(LOGITS.tolist())]
    columns = [entropy(column, i) for i, column in enumerate(LOGITS.T.tolist())]
    assert infonce_loss(LOGITS, ONE_EACH).item() == pytest.approx((sum(rows) + sum(columns)) / 6, abs=1e-12)


def test_infonce_with_several_captions_is_the_mean_over_the_right_ones() -> None:
    logits = torch.zeros(3, 4, dtype=torch.float64)
    logits[0, 0] = math.log(2)
    # Row 0: p = 2/5 and 1/5; row 1: twice 1/4; row 2: 1/4. Columns: 2/4; twice 1/3; 1/3; 1/3.
    rows = (-(math.log(2 / 5) + math.log(1 / 5)) / 2 + math.log(4) + math.log(4)) / 3
    columns = (math.log(2) + math.log(3) * 3) / 4
    assert infonce_loss(logits, SEVERAL).item() == pytest.approx((rows + columns) / 2, abs=1e-12)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("positive", [ONE_EACH, SEVERAL])
def test_gradients_are_finite_differences(name: str, positive: Tensor) -> None:
    generator = torch.Generator().manual_seed(1)
    images, texts = (
        torch.nn.functional.normalize(torch.randn(n, 5, generator=generator, dtype=torch.float64), dim=1)
        for n in positive.shape
    )
    log_scale = torch.tensor(math.log(10), dtype=torch.float64, requires_grad=True)
    bias = torch.tensor([-4.0], dtype=torch.float64, requires_grad=True)

    def loss(images: Tensor, log_scale: Tensor, bias: Tensor) -> Tensor:
        return LOSSES[name](logits_of(images, texts, log_scale, bias), positive)

    assert torch.autograd.gradcheck(loss, (images.requires_grad_(True), log_scale, bias))
    loss(images, log_scale, bias).backward()
    step = 1e-6
    with torch.no_grad():
        by_scale = (loss(images, log_scale + step, bias) - loss(images, log_scale - step, bias)) / (2 * step)
        by_bias = (loss(images, log_scale, bias + step) - loss(images, log_scale, bias - step)) / (2 * step)
    assert log_scale.grad.item() == pytest.approx(by_scale.item(), rel=1e-6)
    assert bias.grad.item() == pytest.approx(by_bias.item(), rel=1e-6, abs=1e-9)
    assert abs(log_scale.grad.item()) > 1e-3
    assert (abs(bias.grad.item()) > 1e-3) == (name == "sigmoid")


def test_large_logits_stay_finite() -> None:
    logits = torch.tensor([[-200.0, 200.0], [200.0, -200.0]])
    for loss in LOSSES.values():
        assert torch.isfinite(loss(logits, torch.eye(2, dtype=torch.bool)))


def test_the_scale_has_an_upper_bound() -> None:
    log_scale = torch.nn.Parameter(torch.tensor(9.0))
    clamp_scale(log_scale)
    assert log_scale.exp().item() == pytest.approx(100, rel=1e-5)
