"""What bench/inference.py compares. A peer runs one model on one image: `infer` once, `stream` for some seconds."""

import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

import numpy as np
import openvino as ov


class OpenVino:
    """An IR, or a model of OpenVINO's Python API, on OpenVINO's own Python package."""

    def __init__(self, model, precision, hint, threads, profile=False):
        config = {"PERFORMANCE_HINT": hint.upper(), "INFERENCE_NUM_THREADS": threads, "PERF_COUNT": profile}
        if precision != "default":
            config["INFERENCE_PRECISION_HINT"] = precision
        times = []
        for _ in range(2):  # The first compilation may wait for the disk.
            start = time.perf_counter()
            self.compiled = ov.Core().compile_model(model, "CPU", config)
            times.append(1e3 * (time.perf_counter() - start))
        self.compile_ms = min(times)
        self.request = self.compiled.create_infer_request()

    def infer(self, image):
        self.request.infer({0: image}, share_inputs=True, share_outputs=True)
        return {plain(name): self.request.get_tensor(port).data for port in self.compiled.outputs for name in port.names}

    @cached_property
    def queue(self):
        return ov.AsyncInferQueue(self.compiled)

    def stream(self, image, seconds):
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            self.queue.start_async({0: image}, share_inputs=True)
            count += 1
        self.queue.wait_all()
        return count, time.perf_counter() - start

    def op_times(self):
        """Milliseconds by type of op, means over all inferences."""
        times = {}
        for info in self.request.get_profiling_info():
            times[info.node_type] = times.get(info.node_type, 0) + 1e3 * info.real_time.total_seconds()
        return times


class TensorFlow:
    """A SavedModel folder, or a frozen graph with the Object Detection API's tensors."""

    def __init__(self, path, threads):
        import tensorflow as tf
        if tf.config.threading.get_intra_op_parallelism_threads() != threads:
            tf.config.threading.set_intra_op_parallelism_threads(threads)
        self.threads = threads
        self.run = frozen(tf, path) if Path(path).is_file() else saved(tf, path)

    def infer(self, image):
        return {name: value.numpy() for name, value in self.run(image).items()}

    def stream(self, image, seconds):
        start = time.perf_counter()

        def loop():
            count = 0
            while time.perf_counter() - start < seconds:
                self.infer(image)
                count += 1
            return count

        with ThreadPoolExecutor(self.threads) as pool:
            counts = [future.result() for future in [pool.submit(loop) for _ in range(self.threads)]]
        return sum(counts), time.perf_counter() - start


def saved(tf, folder):
    signature = tf.saved_model.load(folder).signatures["serving_default"]
    (name,) = signature.structured_input_signature[1]
    return lambda image: signature(**{name: tf.constant(image)})


def frozen(tf, path):
    graph_def = tf.compat.v1.GraphDef.FromString(Path(path).read_bytes())
    names = [node.name for node in graph_def.node if node.name.startswith(("detection_", "num_detections"))]
    function = tf.compat.v1.wrap_function(lambda: tf.compat.v1.import_graph_def(graph_def, name=""), [])
    run = function.prune("image_tensor:0", {name: f"{name}:0" for name in names})
    return lambda image: run(tf.constant(image))


class TensorFlowJs:
    """A TensorFlow.js graph model, in a Node process of its own with the wasm backend."""

    def __init__(self, path, image, folder):
        image.tofile(f"{folder}/image.bin")
        shape = ",".join(str(size) for size in image.shape)
        command = ["node", str(Path(__file__).with_name("tfjs_peer.mjs")), path, f"{folder}/image.bin", shape]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, question):
        self.process.stdin.write(f"{question}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def infer(self, _):
        self.ask("infer")
        return {}

    def answers(self):
        return {name: np.array(data, dtype="f4").reshape(shape) for name, (shape, data) in self.ask("answers").items()}

    def stream(self, image, seconds):
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            self.infer(image)
            count += 1
        return count, time.perf_counter() - start


def plain(name):
    """`detection_boxes` for `detection_boxes:0`."""
    return name.removesuffix(":0")
