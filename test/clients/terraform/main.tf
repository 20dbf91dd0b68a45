terraform {
  required_providers {
    aws = { source = "registry.terraform.io/hashicorp/aws" }
  }
}

variable "endpoint" { type = string }
variable "team" { default = "platform" }

provider "aws" {
  region = "us-east-1"
  endpoints {
    iam = var.endpoint
    sts = var.endpoint
  }
}

data "aws_caller_identity" "me" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_user.ci.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["terraform"]
    }
  }
}

data "aws_iam_policy_document" "read" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = ["arn:aws:s3:::artifacts", "arn:aws:s3:::artifacts/*"]
  }
}

resource "aws_iam_account_alias" "alias" { account_alias = "daypass-terraform" }

resource "aws_iam_user" "ci" {
  name = "ci"
  path = "/machines/"
  tags = { team = var.team }
}

resource "aws_iam_access_key" "ci" { user = aws_iam_user.ci.name }

resource "aws_iam_user_policy" "ci" {
  name   = "assume"
  user   = aws_iam_user.ci.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "*" }] })
}

resource "aws_iam_user_policy_attachment" "ci" {
  user       = aws_iam_user.ci.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_group" "machines" { name = "machines" }

resource "aws_iam_group_membership" "machines" {
  name  = "machines"
  group = aws_iam_group.machines.name
  users = [aws_iam_user.ci.name]
}

resource "aws_iam_group_policy" "machines" {
  name   = "read"
  group  = aws_iam_group.machines.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_policy" "read" {
  name        = "read-artifacts"
  path        = "/machines/"
  description = "Reading what was built"
  policy      = data.aws_iam_policy_document.read.json
  tags        = { team = var.team }
}

resource "aws_iam_policy" "boundary" {
  name   = "boundary"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}

resource "aws_iam_role" "deploy" {
  name                 = "deploy"
  description          = "Deploys by Terraform"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
  max_session_duration = 7200
  tags                 = { team = var.team, "cost centre" = "42" }
}

resource "aws_iam_role_policy" "deploy" {
  name   = "write"
  role   = aws_iam_role.deploy.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::artifacts/*" }] })
}

resource "aws_iam_role_policy_attachment" "deploy" {
  role       = aws_iam_role.deploy.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_policy_attachment" "readers" {
  name       = "readers"
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
  groups     = [aws_iam_group.machines.name]
  roles      = [aws_iam_role.deploy.name]
}

resource "aws_iam_openid_connect_provider" "pipelines" {
  url             = "https://pipelines.example.com/tenant"
  client_id_list  = ["sts.amazonaws.com", "terraform"]
  thumbprint_list = ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"]
  tags            = { team = var.team }
}

resource "aws_iam_virtual_mfa_device" "phone" {
  virtual_mfa_device_name = "phone"
  path                    = "/machines/"
  tags                    = { team = var.team }
}

output "account" { value = data.aws_caller_identity.me.account_id }
output "caller" { value = data.aws_caller_identity.me.arn }
output "role" { value = aws_iam_role.deploy.arn }
output "key" {
  value     = { AccessKeyId = aws_iam_access_key.ci.id, SecretAccessKey = aws_iam_access_key.ci.secret }
  sensitive = true
}
