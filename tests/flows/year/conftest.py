import pytest

from integrations.core.operations import Pace, pace


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing: an answer of the ERP that lags is looked for again at once."""
    monkeypatch.setattr(pace, "PACE", Pace(sleep=lambda seconds: None))
