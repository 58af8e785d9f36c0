"""ReadingLayers: the trained layers that make tokens ready for reading, from the encoder's inner states.

They are copies of the encoder's layers, all six, trained further so that a question's tokens meet those of
the sentences that answer it (`python -m evaluation.training`; what they learnt from is in shipped/README.md).
The encoder's own stay as they are, for search.
"""

import hashlib
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import EncoderError
from index.models import Sha256, file_sha256
from index.sessions import open_session

Floats = NDArray[np.float32]

SHIPPED = Path(__file__).with_name("shipped")
"""The layers that come with plaincite."""

LAYERS_FILE = "reader.onnx"
STAMP_FILE = "reader.json"
STATES_INPUT, MASK_INPUT = "inner_states", "attention_mask"
TOKENS_OUTPUT, WEIGHTS_OUTPUT = "tokens", "weights"


class Judgement(BaseModel):
    """Logistic weights: from what is told of a sentence to how likely it answers.

    Attributes:
        match: of the mean of its best matches, each token weighted.
        worst: of its worst match.
        passage: of the mean match in its passage.
        offset: added to all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    match: float
    worst: float
    passage: float
    offset: float


UNTRAINED = Judgement(match=9.0, worst=4.0, passage=3.0, offset=-9.0)
"""For a model that no layers were trained for: fitted once on the packaged model's own last layer."""


class Stamp(BaseModel):
    """What STAMP_FILE says of the layers.

    Attributes:
        encoder_sha256: the encoder whose inner states they were trained on; of no use with another.
        layers_sha256: the hash of LAYERS_FILE.
        judgement: fitted after the layers were trained.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[int, Field(ge=1)]
    encoder_sha256: Sha256
    layers_sha256: Sha256
    judgement: Judgement

    @property
    def sha256(self) -> str:
        """Names encoder and layers together: tokens made by others are not comparable."""
        return hashlib.sha256(f"{self.encoder_sha256} {self.layers_sha256}".encode()).hexdigest()


class Ready(NamedTuple):
    """Tokens made ready for reading.

    Attributes:
        tokens: (texts, tokens, dimension), unit length.
        weights: (texts, tokens), above 0: what each token counts, if it is one of a question.
    """

    tokens: Floats
    weights: Floats


class ReadingLayers:
    """The layers on the CPU. May be used by several threads at once."""

    def __init__(self, stamp: Stamp, session: Any) -> None:
        self.judgement = stamp.judgement
        self.sha256 = stamp.sha256
        self._session = session

    def make_ready(self, states: Floats, mask: NDArray[np.int64]) -> Ready:
        """Runs the layers.

        Args:
            states: the encoder's inner states, (texts, tokens, dimension).
            mask: (texts, tokens), 1 for a token and 0 for padding.
        """
        inputs = {STATES_INPUT: states, MASK_INPUT: mask}
        return Ready(*self._session.run([TOKENS_OUTPUT, WEIGHTS_OUTPUT], inputs))


def load_layers(encoder_sha256: str, folder: Path = SHIPPED, *, threads: int = 0) -> ReadingLayers | None:
    """The layers of a folder; None where they are another encoder's or none are there.

    Args:
        encoder_sha256: the encoder that they shall go on from.
        folder: has LAYERS_FILE and STAMP_FILE.
        threads: for one pass; 0 takes one a core.

    Raises:
        EncoderError: they are damaged.
    """
    try:
        stamp = read_stamp(folder)
        if stamp.encoder_sha256 != encoder_sha256:
            return None
        if file_sha256(folder / LAYERS_FILE) != stamp.layers_sha256:
            raise EncoderError(
                f"{folder / LAYERS_FILE}: the reading layers are damaged: install plaincite again"
            )
    except FileNotFoundError:
        return None
    try:
        session = open_session(folder / LAYERS_FILE, threads)
    except Exception as error:  # the library raises bare Exceptions of its own
        raise EncoderError(f"{folder / LAYERS_FILE}: the reading layers cannot be loaded: {error}") from error
    return ReadingLayers(stamp, session)


def read_stamp(folder: Path = SHIPPED) -> Stamp:
    """What a folder of layers says of itself.

    Raises:
        FileNotFoundError: there is none.
        EncoderError: it is damaged.
    """
    try:
        return Stamp.model_validate_json((folder / STAMP_FILE).read_bytes())
    except ValidationError as error:
        raise EncoderError(f"{folder / STAMP_FILE}: damaged: install plaincite again") from error
