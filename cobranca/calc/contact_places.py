"""Where a person is reached: states of area codes and their clocks.

Where a state spans two clocks both count (Amazonas), and of a person of whom nothing is known
all of the country's count: a contact is permitted only when every one of them permits it.
Fernando de Noronha, an hour ahead, counts for those known to live there.
"""

from zoneinfo import ZoneInfo

# DDD → UF. Code 61 reaches the Distrito Federal and its surroundings in Goiás, of one clock.
AREA_CODE_STATE: dict[str, str] = {
    **dict.fromkeys("11 12 13 14 15 16 17 18 19".split(), "SP"),
    **dict.fromkeys("21 22 24".split(), "RJ"),
    **dict.fromkeys("27 28".split(), "ES"),
    **dict.fromkeys("31 32 33 34 35 37 38".split(), "MG"),
    **dict.fromkeys("41 42 43 44 45 46".split(), "PR"),
    **dict.fromkeys("47 48 49".split(), "SC"),
    **dict.fromkeys("51 53 54 55".split(), "RS"),
    "61": "DF",
    **dict.fromkeys("62 64".split(), "GO"),
    "63": "TO",
    **dict.fromkeys("65 66".split(), "MT"),
    "67": "MS",
    "68": "AC",
    "69": "RO",
    **dict.fromkeys("71 73 74 75 77".split(), "BA"),
    "79": "SE",
    **dict.fromkeys("81 87".split(), "PE"),
    "82": "AL",
    "83": "PB",
    "84": "RN",
    **dict.fromkeys("85 88".split(), "CE"),
    **dict.fromkeys("86 89".split(), "PI"),
    **dict.fromkeys("91 93 94".split(), "PA"),
    **dict.fromkeys("92 97".split(), "AM"),
    "95": "RR",
    "96": "AP",
    **dict.fromkeys("98 99".split(), "MA"),
}

BRASILIA = ZoneInfo("America/Sao_Paulo")
MANAUS = ZoneInfo("America/Manaus")
WEST_AMAZONAS = ZoneInfo("America/Eirunepe")
RIO_BRANCO = ZoneInfo("America/Rio_Branco")
NORONHA = ZoneInfo("America/Noronha")
EVERYWHERE = (BRASILIA, MANAUS, RIO_BRANCO)
_ZONES: dict[str, tuple[ZoneInfo, ...]] = {
    "": EVERYWHERE,
    "AC": (RIO_BRANCO,),
    "AM": (MANAUS, WEST_AMAZONAS),
    "MS": (ZoneInfo("America/Campo_Grande"),),
    "MT": (ZoneInfo("America/Cuiaba"),),
    "RO": (ZoneInfo("America/Porto_Velho"),),
    "RR": (ZoneInfo("America/Boa_Vista"),),
}
_BRASILIA_ONLY = (BRASILIA,)
_ISLAND = (BRASILIA, NORONHA)


def zones_of(state: str, city: str = "") -> tuple[ZoneInfo, ...]:
    """Return the clocks of a state ("" unknown: of the whole country).

    `city` in plain letters, as `cobranca.common.text.plain` writes it.
    """
    if state == "PE" and city == "fernando de noronha":
        return _ISLAND
    return _ZONES.get(state, _BRASILIA_ONLY)


def area_code_of(number: str) -> str:
    """Return the DDD of a number in digits; "" for 0800, 4004 and what is no Brazilian number."""
    if len(number) in (10, 11) and number[:2] in AREA_CODE_STATE:
        return number[:2]
    return ""
