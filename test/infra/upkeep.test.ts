import { Duration } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { functionResource, resourcesOf, synthesize } from './templates.ts'

/** What the bootstrap function is told of the rotation, in days. */
const days = (props = {}) => {
  const [[, bootstrap] = []] = resourcesOf(synthesize(props).api, 'Custom::DaypassBootstrap')
  const rotation = bootstrap?.Properties.Rotation as Record<string, number> | undefined
  return [rotation?.SessionRingDays, rotation?.LongTermRingDays]
}

describe('the rings', () => {
  it('are rotated by the one function for it, which Secrets Manager may call for them alone', () => {
    const { api } = synthesize()
    const lambda = { 'Fn::GetAtt': [functionResource(api, 'key-rotation')[0], 'Arn'] }
    const allowed = resourcesOf(api, 'AWS::Lambda::Permission').filter(
      ([, { Properties }]) => Properties.Principal === 'secretsmanager.amazonaws.com',
    )
    const { Variables } = functionResource(api, 'key-rotation')[1].Properties.Environment as {
      Variables: Record<string, unknown>
    }
    expect(allowed.map(([, { Properties }]) => Properties.SourceArn)).toEqual([
      Variables.DAYPASS_SESSION_RING_SECRET,
      Variables.DAYPASS_LONG_TERM_RING_SECRET,
    ])
    expect(allowed.map(([, { Properties }]) => Properties.FunctionName)).toEqual([lambda, lambda])
    // Secrets Manager tries the function as soon as the bootstrap function names it.
    const [[, bootstrap] = []] = resourcesOf(api, 'Custom::DaypassBootstrap')
    expect((bootstrap as { DependsOn?: string[] }).DependsOn).toEqual(expect.arrayContaining(allowed.map(([id]) => id)))
    const told = functionResource(api, 'bootstrap')[1].Properties.Environment as { Variables: Record<string, unknown> }
    expect(told.Variables.DAYPASS_KEY_ROTATION_FUNCTION).toEqual(lambda)
  })

  it.each([
    ['every 30 and 365 days by default', {}, [30, 365]],
    ['as often as they are told', { sessionRing: Duration.days(1), longTermRing: Duration.days(90) }, [1, 90]],
  ])('rotate %s', (_title, keyRotation, expected) => {
    expect(days({ keyRotation })).toEqual(expected)
  })

  it.each([Duration.hours(24 * 1001), Duration.days(0)])(
    'refuse an interval that Secrets Manager refuses',
    (sessionRing) => {
      expect(() => days({ keyRotation: { sessionRing } })).toThrow('every 1 to 1000 days')
    },
  )
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
