import { describe, expect, it } from 'vitest'
import type { PolicyKind } from '../../../functions/core/policy/document.ts'
import { parsePolicy } from '../../../functions/core/policy/parse.ts'
import { caseFiles } from './case-files.ts'

interface ParseFile {
  readonly about: string
  readonly kind: PolicyKind
  readonly dialect?: 'aws' | 'ceph'
  readonly minimumVersion?: '2012-10-17'
  /** A valid statement, which each case changes: `null` removes an element. */
  readonly statement?: Readonly<Record<string, unknown>>
  readonly cases: readonly {
    readonly when: string
    readonly dialect?: 'aws' | 'ceph'
    readonly kind?: PolicyKind
    readonly text?: string
    readonly document?: unknown
    readonly statement?: Readonly<Record<string, unknown>>
    /** Absent: accepted. */
    readonly message?: string
  }[]
}

const VALID_IN_OUTLINE = { Version: '2012-10-17' }

describe.each(caseFiles<ParseFile>('parse'))('$name', ({ file }) => {
  it.each(file.cases.map((one) => ({ ...one, verdict: one.message === undefined ? 'accepts' : 'refuses' })))(
    '$verdict a policy $when',
    ({ text, document, statement, message, dialect = file.dialect, kind = file.kind }) => {
      const merged = Object.entries({ ...file.statement, ...statement }).filter(([, value]) => value !== null)
      const source =
        text ?? JSON.stringify(document ?? { ...VALID_IN_OUTLINE, Statement: [Object.fromEntries(merged)] })
      const { minimumVersion } = file
      const parse = () =>
        parsePolicy(source, { kind, ...(dialect && { dialect }), ...(minimumVersion && { minimumVersion }) })
      if (message === undefined) expect(parse().statements.length).toBeGreaterThan(0)
      else expect(parse).toThrow(expect.objectContaining({ code: 'MalformedPolicyDocument', message }))
    },
  )
})

describe('parsePolicy', () => {
  const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }

  it('refuses with the code MalformedPolicyDocument and keeps the reason for the log', () => {
    expect(() => parsePolicy('{', { kind: 'identity' })).toThrow(
      expect.objectContaining({ code: 'MalformedPolicyDocument', detail: { reason: 'member name expected at 1' } }),
    )
  })

  it('takes the default version 2008-10-17 when none is told', () => {
    expect(parsePolicy(JSON.stringify({ Statement: allow }), { kind: 'identity' }).version).toBe('2008-10-17')
  })

  it('keeps Id, Sid and the order of statements', () => {
    const document = {
      Version: '2012-10-17',
      Id: 'id',
      Statement: [
        { ...allow, Sid: 'One' },
        { ...allow, Sid: 'Two' },
      ],
    }
    const policy = parsePolicy(JSON.stringify(document), { kind: 'identity' })
    expect([policy.id, ...policy.statements.map(({ index, sid }) => `${index}:${sid}`)]).toEqual([
      'id',
      '0:One',
      '1:Two',
    ])
  })

  it('refuses a policy of more than 131072 characters', () => {
    const text = JSON.stringify({ Statement: allow }).padEnd(131_073)
    expect(() => parsePolicy(text, { kind: 'identity' })).toThrow('longer than 131072')
    expect(() => parsePolicy(text.slice(0, -1), { kind: 'identity' })).not.toThrow()
  })

  it('cannot be changed by who holds it', () => {
    const policy = parsePolicy(JSON.stringify({ Statement: [allow] }), { kind: 'identity' })
    expect(() => Object.assign(policy.statements[0] ?? {}, { effect: 'Deny' })).toThrow(TypeError)
    expect(() => Reflect.apply(Array.prototype.push, policy.statements, [])).toThrow(TypeError)
  })
})
