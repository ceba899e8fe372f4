"""The text tower: table → two small transformer layers → mean → 384-d unit vector."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .tokenizer import MAX_TOKENS, PAD, VOCABULARY

WIDTH, HEADS, HIDDEN, LAYERS, DIMENSION = 256, 4, 512, 2, 384
# A table row is stored as 4-bit codes −7…7 times one scale. The scale cuts the largest values off, which
# costs less than a coarser step for all the others.
LEVELS, CUT = 7, 0.85


def codes_of(rows: Tensor) -> tuple[Tensor, Tensor]:
    """Rows [...,W] → whole codes from −7 to 7 [...,W] and scales [...,1]."""
    scale = rows.abs().amax(-1, keepdim=True).clamp(min=1e-8) * (CUT / LEVELS)
    return (rows / scale).round().clamp(-LEVELS, LEVELS), scale


def as_stored(rows: Tensor) -> Tensor:
    """The rows as they will be after storage; gradients pass as if nothing had happened (straight-through
    estimator, Bengio et al. 2013, arXiv 1308.3432)."""
    codes, scale = codes_of(rows.detach())
    return rows + (codes * scale - rows.detach())


class Layer(nn.Module):
    """Pre-norm transformer layer. Its output projections start at zero, so that a new layer changes
    nothing and the table can be trained alone first."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH)
        for last in (self.out, self.down):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """x [B,T,W]; bias [B,1,1,T] is 0 for real tokens and very negative for padding."""
        batch, tokens = x.shape[0], x.shape[1]
        qkv = self.qkv(self.norm1(x)).view(batch, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], attn_mask=bias)
        x = x + self.out(attended.transpose(1, 2).reshape(batch, tokens, WIDTH))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class TextEncoder(nn.Module):
    """Token ids [B,T] (0 length never occurs) and mask [B,T] → L2-normalised rows [B,384]."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(VOCABULARY, WIDTH, padding_idx=PAD, sparse=True)
        self.positions = nn.Parameter(torch.zeros(MAX_TOKENS, WIDTH))
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, DIMENSION)
        nn.init.normal_(self.table.weight, std=0.05)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """One unit vector per row."""
        return self.pool(self.contextualise(as_stored(self.table(ids)), mask), mask)

    def static(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The same without the transformer and in full precision: how the table is trained first."""
        return self.pool(self.table(ids), mask)

    def contextualise(self, x: Tensor, mask: Tensor) -> Tensor:
        """Table rows [B,T,W] through the layers."""
        x = x + self.positions[: x.shape[1]]
        bias = ((1.0 - mask.to(x.dtype)) * -1e9)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def pool(self, x: Tensor, mask: Tensor) -> Tensor:
        """Mean over real tokens of the normalised states, projected and L2-normalised."""
        weights = mask.to(x.dtype).unsqueeze(-1)
        mean = (self.norm(x) * weights).sum(1) / weights.sum(1)
        return F.normalize(self.head(mean), dim=-1)
