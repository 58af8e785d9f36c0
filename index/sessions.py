"""Sessions of onnxruntime, opened alike for the encoder and for the reading layers."""

from pathlib import Path
from typing import Any

import onnxruntime


def open_session(path: Path, threads: int) -> Any:
    """Loads a model for the CPU; what cannot be loaded raises one of the library's own bare Exceptions.

    Args:
        path: an ONNX file.
        threads: for one pass; 0 takes one a core.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Waiting threads sleep: spinning ones take the cores that other requests need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
