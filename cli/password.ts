import { ProgramError } from '../samples/shared/program.ts'

/** What a terminal is to this: it hands over keys one by one, and shows none of them. */
export interface Terminal extends NodeJS.ReadableStream {
  readonly isTTY?: boolean
  setRawMode?(raw: boolean): unknown
}

/**
 * Asks at the terminal for a password that is not shown. Throws ProgramError when there is no terminal, or the user gives up.
 * `show` writes the question.
 */
export async function askPassword(terminal: Terminal, question: string, show: (text: string) => void): Promise<string> {
  if (!terminal.isTTY || !terminal.setRawMode) {
    throw new ProgramError('There is no terminal to ask for the password: pipe it in, with --password-stdin.')
  }
  // In this order: what is typed as soon as the question stands there must not be seen either.
  terminal.setRawMode(true)
  show(question)
  try {
    return await typed(terminal)
  } finally {
    terminal.setRawMode(false)
    terminal.pause()
    show('\n')
  }
}

function typed(terminal: Terminal): Promise<string> {
  return new Promise((resolve, reject) => {
    let characters: string[] = []
    const end = (settle: () => void) => {
      terminal.removeListener('data', read)
      terminal.removeListener('end', giveUp)
      settle()
    }
    const giveUp = () => end(() => reject(new ProgramError('No password was given.')))
    const read = (keys: string | Buffer) => {
      for (const key of String(keys)) {
        if (key === '\r' || key === '\n') return end(() => resolve(characters.join('')))
        // Control-C and Control-D, which raw mode leaves to the program.
        if (key === '\u0003' || key === '\u0004') return giveUp()
        if (key === '\u007f' || key === '\b') characters.pop()
        else if (key === '\u0015') characters = []
        else characters.push(key)
      }
    }
    terminal.setEncoding('utf8')
    terminal.on('data', read)
    terminal.once('end', giveUp)
    terminal.resume()
  })
}

/** A password that is piped in: all of it but one line end. */
export async function readPassword(input: NodeJS.ReadableStream): Promise<string> {
  input.setEncoding('utf8')
  let text = ''
  for await (const part of input) {
    text += part
    if (text.length > 10_000) throw new ProgramError('What was piped in is too long for a password.')
  }
  return text.replace(/\r?\n$/, '')
}
