"""A tiny CTC model in ONNX, as `onnx-asr` reads them: it says a word for each loud stretch."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

WORD = "гучно"
_EIGHT_FRAMES = 8
_BINS = 80
_SURE = 20.0


def toy_model(folder: Path) -> Path:
    """Write it and its words."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text(f"\u2581{WORD} 0\n<blk> 1\n", encoding="utf-8")
    # The mean of the features of eight frames, turned into how sure it is of the word and of nothing.
    weights = np.array([[_SURE, -_SURE]] * _BINS, dtype=np.float32) / _BINS
    nodes = [
        helper.make_node(
            "AveragePool",
            ["audio_signal"],
            ["pooled"],
            kernel_shape=[_EIGHT_FRAMES],
            strides=[_EIGHT_FRAMES],
            ceil_mode=1,
        ),
        helper.make_node("Transpose", ["pooled"], ["frames"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["frames", "weights"], ["logits"]),
        helper.make_node("LogSoftmax", ["logits"], ["logprobs"], axis=-1),
    ]
    graph = helper.make_graph(
        nodes,
        "toy",
        [
            helper.make_tensor_value_info("audio_signal", TensorProto.FLOAT, ["batch", _BINS, "time"]),
            helper.make_tensor_value_info("length", TensorProto.INT64, ["batch"]),
        ],
        [helper.make_tensor_value_info("logprobs", TensorProto.FLOAT, ["batch", "frames", 2])],
        [onnx.numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    onnx.save(model, str(folder / "model.onnx"))
    return folder
