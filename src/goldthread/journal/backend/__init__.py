"""Django's PostgreSQL backend, looking up the embedded socket at each connection."""
