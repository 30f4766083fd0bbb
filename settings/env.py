"""The one reader of the environment: typed, and secrets may come from *_FILE."""

from pathlib import Path

from environs import FileAwareEnv

BASE_DIR = Path(__file__).resolve().parent.parent

env = FileAwareEnv()


def home() -> Path:
    """Return the folder of everything this installation keeps outside the repository."""
    path = Path(env.str("COBRANCA_HOME", str(BASE_DIR / ".local"))).resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path
