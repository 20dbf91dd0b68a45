import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../../../functions/core/policy/parse.ts'
import { checkTrustPolicy } from '../../../functions/core/policy/trust-check.ts'
import { caseFiles } from './case-files.ts'

interface SharedIssuerFile {
  readonly cases: readonly {
    readonly when: string
    readonly accepted: boolean
    readonly provider?: string
    readonly principal?: unknown
    readonly notPrincipal?: unknown
    readonly action?: string
    readonly effect?: string
    readonly condition?: unknown
    readonly dialect?: 'aws' | 'ceph'
  }[]
}

type Case = SharedIssuerFile['cases'][number]

const check = ({ provider, principal, notPrincipal, action, effect, condition, dialect = 'aws' }: Case) => {
  const named = notPrincipal ? { NotPrincipal: notPrincipal } : { Principal: principal ?? { Federated: provider } }
  const statement = {
    Effect: effect ?? 'Allow',
    ...named,
    Action: action ?? 'sts:AssumeRoleWithWebIdentity',
    ...(condition ? { Condition: condition } : {}),
  }
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  checkTrustPolicy(parsePolicy(text, { kind: 'trust', dialect }))
}

describe.each(caseFiles<SharedIssuerFile>('shared-issuers'))('$name', ({ file }) => {
  it.each(file.cases.filter(({ accepted }) => accepted))('accepts a role that $when', (one) => {
    expect(() => check(one)).not.toThrow()
  })

  it.each(file.cases.filter(({ accepted }) => !accepted))('refuses a role that $when', (one) => {
    expect(() => check(one)).toThrow(expect.objectContaining({ code: 'MalformedPolicyDocument' }))
  })
})

describe('checkTrustPolicy', () => {
  it('looks at every statement', () => {
    const github = { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' }
    const allow = { Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Principal: github }
    const condition = { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:octo/*' } }
    const text = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...allow, Condition: condition }, allow] })
    expect(() => checkTrustPolicy(parsePolicy(text, { kind: 'trust' }))).toThrow(
      'The trust policy trusts the shared provider token.actions.githubusercontent.com. ' +
        'Add a condition on token.actions.githubusercontent.com:sub that names your own subjects.',
    )
  })
})
