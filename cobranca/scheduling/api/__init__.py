"""REST: what is scheduled, what it may be, and what ran."""

from rest_framework.routers import SimpleRouter

from cobranca.scheduling.api.holidays import HolidayViewSet
from cobranca.scheduling.api.types import TaskTypeViewSet
from cobranca.scheduling.api.views import ScheduledTaskViewSet, TaskRunViewSet

router = SimpleRouter()
router.register("scheduled-tasks", ScheduledTaskViewSet, basename="scheduled-tasks")
router.register("task-runs", TaskRunViewSet, basename="task-runs")
router.register("task-types", TaskTypeViewSet, basename="task-types")
router.register("holidays", HolidayViewSet, basename="holidays")
api_urls = router.urls
