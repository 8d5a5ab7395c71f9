"""The server key, kept outside the database, and everything derived from it.

Card codes come from a card's id and this key, so cards can be printed again, while a stolen database holds only
keyed hashes that cannot be turned back, nor tried out, without the key.
"""

import hashlib
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rules import codes


class Keys:
    """What the server key makes: codes, look-up hashes, CSRF proofs, signing secrets."""

    def __init__(self, key: bytes) -> None:
        if not 32 <= len(key) <= 64:
            raise ValueError("the server key must have 32 to 64 bytes")
        self._key = key
        # The codes of the cards seen lately, so that a regular's card is not spelled out anew at every stamp.
        self.card_code = lru_cache(maxsize=50_000)(self._card_code)
        self.short_code = lru_cache(maxsize=50_000)(self._short_code)
        self.card_lookup = lru_cache(maxsize=50_000)(self._card_lookup)

    def _card_code(self, business_id: int, card_id: bytes, number: int) -> str:
        """The code in a card's QR: 84 derived bits and the business's number."""
        secret = self._derive(b"card-code", business_id, card_id + number.to_bytes(4, "big"))
        return codes.spell(int.from_bytes(secret, "big"), codes.SECRET_LENGTH) + codes.spell_business(business_id)

    def _short_code(self, business_id: int, card_id: bytes, number: int) -> str:
        """The code for typing at a till: seven symbols and a check symbol."""
        secret = self._derive(b"short-code", business_id, card_id + number.to_bytes(4, "big"))
        return codes.with_check(codes.spell(int.from_bytes(secret, "big"), codes.SHORT_LENGTH - 1))

    def voucher_code(self, business_id: int, voucher_id: bytes) -> str:
        """The code in the QR of a voucher on a slip: as long as a card's."""
        secret = self._derive(b"voucher-code", business_id, voucher_id)
        return codes.spell(int.from_bytes(secret, "big"), codes.SECRET_LENGTH) + codes.spell_business(business_id)

    def _card_lookup(self, business_id: int, secret: str) -> bytes:
        """The hash by which a card is found."""
        return self.lookup("card", business_id, secret)

    def lookup(self, kind: str, business_id: int, secret: str) -> bytes:
        """The hash by which a secret of this kind is found."""
        return self._derive(b"lookup-" + kind.encode(), business_id, secret.encode())

    def csrf(self, secret_hash: bytes) -> str:
        """The proof a page must send along with a cookie: only our own pages can read it."""
        return self._derive(b"csrf", 0, secret_hash).hex()[:32]

    def webhook_secret(self, business_id: int, webhook_id: bytes, number: int) -> bytes:
        """The 32 bytes that sign a webhook's messages."""
        return self._derive(b"webhook", business_id, webhook_id + number.to_bytes(4, "big"))

    def seal(self, data: bytes) -> bytes:
        """Data that only this server can read (AES-256-GCM)."""
        nonce = os.urandom(12)
        return nonce + AESGCM(self._derive(b"seal", 0, b"")).encrypt(nonce, data, None)

    def unseal(self, sealed: bytes) -> bytes:
        """What `seal` took. Raises InvalidTag when it was not sealed with this key."""
        return AESGCM(self._derive(b"seal", 0, b"")).decrypt(sealed[:12], sealed[12:], None)

    def _derive(self, use: bytes, business_id: int, material: bytes) -> bytes:
        # Keyed BLAKE2b (RFC 7693): as strong as HMAC-SHA-256, in a third of the time.
        text = use + b"\0" + business_id.to_bytes(4, "big") + material
        return hashlib.blake2b(text, key=self._key, digest_size=32).digest()


def load(folder: Path) -> Keys:
    """The key kept in this folder, made there on the first start, readable by its owner alone."""
    path = folder / "secret.key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Keys(bytes.fromhex(path.read_text().strip()))
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return Keys(bytes.fromhex(path.read_text().strip()))


def new_secret(business_id: int | None = None) -> str:
    """A new random secret of 192 bits; with a business, it begins with its number, for the look-up."""
    secret = secrets.token_urlsafe(24)
    return secret if business_id is None else f"{business_id}.{secret}"


def business_of(secret: str) -> int | None:
    """The business a secret names; None if it names none."""
    number, dot, rest = secret.partition(".")
    return int(number) if dot and rest and number.isdecimal() and len(number) < 10 else None


def content_hash(*parts: object) -> bytes:
    """A hash of what was claimed, to tell the same claim from another under the same id."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=8).digest()
