import { StsError } from '@daypass/core/errors.ts'

/** The same for an issuer that nobody registered or configured and for what can be none. */
export const noProvider = () =>
  new StsError('InvalidIdentityToken', 'No OpenIDConnect provider found in your account for the issuer of the token')

/** The same for a role that is not there and one that does not trust: a caller learns nothing of roles that are not its own. */
export const notTrusted = (action: string, reason: string) =>
  new StsError('AccessDenied', `Not authorized to perform sts:${action}`, { detail: { reason } })
