"""What the tests ask of boto3. Prints one JSON object; an AWS error is printed by its code."""
import io
import json
import sys

import boto3
import boto3.s3.transfer
from botocore.exceptions import ClientError, MissingDependencyException


def round_trip(bucket):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=bucket)
    content = bytes(range(256)) * 500
    keys = ["plain", "a//b/../c", "/lead", "name with + and ä", "e\u0301", "\u00e9"]
    for number, key in enumerate(keys):
        s3.put_object(Bucket=bucket, Key=key, Body=content + bytes([number]), Metadata={"n": str(number)})
    whole = all(
        (answer := s3.get_object(Bucket=bucket, Key=key))["Body"].read() == content + bytes([number])
        and answer["Metadata"] == {"n": str(number)}
        for number, key in enumerate(keys)
    )
    listed = sorted(entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"])
    part = s3.get_object(Bucket=bucket, Key="plain", Range="bytes=10-19")["Body"].read()
    for key in keys:
        s3.delete_object(Bucket=bucket, Key=key)
    s3.delete_bucket(Bucket=bucket)
    return {"whole": whole, "listed": listed == sorted(keys), "part": list(part)}


def in_parts(bucket):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=bucket)
    content = bytes(range(251)) * 80_000
    config = boto3.s3.transfer.TransferConfig(multipart_threshold=1, multipart_chunksize=5 * 1024 * 1024)
    outcome = {}
    for algorithm in ("CRC32", "SHA256", "CRC64NVME"):
        try:
            s3.upload_fileobj(
                io.BytesIO(content), bucket, algorithm, Config=config, ExtraArgs={"ChecksumAlgorithm": algorithm}
            )
        except MissingDependencyException:  # CRC64NVME needs a library of its own
            continue
        back = io.BytesIO()
        s3.download_fileobj(bucket, algorithm, back, Config=config)
        head = s3.head_object(Bucket=bucket, Key=algorithm, ChecksumMode="ENABLED")
        outcome[algorithm] = [back.getvalue() == content, head["ChecksumType"], f"Checksum{algorithm}" in head]
    s3.copy({"Bucket": bucket, "Key": "CRC32"}, bucket, "copy", Config=config)
    outcome["copy"] = s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == content
    s3.put_object(Bucket=bucket, Key="tagged", Body=b"x", Tagging="team=blue&a=b%20c")
    outcome["tags"] = [[tag["Key"], tag["Value"]] for tag in s3.get_object_tagging(Bucket=bucket, Key="tagged")["TagSet"]]
    keys = [{"Key": entry["Key"]} for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    outcome["deleted"] = len(s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})["Deleted"]) == len(keys)
    s3.delete_bucket(Bucket=bucket)
    return outcome


def presigned(bucket):
    s3, sts = boto3.client("s3", config=boto3.session.Config(signature_version="s3v4")), boto3.client("sts")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a/ä", Body=b"presigned content")
    return {
        "object": s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "a/ä"}),
        "identity": sts.generate_presigned_url("get_caller_identity", HttpMethod="GET"),
    }


def identity(region="us-east-1"):
    return {"arn": boto3.client("sts", region_name=region).get_caller_identity()["Arn"]}


def assume(role, token_file):
    with open(token_file, encoding="ascii") as file:
        token = file.read()
    answer = boto3.client("sts", region_name="").assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="boto", WebIdentityToken=token, DurationSeconds=900
    )
    return {"credentials": sorted(answer["Credentials"]), "subject": answer["SubjectFromWebIdentityToken"]}


journeys = {f.__name__: f for f in (round_trip, in_parts, presigned, identity, assume)}
try:
    print(json.dumps(journeys[sys.argv[1]](*sys.argv[2:])))
except ClientError as error:
    print(json.dumps({"error": error.response["Error"]["Code"]}))
