"""What the reader of the central bank's series makes known when the product starts."""

from cobranca.campaigns.indices import install_reader
from cobranca.scheduling import registry
from integrations.core.budget import register_limits
from integrations.sgs import parameters  # noqa: F401  (declares on import)
from integrations.sgs.config import LOG_KIND, PROVIDER, SYSTEM, limits_of_agency
from integrations.sgs.tasks import TASK, ask

registry.register(TASK)
install_reader(ask)
register_limits(SYSTEM, limits_of_agency, label=PROVIDER, log_kind=LOG_KIND)
