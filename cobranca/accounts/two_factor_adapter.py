"""Second factors as allauth keeps them: secrets encrypted, sentences in Portuguese."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from django import forms

from cobranca.common.fields import cipher


class TwoFactorAdapter(DefaultMFAAdapter):
    """Keeps seeds like every other secret: encrypted with FIELD_ENCRYPTION_KEYS."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Código incorreto ou já usado: espere o próximo e digite outra vez.",
        "cannot_generate_recovery_codes": "Configure primeiro o aplicativo autenticador.",
    }

    def encrypt(self, text: str) -> str:
        """Return what is stored."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what was stored."""
        return cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Any) -> str:
        """Return what the app on the phone calls the account: the name typed at sign-in."""
        return str(user.username)


class ActivateForm(ActivateTOTPForm):
    """The first code. Like every other it is good once, so it does not also sign in elsewhere;
    in this session the factor was shown by it."""

    def clean_code(self) -> str:
        """Return the code, used up."""
        code: str = super().clean_code()
        unsaved = Authenticator(user=self.user, type=Authenticator.Type.TOTP)
        if not TOTP(unsaved)._mark_code_used(code):
            raise forms.ValidationError(TwoFactorAdapter.error_messages["incorrect_code"])
        record_authentication(context.request, self.user, "mfa", type=unsaved.type)
        return code
