"""The append-only event journal, its seals and their verification; and the database it stands on. Knows only ids."""
