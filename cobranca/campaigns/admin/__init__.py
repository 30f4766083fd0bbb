"""Configurações › Empresa › Configuração de cálculo, and the indices of correction."""

from cobranca.campaigns.admin.campaigns import CampaignAdmin
from cobranca.campaigns.admin.indices import IndexSeriesAdmin, IndexValueAdmin

__all__ = ["CampaignAdmin", "IndexSeriesAdmin", "IndexValueAdmin"]
