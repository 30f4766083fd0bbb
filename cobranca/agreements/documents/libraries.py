"""The system libraries that draw PDF documents: are they here?"""

from ctypes import CDLL
from functools import cache

# As WeasyPrint 70 looks for them on Linux.
NEEDED = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
)
PACKAGES = "libpango-1.0-0, libpangoft2-1.0-0 e libharfbuzz-subset0"
SENTENCE = (
    "Este servidor não tem as bibliotecas que desenham PDF. "
    f"Peça a quem o administra que instale os pacotes {PACKAGES}."
)


@cache
def missing_libraries() -> tuple[str, ...]:
    """Return which of the needed libraries cannot be loaded; asked of the system once."""
    return tuple(name for name in NEEDED if not _loads(name))


def _loads(name: str) -> bool:
    try:
        CDLL(name)
    except OSError:
        return False
    return True
