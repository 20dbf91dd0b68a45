import { StsError } from '@daypass/core/errors.ts'

const ACTION = 'sts:AssumeRoleWithCustomToken'

/** The same for a role policy that is not there and for a deployment without a webhook. */
export const notConfigured = () =>
  new StsError('AccessDenied', `Not authorized to perform ${ACTION}`, {
    detail: { reason: 'no identity webhook is configured for this RoleArn' },
  })

/** The same for a role that is not there and one that does not trust. */
export const notTrusted = (reason: string) =>
  new StsError('AccessDenied', `Not authorized to perform ${ACTION}`, { detail: { reason } })
