"""Starts the recipe's emulator with two rules of AWS that it lacks.

A Function URL of AuthType NONE does not look at signatures: what `Authorization` says is the function's business.
`dynamodb:LeadingKeys` holds the partition keys of a request, so that a grant limited to some of them is put to the test.
"""

import json
import pathlib
import re
import runpy
import sys

from ministack import app
from ministack.core import iam_actions

_enforce = app._enforce_data_plane
_context = iam_actions.dynamodb_service_context


def enforce(service, iam_action, *args, **kw):
    auth_type = (kw.get("service_context") or {}).get("lambda:FunctionUrlAuthType")
    if iam_action == "lambda:InvokeFunctionUrl" and auth_type == "NONE":
        return None
    return _enforce(service, iam_action, *args, **kw)


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
runpy.run_path(str(pathlib.Path(sys.argv[0]).parent / "recipe.py"), run_name="__main__")
