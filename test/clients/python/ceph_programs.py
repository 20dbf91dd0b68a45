"""The programs of Ceph's documentation of STS, call by call and parameter by parameter. Prints one JSON object; an AWS error
is printed by its code and the call that met it. Keys, addresses and the token come from the environment."""
import json
import os
import sys

import boto3
from botocore.exceptions import ClientError

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
# Empty in the documentation. Today's boto3 refuses that before it sends anything.
S3_REGION = os.environ["S3_REGION"]


def client(service, user, region_name=""):
    return boto3.client(
        service,
        aws_access_key_id=os.environ[user + "_ACCESS_KEY"],
        aws_secret_access_key=os.environ[user + "_SECRET_KEY"],
        endpoint_url=ENDPOINT,
        region_name=region_name,
    )


def client_of(service, credentials, region_name=""):
    return boto3.client(
        service,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        endpoint_url=ENDPOINT,
        region_name=region_name,
    )


def make_role(iam_client, policy_document):
    role_response = iam_client.create_role(AssumeRolePolicyDocument=policy_document, Path="/", RoleName="S3Access")
    role_policy = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::*"}}"""
    iam_client.put_role_policy(RoleName="S3Access", PolicyName="Policy1", PolicyDocument=role_policy)
    return role_response["Role"]["Arn"]


def use(response):
    s3client = client_of("s3", response["Credentials"], S3_REGION)
    s3client.create_bucket(Bucket="my-bucket")
    resp = s3client.list_buckets()
    return [bucket["Name"] for bucket in resp["Buckets"]]


def assume_role():
    """TESTER makes a role, TESTER1 takes it."""
    arn = make_role(
        client("iam", "TESTER"),
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/TESTER1"]},"Action":["sts:AssumeRole"]}]}""",
    )
    response = client("sts", os.environ.get("WHO", "TESTER1")).assume_role(
        RoleArn=arn, RoleSessionName="Bob", DurationSeconds=3600
    )
    return {"role": arn, "session": response["AssumedRoleUser"]["Arn"], "buckets": use(response)}


def assume_role_with_web_identity():
    """TESTER registers an OpenID provider and makes a role for its application's users."""
    url = os.environ["ISSUER"]
    name = url.split("://")[1]
    iam_client = client("iam", "TESTER")
    oidc_response = iam_client.create_open_id_connect_provider(
        Url=url,
        ClientIDList=["customer-portal"],
        ThumbprintList=["F7D7B3515DD0D319DD219A43A9EA727AD6065287"],
    )
    arn = make_role(
        iam_client,
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":["arn:aws:iam:::oidc-provider/%s"]},"Action":["sts:AssumeRoleWithWebIdentity"],"Condition":{"StringEquals":{"%s:app_id":"customer-portal"}}}]}"""
        % (name, name),
    )
    response = client("sts", "TESTER1").assume_role_with_web_identity(
        RoleArn=arn, RoleSessionName="Bob", DurationSeconds=3600, WebIdentityToken=os.environ["TOKEN"]
    )
    return {
        "provider": oidc_response["OpenIDConnectProviderArn"],
        "role": arn,
        "session": response["AssumedRoleUser"]["Arn"],
        "buckets": use(response),
    }


def get_caller_identity():
    """A user whose keys are no AWS keys makes a role under a path, takes it and asks who it is."""
    keys = {"endpoint_url": ENDPOINT, "aws_access_key_id": "TESTER", "aws_secret_access_key": "test123"}
    iam_client = boto3.client("iam", region_name="us-east-1", **keys)
    trust_policy = json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": ["arn:aws:iam:::user/tester"]},
            "Action": ["sts:AssumeRole"],
        }],
    })
    role_response = iam_client.create_role(
        RoleName="S3Access", Path="/xxx/policy/", AssumeRolePolicyDocument=trust_policy
    )
    response = boto3.client("sts", region_name="us-east-1", **keys).assume_role(
        RoleArn=role_response["Role"]["Arn"], RoleSessionName="Bob", DurationSeconds=3600
    )
    identity = client_of("sts", response["Credentials"], "us-east-1").get_caller_identity()
    own = boto3.client("sts", region_name="us-east-1", **keys).get_caller_identity()
    return {"identity": [identity["Account"], identity["Arn"]], "own": [own["Account"], own["Arn"]]}


def get_session_token():
    """STS Lite: a user who may use S3 by a session only."""
    response = client("sts", "TESTER1").get_session_token(DurationSeconds=43200)
    try:
        client("s3", "TESTER1", S3_REGION).list_buckets()
        by_key = "allowed"
    except ClientError as error:
        by_key = error.response["Error"]["Code"]
    return {"by_key": by_key, "buckets": use(response)}


programs = {f.__name__: f for f in (assume_role, assume_role_with_web_identity, get_caller_identity, get_session_token)}
try:
    print(json.dumps(programs[sys.argv[1]]()))
except ClientError as error:
    print(json.dumps({"error": error.response["Error"]["Code"], "by": error.operation_name}))
