"""Customers: natural persons and firms in one flat object."""

from typing import Any

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.model import Address, Customer, Phone, Procurator, Spouse
from integrations.sienge.sandbox.routes import Route
from integrations.sienge.sandbox.views.filters import Between


def list_customers(call: Call) -> Reply:
    """Answer with the customers that pass the filters, newest registration first."""
    created = Between.of(call, "createdAfter", "createdBefore")
    modified = Between.of(call, "modifiedAfter", "modifiedBefore")
    rows = [
        row
        for row in _candidates(call)
        if created.holds(row.created_on) and modified.holds(row.changed_at.date())
    ]
    rows.sort(key=lambda row: (row.created_on, row.id), reverse=True)
    return call.page(rows, customer)


def _candidates(call: Call) -> list[Customer]:
    cpf, cnpj, foreign = call.text("cpf"), call.text("cnpj"), call.text("internationalId")
    only_active, enterprise_id = call.flag("onlyActive"), call.integer("enterpriseId")
    buyers = _buyers_in(call, enterprise_id) if enterprise_id else None
    return [
        row
        for row in call.world.customers.values()
        if (cpf is None or row.cpf == cpf)
        and (cnpj is None or row.cnpj == cnpj)
        and (foreign is None or row.international_id == foreign)
        and (not only_active or row.active)
        and (buyers is None or row.id in buyers)
    ]


def _buyers_in(call: Call, enterprise_id: int) -> set[int]:
    return {
        holder.customer_id
        for contract in call.world.contracts.values()
        if contract.enterprise_id == enterprise_id
        for holder in contract.holders
    }


def one_customer(call: Call) -> Reply:
    """Answer with one customer."""
    return call.single(customer(call.row(call.world.customers, "id")))


def customer(row: Customer) -> dict[str, Any]:
    """Return a customer as the API shows it."""
    own = _firm_fields(row) if row.is_firm else _person_fields(row)
    return {
        "id": row.id,
        "personType": "Jurídica" if row.is_firm else "Física",
        "foreigner": "S" if row.international_id else "N",
        "internationalId": row.international_id,
        "createdAt": row.created_on,
        "modifiedAt": row.changed_at.date(),
        "modifiedAtDateTime": row.changed_at,
        "name": row.name,
        "email": row.email,
        **own,
        "clientType": "CLIENTE",
        "subTypes": [],
        "activityId": None,
        "activityDescription": None,
        "phones": [phone(each) for each in row.phones],
        "addresses": [address(each) for each in row.addresses],
        "agents": [],
        "procurators": _procurator(row.procurator),
        "spouse": _spouse(row.spouse),
        "familyIncome": [
            {
                "kinsName": income.name,
                "kinship": income.kinship,
                "incomeValue": income.amount,
                "observation": income.note,
            }
            for income in row.incomes
        ],
    }


def sex_word(is_woman: bool | None) -> str | None:
    """Return the word the API shows for the sex."""
    return None if is_woman is None else "Feminino" if is_woman else "Masculino"


def _person_fields(row: Customer) -> dict[str, Any]:
    return {
        "issuingBody": "SSP" if row.identity_card else None,
        "socialName": None,
        "birthDate": row.born_on,
        "birthPlace": row.birth_place,
        "civilStatus": row.civil_status,
        "cpf": row.cpf,
        "fatherName": row.father,
        "motherName": row.mother,
        "sex": sex_word(row.is_woman),
        "issueDateIdentityCard": None,
        "matrimonialRegime": row.matrimonial_regime,
        "marriageDate": row.married_on,
        "nationality": None if row.international_id else "BRASILEIRA",
        "numberIdentityCard": row.identity_card,
        "profession": row.profession,
        "mailingAddress": "R",
        "licenseNumber": None,
        "licenseIssuingBody": None,
        "licenseIssueDate": None,
    }


def _firm_fields(row: Customer) -> dict[str, Any]:
    return {
        "fantasyName": row.fantasy_name,
        "cnpj": row.cnpj,
        "cityRegistrationNumber": None,
        "cnaeNumber": None,
        "contactName": row.contact_name,
        "creaNumber": None,
        "establishmentDate": row.born_on,
        "note": None,
        "site": None,
        "shareCapital": 0,
        "stateRegistrationNumber": None,
        "technicalManager": row.technical_manager,
        "mailingAddress": "C",
        "governmentEntityId": 0,
        "governmentEntityDescription": None,
    }


def phone(row: Phone) -> dict[str, Any]:
    """Return a phone as typed; the area code apart only where the tenant keeps it so."""
    shown: dict[str, Any] = {
        "number": row.number,
        "main": row.main,
        "type": row.kind,
        "note": row.note,
        "idd": row.idd,
    }
    return {**shown, "ddd": row.ddd} if row.ddd else shown


def address(row: Address) -> dict[str, Any]:
    """Return an address of a customer."""
    return {
        "type": row.kind,
        "streetName": row.street,
        "number": row.number,
        "complement": row.complement,
        "neighborhood": row.neighbourhood,
        "cityId": row.city_id,
        "city": row.city,
        "state": row.state,
        "zipCode": row.postcode,
        "mail": row.mail,
    }


def _spouse(row: Spouse | None) -> dict[str, Any] | None:
    if row is None:
        return None
    nothing = ("city", "complement", "neighborhood", "number", "streetName", "zipCode")
    return {
        "cpf": row.cpf,
        "name": row.name,
        "email": row.email,
        "sex": row.sex,
        "foreigner": "N",
        "internationalId": None,
        "civilStatus": "CASADO(A)",
        "birthDate": row.born_on,
        "numberIdentityCard": None,
        "issueDateIdentityCard": None,
        "profession": row.profession,
        "nationality": "BRASILEIRA",
        "birthPlace": None,
        "fatherName": None,
        "motherName": None,
        "cellphoneNumber": row.cellphone,
        "businessPhone": None,
        "company": None,
        "addresses": dict.fromkeys(nothing),
    }


def _procurator(row: Procurator | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "cpf": row.cpf,
        "email": row.email,
        "name": row.name,
        "profession": None,
        "civilStatus": None,
        "nationality": "BRASILEIRA",
        "numberIdentityCard": None,
        "proxy": {
            "book": "12",
            "date": row.proxy_on,
            "expirationDate": None,
            "district": "FLORIANÓPOLIS",
            "registry": "1º TABELIONATO",
            "sheet": "101",
        },
        "addresses": [],
        "phones": [phone(row.phone)],
    }


ROUTES = [
    Route("GET", "/customers", "customers", list_customers),
    Route("GET", "/customers/{id}", "customers", one_customer),
]
