"""Where the readers of tables used to be; see goldthread.files."""

from goldthread.files import *  # noqa: F403
