"""Settings: read from the environment (PLAINCITE_...) by entry points only; inner functions take plain values."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.studies import LIBRARY


class Settings(BaseSettings):
    """What an operator may set. Each field's description is what `plaincite serve --help` prints."""

    model_config = SettingsConfigDict(env_prefix="PLAINCITE_", frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    corpus: Path = Field(LIBRARY, description="Folder of study summaries.")
    index: Path = Field(Path("var/index"), description="Folder of index generations.")
    encoders: Path = Field(Path("var/encoders"), description="Folder of exported models.")
    model: str = Field(
        "all-MiniLM-L6-v2",
        description="The packaged model's name, or the folder of any sentence-transformers model.",
    )
    site_name: str = Field("plaincite", description="Name shown on the pages.")
    publisher: str = Field("", description="Who publishes the library, shown on every page.")
    emergency_number: str = Field("911", description="Number on the emergency card.")
    crisis_name: str = Field("988 Suicide & Crisis Lifeline", description="Name of the crisis line.")
    crisis_number: str = Field("988", description="Number of the crisis line.")
    origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins whose pages may ask through the widget, separated by commas."
    )
    log_level: str = Field("info", description="debug, info, warning or error.")
