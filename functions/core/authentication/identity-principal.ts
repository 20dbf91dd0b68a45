import { federatedUserArn } from '../arn.ts'
import { StsError } from '../errors.ts'
import type { IdentitySession } from '../store/entities/session.ts'

/** OpenID Connect Core: a subject has at most 255 characters. */
const MOST_SUBJECT = 255
/** In an ARN, which has at most 2,048 characters. */
const MOST_ENCODED = 1_500

/**
 * How an identity without a role is named: its ARN `federated-user/<kind>/<source>/<subject>` and its user id
 * `<account>:<source>/<subject>`, the subject percent-encoded. No session of GetFederationToken has a slash in its name.
 * Throws InvalidIdentityToken for a subject too long to be named.
 */
export function identityPrincipal({
  account,
  sourceKind,
  source,
  subject,
}: Pick<IdentitySession, 'account' | 'sourceKind' | 'source' | 'subject'>): {
  readonly arn: string
  readonly userId: string
} {
  const encoded = percentEncoded(subject)
  if (subject.length > MOST_SUBJECT || encoded.length > MOST_ENCODED) {
    throw new StsError('InvalidIdentityToken', `The identity's subject has more than ${MOST_SUBJECT} characters.`)
  }
  return {
    arn: federatedUserArn(account, `${sourceKind}/${source}/${encoded}`),
    userId: `${account}:${source}/${encoded}`,
  }
}

const percentEncoded = (text: string) =>
  text.replace(/[^\w+=,.@-]+/g, (part) =>
    [...Buffer.from(part, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
