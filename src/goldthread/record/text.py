"""Text that people write, before it is stored."""

from goldthread.record.errors import Invalid


def clean_text(text: str, *, field: str, limit: int, required: bool = True) -> str:
    """Trimmed text with plain line ends. Invalid for NUL characters, nothing where something is required, or too much."""
    found = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if "\x00" in found:
        raise Invalid(
            field, "The text has an invisible character (NUL) that cannot be stored. Type it again without copying."
        )
    if required and not found:
        raise Invalid(field, "Write something here first.")
    if len(found) > limit:
        raise Invalid(field, f"This is {len(found):,} characters long. Use {limit:,} or fewer.")
    return found
