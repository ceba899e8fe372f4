"""What is wrong with an input, said so that its owner can mend it."""

from collections.abc import Sequence

SHOWN = 10


class InputError(ValueError):
    """A file or a setting cannot be used; the message names file and field, what was got and expected."""


def refuse(problems: Sequence[str], summary: str) -> None:
    """Raises one error for all `problems`, the first few spelled out; does nothing when there are none."""
    if problems:
        more = f"\n  … and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        raise InputError(f"{summary}\n  " + "\n  ".join(problems[:SHOWN]) + more)
