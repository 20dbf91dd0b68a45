import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readArguments } from '../samples/shared/arguments.ts'
import { ProgramError, runProgram, UsageError } from '../samples/shared/program.ts'
import { findCredentials } from './credentials.ts'
import { type Console, login, profileName } from './login.ts'
import { logout } from './logout.ts'
import { thisMachine } from './surroundings.ts'
import { USAGE } from './usage.ts'
import { VERSION } from './version.ts'

const surroundings = thisMachine()
/** Standard output is for credentials alone. Other sides have a say in lines, so they keep to printable text. */
const screen: Console = {
  input: process.stdin,
  show: (text) => void process.stderr.write(text),
  say: (line) => console.error(line.replace(/[^\P{Cc}\n]+/gu, ' ')),
}

async function main([command, ...args]: readonly string[]): Promise<void> {
  if (command === '--help' || command === '-h' || command === 'help' || args.includes('--help')) console.log(USAGE)
  else if (command === '--version') console.log(VERSION)
  else if (command === 'login') {
    await login({ surroundings, console: screen, program: realpathSync(fileURLToPath(import.meta.url)) }, args)
  } else if (command === 'credentials') {
    const given = readArguments(args, { profile: { type: 'string' } })
    const made = await findCredentials(surroundings, profileName(surroundings, given.profile), screen.say)
    console.log(JSON.stringify({ Version: 1, ...made }))
  } else if (command === 'logout') await logout(surroundings, screen, args)
  else
    throw new UsageError(command === undefined ? 'Say what to do.' : `There is no command ${JSON.stringify(command)}.`)
}

await runProgram(USAGE, async () => {
  try {
    await main(process.argv.slice(2))
  } catch (error) {
    throw fileError(error) ?? error
  }
})

/** What the machine refuses, in a sentence: a disk that is full, a folder that is not the user's. */
function fileError(error: unknown): ProgramError | undefined {
  if (!(error instanceof Error) || !('code' in error && 'path' in error)) return undefined
  return new ProgramError(`${error.path} cannot be used (${error.code}): see whose it is, and whether there is room.`)
}
