import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** A request of which nothing but the head has come. */
class Slow extends EventEmitter {
  destroyed = false
  destroy() {
    this.destroyed = true
    this.emit('close')
  }
}

describe('a body that takes long', () => {
  it('is waited for a minute, each for its own, and then its connection is cut', async () => {
    const { readBody } = await import('../../../infra/local/event.ts')
    const [first, second, done] = [new Slow(), new Slow(), new Slow()]
    const read = (request: Slow) => readBody(request as unknown as IncomingMessage)
    const outcomes = [read(first), read(done)].map((body) => body.then(String, () => 'cut'))
    done.emit('data', Buffer.from('all'))
    done.emit('end')
    await vi.advanceTimersByTimeAsync(30_000)
    outcomes.push(read(second).then(String, () => 'cut'))
    await vi.advanceTimersByTimeAsync(29_999)
    expect([first, second].map(({ destroyed }) => destroyed)).toEqual([false, false])
    await vi.advanceTimersByTimeAsync(1)
    expect([first, second].map(({ destroyed }) => destroyed)).toEqual([true, false])
    await vi.advanceTimersByTimeAsync(29_999)
    expect(second.destroyed).toBe(false)
    await vi.advanceTimersByTimeAsync(2)
    expect([second.destroyed, done.destroyed]).toEqual([true, false])
    expect(await Promise.all(outcomes)).toEqual(['cut', 'all', 'cut'])
  })
})
