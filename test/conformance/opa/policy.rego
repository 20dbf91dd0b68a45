# Served as /v1/data/daypass/authz (an object with `allow`) and /v1/data/daypass/authz/allow (a boolean).
package daypass.authz

default allow := false

allow if {
	input.owner
	not frozen
}

# A group has the bucket of its name.
allow if {
	input.bucket in input.groups
	not frozen
}

# Everyone may fetch what lies in public/, from this machine.
allow if {
	input.action == "s3:GetObject"
	startswith(input.object, "public/")
	input.conditions.SourceIp == ["127.0.0.1"]
}

# A user may list its own prefix.
allow if {
	input.action == "s3:ListBucket"
	input.conditions.prefix == [concat("", [input.conditions.username[0], "/"])]
}

frozen if {
	input.bucket == "frozen"
	not input.action in {"s3:CreateBucket", "s3:GetObject", "s3:ListBucket"}
}
