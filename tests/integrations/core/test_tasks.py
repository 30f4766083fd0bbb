"""Housekeeping of the integrations."""

from datetime import timedelta

import pytest

from cobranca.common import clock
from integrations.core.models import CallUsage, IntegrationLog
from integrations.core.tasks import delete_old_logs


@pytest.mark.usefixtures("in_scope")
def test_old_calls_and_old_quotas_are_forgotten(agency):
    for days in (0, 100):
        at = clock.now() - timedelta(days=days)
        IntegrationLog.objects.create(agency=agency, at=at, kind="ErpApi", method="Listar")
        CallUsage.objects.create(
            agency=agency, system="erp", pool="rest", window=f"{at:%Y-%m-%d %H:%M}", used=1
        )

    assert delete_old_logs() == 1

    assert (IntegrationLog.objects.count(), CallUsage.objects.count()) == (1, 1)
