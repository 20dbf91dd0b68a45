import { sessionKey } from '@daypass/core/store/keys.ts'
import { StoreUnavailable } from '@daypass/core/store/port.ts'
import { expect, it, vi } from 'vitest'
import { AS_SESSION, sessionOf, temporaryFolder } from './embedded-harness.ts'

vi.mock('@daypass/core/store/embedded/sessions/key-hash.ts', () => ({ hashKey: () => ({ low: 7, high: 7 }) }))

it('two sessions whose keys have one hash are never taken for each other', async () => {
  const folder = await temporaryFolder()
  const store = await folder.open()
  await store.put(sessionOf('a'), AS_SESSION)
  expect(await store.get(sessionKey('b'))).toBeUndefined()
  await expect(store.put(sessionOf('b'), AS_SESSION)).rejects.toThrow(StoreUnavailable)
  await expect(store.remove(sessionKey('b'), AS_SESSION)).rejects.toThrow(StoreUnavailable)
  await expect(store.update(sessionKey('b'), { set: { b: 1 } }, AS_SESSION)).rejects.toThrow(StoreUnavailable)
  expect(await store.getMany([sessionKey('a'), sessionKey('b')])).toStrictEqual([sessionOf('a'), undefined])
  await store.remove(sessionKey('a'))
  await store.put(sessionOf('b'), AS_SESSION)
  await store.close()
  expect(await (await folder.open()).getMany([sessionKey('a'), sessionKey('b')])).toStrictEqual([
    undefined,
    sessionOf('b'),
  ])
})
