import { StsError } from '@daypass/core/errors.ts'

/**
 * The same words for a user that is not there, a wrong password, a name that is locked, a user without rights and a role that
 * is not there or does not trust: whoever guesses learns nothing. The reason goes to the log alone.
 */
export const notAuthorized = (reason: string) =>
  new StsError(
    'AccessDenied',
    'Not authorized to perform sts:AssumeRoleWithLDAPIdentity: check user name and password, and that the user or one of its groups was given rights, or that the role trusts the directory for it.',
    { detail: { reason } },
  )

export const noDirectory = () =>
  new StsError(
    'ValidationError',
    'No directory is configured under this ConfigName; without ConfigName it is the one named "default".',
  )

export const directoryUnavailable = (reason: string) =>
  new StsError('IDPCommunicationError', 'The directory could not be asked. Try again later.', { detail: { reason } })
