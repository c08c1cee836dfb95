"""A file as blocks of CSV ready for COPY, line number first. Memory stays flat however long a CSV file is.

Blocks of plain lines go through nearly as they are. Blocks with quotes, blanks around cells or lines of another length are
read cell by cell. Spreadsheets (XLSX, ODS) are read whole, as their format demands.
"""

import codecs
import csv
import hashlib
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from goldthread.files import FileProblem, read_table

BLOCK = 1 << 20  # bytes read at a time
TEXT = (".csv", ".tsv", ".txt")
SHEETS = (".xlsx", ".ods")
_NOT_PLAIN = re.compile(rb'["\t\v\f\r\x1c-\x1f]|(?:^|[,\n]) | (?:[,\n]|$)')
_ODD_SPACE = re.compile(r"[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


class Unusable(Exception):
    """The file cannot be used; the message says which file, which line, what is wrong and what would be right."""


@dataclass
class Block:
    """Lines for COPY, how many rows of the file they stand for, and the rows that have the wrong number of cells."""

    csv: bytes
    rows: int
    refused: list[tuple[int, str]]


@dataclass
class Header:
    """The columns of a file in their order: the name asked for, or None where nobody asked."""

    columns: list[str | None]
    delimiter: str
    line: int


def plain(name: str) -> str:
    """A column's name without the accidents of spelling: `Trust Code` and `trust_code` are one."""
    return re.sub(r"[^0-9a-z]+", "_", name.casefold()).strip("_")


class Source:
    """One file on its way to COPY. `header` is known once opened; `digest` is whole once `blocks()` is used up."""

    def __init__(self, path: Path, wanted: Sequence[str], optional: Sequence[str], aliases: dict[str, str]) -> None:
        self.path, self.name = path, path.name
        self.wanted, self.optional, self.aliases = wanted, optional, aliases
        self.digest = hashlib.sha256()
        self._line = 0
        if path.suffix.lower() not in (*TEXT, *SHEETS):
            raise Unusable(
                f"{self.name}: files of the kind {path.suffix or 'without an ending'} are not read; "
                "save it as CSV in UTF-8 (.csv), or as .xlsx or .ods"
            )

    def blocks(self) -> Iterator[tuple[Header, Block]]:
        """The rows, block by block. Unusable where the file is no table of text."""
        try:
            if self.path.suffix.lower() in SHEETS:
                yield from self._sheet()
            else:
                with self.path.open("rb") as file:
                    yield from self._text(file)
        except OSError as error:
            raise Unusable(
                f"{self.name}: cannot be read ({error.strerror or error}); give a CSV file that exists"
            ) from None

    def match(self, cells: list[str], delimiter: str = ",", line: int = 1) -> Header:
        """Find the columns asked for, by their name, else by its plain spelling, else by a known other name."""
        asked = [*self.wanted, *self.optional]
        found: list[str | None] = [cell if cell in asked else None for cell in cells]
        for spelling in (plain, lambda cell: self.aliases.get(plain(cell), "")):
            for at, cell in enumerate(cells):
                name = next((name for name in asked if plain(name) == spelling(cell)), None)
                if found[at] is None and name and name not in found:
                    found[at] = name
        for name in asked:
            if cells.count(name) > 1:
                raise Unusable(f"{self.name}, line {line}: two columns are called {name!r}; names must differ")
            if name in self.wanted and name not in found:
                raise Unusable(
                    f"{self.name}, line {line}: there is no column {name!r}; the columns are: "
                    f"{', '.join(cells) or 'none'}; needed are: {', '.join(self.wanted)}"
                )
        return Header(found, delimiter, line)

    def _sheet(self) -> Iterator[tuple[Header, Block]]:
        with self.path.open("rb") as file:
            while part := file.read(BLOCK):
                self.digest.update(part)
        try:
            table = read_table(self.path)
        except FileProblem as problem:
            raise Unusable(str(problem)) from None
        header = self.match(list(table.columns))
        cells = list(table.columns.values())
        out = io.StringIO(newline="")
        write = csv.writer(out, lineterminator="\n")
        for at, line in enumerate(table.lines):
            write.writerow([line, *(column[at].replace("\0", "") for column in cells)])
        yield header, Block(out.getvalue().encode(), len(table.lines), [])

    def _text(self, file: BinaryIO) -> Iterator[tuple[Header, Block]]:
        lines: deque[bytes] = deque()
        chunks = self._chunks(file)

        def more() -> Iterator[str]:
            while lines or (chunk := next(chunks, None)) is not None:
                if not lines:
                    lines.extend(chunk.splitlines(keepends=True))  # type: ignore[union-attr]
                self._line += 1
                yield lines.popleft().decode()

        first = next(more(), "")
        header = self._header(first)
        width = len(header.columns)
        while True:
            chunk = b"".join(lines)
            lines.clear()
            if not chunk:
                chunk = next(chunks, b"")
            if not chunk:
                return
            block = self._fast(chunk, width) if header.delimiter == "," and width > 1 else None
            if block is None:
                lines.extend(chunk.splitlines(keepends=True))
                block = self._slow(csv.reader(more(), delimiter=header.delimiter), lines, width)
            yield header, block

    def _chunks(self, file: BinaryIO) -> Iterator[bytes]:
        """Whole lines of good text, about BLOCK bytes at a time."""
        rest, number = b"", 1
        while part := file.read(BLOCK):
            self.digest.update(part)
            if number == 1 and not rest:
                if part[:2] in (b"\xff\xfe", b"\xfe\xff") or part[:4] == b"PK\x03\x04":
                    what = "a spreadsheet or archive" if part[:1] == b"P" else "UTF-16 text"
                    raise Unusable(f"{self.name}, line 1: this is {what}; save it as CSV in UTF-8")
                part = part.removeprefix(codecs.BOM_UTF8)
            whole, newline, rest_of = (rest + part).rpartition(b"\n")
            if newline:
                yield self._good(whole + newline, number)
                number += whole.count(b"\n") + 1
            rest = rest_of
        if rest:
            yield self._good(rest, number)

    def _good(self, chunk: bytes, number: int) -> bytes:
        at = chunk.find(b"\0")
        if at >= 0:
            line = number + chunk[:at].count(b"\n")
            raise Unusable(f"{self.name}, line {line}: contains a NUL byte; save the file as CSV in UTF-8")
        try:
            chunk.decode()
        except UnicodeDecodeError as error:
            line = number + chunk[: error.start].count(b"\n")
            raise Unusable(f"{self.name}, line {line}: is not UTF-8; save the file as “CSV UTF-8”") from None
        return chunk

    def _header(self, text: str) -> Header:
        best: list[str] = []
        mark = ","
        for delimiter in (",", ";", "\t"):
            cells = [cell.strip() for cell in next(csv.reader([text], delimiter=delimiter), [])]
            if len(cells) > len(best):
                best, mark = cells, delimiter
        return self.match(best, mark)

    def _fast(self, chunk: bytes, width: int) -> Block | None:
        """The lines with their numbers; None if any needs to be looked at cell by cell."""
        chunk = chunk.replace(b"\r\n", b"\n")
        if _NOT_PLAIN.search(chunk) or (not chunk.isascii() and _ODD_SPACE.search(chunk.decode())):
            return None
        lines = chunk.removesuffix(b"\n").split(b"\n")
        commas = width - 1
        if any(line.count(b",") != commas for line in lines):
            return None
        out = b"".join([b"%d,%b\n" % pair for pair in enumerate(lines, self._line + 1)])
        self._line += len(lines)
        return Block(out, len(lines), [])

    def _slow(self, reader: Any, lines: deque[bytes], width: int) -> Block:
        out = io.StringIO(newline="")
        write = csv.writer(out, lineterminator="\n")
        rows, refused = 0, []
        try:
            while lines:
                line = self._line + 1
                row = next(reader, None)
                if row is None:
                    break
                if len(row) == width:
                    write.writerow([line, *(cell.strip() for cell in row)])
                elif any(row):
                    refused.append((line, f"has {len(row)} cells where the header has {width}"))
                else:
                    continue
                rows += 1
        except csv.Error as error:
            raise Unusable(
                f"{self.name}, line {self._line}: cannot be read as CSV ({error}); quote cells that hold commas or quotes"
            ) from None
        return Block(out.getvalue().encode(), rows, refused)
