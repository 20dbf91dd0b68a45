import type { RequestListener } from 'node:http'

/**
 * Lets a request that came behind others on its connection wait until those are answered: at the same time only safe ones might
 * be, and of two writes of one object the first could be the one that stays (RFC 9112 9.3.2). What waits when its connection ends
 * never begins.
 */
export const oneByOne =
  (answer: RequestListener): RequestListener =>
  (req, res) => {
    // node:http gives a response its socket when those before it have ended.
    if (res.socket) answer(req, res)
    else res.once('socket', () => answer(req, res))
  }
