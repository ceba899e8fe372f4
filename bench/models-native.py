"""Times a text graph on native ONNX Runtime: JSON of the request on stdin, of the result on stdout.

For ``models-native.mjs``, which says what is in both. The tokens come ready: only the graph runs
here.
"""

import json
import sys
import time

import numpy as np
import onnxruntime as ort


def milliseconds(start: float) -> float:
    return (time.perf_counter() - start) * 1000


def encoder(session: ort.InferenceSession, request: dict):
    names = request["inputs"]

    def encode(ids: list[int]) -> np.ndarray:
        tokens = np.array([ids], dtype=np.int64)
        feeds = {names["ids"]: tokens, names["mask"]: np.ones_like(tokens)}
        return session.run([request["output"]], feeds)[0][0]

    return encode


def times(encode, rows: list[list[int]]) -> list[float]:
    result = []
    for ids in rows:
        start = time.perf_counter()
        encode(ids)
        result.append(milliseconds(start))
    return result


def main() -> None:
    request = json.load(sys.stdin)
    start = time.perf_counter()
    options = ort.SessionOptions()
    options.intra_op_num_threads = request["threads"]
    session = ort.InferenceSession(request["graph"], options, providers=["CPUExecutionProvider"])
    encode = encoder(session, request)
    encode(request["queries"][0])
    ready = milliseconds(start)
    times(encode, request["warmUp"])
    result = {
        "version": ort.__version__,
        "readyMs": ready,
        "queryMs": times(encode, request["queries"]),
        "passageMs": times(encode, request["passages"]),
        "vector": encode(request["passages"][0]).tolist(),
    }
    json.dump(result, sys.stdout)


main()
