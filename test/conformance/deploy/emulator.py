"""Starts the recipe's emulator with what it lacks of AWS.

A Function URL of AuthType NONE does not look at signatures: what `Authorization` says is the function's business. Its
answers may be streamed. `dynamodb:LeadingKeys` holds the partition keys of a request, so that a grant limited to some of
them is put to the test.
"""

import base64
import json
import os
import pathlib
import re
import runpy
import sys

from ministack import app
from ministack.core import iam_actions
from ministack.services import lambda_svc

HERE = pathlib.Path(sys.argv[0]).parent

_enforce = app._enforce_data_plane
_context = iam_actions.dynamodb_service_context
_execute = lambda_svc._execute_function_with_config_scope
_run = lambda_svc.run_reentrant
_stream = lambda_svc._function_url_stream_response


def enforce(service, iam_action, *args, **kw):
    auth_type = (kw.get("service_context") or {}).get("lambda:FunctionUrlAuthType")
    if iam_action == "lambda:InvokeFunctionUrl" and auth_type == "NONE":
        return None
    return _enforce(service, iam_action, *args, **kw)


def run(call, *args, **kw):
    # The recipe takes every event of payload 2.0 for one of an HTTP API, and looks for that API's permission. Function URLs
    # send such events too, and so does a function that hands on to another, by Invoke, what it was given.
    direct = ("ministack-lambda-url", "ministack-lambda-invoke")
    return _run(_execute if kw.get("thread_name") in direct else call, *args, **kw)


def stream(result, cors_headers):
    body = result.get("body")
    body = json.loads(body) if isinstance(body, (str, bytes)) else body
    return _stream({**result, "body": base64.b64decode(body["stream"])}, cors_headers)


def leading_keys(request):
    rows = [request.get("Key"), request.get("Item")]
    for table in (request.get("RequestItems") or {}).values():
        rows += table.get("Keys", []) if isinstance(table, dict) else []
    keys = [row["pk"]["S"] for row in rows if row]
    names = request.get("ExpressionAttributeNames") or {}
    values = request.get("ExpressionAttributeValues") or {}
    for name, value in re.findall(r"([#\w]+)\s*=\s*(:\w+)", request.get("KeyConditionExpression") or ""):
        if names.get(name, name) == "pk":
            keys.append(values[value]["S"])
    return keys


def context(body):
    found = dict(_context(body) or {})
    keys = leading_keys(json.loads(body or b"{}"))
    if keys:
        found["dynamodb:LeadingKeys"] = keys
    return found


app._enforce_data_plane = enforce
iam_actions.dynamodb_service_context = context
lambda_svc.run_reentrant = run
lambda_svc._function_url_stream_response = stream
os.environ["NODE_OPTIONS"] = f"--import={HERE / 'streaming.mjs'}"
runpy.run_path(str(HERE / "recipe.py"), run_name="__main__")
