"""The two architectures as transformers configures them."""

from transformers import Siglip2VisionConfig, SiglipVisionConfig, XLMRobertaConfig

from .configs import TextConfig, VisionConfig


def text_config(config: TextConfig) -> XLMRobertaConfig:
    """As transformers names the fields."""
    return XLMRobertaConfig(
        vocab_size=config.vocabulary,
        hidden_size=config.width,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        intermediate_size=config.hidden,
        max_position_embeddings=config.positions,
        type_vocab_size=config.types,
        layer_norm_eps=config.eps,
        pad_token_id=config.pad,
    )


def vision_config(config: VisionConfig) -> Siglip2VisionConfig | SiglipVisionConfig:
    """As transformers names the fields."""
    shared = {
        "hidden_size": config.width,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "intermediate_size": config.hidden,
        "patch_size": config.patch,
        "layer_norm_eps": config.eps,
    }
    if config.side is None:
        return Siglip2VisionConfig(num_patches=config.positions, **shared)
    return SiglipVisionConfig(image_size=config.side, **shared)
