"""Builds docs/ into build/docs as plain pages; a link that leads nowhere fails the build."""

import html
import re
import shutil
import sys
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parent.parent
DOCS, BUILT = ROOT / "docs", ROOT / "build" / "docs"
PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title} – goldthread</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="{up}docs.css"></head>
<body><p><a href="{up}index.html">goldthread documentation</a></p><main>{body}</main></body></html>
"""
STYLE = "body{font:1.05rem/1.55 Arial,sans-serif;margin:0 auto;max-width:46rem;padding:1rem;color:#1d2b36}pre{background:#f0f4f5;overflow:auto;padding:1rem}table{border-collapse:collapse}td,th{border-bottom:1px solid #ccc;padding:.4rem .8rem;text-align:left;vertical-align:top}\n"


def main() -> int:
    """Render every page; returns 1 and names the links that are broken."""
    shutil.rmtree(BUILT, ignore_errors=True)
    renderer = MarkdownIt("commonmark").enable("table")
    broken = []
    pages = sorted(DOCS.rglob("*.md"))
    for path in pages:
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
        relative = path.relative_to(DOCS)
        out = (BUILT / relative).with_suffix(".html")
        out.parent.mkdir(parents=True, exist_ok=True)
        title = next((line.lstrip("# ") for line in text.splitlines() if line.startswith("#")), relative.stem)
        body = re.sub(r'(href="[^":]+)\.md(["#])', r"\1.html\2", renderer.render(text))
        out.write_text(
            PAGE.format(title=html.escape(title), up="../" * (len(relative.parts) - 1), body=body), encoding="utf-8"
        )
    (BUILT / "docs.css").write_text(STYLE, encoding="utf-8")
    for line in broken:
        print(f"broken link in {line}", file=sys.stderr)
    print(f"{len(pages)} pages in {BUILT.relative_to(ROOT)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
