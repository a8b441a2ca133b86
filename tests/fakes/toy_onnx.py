"""Tiny models in ONNX, as `onnx-asr` reads them, CTC and TDT: they say a word for each loud stretch."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

WORD = "гучно"
PIECES = ("гуч", "но")
"""Of the same word, as the TDT model writes it: one with the first loud frame, one with the next."""
_EIGHT_FRAMES = 8
_BINS = 80
_PARAKEETS_BINS = 128
_SURE = 20.0
_NEVER = -1000.0
_LONGEST_STEP = 8
"""Frames that the TDT model leaves out behind a word: half a second, so that a stretch is one word."""


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
            _floats("audio_signal", ["batch", _BINS, "time"]),
            helper.make_tensor_value_info("length", TensorProto.INT64, ["batch"]),
        ],
        [_floats("logprobs", ["batch", "frames", 2])],
        [onnx.numpy_helper.from_array(weights, "weights")],
    )
    _save(folder / "model.onnx", graph)
    return folder


def toy_tdt_model(folder: Path) -> Path:
    """Write one whose files, inputs and outputs are those of parakeet-tdt-0.6b-v3 in int8.

    Of each frame it tells a piece and how many frames it leaves out then. Read as RNN-T, which leaves none
    out, it would say the word again and again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told = {"model_type": "nemo-conformer-tdt", "features_size": _PARAKEETS_BINS, "subsampling_factor": 8}
    (folder / "config.json").write_text(json.dumps(told), encoding="utf-8")
    words = f"\u2581{PIECES[0]} 0\n{PIECES[1]} 1\n<blk> 2\n"
    (folder / "vocab.txt").write_text(words, encoding="utf-8")
    _save(folder / "encoder-model.int8.onnx", _encoder())
    _save(folder / "decoder_joint-model.int8.onnx", _decoder_and_joint())
    return folder


def _encoder() -> onnx.GraphProto:
    """Make the mean of eight frames one number: above zero where it is loud."""
    nodes = [
        helper.make_node(
            "AveragePool",
            ["audio_signal"],
            ["pooled"],
            kernel_shape=[_EIGHT_FRAMES],
            strides=[_EIGHT_FRAMES],
            ceil_mode=1,
        ),
        helper.make_node("ReduceMean", ["pooled", "bins"], ["outputs"], keepdims=1),
        helper.make_node("Add", ["length", "seven"], ["more"]),
        helper.make_node("Div", ["more", "eight"], ["encoded_lengths"]),
    ]
    return helper.make_graph(
        nodes,
        "encoder",
        [
            _floats("audio_signal", ["batch", _PARAKEETS_BINS, "time"]),
            helper.make_tensor_value_info("length", TensorProto.INT64, ["batch"]),
        ],
        [
            _floats("outputs", ["batch", 1, "frames"]),
            helper.make_tensor_value_info("encoded_lengths", TensorProto.INT64, ["batch"]),
        ],
        [
            onnx.numpy_helper.from_array(np.array([1], np.int64), "bins"),
            onnx.numpy_helper.from_array(np.array([7], np.int64), "seven"),
            onnx.numpy_helper.from_array(np.array([8], np.int64), "eight"),
        ],
    )


def _decoder_and_joint() -> onnx.GraphProto:
    """Tell the next piece, and the step behind it, by the piece before and by how loud it is."""
    steps = 1 + _LONGEST_STEP
    after_first = [_NEVER, 0.0, 0.0, *_steps(_LONGEST_STEP)]
    else_ = [0.0, _NEVER, 0.0, *_steps(1)]
    before = np.array([after_first, else_, else_], np.float32)
    # Quiet frames say nothing, and one step: the long one needs that it is loud.
    louder = np.array([_SURE, _SURE, -_SURE, *[0.0] * (steps - 1), _SURE], np.float32)
    nodes = [
        helper.make_node("Gather", ["before", "targets"], ["by_piece"]),
        helper.make_node("Mul", ["encoder_outputs", "louder"], ["by_loudness"]),
        helper.make_node("Add", ["by_piece", "by_loudness"], ["both"]),
        helper.make_node("Unsqueeze", ["both", "place"], ["outputs"]),
        helper.make_node("Identity", ["input_states_1"], ["output_states_1"]),
        helper.make_node("Identity", ["input_states_2"], ["output_states_2"]),
    ]
    states = [
        _floats(f"{way}_states_{number}", [1, 1, 1]) for way in ("input", "output") for number in (1, 2)
    ]
    return helper.make_graph(
        nodes,
        "decoder_joint",
        [
            _floats("encoder_outputs", [1, 1, 1]),
            helper.make_tensor_value_info("targets", TensorProto.INT32, [1, 1]),
            helper.make_tensor_value_info("target_length", TensorProto.INT32, [1]),
            *states[:2],
        ],
        [_floats("outputs", [1, 1, 1, len(PIECES) + 1 + steps]), *states[2:]],
        [
            onnx.numpy_helper.from_array(before, "before"),
            onnx.numpy_helper.from_array(louder, "louder"),
            onnx.numpy_helper.from_array(np.array([1], np.int64), "place"),
        ],
    )


def _steps(frames: int) -> Sequence[float]:
    """Give how likely each step is, from none on; the longest has to be made up for by a loud frame."""
    likely = [_NEVER] * (1 + _LONGEST_STEP)
    likely[1], likely[frames] = 0.0, 0.0
    return likely


def _floats(name: str, shape: Sequence[str | int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _save(file: Path, graph: onnx.GraphProto) -> None:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    onnx.save(model, str(file))
