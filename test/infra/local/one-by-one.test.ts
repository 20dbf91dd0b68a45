import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { ReadableStream } from 'node:stream/web'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { listen } from '../../../infra/local/listener.ts'

type Begun = readonly [IncomingMessage, ServerResponse]

/** A listener that hands out the requests that begin, and a connection to it. */
async function listener() {
  const silent = { info() {}, warn() {}, error() {} }
  const requests = Promise.withResolvers<ReadableStreamDefaultController<Begun>>()
  const begun = new ReadableStream<Begun>({ start: requests.resolve })
  const controller = await requests.promise
  let count = 0
  const { url, close } = await listen(
    { host: '127.0.0.1', port: 0 },
    (...request) => {
      count++
      controller.enqueue(request)
    },
    silent,
  )
  const end = async () => {
    await close()
    controller.close()
  }
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  return { begun: begun[Symbol.asyncIterator](), count: () => count, end, socket }
}

const put = (path: string, more = '') => `PUT ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n${more}\r\nx`
const answers = new Map([
  ['/1', 'one'],
  ['/2', 'two'],
  ['/3', 'three'],
])

it('requests on one connection begin one after another, however they came', async () => {
  const { begun, count, end, socket } = await listener()
  socket.write(put('/1') + put('/2', 'Expect: else\r\n') + put('/3', 'Expect: 100-continue\r\nConnection: close\r\n'))
  const all = buffer(socket)
  for (const [index, [path, answer]] of [...answers].entries()) {
    const { value } = await begun.next()
    await nextTurn() // All of them have come then, in one piece.
    expect([value?.[0].url, count()]).toEqual([path, index + 1])
    value?.[1].end(answer)
  }
  expect((await all).toString().match(/one|two|three/g)).toEqual([...answers.values()])
  await end()
})

it('a request whose connection ends while it waits never begins', async () => {
  const { begun, end, socket } = await listener()
  socket.write(put('/1') + put('/2'))
  const { value } = await begun.next()
  expect(value?.[0].url).toBe('/1')
  socket.destroy()
  await once(value?.[1] ?? socket, 'close')
  value?.[1].end()
  await end()
  expect(await begun.next()).toEqual({ done: true, value: undefined })
})

it('a connection on which more than a hundred requests wait is cut', async () => {
  const { begun, count, end, socket } = await listener()
  socket.on('error', () => {}) // Cut with bytes under way.
  socket.write(put('/1') + put('/2').repeat(100))
  const { value } = await begun.next()
  await nextTurn()
  expect([value?.[0].socket.destroyed, count()]).toEqual([false, 1])
  socket.write(put('/3'))
  await once(value?.[1] ?? socket, 'close')
  expect([value?.[0].socket.destroyed, count()]).toEqual([true, 1])
  await end()
})

it('a connection on which more than a hundred have waited, but not at the same time, is not', async () => {
  const { begun, end, socket } = await listener()
  const all = buffer(socket)
  socket.write(put('/1').repeat(60))
  for (let answered = 0; answered < 120; answered++) {
    const { value } = await begun.next()
    await nextTurn() // Those behind it have come, and wait.
    value?.[1].end('one')
    if (answered === 59) socket.write(put('/2').repeat(59) + put('/3', 'Connection: close\r\n'))
  }
  expect((await all).toString().match(/one/g)).toHaveLength(120)
  await end()
})
