"""Database fields of our own."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

from cobranca.common.errors import DomainError


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """Return the cipher of the configured keys: the first writes, all of them read."""
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS))


if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


class EncryptedTextField(_Text):
    """Text encrypted at rest; it cannot be searched and is never rendered back."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        plain = super().get_prep_value(value)
        return cipher().encrypt(plain.encode()).decode() if plain else plain

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """Decrypt on the way out; a lost key is said in words, never shown as noise."""
        if not value:
            return value
        try:
            return cipher().decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise DomainError(
                "Um segredo gravado não pode ser lido com as chaves atuais "
                "(FIELD_ENCRYPTION_KEYS). Informe a chave antiga ou grave o segredo outra vez."
            ) from error
