import { describe, expect, it } from 'vitest'
import { resourcesOf, synthesize } from './templates.ts'

const { state, stateStack } = synthesize()

describe('the state stack', () => {
  it('keeps the table on demand, recoverable to a point in time and guarded against deletion', () => {
    state.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      },
    })
  })

  it('is itself guarded against deletion', () => {
    expect(stateStack.terminationProtection).toBe(true)
  })

  it('retains everything that is in it', () => {
    for (const [id, resource] of resourcesOf(state)) expect([id, resource.DeletionPolicy]).toEqual([id, 'Retain'])
  })

  it('holds four secrets, all without a value that a template or CloudFormation would know', () => {
    const secrets = resourcesOf(state, 'AWS::SecretsManager::Secret')
    expect(secrets).toHaveLength(4)
    for (const [id, { Properties }] of secrets) expect([id, Object.keys(Properties)]).toEqual([id, ['Description']])
  })

  it('leaves nothing behind when it is told so', () => {
    const trial = synthesize({ retainState: false })
    expect(trial.stateStack.terminationProtection).toBe(false)
    for (const [id, resource] of resourcesOf(trial.state)) {
      expect([id, resource.DeletionPolicy]).toEqual([id, 'Delete'])
      expect(resource.Properties.DeletionProtectionEnabled ?? false).toBe(false)
    }
  })
})
