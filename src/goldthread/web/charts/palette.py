"""Colours and type of every chart. Contrast on white is in the comments: marks need 3:1, text 4.5:1."""

FONT = "Arial, Helvetica, sans-serif"

PAPER = "#ffffff"
TEXT = "#212b32"  # 14.4
QUIET = "#4c6272"  # 6.4
GREY = "#768692"  # 3.8: common cause, limits, axes
GRID = "#e8edee"  # decoration only
BAND = "#f0f4f5"  # decoration only

# The Making Data Count colours. The first is too light alone (2.5), so every special mark has a dark outline.
IMPROVEMENT = "#00b0f0"
CONCERN = "#e46c0a"
NEUTRAL = "#490092"
OUTLINE = TEXT

TARGET = "#005eb8"  # 6.4; not the usual red
CHANGE = "#425563"  # 7.7

# Lines that stand beside each other: never told apart by colour alone, so each has its dash.
SERIES = ("#12436d", "#801650", "#a8500a", "#3d3d3d")
DASHES = (None, "9 4", "2 4", "12 4 2 4")
TINTS = ("#c9d8e6", "#e6cad9", "#f2dcc5", "#d9d9d9")
