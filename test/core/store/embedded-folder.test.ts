import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@daypass/core/deps.ts'
import { DataFolderError } from '@daypass/core/store/embedded/data-folder.ts'
import { openEmbeddedStore } from '@daypass/core/store/embedded/embedded-store.ts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sessionOf, temporaryFolder } from './embedded-harness.ts'

const CHILD = fileURLToPath(new URL('./embedded-crash-child.ts', import.meta.url))
const log = { info() {}, warn() {}, error() {} }
const openAt = (directory: string) => openEmbeddedStore({ directory, clock: systemClock, log })

/** One sentence that names the folder. */
async function refusal(directory: string): Promise<string> {
  const error = await openAt(directory).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DataFolderError)
  const { message } = error as DataFolderError
  expect(message).toContain(`The data folder ${directory} `)
  expect(message).toMatch(/^[^\n]+\.$/)
  return message
}

/** A user that owns nothing. */
const NOBODY = 65_534

describe('a data folder', () => {
  it('is refused while another process has it, and is free as soon as that one is killed', async () => {
    const { directory, open } = await temporaryFolder()
    const child = spawn(process.execPath, [CHILD, directory, '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    expect(await refusal(directory)).toMatch(/in use by another process: stop that one or choose another folder/)
    child.kill('SIGKILL')
    await once(child, 'close')
    await (await open()).put(sessionOf('a'))
  })

  it('is refused to a second store of the same process, whose failure does not unlock it, until the first is closed', async () => {
    const { directory, open } = await temporaryFolder()
    const first = await open()
    await refusal(directory)
    const child = spawn(process.execPath, [CHILD, directory, '0'], { stdio: ['ignore', 'pipe', 'pipe'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [said] = await once(child.stderr, 'data')
    expect(String(said)).toContain('DataFolderError')
    await first.close()
    await open()
  })

  it('is made, and can be read by its owner alone, as can every file in it', async () => {
    const parent = await temporaryFolder()
    const directory = join(parent.directory, 'deep', 'data')
    const store = await openAt(directory)
    onTestFinished(() => store.close())
    await store.put(sessionOf('a', 10 ** 9))
    await store.put({ pk: 'USER#0', sk: 'a' })
    const check = async () => {
      const files = await readdir(directory, { recursive: true })
      for (const name of ['', ...files]) {
        const { mode } = await stat(join(directory, name))
        expect([name, mode & 0o777]).toEqual([name, name === '' || name === 'sessions' ? 0o700 : 0o600])
      }
      return files
    }
    expect(await check()).toEqual(expect.arrayContaining(['lock.db', 'table.db', 'table.db-wal', 'table.db-shm']))
    await store.close()
    expect((await check()).some((name) => name.endsWith('.index'))).toBe(true)
  })

  it('that is a file is refused in one sentence', async () => {
    const { directory } = await temporaryFolder()
    const file = join(directory, 'file')
    await writeFile(file, 'x')
    expect(await refusal(file)).toMatch(/cannot be used \(EEXIST\): make it a folder that this user may write to/)
    expect(await refusal(join(file, 'inside'))).toMatch(/cannot be used \(ENOTDIR\)/)
  })

  it('that cannot be written to is refused in one sentence', async () => {
    const { directory } = await temporaryFolder()
    await chmod(directory, 0o500)
    const root = process.geteuid?.() === 0
    if (root) process.seteuid?.(NOBODY) // root may write anywhere
    try {
      const sentence = /cannot be used \(EACCES\): make it a folder that this user may write to/
      expect(await refusal(directory)).toMatch(sentence)
    } finally {
      if (root) process.seteuid?.(0)
    }
  })

  it('whose table is no database is refused in one sentence, not begun anew, and left unlocked', async () => {
    const { directory } = await temporaryFolder()
    await writeFile(join(directory, 'table.db'), 'x'.repeat(8192))
    expect(await refusal(directory)).toMatch(/is damaged \(.*file is not a database\): restore it from a backup/)
    expect(await refusal(directory)).toMatch(/is damaged/)
  })

  it('of another version is refused', async () => {
    const { directory, open } = await temporaryFolder()
    await (await open()).close()
    const database = new DatabaseSync(join(directory, 'table.db'))
    database.exec('PRAGMA user_version = 2')
    database.close()
    expect(await refusal(directory)).toMatch(/written by another version/)
  })

  it('that exists already keeps what else is in it', async () => {
    const { directory, open } = await temporaryFolder()
    await mkdir(join(directory, 'objects'))
    await (await open()).close()
    expect(await readdir(directory)).toContain('objects')
  })
})
