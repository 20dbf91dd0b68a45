import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { KeyRing } from '../credentials/key-ring.ts'
import { open, seal } from '../credentials/seal.ts'
import { explain } from '../policy/explain.ts'
import type { PreparedQuestion } from './authorize.ts'

/** A sealed message is decoded by its own account alone, and never stands for anything else. */
const LONGEST_DECODED = 64 * 1024
/** Keeps a message within the 10,240 characters that DecodeAuthorizationMessage takes. */
const MOST_OF_EACH = 10

/**
 * The sealed explanation of a denial, in the shape that AWS's DecodeAuthorizationMessage answers. It tells of policies, so
 * only a caller who may decode it gets to read it.
 */
export async function sealDenial(
  ring: KeyRing,
  account: string,
  { request, policies }: PreparedQuestion,
): Promise<string> {
  const { outcome, matched, nearMisses, missingContextKeys } = explain(request, policies)
  const { principal, action, resource } = request
  const statement = ({ policy, sid = '', statement }: { policy: string; sid?: string; statement: number }) => ({
    statementId: sid,
    sourcePolicyId: policy,
    statementIndex: statement,
  })
  const keys = new Set(nearMisses.flatMap(({ conditions }) => conditions.map(({ key }) => key)))
  const message = {
    allowed: false,
    explicitDeny: outcome === 'explicitDeny',
    matchedStatements: {
      items: matched.slice(0, MOST_OF_EACH).map((each) => ({ ...statement(each), effect: each.effect.toUpperCase() })),
    },
    failures: {
      items: nearMisses
        .slice(0, MOST_OF_EACH)
        .map((miss) => ({ ...statement(miss), unmet: miss.unmet, conditions: miss.conditions.slice(0, MOST_OF_EACH) })),
    },
    missingContextKeys,
    context: {
      principal: principal.type === 'AWS' ? { id: principal.userId, arn: principal.arn } : { type: principal.type },
      action,
      resource,
      conditions: {
        items: [...keys].flatMap((key) => {
          const values = request.context.get(key)
          return values
            ? [
                {
                  key,
                  values: { items: values.slice(0, MOST_OF_EACH).map((value) => ({ value: value.slice(0, 256) })) },
                },
              ]
            : []
        }),
      },
    },
  }
  const sealed = await seal(ring, 'authorization-message', account, deflateRawSync(JSON.stringify(message)))
  return sealed.toString('base64url')
}

/** The JSON text of a message that was sealed for this account; `undefined` for anything else. */
export async function openDenial(ring: KeyRing, account: string, unverified: string): Promise<string | undefined> {
  const bytes = Buffer.from(unverified, 'base64url')
  if (bytes.toString('base64url') !== unverified) return undefined
  const opened = await open(ring, 'authorization-message', account, bytes)
  return opened && inflateRawSync(opened, { maxOutputLength: LONGEST_DECODED }).toString('utf8')
}
