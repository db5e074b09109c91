"""Settings: from the environment or a `.env` file, prefix EVENKEEL_. Unknown names are refused."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "EVENKEEL_"
ENV_FILE = Path(".env")
FREE_PACE, FASTEST_PACE = 30, 1000  # messages a second, free of charge and for Stars
_FROM_FILE = "_FILE"


class SettingsRefused(Exception):
    """A setting is wrong; the message says which and why, without its value."""


class Settings(BaseSettings):
    """Everything that can be set from outside."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=None, extra="forbid", frozen=True)

    telegram_token: SecretStr | None = Field(
        default=None,
        description="The bot's token from BotFather. Without any bot, `make run` starts the demo.",
    )
    telegram_api: str = Field(
        default="https://api.telegram.org",
        description="Base URL of the Bot API (another one for a local server).",
    )
    database_url: str = Field(
        default="sqlite:///var/evenkeel.db",
        description="Where the data lives: SQLite, or postgresql://… for several workers.",
    )
    key_file: Path = Field(
        default=Path("var/evenkeel.key"),
        description="The master key, made on the first run. Keep a copy apart from the database.",
    )
    tombstones: Path | None = Field(
        default=None,
        description="What was erased or revoked, so that no restored backup undoes it. Keep it with the key; "
        "beside the key if not set.",
    )
    http_listen: str = Field(default="127.0.0.1:8080", description="Address and port of the health page.")
    webhook_url: str | None = Field(
        default=None,
        description="Where Telegram finds us, https://…; it then brings updates to EVENKEEL_HTTP_LISTEN.",
    )
    helplines: Path | None = Field(
        default=None, description="A folder with your own helplines, one file per country, laid over ours."
    )
    operator_chat: str | None = Field(
        default=None,
        description="Your own private chat with the bot, a number. The crisis path is drilled there weekly.",
    )

    paid_broadcast: int = Field(
        default=0,
        description="How many messages a second may leave in all, 31 to 1000. Telegram takes Stars for those "
        "above 30. 0 is off.",
    )

    @field_validator("telegram_token")
    @classmethod
    def _token_shape(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not looks_like_a_token(token.get_secret_value()):
            raise ValueError("a bot token looks like 123456:letters")
        return token

    @field_validator("http_listen")
    @classmethod
    def _address_shape(cls, address: str) -> str:
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError("an address looks like 127.0.0.1:8080")
        return address

    @field_validator("webhook_url")
    @classmethod
    def _url_shape(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("Telegram comes over https:// only")
        return url

    @field_validator("operator_chat")
    @classmethod
    def _chat_shape(cls, chat: str | None) -> str | None:
        if chat is not None and not (chat.isascii() and chat.isdigit() and int(chat)):
            raise ValueError("a private chat is a number such as 123456789; a group will not do")
        return chat

    @field_validator("paid_broadcast")
    @classmethod
    def _pace(cls, messages: int) -> int:
        if messages and not FREE_PACE < messages <= FASTEST_PACE:
            raise ValueError("messages a second are 31 to 1000, or 0 for none beyond the free 30")
        return messages

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only `read_settings` reads: the library's own sources pass over names they do not know."""
        return (init_settings,)

    @property
    def http_address(self) -> tuple[str, int]:
        """Host and port of the health page."""
        host, _, port = self.http_listen.rpartition(":")
        return host.strip("[]"), int(port)


def looks_like_a_token(token: str) -> bool:
    number, _, secret = token.partition(":")
    return number.isdigit() and bool(secret) and token.isascii() and not any(c.isspace() for c in token)


def read_settings(environment: Mapping[str, str] | None = None, env_file: Path = ENV_FILE) -> Settings:
    """The settings of this process. Raises SettingsRefused with one line per mistake.

    The environment wins over the file. A name that ends in _FILE names a file that holds the value.
    """
    given = {**_file(env_file), **(os.environ if environment is None else environment)}
    ours = {name: value for name, value in given.items() if name.startswith(PREFIX)}
    values: dict[str, Any] = {}
    for name, value in ours.items():
        field, content = _field(name, value)
        if field in values:
            raise SettingsRefused(f"{PREFIX}{field.upper()} is set twice: as it is and by a file.")
        values[field] = content
    try:
        return Settings(**{field: value for field, value in values.items() if value != ""})
    except ValidationError as error:
        raise SettingsRefused(_explained(error)) from None


def _field(name: str, value: str) -> tuple[str, str]:
    """The field that a variable sets, and its value; an unknown name is refused."""
    field = name.removeprefix(PREFIX).lower()
    if field in Settings.model_fields:
        return field, value
    behind = field.removesuffix(_FROM_FILE.lower())
    if behind != field and behind in Settings.model_fields:
        return behind, _content(name, Path(value))
    known = ", ".join(PREFIX + field.upper() for field in Settings.model_fields)
    raise SettingsRefused(f"{name} is not a setting. There are: {known}.")


def _content(name: str, path: Path) -> str:
    """What a file holds; an empty one is a mistake and must not look like a value that is not set."""
    try:
        content = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsRefused(f"{name}: the file cannot be read.") from None
    if not content:
        raise SettingsRefused(f"{name}: the file is empty.")
    return content


def _file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line.strip() and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


def _explained(error: ValidationError) -> str:
    """One line per mistake; never the value, which may be secret."""
    return "\n".join(
        f"{PREFIX}{'.'.join(str(part) for part in mistake['loc']).upper()}: {mistake['msg']}."
        for mistake in error.errors()
    )


def example() -> str:
    """The text of `.env.example`, made from the settings themselves."""
    parts = ["# Settings of Evenkeel. Copy to .env and change what you need.\n"]
    for field, info in Settings.model_fields.items():
        default = "" if info.default is None else str(info.default)
        secret = " Also as EVENKEEL_TELEGRAM_TOKEN_FILE=/path." if field == "telegram_token" else ""
        parts.append(f"# {info.description}{secret}\n# {PREFIX}{field.upper()}={default}\n")
    return "\n".join(parts)
