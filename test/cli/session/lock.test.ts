import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withLock } from '../../../cli/session/lock.ts'
import type { Surroundings } from '../../../cli/surroundings.ts'
import { endLocalHosts, temporaryFolder } from '../../support/local-host.ts'

/** Above every pid that a system gives. */
const NOBODY = '2147483646'

let path: string
let folder: string
const here: Surroundings = { env: {}, home: '/', platform: process.platform, now: Date.now }

beforeEach(() => {
  folder = temporaryFolder()
  path = join(folder, 'lock')
})
afterEach(endLocalHosts)

/** Does something several times at once; answers the most that were at it together. */
async function together(times: number): Promise<number> {
  let [now, most] = [0, 0]
  const work = async () => {
    now += 1
    most = Math.max(most, now)
    await setImmediate()
    now -= 1
  }
  await Promise.all(Array.from({ length: times }, () => withLock(here, path, work)))
  return most
}

describe('a lock', () => {
  it('lets one in at a time and leaves nothing behind', async () => {
    expect([await together(8), readdirSync(folder)]).toEqual([1, []])
  })

  it('opens when the work fails', async () => {
    await expect(withLock(here, path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(existsSync(path)).toBe(false)
  })

  it('of a process that has gone is taken over, by one', async () => {
    writeFileSync(path, NOBODY)
    expect([await together(8), readdirSync(folder)]).toEqual([1, []])
  })

  it('is left alone when another took it over since it was looked at', async () => {
    writeFileSync(path, NOBODY)
    let asked = 0
    const late = {
      ...here,
      now() {
        asked += 1
        if (asked === 2) writeFileSync(path, String(process.pid))
        return Date.now() + (asked === 1 ? 0 : 60_001)
      },
    }
    await expect(withLock(late, path, async () => {})).rejects.toThrow('Another daypass is at work for too long')
    expect(readFileSync(path, 'utf8')).toBe(String(process.pid))
  })

  it('is taken over although somebody died while taking it over', async () => {
    writeFileSync(path, NOBODY)
    writeFileSync(`${path}.turn`, NOBODY)
    expect([await together(4), readdirSync(folder)]).toEqual([1, []])
  })

  it('that is older than any work takes is taken over', async () => {
    writeFileSync(path, String(process.pid))
    const old = Date.now() / 1000 - 121
    utimesSync(path, old, old)
    expect(await together(2)).toBe(1)
  })

  it.each([
    ['a process that runs', String(process.pid)],
    ['a process that has not said yet who it is', ''],
  ])('of %s is waited for, but not for ever', async (_what, content) => {
    writeFileSync(path, content)
    let asked = 0
    const impatient = { ...here, now: () => Date.now() + (asked++ === 0 ? 0 : 60_001) }
    const sentence = `Another daypass is at work for too long: end it, or remove ${path}, and try again.`
    await expect(withLock(impatient, path, async () => {})).rejects.toThrow(sentence)
    expect(existsSync(path)).toBe(true)
  })
})
