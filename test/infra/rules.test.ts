import { readdirSync } from 'node:fs'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { describe, expect, it } from 'vitest'
import { FUNCTIONS } from '../../infra/functions.ts'
import { listOf, resourcesOf, statementsOf, synthesize } from './templates.ts'

const { state, api } = synthesize({ objectStore: { buckets: ['objects-*'] } })
const templates = [
  ['DaypassState', state],
  ['DaypassApi', api],
] as const

describe.each(templates)('every resource of %s', (_name, template) => {
  it('that is a log group expires', () => {
    for (const [id, { Properties }] of resourcesOf(template, 'AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays, id).toBeGreaterThan(0)
    }
  })

  it('that grants rights names its actions and its resources', () => {
    for (const [id, { Effect, Action, Resource }] of statementsOf(template)) {
      expect(Effect, id).toBe('Allow')
      expect(listOf(Action).join(), id).not.toContain('*')
      expect(JSON.stringify(Resource), id).not.toMatch(/"\*"|table\/\*|secret:\*|function:\*|:::\*/)
    }
  })

  it('that is a role is free of managed policies and is assumed by Lambda alone', () => {
    for (const [id, { Properties }] of resourcesOf(template, 'AWS::IAM::Role')) {
      expect(Properties.ManagedPolicyArns, id).toBeUndefined()
      expect(Properties.AssumeRolePolicyDocument, id).toMatchObject({
        Statement: [{ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      })
    }
  })
})

it.each([
  ['three months by default', {}, 90],
  ['as long as it is told', { logRetention: RetentionDays.ONE_WEEK }, 7],
])('every log is kept %s', (_title, props, days) => {
  const kept = resourcesOf(synthesize(props).api, 'AWS::Logs::LogGroup').map(
    ([, { Properties }]) => Properties.RetentionInDays,
  )
  expect(new Set(kept)).toEqual(new Set([days]))
})

describe('every function', () => {
  const functions = resourcesOf(api, 'AWS::Lambda::Function')

  it('of the repository is deployed, and no other', () => {
    const handlers = readdirSync('functions', { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && readdirSync(`functions/${entry.name}`).includes('handler.ts'))
      .map(({ name }) => `daypass-${name}`)
    const deployed = functions.map(([, { Properties }]) => Properties.FunctionName)
    expect(deployed.sort()).toEqual(handlers.sort())
    expect(deployed.sort()).toEqual(
      Object.keys(FUNCTIONS)
        .map((name) => `daypass-${name}`)
        .sort(),
    )
  })

  it('has a role and a log group of its own', () => {
    const roles = functions.map(([, { Properties }]) => JSON.stringify(Properties.Role))
    const logs = functions.map(([, { Properties }]) => JSON.stringify(Properties.LoggingConfig))
    expect(new Set(roles).size).toBe(functions.length)
    expect(new Set(logs).size).toBe(functions.length)
    expect(logs.join()).not.toContain('undefined')
  })

  it('runs on Node.js 24 and arm64', () => {
    for (const [id, { Properties }] of functions) {
      expect(Properties, id).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] })
    }
  })

  it('holds no secret in its environment, only where secrets are', () => {
    for (const [id, { Properties }] of functions) {
      const { Variables } = Properties.Environment as { Variables: Record<string, unknown> }
      for (const [name, value] of Object.entries(Variables)) {
        if (name.endsWith('_SECRET')) expect(JSON.stringify(value), `${id} ${name}`).toMatch(/Fn::ImportValue|Ref/)
      }
    }
  })
})
