import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processLine } from '../../cli/process-line.ts'
import type { Surroundings } from '../../cli/surroundings.ts'
import { endLocalHosts, temporaryFolder } from '../support/local-host.ts'

let here: Surroundings
beforeEach(() => {
  here = { env: {}, home: temporaryFolder(), platform: 'linux', now: () => 0 }
})
afterEach(endLocalHosts)

const NODE = process.execPath

describe('the command that AWS’s tools run', () => {
  it('names both programs by where they are', async () => {
    expect(await processLine(here, '/opt/daypass.js', 'work')).toBe(
      `${NODE} /opt/daypass.js credentials --profile work`,
    )
  })

  it.each([
    ['linux', '/opt/my tools/daypass.js'],
    ['linux', "/opt/o'brien/(x)&y;z/daypass.js"],
    ['win32', 'C:\\Users\\A B\\daypass.js'],
  ] as const)('quotes on %s %s', async (platform, program) => {
    const line = await processLine({ ...here, platform }, program, 'work')
    expect(line).toBe(`${NODE} "${program}" credentials --profile work`)
  })

  it.each([
    ['linux', '/opt/$(id)/daypass.js'],
    ['linux', '/opt/`id`/daypass.js'],
    ['linux', '/opt/a"b/daypass.js'],
    ['linux', '/opt/a\\b/daypass.js'],
    ['linux', '/opt/a!b/daypass.js'],
    ['linux', '/opt/a\nb/daypass.js'],
    ['win32', 'C:\\%USERNAME%\\daypass.js'],
  ] as const)('cannot be on %s %j', async (platform, program) => {
    await expect(processLine({ ...here, platform }, program, 'work')).rejects.toThrow('in a folder of plain letters')
  })

  it('is a copy of what npx fetched, which may be gone tomorrow', async () => {
    const folder = join(here.home, '.npm/_npx/0a1b/node_modules/daypass/dist')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'daypass.js'), 'program()')
    const copy = join(here.home, '.cache/daypass/daypass.mjs')
    const line = await processLine(here, join(folder, 'daypass.js'), 'work')
    expect(line).toBe(`${NODE} ${copy} credentials --profile work`)
    expect([readFileSync(copy, 'utf8'), statSync(copy).mode & 0o777]).toEqual(['program()', 0o600])
  })
})
