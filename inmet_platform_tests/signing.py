"""Key pairs and homes that sign in with each of the four ways."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


def write_key_pair(
    folder: Path, name: str, passphrase: str = "", curve: ec.EllipticCurve | None = None
) -> tuple[Path, Path]:
    """`NAME.p8`, encrypted when there is a passphrase, and `NAME.pub`, as openssl writes them.

    RSA, or of an elliptic curve, which signs in with a tenth of a second less work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    key = (
        ec.generate_private_key(curve)
        if curve
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    encryption: KeySerializationEncryption = NoEncryption()
    if passphrase:
        encryption = BestAvailableEncryption(passphrase.encode())
    private, public = folder / f"{name}.p8", folder / f"{name}.pub"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return private, public
