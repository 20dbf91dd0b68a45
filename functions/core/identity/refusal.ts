import { StsError } from '../errors.ts'

/** A flaw of the token itself. The message never repeats anything of the token. */
export function invalidToken(flaw: string, cause?: unknown): StsError {
  return new StsError('InvalidIdentityToken', `The web identity token is not acceptable: ${flaw}.`, { cause })
}
