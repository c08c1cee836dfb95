"""What is wrong with a policy file, and where: every problem names its rule, its key and what would be right."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

#: The key of the one problem of a text that is not TOML at all.
SYNTAX = "TOML"
#: Names in messages are cut there.
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Problem:
    """Something that must be put right; `line` counts from 1 and is None where it cannot be told."""

    rule: str | None
    key: str
    message: str
    suggestion: str | None = None
    line: int | None = None


def shown(value: object) -> str:
    """A value as it may stand in a message."""
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def nearest(word: object, known: Iterable[str]) -> str | None:
    """A question that helps after a slip of the pen: did you mean 'moderate'?"""
    names = list(known)
    if not isinstance(word, str):
        return None
    found = difflib.get_close_matches(word.lower(), [name.lower() for name in names], 1, 0.6)
    if not found:
        return None
    return f"did you mean {next(name for name in names if name.lower() == found[0])!r}?"


def listed(names: Iterable[str]) -> str:
    """`a, b or c`; a long list is cut."""
    all_names = list(names)
    shortened = all_names[:12]
    if len(all_names) > len(shortened):
        return ", ".join(shortened) + ", …"
    return " or ".join([", ".join(shortened[:-1]), shortened[-1]] if len(shortened) > 1 else shortened)


_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]#]+?)\s*\]\]?\s*(#.*)?$")


class Lines:
    """Where things stand in the text, found by looking for them: good enough to lead a person there."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        headers = [(at, found[1], found[2]) for at, line in enumerate(self._lines) if (found := _HEADER.match(line))]
        self._headers = [(at, kind, re.sub(r"[\s\"']", "", name)) for at, kind, name in headers]

    def section(self, name: str, nth: int | None = None) -> tuple[int, int] | None:
        """First line and end (exclusive) of `[name]`, or of the nth `[[name]]`, with its sub-tables; counted from 0."""
        bare = re.sub(r"[\s\"']", "", name)
        starts = [at for at, kind, found in self._headers if found == bare and (kind == "[[") == (nth is not None)]
        if len(starts) <= (nth or 0):
            return None
        start = starts[nth or 0]
        beyond = (
            at for at, _, found in self._headers if at > start and (not found.startswith(bare + ".") or found == bare)
        )
        return start, next(beyond, len(self._lines))

    def find(self, keys: Iterable[str], within: tuple[int, int] | None, value: object = None) -> int | None:
        """The line (from 1) of the first key that is there, or of the value from there on; else where the section begins."""
        start, end = within or (0, len(self._lines))
        found = next((at for key in keys for at in self._matching(_key_pattern(key), start, end)), None)
        if isinstance(value, str):
            quoted = re.compile(rf"[\"']{re.escape(value)}[\"']")
            found = next(self._matching(quoted, start if found is None else found, end), found)
        if found is not None:
            return found + 1
        return start + 1 if within else None

    def _matching(self, pattern: re.Pattern[str], start: int, end: int) -> Iterator[int]:
        return (at for at in range(start, end) if pattern.search(self._lines[at].split(" # ")[0]))


def _key_pattern(key: str) -> re.Pattern[str]:
    """A key before its value, or in a heading."""
    bare = rf"[\"']?{re.escape(key)}[\"']?"
    return re.compile(rf"(?<![\w.-]){bare}\s*[=.]|^\s*\[[^\]]*(?<![\w-]){bare}(?![\w-])")


@dataclass
class Place:
    """One table of the file while it is read; collects problems, so that one reading names them all."""

    problems: list[Problem]
    lines: Lines
    table: dict[str, Any]
    key: str
    rule: str | None = None
    section: tuple[int, int] | None = None

    def wrong(self, key: str, message: str, suggestion: str | None = None, *, near: object = None) -> None:
        """Note a problem at a key of this table; `near` is the offending value, to find its line."""
        full = ".".join(part for part in (self.key, key) if part)
        keys = [word for word in (key.split(".")[-1], self.key.split(".")[-1]) if word]
        line = self.lines.find(keys, self.section, near)
        self.problems.append(Problem(self.rule, full, message, suggestion, line))

    def inside(self, key: str, table: dict[str, Any]) -> "Place":
        """A table within this one."""
        full = ".".join(part for part in (self.key, key) if part)
        return Place(self.problems, self.lines, table, full, self.rule, self.section)

    def only(self, known: Iterable[str]) -> None:
        """Every key must be one of these."""
        names = tuple(known)
        for key in self.table:
            if key not in names:
                self.wrong(key, f"{key!r} is not a key here; there are: {listed(names)}", nearest(key, names))

    def text(self, key: str, *, needed: bool = False, one_of: tuple[str, ...] = (), default: str = "") -> str:
        """A text, possibly one of a few."""
        value = self.table.get(key)
        if value is None:
            if needed:
                self.wrong(key, f"{key} is missing" + (f": {listed(one_of)}" if one_of else ""))
            return default
        if not isinstance(value, str):
            self.wrong(key, f"must be a text in quotes, not {shown(value)}", near=value)
        elif needed and not value.strip():
            self.wrong(key, f"{key} is empty")
        elif one_of and value not in one_of:
            self.wrong(
                key, f"{shown(value)} is not known; there are: {listed(one_of)}", nearest(value, one_of), near=value
            )
        else:
            return value
        return default

    def number(self, key: str, *, least: int | None = None, needed: bool = False) -> int | None:
        """A whole number."""
        value = self.table.get(key)
        if value is None:
            if needed:
                self.wrong(key, f"{key} is missing: a whole number" + ("" if least is None else f", {least} or more"))
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(key, f"must be a whole number, not {shown(value)}", near=value)
        elif least is not None and value < least:
            self.wrong(key, f"must be {least} or more, not {value}")
        else:
            return value
        return None

    def flag(self, key: str) -> bool | None:
        """true or false."""
        value = self.table.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(key, f"must be true or false, not {shown(value)}", near=value)
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.table.get(key, [])
        if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
            return tuple(value)
        hint = f"write {key} = [{shown(value)}]" if isinstance(value, str) else None
        self.wrong(key, f"must be a list of texts in brackets, not {shown(value)}", hint, near=value)
        return ()

    def tables(self, key: str) -> list[dict[str, Any]]:
        """The tables of `[[key]]`."""
        value = self.table.get(key, [])
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            return value
        self.wrong(key, f"must be written as [[{key}]], once for each")
        return []

    def named(self, key: str) -> dict[str, dict[str, Any]]:
        """The tables of `[key.NAME]` by name."""
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, f"must be written as [{key}.NAME]")
            return {}
        for name, one in value.items():
            if not isinstance(one, dict):
                self.wrong(f"{key}.{name}", f"must be a table, written as [{key}.{name}]")
        return {name: one for name, one in value.items() if isinstance(one, dict)}
