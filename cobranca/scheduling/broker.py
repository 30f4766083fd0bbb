"""Housekeeping of a broker that lives in our own database (development and demonstration)."""

from django.conf import settings
from django.db import connection

SQL_BROKER = ("sqla+", "sqlalchemy+")
# Few enough rows a statement that no worker waits behind it.
BATCH = 1000
# An array, so that the rows are chosen once and never more than asked for.
DELETE = """
    DELETE FROM kombu_message WHERE id = ANY (ARRAY(
        SELECT id FROM kombu_message WHERE NOT visible LIMIT %s FOR UPDATE SKIP LOCKED
    ))
"""


def forget_delivered(batch: int = BATCH) -> int:
    """Delete the messages that kombu only marks as delivered; return how many there were.

    Nobody reads them again: what a worker gives back is put on the queue as a new message.
    """
    if not _keeps_messages():
        return 0
    deleted = 0
    while number := _delete(batch):
        deleted += number
    return deleted


def _keeps_messages() -> bool:
    return settings.CELERY_BROKER_URL.startswith(SQL_BROKER) and (
        "kombu_message" in connection.introspection.table_names()
    )


def _delete(batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(DELETE, [batch])
        return cursor.rowcount
