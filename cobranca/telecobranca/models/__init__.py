"""The desk's own tables: queues, who was given whom, distribution and goals."""

from cobranca.telecobranca.models.queue import (
    DrawEnd,
    PromiseFilter,
    QueueDraw,
    QueueEntry,
    QueueState,
    WorkQueue,
)
from cobranca.telecobranca.models.teams import (
    ContractAssignment,
    Distribution,
    DistributionChange,
    DistributionMode,
    Goal,
    GoalMetric,
)

__all__ = [
    "ContractAssignment",
    "Distribution",
    "DistributionChange",
    "DistributionMode",
    "DrawEnd",
    "Goal",
    "GoalMetric",
    "PromiseFilter",
    "QueueDraw",
    "QueueEntry",
    "QueueState",
    "WorkQueue",
]
