"""Reads a checkpoint as docs/checkpoints.md says and prints what it holds; writes it anew with the kernel doubled."""

import json
import sys
import zlib

try:
    from safetensors import safe_open
    from safetensors.numpy import save_file
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(77)


def checksum(path):
    crc = 0
    with safe_open(path, "numpy") as file:
        for name in sorted(file.keys()):
            tensor = file.get_slice(name)
            head = f"{name}\0{tensor.get_dtype()}\0{list(tensor.get_shape())}\0"
            crc = zlib.crc32(head.encode(), crc)
            crc = zlib.crc32(file.get_tensor(name).tobytes(), crc)
        for key, value in sorted(file.metadata().items()):
            if key != "spark.crc32":
                crc = zlib.crc32(f"{key}\0{value}\0".encode(), crc)
    return f"{crc:08x}"


def save(tensors, metadata, path):
    save_file(tensors, path, metadata)
    save_file(tensors, path, metadata | {"spark.crc32": checksum(path)})


path, changed = sys.argv[1:]
with safe_open(path, "numpy") as file:
    tensors = {name: file.get_tensor(name) for name in file.keys()}
    metadata = file.metadata()
assert checksum(path) == metadata["spark.crc32"]
print(
    json.dumps(
        {
            "checksum": checksum(path),
            "name": metadata["spark.name"],
            "inputs": json.loads(metadata["spark.inputs"]),
            "config": json.loads(metadata["spark.config"]),
            "tensors": {
                name: {"dtype": str(array.dtype), "shape": list(array.shape), "numbers": array.ravel().tolist()}
                for name, array in tensors.items()
            },
        }
    )
)
tensors["synapses/weights/kernel"] = 2 * tensors["synapses/weights/kernel"]
save(tensors, metadata, changed)
