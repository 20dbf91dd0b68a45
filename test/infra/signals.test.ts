import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FUNCTIONS } from '../../infra/functions.ts'
import { functionResource, resourcesOf, synthesize } from './templates.ts'

const { api } = synthesize()
const alarms = resourcesOf(api, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties)
const runbook = readFileSync('docs/runbook.md', 'utf8')
/** Headings as GitHub turns them into anchors. */
const anchors = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-'),
)

describe('every alarm', () => {
  it.each(alarms.map((alarm) => [String(alarm.AlarmName), String(alarm.AlarmDescription)]))(
    '%s has a section in the runbook',
    (_name, description) => {
      expect(anchors).toContain(/docs\/runbook\.md#(\S+)$/.exec(description)?.[1])
    },
  )

  it('is quiet while nothing is measured', () => {
    expect(new Set(alarms.map(({ TreatMissingData }) => TreatMissingData))).toEqual(new Set(['notBreaching']))
  })

  it('tells the topic that was named, and nobody by default', () => {
    expect(alarms.every(({ AlarmActions }) => AlarmActions === undefined)).toBe(true)
    const topic = 'arn:aws:sns:eu-west-1:111122223333:on-call'
    const told = resourcesOf(synthesize({ alarmTopicArn: topic }).api, 'AWS::CloudWatch::Alarm')
    for (const [id, { Properties }] of told) expect(Properties.AlarmActions, id).toEqual([topic])
  })
})

it.each(Object.keys(FUNCTIONS))('the function %s has an alarm for its errors', (name) => {
  const [id] = functionResource(api, name)
  expect(alarms).toContainEqual(
    expect.objectContaining({
      MetricName: 'Errors',
      Namespace: 'AWS/Lambda',
      Threshold: 0,
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: id } }],
    }),
  )
})

it.each(['ForbiddenGrants', 'ProbeSurprises', 'SecretsLost', 'Failures', 'IssuerFailures', 'Throttles'])(
  'an alarm looks at %s, by the name and dimensions that functions write',
  (MetricName) => {
    const Dimensions = [{ Name: 'service', Value: 'daypass' }]
    expect(alarms).toContainEqual(
      expect.objectContaining({ MetricName, Namespace: 'Daypass', Statistic: 'Sum', Dimensions }),
    )
  },
)

it.each(['ReadThrottleEvents', 'WriteThrottleEvents'])('the table has an alarm for %s', (MetricName) => {
  expect(alarms).toContainEqual(expect.objectContaining({ MetricName, Namespace: 'AWS/DynamoDB', Threshold: 0 }))
})

it('a dashboard shows exchanges, latency, what should not be, and refusals', () => {
  const [[, dashboard] = []] = resourcesOf(api, 'AWS::CloudWatch::Dashboard')
  const body = JSON.stringify(dashboard?.Properties.DashboardBody)
  for (const shown of ['Exchanges', 'Latency', 'ForbiddenGrants', 'Refusals of the last hour'])
    expect(body).toContain(shown)
})
