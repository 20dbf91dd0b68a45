import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StsError } from '../../../functions/core/errors.ts'
import { mapContext } from '../../../functions/core/policy/context.ts'
import { decide, type NamedPolicy, type PolicySet } from '../../../functions/core/policy/decide.ts'
import type { PolicyKind } from '../../../functions/core/policy/document.ts'
import { explain } from '../../../functions/core/policy/explain.ts'
import { parsePolicy } from '../../../functions/core/policy/parse.ts'
import type { AuthorizationRequest } from '../../../functions/core/policy/types.ts'
import { PRINCIPALS } from './case-files.ts'

const RUNS = 500
const variable = (name: string) => `$${'{'}aws:${name}}`
const ACCOUNTS = ['111122223333', '444455556666']
const NAMES = Object.values(PRINCIPALS).flatMap((one) =>
  one.type === 'AWS' && /^\d/.test(one.account) ? [one.arn] : [],
)

const oneOrMore = (...values: readonly string[]) => fc.subarray([...values], { minLength: 1 })
const condition = fc.oneof(
  fc.constant({}),
  fc
    .record({
      operator: fc.constantFrom(
        'StringEquals',
        'StringNotEquals',
        'StringLike',
        'ForAllValues:StringEquals',
        'ForAnyValue:StringLike',
        'StringEqualsIfExists',
      ),
      key: fc.constantFrom('aws:username', 'aws:team'),
      values: oneOrMore('a', 'b', '*', variable('team')),
    })
    .map(({ operator, key, values }) => ({ Condition: { [operator]: { [key]: values } } })),
)
const statement = (effect: fc.Arbitrary<'Allow' | 'Deny'>, principals: boolean) =>
  fc
    .record({
      Effect: effect,
      Action: oneOrMore('s3:GetObject', 's3:Get*', 's3:PutObject', '*'),
      resources: oneOrMore('arn:aws:s3:::b/*', `arn:aws:s3:::b/${variable('username')}`, 'arn:aws:s3:::c', '*'),
      notResource: fc.boolean(),
      principal: fc.oneof(
        fc.constant('*'),
        oneOrMore('*', ...NAMES, ...ACCOUNTS).map((AWS) => ({ AWS })),
      ),
      condition,
    })
    .map(({ Effect, Action, resources, notResource, principal, condition: conditions }) => ({
      Effect,
      Action,
      [notResource ? 'NotResource' : 'Resource']: resources,
      ...(principals && { Principal: principal }),
      ...conditions,
    }))

const anyEffect = fc.constantFrom('Allow' as const, 'Deny' as const)
const allow = fc.constant('Allow' as const)
const named = (kind: PolicyKind, effect = anyEffect): fc.Arbitrary<NamedPolicy> =>
  fc.array(statement(effect, kind === 'resource'), { minLength: 1, maxLength: 3 }).map((statements) => ({
    name: kind,
    policy: parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), { kind }),
  }))

const policies: fc.Arbitrary<PolicySet> = fc
  .record({
    identity: fc.array(named('identity'), { maxLength: 3 }),
    boundary: fc.option(named('boundary'), { nil: undefined }),
    session: fc.option(fc.array(named('session'), { maxLength: 2 }), { nil: undefined }),
    resource: fc.option(named('resource'), { nil: undefined }),
  })
  .map(({ identity, boundary, session, resource }) => ({
    identity,
    ...(boundary && { boundary }),
    ...(session && { session }),
    ...(resource && { resource }),
  }))

const values = fc.option(fc.array(fc.constantFrom('a', 'b', '*', ''), { maxLength: 2 }), { nil: undefined })
const request: fc.Arbitrary<AuthorizationRequest> = fc
  .record({
    principal: fc.constantFrom(...Object.values(PRINCIPALS)),
    action: fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:GetObjectAcl'),
    resource: fc.constantFrom('arn:aws:s3:::b/a', 'arn:aws:s3:::b/b', 'arn:aws:s3:::b/*', 'arn:aws:s3:::c'),
    resourceAccount: fc.constantFrom(...ACCOUNTS),
    username: values,
    team: values,
  })
  .map(({ username, team, ...rest }) => {
    const context = new Map<string, readonly string[]>()
    if (username) context.set('aws:username', username)
    if (team) context.set('aws:team', team)
    return { ...rest, context: mapContext(context) }
  })

const check = (...args: Parameters<typeof fc.property<[PolicySet, AuthorizationRequest, NamedPolicy]>>) =>
  fc.assert(fc.property(...args), { numRuns: RUNS })

const denyAll = {
  name: 'deny',
  policy: parsePolicy(JSON.stringify({ Statement: { Effect: 'Deny', Action: '*', Resource: '*' } }), {
    kind: 'identity',
  }),
}
const sorted = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort()

