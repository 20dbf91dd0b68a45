import { spawnSync } from 'node:child_process'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { lineWriter } from '../../../infra/local/line-writer.ts'
import { turnEnds } from '../../../infra/local/turn-end.ts'

const MODULE = fileURLToPath(new URL('../../../infra/local/line-writer.ts', import.meta.url))

describe('a line writer', () => {
  it('writes the lines of one turn at once, in order, and those of the next by themselves', async () => {
    const texts: string[] = []
    const { write } = lineWriter((text) => texts.push(text))
    write('a')
    await Promise.resolve()
    write('b')
    expect(texts).toEqual([])
    await nextTurn()
    write('c')
    await nextTurn()
    expect(texts).toEqual(['a\nb\n', 'c\n'])
  })

  it('has written a line before an answer that waits for the end of its turn', async () => {
    const texts: string[] = []
    const { write } = lineWriter((text) => texts.push(text))
    const turnEnd = turnEnds()
    write('granted')
    await turnEnd()
    expect(texts).toEqual(['granted\n'])
  })

  it('holds no more than 64 KiB back', () => {
    const texts: string[] = []
    const { write } = lineWriter((text) => texts.push(text))
    for (let i = 0; i < 100; i++) write('x'.repeat(1000))
    expect(texts.join('').length).toBeGreaterThan(100_100 - 66_000)
  })

  it.each([
    ['process.exit(0)', 0],
    ["throw new Error('bug')", 1],
  ])('has written everything when the process ends by %s', (end, status) => {
    const script = `import { lineWriter } from ${JSON.stringify(MODULE)}
      import { writeSync } from 'node:fs'
      const { write } = lineWriter((text) => writeSync(1, text))
      write('a'); write('b'); ${end}`
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script])
    expect(run.stdout.toString()).toBe('a\nb\n')
    expect(run.status).toBe(status)
  })

  it('writes at once what is asked for before the end, and only once', async () => {
    const texts: string[] = []
    const { write, flush } = lineWriter((text) => texts.push(text))
    write('a')
    flush()
    await nextTurn()
    expect(texts).toEqual(['a\n'])
  })
})
