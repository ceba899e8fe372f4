"""What is wrong with a checkpoint, told to a person."""


class CheckpointError(ValueError):
    """Names the file, the field in it, what was got and what was expected."""
