"""Charts as text: values in, one SVG out. No scripts, no styles, no Django; the same drawing on a page and in a PDF.

Each drawing scales with its container and says its title and description to a screen reader; `id` must be unique on the
page. `compact=True` is the drawing for a phone. `responsive` gives both; the stylesheet shows one of them:

    .gt-chart--compact { max-width: 30rem }
    @media (max-width: 48.0525em) { .gt-chart--wide { display: none } }
    @media (min-width: 48.0625em) { .gt-chart--wide + .gt-chart--compact { display: none } }
"""

from goldthread.web.charts.bars import ShareBar, bar_share
from goldthread.web.charts.icons import ASSURANCES, VARIATIONS, assurance_icon, icon
from goldthread.web.charts.outcomes import OutcomeChart, OutcomeLine, cumulative_incidence_chart
from goldthread.web.charts.sparkline import sparkline
from goldthread.web.charts.spc import run_chart, spc_chart
from goldthread.web.charts.spc_inputs import Change, Point, SpcChart, Target, lettered, points_of
from goldthread.web.charts.svg import responsive
from goldthread.web.charts.thread import ThreadStep, elapsed, step_date, thread_picture
from goldthread.web.charts.waiting import AnswerCurve, survival_chart

__all__ = [
    "ASSURANCES",
    "VARIATIONS",
    "AnswerCurve",
    "Change",
    "OutcomeChart",
    "OutcomeLine",
    "Point",
    "ShareBar",
    "SpcChart",
    "Target",
    "ThreadStep",
    "assurance_icon",
    "bar_share",
    "cumulative_incidence_chart",
    "elapsed",
    "icon",
    "lettered",
    "points_of",
    "responsive",
    "run_chart",
    "sparkline",
    "spc_chart",
    "step_date",
    "survival_chart",
    "thread_picture",
]
