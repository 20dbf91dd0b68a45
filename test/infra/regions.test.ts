import { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { addDaypassReplica, type ReplicaProps } from '../../infra/daypass.ts'
import { functionResource, listOf, resourcesOf, statementsOfFunction, synthesize, templateApp } from './templates.ts'

const account = '111122223333'
const arn = (name: string) => `arn:aws:secretsmanager:eu-west-1:${account}:secret:${name}-AbCdEf`
const secretArns = { sessionRing: arn('a'), longTermRing: arn('b'), rootKey: arn('c'), proberKey: arn('d') }
const replica: ReplicaProps = {
  env: { account, region: 'eu-central-1' },
  homeRegion: 'eu-west-1',
  tableName: 'daypass',
  secretArns,
}
const away = Template.fromStack(addDaypassReplica(templateApp(), replica))

describe('a state stack with replicas', () => {
  const { state } = synthesize({ env: { account, region: 'eu-west-1' }, replicaRegions: ['eu-central-1'] })

  it('has the table and all that protects it in both regions', () => {
    const [[, table] = []] = resourcesOf(state, 'AWS::DynamoDB::GlobalTable')
    const protection = {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }
    expect(table?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      Replicas: [
        { Region: 'eu-central-1', ...protection },
        { Region: 'eu-west-1', ...protection },
      ],
    })
    expect(table?.DeletionPolicy).toBe('Retain')
    expect(resourcesOf(state, 'AWS::DynamoDB::Table')).toEqual([])
  })

  it('copies every secret', () => {
    const copies = resourcesOf(state, 'AWS::SecretsManager::Secret').map(
      ([, { Properties }]) => Properties.ReplicaRegions,
    )
    expect(copies).toEqual(copies.map(() => [{ Region: 'eu-central-1' }]))
    expect(copies).toHaveLength(4)
  })
})

it('without replicas the table is one of one region, which needs no region to be named', () => {
  expect(resourcesOf(synthesize().state, 'AWS::DynamoDB::GlobalTable')).toEqual([])
})

describe('the endpoints of a region with a replica', () => {
  const tables = (name: string) => {
    const statements = statementsOfFunction(away, name)
    const ofTable = statements.filter(({ Action }) => listOf(Action)[0]?.startsWith('dynamodb:'))
    return ofTable.map(({ Resource, Condition }) => [
      JSON.stringify(Resource).match(/dynamodb:([\w-]+):/)?.[1],
      Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'],
    ])
  }

  it('reach the home region’s table for what may happen once, and for nothing else', () => {
    const far = tables('get-session-token').filter(([region]) => region === 'eu-west-1')
    expect(new Set(far.flatMap(([, kinds]) => kinds))).toEqual(new Set(['MFAUSE#*']))
    expect(tables('get-caller-identity').filter(([region]) => region === 'eu-west-1')).toEqual([])
  })

  it('change configuration in the home region alone', () => {
    expect(new Set(tables('iam').map(([region]) => region))).toEqual(new Set(['eu-west-1']))
    const { Variables } = functionResource(away, 'iam')[1].Properties.Environment as { Variables: object }
    expect(Variables).toMatchObject({ DAYPASS_TABLE_REGION: 'eu-west-1' })
    expect(Variables).not.toHaveProperty('DAYPASS_HOME_REGION')
  })

  it('are told where home is', () => {
    for (const name of ['front-door', 'assume-role', 's3']) {
      const { Variables } = functionResource(away, name)[1].Properties.Environment as { Variables: object }
      expect(Variables, name).toMatchObject({ DAYPASS_HOME_REGION: 'eu-west-1', DAYPASS_TABLE: 'daypass' })
    }
  })

  it('open the copies of the rings', () => {
    const { Variables } = functionResource(away, 'assume-role')[1].Properties.Environment as {
      Variables: Record<string, string>
    }
    expect(Variables.DAYPASS_SESSION_RING_SECRET).toBe(arn('a').replace('eu-west-1', 'eu-central-1'))
  })

  it('leave rotation, re-sealing, bootstrap and the prober to the home region', () => {
    const names = resourcesOf(away, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.FunctionName)
    for (const name of ['key-rotation', 'reseal-secrets', 'bootstrap', 'prober']) {
      expect(names).not.toContain(`daypass-${name}`)
    }
    for (const type of ['AWS::SecretsManager::RotationSchedule', 'AWS::Events::Rule', 'Custom::DaypassBootstrap']) {
      expect(resourcesOf(away, type)).toEqual([])
    }
  })
})
