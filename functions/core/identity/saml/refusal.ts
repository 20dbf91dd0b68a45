import { StsError } from '../../errors.ts'

/** A flaw of the assertion, or of the response around it. The message never repeats anything of it. */
export const invalidAssertion = (flaw: string, cause?: unknown): StsError =>
  new StsError('InvalidIdentityToken', `The SAML response is not acceptable: ${flaw}.`, { cause })

/** Its time is over. */
export const expiredAssertion = (what: string): StsError =>
  new StsError('ExpiredTokenException', `The SAML assertion has expired: ${what}. Log in again.`)
