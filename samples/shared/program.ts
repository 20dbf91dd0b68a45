/** Something that the user can put right: the message is all that is shown. */
export class ProgramError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'ProgramError'
  }
}

/** Wrong or missing arguments: the usage is shown too. */
export class UsageError extends ProgramError {}

/**
 * Runs a program to its end: 0 when it has done its work, 1 with a sentence when it could not, 2 with the usage when its
 * arguments are wrong.
 */
export async function runProgram(usage: string, main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error
    // Parts of it may come from the other side, which must not write control sequences to a terminal.
    const sentence = error.message.replace(/\p{Cc}+/gu, ' ')
    console.error(error instanceof UsageError ? `${sentence}\n\n${usage}` : sentence)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}
