"""Check a receipt of the portal without the portal: Python 3.9 or later, nothing else, no network.

    python verify_receipt.py RECEIPT --key KEYS [--offer OFFER --nonce HEX] [--checkpoint NOTE]
Prints one line of JSON. Exit status: 0 every check holds, 1 at least one does not, 2 a file or argument is wrong.
  form        the file is byte for byte in the form in which receipts are issued
  signature   the portal signed this statement: event, supplier, number, time, commitment (Ed25519, RFC 8032)
  entry       the chain hash is the hash of the journal entry shown, and the entry says the same as the statement
  inclusion   the entry stands in the log of which the portal signed this checkpoint (Merkle path, RFC 6962)
  commitment  the offer file and its secret nonce are what the portal received
"""

# fmt: off
# ruff: noqa: E401, E701, I001, SIM115, T201
import argparse, base64, hashlib, json, re, sys
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # the field; the order of the base point
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()
def unhex(text, length):
    if not re.fullmatch("[0-9a-f]*", text) or len(text) != 2 * length: raise ValueError("wrong hexadecimal text")
    return bytes.fromhex(text)
def add(a, b):  # points of the curve -x² + y² = 1 + Dx²y² as (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    return (n - m) * (d - c) % P, (d + c) * (n + m) % P, (d - c) * (d + c) % P, (n - m) * (n + m) % P
def multiply(factor, point):
    if factor == 0: return 0, 1, 1, 0
    half = multiply(factor >> 1, add(point, point))
    return add(half, point) if factor & 1 else half
def point(data):
    sign, y = data[31] >> 7, int.from_bytes(data, "little") % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * ROOT % P
    if y >= P or x * x % P != square or (x == 0 and sign): raise ValueError("not a point of the curve")
    x = x if x % 2 == sign else P - x
    return x, y, 1, x * y % P
def ed25519(public, message, signature):
    s, base = int.from_bytes(signature[32:], "little"), point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    if len(public) != 32 or len(signature) != 64 or s >= L: return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = multiply(s, base), add(point(signature[:32]), multiply(challenge, point(public)))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)

def checkpoint_of(note, key):  # three lines (name, size, root), an empty line, one line with a signature
    text, line = note.split("\n\n")
    (_name, size, root), blob = text.split("\n"), base64.b64decode(line.split(" ")[2])
    same = "{0}\n{1}\n{2}\n\n— {0} {3}\n".format(key["origin"], int(size), root, base64.b64encode(blob).decode())
    if note != same or not ed25519(unhex(key["keys"][blob[:4].hex()], 32), (text + "\n").encode(), blob[4:]):
        raise ValueError("not a checkpoint of this log")
    return int(size), base64.b64decode(root)
def root_of(leaf, index, size, path):  # the largest power of two below `size` stands on the left
    if size == 1 and index == 0 and not path: return leaf
    left, sibling = 1 << (size - 1).bit_length() - 1, unhex(path[-1], 32)
    if index < left: return sha256(b"\x01", root_of(leaf, index, left, path[:-1]), sibling)
    return sha256(b"\x01", sibling, root_of(leaf, index - left, size - left, path[:-1]))
def commitment(nonce, event, supplier, offer):
    parts = (b"srm-portal/commitment/1", nonce, event.encode(), supplier.encode(), offer)
    return sha256(*(len(part).to_bytes(8, "big") + part for part in parts)).hex()

def verify(receipt, key, offer=None, nonce=None, checkpoint=None):
    """`receipt`: a file's bytes, or parsed. {"valid": ..., "checks": {name: holds}}; an unreadable part ends it."""
    checks = dict.fromkeys(["form", "signature", "entry"], False)
    try:
        data, receipt = receipt, json.loads(receipt) if isinstance(receipt, bytes) else receipt
        said, proof, entry = receipt["statement"], receipt["proof"], receipt["statement"]["entry"]
        checks["form"] = (receipt["format"] == "srm-portal/receipt/1" and said["origin"] == key["origin"]
            and (data is receipt or data == canonical(receipt) + b"\n"))
        checks["signature"] = ed25519(unhex(key["keys"][receipt["key_id"]], 32),
            b"srm-portal/receipt/1\n" + canonical(said), unhex(receipt["signature"], 64))
        leaf, facts = sha256(b"\0", canonical(entry)), json.loads(entry["details"])
        same = [facts["event"], facts["supplier"], facts["commitment"], entry["seq"], entry["at"], leaf.hex()]
        checks["entry"] = same == [said[x] for x in ("event", "supplier", "commitment", "seq", "at", "chain_hash")]
        if proof is not None or checkpoint is not None:
            index, (size, root) = proof["index"], checkpoint_of(checkpoint or proof["checkpoint"], key)
            checks["inclusion"] = type(index) is int and root == root_of(leaf, index, size, proof["path"])
        if offer is not None:
            sealed = commitment(unhex(nonce or "", 32), said["event"], said["supplier"], offer)
            checks["commitment"] = sealed == said["commitment"]
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError) as problem:
        return {"valid": False, "checks": checks, "problem": f"{type(problem).__name__}: {problem}"}
    return {"valid": all(checks.values()), "checks": checks}
def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("receipt")
    for name in "--key", "--offer", "--nonce", "--checkpoint": parser.add_argument(name, required=name == "--key")
    given = parser.parse_args(arguments)
    try:
        data, key, offer, note = [name and open(name, "rb").read() for name in
            (given.receipt, given.key, given.offer, given.checkpoint)]
        key = {"origin": (key := json.loads(key))["origin"], "keys": dict(key["keys"])}
        found = verify(data, key, offer, given.nonce, note and note.decode())
    except (OSError, KeyError, TypeError, ValueError) as problem:
        parser.error(repr(problem))
    print(json.dumps(found))
    return 0 if found["valid"] else 1
if __name__ == "__main__": sys.exit(main())
