import { StsError } from '../../errors.ts'

/** The certificate itself is at fault; `reason` completes "The client certificate was refused: …". */
export const invalidCertificate = (reason: string) =>
  new StsError('InvalidIdentityToken', `The client certificate was refused: ${reason}.`)

export const expiredCertificate = () => new StsError('ExpiredTokenException', 'The client certificate has expired.')

/** No authority of a provider stands behind the certificate, whatever it says of itself. */
export class UnknownAuthority extends StsError {
  constructor() {
    super('InvalidIdentityToken', 'The client certificate was refused: no certificate provider trusts its issuer.')
  }
}

/** The provider cannot tell which certificates were revoked: its operator's matter, so the holder may try again. */
export const revocationUnknown = (reason: string) =>
  new StsError(
    'IDPCommunicationError',
    "The certificate provider's revocation list cannot be used. Try again when its operator has renewed it.",
    { detail: { reason } },
  )
