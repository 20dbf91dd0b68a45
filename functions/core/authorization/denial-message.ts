import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { KeyRing } from '../credentials/key-ring.ts'
import { open, seal } from '../credentials/seal.ts'
import { explain } from '../policy/explain.ts'
import type { PreparedQuestion } from './authorize.ts'

/** A sealed message is decoded by its own account alone, and never stands for anything else. */
const LONGEST_DECODED = 64 * 1024
const MOST_OF_EACH = 10
/** What DecodeAuthorizationMessage takes are 10,240 characters, in which a seal has 33 bytes of its own. */
const MOST_BYTES = Math.floor((10_240 * 3) / 4) - 33

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
  const conditions = [...keys].flatMap((key) => {
    const values = request.context.get(key)?.slice(0, MOST_OF_EACH)
    return values ? [{ key, values: { items: values.map((value) => ({ value: value.slice(0, 256) })) } }] : []
  })
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
    },
  }
  const sealed = await seal(ring, 'authorization-message', account, deflatedToFit(message, conditions))
  return sealed.toString('base64url')
}

interface Message {
  readonly matchedStatements: { readonly items: readonly object[] }
  readonly failures: { readonly items: readonly object[] }
  readonly missingContextKeys: readonly string[]
  readonly context: object
}

/** Callers and policies choose much of it: of what is too much to be decoded, the values of conditions are left out first. */
function deflatedToFit(message: Message, conditions: readonly object[]): Buffer {
  const withConditions = (items: readonly object[]) => ({ ...message.context, conditions: { items } })
  for (let most = conditions.length; ; most = Math.floor(most / 2)) {
    const deflated = deflatedIfFit({ ...message, context: withConditions(conditions.slice(0, most)) })
    if (deflated) return deflated
    if (most === 0) break
  }
  const none = { items: [] }
  const short = { ...message, matchedStatements: none, failures: none, missingContextKeys: [] }
  return deflateRawSync(JSON.stringify({ ...short, context: withConditions([]) }))
}

function deflatedIfFit(message: object): Buffer | undefined {
  const text = JSON.stringify(message)
  if (Buffer.byteLength(text) > LONGEST_DECODED) return undefined
  const deflated = deflateRawSync(text)
  return deflated.length <= MOST_BYTES ? deflated : undefined
}

/** The JSON text of a message that was sealed for this account; `undefined` for anything else. */
export async function openDenial(ring: KeyRing, account: string, unverified: string): Promise<string | undefined> {
  const bytes = Buffer.from(unverified, 'base64url')
  if (bytes.toString('base64url') !== unverified) return undefined
  const opened = await open(ring, 'authorization-message', account, bytes)
  return opened && inflateRawSync(opened, { maxOutputLength: LONGEST_DECODED }).toString('utf8')
}
