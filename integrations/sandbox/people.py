"""Seeded people and firms that any simulator can turn into its own customers."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from integrations.sandbox import documents, names


@dataclass(slots=True)
class Place:
    """A street address; the CEP has eight digits."""

    street: str
    number: str
    complement: str | None
    neighbourhood: str
    city_id: int
    city: str
    state: str
    area_code: str
    postcode: str


@dataclass(slots=True)
class Person:
    """Somebody, or a firm when `cnpj` is set; phones are area code and local digits."""

    name: str
    place: Place
    is_woman: bool = False
    cpf: str | None = None
    cnpj: str | None = None
    born_on: date | None = None
    email: str | None = None
    civil_status: str = "SOLTEIRO(A)"
    profession: str = "AUTÔNOMO"
    mother: str | None = None
    father: str | None = None
    contact: str | None = None
    trade_name: str | None = None
    mobiles: list[tuple[str, str]] = field(default_factory=list)
    landlines: list[tuple[str, str]] = field(default_factory=list)


def plain(text: str) -> str:
    """Return the text in lower case without accents, spaces as dots."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(c for c in letters.lower().replace(" ", ".") if c.isalnum() or c == ".")


def make_place(random: Random) -> Place:
    """Return an address in one of the known cities."""
    city_id, city, state, area_code, postcode = random.choice(names.CITIES)
    flat = f"AP {random.randrange(101, 1205)}" if random.random() < 0.4 else None
    return Place(
        street=random.choice(names.STREETS),
        number=str(random.randrange(1, 3000)) if random.random() < 0.95 else "S/N",
        complement=flat,
        neighbourhood=random.choice(names.NEIGHBOURHOODS),
        city_id=city_id,
        city=city,
        state=state,
        area_code=area_code,
        postcode=f"{postcode}{random.randrange(1000):03d}",
    )


def make_name(random: Random, *, is_woman: bool) -> str:
    """Return a full Brazilian name in upper case."""
    first = random.choice(names.WOMEN if is_woman else names.MEN)
    surnames = random.sample(names.SURNAMES, random.choice((1, 2, 2, 3)))
    return " ".join((first, *surnames))


def make_mobile(random: Random, area_code: str) -> tuple[str, str]:
    """Return a mobile number: area code and nine digits."""
    return area_code, f"9{random.randrange(60_000_000, 99_999_999)}"


def make_landline(random: Random, area_code: str) -> tuple[str, str]:
    """Return a landline: area code and eight digits."""
    return area_code, f"3{random.randrange(1_000_000, 9_999_999)}"


def make_person(random: Random, on: date) -> Person:
    """Return an adult on the given date, with address, phones and usually e-mail."""
    is_woman = random.random() < 0.5
    name = make_name(random, is_woman=is_woman)
    place = make_place(random)
    person = Person(
        name=name,
        place=place,
        is_woman=is_woman,
        cpf=documents.make_cpf(random),
        born_on=on - timedelta(days=random.randrange(20 * 365, 75 * 365)),
        civil_status=random.choice(names.CIVIL_STATUSES),
        profession=random.choice(names.PROFESSIONS),
        mother=make_name(random, is_woman=True) if random.random() < 0.6 else None,
        father=make_name(random, is_woman=False) if random.random() < 0.4 else None,
    )
    if random.random() < 0.85:
        person.email = f"{plain(name)[:28].strip('.')}{random.randrange(100)}@example.com"
    _give_phones(random, person, place.area_code)
    return person


def make_firm(random: Random, on: date) -> Person:
    """Return a company, with a person to talk to."""
    surname = random.choice(names.SURNAMES)
    trade = f"{surname} {random.choice(names.BUSINESS_WORDS)}"
    place = make_place(random)
    firm = Person(
        name=f"{trade} {random.choice(('LTDA', 'LTDA ME', 'S/A', 'EIRELI', 'EPP'))}",
        place=place,
        cnpj=documents.make_cnpj(random),
        born_on=on - timedelta(days=random.randrange(365, 40 * 365)),
        contact=make_name(random, is_woman=random.random() < 0.5),
        trade_name=trade,
        email=f"financeiro@{plain(surname).replace('.', '')}{random.randrange(100)}.example.com",
    )
    firm.landlines = [make_landline(random, place.area_code)]
    if random.random() < 0.6:
        firm.mobiles = [make_mobile(random, place.area_code)]
    return firm


def _give_phones(random: Random, person: Person, area_code: str) -> None:
    person.mobiles = [
        make_mobile(random, area_code) for _ in range(random.choice((1, 1, 1, 2, 2, 3)))
    ]
    if random.random() < 0.35:
        person.landlines = [make_landline(random, area_code)]
