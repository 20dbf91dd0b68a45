import { DescribeSecretCommand, RotateSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { ensureRotation, parseRotation, type RotationPlan } from '../../functions/bootstrap/rotation.ts'

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:daypass-key-rotation'
const plan: RotationPlan = { secretArn: 'arn:ring', functionArn: FUNCTION, days: 30 }

/** A Secrets Manager that says this of the secret, and what it was asked to do. */
function secretsManager(described: object) {
  const asked: object[] = []
  const send = async (command: object) => {
    if (command instanceof DescribeSecretCommand) return described
    if (command instanceof RotateSecretCommand) asked.push(command.input)
    return {}
  }
  return { client: { send } as unknown as SecretsManagerClient, asked }
}

const planned = { RotationEnabled: true, RotationLambdaARN: FUNCTION, RotationRules: { AutomaticallyAfterDays: 30 } }

describe('the rotation of a ring', () => {
  it.each([
    ['of a secret that was never rotated', {}],
    ['of a secret whose rotation was switched off', { ...planned, RotationEnabled: false }],
    ['by another function', { ...planned, RotationLambdaARN: `${FUNCTION}-old` }],
    ['at another interval', { ...planned, RotationRules: { AutomaticallyAfterDays: 31 } }],
  ])('is asked for, from the next time that it is due: %s', async (_what, described) => {
    const { client, asked } = secretsManager(described)
    await ensureRotation(client, plan)
    expect(asked).toEqual([
      {
        SecretId: 'arn:ring',
        RotationLambdaARN: FUNCTION,
        RotationRules: { AutomaticallyAfterDays: 30 },
        RotateImmediately: false,
      },
    ])
  })

  it('that is as planned is left alone, so that a deploy does not put it off', async () => {
    const { client, asked } = secretsManager(planned)
    await ensureRotation(client, plan)
    expect(asked).toEqual([])
  })
})

describe('the plans', () => {
  const arns = { sessionRing: 'arn:session', longTermRing: 'arn:long-term', keyRotationFunction: FUNCTION }

  it('are of both rings, and of days that CloudFormation turned into text', () => {
    expect(parseRotation({ SessionRingDays: '30', LongTermRingDays: 365 }, arns)).toEqual([
      { secretArn: 'arn:session', functionArn: FUNCTION, days: 30 },
      { secretArn: 'arn:long-term', functionArn: FUNCTION, days: 365 },
    ])
  })

  it.each(['0', '1001', '1.5', 'x', undefined, null])('are refused for %s days', (SessionRingDays) => {
    expect(() => parseRotation({ SessionRingDays, LongTermRingDays: '365' }, arns)).toThrow('1 to 1000 days')
  })
})
