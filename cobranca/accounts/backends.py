"""Who is signed in and what they may do, in one question.

Every page asks. Django would ask for the user, their agency, and three times for permissions.
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from cobranca.accounts.models import User
from cobranca.accounts.roles import OUTSIDE
from cobranca.common.prepared import Prepared


class Backend(AuthenticationBackend):
    """Allauth's, asking the database once for what Django asks five times."""

    def get_user(self, user_id: Any) -> User | None:
        """Return who a session names, with agency, team and permissions, while they may sign in."""
        for user in _signed_in(user=int(user_id)):
            if self.user_can_authenticate(user):
                _remember(user, user)
                return user
        return None

    def _get_permissions(self, user_obj: User, obj: Any, from_name: str) -> set[str]:
        is_plain = user_obj.is_active and not user_obj.is_superuser and obj is None
        if is_plain and not hasattr(user_obj, f"_{from_name}_perm_cache"):
            for found in _signed_in(user=user_obj.pk):
                _remember(user_obj, found)
        return super()._get_permissions(user_obj, obj, from_name)


def _query(user: int) -> QuerySet[User]:
    name = Concat("content_type__app_label", Value("."), "codename")
    own = Permission.objects.filter(user=OuterRef("pk"))
    theirs = Permission.objects.filter(group__user=OuterRef("pk"))
    groups = Group.objects.filter(user=OuterRef("pk"))
    return User.objects.select_related("agency", "team").filter(pk=user).annotate(
        granted_names=ArraySubquery(own.order_by().values_list(name)),
        group_granted_names=ArraySubquery(theirs.order_by().distinct().values_list(name)),
        group_names=ArraySubquery(groups.order_by().values_list(F("name"))),
    )  # fmt: skip


_signed_in = Prepared(_query, by_agency=False, user=int)


def _remember(user: Any, found: Any) -> None:
    """Keep permissions where Django looks for them, and the names of the groups beside them.

    A superuser's are not these: Django gives them all there are.
    """
    if not user.is_superuser:
        user._user_perm_cache = set(found.granted_names)
        user._group_perm_cache = set(found.group_granted_names)
        user._group_names = set(found.group_names)
        if found.is_outside:  # an external office's people: see roles.OUTSIDE
            user._user_perm_cache &= OUTSIDE
            user._group_perm_cache &= OUTSIDE
