import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { askPassword, readPassword } from '../../cli/password.ts'

/** A terminal on which these keys are pressed once it is asked, and what was set and shown on it, in order. */
function terminal(...keys: readonly string[]) {
  const events: string[] = []
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(raw: boolean) {
      events.push(raw ? 'raw' : 'cooked')
    },
  })
  const show = (text: string) => {
    events.push(text)
    if (text === 'Password: ') for (const each of keys) input.write(each)
  }
  return { events, input, ask: () => askPassword(input, 'Password: ', show) }
}

describe('a password', () => {
  it.each([
    ['as it is typed', ['s', 'e', 'c', '\r'], 'sec'],
    ['in one piece', ['secret word\n'], 'secret word'],
    ['in every script', ['pä\u{1f511}\r'], 'pä\u{1f511}'],
    ['without what was taken back', ['sex\u007fc\br\u{1f511}\u007f\u007fc\r'], 'sec'],
    ['without a line that was taken back', ['wrong\u0015sec\r'], 'sec'],
    ['although more was taken back than was there', ['\u007f\u007fsec\r'], 'sec'],
    ['that is empty', ['\r'], ''],
  ])('is read %s', async (_what, keys, password) => {
    expect(await terminal(...keys).ask()).toBe(password)
  })

  it('is not shown, also when it is typed at once', async () => {
    const { ask, events } = terminal('sec\r')
    await ask()
    expect(events).toEqual(['raw', 'Password: ', 'cooked', '\n'])
  })

  it.each([
    ['Control-C', '\u0003'],
    ['Control-D', '\u0004'],
  ])('is given up by %s, and the terminal is as before', async (_what, key) => {
    const { ask, events } = terminal('se', key)
    await expect(ask()).rejects.toThrow('No password was given.')
    expect(events.at(-2)).toBe('cooked')
  })

  it('is given up when the terminal goes', async () => {
    const { ask, input } = terminal()
    const asked = ask()
    input.end()
    await expect(asked).rejects.toThrow('No password was given.')
  })

  it('is not asked for where there is no terminal', async () => {
    await expect(askPassword(new PassThrough(), 'Password: ', () => {})).rejects.toThrow('--password-stdin')
  })

  it.each([
    ['with a line end', 'sec\n', 'sec'],
    ['with a line end of Windows', 'sec\r\n', 'sec'],
    ['with two', 'sec\n\n', 'sec\n'],
    ['without', ' sec ', ' sec '],
  ])('is taken from a pipe %s', async (_what, piped, password) => {
    const input = new PassThrough()
    input.end(piped)
    expect(await readPassword(input)).toBe(password)
  })

  it('is no file', async () => {
    const input = new PassThrough()
    input.end('x'.repeat(10_001))
    await expect(readPassword(input)).rejects.toThrow('too long for a password')
  })
})
