import { mapContext } from '@daypass/core/policy/context.ts'
import { decide } from '@daypass/core/policy/decide.ts'
import { parsePolicy } from '@daypass/core/policy/parse.ts'
import { describe, expect, it } from 'vitest'

/** Whether a role's policy lets its session through, in an account of that kind. */
function allowed(document: object, keys: Readonly<Record<string, readonly string[]>>, ceph = true): boolean {
  const policy = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: document }), {
    kind: 'identity',
    dialect: ceph ? 'ceph' : 'aws',
  })
  const { outcome } = decide(
    {
      principal: { type: 'AWS', account: '', arn: 'arn:aws:sts:::assumed-role/r/s', userId: 'AROAX:s', root: false },
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::b/Marketing/k',
      context: { ...mapContext(new Map(Object.entries(keys))), variablesOfMany: ceph },
    },
    { identity: [{ name: 'policy', policy }] },
  )
  return outcome === 'allow'
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: the policy language's own variable
const DEPARTMENT = '${aws:PrincipalTag/Department}'
const allow = (more: object) => ({ Effect: 'Allow', Action: 's3:*', Resource: '*', ...more })
const both = ['Engineering', 'Marketing']

describe('a variable with several values, in a Ceph-style account', () => {
  const tagged = (bucket: readonly string[], own: readonly string[]) => ({
    's3:ResourceTag/Department': bucket,
    'aws:PrincipalTag/Department': own,
  })
  const equal = allow({ Condition: { StringEquals: { 's3:ResourceTag/Department': DEPARTMENT } } })
  it.each([
    ['either of which fits', ['Marketing'], both, true],
    ['none of which fits', ['Sales'], both, false],
    ['of which there is none', ['Marketing'], [], false],
    ['of which there is one', ['Marketing'], ['Marketing'], true],
    ['of which there is another', ['Marketing'], ['Engineering'], false],
  ])('%s', (_which, bucket, own, expected) => {
    expect(allowed(equal, tagged(bucket, own))).toBe(expected)
  })

  it('stands for nothing in an account of AWS’s kind', () => {
    expect(allowed(equal, tagged(['Marketing'], both), false)).toBe(false)
    expect(allowed(equal, tagged(['Marketing'], ['Marketing']), false)).toBe(true)
  })

  it('excludes by any of its values', () => {
    const unlike = allow({ Condition: { StringNotEquals: { 's3:ResourceTag/Department': DEPARTMENT } } })
    expect(allowed(unlike, tagged(['Marketing'], both))).toBe(false)
    expect(allowed(unlike, tagged(['Sales'], both))).toBe(true)
  })

  it('opens resources by any of its values, and by no others', () => {
    const folder = allow({ Resource: `arn:aws:s3:::b/${DEPARTMENT}/*` })
    expect(allowed(folder, { 'aws:PrincipalTag/Department': both })).toBe(true)
    expect(allowed(folder, { 'aws:PrincipalTag/Department': ['Engineering', 'Sales'] })).toBe(false)
    expect(allowed(folder, {})).toBe(false)
  })

  it('beside another such variable stands for nothing', () => {
    const two = allow({ Resource: `arn:aws:s3:::\${aws:PrincipalTag/Bucket}/${DEPARTMENT}/*` })
    const keys = { 'aws:PrincipalTag/Department': both, 'aws:PrincipalTag/Bucket': ['a', 'b'] }
    expect(allowed(two, keys)).toBe(false)
    expect(allowed(two, { ...keys, 'aws:PrincipalTag/Bucket': ['b'] })).toBe(true)
  })
})

describe('Principal in an identity policy of a Ceph-style account', () => {
  const parse = (Principal: unknown, dialect: 'aws' | 'ceph') => () =>
    parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: { ...allow({}), Principal } }), {
      kind: 'identity',
      dialect,
    })
  it('is passed over where it names somebody', () => {
    expect(parse('*', 'ceph')).not.toThrow()
    expect(parse({ AWS: 'arn:aws:iam:::user/a' }, 'ceph')).not.toThrow()
    expect(parse('*', 'aws')).toThrow('should not specify a principal')
  })
  it.each(['arn:aws:iam:::user/a', { AWS: 'nobody?' }, { Robot: '*' }, 7])(
    'is refused where it does not: %j',
    (principal) => {
      expect(parse(principal, 'ceph')).toThrow()
    },
  )
})
