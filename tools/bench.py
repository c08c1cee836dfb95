"""Runs every benchmark and keeps what it printed, with the machine's own floor, in benchmarks/RESULTS.md."""

import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent


def floor() -> str:
    """What this machine can do at best: copying 80 MB of doubles, best of five."""
    block = np.zeros(10_000_000)
    best = min(_timed(block.copy) for _ in range(5))
    return f"copying 80 MB of doubles: {best * 1000:.1f} ms ({0.08 / best:.1f} GB/s)"


def _timed(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - began


def main(chosen: list[str]) -> int:
    """Run the named benchmarks, or all."""
    scripts = sorted((ROOT / "benchmarks").glob("bench_*.py"))
    scripts = [path for path in scripts if not chosen or any(name in path.stem for name in chosen)]
    parts = [f"# Benchmarks\n\n{datetime.now(UTC):%d %B %Y}, Python {platform.python_version()}, {os.cpu_count()} cores. "
             f"The machine's floor: {floor()}.\nRatios are within one run; absolute times are this machine's only."]  # fmt: skip
    failed = 0
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    for path in scripts:
        print(f"— {path.stem}", flush=True)
        done = subprocess.run([sys.executable, str(path)], stdout=subprocess.PIPE, text=True, env=environment)
        print(done.stdout, flush=True)
        failed += done.returncode != 0
        parts.append(f"## {path.stem.removeprefix('bench_')}\n\n```\n{done.stdout.strip()}\n```")
    if not chosen:
        (ROOT / "benchmarks" / "RESULTS.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
