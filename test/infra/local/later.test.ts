import { describe, expect, it, vi } from 'vitest'
import { Later } from '../../../infra/local/later.ts'

describe('what is loaded later', () => {
  it('is loaded once, by the first of those who need it', async () => {
    const later = new Later()
    const load = vi.fn(async () => async (name: string) => `hello ${name}`)
    const greet = later.handler(load)
    expect(load).not.toHaveBeenCalled()
    expect(await Promise.all([greet('a'), greet('b')])).toEqual(['hello a', 'hello b'])
    await later.all()
    expect(load).toHaveBeenCalledOnce()
  })

  it('is loaded by nobody but once all of it is', async () => {
    const later = new Later()
    const loads = [vi.fn(async () => async () => 1), vi.fn(async () => async () => 2)]
    for (const load of loads) later.handler(load)
    await later.all()
    for (const load of loads) expect(load).toHaveBeenCalledOnce()
  })

  it('tells who needs it, and who asked for all, that it cannot be loaded', async () => {
    const later = new Later()
    const absent = later.handler<[], never>(() => Promise.reject(new Error('no such module')))
    await expect(absent()).rejects.toThrow('no such module')
    await expect(later.all()).rejects.toThrow('no such module')
  })
})
