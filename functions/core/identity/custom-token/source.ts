import { createHash } from 'node:crypto'

/** A webhook that says whose an opaque token is, because the operator configured it so (MinIO's `identity_plugin`). */
export interface CustomTokenSource {
  /** The suffix of its variables in lower case; `default` without one. */
  readonly name: string
  /** In which its users' sessions are. */
  readonly account: string
  readonly url: URL
  /** The whole value of the Authorization header by which the webhook knows who asks. */
  readonly authorization?: string
  /** Names of the policies that each of its users gets without a role; absent: rights follow from roles alone. */
  readonly rolePolicy?: readonly string[]
  /** By which callers name its role policy. */
  readonly roleArn: string
}

/** The ARN that MinIO prints at its start: of the role id that was set, else of the URL as it was set. */
export const sourceRoleArn = (url: string, roleId = createHash('sha1').update(url).digest('base64url')): string =>
  `arn:minio:iam:::role/idmp-${roleId}`

/** The source whose role policy an ARN names, in whatever region (`arn:minio:iam:<region>::role/idmp-<role id>`). */
export function findSource(
  sources: readonly CustomTokenSource[],
  unverifiedArn: string,
): CustomTokenSource | undefined {
  const arn = unverifiedArn.replace(/^arn:minio:iam:[\w-]*::/, 'arn:minio:iam:::')
  return sources.find(({ roleArn }) => roleArn === arn)
}
