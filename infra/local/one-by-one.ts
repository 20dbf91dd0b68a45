import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'

/** Requests that may wait on one connection: node:http reads on meanwhile, and keeps what it reads. */
const MOST_WAITING = 100

/**
 * Lets a request that came behind others on its connection wait until those are answered: at the same time only safe ones might
 * be, and of two writes of one object the first could be the one that stays (RFC 9112 9.3.2). What waits when its connection ends
 * never begins; a connection on which too many wait is cut.
 */
export function oneByOne(answer: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, number>()
  const add = (socket: Socket, change: 1 | -1) => {
    const count = (waiting.get(socket) ?? 0) + change
    waiting.set(socket, count)
    return count
  }
  return (req, res) => {
    // node:http gives a response its socket when those before it have ended.
    if (res.socket) return answer(req, res)
    const { socket } = req
    if (add(socket, 1) > MOST_WAITING) return void socket.destroy()
    res.once('socket', () => {
      add(socket, -1)
      answer(req, res)
    })
  }
}
