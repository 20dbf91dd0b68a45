"""Calls every STS action that boto3 knows, and every IAM action that needs no parameter, at a deployed endpoint over HTTPS.

The first argument is a JSON document: endpoint, port, ca, rootKey, roleArn, token. Prints a line an action; ends with 1 when
one is answered otherwise than expected.
"""

import json
import socket
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

settings = json.loads(sys.argv[1])
ask = socket.getaddrinfo


def lead_home(host, port, *args, **kw):
    """The endpoint's name is in no DNS; its certificate is checked all the same."""
    return ask("127.0.0.1", settings["port"], *args, **kw)


socket.getaddrinfo = lead_home


def client(service, key):
    return boto3.client(
        service,
        endpoint_url=settings["endpoint"],
        region_name="us-east-1",
        verify=settings["ca"],
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key.get("SessionToken"),
        config=Config(retries={"max_attempts": 1}),
    )


failed = 0
called = set()


def expect(name, call, code=None):
    """Calls, and holds the answer to be granted, or to the one error code."""
    global failed
    called.add(name)
    try:
        answer = call()
        found = None
    except ClientError as error:
        answer = None
        found = error.response["Error"]["Code"]
    if found == code:
        print(f"ok {name}: {found or 'granted'}")
    else:
        failed += 1
        print(f"FAILED {name}: {found or 'granted'} instead of {code or 'granted'}")
    return answer


root = client("sts", settings["rootKey"])
iam = client("iam", settings["rootKey"])
iam.create_user(UserName="python")
key = iam.create_access_key(UserName="python")["AccessKey"]
iam.put_user_policy(
    UserName="python",
    PolicyName="sts",
    PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}}
    ),
)
iam.create_role(
    RoleName="python",
    AssumeRolePolicyDocument=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"AWS": iam.get_user(UserName="python")["User"]["Arn"]},
            },
        }
    ),
)
role = iam.get_role(RoleName="python")["Role"]["Arn"]
user = client("sts", key)

expect("GetCallerIdentity", user.get_caller_identity)
session = expect("AssumeRole", lambda: user.assume_role(RoleArn=role, RoleSessionName="python"))
expect("GetCallerIdentity", client("sts", session["Credentials"]).get_caller_identity)
exchange = {"RoleArn": settings["roleArn"], "RoleSessionName": "python"}
expect(
    "AssumeRoleWithWebIdentity",
    lambda: user.assume_role_with_web_identity(**exchange, WebIdentityToken=settings["token"]),
)
expect(
    "AssumeRoleWithWebIdentity",
    lambda: user.assume_role_with_web_identity(**exchange, WebIdentityToken=settings["token"][:-4] + "AAAA"),
    "InvalidIdentityToken",
)
expect(
    "AssumeRoleWithSAML",
    lambda: user.assume_role_with_saml(
        RoleArn=role, PrincipalArn=role.replace("role/python", "saml-provider/idp"), SAMLAssertion="bm90IFNBTUw="
    ),
    "InvalidIdentityToken",
)
expect("GetSessionToken", user.get_session_token)
expect("GetFederationToken", lambda: user.get_federation_token(Name="guest"))
expect("GetAccessKeyInfo", lambda: user.get_access_key_info(AccessKeyId=key["AccessKeyId"]))
expect(
    "DecodeAuthorizationMessage",
    lambda: user.decode_authorization_message(EncodedMessage="damaged"),
    "InvalidAuthorizationMessageException",
)
task = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
expect("AssumeRoot", lambda: root.assume_root(TargetPrincipal="111122223333", TaskPolicyArn=task))
expect(
    "AssumeRoot", lambda: root.assume_root(TargetPrincipal="000000000000", TaskPolicyArn=task), "AccessDenied"
)
expect("GetDelegatedAccessToken", lambda: user.get_delegated_access_token(TradeInToken="any"), "ExpiredTradeInTokenException")
outbound = {"Audience": ["https://api.example"], "SigningAlgorithm": "ES384"}
expect(
    "GetWebIdentityToken",
    lambda: user.get_web_identity_token(**outbound),
    "OutboundWebIdentityFederationDisabledException",
)
iam.enable_outbound_web_identity_federation()
expect("GetWebIdentityToken", lambda: user.get_web_identity_token(**outbound))
iam.disable_outbound_web_identity_federation()

missing = set(user.meta.service_model.operation_names) - called
for name in sorted(missing):
    failed += 1
    print(f"FAILED {name}: nobody called it")

for name in sorted(iam.meta.service_model.operation_names):
    shape = iam.meta.service_model.operation_model(name).input_shape
    if not name.startswith(("Get", "List")) or (shape and shape.required_members):
        continue
    method = next(m for m, operation in iam.meta.method_to_api_mapping.items() if operation == name)
    try:
        getattr(iam, method)()
        print(f"ok {name}: granted")
    except ClientError as error:
        # Some answer that there is none of what they tell, others are not built; both in AWS's shape.
        code = error.response["Error"]["Code"]
        fine = code in ("NoSuchEntity", "NotImplemented", "ReportNotPresent", "ValidationError", "FeatureDisabled")
        failed += not fine
        print(f"{'ok' if fine else 'FAILED'} {name}: {code}")

iam.delete_role(RoleName="python")
iam.delete_user_policy(UserName="python", PolicyName="sts")
iam.delete_access_key(UserName="python", AccessKeyId=key["AccessKeyId"])
iam.delete_user(UserName="python")
sys.exit(1 if failed else 0)
