"""The pages of crisis; importing them registers them."""

from goldthread.web.views.crisis import authority, board, care, patients, reconfigurations, teams, updates  # noqa: F401
