import { describe, expect, it } from 'vitest'
import { contextKeysOf } from '../../../functions/core/policy/context-keys.ts'
import { explain } from '../../../functions/core/policy/explain.ts'
import { parsePolicy } from '../../../functions/core/policy/parse.ts'
import { authorizationRequest, policySet } from './case-files.ts'

const statement = (fields: Readonly<Record<string, unknown>>) => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::bucket/*',
  ...fields,
})
/** A policy variable. */
const variable = (inside: string) => `$${'{'}${inside}}`
const document = (...statements: readonly unknown[]) => ({ Version: '2012-10-17', Statement: statements })

describe('explain', () => {
  const conditional = statement({
    Sid: 'Mine',
    Condition: {
      StringEquals: { 'aws:PrincipalTag/team': 'red', 'aws:username': 'alice' },
      Bool: { 'aws:SecureTransport': 'true' },
    },
  })
  const policies = policySet({
    identity: [
      document(statement({ Action: 's3:PutObject' }), statement({ Resource: 'arn:aws:s3:::other' }), conditional),
    ],
    resource: document({ ...statement({}), Principal: { AWS: 'arn:aws:iam::111122223333:user/bob' } }),
  })
  const context = { 'aws:username': 'alice', 'aws:SecureTransport': 'false' }

  it('tells of each statement which part was not met, the closest first', () => {
    const { outcome, missing, nearMisses } = explain(authorizationRequest({ context }), policies)
    expect([outcome, missing]).toEqual(['implicitDeny', 'identity'])
    expect(nearMisses.map(({ policy, statement: index, unmet }) => `${policy}/${index} ${unmet}`)).toEqual([
      'identity/0/2 condition',
      'identity/0/1 resource',
      'resource/0/0 principal',
      'identity/0/0 action',
    ])
  })

  it('tells which conditions failed, which keys were missing, and no value', () => {
    const explanation = explain(authorizationRequest({ context }), policies)
    expect(explanation.nearMisses[0]).toMatchObject({
      sid: 'Mine',
      effect: 'Allow',
      conditions: [
        { operator: 'StringEquals', key: 'aws:PrincipalTag/team', keyMissing: true },
        { operator: 'Bool', key: 'aws:SecureTransport', keyMissing: false },
      ],
    })
    expect(explanation.missingContextKeys).toEqual(['aws:PrincipalTag/team'])
    expect(JSON.stringify(explanation)).not.toMatch(/red|alice/)
  })

  it('tells of a Deny that decided where it stands', () => {
    const denied = policySet({ identity: [document(statement({}), statement({ Sid: 'Stop', Effect: 'Deny' }))] })
    expect(explain(authorizationRequest({}), denied).decidedBy).toEqual({
      layer: 'identity',
      policy: 'identity/0',
      statement: 1,
      sid: 'Stop',
      effect: 'Deny',
    })
  })

  it('looks at boundary and session policies too', () => {
    const limits = policySet({
      identity: [],
      boundary: document(statement({ Action: 's3:Put*' })),
      session: [document(conditional)],
    })
    const { nearMisses } = explain(authorizationRequest({}), limits)
    expect(nearMisses.map(({ layer, unmet }) => `${layer} ${unmet}`)).toEqual(['session condition', 'boundary action'])
  })
})

describe('contextKeysOf', () => {
  it('names the keys of conditions and variables, each once', () => {
    const text = JSON.stringify(
      document(
        statement({
          Resource: [
            `arn:aws:s3:::b/${variable('aws:username')}`,
            `arn:aws:s3:::b/${variable("aws:PrincipalTag/team, 'x'")}/${variable('*')}`,
          ],
        }),
        statement({
          Condition: {
            StringLike: { 's3:prefix': [`${variable('aws:UserName')}/*`, variable('jwt:sub')] },
            Null: { 'aws:TagKeys': 'true' },
            ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${variable('aws:PrincipalAccount')}:*` },
            IpAddress: { 'AWS:SourceIp': '10.0.0.0/8', 'S3:PREFIX': '10.0.0.1' },
          },
        }),
      ),
    )
    expect(contextKeysOf(parsePolicy(text, { kind: 'identity' }))).toEqual([
      'aws:username',
      'aws:PrincipalTag/team',
      's3:prefix',
      'jwt:sub',
      'aws:TagKeys',
      'aws:PrincipalArn',
      'aws:PrincipalAccount',
      'AWS:SourceIp',
    ])
  })

  it('finds no variables in version 2008-10-17', () => {
    const older = JSON.stringify({ Statement: statement({ Resource: `arn:aws:s3:::b/${variable('aws:username')}` }) })
    expect(contextKeysOf(parsePolicy(older, { kind: 'identity' }))).toEqual([])
  })
})
