"""Django's own commands, for developers (makemigrations, shell). People use `goldthread`."""

import os
import sys

from goldthread.journal import database

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldthread.project.settings")
    database.start()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
