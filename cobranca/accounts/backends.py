"""Who is signed in and what they may do, in as few questions as that takes.

Every page asks: the user with agency and team is one query, permissions and roles are another.
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from cobranca.accounts.models import User

_GRANTED = """
SELECT 'user', array_agg(t.app_label || '.' || p.codename)
FROM accounts_user_user_permissions u
JOIN auth_permission p ON p.id = u.permission_id
JOIN django_content_type t ON t.id = p.content_type_id WHERE u.user_id = %(user)s
UNION ALL
SELECT 'group', array_agg(DISTINCT t.app_label || '.' || p.codename)
FROM accounts_user_groups u
JOIN auth_group_permissions g ON g.group_id = u.group_id
JOIN auth_permission p ON p.id = g.permission_id
JOIN django_content_type t ON t.id = p.content_type_id WHERE u.user_id = %(user)s
UNION ALL
SELECT 'name', array_agg(g.name)
FROM accounts_user_groups u JOIN auth_group g ON g.id = u.group_id WHERE u.user_id = %(user)s
"""


class Backend(AuthenticationBackend):
    """Allauth's, asking the database once for what Django asks three times."""

    def get_user(self, user_id: Any) -> User | None:
        """Return who a session names, with agency and team, while they may sign in."""
        user = User.objects.select_related("agency", "team").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def _get_permissions(self, user_obj: User, obj: Any, from_name: str) -> set[str]:
        is_plain = user_obj.is_active and not user_obj.is_superuser and obj is None
        if is_plain and not hasattr(user_obj, f"_{from_name}_perm_cache"):
            _remember(user_obj)
        return super()._get_permissions(user_obj, obj, from_name)


def _remember(user: Any) -> None:
    """Keep permissions where Django looks for them, and the names of the groups beside them."""
    with connection.cursor() as cursor:
        cursor.execute(_GRANTED, {"user": user.pk})
        found = {kind: set(names or ()) for kind, names in cursor.fetchall()}
    user._user_perm_cache = found["user"]
    user._group_perm_cache = found["group"]
    user._group_names = found["name"]