describe('decide', () => {
  it('never allows what any statement denies', () => {
    check(policies, request, named('identity'), (set, asked) => {
      const { outcome, matched } = decide(asked, set)
      const denied = matched.some(({ effect }) => effect === 'Deny')
      expect(outcome === 'explicitDeny').toBe(denied)
      if (asked.principal.type === 'AWS' && !asked.principal.root) {
        expect(decide(asked, { ...set, identity: [...set.identity, denyAll] }).outcome).toBe('explicitDeny')
      }
      expect(decide(asked, { ...set, session: [denyAll] }).outcome).toBe('explicitDeny')
    })
  })

  it('never grants more for one more session policy list or a boundary', () => {
    check(policies, request, named('session'), (set, asked, limit) => {
      const { session: _, boundary: __, ...unlimited } = set
      const before = decide(asked, unlimited).outcome
      for (const limits of [{ session: [limit] }, { session: [] }, { boundary: limit }]) {
        if (decide(asked, { ...unlimited, ...limits }).outcome === 'allow') expect(before).toBe('allow')
      }
    })
  })

  it('never takes anything away for one more Allow', () => {
    const more = fc.tuple(named('identity', allow), named('resource', allow))
    fc.assert(
      fc.property(policies, request, more, (set, asked, [identity, resource]) => {
        if (decide(asked, set).outcome !== 'allow') return
        expect(decide(asked, { ...set, identity: [...set.identity, identity] }).outcome).toBe('allow')
        if (set.resource) return
        expect(decide(asked, { ...set, resource }).outcome).toBe('allow')
      }),
      { numRuns: RUNS },
    )
  })

  it('does not depend on the order of policies and statements', () => {
    const backwards = ({ name, policy }: NamedPolicy): NamedPolicy => ({
      name,
      policy: { ...policy, statements: policy.statements.toReversed() },
    })
    check(policies, request, named('identity'), (set, asked) => {
      const turned: PolicySet = {
        identity: set.identity.toReversed().map(backwards),
        ...(set.boundary && { boundary: backwards(set.boundary) }),
        ...(set.session && { session: set.session.toReversed().map(backwards) }),
        ...(set.resource && { resource: backwards(set.resource) }),
      }
      const [one, other] = [decide(asked, set), decide(asked, turned)]
      expect(other.outcome).toBe(one.outcome)
      expect(other.missing).toBe(one.missing)
      expect(sorted(other.matched)).toEqual(sorted(one.matched))
    })
  })

  it('is what explain tells', () => {
    check(policies, request, named('identity'), (set, asked) => {
      const { nearMisses: _, missingContextKeys: __, ...decision } = explain(asked, set)
      expect(decision).toEqual(decide(asked, set))
    })
  })

  it('lets an anonymous caller in by a resource policy for everyone only', () => {
    check(policies, request, named('identity'), (set, asked) => {
      const { resource: _, ...others } = set
      expect(decide({ ...asked, principal: { type: 'Anonymous' } }, others).outcome).not.toBe('allow')
    })
  })
})

describe('policy variables', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '*', '?', '/', ':', '$', '{', '}', '.') })

  it('put in nothing but literals', () => {
    const statement = {
      Effect: 'Allow',
      Action: '*',
      Resource: `arn:aws:s3:::b/${variable('x')}/end`,
      Condition: { StringLike: { 'aws:y': variable('x') } },
    }
    const policy = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), { kind: 'identity' })
    const principal = PRINCIPALS.alice
    if (!principal) throw new Error('no alice')
    fc.assert(
      fc.property(text, text, (value, asked) => {
        const context = mapContext(
          new Map([
            ['aws:x', [value]],
            ['aws:y', [asked]],
          ]),
        )
        const resource = `arn:aws:s3:::b/${asked}/end`
        const { outcome } = decide(
          { principal, action: 's3:GetObject', resource, context },
          { identity: [{ name: 'p', policy }] },
        )
        expect(outcome).toBe(value === asked ? 'allow' : 'implicitDeny')
      }),
      {
        numRuns: 2000,
        examples: [
          ['*', 'a'],
          ['?', 'a'],
          ['a', 'a'],
          [variable('y'), 'a'],
        ],
      },
    )
  })
})

describe('parsePolicy', () => {
  const kinds = fc.constantFrom<PolicyKind>('identity', 'resource', 'trust', 'session', 'boundary')
  const dialects = fc.constantFrom('aws' as const, 'ceph' as const)
  const refusesOrParses = (source: string, kind: PolicyKind, dialect: 'aws' | 'ceph') => {
    try {
      parsePolicy(source, { kind, dialect })
    } catch (error) {
      if (!(error instanceof StsError) || error.code !== 'MalformedPolicyDocument') throw error
    }
  }

  it('answers any text with a policy or a refusal', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json()), kinds, dialects, refusesOrParses),
    )
  })

  it('answers any policy-like JSON with a policy or a refusal', () => {
    const leaf = fc.oneof(
      fc.constantFrom(null, 1, 1.5, true, '', 'x', [], ['*', 1], {}, { AWS: ['*'] }, { a: null }),
      fc.constantFrom('*', 's3:*', 'sts:AssumeRole', 'Allow', `arn:aws:s3:::$${'{'}a`),
    )
    const field = (...names: readonly string[]) => fc.dictionary(fc.constantFrom(...names), leaf)
    const statements = field(
      'Sid',
      'Effect',
      'Principal',
      'NotPrincipal',
      'Action',
      'NotAction',
      'Resource',
      'NotResource',
    )
    const conditions = fc.dictionary(
      fc.constantFrom(
        'StringLike',
        'Bool',
        'IpAddress',
        'DateEquals',
        'Null',
        'NumericEquals',
        'ArnLike',
        'BinaryEquals',
      ),
      fc.dictionary(fc.constantFrom('a:b', '__proto__', 'a'), leaf),
    )
    const document = fc
      .record({
        Version: fc.constantFrom('2012-10-17', '2008-10-17'),
        statements: fc.array(fc.tuple(statements, conditions), { maxLength: 2 }),
      })
      .map(({ Version, statements: list }) => ({
        Version,
        Statement: list.map(([one, Condition]) => ({
          Effect: 'Allow',
          Action: 's3:*',
          Resource: '*',
          ...one,
          Condition,
        })),
      }))
    fc.assert(
      fc.property(
        document.map((one) => JSON.stringify(one)),
        kinds,
        dialects,
        refusesOrParses,
      ),
      { numRuns: RUNS },
    )
  })
})
