import type { Role as ApiRole } from '@aws-sdk/client-iam'
import type { Role } from '@daypass/core/store/entities/role.ts'
import { apiBoundary } from './api-user.ts'
import { encodedDocument } from './policy-document.ts'
import { apiTags } from './tags.ts'

/** A role as single reads answer it. When it was last used is not kept: AWS's empty element. */
export const apiRole = (role: Role): ApiRole => ({ ...createdRole(role), RoleLastUsed: {} })

/** As CreateRole answers it. */
export function createdRole(role: Role): ApiRole {
  const { boundary, tags } = role
  return {
    ...listedRole(role),
    ...(boundary === undefined ? {} : { PermissionsBoundary: apiBoundary(boundary) }),
    ...(tags.length > 0 ? { Tags: apiTags(tags) } : {}),
  }
}

/** As lists answer it: AWS leaves boundary, tags and last use out there. */
export function listedRole(role: Role): ApiRole {
  const { path, roleName, roleId, arn, createdAt, trustPolicy, description, maxSessionDuration } = role
  return {
    Path: path,
    RoleName: roleName,
    RoleId: roleId,
    Arn: arn,
    CreateDate: new Date(createdAt * 1000),
    AssumeRolePolicyDocument: encodedDocument(trustPolicy),
    ...(description === undefined ? {} : { Description: description }),
    MaxSessionDuration: maxSessionDuration,
  }
}
