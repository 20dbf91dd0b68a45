"""Chains, revocation, federation, presigned identities and pages by boto3. Prints one JSON object; an AWS error is printed by
its code and the call that met it."""
import base64
import json
import sys
import urllib.error
import urllib.request
from datetime import datetime, timezone

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

ACCOUNT = "000000000000"
iam, sts = boto3.client("iam"), boto3.client("sts")
ENDPOINT = sts.meta.endpoint_url


def client_of(service, credentials):
    return boto3.client(
        service,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials.get("SessionToken"),
    )


def code_of(call, **parameters):
    try:
        call(**parameters)
        return "ok"
    except ClientError as error:
        return error.response["Error"]["Code"]


def trust(arn, action="sts:AssumeRole"):
    statement = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": action}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **s} for s in statements]})


def make_chain():
    """Three roles, each trusted with the one before it."""
    trusted = f"arn:aws:iam::{ACCOUNT}:user/administrator"
    for name in ("first", "second", "third"):
        trusted = iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=trust(trusted), MaxSessionDuration=43200
        )["Role"]["Arn"]
    iam.attach_role_policy(RoleName="third", PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")


def take(client, name, **parameters):
    return client.assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{name}", RoleSessionName="hop", **parameters
    )["Credentials"]


def hops():
    first = take(sts, "first", DurationSeconds=43200)
    second = take(client_of("sts", first), "second")
    third = take(client_of("sts", second), "third")
    return first, second, third


def raw(credentials, parameters):
    """A signed request of an action that boto3's model does not have: the status and the code or `ok`."""
    body = "&".join(f"{name}={value}" for name, value in parameters.items())
    request = AWSRequest("POST", ENDPOINT + "/", {"Content-Type": "application/x-www-form-urlencoded"}, body)
    keys = Credentials(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials.get("SessionToken"))
    SigV4Auth(keys, "sts", "us-east-1").add_auth(request)
    try:
        with urllib.request.urlopen(urllib.request.Request(ENDPOINT + "/", body.encode(), dict(request.headers))):
            return "ok"
    except urllib.error.HTTPError as error:
        return error.read().decode().partition("<Code>")[2].partition("</Code>")[0]


def chain():
    make_chain()
    first, second, third = hops()
    left = third["Expiration"] - datetime.now(timezone.utc)
    long = first["Expiration"] - datetime.now(timezone.utc)
    return {
        "arn": client_of("sts", third).get_caller_identity()["Arn"],
        "hours": [round(long.total_seconds() / 3600), round(left.total_seconds() / 3600)],
        "s3": code_of(client_of("s3", third).list_buckets),
        "s3 of the second": code_of(client_of("s3", second).list_buckets),
        "longer": code_of(
            client_of("sts", first).assume_role,
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/second",
            RoleSessionName="hop",
            DurationSeconds=3601,
        ),
        "past one": code_of(
            client_of("sts", first).assume_role,
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/third",
            RoleSessionName="hop",
        ),
    }


def revoked():
    """The middle of one chain is revoked: it and what came of it end, the rest goes on."""
    make_chain()
    first, second, third = hops()
    other = hops()
    administrator = boto3.Session().get_credentials()
    keys = {"AccessKeyId": administrator.access_key, "SecretAccessKey": administrator.secret_key}
    parameters = {"Action": "RevokeSessions", "Version": "2011-06-15", "AccessKeyId": second["AccessKeyId"]}
    by_stranger = raw(other[0], parameters)
    before = code_of(client_of("s3", third).list_buckets)
    answer = raw(keys, parameters)
    who = [code_of(client_of("sts", c).get_caller_identity) for c in (first, second, third, *other)]
    itself = raw(first, {"Action": "RevokeSessions", "Version": "2011-06-15"})
    return {
        "by_stranger": by_stranger,
        "before": before,
        "answer": answer,
        "who": who,
        "s3": code_of(client_of("s3", third).list_buckets),
        "itself": itself,
        "after": code_of(client_of("sts", first).get_caller_identity),
    }


