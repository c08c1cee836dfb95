"""Statistical process control: what is change and what is chance, and how sure that is.

`analyse` and `analyse_many` take values in order of time and return frozen results. The rules are named (`rulesets`),
the kinds of chart registered (`charts`); formulas, assumptions and sources are in docs/reference/spc.md.
"""

from goldthread.methods.spc.batch import Batch, analyse, analyse_many
from goldthread.methods.spc.charts import chart_names
from goldthread.methods.spc.false_icons import false_icon_probability
from goldthread.methods.spc.labels import FLAGS, LABELS
from goldthread.methods.spc.report import expected_icons
from goldthread.methods.spc.result import Diagnostics, Series
from goldthread.methods.spc.rulesets import DEFAULT_RULE_SET, RuleSet, ruleset, ruleset_names
from goldthread.methods.spc.runs import Runs, fewest_crossings, longest_run_limit, runs

__all__ = [
    "DEFAULT_RULE_SET",
    "FLAGS",
    "LABELS",
    "Batch",
    "Diagnostics",
    "RuleSet",
    "Runs",
    "Series",
    "analyse",
    "analyse_many",
    "chart_names",
    "expected_icons",
    "false_icon_probability",
    "fewest_crossings",
    "longest_run_limit",
    "ruleset",
    "ruleset_names",
    "runs",
]
