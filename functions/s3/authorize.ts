import { decideAccess } from '@daypass/core/authorization/authorize.ts'
import type { Clock } from '@daypass/core/deps.ts'
import type { Authorize } from './deps.ts'

/** Asks the caller's policies and the bucket's, as they stand now. */
export function s3Authorize(clock: Clock): Authorize {
  return async (caller, { action, resource, resourceAccount, resourcePolicy, context, head }) => {
    const { outcome } = await decideAccess(caller, {
      action,
      resource,
      context,
      request: head,
      now: clock.now(),
      ...(resourceAccount !== undefined && { resourceAccount }),
      ...(resourcePolicy !== undefined && { resourcePolicy: { name: 'bucket policy', document: resourcePolicy } }),
    })
    return { allowed: outcome === 'allow' }
  }
}
