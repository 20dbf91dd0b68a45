import { Duration } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { functionResource, resourcesOf, synthesize } from './templates.ts'

const days = (props = {}) =>
  resourcesOf(synthesize(props).api, 'AWS::SecretsManager::RotationSchedule').map(
    ([, { Properties }]) => (Properties.RotationRules as { AutomaticallyAfterDays: number }).AutomaticallyAfterDays,
  )

describe('the rings', () => {
  it('are rotated by the one function for it, which Secrets Manager may call for them alone', () => {
    const { api } = synthesize()
    const lambda = { 'Fn::GetAtt': [functionResource(api, 'key-rotation')[0], 'Arn'] }
    const schedules = resourcesOf(api, 'AWS::SecretsManager::RotationSchedule').map(([, { Properties }]) => Properties)
    expect(schedules.map(({ RotationLambdaARN }) => RotationLambdaARN)).toEqual([lambda, lambda])
    const allowed = resourcesOf(api, 'AWS::Lambda::Permission')
      .map(([, { Properties }]) => Properties)
      .filter(({ Principal }) => Principal === 'secretsmanager.amazonaws.com')
    expect(allowed.map(({ SourceArn }) => SourceArn)).toEqual(schedules.map(({ SecretId }) => SecretId))
    expect(new Set(allowed.map(({ SourceArn }) => JSON.stringify(SourceArn))).size).toBe(2)
    expect(allowed.every(({ FunctionName }) => JSON.stringify(FunctionName) === JSON.stringify(lambda))).toBe(true)
  })

  it.each([
    ['every 30 and 365 days by default', {}, [30, 365]],
    ['as often as they are told', { sessionRing: Duration.days(1), longTermRing: Duration.days(90) }, [1, 90]],
  ])('rotate %s', (_title, keyRotation, expected) => {
    expect(days({ keyRotation })).toEqual(expected)
  })

  it('are not rotated by the deploy that makes them, because they are empty then', () => {
    for (const [id, { Properties }] of resourcesOf(synthesize().api, 'AWS::SecretsManager::RotationSchedule')) {
      expect(Properties.RotateImmediatelyOnUpdate, id).toBe(false)
    }
  })

  it.each([Duration.hours(24 * 1001), Duration.days(0)])(
    'refuse an interval that Secrets Manager refuses',
    (sessionRing) => {
      expect(() => days({ keyRotation: { sessionRing } })).toThrow('every 1 to 1000 days')
    },
  )
})

it('every account of AWS rotates; an emulator, whose account AWS does not have, need not know how', () => {
  const { Conditions, Resources } = synthesize().api.toJSON()
  expect(Conditions.Rotates).toEqual({ 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, '000000000000'] }] })
  const conditional = Object.values(Resources as Record<string, { Type: string; Condition?: string }>)
    .filter(({ Condition }) => Condition !== undefined)
    .map(({ Type }) => Type)
  expect(new Set(conditional)).toEqual(new Set(['AWS::SecretsManager::RotationSchedule']))
})

it('long-term secrets are re-sealed each day', () => {
  const { api } = synthesize()
  expect(ruleOf(api, 'reseal-secrets')).toMatchObject({ ScheduleExpression: 'rate(1 day)', State: 'ENABLED' })
})

it('the prober runs every quarter of an hour, and answers for its own issuer at the URL that it names', () => {
  const { api } = synthesize()
  expect(ruleOf(api, 'prober')).toMatchObject({ ScheduleExpression: 'rate(15 minutes)', State: 'ENABLED' })
  const routes = resourcesOf(api, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey)
  expect(routes).toContain('GET /_daypass/prober/jwks.json')
  const [[, bootstrap] = []] = resourcesOf(api, 'Custom::DaypassBootstrap')
  const { Variables } = functionResource(api, 'prober')[1].Properties.Environment as {
    Variables: Record<string, unknown>
  }
  const text = JSON.stringify(bootstrap?.Properties.ProberIssuer)
  expect(text).toContain('/_daypass/prober')
  expect(text).toContain(
    JSON.stringify((Variables.DAYPASS_URL as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1][1]),
  )
})

function ruleOf(api: ReturnType<typeof synthesize>['api'], name: string) {
  const [id] = functionResource(api, name)
  const rules = resourcesOf(api, 'AWS::Events::Rule').map(([, { Properties }]) => Properties)
  return rules.find(({ Targets }) => JSON.stringify(Targets).includes(id))
}
