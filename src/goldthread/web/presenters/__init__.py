"""All wording and formatting. Presenters take what queries found and say it; templates only lay it out."""
