"""Writes the files of this directory with NumPy and the reference safetensors:

    pip install numpy==2.4.6 safetensors==0.8.0 && python make.py
"""
import struct, numpy as np
from numpy.lib import format
from safetensors import TensorSpec, serialize_file

# Every number is exact in every format but bfloat16, which has its own.
W = np.array([[1.5, -2.0], [0.25, 65504.0], [-0.0, 2.0**-24]])
for width in (2, 4, 8):
    for order, name in (("<", "le"), (">", "be")):
        np.save(f"f{width}{name}.npy", W.astype(f"{order}f{width}"))
np.save("fortran.npy", np.asfortranarray(W))
for version in (1, 2, 3):
    with open(f"v{version}.npy", "wb") as f:
        format.write_array(f, W, version=(version, 0))
np.savez("stored.npz", W_Q=W, W_K=W.astype("float32") * 2, n=np.arange(3))
np.savez_compressed("packed.npz", W_Q=W, W_K=W.astype("float32") * 2, n=np.arange(3))
bad = {
    "int64": W.astype("int64"), "complex": W.astype("complex128"), "bool": W > 0, "text": np.array([["a", "b"]]),
    "object": np.array([[{}, None]], dtype=object), "record": np.zeros((2, 2), dtype=[("a", "f4"), ("b", "f4")]),
    "longdouble": W.astype("longdouble"), "vector": W[0], "cube": W.reshape(3, 2, 1), "scalar": np.array(1.5),
    "none": W[:0],
}
for name, x in bad.items():
    np.save(f"bad_{name}.npy", x, allow_pickle=True)
B = np.array([[1.5, -2.0], [0.25, 65536.0], [-0.0, 2.0**-24]], dtype="<f4")
bf16 = (B.view("<u4") >> 16).astype("<u2")
alive = []  # the arrays that specs point into
def tensor(dtype, x):
    x = np.ascontiguousarray(x)
    alive.append(x)
    return TensorSpec(dtype=dtype, shape=list(x.shape), data_ptr=x.ctypes.data, data_len=x.nbytes)
serialize_file({
    "f64": tensor("float64", W), "f32": tensor("float32", W.astype("f4")), "f16": tensor("float16", W.astype("f2")),
    "bf16": tensor("bfloat16", bf16), "i64": tensor("int64", W.astype("i8")), "u8": tensor("uint8", np.ones((3, 2), "u1")),
    "f8": tensor("float8_e4m3fn", np.ones((3, 2), "u1")),
}, "dtypes.safetensors", {"format": "np"})
