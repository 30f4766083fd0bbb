"""REST: what the desk adds: teams, distribution, goals, the board."""

from rest_framework.routers import SimpleRouter

from cobranca.telecobranca.api.contacts import ContactRecordViewSet
from cobranca.telecobranca.api.queue import QueueViewSet, WorkQueueViewSet
from cobranca.telecobranca.api.teams import (
    AssignmentViewSet,
    BoardViewSet,
    DistributionViewSet,
    GoalViewSet,
    TeamViewSet,
)

router = SimpleRouter()
router.register("contact-records", ContactRecordViewSet, basename="contact-records")
router.register("teams", TeamViewSet, basename="teams")
router.register("assignments", AssignmentViewSet, basename="assignments")
router.register("distributions", DistributionViewSet, basename="distributions")
router.register("goals", GoalViewSet, basename="goals")
router.register("board", BoardViewSet, basename="board")
router.register("work-queues", WorkQueueViewSet, basename="work-queues")
router.register("queue", QueueViewSet, basename="queue")
api_urls = router.urls
