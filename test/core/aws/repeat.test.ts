import { AwsError } from '@daypass/core/aws/error.ts'
import { repeated } from '@daypass/core/aws/repeat.ts'
import { expect, it } from 'vitest'

const refused = (name: string, status: number) => new AwsError(name, { status, headers: {}, body: Buffer.of() }, {})
const broken = (code: string, name = 'Error') => Object.assign(new Error(code), { code, name })

/** How often something is tried that always fails so, and how long is waited between. */
async function attemptsAt(error: unknown): Promise<{ attempts: number; sleeps: number[] }> {
  let attempts = 0
  const sleeps: number[] = []
  const fail = async () => {
    attempts += 1
    throw error
  }
  const sleep = async (ms: number) => void sleeps.push(ms)
  await expect(repeated(fail, sleep, () => 0.5)).rejects.toBe(error)
  return { attempts, sleeps }
}

it.each([
  ['a fault of the service', refused('InternalFailure', 500)],
  ['too many requests', refused('TooManyRequestsException', 429)],
  ['a throttle', refused('ThrottlingException', 400)],
  ['a connection that ended', broken('ECONNRESET')],
  ['nobody who listens', broken('ECONNREFUSED')],
])('tries three times after %s, and waits longer each time', async (_what, error) => {
  expect(await attemptsAt(error)).toEqual({ attempts: 3, sleeps: [25, 50] })
})

it.each([
  ['a refusal', refused('AccessDeniedException', 403)],
  ['being given up', broken('ABORT_ERR', 'AbortError')],
  ['a fault of our own', new TypeError('x')],
])('tries once after %s', async (_what, error) => {
  expect((await attemptsAt(error)).attempts).toBe(1)
})

it('answers what a later attempt brought', async () => {
  const outcomes = [broken('ECONNRESET'), 'answer']
  const next = async () => {
    const outcome = outcomes.shift()
    if (outcome instanceof Error) throw outcome
    return outcome
  }
  expect(await repeated(next, async () => {})).toBe('answer')
})
