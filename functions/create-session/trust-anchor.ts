import { parseArn } from '@daypass/core/arn.ts'
import type { CertificateSource } from '@daypass/core/identity-sources/certificate-source.ts'
import type { CreateSessionInput } from './input.ts'

/**
 * The certificate provider that the trust anchor's ARN and the profile's both stand for, by its name or by an id that the
 * operator gave it; `undefined` when they stand for none, or for two. The region is whatever the caller likes.
 */
export function findSource(
  sources: readonly CertificateSource[],
  { trustAnchorArn, profileArn }: Pick<CreateSessionInput, 'trustAnchorArn' | 'profileArn'>,
): CertificateSource | undefined {
  return sources.find(
    ({ name, account, trustAnchors, profiles }) =>
      names(trustAnchorArn, 'trust-anchor', account, [name, ...trustAnchors]) &&
      names(profileArn, 'profile', account, [name, ...profiles]),
  )
}

function names(unverifiedArn: string, kind: string, account: string, ids: readonly string[]): boolean {
  const arn = parseArn(unverifiedArn)
  if (!arn || !/^aws[a-z-]*$/.test(arn.partition) || !/^[a-z0-9-]*$/.test(arn.region)) return false
  if (arn.service !== 'rolesanywhere' || arn.account !== account) return false
  return ids.some((id) => arn.resource === `${kind}/${id}`)
}
