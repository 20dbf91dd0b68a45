#!/usr/bin/env python3
"""Writes the STS and IAM service models of botocore 1.44.5, without their prose, as one TypeScript module per operation.

    pip download botocore==1.44.5 --no-deps
    python3 scripts/extract-model.py botocore-1.44.5-py3-none-any.whl
    python3 scripts/extract-model.py            # takes the botocore that is installed

Each module holds the shapes that its operation's input and output reach, so that a function bundles only its own.
functions/core/model/deviations.json says where Daypass wants something else than AWS, and why; it is applied here.
A trait that this script does not know stops it: nothing of the model is dropped unseen.
"""

import gzip
import json
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

BOTOCORE = "1.44.5"
MODELS = {"sts": "2011-06-15", "iam": "2010-05-08"}
TARGET = pathlib.Path(__file__).resolve().parent.parent / "functions/core/model"
HEADER = f"// Written by scripts/extract-model.py from botocore {BOTOCORE} (see NOTICE). Do not edit: run it again.\n"

KEPT = {"type", "members", "required", "member", "key", "value", "min", "max", "pattern", "enum", "sensitive"}
DROPPED = {"documentation", "deprecated", "deprecatedMessage", "deprecatedSince", "box", "union"}
OPERATION = {"name", "http", "input", "output", "errors", "documentation", "auth", "authtype"}


def load(source, service):
    """The raw model of one service, from a wheel or from the installed package; refuses another version."""
    path = f"botocore/data/{service}/{MODELS[service]}/service-2.json.gz"
    if source:
        if not pathlib.Path(source).name.startswith(f"botocore-{BOTOCORE}-"):
            sys.exit(f"{source} is not a wheel of botocore {BOTOCORE}")
        with zipfile.ZipFile(source) as wheel:
            return json.loads(gzip.decompress(wheel.read(path)))
    import botocore

    if botocore.__version__ != BOTOCORE:
        sys.exit(f"botocore {botocore.__version__} is installed, the reference is {BOTOCORE}")
    return json.loads(gzip.decompress((pathlib.Path(botocore.__file__).parent.parent / path).read_bytes()))


def reference(where, member):
    """The name of the shape that a member points to. Renamed or flattened members do not occur in these models."""
    unknown = set(member) - {"shape"} - DROPPED
    if unknown:
        sys.exit(f"{where}: unknown traits {sorted(unknown)}")
    return member["shape"]


def without_prose(name, shape):
    unknown = set(shape) - KEPT - DROPPED
    if unknown:
        sys.exit(f"{name}: unknown traits {sorted(unknown)}")
    kept = {key: value for key, value in shape.items() if key in KEPT}
    if "members" in kept:
        kept["members"] = {key: reference(f"{name}.{key}", member) for key, member in kept["members"].items()}
        kept["required"] = kept.get("required", [])
    for key in ("member", "key", "value"):
        if key in kept:
            kept[key] = reference(f"{name}.{key}", kept[key])
    return kept


def reached(shapes, name, found):
    if name not in found:
        found[name] = shape = without_prose(name, shapes[name])
        references = list(shape.get("members", {}).values()) + [shape[k] for k in ("member", "key", "value") if k in shape]
        for each in references:
            reached(shapes, each, found)
    return found


def deviate(service, shapes):
    for deviation in json.loads((TARGET / "deviations.json").read_text()):
        if deviation["service"] == service:
            KEPT.update(deviation["set"])
            shapes[deviation["shape"]].update(deviation["set"])


def declared(name, model):
    """An error's code and status; a shape without the trait goes by its own name (AWS Query protocol's default)."""
    error = model["shapes"][name].get("error", {})
    return error.get("code", name), error.get("httpStatusCode", 400)


def words(operation):
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", operation.replace("OpenIDConnect", "OpenIdConnect"))


def literal(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(literal(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=True)


def module(service, model, operation):
    unknown = set(operation) - OPERATION
    if unknown:
        sys.exit(f"{operation['name']}: unknown members {sorted(unknown)}")
    shapes = {}
    fields = {"name": operation["name"], "service": service}
    for side in ("input", "output"):
        if side in operation:
            fields[side] = operation[side]["shape"]
            reached(model["shapes"], fields[side], shapes)
    if operation.get("output", {}).get("resultWrapper", operation["name"] + "Result") != operation["name"] + "Result":
        sys.exit(f"{operation['name']}: an unusual result wrapper")
    fields["errors"] = dict(declared(error["shape"], model) for error in operation.get("errors", []))
    parts = words(operation["name"])
    constant = parts[0].lower() + "".join(part.capitalize() for part in parts[1:]) + "Model"
    body = ",\n".join(f"  {key}: {literal(value)}" for key, value in fields.items())
    table = ",\n".join(f"    {json.dumps(key)}: {literal(value)}" for key, value in sorted(shapes.items()))
    return "-".join(part.lower() for part in parts) + ".ts", (
        f"{HEADER}import type {{ OperationModel }} from '../types.ts'\n\n"
        f"export const {constant}: OperationModel = {{\n{body},\n  shapes: {{\n{table}\n  }},\n}}\n"
    )


def main():
    source = sys.argv[1] if len(sys.argv) > 1 else None
    for service in MODELS:
        model = load(source, service)
        deviate(service, model["shapes"])
        folder = TARGET / service
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for operation in model["operations"].values():
            name, text = module(service, model, operation)
            if (folder / name).exists():
                sys.exit(f"{service}/{name} would be written twice")
            (folder / name).write_text(text)
        names = ",\n".join(f"  {json.dumps(name)}" for name in sorted(model["operations"]))
        (folder / "names.ts").write_text(
            f"{HEADER}/** Every operation of the service's model, built or not. */\n"
            f"export const {service}Operations: readonly string[] = [\n{names},\n]\n"
        )
    root = TARGET.parent.parent.parent
    subprocess.run([root / "node_modules/.bin/biome", "format", "--write", TARGET / "sts", TARGET / "iam"], check=True)


main()
