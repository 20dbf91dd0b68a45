import { hash, randomBytes } from 'node:crypto'
import { StsError } from '@daypass/core/errors.ts'
import { type AskDeps, verifyCustomToken } from '@daypass/core/identity/custom-token/ask.ts'
import type { CustomTokenSource } from '@daypass/core/identity/custom-token/source.ts'
import { parsePolicyCached } from '@daypass/core/policy/cache.ts'
import { dialectOf } from '@daypass/core/store/entities/account.ts'
import type { Role } from '@daypass/core/store/entities/role.ts'
import { notTrusted } from './refusals.ts'
import { providerArn } from './role-session.ts'

/**
 * The one of several webhooks that a role's trust policy names: no other may see the token. Proves nothing yet. Answers why
 * there is none: no such role, or one that names none of them or several.
 */
export function trustedSource(
  sources: readonly CustomTokenSource[],
  role: Role | undefined,
): CustomTokenSource | string {
  if (!role) return 'there is no such role'
  const { statements } = parsePolicyCached(role.trustPolicy, { kind: 'trust', dialect: dialectOf(role.account) })
  const named = new Set(statements.flatMap(({ principal }) => [...(principal?.federated ?? [])]))
  const [source, another] = sources.filter((each) => named.has(providerArn(each)))
  return source && !another ? source : 'its trust policy does not name exactly one configured webhook'
}

/**
 * The refusal of a role to which no webhook belongs, after the work and in the words of one whose webhook does not accept the
 * token: which roles there are would be told otherwise. A webhook is asked about a token that nobody has, always the same one
 * for a role's ARN; the caller's token it does not see.
 */
export async function refusedUnseen(
  ask: AskDeps,
  sources: readonly CustomTokenSource[],
  { RoleArn = '' }: { readonly RoleArn?: string | undefined },
  reason: string,
): Promise<StsError> {
  const source = sources[Number.parseInt(hash('sha256', RoleArn).slice(0, 8), 16) % sources.length]
  if (!source) return notTrusted(reason)
  try {
    await verifyCustomToken(ask, source, randomBytes(32).toString('base64url'))
  } catch (error) {
    if (error instanceof StsError) return new StsError(error.code, error.message, { detail: { reason } })
    throw error
  }
  return notTrusted(reason)
}
