"""moto's AWS server on a free loopback port, which it prints, with KMS signatures as KMS makes them.

moto 5.2.5 signs the hash of a digest (MessageType DIGEST), takes the longest salt that fits for
RSASSA-PSS, ignores DryRun, signs with disabled keys, does not limit a message to 4096 bytes, and denies
access in IAM's words and XML. These six are put right here, after the AWS KMS API reference (Sign, Common
Errors; "Key states of AWS KMS keys"); all else is moto's, its judgement of policies too.
"""

import threading

from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.core.exceptions import JsonRESTError
from moto.iam.access_control import IAMRequest
from moto.kms import models, responses, utils
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

call = threading.local()


def refuse(kind, message):
    raise JsonRESTError(kind, message)


def check_state(key):
    if key.key_state == "Disabled":
        refuse("DisabledException", f"{key.arn} is disabled.")
    if key.key_state != "Enabled":
        refuse("KMSInvalidStateException", f"{key.arn} is pending deletion.")


def hashed(algorithm, message):
    """How `message` enters the signature: as it is, or as the digest that it already is."""
    if not call.digest:
        if len(message) > 4096:
            refuse("ValidationException", "1 validation error detected: Value at 'message' is too long")
        return algorithm
    if len(message) != algorithm.digest_size:
        refuse("ValidationException", "Digest is invalid length for algorithm " + call.algorithm + ".")
    return Prehashed(algorithm)


def sign_rsa(self, message, signing_algorithm):
    scheme, algorithm = self._RSAPrivateKey__padding_and_hash_algorithm(signing_algorithm)
    if isinstance(scheme, padding.PSS):
        scheme = padding.PSS(mgf=padding.MGF1(algorithm), salt_length=algorithm.digest_size)
    return self.private_key.sign(message, scheme, hashed(algorithm, message))


def sign_ec(self, message, signing_algorithm):
    algorithm = self._ECDSAPrivateKey__hash_algorithm(signing_algorithm)
    return self.private_key.sign(message, ec.ECDSA(hashed(algorithm, message)))


moto_sign = models.KmsBackend.sign
moto_get_public_key = models.KmsBackend.get_public_key
moto_respond = responses.KmsResponse.sign


def respond(self):
    call.digest = self._get_param("MessageType") == "DIGEST"
    call.dry_run = self._get_param("DryRun") is True
    call.algorithm = self._get_param("SigningAlgorithm")
    return moto_respond(self)


def sign(self, key_id, message, signing_algorithm):
    check_state(self.describe_key(key_id))
    signed = moto_sign(self, key_id, message, signing_algorithm)
    if call.dry_run:
        refuse("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.")
    return signed


def get_public_key(self, key_id):
    check_state(self.describe_key(key_id))
    return moto_get_public_key(self, key_id)


def deny(self):
    user = self._access_key.arn
    refuse("AccessDeniedException", f"User: {user} is not authorized to perform: {self._action}")


def reject_key(self, _reason):
    refuse("UnrecognizedClientException", "The security token included in the request is invalid.")


def reject_signature(self):
    refuse("InvalidSignatureException", "The request signature we calculated does not match.")


IAMRequest._raise_access_denied = deny
IAMRequest._raise_invalid_access_key = reject_key
IAMRequest._raise_signature_does_not_match = reject_signature
responses.KmsResponse.sign = respond
models.KmsBackend.sign = sign
models.KmsBackend.get_public_key = get_public_key
utils.RSAPrivateKey.sign = sign_rsa
utils.ECDSAPrivateKey.sign = sign_ec

server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
