import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { readBody } from '../../../infra/local/event.ts'

class Sending extends EventEmitter {
  pause() {
    return this
  }
}

describe('a body that comes in pieces', () => {
  it('is copied together as it comes, so that the pieces, whose number a client chooses, are not kept', async () => {
    const request = new Sending()
    const body = readBody(request as unknown as IncomingMessage)
    const pieces = ['a', 'bcd', '', 'e', 'fghijklmnop', 'q'].map((text) => Buffer.from(text))
    for (const piece of pieces) request.emit('data', piece)
    for (const piece of pieces) piece.fill('-')
    request.emit('end')
    expect(String(await body)).toBe('abcdefghijklmnopq')
  })

  it('is cut one byte behind the largest that any handler takes', async () => {
    const request = new Sending()
    const body = readBody(request as unknown as IncomingMessage)
    for (let sent = 0; sent < 3; sent++) request.emit('data', Buffer.alloc(500_000, 'x'))
    expect((await body).length).toBe(1024 * 1024 + 1)
  })
})
