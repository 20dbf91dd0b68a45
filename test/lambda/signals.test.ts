import type { LogRecord } from '@daypass/core/deps.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { countNow, liveLog } from '../../functions/lambda/signals.ts'

const exchange: LogRecord = {
  event: 'exchange',
  service: 'sts',
  action: 'AssumeRole',
  outcome: 'granted',
  requestId: 'request-1',
  sourceIp: '192.0.2.1',
  durationMs: 7,
}
let lines: Record<string, unknown>[]
beforeEach(() => {
  lines = []
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      lines.push(JSON.parse(String(text)))
      return true
    })
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})
const log = () => liveLog({ region: 'eu-test-1', now: () => 0 })
/** The metrics that CloudWatch makes of a line, with their dimensions. */
const metrics = () =>
  lines.flatMap((line) => {
    const { CloudWatchMetrics: directives = [] } = (line._aws ?? {}) as {
      CloudWatchMetrics?: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string; Unit: string }[] }[]
    }
    return directives.flatMap(({ Namespace, Dimensions: [names = []], Metrics }) =>
      Metrics.map(({ Name, Unit }) => [Namespace, Name, line[Name], Unit, names.map((name) => line[name]).join('/')]),
    )
  })

describe('the signals of a function', () => {
  it('are one line of audit and the metrics of each exchange', () => {
    log().info(exchange)
    const audit = lines.filter(({ eventName }) => eventName !== undefined)
    expect(audit).toHaveLength(1)
    expect(audit[0]).toMatchObject({ level: 'INFO', service: 'daypass', event: 'exchange', eventName: 'AssumeRole' })
    expect(metrics()).toEqual([
      ['Daypass', 'Exchanges', 1, 'Count', 'daypass/AssumeRole/granted'],
      ['Daypass', 'Latency', 7, 'Milliseconds', 'daypass/AssumeRole/granted'],
    ])
  })

  it.each([
    ['failed', 'InternalFailure', 'Failures'],
    ['refused', 'IDPCommunicationError', 'IssuerFailures'],
    ['refused', 'Throttling', 'Throttles'],
  ])('count an exchange that %s with %s as %s of the whole deployment', (outcome, code, name) => {
    log().error({ ...exchange, outcome, code })
    expect(metrics()).toContainEqual(['Daypass', name, 1, 'Count', 'daypass'])
    expect(metrics()).toContainEqual(['Daypass', 'Exchanges', 1, 'Count', `daypass/AssumeRole/${outcome}`])
  })

  it('count a refusal as nothing else', () => {
    log().info({ ...exchange, outcome: 'refused', code: 'AccessDenied' })
    expect(metrics()).toHaveLength(2)
  })

  it('are the line alone for what is no exchange', () => {
    log().warn({ event: 'TableNotWarm', failure: 'x' })
    expect(lines).toEqual([expect.objectContaining({ level: 'WARN', message: 'TableNotWarm', failure: 'x' })])
  })

  it('count what is found beside requests', () => {
    countNow('SecretsLost', 2)
    expect(metrics()).toEqual([['Daypass', 'SecretsLost', 2, 'Count', 'daypass']])
  })
})
