"""REST: the caller's agency and its people."""

from django.db.models import QuerySet
from rest_framework.routers import SimpleRouter

from cobranca.accounts.models import Agency
from cobranca.accounts.users_api import UserViewSet
from cobranca.common.api.serializers import Row
from cobranca.common.api.views import Reads


class AgencySerializer(Row):
    class Meta:
        model = Agency
        fields = ("id", "name", "document", "state", "is_active", "created_at", "updated_at")


class AgencyViewSet(Reads):
    """The agency of whoever calls; the others do not exist."""

    about = "Assessoria de quem chama; as outras não existem."
    model = Agency
    serializer_class = AgencySerializer
    # Whoever works for an agency may know its name.
    needs = {"list": (), "retrieve": ()}

    def rows(self) -> QuerySet[Agency]:
        """Return the caller's own agency."""
        return Agency.objects.filter(pk=self.agency.pk)


router = SimpleRouter()
router.register("agencies", AgencyViewSet, basename="agencies")
router.register("users", UserViewSet, basename="users")
api_urls = router.urls
