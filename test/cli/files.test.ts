import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readBytes, replaceFile } from '../../cli/files.ts'
import { endLocalHosts, temporaryFolder } from '../support/local-host.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = temporaryFolder()
  path = join(folder, 'file')
})
afterEach(endLocalHosts)

describe('a file that is replaced', () => {
  it('is its owner’s alone, whatever it was before', async () => {
    writeFileSync(path, 'old', { mode: 0o644 })
    await replaceFile(path, 'new')
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777, readdirSync(folder)]).toEqual([
      'new',
      0o600,
      ['file'],
    ])
  })

  it('has every byte that was read', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_none, index) => index))
    writeFileSync(path, bytes)
    await replaceFile(path, await readBytes(path))
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  it('stays behind its symbolic link', async () => {
    const target = join(folder, 'target')
    writeFileSync(target, 'old')
    symlinkSync(target, path)
    await replaceFile(path, 'new')
    expect([lstatSync(path).isSymbolicLink(), readFileSync(target, 'utf8')]).toEqual([true, 'new'])
  })

  it('gets a folder that is its owner’s alone', async () => {
    const deep = join(folder, 'a/b/file')
    await replaceFile(deep, 'new')
    expect(statSync(join(folder, 'a/b')).mode & 0o777).toBe(0o700)
  })

  it('leaves nothing half done behind', async () => {
    mkdirSync(join(path, 'full'), { recursive: true })
    await expect(replaceFile(path, 'new')).rejects.toThrow('EISDIR')
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it('is empty before there is one', async () => {
    expect(await readBytes(path)).toBe('')
    await expect(readBytes(folder)).rejects.toThrow('EISDIR')
  })
})
