import { parseArn, userArn } from '@daypass/core/arn.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { RequestPrincipal } from '@daypass/core/policy/types.ts'
import type { SimulatedEntity } from './simulate-sources.ts'

/** As whom a simulation asks: what `Principal` elements and condition keys see. */
export interface SimulatedCaller {
  readonly principal: RequestPrincipal & { readonly type: 'AWS' }
  readonly contextKeys: ReadonlyMap<string, readonly string[]>
}

/**
 * The caller that an ARN names: a user or a role's session; the ARN alone, as nobody is looked up. Not root, whom no
 * identity policy limits: a simulation for it would say that everything is allowed. Throws InvalidInput for any other.
 */
export function callerByArn(arn: string): SimulatedCaller {
  const parsed = parseArn(arn)
  const [, type, rest = ''] = /^(user\/|role\/|assumed-role\/|federated-user\/)(.*)$/.exec(parsed?.resource ?? '') ?? []
  if (!parsed || !type || !['iam', 'sts'].includes(parsed.service)) {
    throw new StsError('InvalidInput', `CallerArn ${arn} is not the ARN of a user or of a role's session`)
  }
  const name = rest.slice(rest.lastIndexOf('/') + 1)
  const keys: [string, readonly string[]][] = [
    ['aws:PrincipalArn', [arn]],
    ['aws:PrincipalAccount', [parsed.account]],
  ]
  if (type === 'user/') keys.push(['aws:username', [name]], ['aws:PrincipalType', ['User']])
  return {
    principal: { type: 'AWS', account: parsed.account, arn, userId: name, root: false },
    contextKeys: new Map(keys),
  }
}

/** An entity of the caller's account as the caller of a simulation. A group calls nobody: it stands for a member unknown. */
export function callerByEntity(account: string, entity: SimulatedEntity): SimulatedCaller {
  const { kind, name, arn, id, tags } = entity
  if (kind === 'group') return nobody(account)
  const tagKeys = tags.map(({ key, values }) => [`aws:PrincipalTag/${key}`, values] as const)
  return {
    principal: {
      type: 'AWS',
      account,
      arn,
      userId: id,
      root: false,
      ...(kind === 'role' ? { roleArn: arn } : {}),
    },
    contextKeys: new Map<string, readonly string[]>([
      ['aws:PrincipalArn', [arn]],
      ['aws:PrincipalAccount', [account]],
      ['aws:PrincipalType', [kind === 'user' ? 'User' : 'AssumedRole']],
      ...(kind === 'user' ? [['aws:username', [name]] as const, ['aws:userid', [id]] as const] : []),
      ...tagKeys,
    ]),
  }
}

/** Somebody of the account whom no policy names. */
export function nobody(account: string): SimulatedCaller {
  const arn = userArn(account, '/', '')
  return { principal: { type: 'AWS', account, arn, userId: '', root: false }, contextKeys: new Map() }
}
