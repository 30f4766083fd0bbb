"""Made-up CPFs and CNPJs whose check digits are right."""

from random import Random

_CNPJ_WEIGHTS = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)


def _cpf_digit(digits: list[int]) -> int:
    total = sum(
        weight * digit for weight, digit in zip(range(len(digits) + 1, 1, -1), digits, strict=True)
    )
    return (total * 10) % 11 % 10


def _cnpj_digit(digits: list[int]) -> int:
    weights = _CNPJ_WEIGHTS[-len(digits) :]
    rest = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
    return 0 if rest < 2 else 11 - rest


def cpf_with_digits(base: str) -> str:
    """Return the eleven digits of the CPF that starts with these nine."""
    digits = [int(digit) for digit in base]
    digits.append(_cpf_digit(digits))
    digits.append(_cpf_digit(digits))
    return "".join(map(str, digits))


def cnpj_with_digits(base: str) -> str:
    """Return the fourteen digits of the CNPJ that starts with these twelve."""
    digits = [int(digit) for digit in base]
    digits.append(_cnpj_digit(digits))
    digits.append(_cnpj_digit(digits))
    return "".join(map(str, digits))


def make_cpf(random: Random) -> str:
    """Return a valid CPF, digits only, that is not a repetition of one digit."""
    return cpf_with_digits(f"{random.randrange(10_000_000, 999_999_999):09d}")


def make_cnpj(random: Random, branch: int = 1) -> str:
    """Return a valid CNPJ of a head office (branch 1) or of another branch, digits only."""
    return cnpj_with_digits(f"{random.randrange(1_000_000, 99_999_999):08d}{branch:04d}")


def format_cpf(cpf: str) -> str:
    """Return 111.444.777-35."""
    return f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}"


def format_cnpj(cnpj: str) -> str:
    """Return 11.222.333/0001-81."""
    return f"{cnpj[:2]}.{cnpj[2:5]}.{cnpj[5:8]}/{cnpj[8:12]}-{cnpj[12:]}"
