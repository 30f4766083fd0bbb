"""The REST API: who is heard, how often, in which format, and how it is described."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "cobranca.common.api.authentication.TokenAuthentication",
        "cobranca.common.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "cobranca.accounts.api_permissions.OfTheHouse",
        "cobranca.common.api.permissions.AgencyPermission",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["cobranca.common.api.throttling.CallsPerMinute"],
    "DEFAULT_THROTTLE_RATES": {"user": 600},
    "DEFAULT_PAGINATION_CLASS": "cobranca.common.api.pagination.StablePagination",
    "DEFAULT_FILTER_BACKENDS": ["cobranca.common.api.filters.StrictFilterBackend"],
    "DEFAULT_PARSER_CLASSES": ["cobranca.common.api.parsers.ExactJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "cobranca.common.api.schema.Description",
    "EXCEPTION_HANDLER": "cobranca.common.api.problems.problem_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "PAGE_SIZE": 100,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {"AUTO_REFRESH": False, "TOKEN_TTL": None, "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Cobrança",
    "DESCRIPTION": (
        "API do back office de cobrança.\n\n"
        "Autenticação: cabeçalho `Authorization: Token …`. Valores em dinheiro são textos com duas "
        'casas (`"1095.58"`), datas seguem a ISO 8601. Listas trazem `next`, `previous` e '
        "`results`: siga `next` até que seja nulo. Erros seguem a RFC 9457, com as mensagens por "
        "campo em `errors`.\n\n"
        "Um POST com o cabeçalho `Idempotency-Key` pode ser repetido por 24 horas: a operação é "
        "feita uma vez e a resposta é a mesma."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Fields of one name with different words have each their own type.
    "ENUM_NAME_OVERRIDES": {
        "RoleName": "cobranca.accounts.users_api.ROLE_CHOICES",
        "CalculationDocument": "cobranca.agreements.api.documents.CALCULATION_DOCUMENTS",
        "AgreementDocument": "cobranca.agreements.api.documents.AGREEMENT_DOCUMENTS",
        "DistributionMode": "cobranca.telecobranca.api.team_fields.MODES",
        "BoardStep": "cobranca.reports.api.serializers.STEPS",
        "FigureKind": "cobranca.reports.api.serializers.KINDS",
        "StateCode": "cobranca.common.places.STATE_CHOICES",
        "ContractStatus": "cobranca.contracts.states.ContractStatus",
        "ContractKind": "cobranca.contracts.states.ContractKind",
        "SyncStatus": "cobranca.contracts.states.SyncStatus",
        "InstallmentStatus": "cobranca.contracts.states.InstallmentStatus",
        "AgreementStatus": "cobranca.agreements.states.AgreementStatus",
        "AgreementParcelStatus": "cobranca.agreements.states.ParcelStatus",
        "AgreementMode": "cobranca.agreements.states.Mode",
        "AgreementWaitsFor": "cobranca.agreements.states.WaitsFor",
        "EventKind": "cobranca.contracts.models.EventKind",
        "PersonKind": "cobranca.debtors.models.PersonKind",
        "PersonRole": "cobranca.debtors.models.PersonRole",
        "PhoneKind": "cobranca.debtors.models.PhoneKind",
        "AddressKind": "cobranca.debtors.models.AddressKind",
        "ContactSource": "cobranca.debtors.models.Source",
        "IndexKind": "cobranca.campaigns.states.IndexKind",
        "TaskFrequency": "cobranca.scheduling.states.Frequency",
        "TaskRunStatus": "cobranca.scheduling.states.RunStatus",
        "TaskFieldKind": "cobranca.scheduling.api.types.KINDS",
        "Weekday": "cobranca.scheduling.states.Weekday",
        "ParameterScope": "cobranca.creditors.api.parameters.SCOPES",
        "OperationStep": "integrations.core.states.OperationStep",
        "ImportStatus": "integrations.core.states.RunStatus",
        "WebhookDeliveryStatus": "integrations.core.states.DeliveryStatus",
        "ResourceState": "integrations.core.api.serializers.RESOURCE_STATES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "cobranca.common.api.schema.declare_common_parts",
    ],
}
