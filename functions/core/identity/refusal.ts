import { StsError } from '../errors.ts'

/** A flaw of the token itself. The message never repeats anything of the token. */
export function invalidToken(flaw: string, cause?: unknown): StsError {
  return new StsError('InvalidIdentityToken', `The web identity token is not acceptable: ${flaw}.`, { cause })
}

/** The issuer's keys are neither at hand nor to be had now. SDKs try again on this code. */
export function issuerUnavailable(cause?: unknown): StsError {
  return new StsError(
    'IDPCommunicationError',
    'The keys of the identity provider could not be fetched. Check that its discovery document and key set can be reached and are valid, then try again.',
    { cause },
  )
}
