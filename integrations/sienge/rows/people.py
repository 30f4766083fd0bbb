"""Customers, and who belongs to them."""

from integrations.sienge.rows.base import Code, Flag, SiengeRow, Text


class Phone(SiengeRow):
    number: Text = None
    ddd: Text = None
    idd: Text = None
    main: Flag = None
    type: Text = None
    note: Text = None


class Address(SiengeRow):
    type: Text = None
    street_name: Text = None
    number: Text = None
    complement: Text = None
    neighborhood: Text = None
    city: Text = None
    city_id: Code = None
    state: Text = None
    zip_code: Text = None
    mail: Flag = None


class Spouse(SiengeRow):
    name: Text = None
    cpf: Text = None
    email: Text = None
    cellphone_number: Text = None
    business_phone: Text = None


class Procurator(SiengeRow):
    name: Text = None
    cpf: Text = None
    email: Text = None
    phones: list[Phone] | Phone | None = None


class FamilyIncome(SiengeRow):
    kins_name: Text = None
    kinship: Text = None


class Customer(SiengeRow):
    id: Code = None
    person_type: Text = None
    name: Text = None
    social_name: Text = None
    fantasy_name: Text = None
    cpf: Text = None
    cnpj: Text = None
    international_id: Text = None
    email: Text = None
    birth_date: Text = None
    establishment_date: Text = None
    birth_place: Text = None
    nationality: Text = None
    civil_status: Text = None
    matrimonial_regime: Text = None
    profession: Text = None
    sex: Text = None
    father_name: Text = None
    mother_name: Text = None
    number_identity_card: Text = None
    issuing_body: Text = None
    state_registration_number: Text = None
    client_type: Text = None
    activity_description: Text = None
    site: Text = None
    note: Text = None
    contact_name: Text = None
    modified_at: Text = None
    modified_at_date_time: Text = None
    technical_manager: Text = None
    phones: list[Phone] | Phone | None = None
    addresses: list[Address] | Address | None = None
    spouse: Spouse | list[Spouse] | None = None
    procurators: list[Procurator] | Procurator | None = None
    family_income: list[FamilyIncome] | FamilyIncome | None = None
