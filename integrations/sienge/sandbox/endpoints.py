"""Every endpoint of the two bases."""

from dataclasses import replace

from integrations.sienge.sandbox.bulk import (
    asynchronous,
    debt,
    defaulters,
    extract,
    income,
    movements,
    sales,
)
from integrations.sienge.sandbox.routes import RouteTable
from integrations.sienge.sandbox.views import (
    balances,
    bills,
    collection,
    contracts,
    customers,
    hooks,
    mailing,
    renegotiations,
    statements,
    structure,
    tables,
    units,
    writes,
)

REST = RouteTable(
    [
        route
        for module in (
            structure,
            customers,
            contracts,
            units,
            bills,
            balances,
            statements,
            collection,
            tables,
            hooks,
            mailing,
            renegotiations,
            writes,
        )
        for route in module.ROUTES
    ]
)

BULK = RouteTable(
    [
        *(
            replace(route, view=asynchronous.maybe_asynchronous(route.view))
            for module in (income, extract, debt, defaulters, movements, sales)
            for route in module.ROUTES
        ),
        *asynchronous.ROUTES,
    ]
)
