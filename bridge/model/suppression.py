"""Numbers of people who were erased and must not be texted: kept as keyed hashes alone."""

import hashlib
import hmac


def hashed(key: str, address: str) -> str:
    """Give what is kept of a number: HMAC-SHA-256 with a key of this database alone (RFC 2104)."""
    return hmac.new(key.encode(), address.encode(), hashlib.sha256).hexdigest()
