"""The two losses over all pairs of a batch, several right captions per picture allowed."""

import torch
from torch import Tensor
from torch.nn import functional as F


def logits_of(images: Tensor, texts: Tensor, log_scale: Tensor, bias: Tensor) -> Tensor:
    """exp(log_scale)·x_i·y_j + bias for unit rows x [B,D] and y [M,D]: [B,M]."""
    return log_scale.exp() * (images @ texts.T) + bias


def sigmoid_loss(logits: Tensor, positive: Tensor) -> Tensor:
    """Σ_ij −log σ(z_ij·logit_ij) / B, z = +1 where `positive` [B,M], −1 elsewhere.

    Eq. 1 of SigLIP (Zhai et al. 2023, arXiv 2303.15343) with any number of captions per picture. Every
    wrong pair counts, too: multiplying by the identity instead of by z makes them all log σ(0), constant,
    and nothing would push wrong pairs apart.
    """
    signs = positive.to(logits.dtype) * 2 - 1
    return -F.logsigmoid(signs * logits).sum() / logits.shape[0]


def infonce_loss(logits: Tensor, positive: Tensor) -> Tensor:
    """Mean of both directions' cross-entropy; with several positives, the mean over them of −log p.

    One positive each gives CLIP's loss (Radford et al. 2021, arXiv 2103.00020); several, the L_out of
    supervised contrastive learning (Khosla et al. 2020, arXiv 2004.11362). A constant added to all logits
    changes nothing, so a bias is not trained by it.
    """
    weights = positive.to(logits.dtype)
    per_picture = (weights * F.log_softmax(logits, dim=1)).sum(1) / weights.sum(1)
    per_text = (weights * F.log_softmax(logits, dim=0)).sum(0) / weights.sum(0)
    return -(per_picture.mean() + per_text.mean()) / 2


LOSSES = {"sigmoid": sigmoid_loss, "infonce": infonce_loss}


def clamp_scale(log_scale: Tensor, largest: float = 100.0) -> None:
    """CLIP's bound on the scale, in place; InfoNCE would let it grow without end on few pictures."""
    with torch.no_grad():
        log_scale.clamp_(max=torch.tensor(largest).log().item())
