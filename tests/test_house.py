"""The house rules: locks, addresses, layers, and the newcomer's two commands."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_hold_hashes_and_no_addresses(lock):
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    for block in re.split(r"\n(?=[a-zA-Z0-9])", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_front_end_lock_names_no_address():
    text = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in text
    assert '"resolved"' not in text
    assert "://registry" not in text


def test_every_dependency_has_its_reason():
    reasons = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8").lower()
    for source in (ROOT / "requirements").glob("*.in"):
        for line in source.read_text(encoding="utf-8").splitlines():
            name = re.match(r"[A-Za-z0-9][A-Za-z0-9-]*", line)
            if name:
                assert name[0].lower() in reasons, name[0]


def test_the_readme_has_the_two_commands_of_a_newcomer():
    blocks = re.findall(r"```\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.S)
    assert blocks[0].split("\n")[:2] == ["make demo", "make test"]


def test_a_forbidden_import_is_found(tmp_path):
    """The contracts are worth something only if they fail when they should."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    seeded = tmp_path / "src" / "goldthread" / "methods" / "survival.py"
    seeded.write_text(f"import django\n{seeded.read_text(encoding='utf-8')}", encoding="utf-8")
    record = tmp_path / "src" / "goldthread" / "record" / "days.py"
    record.write_text(f"import goldthread.web.urls\n{record.read_text(encoding='utf-8')}", encoding="utf-8")
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [str(tool), "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 1
    assert "Methods know no Django, no database and no network BROKEN" in done.stdout
    assert "never upwards BROKEN" in done.stdout


def test_links_in_the_documentation_lead_somewhere():
    for page in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert "://" in target or (page.parent / target).exists(), f"{page.name}: {target}"
