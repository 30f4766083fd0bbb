"""How often the tenant may call: per minute, and per day by package."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from integrations.sandbox.limits import DailyQuota, MinuteWindow
from integrations.sandbox.messages import Reply
from integrations.sandbox.simulator import Refused
from integrations.sienge.sandbox.errors import problem
from integrations.sienge.sandbox.settings import PACKAGES

CHANNELS = ("rest", "bulk")
_PER_MINUTE = {"rest": 200, "bulk": 20}


class Limits:
    """The two limits of each channel; both are off until switched on."""

    def __init__(self) -> None:
        self._windows: dict[str, MinuteWindow] = {}
        self._quotas: dict[str, DailyQuota] = {}
        self._package: str | None = None
        self._follow_clock = True

    def configure(self, wanted: Mapping[str, Any]) -> None:
        """Switch limits on or off; Refused when something is unknown."""
        unknown = set(wanted) - {"per_minute", "package", "follow_clock"}
        if unknown:
            raise Refused(f"unknown limits: {', '.join(sorted(unknown))}")
        self._follow_clock = bool(wanted.get("follow_clock", self._follow_clock))
        if "per_minute" in wanted:
            self._set_windows(wanted["per_minute"])
        if "package" in wanted:
            self._set_package(wanted["package"])

    def _set_windows(self, wanted: Any) -> None:
        if wanted in (None, False):
            self._windows = {}
            return
        numbers = _PER_MINUTE | (wanted if isinstance(wanted, dict) else {})
        self._windows = {channel: MinuteWindow(int(numbers[channel])) for channel in CHANNELS}

    def _set_package(self, package: str | None) -> None:
        if package is not None and package not in PACKAGES:
            raise Refused(f"unknown package {package}; one of {', '.join(PACKAGES)}")
        self._package, self._quotas = package, {}
        if package is not None:
            rest, bulk = PACKAGES[package]
            # Every bulk quota blocks; of the REST ones only the free package's does.
            self._quotas = {
                "rest": DailyQuota(rest, blocks=package == "Free"),
                "bulk": DailyQuota(bulk, blocks=True),
            }

    def describe(self) -> dict[str, Any]:
        """Return the limits switched on and what is left of the day."""
        return {
            "per_minute": {channel: window.limit for channel, window in self._windows.items()},
            "package": self._package,
            "follow_clock": self._follow_clock,
            "remaining_today": {name: quota.remaining for name, quota in self._quotas.items()},
        }

    def take(self, channel: str, today: date) -> Reply | None:
        """Count a call; return the 429 it gets instead when it goes beyond a limit."""
        quota, window = self._quotas.get(channel), self._windows.get(channel)
        day = today if self._follow_clock else date.today()  # noqa: DTZ011 - local, as the ERP's
        if quota and not quota.take(day):
            return problem(429)
        if window and not window.take():
            refusal = problem(429)
            refusal.headers["Retry-After"] = str(window.reset_seconds)
            return refusal
        return None

    def headers(self, channel: str) -> dict[str, str]:
        """Return the headers that tell how much is left."""
        found: dict[str, str] = {}
        quota, window = self._quotas.get(channel), self._windows.get(channel)
        if quota:
            found["x-ratelimit-limit-day"] = str(quota.limit)
            found["x-ratelimit-remaining-day"] = str(quota.remaining)
        if window:
            found["ratelimit-remaining"] = str(window.remaining)
            found["ratelimit-reset"] = str(window.reset_seconds)
        return found
