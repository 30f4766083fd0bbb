"""REST: the people of the agency."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.accounts import services
from cobranca.accounts.models import User
from cobranca.accounts.roles import ROLES
from cobranca.accounts.two_factor import FACTORS
from cobranca.common.api.filters import TrueFalseFilter
from cobranca.common.api.serializers import Fields, Row, validated
from cobranca.common.api.views import Creates, Reads, Updates, changed

ROLE_CHOICES = [(role, role) for role in ROLES]
PERSON = ("username", "first_name", "last_name", "email")


class RoleField(serializers.ChoiceField):
    """The one role of a person, as the name of their group."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=ROLE_CHOICES, **kwargs)

    def get_attribute(self, instance: User) -> str:
        """Return the first role, of groups that were read with the list."""
        names = {group.name for group in instance.groups.all()}
        return next((role for role in ROLES if role in names), "")


class UserSerializer(Row):
    role = RoleField(help_text="O que a pessoa pode ver e fazer.")
    has_two_factor = serializers.BooleanField(read_only=True)

    class Meta:
        model = User
        fields: tuple[str, ...] = (
            "id", *PERSON, "role", "is_active", "has_two_factor", "last_login", "date_joined",
        )  # fmt: skip
        read_only_fields = ("last_login", "date_joined")


class NewUserSerializer(UserSerializer):
    password = serializers.CharField(write_only=True, max_length=128, trim_whitespace=False)

    class Meta(UserSerializer.Meta):
        fields = (*UserSerializer.Meta.fields, "password")


class PasswordIn(Fields):
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class UserFilter(rest.FilterSet):
    username = rest.CharFilter()
    is_active = TrueFalseFilter()
    role = rest.ChoiceFilter(field_name="groups__name", choices=ROLE_CHOICES, label="Papel.")


class UserViewSet(Reads, Creates, Updates):
    """People of the agency; the operators of the installation are nobody else's to change."""

    about = "Pessoas da assessoria. O papel diz o que cada uma pode ver e fazer."
    model = User
    serializer_class = UserSerializer
    filterset_class = UserFilter
    needs = dict.fromkeys(
        ("reset_two_factor", "close_sessions", "set_password"), ("accounts.change_user",)
    )

    def rows(self) -> QuerySet[User]:
        """Return the agency's people with their roles."""
        factor = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
        people = User.objects.filter(agency=self.agency, is_superuser=False)
        return people.prefetch_related("groups").annotate(has_two_factor=Exists(factor))

    @extend_schema(request=NewUserSerializer, responses={201: UserSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a person, with the first password."""
        given = NewUserSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        role, password = values.pop("role"), values.pop("password")
        user = User(agency=self.agency, **_lowered(values))
        _check_password(password, user)
        user.set_password(password)
        saved = services.save_user(user=validated(user), role=role, actor=self.actor)
        return Response(self.shown(saved.pk), status=201)

    def update_row(self, row: User, values: dict[str, Any]) -> User:
        """Change a person."""
        role = values.pop("role", None) or UserSerializer(row).data["role"]
        user = changed(row, _lowered(values))
        return services.save_user(user=validated(user), role=role, actor=self.actor)

    @extend_schema(summary="Redefinir a verificação em duas etapas", request=None)
    @action(detail=True, methods=["post"], url_path="reset-two-factor")
    def reset_two_factor(self, request: Request, pk: str) -> Response:
        """Take the second factor away: the phone was lost."""
        services.reset_two_factor(user=self.get_object(), actor=self.actor)
        return Response(self.shown(pk))

    @extend_schema(summary="Encerrar as sessões", request=None)
    @action(detail=True, methods=["post"], url_path="close-sessions")
    def close_sessions(self, request: Request, pk: str) -> Response:
        """End every session of a person."""
        services.close_sessions(user=self.get_object(), actor=self.actor)
        return Response(self.shown(pk))

    @extend_schema(summary="Dar nova senha", request=PasswordIn)
    @action(detail=True, methods=["post"], url_path="set-password")
    def set_password(self, request: Request, pk: str) -> Response:
        """Give a person a new password, which ends their sessions."""
        user = self.get_object()
        given = PasswordIn(data=request.data)
        given.is_valid(raise_exception=True)
        password = given.validated_data["password"]
        _check_password(password, user)
        services.set_password(user=user, password=password, actor=self.actor)
        return Response(self.shown(pk))


def _lowered(values: dict[str, Any]) -> dict[str, Any]:
    if "email" in values:
        values["email"] = str(values["email"]).strip().lower()
    return values


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise serializers.ValidationError({"password": error.messages}) from error
