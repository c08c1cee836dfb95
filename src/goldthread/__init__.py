"""goldthread: an improvement operating system. Every change has a thread."""

__version__ = "0.1.0"
