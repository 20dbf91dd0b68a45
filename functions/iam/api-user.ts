import type { User as ApiUser } from '@aws-sdk/client-iam'
import type { User } from '@daypass/core/store/entities/user.ts'
import { apiTags } from './tags.ts'

/** A user as single reads answer it. */
export function apiUser(user: User): ApiUser {
  const { boundary, tags } = user
  return {
    ...listedUser(user),
    ...(boundary === undefined ? {} : { PermissionsBoundary: apiBoundary(boundary) }),
    ...(tags.length > 0 ? { Tags: apiTags(tags) } : {}),
  }
}

/** As lists answer it: AWS leaves boundary and tags out there. */
export const listedUser = ({ userName, userId, path, arn, createdAt }: User): ApiUser => ({
  UserName: userName,
  UserId: userId,
  Path: path,
  Arn: arn,
  CreateDate: new Date(createdAt * 1000),
})

/** AWS answers `Policy`, whatever its model's enumeration says. */
export const apiBoundary = (arn: string) => ({
  PermissionsBoundaryType: 'Policy' as never,
  PermissionsBoundaryArn: arn,
})