def federation():
    answer = sts.get_federation_token(
        Name="guest",
        Policy=policy({"Action": "s3:ListAllMyBuckets", "Resource": "*"}),
        Tags=[{"Key": "team", "Value": "a"}],
    )
    credentials = answer["Credentials"]
    bare = sts.get_federation_token(Name="guest")["Credentials"]
    return {
        "user": answer["FederatedUser"],
        "hours": round((credentials["Expiration"] - datetime.now(timezone.utc)).total_seconds() / 3600),
        "arn": client_of("sts", credentials).get_caller_identity()["Arn"],
        "list": code_of(client_of("s3", credentials).list_buckets),
        "make": code_of(client_of("s3", credentials).create_bucket, Bucket="guests"),
        "iam": code_of(client_of("iam", credentials).list_users),
        "assume": code_of(
            client_of("sts", credentials).assume_role, RoleArn=f"arn:aws:iam::{ACCOUNT}:role/full", RoleSessionName="guest"
        ),
        "again": code_of(client_of("sts", credentials).get_federation_token, Name="guest"),
        "without a policy": code_of(client_of("s3", bare).list_buckets),
    }


def eks_token():
    """As aws-iam-authenticator and `aws eks get-token` do it: a presigned GET with the cluster's name as a signed header."""
    client = boto3.client("sts")

    def keep_cluster(params, context, **_):
        if "x-k8s-aws-id" in params:
            context["x-k8s-aws-id"] = params.pop("x-k8s-aws-id")

    def send_cluster(request, **_):
        if "x-k8s-aws-id" in request.context:
            request.headers["x-k8s-aws-id"] = request.context["x-k8s-aws-id"]

    client.meta.events.register("provide-client-params.sts.GetCallerIdentity", keep_cluster)
    client.meta.events.register("before-sign.sts.GetCallerIdentity", send_cluster)
    url = client.generate_presigned_url(
        "get_caller_identity", Params={"x-k8s-aws-id": "cluster"}, ExpiresIn=60, HttpMethod="GET"
    )
    return {"token": "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")}


def vault_login():
    """As Vault's AWS login does it: a signed POST form, its headers and body handed over to be sent by Vault."""
    body = "Action=GetCallerIdentity&Version=2011-06-15"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "Content-Length": str(len(body)),
        "X-Vault-AWS-IAM-Server-ID": "vault.example.com",
    }
    request = AWSRequest("POST", ENDPOINT + "/", headers, body)
    SigV4Auth(boto3.Session().get_credentials(), "sts", "us-east-1").add_auth(request)
    return {"url": ENDPOINT + "/", "body": body, "headers": dict(request.headers)}


def pages():
    for number in range(5):
        iam.create_user(UserName=f"listed-{number}", Path="/listed/")
        iam.create_role(
            RoleName=f"listed-{number}",
            Path="/listed/",
            AssumeRolePolicyDocument=trust(f"arn:aws:iam::{ACCOUNT}:root"),
        )
        iam.create_policy(
            PolicyName=f"listed-{number}",
            Path="/listed/",
            PolicyDocument=policy({"Action": "s3:*", "Resource": "*"}),
        )
    lists = {"list_users": ("Users", "UserName"), "list_roles": ("Roles", "RoleName"), "list_policies": ("Policies", "PolicyName")}
    return {
        operation: [
            [entry[name] for entry in page[member]]
            for page in iam.get_paginator(operation).paginate(PathPrefix="/listed/", PaginationConfig={"PageSize": 2})
        ]
        for operation, (member, name) in lists.items()
    }


journeys = {f.__name__: f for f in (chain, revoked, federation, eks_token, vault_login, pages)}
try:
    print(json.dumps(journeys[sys.argv[1]]()))
except ClientError as error:
    print(json.dumps({"error": error.response["Error"]["Code"], "by": error.operation_name}))
