"""Takes a role by AWS's protocol for certificates, with the PyPI package iam-rolesanywhere-session, and works with it.

usage: roles_anywhere.py ENDPOINT CA CERTIFICATE KEY CHAIN ROLE_ARN TRUST_ANCHOR_ARN PROFILE_ARN
(CHAIN: a file, or - for none.) Prints one JSON object: who it is and its buckets, or the refusal.
"""

import json
import sys

from iam_rolesanywhere_session import IAMRolesAnywhereSession
from iam_rolesanywhere_session.exceptions import CredentialsRetrievalError

endpoint, ca, certificate, key, chain, role, trust_anchor, profile = sys.argv[1:]
try:
    session = IAMRolesAnywhereSession(
        profile_arn=profile,
        role_arn=role,
        trust_anchor_arn=trust_anchor,
        certificate=certificate,
        private_key=key,
        certificate_chain=None if chain == "-" else chain,
        region="us-east-1",
        endpoint=endpoint.removeprefix("https://"),
        verify=ca,
    ).get_session()
    caller = session.client("sts", endpoint_url=endpoint).get_caller_identity()["Arn"]
    s3 = session.client("s3", endpoint_url=endpoint)
    s3.create_bucket(Bucket="anywhere")
    buckets = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    s3.delete_bucket(Bucket="anywhere")
    print(json.dumps({"caller": caller, "buckets": buckets}))
except CredentialsRetrievalError as refusal:
    print(json.dumps({"refused": str(refusal)}))
