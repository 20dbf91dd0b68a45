import { BootstrapError } from '@daypass/core/bootstrap/document.ts'
import type { CloudFormationCustomResourceEvent } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { answerCloudFormation } from '../../functions/bootstrap/custom-resource.ts'

const COMMON = {
  ServiceToken: 'arn:function',
  ResponseURL: 'https://answers.example/1',
  StackId: 'arn:stack',
  RequestId: 'request-1',
  LogicalResourceId: 'AppliedBootstrap',
  ResourceType: 'Custom::DaypassBootstrap',
  ResourceProperties: { ServiceToken: 'arn:function' },
} as const
const CREATE: CloudFormationCustomResourceEvent = { ...COMMON, RequestType: 'Create' }
const DELETE: CloudFormationCustomResourceEvent = { ...COMMON, RequestType: 'Delete', PhysicalResourceId: 'bootstrap' }

async function answerOf(event: CloudFormationCustomResourceEvent, apply: () => Promise<void>) {
  const sent: [string, { Status: string; Reason?: string }][] = []
  const logged: unknown[] = []
  const note = (record: unknown) => void logged.push(record)
  const put = async (url: string, body: string) => void sent.push([url, JSON.parse(body)])
  await answerCloudFormation(event, apply, { info: note, warn: note, error: note }, put)
  return { url: sent[0]?.[0], answer: sent[0]?.[1], answers: sent.length, logged }
}

describe('answerCloudFormation', () => {
  it('answers a create once with success and the identity that CloudFormation gave', async () => {
    const { url, answer, answers } = await answerOf(CREATE, async () => {})
    expect([url, answers]).toEqual(['https://answers.example/1', 1])
    expect(answer).toEqual({
      Status: 'SUCCESS',
      StackId: 'arn:stack',
      RequestId: 'request-1',
      LogicalResourceId: 'AppliedBootstrap',
      PhysicalResourceId: 'bootstrap',
    })
  })

  it('applies nothing when the resource is deleted', async () => {
    let applied = false
    const { answer } = await answerOf(DELETE, async () => {
      applied = true
    })
    expect([applied, answer?.Status]).toEqual([false, 'SUCCESS'])
  })

  it('tells the flaw of a document to whoever deploys', async () => {
    const { answer } = await answerOf(CREATE, () =>
      Promise.reject(new BootstrapError('accounts[0].id', 'must be short')),
    )
    expect([answer?.Status, answer?.Reason]).toEqual(['FAILED', 'bootstrap document, accounts[0].id: must be short'])
  })

  it('answers, and keeps the reason in the log, when the machinery fails', async () => {
    const { answer, logged } = await answerOf(CREATE, () => Promise.reject(new Error('table internals')))
    expect(answer?.Status).toBe('FAILED')
    expect(answer?.Reason).not.toContain('table internals')
    expect(JSON.stringify(logged)).toContain('table internals')
  })
})
