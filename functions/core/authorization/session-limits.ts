import type { Caller } from '../authentication/caller.ts'
import { StsError } from '../errors.ts'

/** Of STS. A limited session may revoke itself; `isLimited` tells RevokeSessions that it may revoke nothing else. */
const ALWAYS = ['GetCallerIdentity', 'RevokeSessions']

/** Whether a session is of a kind that may not call all of STS and IAM. */
export const isLimited = ({ session }: Caller): boolean =>
  session?.kind === 'federated-user' || session?.madeBy === 'GetSessionToken'

/**
 * Refuses what a kind of session may not call whatever its policies say (IAM User Guide, "Compare AWS STS credentials"):
 * GetSessionToken's no IAM without a second factor and of STS only AssumeRole and GetCallerIdentity; GetFederationToken's
 * no IAM and of STS only GetCallerIdentity. A session may always revoke itself.
 */
export function refuseBeyondSessionLimits(caller: Caller, service: 'sts' | 'iam', action: string): void {
  const { session } = caller
  if (!session || !isLimited(caller)) return
  const federated = session.kind === 'federated-user'
  if (service === 'iam') {
    if (!federated && session.mfaAuthenticatedAt !== undefined) return
    throw new StsError(
      'InvalidClientTokenId',
      federated
        ? 'The security token included in the request is invalid: credentials from GetFederationToken cannot call IAM'
        : 'The security token included in the request is invalid: credentials from GetSessionToken can call IAM only when it was given an MFA code',
    )
  }
  if (ALWAYS.includes(action) || (action === 'AssumeRole' && !federated)) return
  throw new StsError('AccessDenied', `Cannot call ${action} with session credentials`)
}
