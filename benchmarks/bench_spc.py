"""Speed of the SPC methods, as ratios taken in one run on one thread; and the maker of the false-icon table.

    python benchmarks/bench_spc.py           prints the ratios
    python benchmarks/bench_spc.py --table   simulates src/goldthread/methods/spc/false_icon_table.py anew (minutes)

Floor: three plain copies of the array of values. Peers: pycontrolcharts and statprocon, each on a subset of the same
series with limits and run tests, scaled up to all of them; their cost is linear in the number of series.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from goldthread.methods.spc import analyse_many, runs
from goldthread.methods.spc.limits import medians

TABLE = Path(__file__).parents[1] / "src/goldthread/methods/spc/false_icon_table.py"
SEED = 20_230_901
SERIES, SERIES_OF_RUNS = 60_000, 10_000
PHIS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
LENGTHS = (3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 36, 52, 60, 100, 200)
KEYS = (
    ("mdc-2023", "xmr", False),
    ("mdc-2023", "xmr", True),
    ("mdc-2023", "run", False),
    ("mdc-r-0.2.2", "xmr", False),
    ("mdc-r-0.2.2", "xmr", True),
    ("mdc-r-0.2.2", "run", False),
    ("anhoej", "xmr", False),
    ("anhoej", "xmr", True),
    ("anhoej", "run", False),
)


def ar1(rng: np.random.Generator, phi: float, rows: int, n: int) -> np.ndarray:
    """Stationary AR(1) series without any change, shape (rows, n)."""
    out = rng.normal(size=(rows, n))
    out[:, 0] /= np.sqrt(1 - phi * phi)
    for t in range(1, n):
        out[:, t] += phi * out[:, t - 1]
    return out


def share_of_false_icons(values: np.ndarray, rules: str, chart: str, screen: bool) -> float:
    """How often the variation icon of unchanged series is coloured."""
    batch = analyse_many(values, ruleset=rules, chart=chart, screen=screen)
    group = batch.groups[0][0]
    coloured = group.computed.labels[:, -1] > 0
    if rules == "anhoej":
        part = slice(0, SERIES_OF_RUNS)
        middle = medians(values[part])
        signal = np.array([runs(row, m).signal for row, m in zip(values[part].tolist(), middle.tolist(), strict=True)])
        refused = group.computed.refused[part, 0] > 0
        return float((coloured[part] | (signal & ~refused)).mean())
    return float(coloured.mean())


def make_table() -> None:
    """Simulate every cell and write the table with its provenance."""
    cells = {key: np.zeros((len(LENGTHS), len(PHIS))) for key in KEYS}
    for i, n in enumerate(LENGTHS):
        for j, phi in enumerate(PHIS):
            values = ar1(np.random.default_rng([SEED, n, round(100 * phi)]), phi, SERIES, n)
            for rules, chart, screen in KEYS:
                cells[rules, chart, screen][i, j] = share_of_false_icons(values, rules, chart, screen)
        print(f"n = {n} done", flush=True)
    lines = [
        '"""Share of unchanged AR(1) series whose variation icon is coloured. Generated; do not edit.',
        "",
        f"Made by benchmarks/bench_spc.py --table with seed {SEED}, {SERIES:,} series a cell ({SERIES_OF_RUNS:,} for",
        "anhoej), numpy's default generator, normal noise. Rows: LENGTHS; columns: PHIS. Standard error at most 0.2",
        'points (0.5 for anhoej)."""',
        "",
        f"LENGTHS = ({', '.join(f'{float(n)}' for n in LENGTHS)})",
        f"PHIS = ({', '.join(str(phi) for phi in PHIS)})",
        "TABLE: dict[str, tuple[tuple[float, ...], ...]] = {",
    ]
    for (rules, chart, screen), shares in cells.items():
        lines.append(f'    "{rules}/{chart}{"/screened" if screen else ""}": (')
        lines += [f"        ({', '.join(f'{share:.4f}' for share in row)})," for row in shares]
        lines.append("    ),")
    TABLE.write_text("\n".join([*lines, "}", ""]))


def best(work: Callable[[], object], times: int = 15) -> float:
    """The shortest of several runs, in seconds."""
    found = np.inf
    for _ in range(times):
        start = time.perf_counter()
        work()
        found = min(found, time.perf_counter() - start)
    return float(found)


def pycontrolcharts_on(values: np.ndarray) -> None:
    """Limits and run tests of one series after another."""
    import pandas as pd
    import pycontrolcharts

    for row in values:
        pycontrolcharts.calc_xmr(pd.DataFrame({"value": row}), value_column="value")


def statprocon_on(values: np.ndarray) -> None:
    """Limits and the three rules of one series after another."""
    import statprocon

    for row in values:
        chart = statprocon.XmR(row.tolist())
        chart.x_to_dict()
        list(chart.rule_1_x_indices_beyond_limits())
        list(chart.rule_2_runs_about_central_line())
        list(chart.rule_3_runs_near_limits())


def main() -> None:
    """Print the ratios."""
    rng = np.random.default_rng(1)
    values = rng.normal(50, 5, size=(2000, 100))
    floor = best(lambda: [values.copy() for _ in range(3)], 30)
    target = np.empty_like(values)
    warm = best(lambda: [np.copyto(target, values) for _ in range(3)], 30)
    print(f"2,000 series x 100 points, one thread; three plain copies {floor * 1e3:.2f} ms")
    print(f"(three copies into memory already there {warm * 1e3:.2f} ms)")
    mine = {name: best(lambda name=name: analyse_many(values, ruleset=name)) for name in ("mdc-2023", "mdc-r-0.2.2")}
    for name, seconds in mine.items():
        print(f"  goldthread {name:<12} {seconds * 1e3:6.2f} ms = {seconds / floor:5.1f} x the copies")
    for name, work in (("pycontrolcharts", pycontrolcharts_on), ("statprocon", statprocon_on)):
        subset = values[:60]
        try:
            scaled = best(lambda work=work, subset=subset: work(subset), 2) * len(values) / len(subset)
        except ImportError:
            print(f"  {name}: not installed")
            continue
        print(f"  {name:<15} {scaled:6.1f} s (60 series, scaled) = {scaled / mine['mdc-2023']:,.0f} x goldthread")
    many = rng.normal(50, 5, size=(10_000, 60))
    seconds = best(lambda: analyse_many(many), 5)
    print(f"10,000 series x 60 points: {seconds:.3f} s for limits, flags and labels")
    batch = analyse_many(many)
    start = time.perf_counter()
    batch.variation(), batch.false_icon_probability()
    print(f"  and {time.perf_counter() - start:.3f} s more for every icon and its chance of being false")
    start = time.perf_counter()
    batch[0]
    print(f"  one whole series read out of the batch: {(time.perf_counter() - start) * 1e3:.2f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", action="store_true", help="simulate the false-icon table anew")
    make_table() if parser.parse_args().table else main()
