"""The development settings, with the bench's own view among the addresses."""

from settings.dev import *  # noqa: F403

ROOT_URLCONF = "tests.bench.desk_urls"
