import { readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { ProgramError } from '../samples/shared/program.ts'
import { replaceFile } from './files.ts'
import { cacheFolder, type Surroundings } from './surroundings.ts'

/**
 * The command line for `credential_process`, by absolute paths, so that it is the same program wherever an SDK runs it. What
 * npx fetched may be gone tomorrow: of that a copy is kept, which is one file that needs no other.
 */
export async function processLine(surroundings: Surroundings, program: string, profile: string): Promise<string> {
  const stays = program.includes(`${sep}_npx${sep}`) ? await kept(surroundings, program) : program
  const words = [process.execPath, stays, 'credentials', '--profile', profile]
  return words.map((word) => quoted(word, surroundings)).join(' ')
}

async function kept(surroundings: Surroundings, program: string): Promise<string> {
  const copy = join(cacheFolder(surroundings), 'daypass.mjs')
  await replaceFile(copy, await readFile(program))
  return copy
}

/** Some SDKs split the line themselves, others give it to a shell: both read double quotes alike, but for these characters. */
function quoted(word: string, { platform }: Surroundings): string {
  if (/^[\w./:@=+,-]+$/.test(word)) return word
  if ((platform === 'win32' ? /["%\p{Cc}]/u : /["$`\\!\p{Cc}]/u).test(word)) {
    throw new ProgramError(`AWS's tools cannot run a program at ${word}: install daypass in a folder of plain letters.`)
  }
  return `"${word}"`
}
