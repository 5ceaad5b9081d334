"""E-mail by SMTP (RFC 5321), through aiosmtplib."""

from email.message import EmailMessage
from email.utils import make_msgid
from typing import Final, Literal

import aiosmtplib
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bridge.errors import Rejected, Unreachable, Unusable

TIMEOUT: Final = 30.0
_PERMANENT: Final = 500
_NOT_SIGNED_IN: Final = frozenset({530, 534, 535, 538})


class Config(BaseModel):
    """The [email] table."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: SecretStr = SecretStr("")
    sender: str = Field(min_length=3)


class Mail:
    """Sends mail through one server."""

    def __init__(self, config: Config) -> None:
        self._config = config

    async def send(self, to: str, subject: str, text: str, key: str) -> None:
        """Send one mail. key: the same for the same mail, so that a repeated one is recognised as such.

        Raises Rejected (this mail), Unusable (the account must be mended) or Unreachable (try again).
        """
        config = self._config
        message = EmailMessage()
        message["From"] = config.sender
        message["To"] = to
        message["Subject"] = " ".join(subject.split())
        message["Message-ID"] = make_msgid(key, domain=config.sender.rpartition("@")[2].rstrip(">"))
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answer comes back
        message.set_content(text)
        try:
            await aiosmtplib.send(
                message,
                hostname=config.host,
                port=config.port,
                username=config.username or None,
                password=config.password.get_secret_value() or None,
                use_tls=config.security == "tls",
                start_tls=config.security == "starttls",
                timeout=TIMEOUT,
            )
        except aiosmtplib.SMTPAuthenticationError as error:
            raise Unusable(f"the mail server refuses our name and password ({error.code})") from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            code = error.recipients[0].code if error.recipients else 0
            if code >= _PERMANENT:
                raise Rejected(f"the mail server takes no mail for that address ({code})") from None
            raise Unreachable(f"the mail server puts that address off ({code})") from None
        except aiosmtplib.SMTPResponseException as error:
            if error.code in _NOT_SIGNED_IN:
                raise Unusable(f"the mail server wants another way to sign in ({error.code})") from None
            if error.code >= _PERMANENT:
                raise Rejected(f"the mail server refuses the mail ({error.code})") from None
            raise Unreachable(f"the mail server puts the mail off ({error.code})") from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise Unreachable(f"the mail server cannot be reached ({type(error).__name__})") from None
